"""Take a school along: `python -m infra.handover take maple.zip`, and `… bring maple.zip` into another stack.

The archive is for people (wins, school file, record, as exports have them) and for another stack (each of its
table's items). Receipts go on to work where the keys go along (`--keys`), in a file of their own for whoever
runs the school.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from chalicelib import wiring
from infra.connection import add_school_option, find_school, run_command
from infra.handover.archive import CannotHandOver, take, take_keys
from infra.handover.bring import bring, bring_keys


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.handover", description="Take a school along, or bring it.")
    parser.add_argument("what", choices=["take", "bring"])
    parser.add_argument("archive", type=Path)
    parser.add_argument("--after", type=Path, metavar="FILE", help="the archive that was brought before this one")
    parser.add_argument("--keys", type=Path, metavar="FILE", help="the secret keys go along, in this file")
    add_school_option(parser)
    return parser


def _take(where: str, options: argparse.Namespace) -> None:
    if options.keys:
        take_keys(wiring.settings().keys_parameter, options.keys)
    print(f"{where}: {take(wiring.settings().table_name, options.archive):,} items in {options.archive}")


def _bring(where: str, options: argparse.Namespace) -> None:
    table = wiring.settings().table_name
    if options.keys:
        bring_keys(table, wiring.settings().keys_parameter, options.keys)
    done = bring(table, options.archive, options.after)
    wiring.forget()
    print(f"{where}: {done.brought:,} items brought, {done.stayed:,} were there.")
    print("Run `python -m infra.deploy apply` once more: what CloudFront says to the API follows from the keys.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Take or bring, and say what there was."""
    options = _options().parse_args(arguments)
    where = find_school(options.school)
    try:
        (_take if options.what == "take" else _bring)(where, options)
    except (CannotHandOver, FileExistsError) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(run_command(main))
