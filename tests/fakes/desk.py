"""A desk with the tests' own keys and time, wins to put on it, and a look at all a table holds."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3

from chalicelib.domain.parsing import parse
from chalicelib.domain.school import School
from chalicelib.domain.small_numbers import Labels
from chalicelib.domain.win import Submission, Win
from chalicelib.work.desk import Desk
from chalicelib.work.submit import build_win

NOW = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)
"""A Wednesday in 2026-W48, morning at the sample school."""
KEYS = {"receipt": ["a receipt key for tests"], "source": ["a source key for tests"]}


def desk_at(table: Any, school: School, now: datetime = NOW, version: int = 1, language: str = "en") -> Desk:
    """Make a desk."""
    return Desk(table, KEYS, school, version, now, language)


def labels_of(*versions: School) -> Labels:
    """Make what decides on labels for a school that had these versions of its file."""
    return Labels(versions[-1], len(versions), lambda number: versions[number - 1])


def submission(story: str = "Two hands went up.", **more: Any) -> Submission:
    """Make a submission as it would come as JSON."""
    told = {"link": "staff", "kind": "success", "story": story, **more}
    return parse(Submission, json.dumps(told).encode())


def win_at(school: School, now: datetime = NOW, weeks_ago: int = 0, **told: Any) -> Win:
    """Make a win that arrived some weeks before."""
    return build_win(desk_at(None, school, now), submission(**told), "web", now - timedelta(weeks=weeks_ago))


def table_dump() -> str:
    """Write out all items of the environment's table, to look for what must (not) be in them."""
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName=os.environ["TABLE_NAME"])
    items = [json.dumps(item, sort_keys=True, ensure_ascii=False) for page in pages for item in page["Items"]]
    return "\n".join(sorted(items))
