"""What went wrong is told once a day, in ids and numbers, to whom it concerns."""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fakes.memory import MemorySite, MemoryTable
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.school import School
from chalicelib.doors.failures import Failure, read_failures
from chalicelib.work.places import MANIFEST
from chalicelib.work.watch import Watched, watch

NOON = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
CLOCK = {"detail-type": "Scheduled Event", "detail": "{}"}
REQUEST = "6bc28136-xxxx".replace("xxxx", "a1b2") + "-4c3d-8e9f-0123456789ab"
SECRET = "Jayden Smith of room 12 read aloud"


@dataclass
class Around:
    """Surroundings in which something is wrong."""

    dead: dict[str, int] = field(default_factory=dict)
    held_back: int = 0
    asked: int = 0
    silent: bool = False
    """Whether CloudWatch does not answer."""

    def dead_letters(self) -> dict[str, int]:
        return self.dead

    def throttles(self, since: datetime, until: datetime) -> int:
        assert until - since == timedelta(days=1)
        self.asked += 1
        if self.silent:
            raise ConnectionError
        return self.held_back


@dataclass
class Heard:
    """A bell that remembers what it rang."""

    letters: list[tuple[str, str]] = field(default_factory=list)
    broken: bool = False

    def ring(self, subject: str, text: str) -> None:
        if self.broken:
            raise ConnectionError
        self.letters.append((subject, text))


@pytest.fixture
def watched(sample_school: School) -> Watched:
    """A school in which all is well at noon."""
    table, site = MemoryTable(), MemorySite()
    table.save_school(sample_school, 1)
    site.write(MANIFEST, json.dumps({"as_of": "2026-11-25"}).encode(), "")
    return Watched(table, site, Around(), Heard(), NOON)


def heard(watched: Watched) -> list[str]:
    return [text for _, text in watched.bell.letters]  # type: ignore[attr-defined]


def of_logs(*messages: Any, group: str = "small-wins-maple-PublishLog-x1Y2") -> dict[str, Any]:
    lines = [one if isinstance(one, str) else json.dumps(one) for one in messages]
    told = {"messageType": "DATA_MESSAGE", "logGroup": group, "logEvents": [{"message": line} for line in lines]}
    return {"awslogs": {"data": b64encode(gzip.compress(json.dumps(told).encode())).decode()}}


def crash(error: str = "KeyError") -> dict[str, Any]:
    told = {"level": "ERROR", "exception_name": error, "function_request_id": REQUEST}
    return {**told, "message": SECRET, "exception": f"KeyError: {SECRET}"}


def test_where_all_is_well_nothing_is_told(watched: Watched) -> None:
    assert watch(watched, CLOCK) == ()
    assert heard(watched) == []


def test_dead_letters_are_told_once_a_day_and_again_on_the_next(watched: Watched) -> None:
    watched.surroundings.dead.update(mails=1, texts=3)  # type: ignore[attr-defined]
    assert watch(watched, CLOCK) == ("watch.dead_mails", "watch.dead_texts")
    assert watch(watched, CLOCK) == ()
    (letter,) = heard(watched)
    assert letter.startswith("One mail could not be dealt with.")
    assert "3 text messages could not be dealt with." in letter
    site = MemorySite()
    site.write(MANIFEST, b'{"as_of": "2026-11-26"}', "")
    tomorrow = replace(watched, site=site, now=NOON + timedelta(days=1))
    assert watch(tomorrow, CLOCK) == ("watch.dead_mails", "watch.dead_texts")


def test_what_could_not_be_told_is_told_at_the_next_look(watched: Watched) -> None:
    watched.surroundings.dead.update(mails=1)  # type: ignore[attr-defined]
    with pytest.raises(ConnectionError):
        watch(replace(watched, bell=Heard(broken=True)), CLOCK)
    assert watch(watched, CLOCK) == ("watch.dead_mails",)


