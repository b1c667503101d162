// Links within a page: to a field that may lie in a closed part of the form, without touching the address,
// because the address of a receipt holds the receipt.

/** Open what hides an element, and give focus to it or to the first field in it. */
export function jumpTo(target) {
  for (let part = target.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
  (target.matches("fieldset, .field") ? fieldIn(target) : target).focus();
  target.scrollIntoView({ block: "nearest" });
}

function fieldIn(part) {
  const fields = [...part.querySelectorAll("input, select, textarea")].filter((one) => one.offsetParent);
  return fields.find((one) => one.type === "text" && !one.value) ?? fields.find((one) => one.checked) ?? fields[0];
}

/** Let all links within this page jump. */
export function jumpOnLinks() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    jumpTo(target);
  });
}
