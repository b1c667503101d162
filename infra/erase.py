"""Erase for good: `python -m infra.erase win ID`, `… sender --name … --phone … --mail …`, `… school --yes NAME`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import boto3

from chalicelib import wiring
from chalicelib.domain.errors import Problem
from chalicelib.work.erase import Office, Sender, erase_sender, erase_win, find_traces
from infra.connection import add_school_option, find_school, run_command

if TYPE_CHECKING:
    from chalicelib.domain.retention import Erased

WHO = "operator"
"""Who did it, in the record: somebody who holds the keys to the school's account."""
_ITEMS_AT_ONCE, _FILES_AT_ONCE = 25, 1000


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.erase", description="Erase for good.")
    add_school_option(parser)
    what = parser.add_subparsers(dest="what", required=True)
    win = what.add_parser("win", help="one win")
    win.add_argument("id", help="of the win, as the export has it")
    sender = what.add_parser("sender", help="all that one sender left")
    sender.add_argument("--name", default="", help="as it was given with wins")
    sender.add_argument("--phone", default="", help="a number")
    sender.add_argument("--mail", default="", help="an address")
    sender.add_argument("--yes", action="store_true", help="erase it; without this it is only counted")
    school = what.add_parser("school", help="everything: every item of the table, every file of both buckets")
    school.add_argument("--yes", metavar="NAME", default="", help="the school's id, or the table's name")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Erase what is named."""
    options = _options().parse_args(arguments)
    where = find_school(options.school)
    if options.what == "school":
        return _erase_school(where, options.yes)
    wiring.forget_school()
    desk = wiring.desk("en")
    if options.what == "win":
        return _tell(where, erase_win(desk, WHO, options.id.strip().upper()))
    sender = Sender(options.name, options.phone, options.mail)
    office = Office(wiring.front().record, wiring.post_office().inbox)
    if options.yes:
        return _tell(where, erase_sender(desk, office, WHO, sender))
    found = find_traces(desk, office.inbox, sender)
    counts = ", ".join(f"{n} {what}" for what, n in found.counts.items())
    days = " to ".join(day.isoformat() for day in found.days or ())
    print(f"{where}: {counts}" + (f", from {days}" if days else "") + ". Nothing was erased: say --yes.")
    return 0


def _tell(where: str, done: Erased) -> int:
    known = ", and what was known of the phone" if done.contact else ""
    print(f"{where}: {len(done.wins)} wins and {done.mails} mails erased{known}.")
    for win in done.wins:
        print(f"  {win}")
    print("What stays of each is its id, week and day. The published files follow with the next publication.")
    print(f"Backups of the table hold it until {done.backups_until}.")
    return 0


def _erase_school(where: str, name: str) -> int:
    """Erase everything, the school file last, so that it can be asked for again until nothing is left."""
    settings, latest = wiring.settings(), wiring.table().latest_school()
    allowed = {settings.table_name} | ({latest[1].school} if latest else set())
    if name not in allowed:
        print(f"{where}: nothing was erased. To erase all of it say --yes {min(allowed)}", file=sys.stderr)
        return 1
    if latest and latest[1].privacy.legal_hold:
        raise Problem("on_hold")
    items = _erase_items(settings.table_name, besides="SCHOOL")
    files = sum(map(erase_files, (settings.site_bucket, settings.inbox_bucket)))
    items += _erase_items(settings.table_name)
    files += erase_files(settings.site_bucket)  # what a publication wrote meanwhile
    print(f"{where}: {items} items and {files} files erased.")
    print("Backups of the table hold it for 35 days. The keys, the queues and the stack itself are still there.")
    return 0


def _erase_items(table: str, besides: str = "") -> int:
    client: Any = boto3.client("dynamodb")
    pages = client.get_paginator("scan").paginate(TableName=table, ProjectionExpression="pk, sk", ConsistentRead=True)
    keys = [item for page in pages for item in page["Items"] if item["pk"]["S"] != besides]
    for some in _in_parts(keys, _ITEMS_AT_ONCE):
        asked = {table: [{"DeleteRequest": {"Key": key}} for key in some]}
        while asked:
            asked = client.batch_write_item(RequestItems=asked).get("UnprocessedItems")
    return len(keys)


def erase_files(bucket: str) -> int:
    """Erase all files of a bucket, older versions too where somebody switched versions on."""
    client: Any = boto3.client("s3")
    pages = client.get_paginator("list_object_versions").paginate(Bucket=bucket)
    found = [one for page in pages for kind in ("Versions", "DeleteMarkers") for one in page.get(kind, ())]
    for some in _in_parts(found, _FILES_AT_ONCE):
        keys = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in some]
        client.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})
    return len(found)


def _in_parts(many: list[Any], size: int) -> Iterator[list[Any]]:
    for start in range(0, len(many), size):
        yield many[start : start + size]


if __name__ == "__main__":
    sys.exit(run_command(main))
