// What was asked for, in addresses: `?goal=explain` filters all charts, `#stories?goal=explain&kind=lesson` opens stories.
import { DIMENSIONS } from "./dimensions.js";
import { dayInWeeks, weekOf } from "./weeks.js";

/** What people filter by. */
export const FILTERS = ["goal", "sign", "practice", "kind", "team", "group", "channel", "term"];

const isDay = (text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00Z`));

/** Read a query into pairs of key and id; what means nothing is left out. */
export function readQuery(query, known = [...Object.keys(DIMENSIONS), "not_team"]) {
  const pairs = [...new URLSearchParams(query)].filter(([key, value]) =>
    key === "from" || key === "to" ? isDay(value) : value && known.includes(key),
  );
  return eachOnce(pairs);
}

const eachOnce = (pairs) => [...new Map(pairs.map((pair) => [pair.join("="), pair])).values()];

/** Write pairs as a query. */
export const writeQuery = (pairs) => new URLSearchParams(pairs).toString();

/**
 * Tell which records are wanted: those of the days asked for, or of the weeks shown.
 * @param {[string, string][]} pairs as `readQuery` gives them
 * @param {string[]} shownWeeks first and last week that the page shows
 * @param {string} [earliest] the first week of all; whoever asks for days up to one (`to`) means all before it
 * @returns {{keys: [string, string][], window: string[], days?: string[]}} as `pick` takes it
 */
export function wantedBy(pairs, [first, last], earliest = first) {
  const { from, to } = Object.fromEntries(pairs.filter(([key]) => key === "from" || key === "to"));
  const keys = pairs.filter(([key]) => key !== "from" && key !== "to");
  const week = keys.find(([key]) => key === "week")?.[1];
  if (!from && !to) return { keys, window: week ? [week, week] : [first, last] };
  const window = [from ? weekOf(from) : earliest, to ? weekOf(to) : last];
  return { keys, window, days: [from ? dayInWeeks(from) : window[0], to ? dayInWeeks(to) : `${window[1]}7`] };
}

/** Join what is filtered with what a cell stands for. */
export const joined = (filter, cell) => writeQuery(eachOnce([...filter, ...cell]));
