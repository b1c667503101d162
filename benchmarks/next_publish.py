"""A publication after one new win among 10,000: in a fresh process, and in one that published before."""

from __future__ import annotations

from datetime import UTC, datetime

from benchmarks.measure import Row, fill, in_new_process, school_running
from chalicelib import wiring
from chalicelib.work.publish import publish

_WINS = 10_000
_COLD_SECONDS, _WARM_SECONDS, _MOST_MB = 2.5, 0.5, 250
_SCRIPT = """
import json, re, time
start = time.perf_counter()
import app
from chalicelib import wiring
from chalicelib.domain.parsing import parse
from chalicelib.domain.win import Submission
from chalicelib.work.submit import submit_win
cold = time.perf_counter() - start
def win(n):
    told = {"story": f"One more hand, the {n}th.", "kind": "success", "link": "oak7", "signs": ["because"]}
    submit_win(wiring.desk(), parse(Submission, json.dumps(told).encode()), "web")
def run():
    start = time.perf_counter()
    wiring.publish_now()
    return time.perf_counter() - start
win(0)
cold += run()
warm = []
for n in range(5):
    win(n + 1)
    warm.append(run())
print(json.dumps({"cold": cold, "warm": sorted(warm)[2],
                  "mb": int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024}))
"""


def measure() -> list[Row]:
    """Publish everything once, then a win at a time."""
    with school_running() as environment:
        fill(wiring.desk(), _WINS, 1)
        publish(wiring.table(), wiring.site(), wiring.pages(), wiring.draw_charts, datetime.now(UTC))
        found = in_new_process(_SCRIPT, environment)
    return [
        _row("publish after one new win, fresh process", found["cold"], _COLD_SECONDS),
        _row("  the next ones in the same process", found["warm"], _WARM_SECONDS),
        Row("  its memory at most", f"{found['mb']:.0f} MB", "", None, f"<= {_MOST_MB} MB", found["mb"] <= _MOST_MB),
    ]


def _row(what: str, seconds: float, most: float) -> Row:
    return Row(what, f"{seconds:.2f} s", "", None, f"<= {most} s", seconds <= most)
