"""Bring back what a school's table had lost: `python -m infra.restore --at 2026-11-24T15:00`.

DynamoDB restores into a new table, while the stack's own goes on: what it lacks is looked up there and put back. Wins
that came since stay, and what was erased stays erased.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from chalicelib import wiring
from infra.clients import client
from infra.connection import add_school_option, find_school, run_command
from infra.deploy.holdings import delete_table, there_is_table
from infra.merging import Item, body_of, items_of, kind_of, merge, win_of

_OVER = {"SIGNIN", "SESSION", "COUNT"}
"""What was for hours alone: who was signed in then is not so again."""


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.restore", description="Bring back what a table had.")
    when = parser.add_mutually_exclusive_group(required=True)
    when.add_argument(
        "--at", type=_moment, metavar="TIME", help="as it was then (ISO 8601, UTC if nothing else is said)"
    )
    when.add_argument("--from", dest="source", metavar="TABLE", help="from a table that was restored already; it stays")
    parser.add_argument("--back", action="append", default=[], metavar="ID", help="a win that is to be as it was then")
    add_school_option(parser)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Restore beside, bring back, and remove what was restored."""
    options = _options().parse_args(arguments)
    where, table = find_school(options.school), wiring.settings().table_name
    source = options.source or _restored(table, options.at)
    hidden = _perhaps_anonymous(table, source)
    items = (item for item in items_of(source) if win_of(item) not in hidden and kind_of(item) not in _OVER)
    done = merge(table, items, {one.strip().upper() for one in options.back})
    if not options.source:
        delete_table(source)
    print(f"{where}: {done.brought:,} items brought back from {source}, {done.stayed:,} were there.")
    if done.weeks:
        print(f"{len(done.weeks)} weeks are counted anew by the next publication.")
    if hidden:
        print("Not brought back, as their senders may have made them anonymous since:", *sorted(hidden))
    if options.at and (erased := _erased_since(options.at)):
        print(
            f"{erased} senders were erased since. What is kept of a phone may be back with the rest: erase them again."
        )
    return 0


def _perhaps_anonymous(table: str, source: str) -> set[str]:
    """Name the wins that are gone by their old ids, while an anonymous one of their day and channel is new."""
    then = {win_of(item): item for item in items_of(source)}
    now = {win_of(item): item for item in items_of(table)}
    new = {_trace(item) for name, item in now.items() if name not in then and _is_anonymous(item)}
    gone = [(name, item) for name, item in then.items() if name and name not in now and not _is_anonymous(item)]
    return {name for name, item in gone if _trace(item) in new}


def _trace(item: Item) -> tuple[Any, ...]:
    body = body_of(item)
    return item["pk"]["S"], body.get("day"), body.get("channel")


def _is_anonymous(item: Item) -> bool:
    return bool(body_of(item).get("author", {}).get("mode") == "anonymous")


def _restored(table: str, moment: datetime) -> str:
    """Restore a table as it was at a moment, beside it, and wait; one that a run before began is gone on with."""
    name = f"{table}-at-{moment.astimezone(UTC):%Y-%m-%dT%H.%M}"[:255]
    dynamodb: Any = client("dynamodb")
    if not there_is_table(name):
        dynamodb.restore_table_to_point_in_time(
            SourceTableName=table, TargetTableName=name, RestoreDateTime=moment, BillingModeOverride="PAY_PER_REQUEST"
        )
    print(f"{name}: DynamoDB restores it, which may take half an hour …", flush=True)
    dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 20, "MaxAttempts": 540})
    return name


def _erased_since(moment: datetime) -> int:
    record = wiring.front().record
    lines = (done for month in record.months() for done in record.done_in(month))
    return sum(done.what == "erased_sender" and done.when > moment for done in lines)


if __name__ == "__main__":
    sys.exit(run_command(main))
