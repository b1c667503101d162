// Who may be named in a text: capitals that are names, weighed by the words beside them. The school's guard looks closer.
import { fold, IS } from "./names.js";

const TOKEN = /\[\w+\]|\p{L}+(?:['’]\p{L}+)*/gu;
const BEGINS = /[.!?:\n"“”¿¡•*>|;[(]|--|—| - /;
const NAME = IS.sure | IS.inside | IS.beside;
const WITH_PEOPLE = IS.naming | IS.greeting | IS.people;
const LONGEST = 6;
const SURNAME = /.{3}(?:ov[aá]?|ev[aá]?|i[cć]|ska|ski|sky|enko|chuk|shvili|dze|sson|escu|opoulos)$|[^\p{ASCII}áéíóúüñ’]/u;
/** How surnames of the world end, and letters that neither English nor Spanish has. */
const SHORT_FOR = /n't$|'(?:re|ve|ll|d|m)$/; // don't, I'm

/** Split a text into words, with what is known of each. */
function wordsOf(text, factsOf) {
  const words = [];
  let end = 0;
  for (const found of text.matchAll(TOKEN)) {
    words.push(wordOf(found, text.slice(end, found.index), words.at(-1), factsOf));
    end = found.index + found[0].length;
  }
  return words;
}

function wordOf(found, gap, before, factsOf) {
  const own = found[0].length > 2 ? found[0].replace(/['’]s?$/i, "") : found[0];
  const folded = fold(own.replaceAll("’", "'"));
  const masked = own[0] === "[";
  const stops = BEGINS.test(gap) && !(/^\. ?$/.test(gap) && (before.is & IS.title || before.text.length === 1));
  return {
    ...{ text: own, folded, gap, masked, first: !before || stops, owned: own.length < found[0].length },
    ...{ start: found.index, end: found.index + own.length },
    capital: !masked && own !== "I" && !SHORT_FOR.test(folded) && own[0] !== own[0].toLowerCase(),
    shouted: own.length > 1 && own === own.toUpperCase() && own !== own.toLowerCase(),
    is: masked || SHORT_FOR.test(folded) ? 0 : factsOf(folded.replaceAll("'", "")) || likely(own),
  };
}

const likely = (word) => (SURNAME.test(word.toLowerCase()) ? IS.inside : 0);

/** Tell whether capitals say something here, as they do not in headlines and shouting. */
function isCased(words) {
  const inside = words.filter((word) => !word.first && !word.masked && !(word.is & NAME));
  return inside.length < 2 || inside.filter((word) => !word.capital).length * 3 >= inside.length;
}

/** List what may name a person: `{start, end}`. */
export function findPeople(text, factsOf) {
  const words = wordsOf(text, factsOf);
  const cased = isCased(words);
  const found = [];
  for (let at = 0; at < words.length; at += 1) {
    const known = figureAt(words, at, factsOf);
    const end = known ? at + known : endOf(words, at);
    if (!known && end > at && isPerson(words, at, end, cased)) found.push({ start: words[at].start, end: words[end - 1].end });
    at = Math.max(at, end - 1);
  }
  return found;
}

/** Tell how many words from here name somebody whom everybody knows: Rosa Parks. */
function figureAt(words, at, factsOf) {
  if (!words[at].capital) return 0;
  for (const wide of [4, 3, 2]) {
    if (!words[at + wide - 1]?.capital) continue;
    const told = words.slice(at, at + wide).map((word) => word.folded + (word.owned ? "'s" : "")).join(" ");
    if (factsOf(told.replace(/'s$/, "")) & IS.figure) return wide;
  }
  return words[at].is & IS.figure && !joins(words, at + 1) ? 1 : 0;
}

/** Tell where a name that begins here ends; nothing begins here if that is here. */
function endOf(words, at) {
  if (!words[at].capital) return words[at].is & IS.small ? at + 1 : at;
  if (words[at].is & (IS.title | IS.nobody) && !(words[at].is & NAME)) return at;
  if (words[at].first && !(words[at].is & NAME) && !isField(words, at)) return at;
  let end = at + 1;
  while (end - at < LONGEST && joins(words, end)) {
    if (words[end].capital) end += 1;
    else if (words[end].is & IS.particle && joins(words, end + 1) && words[end + 1].capital) end += 2;
    else break;
  }
  return end;
}

/** Tell whether a label stands before: `Name: …`. */
const isField = (words, at) => at > 0 && /^: ?$/.test(words[at].gap) && Boolean(words[at - 1].is & IS.field);

function joins(words, at) {
  const word = words[at];
  if (!word || words[at - 1].owned || word.masked) return false;
  if (!(word.capital || word.is & IS.particle) || word.is & IS.nobody) return false;
  return word.gap === " " || word.gap === "-" || (/^\. ?$/.test(word.gap) && words[at - 1].text.length === 1);
}

function isPerson(words, at, end, cased) {
  const run = words.slice(at, end);
  const [before, after] = [words[at - 1], words[end]];
  const near = before && !before.owned && /^( |, | ["“])$/.test(run[0].gap) ? before.is : 0;
  if (before && before.is & IS.title && /^(\. ?| )$/.test(run[0].gap)) return false; // an adult
  if (near & IS.pet || isOrganisation(run, after)) return false;
  if (run[0].is & IS.start && run.length > 1) return false; // San Antonio
  if (before && before.capital && before.is & IS.start && /^\.? $/.test(run[0].gap)) return false;
  if (isField(words, at)) return true;
  const follows = after && after.gap === " " && !after.capital;
  const next = follows ? after.is : 0;
  const beside = near & WITH_PEOPLE || next & (IS.act | IS.deed) || (follows && /[a-z]{3}ed$/.test(after.folded));
  if (!run[0].capital) return Boolean(beside || run[0].owned || next & IS.weak);
  return weigh(run, { near, next, beside, cased });
}

function isOrganisation(run, after) {
  const all = after && /^[ -]$/.test(after.gap) && !run.at(-1).owned ? [...run, after] : run;
  const whole = run[0].is & (IS.sure | IS.inside);
  return all.some((word, at) => at && word.is & IS.organisation && !(whole && word.is & IS.surname && word.capital));
}

function weigh(run, { near, next, beside, cased }) {
  const names = run.filter((word) => word.is & NAME && word.text.length > 1 && !(word.shouted && word.text.length < 4));
  if (!names.length) return cased && isNamed(run, near, next);
  const sure = names.some((word) => word.is & IS.sure);
  const inside = names.some((word) => word.is & IS.inside && !word.first);
  if (names.length > 1) return cased || sure || names.some((word) => word.is & IS.inside);
  if (cased && run.length > 1 && run[0].is & (IS.sure | IS.inside)) return true;
  const alone = run.length === 1;
  if (alone && near & IS.thing) return false;
  if (alone && near & IS.place && !sure) return false;
  if (sure) return true;
  if (!cased || run.some((word) => word.shouted)) return false;
  return inside || Boolean(beside) || (alone && run[0].owned && !(run[0].is & IS.month)); // Jordan's group
}

/** Tell whether what no list has is named: `said Xhenis`, `my friend Xhenis`, `with Xhenis Bora`. */
function isNamed(run, near, next) {
  if (run[0].is & IS.organisation || run[0].text.length < 3 || run[0].shouted || /[a-z][A-Z]/.test(run[0].text)) return false;
  return Boolean(near & (IS.naming | IS.greeting) || next & IS.deed || (run.length === 2 && near & IS.people));
}
