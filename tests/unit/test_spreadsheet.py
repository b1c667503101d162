"""Files, columns, dates and rows, before anything touches a school's table."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from chalicelib.domain.errors import Problem
from chalicelib.domain.school import School
from chalicelib.domain.win import Submission
from chalicelib.doors.headings import TARGETS, HeadingsProblem, assign
from chalicelib.doors.moments import arrival, read_moment, tells_a_day
from chalicelib.doors.spreadsheet import Plan, Row, read_rows
from infra.refusals import reason_of
from infra.sheets import NotATable, Sheet, read_sheet

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 9, 23, 12, tzinfo=UTC)


def kept(path: Path, body: bytes) -> Path:
    path.write_bytes(body)
    return path


def workbook(*rows: list[Any]) -> bytes:
    book, body = Workbook(), io.BytesIO()
    for row in rows:
        assert book.active is not None
        book.active.append(row)
    book.save(body)
    return body.getvalue()


def read_one(school: School, cells: dict[str, Any], **how: Any) -> tuple[Submission, datetime]:
    plan = Plan(assign(list(cells), {}), how.pop("kinds", {}), **how)
    [(_, read)] = read_rows([Row(2, cells)], plan, school, NOW)
    if isinstance(read, Problem):
        raise read
    return read


def codes(school: School, cells: dict[str, Any], **how: Any) -> list[tuple[str, str]]:
    with pytest.raises(Problem) as caught:
        read_one(school, {"kind": "win", "story": "A story"} | cells, **how)
    return [(one.field, one.code) for one in caught.value.fields]


# files


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_csv_is_read_with_any_delimiter_and_encoding(tmp_path: Path, mark: str, encoding: str) -> None:
    text = f'kind{mark}story\r\nlección{mark}"a{mark}b\r\n""c"""\r\n'
    sheet = read_sheet(kept(tmp_path / "a.csv", text.encode(encoding)))
    assert sheet.headings == ["kind", "story"]
    assert [row.cells for row in sheet.rows] == [{"kind": "lección", "story": f'a{mark}b\r\n"c"'}]
    assert bool(sheet.notes) is (encoding == "cp1252")


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("a.csv", b" \n", "is empty"),
        ("a.csv", b",,\n1,2,3\n", "no headings"),
        ("a.csv", b'a,b\n"never closed,2\n3,4\n', "quotation marks"),
        ("a.csv", b"a,\x81\n", "UTF-8 or Windows-1252"),
        ("a.csv", b"\xef\xbb\xbfa,\xff\n", "UTF-8 or Windows-1252"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1", "save it as .xlsx"),
        ("a.xlsx", b"PK\x03\x04 cut", "download it again"),
        ("a.xlsx", workbook(["kind", "story"])[:-400], "download it again"),
        ("a.jsonl", b"[1]\n2\nnull", "one object a line"),
    ],
)
def test_a_broken_file_is_refused_with_a_sentence(tmp_path: Path, name: str, body: bytes, says: str) -> None:
    with pytest.raises(NotATable, match=says):
        read_sheet(kept(tmp_path / name, body))


def test_a_folder_and_a_missing_file_are_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotATable, match="Is a directory"):
        read_sheet(tmp_path)
    with pytest.raises(NotATable, match="No such file"):
        read_sheet(tmp_path / "none.csv")


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(101_000_000)
    with pytest.raises(NotATable, match="larger than 100 MB"):
        read_sheet(path)


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb, bomb.open("xl/sheet.xml", "w") as part:
        for _ in range(401):
            part.write(bytes(1_000_000))
    with pytest.raises(NotATable, match="unpacks"):
        read_sheet(path)


def test_workbook_cells_become_what_a_person_sees(tmp_path: Path) -> None:
    moment = datetime(2026, 3, 4, 15, 5)  # noqa: DTZ001 - as sheets have it
    cells = [" a\n_x000D_b ", 12, 1.5, True, moment, date(2026, 3, 4)]
    sheet = read_sheet(kept(tmp_path / "a.xlsx", workbook(list("abcdef"), cells)))
    assert list(sheet.rows[0].cells.values()) == [" a\n\rb ", "12", "1.5", "TRUE", moment, date(2026, 3, 4)]


def test_rows_keep_the_numbers_a_person_sees(tmp_path: Path) -> None:
    sheet = read_sheet(kept(tmp_path / "a.csv", b'a,b\n"1\n1",2\n\n,\n3,4\n5,6,7\n'))
    assert [(row.number, row.broken) for row in sheet.rows] == [(2, ""), (5, ""), (6, "too_many_cells")]
    assert sheet.empty == 2


