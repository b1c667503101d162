// The way back from stories: focus returns to the number that opened them, although its table may be another by now.
import { hashOf, TO_STORIES } from "./ahead.js";

const stories = document.getElementById("stories");
let chosen = { link: null, chart: null };

/** Take note of the number that somebody chooses; what is chosen among stories leads back to the same. */
document.addEventListener("click", ({ target }) => {
  if (stories.contains(target) || !(hashOf(target) || target.closest(".vega"))) return;
  chosen = { link: target.closest("a"), chart: target.closest("[data-chart]") };
});

const linkTo = (hash) => [...document.querySelectorAll(TO_STORIES)].find((link) => link.hash === hash);

/** Give focus to an element that is none of those that Tab stops at. */
export function focusOn(element) {
  if (!element) return;
  element.tabIndex = -1;
  element.focus();
}

/** Lead whoever read stories back: to their number, to its chart if that number is gone; from a search to its field. */
export function leadBack(hash) {
  if (!hash) return document.getElementById("q").focus();
  const { link, chart } = chosen;
  const number = link?.isConnected && link.hash === hash ? link : linkTo(hash);
  if (!number) return focusOn(chart?.querySelector("h2, h3") ?? document.getElementById("charts-title"));
  number.closest("details")?.setAttribute("open", "");
  number.focus();
}
