// Reading published files: a pass that ended is renewed once, a file that was replaced meanwhile is asked for anew.

/** What is published was replaced while it was read: the manifest has to be read again. */
class Replaced extends Error {}

/** Fetch a file; if the pass is over, ask for a new one once, and where there is none lead to signing in. */
async function fetchWithPass(path, options) {
  const answer = await fetch(path, options);
  if (answer.status !== 403) return answer;
  const pass = await fetch("/api/pass");
  if (pass.status === 401) {
    location.assign(`/api/pass?to=${encodeURIComponent(location.pathname + location.search)}${location.hash}`);
  }
  return pass.ok ? fetch(path, options) : answer;
}

async function read(path, options) {
  const answer = await fetchWithPass(path, options);
  if (answer.status === 404 || answer.status === 403) throw new Replaced(path);
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

const kept = new Map();

/** Read a file whose address changes with its content: once is enough. */
export function readOnce(path) {
  if (!kept.has(path)) {
    const reading = read(path);
    reading.catch(() => kept.delete(path));
    kept.set(path, reading);
  }
  return kept.get(path);
}

const FRESH_MS = 60_000;
let published = { at: -Infinity, reading: null };
const forgetPublished = () => (published.at = -Infinity);

/** Read what is published now, the manifest and the names of the school; within a minute it is asked for once. */
export function readPublished() {
  if (performance.now() - published.at > FRESH_MS) {
    const files = [read("/dashboard/manifest.json", { cache: "no-store" }), read("/public/school.json", { cache: "no-cache" })];
    const reading = Promise.all(files).then(([manifest, school]) => ({ manifest, school }));
    published = { at: performance.now(), reading };
    reading.catch(forgetPublished);
  }
  return published.reading;
}

/** Do something, and once more if it was replaced meanwhile. */
export async function again(work, before = () => {}) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Replaced)) throw error;
    forgetPublished();
    await before();
    return work();
  }
}

/** Read many files, at most six at once; resolves to all of them, in order. */
export async function readMany(paths) {
  const files = [];
  let next = 0;
  const reader = async () => {
    while (next < paths.length) {
      const mine = next++;
      files[mine] = await readOnce(paths[mine]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(6, paths.length) }, reader));
  return files;
}
