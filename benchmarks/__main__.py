"""`make bench`: every claim as a ratio against a floor measured in the same run."""

from __future__ import annotations

import sys

from benchmarks import browser, explore, first_publish, guard, history, next_publish, pages, runtime, submit
from benchmarks.measure import Row, show


def main() -> int:
    """Measure everything and print one table; 0 even if a limit is missed, for a table is read, not obeyed."""
    rows: list[Row] = []
    for bench in (runtime, submit, guard, history, first_publish, next_publish, pages, browser, explore):
        print(f"measuring {bench.__name__.rpartition('.')[2]} …", file=sys.stderr, flush=True)
        rows += bench.measure()
    show(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
