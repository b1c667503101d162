// One story in the list: its card in words, and what a colleague can do with it.
import { byline, storyCard } from "./card.js";
import { writeQuery } from "./filter.js";
import { make, say, sayDay } from "./words.js";

/** Put a published story into words. */
function inWords(story, names, words) {
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

/** Make a story's card with its buttons; `marked` may change the card where a search found something. */
export function storyItem(story, { names, words, marked }) {
  const card = storyCard(words, inWords(story, names, words));
  marked?.(card);
  const status = make("p", { class: "quiet said", role: "status" });
  const links = [related(story, names, words), answering(story, words)].filter(Boolean);
  const buttons = ["tried", "copy", "picture"].map((what) => button(what, story, { words, status, card }));
  card.append(make("div", { class: "actions" }, ...buttons, ...links), status);
  return card;
}

/** Lead to stories of the same sign by other teams. */
function related(story, names, words) {
  if (!story.signs?.length) return null;
  const pairs = [["sign", names.today("signs", story.signs[0])]];
  if (story.team) pairs.push(["not_team", story.team]);
  return make("a", { href: `#stories?${writeQuery(pairs)}` }, words["stories.related"]);
}

/** Lead to the form, for a lesson that somebody can answer. */
function answering(story, words) {
  const form = document.getElementById("stories").dataset.formLink;
  if (story.kind !== "lesson" || !form) return null;
  return make("a", { href: `${form}?resolves=${encodeURIComponent(story.id)}` }, words["stories.answer"]);
}

/** Load what counts a tap; one that comes before is not lost. */
async function prepare(made, story, place) {
  let tapped = false;
  const note = () => (tapped = true);
  made.addEventListener("click", note);
  const { prepareTried } = await import("./tried.js");
  made.removeEventListener("click", note);
  prepareTried(made, story, place);
  if (tapped) made.click();
}

function button(what, story, place) {
  const made = make("button", { type: "button" }, place.words[`stories.${what}`]);
  if (what === "tried") {
    prepare(made, story, place);
    return made;
  }
  made.addEventListener("click", async () => {
    const { copyStory, drawStory } = await import("./take.js");
    const done = await (what === "copy" ? copyStory(story, place.words) : drawStory(story, place.words)).catch(() => false);
    place.status.textContent = say(place.words, done ? `stories.${what}_done` : `stories.${what}_failed`);
  });
  return made;
}
