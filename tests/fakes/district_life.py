"""A district beside a school that lives: it counts what the school published, follows it, and leaves it again."""

from __future__ import annotations

from fakes.deployed import Deployed
from fakes.school_life import SchoolLife

from chalicelib.domain.school import District, School


def following(school: SchoolLife, district: Deployed) -> None:
    """Count a school that has published, what it changed and took back since, and another one in its place."""
    told = school.deployed.functions["Publish"].variables["KEYS_PARAMETER"].split("/")[2]
    life = SchoolLife(district, _district_of(school.school, told))
    assert life.run("Publish")["weeks"]
    assert life.run("Publish")["wrote"] == 0
    with school.deployed.running("APIHandler"):
        sent = school.sent(story="Told to the district too.")
    school.run("Publish")
    assert life.run("Publish")["weeks"]
    with school.deployed.running("APIHandler"):
        school.visitor.delete(sent)
    school.run("Publish")
    life.run("Publish")
    life.change(_district_of(school.school, "not-there"))
    done = life.run("Publish")
    assert done["weeks"]
    assert done["unread"] == ["not-there"]


def _district_of(school: School, *ids: str) -> School:
    none = {"teams": (), "links": (), "open_door": False, "prompts": (), "staff": ()}
    return school.model_copy(update={**none, "school": "county", "district": District(schools=ids)})
