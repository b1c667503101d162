"""Load wins from a CSV, XLSX or JSONL file: `python -m infra.load FILE`. Loading a file twice adds nothing."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from tqdm import tqdm

from chalicelib import wiring
from chalicelib.domain.errors import Problem
from chalicelib.domain.win import Submission
from chalicelib.domain.words import say
from chalicelib.doors.headings import TARGETS, HeadingsProblem, assign, shown
from chalicelib.doors.moments import tells_a_day
from chalicelib.doors.spreadsheet import Plan, read_rows
from chalicelib.work.desk import Desk
from chalicelib.work.submit import build_win, submit_wins
from infra.connection import add_school_option, find_school, run_command
from infra.refusals import NOTHING, Report, reason_of, write_report
from infra.sheets import NotATable, Sheet, read_sheet

_AT_ONCE = 88


class CannotLoad(Exception):  # noqa: N818 - a fact, not a bug
    """Nothing can be loaded, in one sentence."""


def make_plan(sheet: Sheet, options: argparse.Namespace) -> Plan:
    """Decide how a file is read.

    Raises:
        CannotLoad: if its columns or the options do not allow it.
    """
    try:
        columns = assign(sheet.headings, _pairs("--map", options.map))
    except HeadingsProblem as problem:
        raise CannotLoad(str(problem)) from None
    if "story" not in columns:
        raise CannotLoad(f"No column holds the story; name it with --map story=…. There are: {shown(sheet.headings)}.")
    if "kind" not in columns and options.default_kind is None:
        raise CannotLoad(
            "No column holds the kind; name it with --map kind=…, or say --default-kind success or lesson."
        )
    kinds = _pairs("--kind", options.kind)
    if odd := [kind for kind in kinds.values() if kind not in {"success", "lesson"}]:
        raise CannotLoad(f"--kind …={odd[0]}: a kind means success or lesson.")
    if vague := [form for form in options.dates if not tells_a_day(form)]:
        raise CannotLoad(f"--dates {vague[0]}: it must name day, month and year, such as %m/%d/%Y.")
    return Plan(columns, kinds, options.default_kind, tuple(options.dates), options.link)  # type: ignore[arg-type]


def _pairs(option: str, given: Iterable[str]) -> dict[str, str]:
    pairs = {}
    for one in given:
        left, equals, right = one.partition("=")
        if not equals or not left:
            raise CannotLoad(f"{option} {one}: it must be written like {option} name=value.")
        pairs[left] = right
    return pairs


def plan_lines(sheet: Sheet, plan: Plan) -> Iterator[str]:
    """Say which column becomes what, before anything is stored."""
    yield from sheet.notes
    yield f"{len(sheet.rows):,} rows"
    meant = {"arrived": "arrived (time of arrival)", "id": "id (names the row)"}
    for target, heading in plan.columns.items():
        yield f"  {shown([heading])} → {meant.get(target, target)}"
    left_out = [heading for heading in dict.fromkeys(sheet.headings) if heading not in plan.columns.values()]
    yield f"  left out: {shown([heading for heading in left_out if heading])}"
    if "arrived" not in plan.columns:
        yield "  no column says when a row arrived: it arrives now"
    if "kind" not in plan.columns:
        yield f"  no column says the kind: all are {plan.default_kind}"


Read = tuple[int, tuple[Submission, datetime]]


def load(desk: Desk, sheet: Sheet, plan: Plan, *, dry: bool) -> Report:
    """Store the rows that can be stored; by time of arrival, so that a batch touches few weeks."""
    report, good = Report(), list[Read]()
    for number, read in read_rows(sheet.rows, plan, desk.school, desk.now):
        if isinstance(read, Problem):
            report.refused[number] = reason_of(read)
        else:
            good.append((number, read))
    good.sort(key=lambda row: row[1][1])
    with tqdm(total=len(good), unit="row", file=sys.stderr, disable=None) as bar:
        for start in range(0, len(good), _AT_ONCE):
            some = good[start : start + _AT_ONCE]
            (_try if dry else _store)(desk, some, report)
            bar.update(len(some))
    return report


def _try(desk: Desk, some: Sequence[Read], report: Report) -> None:
    for number, (submission, arrived) in some:
        try:
            build_win(desk, submission, "spreadsheet", arrived)
        except Problem as problem:
            report.refused[number] = reason_of(problem)
        else:
            report.stored += 1


def _store(desk: Desk, some: Sequence[Read], report: Report) -> None:
    results = submit_wins(desk, [read for _, read in some], "spreadsheet")
    for (number, _), result in zip(some, results, strict=True):
        if isinstance(result, Problem):
            report.refused[number] = reason_of(result)
        elif result[1]:
            report.stored += 1
        else:
            report.known += 1


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m infra.load",
        description="Load wins from a CSV, XLSX or JSONL file into the school that runs here or that TABLE_NAME names.",
        epilog="Exit code: 0 all fine, 1 some rows refused, 2 nothing could be done.",
    )
    add = parser.add_argument
    add("file", type=Path)
    add_school_option(parser)
    add(
        "--map",
        action="append",
        default=[],
        metavar="TARGET=COLUMN",
        help=f"which column becomes what; TARGET= alone leaves it out. TARGET: {', '.join(TARGETS)}",
    )
    add("--kind", action="append", default=[], metavar="WORD=KIND", help="what a kind in the file means: mixed=lesson")
    add("--default-kind", choices=("success", "lesson"), help="the kind of rows that have none")
    add(
        "--dates",
        action="append",
        default=[],
        metavar="FORM",
        help="how dates are written if not 2026-09-23: %%m/%%d/%%Y",
    )
    add("--link", metavar="CODE", help="the short link all rows count as sent through")
    add("--sheet", metavar="NAME", help="which sheet of a workbook, if not its first")
    add("--dry-run", action="store_true", help="say what would be done and store nothing")
    add("--report", type=Path, metavar="FILE", help="write all refused rows there as CSV: row number and reason")
    return parser


def _school_here(file: Path | None) -> tuple[str, Desk]:
    try:
        where = find_school(file)
    except SystemExit as nobody:
        raise CannotLoad(str(nobody.code)) from None
    return where, wiring.desk()


def _check_report(path: Path | None, file: Path) -> None:
    """Find out before anything is stored that the report could not be written after."""
    if path is None:
        return
    if path.resolve() == file.resolve():
        raise CannotLoad(f"--report {path}: this is the file that is loaded.")
    try:
        path.open("a").close()
    except OSError as error:
        raise CannotLoad(f"--report {path}: {error.strerror}.") from None


def _load_file(options: argparse.Namespace) -> int:
    sheet = read_sheet(options.file, options.sheet)
    plan = make_plan(sheet, options)
    _check_report(options.report, options.file)
    where, desk = _school_here(options.school)
    if plan.link and desk.school.link(plan.link) is None:
        raise CannotLoad(f"--link {plan.link}: {say('en', 'field.unknown_link')}")
    print(f"{options.file.name} → {where}")
    print("\n".join(plan_lines(sheet, plan)), flush=True)
    report = load(desk, sheet, plan, dry=options.dry_run)
    print("\n".join(report.lines(sheet.empty, dry=options.dry_run)))
    if options.report:
        write_report(options.report, report.refused)
    return report.exit_code


def main(arguments: Sequence[str] | None = None) -> int:
    """Load the file that is named; what keeps it from being loaded is said in a sentence."""
    options = _options().parse_args(arguments)
    try:
        return _load_file(options)
    except (CannotLoad, NotATable) as problem:
        print(problem, file=sys.stderr)
    return NOTHING


if __name__ == "__main__":
    sys.exit(run_command(main, failed=NOTHING))
