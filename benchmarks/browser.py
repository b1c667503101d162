"""What a reader waits for, in Chromium on a slow phone: four times slower, behind Slow 4G; 10,000 wins in a year.

The same numbers are read three ways besides: a static page of as many bytes (the floor), one page that fetches a spec
for each chart and gives it to vega-embed (the usual way), and one whose specs hold the stories' rows (the naive way).
"""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from statistics import median
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from benchmarks.measure import Row, fill, school_running
from benchmarks.static import served
from chalicelib import wiring
from chalicelib.work.publish import PAGE, publish
from infra.browser import find_chromium
from infra.engine import ROOT

_WINS, _ROUNDS = 10_000, 5
_SLOW_4G = {"offline": False, "latency": 562.5, "downloadThroughput": 180_000, "uploadThroughput": 84_375}
"""As Chromium's developer tools have it: 1.44 Mbit/s down, 562.5 ms there and back."""
_FIRST, _ALL, _BLOCKED, _RATIO = 1200, 2000, 100, 1.3
"""Blocking time is what each task takes beyond 50 ms once something is painted (web.dev, Total Blocking Time)."""
_SETTLE_MS = 1000
_WATCH = """
window.seen = {}; window.tasks = []; window.painted = 0;
const tell = (list) => window.tasks.push(...list.getEntries().map((one) => [one.startTime, one.duration]));
new PerformanceObserver(tell).observe({ type: "longtask", buffered: true });
new PerformanceObserver((list) => { window.painted = list.getEntriesByName("first-contentful-paint")[0].startTime; })
  .observe({ type: "paint", buffered: true });
window.blocked = () => window.tasks.map(([start, took]) => Math.min(took, start + took - window.painted) - 50)
  .reduce((sum, one) => sum + Math.max(0, one), 0);
const painted = (name) => requestAnimationFrame((now) => { window.seen[name] ??= now; });
const look = () => {
  const charts = document.querySelectorAll(".mark svg, svg.marks, .drawing svg, p.floor").length;
  if (charts) painted("first");
  if (charts >= (window.wanted ?? 11)) painted("all");
  if (!window.seen.all) requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
_EMBED = """
import { vegaEmbed } from "/vega.js";
const ids = await (await fetch("/charts.json")).json();
await Promise.all(ids.map(async (id) => {
  const place = document.body.appendChild(document.createElement("div"));
  place.className = "mark";
  await vegaEmbed(place, await (await fetch(`/specs/${id}`)).json(), { actions: false, renderer: "svg" });
}));
"""


def measure() -> list[Row]:
    """Publish, serve as CloudFront does (compressed, immutable), and look."""
    with school_running():
        fill(wiring.desk(), _WINS, 1)
        publish(wiring.table(), wiring.site(), wiring.pages(), wiring.draw_charts, datetime.now(UTC))
        files = _ways()
    with served(files, {"ours"}) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        try:
            rounds = {"ours": _ROUNDS, "floor": _ROUNDS, "usual": 1, "naive": 1}
            times = {way: _look(browser, f"{address}/{way}", many) for way, many in rounds.items()}
        finally:
            browser.close()
    return _rows(files, times)


def _ways() -> dict[str, tuple[str, bytes]]:
    page = _body(PAGE)
    charts = {
        entry["id"]: json.loads(_body(entry["path"].lstrip("/")))[entry["id"]]
        for entry in _manifest()["charts"]
        if entry["language"] == "en" and entry["path"].startswith("/dashboard/")
    }
    rows = [
        story for entry in _manifest()["stories"] for story in json.loads(_body(entry["path"].lstrip("/")))["stories"]
    ]
    text = page.decode()
    floor = "<!doctype html><meta charset=utf-8><title>floor</title>" + "".join(
        f"<p class=floor>{part}</p>" for part in _as_text(text)
    )
    files = {
        "ours": ("text/html; charset=utf-8", page),
        "floor": ("text/html; charset=utf-8", floor.encode()),
        "usual": (
            "text/html; charset=utf-8",
            b'<!doctype html><title>usual</title><body><script type=module src="/embed.js"></script>',
        ),
        "naive": (
            "text/html; charset=utf-8",
            b'<!doctype html><title>naive</title><body><script type=module src="/embed.js?rows"></script>',
        ),
        "embed.js": ("text/javascript", _EMBED.encode()),
        "embed.js?rows": ("text/javascript", _EMBED.replace("/specs/", "/rows/").encode()),
        "vega.js": ("text/javascript", (ROOT / "static_site" / "vega.js").read_bytes()),
        "charts.json": ("application/json", json.dumps([*charts]).encode()),
    }
    for name, chart in charts.items():
        spec = chart["spec"]
        files[f"specs/{name}"] = ("application/json", json.dumps(spec).encode())
        with_rows = {**spec, "datasets": {**spec["datasets"], "rows": rows}}
        files[f"rows/{name}"] = ("application/json", json.dumps(with_rows).encode())
    return files


def _as_text(page: str) -> list[str]:
    """Cut a page into paragraphs that compress as it does, with nothing to lay out but text."""
    plain = page.replace("&", "&amp;").replace("<", "&lt;")
    size = -(-len(plain) // 40)
    return [plain[start : start + size] for start in range(0, len(plain), size)]


def _manifest() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_body("dashboard/manifest.json"))
    return found


def _body(path: str) -> bytes:
    found = wiring.site().read(path)
    if found is None:
        raise FileNotFoundError(path)
    return found.body


def _look(browser: Browser, address: str, rounds: int) -> dict[str, float]:
    """Open a page some times, each in a browser that has seen nothing; return medians in milliseconds."""
    found: dict[str, list[float]] = {"first": [], "all": [], "blocked": []}
    for _ in range(rounds):
        context = browser.new_context(viewport={"width": 390, "height": 844})
        page = context.new_page()
        devtools = context.new_cdp_session(page)
        devtools.send("Network.enable")
        devtools.send("Network.emulateNetworkConditions", _SLOW_4G)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        page.add_init_script(_WATCH)
        page.goto(address, wait_until="commit", timeout=120_000)
        while not page.evaluate("window.seen.all"):  # the page's policy lets nothing be waited for from inside
            page.wait_for_timeout(200)
        page.wait_for_timeout(_SETTLE_MS)
        seen = page.evaluate("({ ...window.seen, blocked: window.blocked() })")
        for name, times in found.items():
            times.append(seen[name])
        context.close()
    return {name: median(times) for name, times in found.items()}


def _rows(files: dict[str, tuple[str, bytes]], times: dict[str, dict[str, float]]) -> list[Row]:
    ours, floor = times["ours"], times["floor"]
    kb = len(gzip.compress(files["ours"][1], 6)) / 1024
    ratio = ours["first"] / floor["first"]
    rows = [
        Row("slow phone: dashboard's bytes, one request", f"{kb:.1f} KB", "", None, "<= 40 KB", kb <= 40),
        Row(
            "  first chart",
            f"{ours['first']:.0f} ms",
            f"{floor['first']:.0f} ms",
            ratio,
            f"<= {_FIRST} ms, {_RATIO} x",
            ours["first"] <= _FIRST and ratio <= _RATIO,
        ),
        Row(
            "  all charts readable",
            f"{ours['all']:.0f} ms",
            f"{floor['all']:.0f} ms",
            ours["all"] / floor["all"],
            f"<= {_ALL} ms",
            ours["all"] <= _ALL,
        ),
        Row(
            "  blocking time",
            f"{ours['blocked']:.0f} ms",
            f"{floor['blocked']:.0f} ms",
            None,
            f"<= {_BLOCKED} ms",
            ours["blocked"] <= _BLOCKED,
        ),
    ]
    ways = (("usual", "vega-embed over aggregated JSON"), ("naive", "rows in the specs"))
    parts = (("first", "first chart"), ("all", "all charts"))
    rows += [
        Row(
            f"  beside it, {what}: {said}",
            f"{times[way][part]:.0f} ms",
            f"{ours[part]:.0f} ms",
            times[way][part] / ours[part],
            "for scale",
            kept=True,
        )
        for way, what in ways
        for part, said in parts
    ]
    return rows
