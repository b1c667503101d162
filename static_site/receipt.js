// A receipt's address ends in `#<receipt>`, which no browser sends: here it is put into a form and posted.
import { joinFields } from "./fields.js";
import { jumpOnLinks } from "./jump.js";
import { Warning } from "./warn.js";
import { make, wordsOf } from "./words.js";

const SENT = "small-wins/sent";

function justSent(receipt) {
  try {
    const sent = JSON.parse(sessionStorage.getItem(SENT) ?? "null");
    sessionStorage.removeItem(SENT);
    return sent?.receipt === receipt ? sent : null;
  } catch {
    return null;
  }
}

function openFromAddress(form) {
  const receipt = location.hash.slice(1);
  if (!/^\w{20,}\.[\w-]+$/.test(receipt)) return;
  form.elements.receipt.value = receipt;
  const sent = justSent(receipt);
  if (sent) {
    form.append(make("input", { type: "hidden", name: "link", value: sent.code }));
    form.append(make("input", { type: "hidden", name: "thanks", value: "yes" }));
  }
  form.requestSubmit();
}

/** Give the page its own address back, so that a reload reads and never repeats what a button did. */
function showAddress(address) {
  const own = address ? new URL(address.href) : new URL(location.href);
  const path = address ? own.pathname + own.hash : document.getElementById("content").dataset.page;
  history.replaceState(null, "", path);
  for (const language of document.querySelectorAll("header nav a")) language.hash = address ? own.hash : "";
}

const open = document.getElementById("open");
if (location.pathname.startsWith("/api/")) showAddress(document.getElementById("address"));
else if (open) openFromAddress(open);
if (open) addEventListener("hashchange", () => openFromAddress(open));
const change = document.getElementById("change");
if (change) {
  joinFields(change);
  new Warning(change, wordsOf(change));
}
jumpOnLinks();
