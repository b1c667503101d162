// Waiting for a moment in which nothing else is to be done.
const LATEST_MS = 200;
const whenIdle = globalThis.requestIdleCallback ?? ((work) => setTimeout(work, 1));

/** Resolves when the browser has time, or after a while in any case. */
export const idle = () => new Promise((go) => whenIdle(go, { timeout: LATEST_MS }));