def test_a_changed_week_that_two_looks_find_is_late_and_one_that_is_changed_anew_is_not(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = {"2026-W47": "one"}
    monkeypatch.setattr(watched.table, "changed_weeks", lambda: dict(marks))
    assert watch(watched, CLOCK) == ()
    marks["2026-W47"] = "two"
    assert watch(watched, CLOCK) == ()
    assert watch(watched, CLOCK) == ("watch.late",)


@pytest.mark.parametrize(("hour", "told"), [(6, ()), (8, ("watch.late",))])  # 1 and 3 o'clock in the school's zone
def test_a_dashboard_of_yesterday_is_late_once_the_day_is_no_longer_young(
    watched: Watched, hour: int, told: tuple[str, ...]
) -> None:
    early = datetime(2026, 11, 26, hour, 30, tzinfo=UTC)
    assert watch(replace(watched, now=early), CLOCK) == told


def test_a_school_that_was_never_published_is_late_and_one_without_a_file_is_not(watched: Watched) -> None:
    assert watch(replace(watched, site=MemorySite()), CLOCK) == ("watch.late",)
    assert watch(replace(watched, site=MemorySite(), table=MemoryTable()), CLOCK) == ()


def test_throttles_are_asked_for_once_a_day(watched: Watched) -> None:
    around = Around(held_back=7)
    looking = replace(watched, surroundings=around)
    assert watch(looking, CLOCK) == ("watch.throttled",)
    assert watch(looking, CLOCK) == ()
    assert around.asked == 1
    assert "7 times" in heard(watched)[0]


def test_a_day_on_which_throttles_could_not_be_asked_for_is_asked_for_again_and_all_else_is_told(
    watched: Watched,
) -> None:
    around = Around(dead={"mails": 1}, held_back=7, silent=True)
    looking = replace(watched, surroundings=around)
    with pytest.raises(ConnectionError):
        watch(looking, CLOCK)
    assert len(heard(watched)) == 1
    around.silent = False
    assert watch(looking, CLOCK) == ("watch.throttled",)


def test_a_failed_run_is_told_by_function_error_and_request_and_no_word_more(watched: Watched) -> None:
    timeout = {"type": "platform.report", "record": {"requestId": REQUEST, "status": "timeout"}}
    assert watch(watched, of_logs(crash(), crash(), timeout, SECRET)) == ("watch.failed",) * 3
    assert watch(watched, of_logs(crash())) == ()
    (letter,) = heard(watched)
    assert f"The function Publish failed: KeyError. Its log has the rest, by request {REQUEST}." in letter
    assert "failed: timeout" in letter
    assert "Jayden" not in letter


def test_the_letter_is_in_english_and_in_the_schools_first_language(watched: Watched, sample_school: School) -> None:
    watched.table.save_school(sample_school.model_copy(update={"languages": ("es", "en")}), 2)
    watch(watched, of_logs(crash()))
    (letter,) = heard(watched)
    assert "The function Publish failed" in letter
    assert "La función Publish falló" in letter
    assert watched.bell.letters[0][0].isascii()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "event",
    [
        {"awslogs": None},
        {"awslogs": {"data": "no base64!"}},
        {"awslogs": {"data": b64encode(b"no gzip").decode()}},
        {"awslogs": {"data": b64encode(gzip.compress(b"[1]")).decode()}},
        {"awslogs": {"data": b64encode(gzip.compress(b'{"messageType": "DATA_MESSAGE"}')).decode()}},
    ],
)
def test_what_cannot_be_read_is_told_as_unknown(event: Any) -> None:
    assert read_failures(event) == [Failure("unknown", "unknown", "")]


def test_a_test_message_of_cloudwatch_tells_of_nothing() -> None:
    told = gzip.compress(b'{"messageType": "CONTROL_MESSAGE", "logEvents": []}')
    assert read_failures({"awslogs": {"data": b64encode(told).decode()}}) == []


@given(st.text(), st.text(), st.text(), st.text())
def test_no_free_text_of_a_line_is_repeated(error: str, request_id: str, group: str, message: str) -> None:
    line = {"exception_name": error + " ", "function_request_id": request_id + "\n", "message": message}
    (found,) = read_failures(of_logs(line, group=group + "\n"))
    assert (found.function, found.error, found.request) == ("unknown", "unknown", "")
