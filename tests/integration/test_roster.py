"""A school gives the names of its students; what is kept of them are keyed hashes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from fakes.caller import Caller
from fakes.desk import table_dump

from chalicelib import wiring
from infra import roster

STORY = "today qwentin blorp raised a hand"


@pytest.mark.parametrize(
    "file",
    [
        "Qwentin Blorp\nZia Yx\n",
        "\ufeffid,name\n1,Qwentin Blorp\n2,Zia Yx\n",
        '"Blorp, Qwentin"\r\n\r\n  \r\n"Yx, Zia"\r\n',
    ],
)
def test_a_name_of_the_roster_holds_a_win_and_stands_nowhere(
    caller: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    assert caller.send(story=STORY).json["state"] == "visible"
    path = tmp_path / "names.txt"
    path.write_text(file, "utf-8", newline="")
    monkeypatch.setattr(sys, "argv", ["roster", str(path)])
    assert roster.main() == 0
    wiring.forget()
    assert caller.send(story=STORY).json["state"] == "held"
    kept = table_dump().lower().replace(STORY, "")
    assert "qwentin" not in kept
    assert "blorp" not in kept
    monkeypatch.setattr(sys, "argv", ["roster", "--remove"])
    assert roster.main() == 0
    wiring.forget()
    assert wiring.table().roster() == []
    assert caller.send(story=STORY).json["state"] == "visible"


def test_names_too_short_to_tell_anybody_count_only_as_a_whole() -> None:
    key = b"key"
    assert len(roster.hashes_of(["Al Yx"], key)) == 1
    assert len(roster.hashes_of(["Alma Yx"], key)) == 2
