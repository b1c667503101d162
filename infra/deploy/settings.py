"""Where and how a school is deployed: the part `deploy:` of its file on disk, which never reaches its table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.domain.school import Domain, Part, School
from chalicelib.domain.school_file import SchoolFileProblems, lines_of, read_school
from infra.schoolfile import read_yaml

_RESERVED = {"account", "local", "district"}
"""Stacks of these names are not a school's."""

Address = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
Region = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")]
Account = Annotated[str, StringConstraints(pattern=r"^\d{12}$")]
Certificate = Annotated[str, StringConstraints(pattern=r"^arn:aws:acm:us-east-1:\d{12}:certificate/[\w-]+$")]
Firewall = Annotated[str, StringConstraints(pattern=r"^arn:aws:wafv2:us-east-1:\d{12}:global/webacl/[\w/-]+$")]
LogDays = Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365]


class Deployment(Part):
    """The part `deploy:` of a school file."""

    region: Region
    """Where it runs, such as us-east-1. A school that runs stays where it is."""
    account: Account | None = None
    """The AWS account it belongs to; credentials of any other are refused."""
    admin: Address
    """Who is told when something is wrong."""
    domain: Domain | None = None
    """Where its pages are, such as wins.maplerow.example; without one at an address of CloudFront's."""
    certificate: Certificate | None = None
    """ACM's certificate for the domain; CloudFront wants it in us-east-1."""
    firewall: Firewall | None = None
    """An AWS WAF web ACL before its pages and API."""
    spend_limit: Annotated[float, Field(ge=0.01, le=10_000)] = 1
    """US dollars a month; above that the admin is told."""
    log_days: LogDays = 30

    @model_validator(mode="after")
    def _together(self) -> Deployment:
        if bool(self.domain) != bool(self.certificate):
            raise PydanticCustomError("together", "domain and certificate are given together, or neither is")
        return self


def stack_of(school_id: str) -> str:
    """Name the stack of a school."""
    return f"small-wins-{school_id}"


def keys_of(school_id: str) -> str:
    """Name the parameter with a school's keys."""
    return f"/small-wins/{school_id}/keys"


def read_deployment(path: Path) -> tuple[School, Deployment]:
    """Read a school file with its part `deploy:`.

    Raises:
        SchoolFileProblems: with every mistake in either.
    """
    raw = read_yaml(path)
    told = raw.pop("deploy", None) if isinstance(raw, dict) else None
    school = read_school(raw)
    if told is None:
        raise SchoolFileProblems(["deploy: is needed: at least region and admin; docs/deploy.md shows it"])
    if school.school in _RESERVED:
        raise SchoolFileProblems([f"school: {school.school} is kept for another stack; choose another id"])
    return school, deployment_of(told)


def deployment_of(told: object) -> Deployment:
    """Read the part `deploy:`.

    Raises:
        SchoolFileProblems: with every mistake in it.
    """
    try:
        return Deployment.model_validate(told)
    except ValidationError as caught:
        raise SchoolFileProblems(lines_of(caught, "deploy")) from None
