// Every number opens its stories: `#stories?goal=explain&kind=success`. Filters and search load when they are used.
import { hashOf, lookAhead, wantedIn } from "./ahead.js";
import { focusOn, leadBack } from "./back.js";
import { idle } from "./idle.js";
import { storyItem } from "./story.js";
import { FILTERS, readQuery } from "./filter.js";
import { sayParts } from "./naming.js";
import { say, wordsOf } from "./words.js";

const AT_FIRST = 10;
const AT_ONCE = 50;
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
const find = lookAhead(shownWeeks, language);
let asked = 0;
let opened = "";

/** Say what was asked: `Every student belongs · Lessons · 12 stories`. */
function heading(wanted, { n, names }) {
  return [...sayParts(words, names, wanted), countOf(n)].join(" · ");
}

const countOf = (n) => say(words, n === 1 ? "dashboard.found_one" : "dashboard.found", { n });

/** Show the next stories: some at once, the others when the browser has time. */
async function showMore(found, mine) {
  more.hidden = true;
  status.textContent = words["dashboard.loading"];
  list.setAttribute("aria-busy", "true");
  let stories = await append(found, mine, AT_FIRST);
  if (!stories) return;
  status.textContent = found.n ? say(words, "stories.found", { n: found.n }) : words["dashboard.no_match"];
  if (stories.length === AT_FIRST) {
    await idle();
    stories = await append(found, mine, AT_ONCE - AT_FIRST);
    if (!stories) return;
  }
  list.removeAttribute("aria-busy");
  more.hidden = list.children.length >= found.n || !stories.length;
  more.onclick = async () => {
    const before = list.children.length;
    await showMore(found, mine);
    focusOn(list.children[before]);
  };
}

/** Put the next stories into the list; null if they could not be read, or something else was asked for meanwhile. */
async function append(found, mine, many) {
  if (mine !== asked) return null;
  let stories = [];
  try {
    stories = await found.take(many);
  } catch {
    if (mine === asked) fail(() => showMore(found, mine));
    return null;
  }
  if (mine !== asked) return null;
  list.append(...stories.map((story) => storyItem(story, found)));
  return stories;
}

function fail(retry) {
  list.removeAttribute("aria-busy");
  status.textContent = words["dashboard.failed"];
  more.hidden = !list.children.length;
  more.onclick = retry;
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

async function show(hash) {
  const mine = begin();
  title.focus();
  title.scrollIntoView({ block: "start" });
  try {
    const found = await find(hash);
    if (mine !== asked) return;
    title.textContent = heading(wantedIn(hash), found);
    await showMore({ ...found, words }, mine);
  } catch {
    if (mine === asked) fail(() => show(hash));
  }
}

/** Show what a search found; `take` gives the next ones, `said` what is told of all. */
function showFound({ n, said, take, names, marked }) {
  const mine = begin();
  opened = "";
  title.textContent = said;
  showMore({ n, take, names, words, marked }, mine);
}

function close() {
  asked += 1;
  list.removeAttribute("aria-busy");
  section.hidden = true;
  list.replaceChildren();
  opened = "";
}

/** Close the stories; whoever is elsewhere already stays there. */
function closeAndLeadBack() {
  const [focused, from] = [document.activeElement, opened];
  const isReading = !section.hidden && (focused === document.body || section.contains(focused));
  close();
  if (isReading) leadBack(from);
}

function follow() {
  if (!wantedIn(location.hash)) return closeAndLeadBack();
  opened = location.hash;
  show(opened);
}

/** Close by button or Esc: the address forgets the stories, and the way back still finds them. */
function leave() {
  if (section.hidden) return;
  if (location.hash) history.pushState(null, "", location.pathname + location.search);
  closeAndLeadBack();
}

/** Load what filters the charts, once, and let it follow the form from now on. */
let exploring = null;
function explore() {
  const today = form.elements.namedItem("to").max;
  exploring ??= import("./explore.js")
    .then(({ startExploring }) => startExploring({ form, words, language, shownWeeks, today, close }))
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

/** Lay out one chart after another that nobody has come near to yet (see `content-visibility` in style.css). */
async function layOut() {
  for (const card of document.querySelectorAll(".later")) {
    await idle();
    card.classList.remove("later");
  }
}

addEventListener("hashchange", follow);
addEventListener("keydown", (event) => event.key === "Escape" && leave());
document.getElementById("stories-close").addEventListener("click", leave);
document.addEventListener("click", ({ target }) => {
  if (location.hash && hashOf(target) === location.hash) follow(); // the same number again, as after a failure
});
if (form) {
  form.hidden = false;
  form.addEventListener("focusin", explore);
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
layOut();
