"""What the clocks call, through the time of a school."""

from __future__ import annotations

import gzip
import json
import uuid
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from fakes.desk import submission
from fakes.school_life import SchoolLife

from chalicelib import wiring
from chalicelib.stores.watch import SnsBell
from chalicelib.work.submit import submit_wins


def publishing(life: SchoolLife) -> None:
    """Publish for the first time, with changes, with none, and what a removal takes along."""
    first = life.run("Publish")
    assert first["wrote"]
    assert life.run("Publish")["wrote"] == 0
    with life.deployed.running("APIHandler"):
        sent = life.sent(story="Soon gone.")
    life.run("Publish")
    with life.deployed.running("APIHandler"):
        life.visitor.delete(sent)
    assert life.run("Publish")["weeks"]


def growing_old(life: SchoolLife) -> None:
    """Remove what is too old, what a legal hold kept, and what held wins keep from going by itlife."""
    now = datetime.now(UTC)
    life.change(life.ruled(legal_hold=True))
    with life.deployed.pointed_to():
        ages = {"Very old.": 9, "Old.": 7.5, "Soon old.": 6.99}
        rows = [(submission(story, nonce=story), now - timedelta(days=365.25 * age)) for story, age in ages.items()]
        assert all(new for _, new in submit_wins(wiring.desk(), rows, "spreadsheet"))  # type: ignore[misc]
    life.run("Publish")
    with life.deployed.running("APIHandler"):
        life.visitor.delete(life.sent(story="Withdrawn."))
    assert life.run("Retain")["on_hold"]
    life.change(life.school)
    done = life.run("Retain")
    assert (done["wins"], done["withdrawn"]) == (2, 1)


def watching(life: SchoolLife) -> None:
    """Watch a school in which all is well, one that was never published, and one in which runs failed."""
    log = f"small-wins-x-PublishLog-{uuid.uuid4().hex[:6]}"
    line = json.dumps({"level": "ERROR", "exception_name": "KeyError"})
    told = {"messageType": "DATA_MESSAGE", "logGroup": log, "logEvents": [{"message": line}]}
    event = {"awslogs": {"data": b64encode(gzip.compress(json.dumps(told).encode())).decode()}}
    assert life.run("Watch", event)["problems"] == ["watch.failed"]
    assert life.run("Watch", event)["problems"] == []
    life.run("Watch")
    other = json.dumps({"level": "ERROR", "exception_name": "ValueError"})
    told["logEvents"] = [{"message": other}]
    event = {"awslogs": {"data": b64encode(gzip.compress(json.dumps(told).encode())).decode()}}
    with patch.object(SnsBell, "ring", side_effect=ConnectionError), pytest.raises(ConnectionError):
        life.run("Watch", event)
    assert life.run("Watch", event)["problems"] == ["watch.failed"]
