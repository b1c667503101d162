"""Publish now, without waiting for the clock: `python -m infra.publish`."""

from __future__ import annotations

import sys

from chalicelib import wiring
from infra.connection import find_school, run_command


def main() -> int:
    """Publish what changed and say what was done."""
    where = find_school()
    done = wiring.publish_now()
    print(f"{where}: {len(done.weeks)} weeks counted, {done.wrote} files written, version {done.version}")
    return 0


if __name__ == "__main__":
    sys.exit(run_command(main))
