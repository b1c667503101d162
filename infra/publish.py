"""Publish now, without waiting for the clock: `python -m infra.publish`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from chalicelib import wiring
from chalicelib.work.publish import publish
from infra.connection import find_school, run_command


def main() -> int:
    """Publish what changed and say what was done."""
    where = find_school()
    done = publish(wiring.table(), wiring.site(), wiring.pages(), wiring.draw_charts, datetime.now(UTC))
    print(f"{where}: {len(done.weeks)} weeks counted, {done.wrote} files written, version {done.version}")
    return 0


if __name__ == "__main__":
    sys.exit(run_command(main))
