"""A school for the promises that send a win."""

from __future__ import annotations

import pytest

from chalicelib import wiring
from chalicelib.domain.school import School
from chalicelib.work.configure import configure_school


@pytest.fixture
def school_stored(surroundings: dict[str, str], sample_school: School) -> None:
    """Store the sample school's file in the table of `surroundings`."""
    assert surroundings["TABLE_NAME"] == wiring.settings().table_name
    configure_school(wiring.table(), sample_school)
