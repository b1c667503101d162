"""Bringing an archive into a school's table."""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from chalicelib import wiring
from infra import keyring
from infra.clients import client
from infra.handover.archive import FORMAT, CannotHandOver, read
from infra.merging import Item, Merged, items_of, kind_of, merge

_MADE_BY_APPLY = {"SCHOOL", "CHANGED", "ROLLUP", "COUNT", "SESSION", "SIGNIN", "DONE"}
"""What a stack that was just deployed may hold, once somebody has looked at it."""


def bring(table: str, archive: Path, before: Path | None = None) -> Merged:
    """Bring an archive into a school's table.

    Args:
        table: a new school's; or one that was brought before and has had wins of its own since.
        archive: what is brought.
        before: the archive that was brought before; what its school has lost since is taken away here too.

    Raises:
        CannotHandOver: if it is none, another school's, or the table has wins of its own school file.
    """
    try:
        with ZipFile(archive) as packed:
            about = json.loads(packed.read("about.json"))
            if about["format"] > FORMAT:
                raise CannotHandOver(f"{archive} was written by a later release: bring it with that one.")
            keys = {key_of_item(item) for item in read(packed)}
            _refuse_another(about["school"])
            if before:
                _take_away(table, before, keys)
            else:
                _refuse_strangers(table, keys)
            _make_room(table, list(read(packed, "SCHOOL")))
            return merge(table, read(packed))
    except (BadZipFile, KeyError, OSError) as wrong:
        raise CannotHandOver(f"{archive} is no archive of a school ({type(wrong).__name__}).") from None


def key_of_item(item: Item) -> tuple[str, str]:
    """Return the key of an item."""
    return item["pk"]["S"], item["sk"]["S"]


def _refuse_another(school: str) -> None:
    latest = wiring.table().latest_school()
    if latest and latest[1].school != school:
        raise CannotHandOver(f"The archive is of {school}, and this is {latest[1].school}: nothing was done.")


def _refuse_strangers(table: str, known: set[tuple[str, str]]) -> None:
    """Refuse a table with wins of its own; a bringing that was broken off has left none but the archive's."""
    if any(kind_of(item) not in _MADE_BY_APPLY and key_of_item(item) not in known for item in items_of(table)):
        raise CannotHandOver("This school has wins that the archive does not know: name the one before it, --after.")


def _take_away(table: str, before: Path, known: set[tuple[str, str]]) -> None:
    """Take away what was brought before and is gone since: taken back, erased, made anonymous, grown too old."""
    with ZipFile(before) as packed:
        gone = [item for item in read(packed) if key_of_item(item) not in known]
    _delete(table, gone)


def _make_room(table: str, versions: list[Item]) -> None:
    """Take away the school file that was stored on deploying: wins name the versions they were sent under."""
    known = {item["sk"]["S"]: item["body"] for item in versions}
    here = [item for item in items_of(table) if kind_of(item) == "SCHOOL" and item["sk"]["S"] in known]
    others = [item for item in here if known[item["sk"]["S"]] != item["body"]]
    if others and any(kind_of(item) not in _MADE_BY_APPLY for item in items_of(table)):
        raise CannotHandOver("This school has wins under a school file of its own: bring the archive into a new one.")
    _delete(table, others)


def _delete(table: str, items: list[Item]) -> None:
    for item in items:
        client("dynamodb").delete_item(TableName=table, Key={"pk": item["pk"], "sk": item["sk"]})


def bring_keys(table: str, parameter: str, file: Path) -> None:
    """Give a school the keys it had; before it has a win, for what was signed or hashed meanwhile would be lost.

    Raises:
        CannotHandOver: if it has other ones already, and uses them.
    """
    keys, here = json.loads(file.read_text("utf-8")), keyring.read_keys(parameter)
    if keys == here:
        return
    if any(kind_of(item) not in _MADE_BY_APPLY for item in items_of(table)):
        raise CannotHandOver("This school uses keys of its own already: bring the keys before its first win.")
    keyring.write(parameter, keys)
