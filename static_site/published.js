// The published counts of some school years as one index; read once, made once.
import { answersIn, answersOf, recordsOfCube } from "./dimensions.js";
import { Index } from "./grid.js";
import { Names } from "./naming.js";
import { readOnce } from "./reading.js";

const LATEST = { key: "", index: null };

/** Name the cubes that may hold weeks of a window. */
function cubesOf(manifest, [first, last]) {
  return manifest.cubes.filter((cube, n) => cube.first_week <= last && !(manifest.cubes[n + 1]?.first_week <= first));
}

/** Name the cubes after those of a window: a lesson may be answered in a later school year. */
const cubesAfter = (manifest, [, last]) => manifest.cubes.filter((cube) => cube.first_week > last);

/**
 * Read the counts of all weeks in a window.
 * @param {{manifest: object, school: object}} published
 * @param {string[]} window first and last week
 * @param {string} until the week from which ages of lessons are counted
 * @returns {Promise<Index>}
 */
export async function indexOf({ manifest, school }, window, until, language) {
  const [paths, later] = [cubesOf, cubesAfter].map((choose) => choose(manifest, window).map(({ path }) => path));
  const key = JSON.stringify([paths, later, school, until, language]);
  if (LATEST.key === key) return LATEST.index;
  const names = new Names(school, language);
  const [cubes, cubesLater] = await Promise.all([paths, later].map((many) => Promise.all(many.map(readOnce))));
  const records = cubes.flatMap((cube) => recordsOfCube(cube, names));
  const answers = answersOf([...records, ...cubesLater.flatMap(answersIn)]);
  const index = new Index(records, { names, until, answers });
  Object.assign(LATEST, { key, index });
  return index;
}
