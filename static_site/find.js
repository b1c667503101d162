// Finding stories by words: accents and case do not count, the beginning of a word is enough, all words must be there.

/** Fold a text to what is compared, letter by letter: accents and case gone. */
export const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;

/** List the folded words of a text. */
export const wordsIn = (text) => fold(text).match(WORD) ?? [];

const AT_ONCE = 500;
const pause = () => new Promise((go) => setTimeout(go));

/** Words of many texts, in order, each with the numbers of the texts that hold it. */
export class WordIndex {
  /** Read texts, some at a time, so that whoever types meanwhile is not held up. */
  static async of(texts) {
    const holders = new Map();
    for (let n = 0; n < texts.length; n++) {
      if (n % AT_ONCE === AT_ONCE - 1) await pause();
      for (const word of new Set(wordsIn(texts[n]))) {
        if (!holders.has(word)) holders.set(word, []);
        holders.get(word).push(n);
      }
    }
    return new WordIndex(texts.length, holders);
  }

  constructor(size, holders) {
    this.size = size;
    this.words = [...holders.keys()].sort();
    this.holders = this.words.map((word) => holders.get(word));
  }

  /** Return the numbers of the texts that hold all words of a question, in order. */
  find(question) {
    const asked = [...new Set(wordsIn(question))];
    if (!asked.length) return [];
    const hits = new Uint8Array(this.size);
    asked.forEach((start, k) => {
      for (let n = this.#first(start); n < this.words.length && this.words[n].startsWith(start); n++) {
        for (const place of this.holders[n]) if (hits[place] === k) hits[place] = k + 1;
      }
    });
    const found = [];
    hits.forEach((hit, place) => hit === asked.length && found.push(place));
    return found;
  }

  #first(start) {
    let [low, high] = [0, this.words.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.words[middle] < start) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Mark what was asked for in the texts of an element; only text and elements are made, never markup. */
export function markIn(element, question) {
  const asked = [...new Set(wordsIn(question))];
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const node of texts) {
    const parts = partsOf(node.data, asked);
    if (parts.length > 1 || typeof parts[0] !== "string") node.replaceWith(...parts);
  }
}

function partsOf(text, asked) {
  const parts = [];
  let end = 0;
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const folded = fold(word);
    const start = asked.filter((one) => folded.startsWith(one)).sort((a, b) => b.length - a.length)[0];
    if (!start) continue;
    const length = lettersFor(word, start.length);
    const mark = document.createElement("mark");
    mark.textContent = word.slice(0, length);
    parts.push(text.slice(end, index), mark);
    end = index + length;
  }
  return [...parts, text.slice(end)].filter((part) => part !== "");
}

/** Count how much of a word folds to so many letters. */
function lettersFor(word, folded) {
  let length = 0;
  for (const { segment } of new Intl.Segmenter().segment(word)) {
    if (fold(word.slice(0, length)).length >= folded) break;
    length += segment.length;
  }
  return length;
}
