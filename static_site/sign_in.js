// A mailed link ends in `#<code>`, which no browser sends: here it is put into its field, for its reader to send.
const code = location.hash.slice(1);
const field = document.getElementById("code");

if (/^[\w-]{20,}$/.test(code)) {
  field.value = code;
  document.getElementById("ask")?.remove();
  history.replaceState(null, "", location.pathname);
  document.querySelector("#use button").focus();
}
