"""The only place where real parts are chosen. Nothing happens on import; each part is built when first needed."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from chalicelib.domain.errors import Problem
from chalicelib.settings import Settings, read_settings
from chalicelib.work.desk import Desk

if TYPE_CHECKING:
    from chalicelib.domain.chart import Chart, Picture
    from chalicelib.domain.school import School
    from chalicelib.ports import Site, Table, Texter
    from chalicelib.work.publish import Pages, Published
    from chalicelib.work.receive_mail import PostOffice
    from chalicelib.work.secrets import Keys
    from chalicelib.work.sign_in import Front

KEYS_KEPT_SECONDS = 300
SCHOOL_KEPT_SECONDS = 30
"""How long a function may go on with the school file it has read."""


@cache
def settings() -> Settings:
    """Return this school's settings."""
    return read_settings()


@cache
def table() -> Table:
    """Return the school's table."""
    from chalicelib.stores.table import DynamoTable, connect

    return DynamoTable(connect(), settings().table_name)


@cache
def site() -> Site:
    """Return the files readers see."""
    from chalicelib.stores.bucket import SiteBucket, connect

    return SiteBucket(connect(), settings().site_bucket)


@cache
def post_office() -> PostOffice:
    """Return where mail comes from and goes to."""
    from chalicelib.stores import bucket, mailer
    from chalicelib.stores.inbox import InboxBucket
    from chalicelib.work.receive_mail import PostOffice

    inbox = InboxBucket(bucket.connect(), settings().inbox_bucket)
    return PostOffice(inbox, mailer.SesMailer(mailer.connect()), settings().mail_address)


@cache
def front() -> Front:
    """Return what signing in needs."""
    from chalicelib.stores.leaders import DynamoRecord, DynamoSignIns
    from chalicelib.stores.table import connect
    from chalicelib.work.sign_in import Front

    client, name = connect(), settings().table_name
    office = post_office()
    return Front(DynamoSignIns(client, name), DynamoRecord(client, name), office.mailer, office.address)


@cache
def texter() -> Texter:
    """Return how texts are sent."""
    from chalicelib.stores.texter import AwsTexter, connect

    return AwsTexter(connect())


@lru_cache(maxsize=1)
def _keys(_period: int) -> Keys:
    from chalicelib.stores.keys import connect, fetch_keys

    return fetch_keys(connect(), settings().keys_parameter)


def keys() -> Keys:
    """Return the school's secret keys."""
    return _keys(int(time.monotonic() // KEYS_KEPT_SECONDS))


@lru_cache(maxsize=1)
def _school(_period: int) -> tuple[int, School]:
    latest = table().latest_school()
    if latest is None:
        raise Problem("not_set_up")
    return latest


def desk(language: str | None = None) -> Desk:
    """Return where one message is dealt with.

    Raises:
        Problem: `not_set_up` while the school has no school file.
    """
    version, school = _school(int(time.monotonic() // SCHOOL_KEPT_SECONDS))
    return Desk(
        table(), keys(), school, version, datetime.now(UTC), language or school.languages[0], settings().public_url
    )


def pages() -> Pages:
    """Return how pages are written."""
    from chalicelib.pages.dashboard import write_dashboard
    from chalicelib.pages.render import look
    from chalicelib.pages.shell import write_shell
    from chalicelib.work.publish import Pages

    return Pages(dashboard=write_dashboard, shell=write_shell, look=look(), get_ready=_load_charts_meanwhile)


def _load_charts_meanwhile() -> None:
    """Load Altair and start the renderer beside the counting, which mostly waits for the table: a second saved."""

    def load() -> None:
        from chalicelib.charts.gallery import start_renderer

        start_renderer()

    threading.Thread(target=load, daemon=True).start()


def draw_charts(picture: Picture) -> list[Chart]:
    """Draw all charts; only now are Altair and the SVG renderer loaded."""
    from chalicelib.charts.gallery import draw_charts as draw

    return draw(picture)


def publish_now() -> Published:
    """Publish what changed, with the real parts."""
    from chalicelib.work.publish import publish

    return publish(table(), site(), pages(), draw_charts, datetime.now(UTC))


def forget() -> None:
    """Forget all parts, so that the next message reads the environment anew."""
    for part in (settings, table, site, post_office, front, texter, _keys, _school):
        part.cache_clear()
