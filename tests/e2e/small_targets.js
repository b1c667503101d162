// Lists what can be chosen but is smaller than 24 × 24 pixels (WCAG 2.2, 2.5.8). Links within a sentence may be, and
// marks of a drawing: the numbers of its table do the same.
() => {
  const inSentence = (one) => {
    const words = one.closest("p, li, td, th, label, span.hint");
    return one.tagName === "A" && [...(words?.childNodes ?? [])].some((part) => part.nodeType === 3 && part.data.trim().length > 3);
  };
  const isSmall = (one) => {
    const box = (one.matches("[type=checkbox], [type=radio]") ? one.closest("label") : one).getBoundingClientRect();
    return box.right > 0 && box.width > 0 && (box.width < 24 || box.height < 24);
  };
  const all = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  return [...document.querySelectorAll(all)]
    .filter((one) => !one.closest("svg") && one.checkVisibility({ visibilityProperty: true }) && isSmall(one) && !inSentence(one))
    .map((one) => one.outerHTML.slice(0, 120));
}
