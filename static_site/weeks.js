// Weeks, months and halves of school years, as chalicelib/domain/calendar.py and dimensions.py have them.

const DAY = 86_400_000;
const iso = (time) => new Date(time).toISOString().slice(0, 10);

/** Let what is asked of a week be found out once: counts name the same weeks thousands of times. */
function once(find) {
  const found = new Map();
  return (week, starts = "") => {
    const key = week + starts;
    if (!found.has(key)) found.set(key, find(week, starts));
    return found.get(key);
  };
}

const mondayTime = once((week) => {
  const fourth = Date.UTC(Number(week.slice(0, 4)), 0, 4); // is always in week 1 (ISO 8601)
  return fourth - ((new Date(fourth).getUTCDay() + 6) % 7) * DAY + 7 * DAY * (Number(week.slice(6)) - 1);
});

/** Return the Monday (ISO day) of a week written `2026-W38`. */
export const mondayOf = (week) => iso(mondayTime(week));

const thursdayOf = (week) => iso(mondayTime(week) + 3 * DAY);

/** Return the day of the week, 1 for Monday, of an ISO day. */
export const weekdayOf = (day) => ((new Date(`${day}T00:00Z`).getUTCDay() + 6) % 7) + 1;

/** Name the ISO week that holds an ISO day. */
export function weekOf(day) {
  const thursday = Date.parse(`${day}T00:00Z`) + (4 - weekdayOf(day)) * DAY;
  const year = new Date(thursday).getUTCFullYear();
  return `${year}-W${String(Math.floor((thursday - Date.UTC(year, 0, 1)) / (7 * DAY)) + 1).padStart(2, "0")}`;
}

/** Write an ISO day as its week and its day of the week, `2026-W384`; so written, days sort as they come. */
export const dayInWeeks = (day) => weekOf(day) + weekdayOf(day);

/** Count the weeks from one to another. */
export const weeksFrom = (first, last) => Math.round((mondayTime(last) - mondayTime(first)) / (7 * DAY));

/** List all weeks from the first to the last, both included. */
export function weeksBetween(first, last) {
  const start = mondayTime(first);
  return Array.from({ length: Math.max(0, weeksFrom(first, last) + 1) }, (_, n) => weekOf(iso(start + n * 7 * DAY)));
}

/** Name the month (`2026-09`) that a week belongs to. */
export const monthOf = once((week) => thursdayOf(week).slice(0, 7));

/** Name the school year (`2026-27`) that a week belongs to; years start on `starts`, `08-24`. */
export const schoolYearOf = once((week, starts) => {
  const day = thursdayOf(week);
  const year = Number(day.slice(0, 4)) - (day.slice(5) < starts ? 1 : 0);
  return `${year}-${String((year + 1) % 100).padStart(2, "0")}`;
});

/** Name the half of a school year by its first month. */
export const termOf = once((week, starts) => {
  const day = thursdayOf(week);
  const second = starts >= "06-01" ? "01-01" : "07-01";
  const year = Number(day.slice(0, 4));
  const turns = [year - 1, year].flatMap((one) => [`${one}-${starts}`, `${one}-${second}`]);
  return turns.filter((turn) => turn <= day).sort().at(-1).slice(0, 7);
});
