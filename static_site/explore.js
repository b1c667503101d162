// Filters: the address holds them, every chart and number follows, nothing is asked of a server but published counts.
import { ChartView } from "./chart.js";
import { FILTERS, readQuery, wantedBy, writeQuery } from "./filter.js";
import { isFew, pick } from "./grid.js";
import { idle } from "./idle.js";
import { sayParts } from "./naming.js";
import { indexOf } from "./published.js";
import { again, readOnce, readPublished } from "./reading.js";
import { make, say } from "./words.js";

const NAMES = [...FILTERS, "from", "to"];

/** @param {{form: HTMLFormElement, words: object, language: string, shownWeeks: string[], today: string, close: () => void}} page */
export async function startExploring(page) {
  const explorer = new Explorer(page);
  page.form.addEventListener("change", () => explorer.choose());
  addEventListener("popstate", () => explorer.follow());
  document.getElementById("explore-clear").addEventListener("click", () => explorer.clear());
  addEventListener("beforeprint", () => explorer.finish());
  if (readQuery(location.search, FILTERS).length && !explorer.chosen().length) explorer.fillForm();
  await (explorer.chosen().length ? explorer.choose() : explorer.follow());
  explorer.prepare();
}

/** Cut a window to the weeks there are, unless it lies outside of them. */
function within([first, last], [earliest = first, latest]) {
  if (last < earliest || first > latest) return [first, last];
  return [first < earliest ? earliest : first, last > latest ? latest : last];
}

class Explorer {
  #asked = 0;
  #views = null;
  #applied = null;

  constructor(page) {
    this.page = page;
    this.status = document.getElementById("explore-status");
    this.onPaper = document.getElementById("filtered");
  }

  #field(name) {
    return this.page.form.elements.namedItem(name);
  }

  /** Return what the form asks for. */
  chosen() {
    const pairs = NAMES.map((name) => [name, this.#field(name)?.value ?? ""]);
    return readQuery(writeQuery(pairs.filter(([, value]) => value)), FILTERS);
  }

  fillForm() {
    const asked = new Map(readQuery(location.search, FILTERS));
    for (const name of NAMES) if (this.#field(name)) this.#field(name).value = asked.get(name) ?? "";
  }

  /** The form was changed: the address follows. */
  choose() {
    const query = writeQuery(this.chosen());
    if (query !== writeQuery(readQuery(location.search, FILTERS))) {
      history.pushState(null, "", location.pathname + (query ? `?${query}` : ""));
      this.page.close();
    }
    return this.apply();
  }

  /** The address was changed: the form follows; where only the stories after `#` are others, all stays as it is. */
  follow() {
    if (location.search === this.#applied) return undefined;
    this.fillForm();
    return this.apply();
  }

  clear() {
    for (const name of NAMES) if (this.#field(name)) this.#field(name).value = "";
    this.choose();
  }

  /** Let all charts show what the address asks for. */
  async apply() {
    const mine = ++this.#asked;
    this.#applied = location.search;
    const pairs = readQuery(location.search, FILTERS);
    if (!pairs.length) {
      for (const view of this.#views ?? []) view.restore();
      this.status.textContent = "";
      this.onPaper.textContent = "";
      return;
    }
    try {
      await again(
        () => this.#show(pairs, mine),
        () => (this.published = null),
      );
    } catch {
      if (mine !== this.#asked) return;
      this.#applied = null;
      this.status.textContent = this.page.words["explore.failed"];
    }
  }

  async #show(pairs, mine) {
    const { words, shownWeeks } = this.page;
    const { index, wanted, earliest } = await this.#read(pairs);
    if (mine !== this.#asked) return;
    const part = pick(index, wanted);
    const least = wanted.keys.some(([key]) => key === "group") ? this.least : 1;
    const window = within(wanted.window, [earliest, shownWeeks[1]]);
    for (const view of this.#views) view.show(part, { pairs, window, shownWeeks, least });
    this.#tell(part.n, least, pairs);
    this.onPaper.textContent = say(words, "explore.filtered", { filter: sayParts(words, index.context.names, pairs).join(" · ") });
    this.#finishLater(mine);
  }

  /** Say how many stories fit, and lead to them, unless they are too few. */
  #tell(n, least, pairs) {
    const { words } = this.page;
    if (isFew(n, least)) return this.status.replaceChildren(say(words, "explore.finding_few", { least }));
    const link = make("a", { href: `#stories?${writeQuery(pairs)}` }, words["aloud.stories"]);
    this.status.replaceChildren(...(n ? [say(words, "explore.status", { n }), " ", link] : [words["explore.nothing"]]));
  }

  /** Draw and list one chart after another that nobody sees yet. */
  async #finishLater(mine) {
    for (const view of this.#views) {
      await idle();
      if (mine !== this.#asked) return;
      view.finish();
    }
  }

  /** Draw and list all charts now, for paper. */
  finish() {
    for (const view of this.#views ?? []) view.finish();
  }

  /** Read and compile what a filter will need, while somebody is choosing. */
  async prepare() {
    try {
      const { index, wanted } = await this.#read([]);
      const part = pick(index, wanted);
      for (const view of this.#views) {
        await idle();
        await view.prepare(part);
      }
    } catch {
      // the filter itself says what failed
    }
  }

  /** Read the counts of what is asked for: `{index, wanted, earliest}`, the last being the first week published. */
  async #read(pairs) {
    this.published ??= await readPublished();
    const { language, shownWeeks } = this.page;
    const [earliest] = this.published.manifest.weeks;
    const wanted = wantedBy(pairs, shownWeeks, earliest);
    const counting = indexOf(this.published, wanted.window, shownWeeks[1], language);
    const [index] = await Promise.all([counting, this.#readCharts()]);
    return { index, wanted, earliest };
  }

  /** Read the charts of this page, once. */
  async #readCharts() {
    if (this.#views) return;
    const { language } = this.page;
    const entries = this.published.manifest.charts.filter((entry) => entry.language === language);
    const sections = [...document.querySelectorAll("[data-chart]")];
    const paths = new Map(entries.map(({ id, path }) => [id, path]));
    const readChart = async ({ dataset: { chart } }) => paths.has(chart) && (await readOnce(paths.get(chart)))[chart];
    const charts = await Promise.all(sections.map(readChart));
    this.least = Math.max(1, ...charts.map((chart) => chart?.at_least ?? 1));
    this.#views ??= sections.flatMap((section, n) => (charts[n] ? [new ChartView(section, charts[n], this.page)] : []));
  }
}
