"""Every school of a folder: on past one that fails, with a table of what failed, and an honest exit code."""

from __future__ import annotations

import pytest
from fakes.admin import Admin, stack_of

from infra.deploy import many
from infra.deploy.__main__ import main
from infra.deploy.releases import files_of


def test_all_schools_of_a_folder_are_applied_but_one_that_says_what_it_lacks(
    admin: Admin, school_id: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many, "LOGS", admin.folder / "logs")
    first = admin.file(f"{school_id}-a")
    assert admin.run("apply", first) == 0
    admin.file(f"{school_id}-b", {"region": "nowhere-1"})
    admin.file(f"{school_id}-c")
    release = files_of(admin.sources.pack(None))[0].id  # type: ignore[arg-type]
    assert main(["all", str(admin.folder), "--package", release, "--publish", "later"]) == 1
    said = capsys.readouterr().out
    assert "1 failed" in said
    assert f"{school_id}-b.yaml  deploy.region: must be an AWS region" in said
    assert stack_of(f"{school_id}-c").status.endswith("_COMPLETE")
    assert "Nothing changed" in (admin.folder / "logs" / f"{school_id}-a.log").read_text("utf-8")


def test_a_folder_without_schools_is_told(admin: Admin, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["all", str(admin.folder)]) == 2
    assert "holds no school file" in capsys.readouterr().err
