// How long ago the stories of each row were told: the note behind a goal, under a filter.
import { mondayOf } from "./weeks.js";
import { say } from "./words.js";

const DAY = 86_400_000;

/** Find the last week and weekday by id, `2026-W384`. */
function lastOf(dimension, part) {
  const { starts, values, ids } = part.column(dimension);
  const last = new Array(ids.length).fill("");
  for (const place of part.places) {
    const { week, weekday } = part.records[place];
    const told = `${week}${weekday}`;
    for (let k = starts[place]; k < starts[place + 1]; k++) if (told > last[values[k]]) last[values[k]] = told;
  }
  return new Map(ids.map((id, n) => [id, last[n]]));
}

function daysFrom(told, today) {
  const monday = Date.parse(`${mondayOf(told.slice(0, -1))}T00:00Z`);
  return Math.max(0, (Date.parse(`${today}T00:00Z`) - monday) / DAY - (Number(told.at(-1)) - 1));
}

/** Give a chart's rows the notes that fit its stories; one without any has none. */
export function withLastHeard(chart, part, today, words) {
  const last = lastOf(chart.by[0], part);
  const noteOf = (told) => {
    const n = told ? daysFrom(told, today) : null;
    return n === null ? "" : n ? say(words, "goals.days_ago", { n }) : words["goals.today"];
  };
  return { ...chart, rows: chart.rows.map((row) => ({ ...row, note: noteOf(last.get(row.id)) })) };
}
