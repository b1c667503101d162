// Stories that somebody seems about to open are looked for already: while a finger is down, a pointer rests, focus waits.
import { readQuery } from "./filter.js";
import { findStories } from "./stories.js";

const DWELL_MS = 80;
export const TO_STORIES = 'a[href^="#stories?"]';

/** Return what is asked for by the end of an address, null if that is no stories. */
export const wantedIn = (hash) => (hash.startsWith("#stories?") ? readQuery(hash.slice("#stories?".length)) : null);

/** Return the end of the address that a link to stories leads to; in a drawing it is an SVG's. */
export function hashOf(target) {
  const link = target.closest?.(TO_STORIES);
  return link ? (link.hash ?? link.href.baseVal) : "";
}

/** Look ahead from now on; returns how to find the stories that an address asks for. */
export function lookAhead(shownWeeks, language) {
  const nothing = { hash: "", finding: null };
  let ahead = nothing;
  let dwelling = 0;
  const find = (hash) => findStories(wantedIn(hash), shownWeeks, language);
  const look = (hash) => {
    if (hash === ahead.hash) return;
    ahead = { hash, finding: find(hash) };
    ahead.finding.catch(() => (ahead = nothing));
  };
  const notice = ({ target, type }) => {
    const hash = hashOf(target);
    clearTimeout(dwelling);
    if (hash) dwelling = setTimeout(look, type === "pointerdown" ? 0 : DWELL_MS, hash);
  };
  for (const type of ["pointerover", "focusin", "pointerdown"]) document.addEventListener(type, notice);
  return (hash) => {
    clearTimeout(dwelling);
    const { finding } = hash === ahead.hash ? ahead : { finding: find(hash) };
    ahead = nothing;
    return finding;
  };
}
