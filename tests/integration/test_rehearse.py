"""The rehearsal that operators run comes through."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from infra.package import Package

ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(600)
def test_two_schools_live_on_a_stand_in_and_one_is_removed(package: Package) -> None:
    assert package
    told = subprocess.run(
        [sys.executable, "-m", "infra.rehearse"], cwd=ROOT, capture_output=True, text=True, check=False
    )  # in a process of its own: moto keeps one state a process
    assert told.returncode == 0, told.stdout[-3000:] + told.stderr[-3000:]
    for function in ("APIHandler", "ReceiveMail", "ReceiveText", "Publish", "Retain", "Watch"):
        assert told.stdout.count(f" {function} ") == 2
    assert "All is as it should be." in told.stdout
