// The table of a chart under a filter: the same as the server's, every number a link that carries filter and cell.
import { cellOf } from "./drawing.js";
import { DIMENSIONS } from "./dimensions.js";
import { joined } from "./filter.js";
import { isFew, mayShare } from "./grid.js";
import { make, say } from "./words.js";

/** Columns that a story may lack: a row's total opens the stories that have any of them. */
const SOME_HAVE = ["level", "mode"];

/** Make the table of what was counted; `withTotals` and `withNotes` as the published one has them. */
export function tableOf({ chart, counts, successes, pairs, withTotals, withNotes }, words) {
  const least = chart.at_least;
  const heads = [chart.row_name, ...chart.columns.map(({ name }) => name)];
  if (withTotals) heads.push(words["table.stories"]);
  if (withNotes) heads.push(words["table.note"]);
  const head = make("tr", {}, ...heads.map((name, n) => make("th", { scope: "col", class: n ? "n" : null }, name)));
  const named = new Map(chart.rows.map((row) => [row.id, row.name]));
  publishedNames(chart, named);
  const rows = chart.rows.map((row) => {
    const cells = chart.columns.map((column) => cell(row, column));
    if (withTotals) cells.push(total(row));
    if (withNotes) cells.push(make("td", { class: "n" }, row.note));
    return make("tr", {}, make("th", { scope: "row" }, named.get(row.id)), ...cells);
  });

  function link(row, column) {
    return joined(pairs, cellOf(chart, row, column).filter(([key, id]) => key in DIMENSIONS && id));
  }
  function number(n, query, text = String(n)) {
    if (isFew(n, least)) return hidden(`${say(words, "dashboard.few", { least })} · ${words["explore.why"]}`, "explore.because");
    return make("td", { class: "n" }, n ? make("a", { href: `#stories?${query}` }, text) : text);
  }
  function cell(row, column) {
    const n = counts.n(row.id, column.id);
    const good = successes?.n(row.id, column.id);
    const withShare = successes && n && mayShare(n, good, least);
    return number(n, link(row.id, column.id), withShare ? say(words, "dashboard.share", { n, share: Math.round((100 * good) / n) }) : String(n));
  }
  function total(row) {
    const n = counts.total(row.id);
    const isTelling = chart.columns.some((column) => isFew(counts.n(row.id, column.id), least)) && !isFew(n, least);
    if (isTelling) return hidden(words["explore.why"], "explore.because_total");
    return number(n, link(row.id, SOME_HAVE.includes(chart.by[1]) ? "*" : undefined));
  }
  /** Say why a number is not told. */
  function hidden(summary, because) {
    const why = make("details", { class: "why" }, make("summary", {}, summary), make("p", {}, say(words, because, { least })));
    return make("td", { class: "n" }, why);
  }

  if (chart.form === "columns") rows.reverse();
  return make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows));
}

/** Take names of rows from the published table: there a week without school says so. */
function publishedNames(chart, named) {
  if (chart.form !== "columns") return;
  for (const [text] of chart.table.rows) {
    for (const { id, name } of chart.rows) if (typeof text === "string" && text.startsWith(`${name} `)) named.set(id, text);
  }
}
