// Taking a story along: as text, or as a picture. Neither says who told it, nor of which team.
import { say } from "./words.js";

const [WIDTH, HEIGHT, EDGE] = [1200, 630, 72];
const FONT = "system-ui, sans-serif";

/** Copy a story and its takeaway. Resolves to whether it worked. */
export async function copyStory(story, words) {
  const takeaway = story.takeaway ? `\n\n${words["story.takeaway"]}: ${story.takeaway}` : "";
  const text = `${story.story}${takeaway}`;
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** The way of browsers, and pages without a lock, that have no clipboard for scripts. */
function copyBySelection(text) {
  const area = document.createElement("textarea");
  const before = document.activeElement;
  area.value = text;
  area.readOnly = true;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  before?.focus();
  return done;
}

/** Break a text into lines that fit; what does not fit at all ends with an ellipsis. */
export function linesOf(text, fits, most) {
  const lines = [];
  let line = "";
  for (const word of text.split(/\s+/).filter(Boolean).flatMap((one) => pieces(one, fits))) {
    if (line && !fits(`${line} ${word}`)) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  if (line) lines.push(line);
  if (lines.length <= most) return lines;
  const last = [...lines[most - 1]];
  while (last.length && !fits(`${last.join("")}…`)) last.pop();
  return [...lines.slice(0, most - 1), `${last.join("")}…`];
}

function pieces(word, fits) {
  if (fits(word)) return [word];
  const parts = [""];
  for (const letter of word) {
    if (fits(parts.at(-1) + letter)) parts[parts.length - 1] += letter;
    else parts.push(letter);
  }
  return parts;
}

/** Choose the largest letters in which a text fits. */
function fitted(pen, text) {
  for (const size of [56, 48, 40, 34, 30]) {
    pen.font = `${size}px ${FONT}`;
    const most = Math.floor((HEIGHT - 2 * EDGE - 120) / (size * 1.3));
    const lines = linesOf(text, (line) => pen.measureText(line).width <= WIDTH - 2 * EDGE, size === 30 ? most : 99);
    if (lines.length <= most) return { size, lines };
  }
  return { size: 30, lines: [] };
}

/** Draw a story on a card of 1200 × 630 and hand it over as a PNG. Resolves to whether it worked. */
export async function drawStory(story, words) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [WIDTH, HEIGHT];
  paint(canvas.getContext("2d"), story, words);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!blob) return false;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${story.kind}-${story.id}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  return true;
}

function paint(pen, story, words) {
  const colours = getComputedStyle(document.documentElement);
  const colour = (name, otherwise) => colours.getPropertyValue(name).trim() || otherwise;
  const edge = story.kind === "lesson" ? colour("--warm", "#9a4a06") : colour("--deep", "#0b6b64");
  pen.fillStyle = colour("--card", "#ffffff");
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  pen.fillStyle = edge;
  pen.fillRect(0, 0, 20, HEIGHT);
  pen.textBaseline = "top";
  pen.font = `600 30px ${FONT}`;
  pen.fillText(say(words, `kind.${story.kind}`), EDGE, EDGE - 14);
  pen.fillStyle = colour("--ink", "#23302f");
  const { size, lines } = fitted(pen, story.story);
  pen.font = `${size}px ${FONT}`;
  lines.forEach((line, n) => pen.fillText(line, EDGE, EDGE + 46 + n * size * 1.3));
  pen.fillStyle = colour("--quiet", "#5b6a68");
  pen.font = `28px ${FONT}`;
  pen.fillText(document.title, EDGE, HEIGHT - EDGE - 14, WIDTH - 2 * EDGE);
}
