"""What the benchmarks share: engines, invented wins, clocks, the table."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from chalicelib import wiring
from chalicelib.domain.parsing import parse
from chalicelib.domain.win import Submission
from chalicelib.work.configure import configure_school
from chalicelib.work.desk import Desk
from chalicelib.work.submit import submit_wins
from infra.engine import ROOT, running_engine
from infra.sample import sample_rows
from infra.schoolfile import SAMPLE, load_school

_AT_ONCE = 440


@dataclass(frozen=True)
class Row:
    """One measured claim."""

    what: str
    measured: str
    floor: str
    ratio: float | None
    limit: str
    kept: bool


def show(rows: list[Row]) -> None:
    """Print the table."""
    print(f"\n{'what':58} {'measured':>12} {'floor':>12} {'ratio':>7}  {'limit':14} kept")
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        print(
            f"{row.what:58} {row.measured:>12} {row.floor:>12} {ratio:>7}  {row.limit:14} {'yes' if row.kept else 'NO'}"
        )


def against(what: str, seconds: float, floor: float, limit: float) -> Row:
    """Compare two times of one run."""
    ratio = seconds / floor
    return Row(what, f"{seconds * 1000:.1f} ms", f"{floor * 1000:.1f} ms", ratio, f"<= {limit:g} x", ratio <= limit)


def for_scale(what: str, seconds: float, floor: float) -> Row:
    """Compare two floors, so that a reader knows what is Amazon's and what is ours."""
    return Row(what, f"{seconds * 1000:.1f} ms", f"{floor * 1000:.1f} ms", seconds / floor, "for scale", kept=True)


def timed(work: Callable[[], Any]) -> float:
    """Return the seconds a piece of work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def medians(rounds: int, *works: Callable[[], Any]) -> list[float]:
    """Time several pieces of work in turns, so that whatever else the machine does strikes all alike."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for taken, work in zip(times, works, strict=True):
            taken.append(timed(work))
    return [median(taken) for taken in times]


@contextmanager
def school_running() -> Iterator[dict[str, str]]:
    """Run DynamoDB Local in memory and moto's S3, with the sample school and no wins; yields the environment."""
    with running_engine("dynamodb-local-memory", "http://127.0.0.1") as engine:
        wiring.forget()
        configure_school(wiring.table(), load_school(SAMPLE))
        yield engine.environment
    wiring.forget()


def fill(desk: Desk, count: int, years: int) -> None:
    """Store invented wins, spread evenly over the given years until now."""
    chance, rows = random.Random(7), sample_rows()  # noqa: S311 - a fixed draw
    start = datetime.now(UTC) - timedelta(days=365 * years - 1)
    step = (datetime.now(UTC) - start) / count
    made = []
    for n in range(count):
        row = dict(chance.choice(rows))
        told = {key: row[key] for key in row if key not in {"week", "day", "lang", "answers"}}
        body = json.dumps({**told, "link": "staff", "nonce": f"bench-{n}"}).encode()
        made.append((parse(Submission, body), start + n * step))
    for first in range(0, count, _AT_ONCE):
        submit_wins(desk, made[first : first + _AT_ONCE], "spreadsheet")


def in_new_process(script: str, environment: dict[str, str]) -> dict[str, Any]:
    """Run a script that prints one JSON line, in a fresh Python."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **environment},
        cwd=Path(ROOT),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