def test_broken_json_is_a_sentence_or_a_refused_row(tmp_path: Path, shared_data: Path, sample_school: School) -> None:
    for line in (shared_data / "bad_input" / "json_parsing_dev.jsonl").read_text("utf-8").splitlines():
        bad = base64.b64decode(json.loads(line)["bytes_base64"]).replace(b"\n", b" ")
        body = b'{"story": "A story", "kind": "win"}\n' + bad + b'\n{"kind": "win", "story": ' + bad + b"}\n"
        sheet = read_sheet(kept(tmp_path / "a.jsonl", body))
        plan = Plan({"story": "story", "kind": "kind"}, {})
        first, *others = read_rows(sheet.rows, plan, sample_school, NOW)
        assert not isinstance(first[1], Problem)
        assert all(reason_of(read) for _, read in others if isinstance(read, Problem))


def test_lines_of_json_fail_one_by_one(tmp_path: Path) -> None:
    lines = [b'{"story": "first", "kind": "win"}', b'{"story": 1, "story": 2}', b'{"story": "\xff"}', b"[]"]
    sheet = read_sheet(kept(tmp_path / "a.jsonl", b"\n".join(lines)))
    assert [row.broken for row in sheet.rows] == ["", "twice", "not_text", "not_an_object"]


# columns


def test_usual_headings_are_known_in_english_and_spanish() -> None:
    assert assign(["Marca temporal", "Historia", "TIPO:", "Meta", "¿Qué pasó?", "Row ID", "Score"], {}) == {
        "arrived": "Marca temporal",
        "story": "Historia",
        "kind": "TIPO:",
        "goals": "Meta",
        "happened": "¿Qué pasó?",
        "id": "Row ID",
    }


def test_every_target_is_known_by_its_own_name() -> None:
    assert assign(TARGETS, {}) == {target: target for target in TARGETS}


def test_what_is_told_goes_before_what_is_known() -> None:
    assert assign(["story", "what happened?", "date"], {"story": "What happened", "arrived": ""}) == {
        "story": "what happened?"
    }
    assert assign(["text", "date"], {"story": "text", "occurred": "date"}) == {"story": "text", "occurred_on": "date"}
    assert assign(["date", "Timestamp"], {"arrived": "Timestamp"}) == {"arrived": "Timestamp"}


@pytest.mark.parametrize(
    ("headings", "told", "says"),
    [
        (["a"], {"tale": "a"}, "nothing is called “tale”"),
        (["a"], {"story": "b"}, "no column “b”"),
        (["Timestamp", "Date"], {}, "could both be the arrived"),
        (["story", "story"], {}, "headed “story”"),
    ],
)
def test_columns_are_never_guessed(headings: list[str], told: dict[str, str], says: str) -> None:
    with pytest.raises(HeadingsProblem, match=says):
        assign(headings, told)


# dates


@pytest.mark.parametrize(
    ("text", "forms", "utc"),
    [
        ("2026-03-04", (), "2026-03-04T17:00"),
        ("2026-03-04 09:30", (), "2026-03-04T14:30"),
        ("2026-07-04T09:30:15", (), "2026-07-04T13:30"),
        ("2026-03-04T09:30Z", (), "2026-03-04T09:30"),
        ("2026-03-04 09:30:00.123 +0200", (), "2026-03-04T07:30"),
        ("3/4/2026", ("%m/%d/%Y",), "2026-03-04T17:00"),
        ("3/4/2026 9:30 PM", ("%m/%d/%Y", "%m/%d/%Y %I:%M %p"), "2026-03-05T02:30"),
        ("17/03/2026", ("%m/%d/%Y", "%d/%m/%Y"), "2026-03-17T16:00"),
    ],
)
def test_dates_are_read_as_written_on_the_schools_clock(text: str, forms: tuple[str, ...], utc: str) -> None:
    moment = arrival(read_moment("arrived", text, forms), NEW_YORK, NOW)
    assert moment.astimezone(UTC).isoformat().startswith(utc)


@pytest.mark.parametrize(
    ("value", "forms", "code"),
    [
        ("2021-17-10", (), "not_a_moment"),
        ("03/04/2021", (), "not_a_moment"),
        ("20210304", (), "not_a_moment"),
        ("2021-W05-1", (), "not_a_moment"),
        ("2021-02-29", (), "not_a_moment"),
        ("yesterday", (), "not_a_moment"),
        (1_700_000_000, (), "not_a_moment"),
        ("03/04/2021", ("%m/%d/%Y", "%d/%m/%Y"), "two_dates"),
        ("2026-09-24", (), "in_future"),
        ("2026-09-23T12:00:01Z", (), "in_future"),
        ("1969-12-31", (), "too_early"),
        ("0001-01-01T00:00+14:00", (), "too_early"),
    ],
)
def test_a_date_that_cannot_be_right_is_refused(value: object, forms: tuple[str, ...], code: str) -> None:
    with pytest.raises(Problem) as caught:
        arrival(read_moment("arrived", value, forms), NEW_YORK, NOW)
    assert [one.code for one in caught.value.fields] == [code]


