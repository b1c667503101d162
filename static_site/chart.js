// One chart of the page under a filter: its number, sentence and table at once, its drawing when it is in view.
import { Drawing } from "./drawing.js";
import { DIMENSIONS } from "./dimensions.js";
import { countBy, marksOf } from "./grid.js";
import { rowsOf } from "./rows.js";
import { tableOf } from "./table.js";
import { say } from "./words.js";

const NEAR = "300px";
const views = new WeakMap();
const watcher = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) views.get(target).look(isIntersecting);
  },
  { rootMargin: NEAR },
);

const isCounted = ({ by, id }) => id !== "factors" && by.every((dimension) => dimension in DIMENSIONS);

export class ChartView {
  #near = false;
  #stale = false;
  #shown = null;

  /** @param {Element} section @param {object} chart as published @param {object} words */
  constructor(section, chart, words) {
    this.chart = chart;
    this.words = words;
    this.follows = isCounted(chart);
    this.finding = section.querySelector(".finding");
    this.number = section.querySelector("p.n");
    this.place = section.querySelector("table").parentElement;
    this.table = section.querySelector("table");
    this.said = [this.finding.textContent, this.number.textContent];
    this.withShares = chart.spec.datasets.marks.some((mark) => "share" in mark);
    this.drawing = new Drawing(section.querySelector(".drawing"), chart);
    if (!this.follows) return;
    views.set(section, this);
    watcher.observe(section);
  }

  /** Show the records of a part. */
  show(part, { pairs, window, shownWeeks, least }) {
    if (!this.follows) {
      this.finding.textContent = `${this.said[0]} ${this.words["explore.not_filtered"]}`;
      return;
    }
    const counts = countBy(this.chart.by, part);
    const successes = this.withShares ? countBy(this.chart.by, part, part.index.successes) : undefined;
    const rows = rowsOf(this.chart, window, shownWeeks, counts, this.words);
    const few = least > this.chart.at_least ? { at_least: least, few: `<${least}` } : {};
    const chart = { ...this.chart, ...few, rows };
    const hidden = counts.all > 0 && counts.all < chart.at_least && least > 1;
    const n = hidden ? say(this.words, "dashboard.few", { least }) : say(this.words, "dashboard.n", { n: counts.all });
    this.number.textContent = n;
    this.finding.textContent = hidden
      ? say(this.words, "explore.finding_few", { least })
      : say(this.words, "explore.finding", { n: counts.all });
    this.place.replaceChildren(tableOf(chart, counts, successes, pairs, this.words));
    this.#shown = { chart, marks: marksOf(chart, counts, successes), pairs };
    this.#stale = true;
    this.drawing.hide();
    if (this.#near) this.#draw();
  }

  /** Take note that the chart came near to what is seen, or left. */
  look(isNear) {
    this.#near = isNear;
    if (isNear && this.#stale) this.#draw();
  }

  #draw() {
    this.#stale = false;
    this.drawing.show(this.#shown);
  }

  /** Show again what the server drew and said. */
  restore() {
    [this.finding.textContent, this.number.textContent] = this.said;
    this.place.replaceChildren(this.table);
    this.#stale = false;
    this.drawing.restore();
  }
}
