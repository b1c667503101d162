// The search field: over the stories of the weeks shown, on this device alone.
import { markIn, WordIndex } from "./find.js";
import { Names } from "./naming.js";
import { again } from "./reading.js";
import { allStories } from "./stories.js";
import { say } from "./words.js";

const PARTS = ["story", "tried", "happened", "takeaway"];

/** Let a form search; loads the stories at once, for somebody is about to type. */
export function searchIn(form, page) {
  const field = form.elements.namedItem("q");
  let loading = null;
  const load = () =>
    (loading ??= again(() => prepared(page)).catch((error) => {
      loading = null;
      throw error;
    }));
  let asked = 0;
  const look = async () => {
    const mine = ++asked;
    if (!field.value.trim()) return page.leave();
    try {
      const prepared = await load();
      if (mine === asked) show(prepared, field.value, page);
    } catch {
      if (mine === asked) page.showFound({ n: 0, said: page.words["dashboard.failed"], take: async () => [] });
    }
  };
  field.addEventListener("input", look);
  form.addEventListener("submit", () => document.getElementById("stories-title").focus());
  load().catch(() => {});
  if (field.value) look();
}

async function prepared({ shownWeeks, language }) {
  const { school, stories } = await allStories(shownWeeks);
  const texts = stories.map((story) => PARTS.map((part) => story[part] ?? "").join("\n"));
  return { stories, index: await WordIndex.of(texts), names: new Names(school, language) };
}

function show({ stories, index, names }, question, { words, showFound }) {
  const found = index.find(question);
  let taken = 0;
  showFound({
    n: found.length,
    said: say(words, "stories.searched", { n: found.length, q: question.trim() }),
    take: async (many) => found.slice(taken, (taken += many)).map((place) => stories[place]),
    names,
    marked: (card) => card.querySelectorAll(".text bdi").forEach((text) => markIn(text, question)),
  });
}
