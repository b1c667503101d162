// Sentences come with the page (data-words), so that no second catalogue can differ from the server's.

/** Read the sentences that the server left on an element. */
export const wordsOf = (element) => JSON.parse(element.dataset.words);

/** Fill the gaps of a sentence: `{n} stories`. */
export const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (gap, name) => String(values[name] ?? gap));

/** Say a sentence; one with `one` and `other` is chosen by `n`. What the page did not bring is said by its key. */
export function say(words, key, values = {}) {
  const sentence = words[key] ?? key;
  return fill(typeof sentence === "string" ? sentence : sentence[values.n === 1 ? "one" : "other"], values);
}

/** Write a day as the page's language does. */
export function sayDay(words, day) {
  const [year, month, date] = day.split("-").map(Number);
  return fill(words["day.long"], { day: date, month: words.months[month - 1], year });
}

/** Make an element; everything in it is text or another element, never markup. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}
