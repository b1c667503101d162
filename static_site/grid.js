// Counting records by two dimensions: the same as `count_by` (domain/counts.py) and `marks_of` (charts/specs.py).
import { DIMENSIONS, isAskedFor, JOINT, OF_PRACTICES } from "./dimensions.js";

const NONE = [];

/** Records, and by dimension the numbers of the ids under which each counts: made once, then only looked up. */
export class Index {
  #columns = new Map();
  #successes = null;

  /** @param {object[]} records @param {{names, answers: Map, until: string}} context */
  constructor(records, context) {
    this.records = records;
    this.context = context;
    this.weights = Int32Array.from(records.map(({ n }) => n));
  }

  /** Weigh successes alone. */
  get successes() {
    this.#successes ??= Int32Array.from(this.records.map(({ n, kind }) => (kind === "success" ? n : 0)));
    return this.#successes;
  }

  /** Return `{starts, values, ids, numbers}`: the ids of record n are those numbered `values[starts[n]…starts[n + 1]]`. */
  column(dimension) {
    if (!this.#columns.has(dimension)) this.#columns.set(dimension, columnOf(this.records, dimension, this.context));
    return this.#columns.get(dimension);
  }
}

function columnOf(records, dimension, context) {
  const [numbers, ids, values] = [new Map(), [], []];
  const starts = new Int32Array(records.length + 1);
  for (let n = 0; n < records.length; n++) {
    for (const id of records[n] ? DIMENSIONS[dimension](records[n], context) : NONE) {
      let number = numbers.get(id);
      if (number === undefined) numbers.set(id, (number = ids.push(id) - 1));
      values.push(number);
    }
    starts[n + 1] = values.length;
  }
  return { starts, values: Int32Array.from(values), ids, numbers };
}

function has({ starts, values }, place, isWanted) {
  for (let k = starts[place]; k < starts[place + 1]; k++) if (isWanted[values[k]]) return true;
  return false;
}

/**
 * Choose the records that all of a filter speaks of.
 * @param {Index} index
 * @param {{keys: [string, string][], window: string[], days?: string[]}} wanted pairs of dimension (or `not_team`) and
 *   id; first and last week; where not all of these weeks is meant, first and last day as `dayInWeeks` writes them
 * @returns {Part} of these alone; where a practice is asked for, with its uses alone.
 */
export function pick(index, { keys, window: [first, last], days }) {
  const practices = keys
    .filter(([key]) => key === "practice" || key === "use")
    .map(([key, id]) => (key === "use" ? id.slice(0, id.indexOf(":")) : id));
  let places = within(index, first, last);
  if (days) places = places.filter((place) => isBetween(index.records[place], first, last, days));
  for (const [key, id] of keys) {
    if (practices.length && OF_PRACTICES.includes(key)) continue;
    const column = index.column(key === "not_team" ? "team" : key);
    const isWanted = Uint8Array.from(column.ids, (one) => Number(isAskedFor(one, id)));
    const wanted = key !== "not_team";
    places = places.filter((place) => has(column, place, isWanted) === wanted);
  }
  return practices.length ? narrowed(index, places, practices, keys) : new Part(index, places, index.records);
}

/** List the numbers of the records of some weeks. */
function within(index, first, last) {
  const { ids, values } = index.column("week");
  const isWithin = Uint8Array.from(ids, (week) => Number(week >= first && week <= last));
  const places = new Int32Array(index.records.length);
  let found = 0;
  for (let place = 0; place < places.length; place++) if (isWithin[values[place]]) places[found++] = place;
  return places.subarray(0, found);
}

/** Tell whether a record of the weeks is of the days too: only the first and the last week have others. */
const isBetween = ({ week, weekday }, first, last, days) =>
  (week !== first || week + weekday >= days[0]) && (week !== last || week + weekday <= days[1]);

function narrowed(index, places, practices, keys) {
  const records = new Array(index.records.length);
  const asked = keys.filter(([key]) => OF_PRACTICES.includes(key));
  const kept = places.filter((n) => {
    const record = index.records[n];
    const uses = record.practices.filter(([id]) => practices.every((one) => one === id));
    if (!uses.length) return false;
    const mine = { ...record, practices: uses };
    if (!asked.every(([key, id]) => DIMENSIONS[key](mine, index.context).some((one) => isAskedFor(one, id)))) return false;
    records[n] = mine;
    return true;
  });
  return new Part(index, kept, records);
}

/** Some records of an index, perhaps with fewer practices than there. */
class Part {
  #own = new Map();

