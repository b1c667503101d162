// Ids as they are called today, and in words.
import { say, sayDay } from "./words.js";
import { mondayOf } from "./weeks.js";

const LISTED = { goal: "goals", sign: "signs", practice: "practices", group: "groups", team: "teams" };

/** Ids as they are called today: a sign or practice may have been merged into another. */
export class Names {
  #named = { goals: new Map(), signs: new Map(), practices: new Map(), groups: new Map(), teams: new Map() };
  #today = new Map();

  constructor(school, language) {
    this.language = language;
    this.starts = school.school_year_starts;
    this.scenes = new Map();
    for (const [what, found] of Object.entries(this.#named)) {
      const listed = what === "signs" ? school.goals.flatMap((goal) => goal.signs) : school[what];
      for (const one of listed) found.set(one.id, one);
    }
    this.hasMerged = ["goals", "signs", "practices"].some((what) => [...this.#named[what].values()].some((one) => one.merged_into));
    for (const goal of school.goals) {
      const called = this.today("goals", goal.id);
      for (const sign of goal.signs) this.scenes.set(sign.id, `${called}:${sign.mode}`);
    }
  }

  today(what, id) {
    const key = `${what} ${id}`;
    if (!this.#today.has(key)) this.#today.set(key, this.#follow(what, id));
    return this.#today.get(key);
  }

  #follow(what, id) {
    const seen = new Set();
    for (let next = id; next && !seen.has(next); next = this.#named[what].get(id)?.merged_into) {
      seen.add(next);
      id = next;
    }
    return id;
  }

  name(what, id) {
    const words = this.#named[what].get(id)?.name;
    return words ? (words[this.language] ?? words.any ?? Object.values(words)[0]) : id;
  }
}

/** Say a month (`2026-09`) in a sentence with `{month}` and `{year}`. */
export const sayMonth = (words, month, key) =>
  say(words, key, { month: words.months[Number(month.slice(5)) - 1], year: month.slice(0, 4) });

/** Say all modes, or all variations: `use=talk-moves:*`. */
const ANY = "*";
const everyMode = (words) => ["looks", "sounds", "feels"].map((mode) => words[`mode.${mode}`]).join(" / ");
const level = (id) => (id === ANY ? "a–e" : id);
const halves = (id) => [id.slice(0, id.indexOf(":")), id.slice(id.indexOf(":") + 1)];

/** Say all parts of what was asked, the week first and the kind last. */
export function sayParts(words, names, pairs) {
  const place = ([key]) => (key === "week" ? 0 : key === "kind" ? 2 : 1);
  return [...pairs].sort((one, other) => place(one) - place(other)).map(([key, id]) => sayPart(words, names, key, id));
}

/** Say one part of what was asked: `kind`, `lesson` → `Lessons`. */
function sayPart(words, names, key, id) {
  if (LISTED[key]) return names.name(LISTED[key], id);
  const [first, second] = halves(id);
  const ways = {
    kind: () => words[id === "lesson" ? "kind.lessons" : "kind.successes"],
    week: () => `${words["pulse.week"]} ${sayDay(words, mondayOf(id))}`,
    month: () => sayMonth(words, id, "year.month"),
    term: () => sayMonth(words, id, "shift.since"),
    weekday: () => words.weekdays[Number(id) - 1],
    channel: () => words[`channel.${id}`],
    mode: () => words[`mode.${id}`],
    level: () => level(id),
    age: () => words[`lessons.${id}`],
    answer: () => words[`lessons.${id}`],
    use: () => `${names.name("practices", first)} (${level(second)})`,
    scene: () => `${names.name("goals", first)} · ${second === ANY ? everyMode(words) : words[`mode.${second}`]}`,
    factor: () => `${words[`factor.${first}`]} · ${words[`factors.${second}`]}`,
    from: () => `${words["dashboard.from"]} ${sayDay(words, id)}`,
    to: () => `${words["dashboard.to"]} ${sayDay(words, id)}`,
    not_team: () => words["stories.other_teams"],
  };
  return ways[key]?.() ?? id;
}
