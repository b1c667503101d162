// Every number opens its stories: `#stories?goal=explain&kind=success`. Filters and search load when they are used.
import { storyItem } from "./story.js";
import { FILTERS, readQuery } from "./filter.js";
import { sayPart } from "./naming.js";
import { findStories } from "./stories.js";
import { say, wordsOf } from "./words.js";

const AT_ONCE = 50;
const LAST_SAID = ["kind"];
const section = document.getElementById("stories");
const title = document.getElementById("stories-title");
const status = document.getElementById("stories-status");
const list = document.getElementById("stories-list");
const more = document.getElementById("stories-more");
const form = document.getElementById("explore");
const search = document.getElementById("search");
const words = wordsOf(section);
const language = document.documentElement.lang;
const shownWeeks = [section.dataset.firstWeek, section.dataset.lastWeek];
let asked = 0;
let opened = "";

const wantedIn = (hash) => (hash.startsWith("#stories?") ? readQuery(hash.slice("#stories?".length)) : null);

const linkOf = (hash) => [...document.querySelectorAll('a[href^="#stories?"]')].find((link) => link.hash === hash);

/** Say what was asked: `Every student belongs · Lessons · 12 stories`. */
function heading(wanted, { n, names }) {
  const inOrder = [
    ...wanted.filter(([key]) => key === "week"),
    ...wanted.filter(([key]) => key !== "week" && !LAST_SAID.includes(key)),
    ...wanted.filter(([key]) => LAST_SAID.includes(key)),
  ];
  const parts = inOrder.map(([key, id]) => sayPart(words, names, key, id));
  return [...parts, countOf(n)].join(" · ");
}

const countOf = (n) => say(words, n === 1 ? "dashboard.found_one" : "dashboard.found", { n });

async function showMore(found, mine) {
  more.hidden = true;
  status.textContent = words["dashboard.loading"];
  let stories = [];
  try {
    stories = await found.take(AT_ONCE);
  } catch {
    if (mine === asked) fail(() => showMore(found, mine));
    return;
  }
  if (mine !== asked) return;
  status.textContent = found.n ? "" : words["dashboard.no_match"];
  list.append(...stories.map((story) => storyItem(story, found)));
  more.hidden = list.children.length >= found.n || !stories.length;
  more.onclick = async () => {
    const before = list.children.length;
    await showMore(found, mine);
    focusOn(list.children[before]);
  };
}

function fail(retry) {
  status.textContent = words["dashboard.failed"];
  more.hidden = !list.children.length;
  more.onclick = retry;
}

function focusOn(element) {
  if (!element) return;
  element.tabIndex = -1;
  element.focus();
}

/** Empty the list for something new to be shown, and name it. */
function begin() {
  asked += 1;
  list.replaceChildren();
  more.hidden = true;
  title.textContent = words["dashboard.stories"];
  status.textContent = words["dashboard.loading"];
  section.hidden = false;
  return asked;
}

async function show(wanted) {
  const mine = begin();
  title.focus();
  title.scrollIntoView({ block: "start" });
  try {
    const found = await findStories(wanted, shownWeeks, language);
    if (mine !== asked) return;
    title.textContent = heading(wanted, found);
    await showMore({ ...found, words }, mine);
  } catch {
    if (mine === asked) fail(() => show(wanted));
  }
}

/** Show what a search found; `take` gives the next ones, `said` what is told of all. */
function showFound({ n, said, take, names, marked }) {
  const mine = begin();
  title.textContent = said;
  showMore({ n, take, names, words, marked }, mine);
}

function close() {
  if (section.hidden) return;
  asked += 1;
  section.hidden = true;
  list.replaceChildren();
  const link = linkOf(opened);
  link?.closest("details")?.setAttribute("open", "");
  link?.focus();
}

function follow() {
  const wanted = wantedIn(location.hash);
  if (!wanted) return close();
  opened = location.hash;
  show(wanted);
}

/** Close by button or Esc: the address forgets the stories, and the way back still finds them. */
function leave() {
  if (section.hidden) return;
  if (location.hash) history.pushState(null, "", location.pathname + location.search);
  close();
}

/** Load what filters the charts, once, and let it follow the form from now on. */
let exploring = null;
function explore() {
  exploring ??= import("./explore.js")
    .then(({ startExploring }) => startExploring({ form, words, language, shownWeeks, close: () => close() }))
    .catch(() => {
      exploring = null;
      document.getElementById("explore-status").textContent = words["explore.failed"];
    });
}

let searching = null;
function startSearch() {
  searching ??= import("./search.js")
    .then(({ searchIn }) => searchIn(search, { words, language, shownWeeks, showFound, leave }))
    .catch(() => (searching = null));
}

addEventListener("hashchange", follow);
addEventListener("keydown", (event) => event.key === "Escape" && leave());
document.getElementById("stories-close").addEventListener("click", leave);
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#stories?"]');
  const hash = link && (link.hash ?? link.href.baseVal);
  if (hash && hash === location.hash) follow(); // the same number again, as after a failure
});
if (form) {
  form.hidden = false;
  form.addEventListener("change", explore);
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("popstate", () => location.search && explore());
  if (readQuery(location.search, FILTERS).length) explore();
}
if (search) {
  search.hidden = false;
  search.addEventListener("focusin", startSearch);
  search.addEventListener("submit", (event) => event.preventDefault());
}
follow();