  constructor(index, places, records) {
    this.index = index;
    this.places = places;
    this.records = records;
  }

  column(dimension) {
    if (this.records === this.index.records || !OF_PRACTICES.includes(dimension)) return this.index.column(dimension);
    if (!this.#own.has(dimension)) this.#own.set(dimension, columnOf(this.records, dimension, this.index.context));
    return this.#own.get(dimension);
  }

  get n() {
    return this.places.reduce((sum, place) => sum + this.index.weights[place], 0);
  }
}

const ALL = { starts: null, values: null, ids: [""], numbers: new Map([["", 0]]) };

/** Count the records of a part by two dimensions; `n(row, column)`, `total(row)`, and `all`: each story once. */
export function countBy([row, column], part, weights = part.index.weights) {
  const joint = JOINT[`${row} ${column}`];
  const rows = part.column(joint ?? row);
  const columns = joint ? ALL : part.column(column);
  const width = columns.ids.length;
  const cells = new Int32Array(rows.ids.length * width);
  const totals = new Int32Array(rows.ids.length);
  const byFirst = new Map();
  let all = 0;
  for (const place of part.places) {
    const n = weights[place];
    const [start, end] = [rows.starts[place], rows.starts[place + 1]];
    const [left, right] = joint ? [0, 1] : [columns.starts[place], columns.starts[place + 1]];
    if (!n || start === end || left === right) continue;
    all += n;
    for (let k = start; k < end; k++) {
      totals[rows.values[k]] += n;
      for (let m = left; m < right; m++) cells[rows.values[k] * width + (joint ? 0 : columns.values[m])] += n;
    }
    if (joint) for (const one of firstsOf(rows.values.subarray(start, end), rows.ids)) byFirst.set(one, (byFirst.get(one) ?? 0) + n);
  }
  const at = (wanted, other) => {
    const one = rows.numbers.get(joint ? `${wanted}:${other}` : wanted);
    const two = joint ? 0 : columns.numbers.get(other);
    return one === undefined || two === undefined ? 0 : cells[one * width + two];
  };
  const total = (wanted) => (joint ? byFirst.get(wanted) : totals[rows.numbers.get(wanted)]) ?? 0;
  return { n: at, total, all, rowIds: rows.ids };
}

function firstsOf(numbers, ids) {
  const first = (one) => ids[one].slice(0, ids[one].indexOf(":"));
  return numbers.length === 1 ? [first(numbers[0])] : new Set(Array.from(numbers, first));
}

/** Round a share to four places; what lies in the middle goes to the even one, as in Python. */
export function roundShare(part, whole) {
  const [most, rest] = [Math.floor((part * 10_000) / whole), (part * 10_000) % whole];
  const up = 2 * rest > whole || (2 * rest === whole && most % 2 === 1);
  return (most + up) / 10_000;
}

function shareOf(n, successes, least) {
  if (!mayShare(n, successes, least)) return null;
  return n ? roundShare(successes, n) : 0;
}

/** Tell whether there are stories, but too few to say how many. */
export const isFew = (n, least) => n > 0 && n < least;

/** Tell whether a cell's share of successes says nothing of what is too few to be told. */
export const mayShare = (n, successes, least) => ![successes, n - successes].some((one) => isFew(one, least));

/** Write what stands behind a bar: the sum of the parts that are told, and that others are hidden. */
function behindOf({ columns, at_least: least, few }, row, counts) {
  const parts = columns.map(({ id }) => counts.n(row, id));
  const hidden = parts.filter((n) => isFew(n, least));
  const sum = parts.reduce((all, n) => all + n, 0) - hidden.reduce((all, n) => all + n, 0);
  return [...(sum || !hidden.length ? [sum] : []), ...hidden.map(() => few)].join(" + ");
}

/**
 * List the cells of a chart as its spec shows them.
 * @param {object} chart as published, with the rows and columns to show
 * @param {object} counts of `countBy`
 * @param {object} [successes] the same of successes alone, where their share is shown
 */
export function marksOf(chart, counts, successes) {
  return chart.rows.flatMap(({ id: row }) =>
    chart.columns.map(({ id: column }) => {
      const n = counts.n(row, column);
      const hidden = isFew(n, chart.at_least);
      const mark = { row, column, n: hidden ? 0 : n, label: hidden ? chart.few : n ? String(n) : "·" };
      if (successes) mark.share = shareOf(n, successes.n(row, column), chart.at_least);
      if (chart.form === "columns") mark.mean = null;
      if (chart.form === "bars") mark.behind = behindOf(chart, row, counts);
      return mark;
    }),
  );
}
