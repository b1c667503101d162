// What a phone keeps: the draft of each link, and wins that wait for signal. Where keeping is refused, all works without.

const DRAFT = "small-wins/draft/";
const WAITING = "small-wins/waiting/";

function storage() {
  try {
    localStorage.getItem(DRAFT);
    return localStorage;
  } catch {
    return null;
  }
}

function get(key) {
  try {
    return JSON.parse(storage()?.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

function set(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

function drop(key) {
  storage()?.removeItem(key);
}

/** The draft of a link: `{nonce, fields, left}`; `left` is what warn.js shall say nothing more of. */
export const draftOf = (code) => get(DRAFT + code);
export const keepDraft = (code, draft) => set(DRAFT + code, draft);
export const dropDraft = (code) => drop(DRAFT + code);

/** Keep a win until it is sent: `{nonce, code, language, fields, at, refused?}`. False if this phone keeps nothing. */
export const keepWaiting = (win) => set(WAITING + win.nonce, win);
export const dropWaiting = (win) => drop(WAITING + win.nonce);

/** List the wins that wait, oldest first. */
export function waiting() {
  const keys = Object.keys(storage() ?? {}).filter((key) => key.startsWith(WAITING));
  return keys.map(get).filter(Boolean).sort((one, other) => one.at - other.at);
}

/** Name a new win, so that it is stored once however often it is sent. */
export function newNonce() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
