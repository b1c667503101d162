// The rows of a chart: as published, but where they are weeks, and other weeks than those shown are asked for, these.
import { mondayOf, monthOf, weeksBetween } from "./weeks.js";
import { sayMonth } from "./naming.js";
import { sayDay } from "./words.js";

/** List the rows to show: `{id, name, note}`. */
export function rowsOf(chart, window, shownWeeks, counts, words) {
  const same = window.every((week, n) => week === shownWeeks[n]);
  if (same || chart.by[0] === "week") return same ? chart.rows : weeks(chart, window, words);
  if (chart.by[0] === "term") return terms(chart, window, counts, words);
  return chart.rows;
}

function weeks(chart, window, words) {
  const known = new Map(chart.rows.map((row) => [row.id, row]));
  return weeksBetween(...window).map((week) => known.get(week) ?? weekRow(week, words));
}

const weekRow = (week, words) => ({
  id: week,
  name: sayDay(words, mondayOf(week)),
  note: words["months.short"][Number(monthOf(week).slice(5)) - 1],
});

function terms(chart, window, counts, words) {
  const known = new Map(chart.rows.map((row) => [row.id, row]));
  return counts.rowIds
    .filter((id) => counts.total(id))
    .sort()
    .map((id) => known.get(id) ?? { id, name: sayMonth(words, id, "shift.since"), note: "" });
}
