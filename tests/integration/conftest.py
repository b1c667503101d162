"""What the integration tests share: a table of each kind, wins of the sample school, and what is logged."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from fakes.desk import win_at
from fakes.memory import MemoryTable

from chalicelib.domain.school import School
from chalicelib.domain.win import Win
from chalicelib.observability import logger
from chalicelib.ports import Table
from chalicelib.stores.table import DynamoTable, connect


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
