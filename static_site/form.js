// The form of a win, with what a script can add: drafts, sending without a new page, an outbox, and a live look.
import { answers, clear, isUntouched, joinFields, read, write } from "./fields.js";
import { jumpOnLinks } from "./jump.js";
import { draftOf, dropDraft, dropWaiting, keepDraft, newNonce, waiting } from "./kept.js";
import { showLook } from "./look.js";
import { Outbox, send } from "./outbox.js";
import { clearProblems, showProblems } from "./problems.js";
import { Warning } from "./warn.js";
import { fill, make, wordsOf } from "./words.js";

const form = document.getElementById("win");
const status = document.getElementById("status");
const words = wordsOf(form);
const { link, language, nonce } = form.elements;
const code = link.value;
const button = form.querySelector("button.main");
const buttonText = button.textContent;
const cameFilled = form.dataset.filled === "yes"; // the server's page of a win that was looked at or refused
const draftNote = make("div", { class: "status", hidden: "" });
const keptNote = make("p", { class: "hint", hidden: "" }, words.draft_kept);
const warning = new Warning(form, words, () => keep());
let sending = false;

const outbox = new Outbox({
  sent: (receipt) => sayStatus(words.sent_later, make("a", { href: `${form.dataset.receipt}#${receipt}` }, words["receipt.title"])),
  refused: () => takeBack(),
});

function sayStatus(...parts) {
  const n = waiting().filter((win) => !win.refused).length;
  if (n) parts.push(fill(words.waiting_some, { n }));
  status.replaceChildren(...parts.flatMap((part) => [part, " "]).slice(0, -1));
}

function begin() {
  nonce.value = newNonce();
  dropDraft(code);
  warning.left = [];
  draftNote.hidden = true;
  keptNote.hidden = true;
}

function keep() {
  if (sending) return;
  if (!cameFilled && isUntouched(form)) return begin();
  keptNote.hidden = !keepDraft(code, { nonce: nonce.value, fields: read(form), left: warning.left });
}

function startAfresh() {
  clear(form);
  clearProblems(form);
  begin();
  answerLesson();
  sayStatus();
  form.elements.story.focus();
}

function bringBack(fields, ownNonce, left = []) {
  nonce.value = ownNonce;
  warning.left = left;
  write(form, fields);
  for (const part of form.querySelectorAll("details")) {
    const filled = [...part.querySelectorAll("textarea, select, input")].some((one) => isFilled(one));
    part.open ||= filled;
  }
  draftNote.hidden = false;
}

const isFilled = (one) => (one.type === "checkbox" ? one.checked : one.value !== "" && one.tagName !== "SELECT");

/** Put a win that was refused while it waited back into the form, unless something else is being written there. */
function takeBack() {
  const win = waiting().find((one) => one.refused);
  if (!win || sending || cameFilled || !isUntouched(form)) return sayStatus();
  bringBack(win.fields, newNonce());
  if (keepDraft(code, { nonce: nonce.value, fields: win.fields })) dropWaiting(win);
  sayStatus();
  refuse(win.refused);
}

/** Say what is wrong. What was stored under this nonce is another win: the next try gets a nonce of its own. */
function refuse(problem) {
  const told = problem.code === "nonce_reused" ? { detail: words.sent_before } : problem;
  if (["nonce_reused", "removed"].includes(problem.code)) nonce.value = newNonce();
  showProblems(form, told, words.errors);
}

function showSending(on) {
  sending = on;
  button.disabled = on;
  button.textContent = on ? words.sending : buttonText;
}

function leaveFor(receipt) {
  try {
    sessionStorage.setItem("small-wins/sent", JSON.stringify({ receipt, code }));
  } catch {
    // the receipt page then greets a little less warmly
  }
  location.assign(`${form.dataset.receipt}#${receipt}`);
}

async function submit() {
  const win = { fields: read(form), code, language: language.value, nonce: nonce.value };
  keepDraft(code, { nonce: win.nonce, fields: win.fields, left: warning.left });
  clearProblems(form);
  showSending(true);
  const { receipt, refused } = await send(win);
  if (receipt) {
    clear(form);
    begin();
    forgetLesson();
    return leaveFor(receipt);
  }
  showSending(false);
  if (refused) {
    refuse(refused);
    keep();
  } else if (outbox.add(win)) {
    clear(form);
    begin();
    forgetLesson();
    sayStatus(words.waiting);
    status.focus();
  } else {
    showProblems(form, { detail: words.not_kept }, words.errors);
  }
}

/** A receipt of a lesson leads here with `?resolves=<its id>`; the other languages of this page are led to as well. */
function answerLesson() {
  const lesson = new URLSearchParams(location.search).get("resolves") ?? "";
  if (cameFilled || !/^[0-9A-HJKMNP-TV-Z]{16}$/.test(lesson)) return;
  answers(form, lesson);
  for (const other of document.querySelectorAll("header nav a")) other.search = location.search;
}

/** Once it is taken away or sent, a reload asks for it no more. */
const forgetLesson = () => location.search && history.replaceState(null, "", location.pathname);

function restore() {
  const draft = draftOf(code);
  if (cameFilled) nonce.value ||= draft?.nonce || newNonce();
  else if (draft) bringBack(draft.fields, draft.nonce, draft.left);
  else nonce.value = newNonce();
}

function setUp() {
  status.tabIndex = -1;
  const afresh = make("button", { type: "button" }, words.draft_forget);
  afresh.addEventListener("click", startAfresh);
  draftNote.append(make("p", {}, words.draft_back), afresh);
  form.before(draftNote);
  const preview = form.querySelector("button[value=preview]");
  preview.hidden = true;
  preview.parentElement.after(keptNote);
  joinFields(form);
  jumpOnLinks();
  restore();
  answerLesson();
  form.elements.resolves.addEventListener("change", (event) => event.target.checked || forgetLesson());
  showLook(form, words);
  for (const happening of ["input", "change", "fit"]) form.addEventListener(happening, () => showLook(form, words));
  for (const happening of ["input", "change"]) form.addEventListener(happening, keep);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!sending) submit();
  });
  addEventListener("pageshow", (event) => event.persisted && showSending(false));
  takeBack();
  outbox.flush();
}

setUp();
