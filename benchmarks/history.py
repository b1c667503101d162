"""Publishing one changed week with 1 and with 20 school years of history, both schools in turns on one engine."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import boto3

from benchmarks.measure import Row, against, fill, medians, school_running
from chalicelib import wiring
from chalicelib.domain.win import Submission
from chalicelib.stores import bucket, table
from chalicelib.work.configure import configure_school
from chalicelib.work.publish import publish
from chalicelib.work.submit import submit_win
from infra.engine import create_table
from infra.schoolfile import SAMPLE, load_school

_WINS_A_YEAR = 500
_ROUNDS = 15


def measure() -> list[Row]:
    """Send one more win and publish, again and again, in a young school and in an old one."""
    with school_running():
        young, old = _school_of(1), _school_of(20)
        medians(2, young, old)
        short, long = medians(_ROUNDS, young, old)
    return [against("publish of one changed week: 20 years against 1", long, short, 1.2)]


def _school_of(years: int) -> Callable[[], object]:
    """Make a school with a history; return the work of one more win and its publication."""
    name = f"bench-{years}-{uuid.uuid4().hex}"
    dynamodb, s3 = table.connect(), bucket.connect()
    create_table(boto3.client("dynamodb"), name)
    s3.create_bucket(Bucket=name)
    store, site = table.DynamoTable(dynamodb, name), bucket.SiteBucket(s3, name)
    configure_school(store, load_school(SAMPLE))
    desk = replace(wiring.desk(), table=store)
    fill(desk, _WINS_A_YEAR * years, years)

    def send_and_publish() -> None:
        submit_win(replace(desk, now=datetime.now(UTC)), Submission(kind="success", story="One.", link="oak7"), "web")
        publish(store, site, wiring.pages(), wiring.draw_charts, datetime.now(UTC))

    return send_and_publish
