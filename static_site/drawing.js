// A chart's drawing under a filter: the published spec compiled once by Vega, later only with other numbers.
import { JOINT } from "./dimensions.js";
import { joined } from "./filter.js";
import { make } from "./words.js";

let loading = null;
let tries = 0;

/** Load Vega, once; after a failure under another address, for browsers keep failures of the same. */
function load() {
  loading ??= import(`/assets/vega.js${tries ? `?${tries}` : ""}`).catch((error) => {
    loading = null;
    tries += 1;
    throw error;
  });
  return loading;
}

/** The least width of a tile, and the height of a line of its head. */
const [TILE, LINE] = [30, 14];

/** Name the stories of a mark. */
export function cellOf({ by }, row, column) {
  const joint = JOINT[by.join(" ")];
  if (joint && column) return [[joint, `${row}:${column}`]];
  return column ? [[by[0], row], [by[1], column]] : [[by[0], row]];
}

const idsOf = (lines) => JSON.stringify(lines.map(({ id }) => id));
const namesOf = (lines, nameOf = ({ name }) => name) => JSON.stringify(Object.fromEntries(lines.map((one) => [one.id, nameOf(one)])));

/** Write the head of a tile's column in words of its width: a school year in two lines. */
const headOf = ({ name }) => name.split(/(?=-)/);

/** Name the month of a week where it begins; what has no month is named itself. */
const ticksOf = (lines) => JSON.stringify(
  Object.fromEntries(lines.map(({ id, name, note }, n) => [id, note ? (note === lines[n - 1]?.note ? "" : note) : name])),
);

/** Put other rows and columns into a spec: where it lists their ids, and where it says their names. */
function withLines(spec, { rows, columns, form }, published) {
  const [names, heads] = [namesOf(rows), namesOf(columns, headOf)];
  const listed = new Map([rows, columns].map((lines, n) => [idsOf(published[n]), lines.map(({ id }) => id)]));
  const most = Math.max(...columns.map((one) => headOf(one).length));
  const other = JSON.parse(JSON.stringify(spec), (_, value) => {
    if (Array.isArray(value)) return listed.get(JSON.stringify(value)) ?? value;
    if (value?.as === "told") value.calculate = `${names}[datum.row] + ' · ' + ${namesOf(columns)}[datum.column] + ': ' + datum.label`;
    if (!value?.axis?.labelExpr) return value;
    if (value.field === "row") value.axis.labelExpr = `${form === "columns" ? ticksOf(rows) : names}[datum.label]`;
    else if (form === "tiles") Object.assign(value.axis, { labelExpr: `${heads}[datum.label]`, labelPadding: LINE * most });
    return value;
  });
  return form === "tiles" ? { ...other, width: Math.max(spec.width, TILE * columns.length) } : other;
}

/** Make the spec of what is shown; the mean of all stories is none of these. */
function specOf({ chart, marks }, published) {
  const { datasets, layer, ...shape } = chart.spec;
  const spec = { ...shape, ...(layer && { layer: layer.filter(({ encoding }) => encoding?.y?.field !== "mean") }) };
  const same = chart.rows === published.rows && chart.columns === published.columns;
  return { ...(same ? spec : withLines(spec, chart, [published.rows, published.columns])), datasets: { ...datasets, marks: marks.map((mark) => ({ ...mark })) } }; // Vega changes what it gets
}

const CHANGING = ["n", "label", "share", "behind"];

export class Drawing {
  #view = null;
  #compiled = "";
  #wanted = null;
  #drawn = null;
  #busy = false;

  /** `failed` is what is said when there is nothing but the published drawing. */
  constructor(place, chart, failed) {
    this.frame = place;
    this.place = place.firstElementChild ?? place;
    this.failed = make("p", { class: "hint" }, failed);
    this.published = [...this.place.childNodes];
    this.chart = chart;
    this.host = document.createElement("div");
    this.host.className = "vega";
  }

  /** Hide what is no longer true until it is drawn anew. */
  hide() {
    this.place.style.visibility = "hidden";
    this.failed.remove();
  }

  /** Compile the chart as published, so that numbers are all that is to be changed. */
  async prepare() {
    if (this.#wanted || this.#busy) return;
    this.#busy = true;
    await this.#compile({ chart: this.chart, marks: this.chart.spec.datasets.marks }).catch(() => {});
    this.#busy = false;
    if (this.#wanted) await this.show(this.#wanted);
  }

  /** Draw what is wanted now: `{chart, marks, pairs}`; what is asked for meanwhile comes next. */
  async show(wanted) {
    this.#wanted = wanted;
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (this.#wanted && this.#drawn !== this.#wanted) await this.#draw(this.#wanted);
    } catch {
      this.#compiled = ""; // the next change tries again
      if (this.#wanted) this.#sayThatItFailed();
    }
    this.#busy = false;
  }

  async #draw(wanted) {
    if (idsOf(wanted.chart.rows) + idsOf(wanted.chart.columns) === this.#compiled) await this.#change(wanted.marks);
    else await this.#compile(wanted);
    this.#drawn = wanted;
    if (wanted !== this.#wanted) return;
    if (this.host.parentNode !== this.place) this.place.replaceChildren(this.host);
    this.place.style.visibility = "";
  }

  async #compile(wanted) {
    const { vegaEmbed } = await load();
    this.#view?.finalize();
    this.#compiled = "";
    const options = { actions: false, ast: true, defaultStyle: false, renderer: "svg", tooltip: (...told) => this.#tell(told[3]) };
    const { view } = await vegaEmbed(this.host, specOf(wanted, this.chart), options);
    view.addEventListener("click", (_, item) => this.#open(item?.datum));
    this.#view = view;
    this.#compiled = idsOf(wanted.chart.rows) + idsOf(wanted.chart.columns);
  }

  /** Change only the numbers that are others now: marks that stay need not be made again. */
  #change(marks) {
    const changes = this.#view.changeset();
    this.#view.data("marks").forEach((mark, n) => {
      for (const name of CHANGING) if (mark[name] !== marks[n][name]) changes.modify(mark, name, marks[n][name]);
    });
    return this.#view.change("marks", changes).runAsync();
  }

  #tell(value) {
    this.host.title = value ? Object.values(value).join(" ") : "";
  }

  #open(mark) {
    const { chart, pairs } = this.#drawn;
    if (!mark?.n || !mark.row || mark.label === chart.few) return;
    location.hash = `#stories?${joined(pairs, cellOf(chart, mark.row, mark.column))}`;
  }

  restore() {
    this.#wanted = null;
    this.#showPublished();
  }

  #sayThatItFailed() {
    this.#showPublished();
    this.frame.after(this.failed);
  }

  #showPublished() {
    this.place.replaceChildren(...this.published);
    this.place.style.visibility = "";
    this.failed.remove();
  }
}
