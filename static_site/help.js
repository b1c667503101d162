// A typed code leads to its form, in the language of this page.
const form = document.getElementById("code-form");

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const code = form.elements.code.value.trim().toLowerCase().replace(/^.*\/s\//, "").replace(/[^a-z0-9-]/g, "");
  if (code) location.assign(`/s/${code}${form.dataset.own}`);
  else form.elements.code.focus();
});
