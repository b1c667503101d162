// Which published stories a number counts, and where they are: manifest → counts of the school years → weeks' files.
import { recordOfStory } from "./dimensions.js";
import { wantedBy } from "./filter.js";
import { Index, pick } from "./grid.js";
import { indexOf } from "./published.js";
import { again, readMany, readOnce, readPublished } from "./reading.js";

const AT_ONCE = 6;

/** Count what is asked for in each week. */
function countWeeks(part) {
  const counts = new Map();
  for (const place of part.places) {
    const { week, n } = part.records[place];
    counts.set(week, (counts.get(week) ?? 0) + n);
  }
  return counts;
}

/** Choose the stories of a week's file that are asked for, each with its week. */
function chosen({ week, stories }, wanted, context, factors = {}) {
  const records = stories.map((story) => recordOfStory(story, week, context.names, factors[story.id]));
  return [...pick(new Index(records, context), wanted).places].map((n) => ({ ...stories[n], week }));
}

/** Ask for a file and for those that come next: they are on their way while the first is read. */
function readFirst(files) {
  const [first] = files.slice(0, AT_ONCE).map(({ path }) => readOnce(path));
  return first;
}

async function* newestFirst(files, wanted, context) {
  for (let n = 0; n < files.length; n++) yield* chosen(await readFirst(files.slice(n)), wanted, context);
}

/** Find stories by what helped or got in the way: that stands in files of its own, for leaders alone. */
async function byFactor(manifest, wanted, context) {
  const [first, last] = wanted.window;
  const files = manifest.stories.filter(({ week, leaders }) => leaders && week >= first && week <= last).reverse();
  const stories = await readMany(files.map(({ path }) => path));
  const factors = await readMany(files.map(({ leaders }) => leaders));
  return stories.flatMap((file, n) => chosen(file, wanted, context, factors[n]));
}

async function* each(many) {
  yield* many;
}

async function look(pairs, shown, language) {
  const published = await readPublished();
  const wanted = wantedBy(pairs, shown, published.manifest.weeks[0]);
  const index = await indexOf(published, wanted.window, shown[1], language);
  const { names } = index.context;
  if (wanted.keys.some(([key]) => key === "factor")) {
    const stories = await byFactor(published.manifest, wanted, index.context);
    return { n: stories.length, names, stories: each(stories) };
  }
  const counts = countWeeks(pick(index, wanted));
  const files = published.manifest.stories.filter(({ week }) => counts.get(week)).reverse();
  const n = [...counts.values()].reduce((sum, one) => sum + one, 0);
  if (n) readFirst(files);
  return { n, names, stories: newestFirst(files, wanted, index.context) };
}

/**
 * Find the stories behind a number.
 * @param {[string, string][]} pairs what is asked for, as `readQuery` gives it
 * @param {string[]} shown the first and the last week that the page shows
 * @returns {Promise<{n: number, names: Names, take: (many: number) => Promise<object[]>}>} `take` returns the next ones.
 */
export async function findStories(pairs, shown, language) {
  let taken = 0;
  const search = () => look(pairs, shown, language);
  let found = await again(search);
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
        found = await search();
        await next(taken);
      },
    );
    taken += stories.length;
    return stories;
  };
  return { n: found.n, names: found.names, take };
}

/** Read all stories of the weeks shown, newest first, each with its week. */
export async function allStories([first, last]) {
  const { manifest, school } = await readPublished();
  const files = manifest.stories.filter(({ week }) => week >= first && week <= last).reverse();
  const weeks = await readMany(files.map(({ path }) => path));
  return { school, stories: weeks.flatMap(({ week, stories }) => stories.map((story) => ({ ...story, week }))) };
}
