// The published counts of some school years as one index; read once, made once.
import { answersOf, recordsOfCube } from "./dimensions.js";
import { Index } from "./grid.js";
import { Names } from "./naming.js";
import { readOnce } from "./reading.js";

const LATEST = { key: "", index: null };

/** Name the cubes that may hold weeks of a window. */
function cubesOf(manifest, [first, last]) {
  return manifest.cubes.filter((cube, n) => cube.first_week <= last && !(manifest.cubes[n + 1]?.first_week <= first));
}

/**
 * Read the counts of all weeks in a window.
 * @param {{manifest: object, school: object}} published
 * @param {string[]} window first and last week
 * @param {string} until the week from which ages of lessons are counted
 * @returns {Promise<Index>}
 */
export async function indexOf({ manifest, school }, window, until, language) {
  const paths = cubesOf(manifest, window).map(({ path }) => path);
  const key = JSON.stringify([paths, school, until, language]);
  if (LATEST.key === key) return LATEST.index;
  const names = new Names(school, language);
  const cubes = await Promise.all(paths.map(readOnce));
  const records = cubes.flatMap((cube) => recordsOfCube(cube, names));
  const index = new Index(records, { names, until, answers: answersOf(records) });
  Object.assign(LATEST, { key, index });
  return index;
}
