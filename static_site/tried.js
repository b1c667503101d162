// "I tried this too": one tap, counted once for each device; the device keeps a number of its own for each story.
import { make, say } from "./words.js";

const KEY = "small-wins/tried";

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}");
  } catch {
    return {};
  }
}

function keep(id, nonce) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...kept(), [id]: nonce }));
  } catch {
    // without storage the device counts again next time
  }
}

/** Let a button count that somebody tried what a story tells. */
export function prepareTried(button, story, { words, status }) {
  const count = make("span", { class: "quiet" });
  button.after(count);
  const known = kept()[story.id];
  let done = known?.done ?? false;
  let nonce = known?.nonce ?? null;
  const tell = (n) => (count.textContent = n ? ` ${say(words, "stories.tried_by", { n })} ` : " ");
  const press = () => {
    button.setAttribute("aria-pressed", "true");
    button.setAttribute("aria-disabled", "true");
  };
  button.setAttribute("aria-pressed", "false");
  tell(Math.max(story.tried_by ?? 0, done ? 1 : 0));
  if (done) press();
  button.addEventListener("click", async () => {
    if (done || button.getAttribute("aria-busy")) return;
    nonce ??= crypto.randomUUID();
    keep(story.id, { nonce, done: false }); // a tap whose answer was lost is the same tap again
    button.setAttribute("aria-busy", "true");
    const told = await send(story, nonce);
    button.removeAttribute("aria-busy");
    status.textContent = told ? "" : words["stories.tried_failed"];
    if (!told) return;
    done = true;
    keep(story.id, { nonce, done });
    press();
    tell(told.n ?? told.tried_by ?? (story.tried_by ?? 0) + 1);
  });
}

async function send({ id, week }, nonce) {
  try {
    const answer = await fetch(`/api/stories/${week}/${id}/tried`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ nonce }),
    });
    if (!answer.ok) return null;
    return answer.status === 204 ? {} : await answer.json();
  } catch {
    return null;
  }
}
