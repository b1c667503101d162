"""What the integration tests share: a table of each kind, wins of the sample school, and what is logged."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from itertools import count, cycle
from pathlib import Path

import boto3
import pytest
from fakes.admin import Admin, Calls
from fakes.desk import win_at
from fakes.memory import MemoryTable
from fakes.standin import sources_in
from moto.backends import get_backend

from chalicelib import wiring
from chalicelib.domain.school import School
from chalicelib.domain.win import Win
from chalicelib.observability import logger
from chalicelib.ports import Table
from chalicelib.stores.table import DynamoTable, connect
from infra.deploy import proposals, stacks

_REGIONS = cycle(sorted(boto3.Session().get_available_regions("ses")))
_NUMBERS = count(1)
_SET = ("TABLE_NAME", "SITE_BUCKET", "INBOX_BUCKET", "KEYS_PARAMETER", "MAIL_ADDRESS", "PUBLIC_URL")
"""What pointing to a school sets."""


@pytest.fixture(params=["memory", "moto", "dynamodb-local"])
def table(request: pytest.FixtureRequest) -> Table:
    """An empty table of each kind."""
    if request.param == "memory":
        return MemoryTable()
    surroundings = request.getfixturevalue("surroundings" if request.param == "moto" else "real_surroundings")
    return DynamoTable(connect(), surroundings["TABLE_NAME"])


@pytest.fixture
def win(sample_school: School) -> Callable[..., Win]:
    """Make a win of the sample school."""
    return lambda **told: win_at(sample_school, **told)


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """All that the functions log, as CloudWatch would get it at the finest level."""
    stream, level = io.StringIO(), logger.log_level
    monkeypatch.setattr(logger.registered_handler, "stream", stream)
    logger.setLevel("DEBUG")  # not the attribute: logging remembers what it lets pass
    yield stream
    logger.setLevel(level)


@pytest.fixture
def admin(engine: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Admin]:
    """Somebody who deploys, in a region of moto's where nothing is yet."""
    region = next(_REGIONS)
    for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, engine[name])
    for name in _SET:
        monkeypatch.setenv(name, "")  # so that what is set meanwhile is taken back
    settings = {
        "AWS_DEFAULT_REGION": region,
        "AWS_REGION": region,
        "AWS_RETRY_MODE": "standard",
        "AWS_MAX_ATTEMPTS": "1",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.delenv("SCHOOL", raising=False)
    for module in (stacks, proposals):
        monkeypatch.setattr(module, "_LOOK_EVERY_SECONDS", 0.01)
    wiring.forget()
    yield Admin(tmp_path, region, sources_in(tmp_path))
    wiring.forget()
    for kept in get_backend("cloudformation").values():
        for used in (region, os.environ["AWS_DEFAULT_REGION"]):  # another, where a command went to another
            kept[used].stacks.clear()


@pytest.fixture
def calls(admin: Admin) -> Iterator[Calls]:
    """What somebody who deploys calls; each has a region of their own, and so clients of their own."""
    assert admin
    watched = Calls()
    with watched.watching(boto3._get_default_session()):
        yield watched


@pytest.fixture
def school_id() -> str:
    """The id of a school that nobody had before: CloudFront is one for all regions."""
    return f"oak-{next(_NUMBERS)}"