def test_this_morning_todays_date_means_no_later_than_now() -> None:
    assert arrival(date(2026, 9, 23), NEW_YORK, NOW) == NOW


@pytest.mark.parametrize(("form", "fine"), [("%d.%m.%y", True), ("%m/%d", False), ("%q", False), ("", False)])
def test_a_form_of_dates_must_name_a_whole_day(form: str, fine: bool) -> None:  # noqa: FBT001 - a table of cases
    assert tells_a_day(form) is fine


# rows


@pytest.mark.parametrize(
    ("word", "kind"), [("Success", "success"), ("WIN", "success"), ("Éxito", "success"), ("lección ", "lesson")]
)
def test_kinds_are_known_in_english_and_spanish(sample_school: School, word: str, kind: str) -> None:
    assert read_one(sample_school, {"kind": word, "story": "A story"})[0].kind == kind


def test_an_unknown_or_missing_kind_is_refused_unless_it_is_told(sample_school: School) -> None:
    assert codes(sample_school, {"kind": "mixed"}) == [("kind", "unknown_kind")]
    assert codes(sample_school, {"kind": "a story in the wrong column " * 3}) == [("kind", "too_long")]
    assert codes(sample_school, {"kind": ""}) == [("kind", "kind_needed")]
    mixed = {"kind": "Mixed", "story": "A story"}
    assert read_one(sample_school, mixed, kinds={"mixed": "lesson"})[0].kind == "lesson"
    assert read_one(sample_school, {"story": "A story"}, default_kind="success")[0].kind == "success"


def test_tags_are_ids_or_names_in_any_language_and_case(sample_school: School) -> None:
    submission, _ = read_one(
        sample_school,
        {
            "kind": "win",
            "story": "A story",
            "goals": "BELONG; every student chooses to read,Las familias son parte del aprendizaje",
            "signs": "students say “because” without being asked",
            "practices": "talk-moves:A, Tiempo de espera : b;conferring",
            "groups": "Whole class",
            "team": "Grados 2\u20133",
        },
    )
    assert submission.goals == ("belong", "readers", "families")
    assert submission.signs == ("because",)
    assert [(use.id, use.level) for use in submission.practices] == [
        ("talk-moves", "a"),
        ("wait-time", "b"),
        ("conferring", None),
    ]
    assert (submission.groups, submission.team) == (("whole-class",), "grade-2-3")


def test_a_name_with_commas_is_one_name(sample_school: School) -> None:
    goal = sample_school.goals[0].model_copy(update={"name": {"any": "Think, pair, share"}})
    school = sample_school.model_copy(update={"goals": (goal, *sample_school.goals[1:])})
    submission, _ = read_one(school, {"kind": "win", "story": "A story", "goals": "readers, Think, pair, share"})
    assert submission.goals == ("readers", "explain")


def test_a_name_that_two_have_is_not_guessed(sample_school: School) -> None:
    twin = sample_school.goals[0].model_copy(update={"id": "twin"})
    school = sample_school.model_copy(update={"goals": (*sample_school.goals, twin)})
    name = sample_school.goals[0].name["en"]
    assert codes(school, {"goals": name}) == [("goals", "unknown_goal")]
    retired = school.model_copy(update={"goals": (*sample_school.goals, twin.model_copy(update={"retired": True}))})
    assert read_one(retired, {"kind": "win", "story": "A story", "goals": name})[0].goals == ("explain",)


def test_json_lists_are_taken_as_the_api_takes_them(sample_school: School) -> None:
    practices = [{"id": "talk-moves", "level": "a"}, "wait-time:b", {"id": "conferring"}]
    cells = {"kind": "win", "story": "A story", "goals": ["belong"], "practices": practices}
    submission, _ = read_one(sample_school, cells)
    assert [(use.id, use.level) for use in submission.practices] == [
        ("talk-moves", "a"),
        ("wait-time", "b"),
        ("conferring", None),
    ]


