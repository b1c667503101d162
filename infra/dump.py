"""Write all wins as JSONL, texts unchanged: `python -m infra.dump [-o FILE]`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TextIO

from tqdm import tqdm

from chalicelib import wiring
from chalicelib.domain.win import Win
from chalicelib.ports import Wins
from infra.connection import add_school_option, find_school, run_command

FIELDS = (
    *("id", "week", "day", "state", "kind", "story", "tried", "happened", "takeaway", "quoted"),
    *("goals", "signs", "practices", "groups", "team", "author", "occurred_on"),
    *("helped", "hindered", "resolves", "quotable"),
    *("channel", "link", "tagged_by", "school_version"),
)


def as_line(win: Win) -> str:
    """Write one win as a line of JSON."""
    told = win.model_dump(mode="json")
    return json.dumps({name: told[name] for name in FIELDS}, ensure_ascii=False)


def dump(wins: Wins) -> Iterator[str]:
    """Yield all wins but the removed ones, a line each, ordered by week and id; one week is in memory at a time."""
    for week in tqdm(wins.weeks(), unit="week", file=sys.stderr, disable=None):
        yield from (as_line(win) for win in wins.wins_of(week) if win.state != "deleted")


def open_private(path: Path) -> TextIO:
    """Open a file to be written that nobody but its owner can read: stories may be confidential."""
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8", newline="\n")


def _write(out: TextIO) -> int:
    written = 0
    for line in dump(wiring.table()):
        out.write(line + "\n")
        written += 1
    out.flush()
    return written


def main(arguments: Sequence[str] | None = None) -> int:
    """Write all wins of the school that is found."""
    parser = argparse.ArgumentParser(prog="python -m infra.dump", description="Write all wins as JSONL.")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write there instead of to the terminal")
    add_school_option(parser)
    given = parser.parse_args(arguments)
    path: Path | None = given.output
    where = find_school(given.school)
    try:
        opened = open_private(path) if path else nullcontext(_standard_output())
    except OSError as error:
        print(f"{path}: {error.strerror}.", file=sys.stderr)
        return 1
    with opened as out:
        count = _write(out)
    print(f"{where}: {count:,} wins written", file=sys.stderr)
    return 0


def _standard_output() -> TextIO:
    """Return stdout as UTF-8 with plain line ends, whatever the terminal's language is."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    return sys.stdout


if __name__ == "__main__":
    sys.exit(run_command(main))
