"""What a school publishes of its counts, as a district reads it: the manifest, and the cubes that it names."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.cube import Known, NotACube, weeks_of_cube
from chalicelib.domain.rollup import Cell
from chalicelib.ports.district import Counted, NotRead
from chalicelib.work.count import FORMAT

_CUBE = re.compile(r"(\d{4}-\d{2}) /dashboard/[0-9a-f]{16}/cube/\1\.json", re.ASCII)


def manifest_of(body: bytes | NotRead, zone: ZoneInfo, known: str) -> Counted:
    """Read which cubes a manifest names.

    Args:
        body: the file, or why it was not read.
        zone: the district's clock.
        known: digest of the ids under which the cubes are to be counted.

    Raises:
        NotRead: if it was not, is no manifest, or one of another format.
    """
    told = _json(body)
    try:
        if told["format"] != FORMAT:
            raise NotRead("format")
        cubes = {str(entry["school_year"]): str(entry["path"]) for entry in told["cubes"]}
        day = datetime.fromisoformat(told["published_at"]).astimezone(zone).date()
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise NotRead("not_a_manifest") from error
    if not all(_CUBE.fullmatch(f"{year} {path}") for year, path in cubes.items()):
        raise NotRead("not_a_manifest")
    return Counted(cubes, known, day.isoformat())


def weeks_of(body: bytes | NotRead, school: str, known: Known) -> dict[str, Counter[Cell]]:
    """Read the weeks of a school's cube, as `weeks_of_cube` does.

    Raises:
        NotRead: if it was not, or is no cube.
    """
    try:
        return weeks_of_cube(_json(body), school, known)
    except NotACube as error:
        raise NotRead("not_a_cube") from error


def _json(body: bytes | NotRead) -> Any:
    if isinstance(body, NotRead):
        raise body
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotRead("not_json") from error
