// Sending, now or when there is signal again.
import { asSubmission } from "./fields.js";
import { dropWaiting, keepWaiting, waiting } from "./kept.js";

const PATIENCE = 15_000;
const FIRST_PAUSE = 5_000;
const LONGEST_PAUSE = 300_000;
const TRY_LATER = new Set([408, 425, 429]);

/**
 * Send one win.
 * @returns {Promise<{receipt?: string, refused?: object}>} its receipt; or why it is refused for good; or nothing,
 *   if nobody can tell whether it arrived. Then it may be sent again under the same nonce.
 */
export async function send({ fields, code, language, nonce }) {
  try {
    const answer = await fetch("/api/wins", {
      method: "POST",
      headers: { "Content-Type": "application/json", "Accept-Language": language },
      body: JSON.stringify(asSubmission(fields, code, nonce)),
      signal: AbortSignal.timeout?.(PATIENCE),
    });
    if (answer.status === 201) return { receipt: (await answer.json()).receipt };
    const ours = answer.headers.get("Content-Type")?.startsWith("application/problem+json");
    if (ours && answer.status < 500 && !TRY_LATER.has(answer.status)) return { refused: await answer.json() };
  } catch {
    // no signal, or none that lasted
  }
  return {};
}

/** Sends what waits, by itself, and says what became of it. */
export class Outbox {
  #pause = FIRST_PAUSE;
  #timer = 0;

  /** @param {{sent: (receipt: string) => void, refused: () => void}} told is called as things happen. */
  constructor(told) {
    this.told = told;
    addEventListener("online", () => this.flush());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.flush());
  }

  /** Keep a win until it is sent. False if this phone keeps nothing. */
  add(win) {
    const kept = keepWaiting({ ...win, at: Date.now() });
    this.#sendLater();
    return kept;
  }

  /** Send what waits; of several tabs only one does. */
  async flush() {
    if (!this.#ready().length) return;
    if (!navigator.locks) await this.#sendAll();
    else await navigator.locks.request("small-wins-outbox", { ifAvailable: true }, (lock) => lock && this.#sendAll());
    this.#sendLater();
  }

  #ready() {
    return waiting().filter((win) => !win.refused);
  }

  async #sendAll() {
    for (const win of this.#ready()) {
      const { receipt, refused } = await send(win);
      if (receipt) {
        dropWaiting(win);
        this.#pause = FIRST_PAUSE;
        this.told.sent(receipt);
      } else if (refused) {
        keepWaiting({ ...win, refused });
        this.told.refused();
      } else {
        break;
      }
    }
  }

  #sendLater() {
    clearTimeout(this.#timer);
    if (!this.#ready().length) return;
    this.#timer = setTimeout(() => this.flush(), this.#pause);
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
  }
}
