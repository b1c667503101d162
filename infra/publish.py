"""Publish now, without waiting for the clock: `python -m infra.publish`."""

from __future__ import annotations

import argparse
import sys

from chalicelib import wiring
from infra.connection import add_school_option, find_school, run_command


def main() -> int:
    """Publish what changed and say what was done."""
    parser = argparse.ArgumentParser(prog="python -m infra.publish", description=__doc__)
    add_school_option(parser)
    where = find_school(parser.parse_args().school)
    done = wiring.publish_now()
    print(f"{where}: {len(done.weeks)} weeks counted, {done.wrote} files written, version {done.version}")
    if done.unread:
        print(f"not read, so their last counts stand: {', '.join(done.unread)}")
    return 0


if __name__ == "__main__":
    sys.exit(run_command(main))
