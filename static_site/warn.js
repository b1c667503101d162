// A calm word under a field while somebody types what may point at a student. All of it happens on the device: nothing
// that is typed leaves the page for it, nothing is blocked, and the sender may always send.
import { fill, make } from "./words.js";

const PARTS = ["story", "tried", "happened", "takeaway"];
const [SOON, LATER, AGAIN] = [400, 1500, 30_000]; // milliseconds; the word at the cursor is waited for
const MOST = 3;
const LONGEST = 60;

/** Keep of what overlaps the first. */
export function apart(all) {
  const kept = [];
  for (const one of all) if (!kept.some((other) => other.start < one.end && one.start < other.end)) kept.push(one);
  return kept;
}

/** Warn of names and contacts in the stories of a form. */
export class Warning {
  /** `words` came with the page; `onLeave` is told when something is to be left as it is. */
  constructor(form, words, onLeave = () => {}) {
    this.words = words;
    this.onLeave = onLeave;
    this.known = new Set();
    this.finders = new Map();
    this.fields = words.masks ? PARTS.map((part) => new Field(form.elements[part], this)) : [];
    for (const happening of ["input", "fit"]) form.addEventListener(happening, (event) => this.#wait(event));
  }

  /** What the sender said is no student and may stay; kept with the draft. */
  get left() {
    return [...this.known];
  }

  set left(keys) {
    this.known = new Set(keys);
    if (this.begun) this.check(true);
  }

  leave(key) {
    this.known.add(key);
    this.check(true);
    this.onLeave();
  }

  #wait(event) {
    if (event.type === "fit" ? !this.begun : !PARTS.includes(event.target.name)) return;
    this.begun = true;
    clearTimeout(this.soon);
    clearTimeout(this.later);
    this.soon = setTimeout(() => this.check(false), SOON);
    this.later = setTimeout(() => this.check(true), LATER);
    this.#learn();
  }

  /** Fetch what finds, once somebody types; where a part of it can't be fetched, the other does without. */
  #learn() {
    this.#use("contacts", async () => (await import("./contacts.js")).findContacts);
    this.#use("people", async () => {
      const [{ findPeople }, { fetchNames }] = await Promise.all([import("./people.js"), import("./names.js")]);
      const factsOf = await fetchNames();
      return (text) => findPeople(text, factsOf).map((one) => ({ ...one, type: "PERSON" }));
    });
  }

  async #use(name, fetched) {
    if (this.finders.has(name) || Date.now() < this.again?.[name]) return;
    this.again = { ...this.again, [name]: Date.now() + AGAIN };
    try {
      this.finders.set(name, await fetched());
      this.check(false);
    } catch {
      // no signal, or an old browser
    }
  }

  check(whole) {
    for (const field of this.fields) field.check(whole);
  }

  /** List what a text holds, one for each value: `{key, type, value, places}`. */
  find(text) {
    const all = apart(["contacts", "people"].flatMap((name) => this.finders.get(name)?.(text) ?? []));
    const found = new Map();
    for (const { type, start, end } of all.sort((one, other) => one.start - other.start)) {
      const value = text.slice(start, end);
      const key = `${type}:${value.toLowerCase()}`;
      if (this.known.has(key)) continue;
      if (!found.has(key)) found.set(key, { key, type, value, places: [] });
      found.get(key).places.push({ start, end });
    }
    return [...found.values()];
  }
}

/** One text field and what is said under it. */
class Field {
  constructor(control, warning) {
    this.control = control;
    this.warning = warning;
    this.shown = new Map();
    const { words } = warning;
    this.more = make("p", { class: "hint", hidden: "" });
    this.list = make("div", { "aria-live": "polite" });
    this.note = make("p", { class: "hint" }, words.warn_send);
    this.region = make("div", { class: "warnings" }, this.list, this.more, this.note);
    this.note.hidden = true;
    control.after(this.region);
  }

  check(whole) {
    const text = this.control.value;
    const typing = !whole && document.activeElement === this.control ? this.control.selectionEnd : -1;
    const found = this.warning.find(text).filter((one) => this.shown.has(one.key) || one.places[0].end !== typing);
    this.#show(found);
  }

  #show(found) {
    const first = found.slice(0, MOST);
    const keys = new Set(first.map((one) => one.key));
    for (const [key, item] of this.shown) {
      if (keys.has(key)) continue;
      item.remove();
      this.shown.delete(key);
    }
    for (const [at, one] of first.entries()) {
      if (this.shown.has(one.key)) continue; // what stands is not said again
      const item = this.#item(one);
      this.shown.set(one.key, item);
      this.list.insertBefore(item, this.list.children[at] ?? null);
    }
    this.more.hidden = found.length <= MOST;
    this.more.textContent = fill(this.warning.words.warn_more, { n: found.length - MOST });
    this.note.hidden = !found.length;
  }

  #item({ key, type, value }) {
    const { words } = this.warning;
    const told = value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
    const [before, after] = words[`warn_${type.toLowerCase()}`].split("{found}");
    const replace = fill(words.warn_replace, { mask: words.masks[type] });
    const leave = type === "PERSON" ? words.warn_leave_person : words.warn_leave;
    const button = (text, act) => {
      const made = make("button", { type: "button", "aria-label": `${text}: ${told}` }, text);
      made.addEventListener("click", () => this.#after(act));
      return made;
    };
    return make(
      "div",
      { class: "warning" },
      make("p", {}, before, make("bdi", {}, told), after),
      make("div", { class: "buttons" }, button(replace, () => this.#replace(key)), button(leave, () => this.warning.leave(key))),
    );
  }

  #replace(key) {
    const one = this.warning.find(this.control.value).find((other) => other.key === key);
    for (const { start, end } of one ? one.places.reverse() : []) {
      this.control.setRangeText(this.warning.words.masks[one.type], start, end, "end");
    }
    this.control.dispatchEvent(new Event("input", { bubbles: true }));
    this.check(true);
  }

  /** Do what a button says; where it stood is nothing now, so the next one takes focus, or the field. */
  #after(act) {
    act();
    (this.list.querySelector("button") ?? this.control).focus();
  }
}
