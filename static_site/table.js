// The table of a chart under a filter: the same as the server's, every number a link that carries filter and cell.
import { cellOf } from "./drawing.js";
import { DIMENSIONS } from "./dimensions.js";
import { joined } from "./filter.js";
import { make, say } from "./words.js";

/** Columns that a story may lack: a row's total opens the stories that have any of them. */
const SOME_HAVE = ["level", "mode"];

/** Make the table of what was counted; `withTotals` and `withNotes` as the published one has them. */
export function tableOf({ chart, counts, successes, pairs, withTotals, withNotes }, words) {
  const heads = [chart.row_name, ...chart.columns.map(({ name }) => name)];
  if (withTotals) heads.push(words["table.stories"]);
  if (withNotes) heads.push(words["table.note"]);
  const head = make("tr", {}, ...heads.map((name, n) => make("th", { scope: "col", class: n ? "n" : null }, name)));
  const named = new Map(chart.rows.map((row) => [row.id, row.name]));
  publishedNames(chart, named);
  const rows = chart.rows.map((row) => {
    const cells = chart.columns.map((column) => cell(row, column));
    if (withTotals) cells.push(number(counts.total(row.id), link(row.id, SOME_HAVE.includes(chart.by[1]) ? "*" : undefined)));
    if (withNotes) cells.push(make("td", { class: "n" }, row.note));
    return make("tr", {}, make("th", { scope: "row" }, named.get(row.id)), ...cells);
  });

  function link(row, column) {
    return joined(pairs, cellOf(chart, row, column).filter(([key, id]) => key in DIMENSIONS && id));
  }
  function number(n, query, text = String(n)) {
    if (n > 0 && n < chart.at_least) return make("td", { class: "n" }, hidden(chart, words));
    return make("td", { class: "n" }, n ? make("a", { href: `#stories?${query}` }, text) : text);
  }
  function cell(row, column) {
    const n = counts.n(row.id, column.id);
    const share = successes && n ? Math.round((100 * successes.n(row.id, column.id)) / n) : 0;
    return number(n, link(row.id, column.id), successes && n ? say(words, "dashboard.share", { n, share }) : String(n));
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

/** Say why a number is not told. */
function hidden(chart, words) {
  return make(
    "details",
    { class: "why" },
    make("summary", {}, `${say(words, "dashboard.few", { least: chart.at_least })} · ${words["explore.why"]}`),
    make("p", {}, say(words, "explore.because", { least: chart.at_least })),
  );
}
