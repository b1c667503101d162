// Which published stories a number counts, and where they are: manifest → counts of the school years → weeks' files.

/** What is published was replaced while it was read: the manifest has to be read again. */
class Replaced extends Error {}

/** Fetch a file; if the pass is over, ask for a new one once, and where there is none lead to signing in. */
async function fetchWithPass(path, options) {
  const answer = await fetch(path, options);
  if (answer.status !== 403) return answer;
  const pass = await fetch("/api/pass");
  if (pass.status === 401) location.assign(`/api/pass?to=${location.pathname}${location.hash}`);
  return pass.ok ? fetch(path, options) : answer;
}

async function read(path, options) {
  const answer = await fetchWithPass(path, options);
  if (answer.status === 404 || answer.status === 403) throw new Replaced(path);
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

/** Ids as they are called today: a sign or practice may have been merged into another. */
export class Names {
  #named = { goals: new Map(), signs: new Map(), practices: new Map(), groups: new Map(), teams: new Map() };

  constructor(school, language) {
    this.language = language;
    for (const [what, found] of Object.entries(this.#named)) {
      const listed = what === "signs" ? school.goals.flatMap((goal) => goal.signs) : school[what];
      for (const one of listed) found.set(one.id, one);
    }
  }

  today(what, id) {
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

/** Make the question whether something is asked for: `{kind?, goal?, sign?, practice?}` against ids as they were sent. */
function asksFor(wanted, names) {
  const has = (what, ids, id) => !id || ids.some((one) => names.today(what, one) === id);
  return ({ kind, goals = [], signs = [], practices = [] }) =>
    (!wanted.kind || kind === wanted.kind) &&
    has("goals", goals, wanted.goal) &&
    has("signs", signs, wanted.sign) &&
    has("practices", practices, wanted.practice);
}

/** Count what is asked for in each week of the window. */
async function countWeeks(manifest, wanted, isAsked) {
  const [first, last] = wanted.week ? [wanted.week, wanted.week] : wanted.window;
  const cubes = manifest.cubes.filter(
    (cube, n) => cube.first_week <= last && !(manifest.cubes[n + 1]?.first_week <= first),
  );
  const counts = new Map();
  for (const { weeks, cells } of await Promise.all(cubes.map((cube) => read(cube.path)))) {
    const shown = new Set(weeks.map(({ week }) => week).filter((week) => week >= first && week <= last));
    for (const { week, cells: ofWeek } of cells) {
      if (shown.has(week)) counts.set(week, countCells(ofWeek, isAsked));
    }
  }
  return counts;
}

function countCells(cells, isAsked) {
  let n = 0;
  for (const [kind, goals, signs, practices, ...rest] of cells) {
    if (isAsked({ kind, goals, signs, practices: practices.map(([id]) => id) })) n += rest.at(-1);
  }
  return n;
}

async function* newestFirst(manifest, counts, isAsked) {
  const files = manifest.stories.filter(({ week }) => counts.get(week)).reverse();
  for (const { path } of files) {
    const { stories } = await read(path);
    yield* stories.filter((story) => isAsked({ ...story, practices: story.practices?.map(({ id }) => id) }));
  }
}

/**
 * Find the stories behind a number.
 * @param {{week?: string, kind?: string, goal?: string, sign?: string, practice?: string, window: string[]}} wanted
 * @returns {Promise<{n: number, names: Names, take: (many: number) => Promise<object[]>}>} `take` returns the next ones.
 */
export async function findStories(wanted, language) {
  let taken = 0;
  let found = await again(() => look(wanted, language));
  const next = async (many) => {
    const stories = [];
    while (stories.length < many) {
      const { value, done } = await found.stories.next();
      if (done) break;
      stories.push(value);
    }
    return stories;
  };
  const take = async (many) => {
    const stories = await again(
      () => next(many),
      async () => {
        found = await look(wanted, language);
        await next(taken);
      },
    );
    taken += stories.length;
    return stories;
  };
  return { n: found.n, names: found.names, take };
}

/** Do something, and once more if it was replaced meanwhile. */
async function again(work, before = () => {}) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Replaced)) throw error;
    await before();
    return work();
  }
}

async function look(wanted, language) {
  const fresh = { cache: "no-store" };
  const [manifest, school] = await Promise.all([
    read("/dashboard/manifest.json", fresh),
    read("/public/school.json", { cache: "no-cache" }),
  ]);
  const names = new Names(school, language);
  const isAsked = asksFor(wanted, names);
  const counts = await countWeeks(manifest, wanted, isAsked);
  const n = [...counts.values()].reduce((sum, one) => sum + one, 0);
  return { n, names, stories: newestFirst(manifest, counts, isAsked) };
}
