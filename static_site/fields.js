// The fields of a win, on the form and on a receipt: what they hold, and how they help each other.
import { make } from "./words.js";

const TEXTS = ["kind", "story", "tried", "happened", "takeaway", "team", "occurred_on", "website"];
const OWN = ["author_mode", "author_name", "resolves", "quotable"];
const MANY = ["goals", "signs", "practices", "groups", "helped", "hindered"];

/** List the fields a person fills in. */
const controls = (form) =>
  [...form.elements].filter((one) => [...TEXTS, ...OWN, ...MANY].includes(one.name) && one.type !== "hidden");

const isChoice = (control) => control.type === "radio" || control.type === "checkbox";

/** Read what was filled in: a text by name, a list for those that can be many. */
export function read(form) {
  const fields = Object.fromEntries(MANY.map((name) => [name, []]));
  for (const control of controls(form)) {
    if (isChoice(control) && !control.checked) continue;
    if (!MANY.includes(control.name)) fields[control.name] = control.value;
    else if (control.value) fields[control.name].push(control.value);
  }
  return fields;
}

/** Fill in what `read` returned. */
export function write(form, fields) {
  answers(form, fields.resolves ?? "");
  for (const control of controls(form)) {
    if (control.name === "resolves") continue;
    const values = [fields[control.name] ?? ""].flat();
    if (isChoice(control)) control.checked = values.includes(control.value);
    else control.value = values[0] ?? "";
  }
  form.dispatchEvent(new Event("fit"));
}

/** Empty what tells of one win; what the link filled in stays. */
export function clear(form) {
  form.reset();
  for (const control of controls(form)) {
    if (control.type === "checkbox") control.checked = false;
    else if (["story", "tried", "happened", "takeaway", "practices", "occurred_on"].includes(control.name)) {
      control.value = "";
    }
  }
  answers(form, "");
  form.dispatchEvent(new Event("fit"));
}

/** Say which lesson a win answers, by its story's id; with an empty one, that it answers none. */
export function answers(form, id) {
  const place = form.querySelector("#resolves");
  const box = form.elements.resolves;
  box.value = id;
  box.checked = box.defaultChecked = Boolean(id);
  place.querySelector("code").textContent = id;
  place.hidden = !id;
}

/** Tell whether everything stands as the page came. */
export function isUntouched(form) {
  return controls(form).every((control) => {
    if (isChoice(control)) return control.checked === control.defaultChecked;
    if (control.options) {
      const first = [...control.options].findIndex((option) => option.defaultSelected);
      return control.selectedIndex === Math.max(first, 0);
    }
    return control.value === control.defaultValue;
  });
}

// A half character (lone surrogate) can be pasted, but not sent.
const wellFormed = (text) => new TextDecoder().decode(new TextEncoder().encode(text));

/** Make the body of `POST /api/wins` from fields; what was left empty is left out. */
export function asSubmission(fields, link, nonce) {
  const told = { link, nonce };
  for (const name of TEXTS) if (fields[name]) told[name] = wellFormed(fields[name]);
  for (const name of ["signs", "groups", "helped", "hindered"]) if (fields[name]?.length) told[name] = fields[name];
  if (fields.resolves) told.resolves = fields.resolves;
  if (fields.quotable) told.quotable = true;
  told.goals = fields.goals; // said even if empty: else the link would fill in what somebody took away
  told.team = fields.team || null;
  told.practices = fields.practices.map((value) => {
    const [id, level] = value.split(":");
    return level ? { id, level } : { id };
  });
  const mode = fields.author_mode;
  if (mode) told.author = { mode, name: mode === "named" ? wellFormed(fields.author_name ?? "") : null };
  return told;
}

/** Let the fields help each other: a name only where it is shown, words that fit the kind, signs that fit the goal. */
export function joinFields(form) {
  const others = foldSigns(form);
  const fit = () => {
    const { kind, author_mode: mode, goals } = read(form);
    form.querySelector("#name-field").hidden = mode !== "named";
    for (const worded of form.querySelectorAll("[data-lesson]")) {
      worded.textContent = worded.dataset[kind === "lesson" ? "lesson" : "success"];
    }
    sortSigns(form, others, goals[0]);
  };
  for (const happening of ["change", "fit"]) form.addEventListener(happening, fit);
  fit();
}

function foldSigns(form) {
  const signs = form.querySelector("#signs");
  const others = make("details", {}, make("summary", {}, signs.dataset.others));
  others.hidden = true;
  signs.append(others);
  return others;
}

function sortSigns(form, others, goal) {
  const groups = [...form.querySelectorAll("#signs [data-goal]")];
  if (form.dataset.goal === (goal ?? "") || !groups.length) return;
  form.dataset.goal = goal ?? "";
  const hasOwn = groups.some((group) => group.dataset.goal === goal);
  for (const group of groups) {
    if (!hasOwn || group.dataset.goal === goal) others.before(group);
    else others.append(group);
  }
  others.hidden = !hasOwn || groups.length === 1;
  others.open = Boolean(others.querySelector("input:checked"));
}
