"""Every school of a folder: on past one that fails, with a table of what failed, and an honest exit code."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from fakes.admin import Admin, Calls, stack_of

from infra.deploy import many, notes
from infra.deploy.__main__ import main
from infra.deploy.releases import files_of
from infra.deploy.stacks import find_stack
from infra.schoolfile import SAMPLE


def test_all_schools_of_a_folder_are_applied_but_one_that_says_what_it_lacks(
    admin: Admin, school_id: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many, "LOGS", admin.folder / "logs")
    first = admin.file(f"{school_id}-a")
    assert admin.run("apply", first) == 0
    admin.file(f"{school_id}-b", {"region": "nowhere-1"})
    admin.file(f"{school_id}-c")
    release = files_of(admin.sources.pack(None))[0].id  # type: ignore[arg-type]
    assert main(["all", str(admin.folder), "--package", release, "--publish", "later", "--yes"]) == 1
    said = capsys.readouterr().out
    assert f"2 of 3 go to account 123456789012, {admin.region}" in said
    assert "1 failed" in said
    assert f"{school_id}-b.yaml  deploy.region: must be an AWS region" in said
    assert stack_of(f"{school_id}-c").status.endswith("_COMPLETE")
    assert "Nothing changed" in (admin.folder / "logs" / f"{school_id}-a.log").read_text("utf-8")


def test_a_file_without_a_place_is_left_out_and_named_and_no_failure(
    admin: Admin, school_id: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many, "LOGS", admin.folder / "logs")
    assert admin.run("apply", admin.file(school_id), "--publish", "here") == 0
    (admin.folder / "sample.yaml").write_text(SAMPLE.read_text("utf-8"), "utf-8")
    assert main(["all", str(admin.folder), "--do", "status"]) == 0
    said = capsys.readouterr().out
    assert "left out: sample.yaml" in said
    assert "All 1 are done." in said
    (admin.folder / f"{school_id}.yaml").unlink()
    assert main(["all", str(admin.folder), "--yes"]) == 2
    assert "left out: sample.yaml" in capsys.readouterr().err


def test_two_files_of_one_school_are_refused_before_anything_is_done(
    admin: Admin, school_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (admin.folder / "copy.yaml").write_text(admin.file(school_id).read_text("utf-8"), "utf-8")
    assert main(["all", str(admin.folder), "--yes"]) == 2
    said = capsys.readouterr().err
    assert all(f"{name}.yaml" in said for name in ("copy", school_id))
    assert find_stack("small-wins-account") is None


def test_nobody_is_asked_for_all_where_nobody_is(
    admin: Admin, school_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    admin.file(school_id)
    assert main(["all", str(admin.folder)]) == 2
    said = capsys.readouterr()
    assert f"1 of 1 go to account 123456789012, {admin.region}" in said.out
    assert "nobody is here to be asked" in said.err
    assert find_stack("small-wins-account") is None


def test_districts_come_after_their_schools(
    admin: Admin, school_id: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(many, "LOGS", admin.folder / "logs")
    none: dict[str, Any] = {"teams": [], "links": [], "open_door": False, "staff": []}
    admin.file("a-district", district={"schools": [school_id, f"{school_id}-b"]}, **none)
    for name in (school_id, f"{school_id}-b"):
        admin.file(name)
    assert main(["all", str(admin.folder), "--do", "plan", "--package", "no-such"]) == 1
    ended = [line for line in capsys.readouterr().out.splitlines() if line.startswith("failed ")]
    assert len(ended) == 3
    assert ended[-1].endswith("a-district.yaml")


def test_a_folder_without_schools_is_told(admin: Admin, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["all", str(admin.folder)]) == 2
    assert "holds no school file" in capsys.readouterr().err


def test_what_schools_share_is_changed_by_one_at_a_time(
    admin: Admin, calls: Calls, school_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notes, "_LOOK_EVERY_SECONDS", 0.01)
    lock, there = notes.name_of("account", "at-work"), []
    another = notes._me() | {"host": "elsewhere"}

    def look(call: str, asked: dict[str, Any]) -> None:
        if call == "GetParameter" and asked["Name"] == lock:
            there.append(find_stack("small-wins-account"))
            if len(there) == 3:
                boto3.client("ssm").delete_parameter(Name=lock)

    file = admin.file(school_id)
    notes._put(lock, another, overwrite=False)
    calls.each = look
    assert admin.run("apply", file) == 0
    assert there == [None] * 3
    assert notes.read_note("account", "at-work") == {}