def test_everything_wrong_with_a_row_is_said_at_once(sample_school: School) -> None:
    cells = {"date": "03/04/2021", "kind": "odd", "story": " ", "goals": "moon", "team": "nobody", "tried": "a\x00"}
    assert sorted(codes(sample_school, cells)) == [
        ("arrived", "not_a_moment"),
        ("goals", "unknown_goal"),
        ("kind", "unknown_kind"),
        ("story", "blank"),
        ("team", "unknown_team"),
        ("tried", "control_character"),
    ]


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"date": None}, ("arrived", "needed")),
        ({"story": None}, ("story", "needed")),
        ({"story": 5}, ("story", "must_be_text")),
        ({"story": "\ud800"}, ("row", "not_text")),
        ({"goals": {"a": 1}}, ("goals", "must_be_list")),
        ({"team": 7}, ("team", "must_be_text")),
        ({"practices": "talk-moves:z"}, ("practices[0].level", "choose_one")),
        ({"practices": ":a"}, ("practices", "unknown_practice")),
        ({"practices": [{"level": "a"}]}, ("practices[0].id", "needed")),
        ({"occurred_on": "soon"}, ("occurred_on", "not_a_moment")),
        ({"author": {"mode": "named"}}, ("author", "name_needed")),
    ],
)
def test_a_row_that_cannot_be_a_win_is_refused(
    sample_school: School, cells: dict[str, Any], problem: tuple[str, str]
) -> None:
    assert codes(sample_school, cells) == [problem]


def test_a_name_in_a_file_is_shown_to_nobody_unless_the_school_or_the_row_says_so(sample_school: School) -> None:
    row = {"kind": "win", "story": "A story", "author": "Ms. Lee"}
    author = read_one(sample_school, row)[0].author
    assert author is not None
    assert author.mode == "confidential"
    named = read_one(sample_school, {**row, "author_mode": "Named"})[0].author
    assert named is not None
    assert (named.mode, named.name) == ("named", "Ms. Lee")
    nameless = read_one(sample_school, {**row, "author": "", "author_mode": "anonymous"})[0].author
    assert nameless is not None
    assert nameless.mode == "anonymous"


def nonces(school: School, rows: list[dict[str, Any]]) -> list[str | None]:
    plan = Plan(assign(list(rows[0]), {}), {})
    read = read_rows([Row(n, row) for n, row in enumerate(rows)], plan, school, NOW)
    return [one[0].nonce for _, one in read if not isinstance(one, Problem)]


def test_a_row_keeps_its_name_wherever_it_stands(sample_school: School) -> None:
    rows = [{"id": f"{n % 4}", "kind": "win", "story": f"Story {n % 3}"} for n in range(40)]
    names = nonces(sample_school, rows)
    assert len(set(names)) == 40
    assert set(nonces(sample_school, rows[::-1])) == set(names)
    assert set(nonces(sample_school, [*rows, {"id": "9", "kind": "win", "story": "Story 1"}])) > set(names)


def test_a_column_that_is_left_out_does_not_make_a_row_another(sample_school: School) -> None:
    row = {"kind": "win", "story": "A story"}
    assert nonces(sample_school, [row]) == nonces(sample_school, [{**row, "score": "5"}])


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.characters(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(cells=st.dictionaries(st.sampled_from(TARGETS), _VALUES))
def test_any_row_becomes_a_win_or_a_sentence(sample_school: School, cells: dict[str, Any]) -> None:
    plan = Plan(assign(TARGETS, {}), {}, dates=("%d/%m/%Y",))
    [(_, read)] = read_rows([Row(2, cells)], plan, sample_school, NOW)
    if isinstance(read, Problem):
        assert reason_of(read)
    else:
        assert read[0].story == cells["story"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=200), name=st.sampled_from(["a.csv", "a.xlsx", "a.jsonl"]))
def test_any_bytes_become_rows_or_a_sentence(tmp_path: Path, body: bytes, name: str) -> None:
    path = kept(tmp_path / name, body)
    with contextlib.suppress(NotATable):
        assert all(isinstance(row, Row) for row in read_sheet(path).rows)


_WORKBOOK = workbook(["Timestamp", "story"], [date(2026, 3, 4), "A story"], [date(2026, 3, 5), "Another"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, len(_WORKBOOK) - 1), put=st.binary(min_size=1, max_size=4), rest=st.booleans())
def test_a_damaged_workbook_is_read_or_refused(tmp_path: Path, place: int, put: bytes, *, rest: bool) -> None:
    body = _WORKBOOK[:place] + put + (_WORKBOOK[place + len(put) :] if rest else b"")
    path = kept(tmp_path / "a.xlsx", body)
    with contextlib.suppress(NotATable):
        assert all(isinstance(row, Row) for row in read_sheet(path).rows)


@given(story=st.text(min_size=1))
def test_a_text_goes_through_csv_and_json_unchanged(tmp_path_factory: pytest.TempPathFactory, story: str) -> None:
    folder = tmp_path_factory.mktemp("texts")
    line = json.dumps({"story": story, "kind": "win"}).encode()
    cell = '"' + story.replace('"', '""') + '"'
    sheets: list[Sheet] = [read_sheet(kept(folder / "a.jsonl", line))]
    sheets.append(read_sheet(kept(folder / "a.csv", f"story,kind\n{cell},win\n".encode())))
    assert [sheet.rows[0].cells["story"] for sheet in sheets] == [story, story]
