// A chart's drawing under a filter: the published spec compiled once by Vega, later only with other marks.
import { JOINT } from "./dimensions.js";
import { joined } from "./filter.js";

let loading = null;
const load = () => (loading ??= import("/assets/vega.js"));

/** Name the stories of a mark. */
export function cellOf({ by }, row, column) {
  const joint = JOINT[by.join(" ")];
  if (joint && column) return [[joint, `${row}:${column}`]];
  return column ? [[by[0], row], [by[1], column]] : [[by[0], row]];
}

/** Put other rows into a spec: where it lists their ids, and where it says their names. */
function withRows(chart, published) {
  const before = JSON.stringify(published.map(({ id }) => id));
  const ids = chart.rows.map(({ id }) => id);
  const names = JSON.stringify(Object.fromEntries(chart.rows.map(({ id, name }) => [id, name])));
  return JSON.parse(JSON.stringify(chart.spec), (_, value) => {
    if (Array.isArray(value) && JSON.stringify(value) === before) return ids;
    if (typeof value === "string") return value.replace(/^\{.*?\}(?=\[datum\.row\])/s, () => names);
    if (value?.field === "row" && value.axis?.labelExpr) value.axis.labelExpr = `${names}[datum.label]`;
    return value;
  });
}

export class Drawing {
  #view = null;
  #drawn = "";
  #asked = 0;
  #now = null;

  constructor(place, chart) {
    this.place = place.firstElementChild ?? place;
    this.published = [...this.place.childNodes];
    this.rows = chart.rows;
    this.host = document.createElement("div");
    this.host.className = "vega";
  }

  /** Hide what is no longer true until it is drawn anew. */
  hide() {
    this.place.style.visibility = "hidden";
  }

  async show(now) {
    const mine = ++this.#asked;
    this.#now = now;
    const rows = JSON.stringify(now.chart.rows.map(({ id }) => id));
    try {
      if (rows !== this.#drawn) await this.#compile(now, rows);
      if (mine !== this.#asked) return;
      await this.#view.data("marks", now.marks).runAsync();
      if (mine !== this.#asked) return;
      if (this.host.parentNode !== this.place) this.place.replaceChildren(this.host);
      this.place.style.visibility = "";
    } catch {
      this.#drawn = ""; // the table says the same; the next change tries again
    }
  }

  async #compile({ chart, marks }, rows) {
    const { vegaEmbed } = await load();
    const spec = { ...withRows(chart, this.rows), datasets: { marks } };
    this.#view?.finalize();
    const options = { actions: false, ast: true, defaultStyle: false, renderer: "svg", tooltip: (...told) => this.#tell(told[3]) };
    const { view } = await vegaEmbed(this.host, spec, options);
    view.addEventListener("click", (_, item) => this.#open(item?.datum));
    this.#view = view;
    this.#drawn = rows;
  }

  #tell(value) {
    this.host.title = value ? Object.values(value).join(" ") : "";
  }

  #open(mark) {
    const { chart, pairs } = this.#now;
    if (!mark?.n || !mark.row || mark.label === chart.few) return;
    location.hash = `#stories?${joined(pairs, cellOf(chart, mark.row, mark.column))}`;
  }

  restore() {
    this.#asked += 1;
    this.place.replaceChildren(...this.published);
    this.place.style.visibility = "";
  }
}
