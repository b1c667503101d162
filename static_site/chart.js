// One chart of the page under a filter: its number and sentence at once, its drawing and table when they are in view.
import { Drawing } from "./drawing.js";
import { DIMENSIONS } from "./dimensions.js";
import { writeQuery } from "./filter.js";
import { countBy, isFew, marksOf } from "./grid.js";
import { withLastHeard } from "./heard.js";
import { shapeOf } from "./rows.js";
import { tableOf } from "./table.js";
import { make, say } from "./words.js";

const NEAR = "300px";
/** Forms that have no place to say that a part is hidden. */
const WITHOUT_FEW = ["columns", "shares"];
const views = new WeakMap();
const watcher = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) views.get(target).look(isIntersecting);
  },
  { rootMargin: NEAR },
);

export class ChartView {
  #near = false;
  #shown = null;
  #stale = { drawing: false, table: false };

  /** @param {Element} section @param {object} chart as published @param {{words: object, today: string}} page */
  constructor(section, chart, { words, today }) {
    this.chart = chart;
    this.words = words;
    this.today = today;
    this.follows = chart.by.every((dimension) => dimension in DIMENSIONS);
    this.finding = section.querySelector(".finding");
    this.number = section.querySelector("p.n");
    this.hint = section.querySelector("figure .hint");
    this.table = section.querySelector("table");
    this.place = this.table.parentElement;
    this.details = this.table.closest("details");
    this.said = [this.finding.textContent, this.number.textContent];
    this.withShares = chart.spec.datasets.marks.some((mark) => "share" in mark);
    this.withNotes = chart.form !== "columns" && chart.rows.some(({ note }) => note);
    this.withTotals = chart.table.columns.length > 1 + chart.columns.length + (this.withNotes ? 1 : 0);
    this.drawing = new Drawing(section.querySelector(".drawing"), chart, words["explore.not_drawn"]);
    if (!this.follows) return;
    views.set(section, this);
    watcher.observe(section);
    this.details.addEventListener("toggle", () => this.#tabulate());
  }

  /** Show the records of a part. */
  show(part, { pairs, window, shownWeeks, least }) {
    const { words } = this;
    if (!this.follows) {
      this.finding.textContent = `${this.said[0]} ${words["explore.not_filtered"]}`;
      return;
    }
    const shape = shapeOf(this.chart, window, shownWeeks, part.index.context.names, words);
    const counts = countBy(shape.by, part);
    const successes = this.withShares ? countBy(shape.by, part, part.index.successes) : undefined;
    const few = least > shape.at_least ? { at_least: least, few: `<${least}` } : {};
    const chart = { ...(this.withNotes ? withLastHeard(shape, part, this.today, words) : shape), ...few };
    const hidden = least > 1 && isFew(counts.all, chart.at_least);
    const marks = marksOf(chart, counts, successes);
    this.#tell(hidden ? null : counts.all, least, counts.all === part.n ? pairs : null);
    if (!hidden && WITHOUT_FEW.includes(chart.form) && marks.some(({ label }) => label === chart.few)) {
      this.finding.append(` ${say(words, "explore.few_not_drawn", { least })}`);
    }
    this.#shown = { chart, counts, successes, pairs, marks };
    this.#stale = { drawing: true, table: true };
    this.drawing.hide();
    this.place.replaceChildren();
    if (this.#near) this.#draw();
    if (this.details.open) this.#tabulate();
  }

  /** Say how many stories are counted; where they are all that fit (`pairs`), lead to them. */
  #tell(n, least, pairs) {
    const { words } = this;
    const said = n === null ? say(words, "dashboard.few", { least }) : say(words, "dashboard.n", { n });
    this.number.replaceChildren(n && pairs ? make("a", { href: `#stories?${writeQuery(pairs)}` }, said) : said);
    this.finding.textContent = n === null ? say(words, "explore.finding_few", { least }) : say(words, "explore.finding", { n });
    this.hint.hidden = this.withNotes || ["columns", "shares"].includes(this.chart.form); // it speaks of what Vega leaves out
  }

  /** Take note that the chart came near to what is seen, or left. */
  look(isNear) {
    this.#near = isNear;
    if (isNear) this.#draw();
  }

  /** Get ready for the first filter: what is counted by once need not be found out again. */
  async prepare(part) {
    if (!this.follows) return;
    countBy(this.chart.by, part);
    await this.drawing.prepare();
  }

  /** Draw and list what was left out because nobody saw it. */
  finish() {
    this.#draw();
    this.#tabulate();
  }

  #draw() {
    if (!this.#stale.drawing) return;
    this.#stale.drawing = false;
    this.drawing.show(this.#shown);
  }

  #tabulate() {
    if (!this.#stale.table) return;
    this.#stale.table = false;
    const { withTotals, withNotes } = this;
    this.place.replaceChildren(tableOf({ ...this.#shown, withTotals, withNotes }, this.words));
  }

  /** Show again what the server drew and said. */
  restore() {
    [this.finding.textContent, this.number.textContent] = this.said;
    this.hint.hidden = false;
    this.place.replaceChildren(this.table);
    this.#stale = { drawing: false, table: false };
    this.drawing.restore();
  }
}
