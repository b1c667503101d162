"""The only place where real parts are chosen. Nothing happens on import; each part is built when first needed."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, Any

from chalicelib.domain.errors import Problem
from chalicelib.settings import Settings, public_url_of, read_settings, read_watch_settings, region_of
from chalicelib.work.desk import Desk
from chalicelib.work.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from chalicelib.domain.chart import Chart, Picture
    from chalicelib.domain.guard import Span
    from chalicelib.domain.school import School
    from chalicelib.ports import Site, Table, Texter
    from chalicelib.ports.district import OtherSites
    from chalicelib.ports.identity import Identity
    from chalicelib.ports.passes import Passes, Views
    from chalicelib.work.district import Followed
    from chalicelib.work.publish import Pages, Published, Recall
    from chalicelib.work.receive_mail import PostOffice
    from chalicelib.work.retain import Retained
    from chalicelib.work.secrets import Keys
    from chalicelib.work.sign_in import Front

KEYS_KEPT_SECONDS = 300
SCHOOL_KEPT_SECONDS = 30
"""How long a function may go on with the school file it has read."""
ROSTER_KEPT_SECONDS = 300


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
def views() -> Views:
    """Return the links by which others look at the dashboard."""
    from chalicelib.stores.table import connect
    from chalicelib.stores.views import DynamoViews

    return DynamoViews(connect(), settings().table_name)


@lru_cache(maxsize=1)
def _passes(_period: int) -> Passes:
    from chalicelib.stores.keys import connect
    from chalicelib.stores.passes import CloudFrontPasses, fetch_pairs

    return CloudFrontPasses(fetch_pairs(connect(), settings().keys_parameter))


def passes() -> Passes:
    """Return what signs passes for the dashboard; only those who look at it wait for the library that signs."""
    return _passes(int(time.monotonic() // KEYS_KEPT_SECONDS))


@cache
def identity() -> Identity:
    """Return who asks the providers that vouch for leaders."""
    from chalicelib.stores.oidc import OidcIdentity

    return OidcIdentity()


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


@lru_cache(maxsize=1)
def _roster(_period: int) -> Callable[[str], bool]:
    from chalicelib.domain.guard import roster
    from chalicelib.work.secrets import roster_key

    return roster(table().roster(), roster_key(keys()))


@cache
def _comprehend() -> Callable[[str, str], Iterable[Span]]:
    from chalicelib.stores.comprehend import Comprehend, connect

    return Comprehend(connect()).find


@cache
def limits() -> Limits:
    """Return how often somebody sent something lately, as this process knows it."""
    return Limits()


def desk(language: str | None = None) -> Desk:
    """Return where one message is dealt with.

    Raises:
        Problem: `not_set_up` while the school has no school file.
    """
    version, school = _school(int(time.monotonic() // SCHOOL_KEPT_SECONDS))
    on_roster = _roster(int(time.monotonic() // ROSTER_KEPT_SECONDS)) if school.privacy.roster else None
    detect = _comprehend() if school.privacy.comprehend else None
    now, spoken, url = datetime.now(UTC), language or school.languages[0], settings().public_url
    return Desk(table(), keys(), school, version, now, spoken, url, on_roster, detect, limits())


def pages() -> Pages:
    """Return how pages are written."""
    from chalicelib.pages.dashboard import write_dashboards
    from chalicelib.pages.render import look
    from chalicelib.pages.shell import write_shell
    from chalicelib.work.publish import Pages

    shell = partial(write_shell, region=region_of())
    dashboards = partial(write_dashboards, url=public_url_of())
    return Pages(dashboards=dashboards, shell=shell, look=look(), get_ready=_load_charts_meanwhile)


def _load_charts_meanwhile() -> None:
    """Load Altair beside the counting, which mostly waits for the table: half a second saved."""

    def load() -> None:
        import chalicelib.charts.gallery  # noqa: F401

    threading.Thread(target=load, daemon=True).start()


def draw_charts(picture: Picture) -> list[Chart]:
    """Draw all charts; only now is Altair loaded."""
    from chalicelib.charts.gallery import draw_charts as draw

    return draw(picture)


@cache
def _recall() -> Recall:
    from chalicelib.work.publish import Recall

    return Recall()


def publish_now() -> Published:
    """Publish what changed, with the real parts; of a district, once what its schools published is counted."""
    from chalicelib.work.publish import publish

    how = replace(pages(), recall=_recall(), follow=_follow_schools)
    return publish(table(), site(), how, draw_charts, datetime.now(UTC))


def _follow_schools(version: int, school: School) -> Followed:
    from chalicelib.stores.district import DynamoDistrict
    from chalicelib.stores.table import connect
    from chalicelib.work.district import Following

    district = DynamoDistrict(connect(), settings().table_name)
    return Following(table(), district, _school_sites(), datetime.now(UTC)).follow_schools(version, school)


@cache
def _school_sites() -> OtherSites:
    from chalicelib.stores import bucket, keys
    from chalicelib.stores.sites import SchoolSites

    return SchoolSites(bucket.connect(), keys.connect())


def retain_now() -> Retained:
    """Remove what is too old, with the real parts and the newest school file."""
    from chalicelib.work.retain import retain

    forget_school()
    return retain(desk())


def watch_now(event: Any) -> tuple[str, ...]:
    """Look what goes wrong and tell it, with the real parts."""
    from chalicelib.stores.watch import AwsSurroundings, SnsBell, connect
    from chalicelib.work.watch import Watched, watch

    told = read_watch_settings()
    dead = dict(zip(("mails", "texts"), told.dead_letters.split(), strict=True))
    around = AwsSurroundings(connect("sqs"), connect("cloudwatch"), dead, told.functions.split())
    bell = SnsBell(connect("sns"), told.alarm_topic)
    return watch(Watched(table(), site(), around, bell, datetime.now(UTC)), event)


def forget_school() -> None:
    """Forget the school file that was read, because there is a newer one."""
    _school.cache_clear()


def forget() -> None:
    """Forget all parts, so that the next message reads the environment anew."""
    parts = (settings, table, site, post_office, front, identity, views, texter)
    for part in (*parts, _keys, _passes, _school, _roster, _comprehend, _recall, _school_sites, limits):
        part.cache_clear()
