// Every number opens its stories: `#stories?goal=explain&kind=success`.
import { byline, storyCard } from "./card.js";
import { findStories } from "./stories.js";
import { fill, sayDay, wordsOf } from "./words.js";

const AT_ONCE = 50;
const section = document.getElementById("stories");
const title = document.getElementById("stories-title");
const status = document.getElementById("stories-status");
const list = document.getElementById("stories-list");
const more = document.getElementById("stories-more");
const words = wordsOf(section);
const shownWeeks = [section.dataset.firstWeek, section.dataset.lastWeek];
let asked = 0;
let opened = "";

const wantedBy = (hash) =>
  hash.startsWith("#stories?") ? Object.fromEntries(new URLSearchParams(hash.slice("#stories?".length))) : null;

const linkOf = (hash) => [...document.querySelectorAll('a[href^="#stories?"]')].find((link) => link.hash === hash);

function mondayOf(week) {
  const [year, number] = week.split("-W").map(Number);
  const fourth = new Date(Date.UTC(year, 0, 4)); // is always in week 1 (ISO 8601)
  fourth.setUTCDate(4 - ((fourth.getUTCDay() + 6) % 7) + 7 * (number - 1));
  return fourth.toISOString().slice(0, 10);
}

/** Say what was asked: `Every student belongs · Lessons · 12 stories`. */
function heading(wanted, { n, names }) {
  const parts = ["goal", "sign", "practice"]
    .filter((one) => wanted[one])
    .map((one) => names.name(`${one}s`, wanted[one]));
  if (wanted.week) parts.unshift(`${words["pulse.week"]} ${sayDay(words, mondayOf(wanted.week))}`);
  if (wanted.kind) parts.push(words[wanted.kind === "lesson" ? "kind.lessons" : "kind.successes"]);
  parts.push(n === 1 ? words["dashboard.found_one"] : fill(words["dashboard.found"], { n }));
  return parts.join(" · ");
}

function inWords(story, names) {
  const named = (what) => (story[what] ?? []).map((id) => names.name(what, id));
  const practices = (story.practices ?? []).map(
    ({ id, level }) => names.name("practices", id) + (level ? ` (${level})` : ""),
  );
  const team = story.team ?? story.author_team;
  return {
    ...story,
    tags: [...named("goals"), ...named("signs"), ...named("groups"), ...practices],
    byline: byline(words, story.author, team && names.name("teams", team)),
    day: sayDay(words, story.day),
  };
}

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
  const cards = stories.map((story) => storyCard(words, inWords(story, found.names)));
  list.append(...cards);
  more.hidden = list.children.length >= found.n || !cards.length;
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

async function show(wanted) {
  const mine = ++asked;
  list.replaceChildren();
  more.hidden = true;
  title.textContent = words["dashboard.stories"];
  status.textContent = words["dashboard.loading"];
  section.hidden = false;
  title.focus();
  title.scrollIntoView({ block: "start" });
  try {
    const found = await findStories({ ...wanted, window: shownWeeks }, document.documentElement.lang);
    if (mine !== asked) return;
    title.textContent = heading(wanted, found);
    await showMore(found, mine);
  } catch {
    if (mine === asked) fail(() => show(wanted));
  }
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
  const wanted = wantedBy(location.hash);
  if (!wanted) return close();
  opened = location.hash;
  show(wanted);
}

/** Close by button or Esc: the address forgets the stories, and the way back still finds them. */
function leave() {
  if (section.hidden) return;
  history.pushState(null, "", location.pathname + location.search);
  close();
}

addEventListener("hashchange", follow);
addEventListener("keydown", (event) => event.key === "Escape" && leave());
document.getElementById("stories-close").addEventListener("click", leave);
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#stories?"]');
  if (link?.hash === location.hash && link) follow(); // the same number again, as after a failure
});
follow();
