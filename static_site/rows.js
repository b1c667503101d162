// The rows and columns of a chart: as published; where they are weeks or months, and other weeks than those shown are
// asked for, these, in longer steps where they would be too many to be told apart.
import { DIMENSIONS } from "./dimensions.js";
import { sayMonth } from "./naming.js";
import { mondayOf, monthOf, weeksBetween } from "./weeks.js";
import { sayDay } from "./words.js";

/** By the form of a chart: the steps of time it has, from short to long, and how many of them it can show. */
const STEPS = {
  columns: { steps: ["week", "month", "term", "school_year"], most: 106 },
  shares: { steps: ["term", "school_year"], most: 12 },
  tiles: { steps: ["month", "school_year"], most: 13 },
};

/**
 * Give a chart the rows and columns to show.
 * @param {object} chart as published
 * @param {string[]} window first and last week asked for
 * @param {string[]} shownWeeks first and last week that the server drew
 * @returns {object} the chart, perhaps with other `by`, `rows`, `columns` and `row_name`
 */
export function shapeOf(chart, window, shownWeeks, names, words) {
  const { steps, most } = STEPS[chart.form] ?? { steps: [] };
  const place = chart.by.indexOf(steps[0]);
  if (place < 0 || window.every((week, n) => week === shownWeeks[n])) return chart;
  const weeks = weeksBetween(...window);
  const within = (step) => [...new Set(weeks.flatMap((week) => DIMENSIONS[step]({ week }, { names })))];
  const step = steps.find((one) => within(one).length <= most) ?? steps.at(-1);
  const known = new Map(step === steps[0] ? chart[place ? "columns" : "rows"].map((line) => [line.id, line]) : []);
  const lines = within(step).map((id) => known.get(id) ?? { id, ...LINES[step](id, words, place) });
  if (place) return { ...chart, by: [chart.by[0], step], columns: lines };
  const row_name = step === steps[0] ? chart.row_name : words[ROW_NAMES[step]];
  return { ...chart, by: [step, chart.by[1]], rows: lines, row_name };
}

const shortMonth = (words, month) => words["months.short"][Number(month.slice(5)) - 1];

const LINES = {
  week: (id, words) => ({ name: sayDay(words, mondayOf(id)), note: shortMonth(words, monthOf(id)) }),
  month: (id, words, isColumn) => ({ name: isColumn ? shortMonth(words, id) : sayMonth(words, id, "year.month"), note: "" }),
  term: (id, words) => ({ name: sayMonth(words, id, "shift.since"), note: "" }),
  school_year: (id) => ({ name: id, note: "" }),
};
const ROW_NAMES = { month: "explore.month", term: "shift.term", school_year: "explore.school_year" };
