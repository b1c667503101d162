// By what stories can be counted, filtered and opened: the same as chalicelib/domain/dimensions.py, over published
// counts and published stories alike. Each dimension gives the ids under which a record counts.
import { monthOf, schoolYearOf, termOf, weekdayOf, weeksFrom } from "./weeks.js";

const FRESH_WEEKS = 4;
const RIPE_WEEKS = 12;

/** Rows and columns that belong together: not every practice of a story with every level, but each with its own. */
export const JOINT = { "practice level": "use", "goal mode": "scene" };

const unique = (many) => (many.length > 1 ? [...new Set(many)] : many);
const lists = new Map();

/** Give an id as a list of one: the same list each time, for it is asked for thousands of times. */
function only(id) {
  if (!lists.has(id)) lists.set(id, [id]);
  return lists.get(id);
}

const scenes = (one, context) =>
  unique(one.signs.map((sign) => context.names.scenes.get(sign)).filter((scene) => scene !== undefined));

function age(one, context) {
  if (one.kind !== "lesson") return [];
  const weeks = weeksFrom(one.week, context.until);
  return only(weeks < FRESH_WEEKS ? "fresh" : weeks < RIPE_WEEKS ? "ripe" : "old");
}

export const DIMENSIONS = {
  kind: (one) => only(one.kind),
  goal: (one) => one.goals,
  sign: (one) => one.signs,
  practice: (one) => unique(one.practices.map(([practice]) => practice)),
  use: (one) => unique(one.practices.filter(([, level]) => level).map((use) => use.join(":"))),
  level: (one) => unique(one.practices.map(([, level]) => level).filter(Boolean)),
  mode: (one, context) => unique(scenes(one, context).map((scene) => scene.slice(scene.indexOf(":") + 1))),
  scene: scenes,
  group: (one) => one.groups,
  team: (one) => (one.team ? only(one.team) : []),
  channel: (one) => only(one.channel || "unsaid"),
  weekday: (one) => only(String(one.weekday)),
  week: (one) => only(one.week),
  month: (one) => only(monthOf(one.week)),
  term: (one, context) => only(termOf(one.week, context.names.starts)),
  school_year: (one, context) => only(schoolYearOf(one.week, context.names.starts)),
  age,
  answer: (one, context) => (one.kind === "lesson" ? only(context.answers.get(one.lesson) ?? "open") : []),
  factor: (one) => one.factors ?? [],
};

/** Tell whether an id is asked for: `use=talk-moves:*` asks for the use of a practice in any variation. */
export const isAskedFor = (id, asked) => (asked.endsWith("*") ? id.startsWith(asked.slice(0, -1)) : id === asked);

/** What a narrower choice of practices changes. */
export const OF_PRACTICES = ["practice", "use", "level"];

/** Make records of a cube's cells, by today's names. */
export function recordsOfCube(cube, names) {
  const at = Object.fromEntries(cube.columns.map((column, n) => [column, n]));
  const records = [];
  for (const { week, cells } of cube.cells) {
    for (const cell of cells) {
      records.push({
        ...today(names, cell[at.goals], cell[at.signs], cell[at.practices]),
        week,
        kind: cell[at.kind],
        groups: cell[at.groups],
        team: cell[at.team],
        channel: cell[at.channel],
        weekday: cell[at.weekday],
        lesson: cell[at.lesson],
        resolves: cell[at.resolves],
        n: cell[at.n],
      });
    }
  }
  return records;
}

/** List of a cube's cells alone what answers a lesson, as `answersOf` takes it. */
export function answersIn(cube) {
  const [kind, lesson, resolves] = ["kind", "lesson", "resolves"].map((column) => cube.columns.indexOf(column));
  const answering = cube.cells.flatMap(({ cells }) => cells.filter((cell) => cell[resolves]));
  return answering.map((cell) => ({ kind: cell[kind], lesson: cell[lesson], resolves: cell[resolves] }));
}

/** Make the record of a published story. */
export function recordOfStory(story, week, names, factors) {
  return {
    ...today(names, story.goals ?? [], story.signs ?? [], (story.practices ?? []).map((use) => [use.id, use.level ?? ""])),
    week,
    kind: story.kind,
    groups: story.groups ?? [],
    team: story.team ?? "",
    channel: story.channel ?? "",
    weekday: weekdayOf(story.day),
    lesson: story.kind === "lesson" ? story.id : "",
    resolves: story.resolves ?? "",
    factors,
    n: 1,
  };
}

/** Fold what was merged into what it is called now; where nothing was, all stands as it was sent, each id once. */
function today(names, goals, signs, practices) {
  if (!names.hasMerged) return { goals, signs, practices };
  const uses = practices.map(([practice, level]) => [names.today("practices", practice), level]);
  return {
    goals: unique(goals.map((goal) => names.today("goals", goal))),
    signs: unique(signs.map((sign) => names.today("signs", sign))),
    practices: uses.length > 1 ? [...new Map(uses.map((use) => [use.join(":"), use])).values()] : uses,
  };
}

/** Tell of each lesson that was answered how: by a later success, or by lessons alone. */
export function answersOf(records) {
  const answers = new Map();
  for (const { kind, lesson, resolves } of records) {
    if (resolves && resolves !== lesson && answers.get(resolves) !== "resolved") {
      answers.set(resolves, kind === "success" ? "resolved" : "again");
    }
  }
  return answers;
}
