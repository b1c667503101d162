/** Reviewing by keyboard and by selecting words. Without this file the page works by its forms. */

const wins = [...document.querySelectorAll("article.review")];
const keys = { m: "mask", a: "approve", h: "hide" };

/** Put what is selected in a story among the words to mask. */
function takeSelection() {
  const chosen = document.getSelection();
  const words = String(chosen).trim();
  const start = chosen.anchorNode?.parentElement?.closest("[data-part]");
  const win = start?.closest("article.review");
  if (!words || words.length > 80 || !win?.contains(chosen.focusNode)) return;
  const field = win.querySelector("[name=words]");
  const before = field.value.split(";").map((one) => one.trim()).filter(Boolean);
  if (!before.includes(words)) field.value = [...before, words].join("; ");
}

/** Move to the next win, or the one before. */
function step(from, by) {
  const next = wins[wins.indexOf(from) + by];
  next?.focus();
  next?.scrollIntoView({ block: "start" });
}

/** Keys work only while a win itself has the focus, never while somebody types. */
function press(event) {
  const win = event.target;
  if (!wins.includes(win) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "j") step(win, 1);
  else if (event.key === "k") step(win, -1);
  else if (keys[event.key]) win.querySelector(`button[value=${keys[event.key]}]`)?.click();
}

for (const part of document.querySelectorAll("[data-part]")) part.addEventListener("pointerup", takeSelection);
document.addEventListener("keydown", press);
const note = document.getElementById("by-keyboard");
if (note) note.hidden = false;
if (!document.querySelector("[autofocus]")) wins[0]?.focus({ preventScroll: true });
