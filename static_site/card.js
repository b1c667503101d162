// One story as colleagues see it; the same markup as `story_card` in chalicelib/pages/parts.html.
import { fill, make } from "./words.js";

/** Write who told it. */
export function byline(words, author, team) {
  const who = author || words["byline.colleague"];
  return team ? fill(words["byline.team"], { who, team }) : who;
}

/** Make the card of a story: `{kind, story, tried?, happened?, takeaway?, tags, byline, day}`, all in words already. */
export function storyCard(words, story) {
  const card = make("article", { class: `card story ${story.kind === "lesson" ? "lesson" : "success"}` });
  const quotable = story.quotable && words["stories.quotable"];
  const badge = quotable ? [" ", make("span", { class: "quotable" }, `“ ${quotable}`)] : [];
  card.append(make("p", { class: "kind" }, words[`kind.${story.kind}`], ...badge));
  card.append(make("p", { class: "text" }, make("bdi", { dir: "auto" }, story.story)));
  for (const part of ["tried", "happened", "takeaway"]) {
    if (!story[part]) continue;
    const label = make("b", {}, `${words[`story.${part}`]}:`);
    card.append(make("p", { class: "text" }, label, " ", make("bdi", { dir: "auto" }, story[part])));
  }
  if (story.tags.length) card.append(make("ul", { class: "tags" }, ...story.tags.map((tag) => make("li", {}, tag))));
  card.append(make("p", { class: "quiet" }, make("bdi", { dir: "auto" }, story.byline), ` · ${story.day}`));
  return card;
}
