// A link to look at the dashboard ends in `#<code>`, which no browser sends: here it is put into its field.
const code = location.hash.slice(1);
const field = document.getElementById("code");

if (/^[\w-]{20,}$/.test(code)) {
  field.value = code;
  history.replaceState(null, "", location.pathname);
  document.querySelector("#use button").focus();
}
