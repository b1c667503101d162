"""`infra.load` and `infra.dump`, against Amazon's own DynamoDB Local."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook

from chalicelib import wiring
from chalicelib.domain.school import School
from chalicelib.work.amend import remove_win
from chalicelib.work.configure import configure_school
from chalicelib.work.secrets import issue_receipt
from infra import dump, load
from infra.connection import remember, run_command
from infra.engine import Engine

pytestmark = pytest.mark.usefixtures("school")

STORIES = [
    "Two hands up  ",
    " línea uno\r\nlínea dos\n",
    '"Because", she said; then, again',
    "👩🏽‍🏫 e\u0301 \u202eodd",
    "=1+1",
]


@pytest.fixture
def school(real_surroundings: dict[str, str], sample_school: School) -> dict[str, str]:
    configure_school(wiring.table(), sample_school)
    return real_surroundings


def rows_csv(path: Path, rows: list[dict[str, str]], **how: Any) -> Path:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), **how)
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), "utf-8", newline="")
    return path


def told(stories: list[str], **more: str) -> list[dict[str, str]]:
    return [{"date": "2026-03-04", "kind": "success", "story": story} | more for story in stories]


def run(*arguments: object) -> int:
    return run_command(lambda: load.main([str(one) for one in arguments]), failed=2)


def dumped() -> list[dict[str, Any]]:
    return [json.loads(line) for line in dump.dump(wiring.table())]


def take_back(win_id: str) -> None:
    remove_win(wiring.desk(), issue_receipt(wiring.keys(), win_id))


def test_texts_come_back_as_they_were_written(tmp_path: Path) -> None:
    assert run(rows_csv(tmp_path / "a.csv", told(STORIES))) == 0
    assert Counter(win["story"] for win in dumped()) == Counter(STORIES)


def test_loading_twice_adds_nothing_even_under_another_name(tmp_path: Path) -> None:
    run(rows_csv(tmp_path / "a.csv", told(STORIES)))
    before = dumped()
    assert run(rows_csv(tmp_path / "b.csv", told(STORIES[::-1]), delimiter=";")) == 0
    assert dumped() == before


def test_equal_rows_are_all_stored_and_a_grown_file_adds_only_what_is_new(tmp_path: Path) -> None:
    run(rows_csv(tmp_path / "a.csv", told(["Did not answer"] * 37 + ["Other"])))
    assert len(dumped()) == 38
    run(rows_csv(tmp_path / "a.csv", told(["New", *["Did not answer"] * 39, "Other"])))
    assert Counter(win["story"] for win in dumped()) == {"Did not answer": 39, "Other": 1, "New": 1}


def test_a_win_that_was_taken_back_does_not_return_with_its_file(tmp_path: Path) -> None:
    lately = str(datetime.now(UTC).date() - timedelta(days=2))
    path = rows_csv(tmp_path / "a.csv", told(["Keep", "Take back"], date=lately))
    run(path)
    take_back(next(win["id"] for win in dumped() if win["story"] == "Take back"))
    assert run(path) == 0
    assert [win["story"] for win in dumped()] == ["Keep"]


def test_other_options_on_a_file_that_was_loaded_change_nothing_and_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = rows_csv(tmp_path / "a.csv", told(["One"], link="") + told(["Two"], link="elm2"))
    run(path)
    before = dumped()
    assert run(path, "--kind", "success=lesson") == 2
    assert "loaded before and read differently" in capsys.readouterr().out
    assert dumped() == before


def test_a_dry_run_reports_the_same_refusals_and_stores_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = rows_csv(tmp_path / "a.csv", [*told(["Fine"]), *told([" "]), *told(["x" * 10_001])])
    assert run(path, "--dry-run") == 1
    rehearsed = capsys.readouterr().out
    assert dumped() == []
    assert run(path) == 1
    stored = capsys.readouterr().out
    refusals = "refused: 2"
    assert rehearsed[rehearsed.index(refusals) :] == stored[stored.index(refusals) :]
    assert "could be stored: 1" in rehearsed


def test_the_report_lists_every_refused_row_and_no_story(tmp_path: Path) -> None:
    rows = told(["Fine"]) + [{"date": f"2026-17-{n:02d}", "kind": "lesson", "story": "A secret"} for n in range(1, 30)]
    report = tmp_path / "report.csv"
    assert run(rows_csv(tmp_path / "a.csv", rows), "--report", report) == 1
    found = list(csv.DictReader(report.open(encoding="utf-8", newline="")))
    assert [int(row["row"]) for row in found] == list(range(3, 32))
    assert "secret" not in report.read_text("utf-8")


def test_the_date_of_arrival_decides_the_week_on_the_schools_clock(tmp_path: Path) -> None:
    rows = [
        {"received": "2026-03-02T03:30:00Z", "kind": "win", "story": "Sunday night in New York"},
        {"received": "2026-03-02 03:30", "kind": "win", "story": "Monday"},
        {"received": "2026-03-08", "kind": "win", "story": "Sunday"},
    ]
    assert run(rows_csv(tmp_path / "a.csv", rows)) == 0
    assert {win["story"]: (win["week"], win["day"]) for win in dumped()} == {
        "Sunday night in New York": ("2026-W09", "2026-03-01"),
        "Monday": ("2026-W10", "2026-03-02"),
        "Sunday": ("2026-W10", "2026-03-08"),
    }


def google_form(path: Path) -> Path:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "Form Responses 1"
    sheet.append(["Timestamp", "Email Address", "What did you see?", "Success or lesson?", "Goals", "Room"])
    goals = "Every student belongs, Every student chooses to read"
    sheet.append([datetime(2026, 3, 4, 15, 5, 6), "a@school.example", " Emoji 👋\nand more ", "Success", goals, 12])  # noqa: DTZ001 - as sheets have it
    sheet.append([None, None, None, None, None, None])
    sheet.append([datetime(2026, 3, 5, 9, 0), "b@school.example", "=1+1", "Lesson learned", "", 7])  # noqa: DTZ001 - the same
    workbook.save(path)
    return path


def test_a_google_forms_sheet_is_loaded_with_its_questions_mapped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = google_form(tmp_path / "form.xlsx")
    assert run(path, "--map", "story=What did you see?", "--map", "kind=Success or lesson?") == 1
    said = capsys.readouterr().out
    assert "“Timestamp” → arrived" in said
    assert "left out: “Email Address”, “Room”" in said
    assert "empty rows: 1" in said
    assert "row 4: story: This cell holds a formula without its result" in said
    [win] = dumped()
    assert (win["story"], win["day"], win["goals"]) == (" Emoji 👋\nand more ", "2026-03-04", ["belong", "readers"])
    assert win["link"] is None
    assert win["channel"] == "spreadsheet"


def test_nothing_is_stored_before_the_plan_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = rows_csv(tmp_path / "a.csv", [{"text": "A story", "kind": "win"}])
    assert run(path) == 2
    assert "--map story=" in capsys.readouterr().err
    assert run(path, "--map", "story=text", "--link", "nowhere") == 2
    assert "not in use at this school" in capsys.readouterr().err
    assert dumped() == []


def test_a_link_on_the_command_line_tags_what_it_tags_on_a_poster(tmp_path: Path) -> None:
    assert run(rows_csv(tmp_path / "a.csv", told(["One"])), "--link", "oak7") == 0
    [win] = dumped()
    assert (win["link"], win["goals"], win["tagged_by"]) == ("oak7", ["explain"], {"goals/explain": "link"})


def test_a_running_school_is_found_without_being_named(
    school: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("infra.connection.RUNNING", tmp_path / "running.json")
    remember(Engine(school, {}))
    for name in ("TABLE_NAME", "SITE_BUCKET", "KEYS_PARAMETER", "PUBLIC_URL"):
        monkeypatch.delenv(name)
    assert run(rows_csv(tmp_path / "a.csv", told(["One"]))) == 0
    assert "the school of `make run`" in capsys.readouterr().out
    assert [win["story"] for win in dumped()] == ["One"]


def test_without_a_school_the_command_says_where_to_get_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("TABLE_NAME", raising=False)
    monkeypatch.setattr("infra.connection.RUNNING", tmp_path / "running.json")
    assert run(rows_csv(tmp_path / "a.csv", told(["One"]))) == 2
    assert "make run" in capsys.readouterr().err


def test_a_school_that_does_not_answer_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:9")
    wiring.forget()
    assert run(rows_csv(tmp_path / "a.csv", told(["One"]))) == 2
    assert "does not answer" in capsys.readouterr().err


def test_killed_half_way_and_run_again_it_ends_the_same(school: dict[str, str], tmp_path: Path) -> None:
    rows = [
        {"date": f"2026-{1 + n % 6:02d}-{1 + n % 28:02d}", "kind": "lesson", "story": f"Row {n % 500}"}
        for n in range(900)
    ]
    path = rows_csv(tmp_path / "a.csv", rows)
    command = [sys.executable, "-m", "infra.load", str(path)]
    process = subprocess.Popen(command, env={**os.environ, **school}, stdout=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while not dumped() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert 0 < len(dumped()) < 900
    assert run(path) == 0
    assert Counter(win["story"] for win in dumped()) == Counter(row["story"] for row in rows)


def test_a_dump_is_ordered_by_week_and_id_and_leaves_out_what_was_removed(tmp_path: Path) -> None:
    zone, now = ZoneInfo("America/New_York"), datetime.now(UTC)
    days = [now.astimezone(zone).date() - timedelta(days=n) for n in range(1, 40)]
    rows = [{"date": str(day), "kind": "win", "story": f"Story {n}"} for n, day in enumerate(days)]
    run(rows_csv(tmp_path / "a.csv", rows))
    target = tmp_path / "wins.jsonl"
    take_back(dumped()[0]["id"])
    assert dump.main(["-o", str(target)]) == 0
    wins = [json.loads(line) for line in target.read_bytes().decode().splitlines()]
    assert len(wins) == 38
    assert wins == sorted(wins, key=lambda win: (win["week"], win["id"]))
    assert list(wins[0]) == list(dump.FIELDS)


def accepted(row: dict[str, Any]) -> bool:
    """Whether a row of the survey can be a win, by the shape of its date and text alone."""
    try:
        date.fromisoformat(row["date"])
    except ValueError:
        return False
    return bool(row["text"].strip())


def test_real_comments_come_back_text_for_text(
    shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = (shared_data / "stories" / "nhs_comments_dev.jsonl").read_text("utf-8").splitlines()[::8]
    path = tmp_path / "comments.jsonl"
    path.write_text("\n".join(lines), "utf-8")
    rows = [json.loads(line) for line in lines]
    options = ("--map", "story=text", "--kind", "mixed=lesson")
    assert run(path, *options) == 1
    kind = {"win": "success"}
    expected = Counter((row["text"], row["date"], kind.get(row["kind"], "lesson")) for row in rows if accepted(row))
    wins = dumped()
    assert Counter((win["story"], win["day"], win["kind"]) for win in wins) == expected
    assert f"stored: {expected.total():,}" in capsys.readouterr().out
    assert run(path, *options) == 1
    assert f"already there: {expected.total():,}" in capsys.readouterr().out
    assert dumped() == wins
