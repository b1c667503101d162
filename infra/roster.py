"""Give the school's guard the names of its students, as keyed hashes: `python -m infra.roster names.txt`.

The file has a name on each line, or a column with the heading `name`; given and family names are known each by itself,
too. They are hashed here (BLAKE2b with a key of the school's own), and only hashes leave this machine. `--remove` takes
the roster away.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from pathlib import Path

from chalicelib import wiring
from chalicelib.domain.guard import roster_hash
from chalicelib.work.configure import configure_school
from chalicelib.work.secrets import roster_key
from infra.connection import add_school_option, find_school, run_command

_FEWEST_LETTERS = 3
"""Of a name that is known by itself: “Al” and “Jo” would hold half of all stories."""


def names_in(text: str) -> list[str]:
    """Read names, one a line, or from the column `name` of a CSV file."""
    rows = list(csv.reader(text.splitlines()))
    heading = [cell.strip().casefold() for cell in rows[0]] if rows else []
    column = heading.index("name") if "name" in heading else 0
    told = rows[1:] if "name" in heading else rows
    return [row[column].strip() for row in told if len(row) > column and row[column].strip()]


def hashes_of(names: list[str], key: bytes) -> list[str]:
    """Hash whole names, and each of their words that is long enough to be known by itself; sorted, each once."""
    known = {name for full in names for name in (full, *_words(full))}
    return sorted({roster_hash(name, key) for name in known})


def _words(full: str) -> list[str]:
    """Split `Okafor, Zuri Ann` and `Zuri Okafor` into words."""
    return [word for word in re.split(r"[\s,]+", full) if len(word) >= _FEWEST_LETTERS]


def _load(options: argparse.Namespace) -> int:
    print(f"For {find_school(options.school)}", file=sys.stderr)
    text = "" if options.remove else Path(options.file).read_text("utf-8-sig")
    hashes = hashes_of(names_in(text), roster_key(wiring.keys()))
    wiring.table().save_roster(hashes)
    version, school = wiring.table().latest_school() or (0, None)
    if school is None:
        print("The school has no school file yet; store one first.", file=sys.stderr)
        return 1
    now = school.model_copy(update={"privacy": school.privacy.model_copy(update={"roster": bool(hashes)})})
    version, _ = configure_school(wiring.table(), now)
    print(f"{len(hashes)} hashes stored; the guard uses them within five minutes (school file version {version}).")
    return 0


def main() -> int:
    """Read the options and store the roster."""
    parser = argparse.ArgumentParser(prog="python -m infra.roster", description=__doc__)
    parser.add_argument("file", nargs="?", help="a name on each line, or CSV with a column `name`")
    parser.add_argument("--remove", action="store_true", help="take the roster away")
    add_school_option(parser)
    options = parser.parse_args()
    if bool(options.file) == options.remove:
        parser.error("name a file, or --remove")
    return run_command(lambda: _load(options))


if __name__ == "__main__":
    sys.exit(main())
