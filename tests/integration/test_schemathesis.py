"""The API is as its description says: whatever is sent, as described or not, ends in an answer that stands there."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import boto3
import pytest
from fakes.caller import WIN, Caller
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import app
from chalicelib import wiring
from chalicelib.domain.school import School
from chalicelib.routes import leader as leader_routes
from chalicelib.routes.openapi import describe_api
from chalicelib.work.sign_in import open_session
from infra.engine import create_table
from infra.front import serving

METHODS = {"get", "put", "post", "patch", "delete"}
DESCRIPTION = describe_api("https://wins.school.example")
DESCRIBED = sorted((m.upper(), path) for path, many in DESCRIPTION["paths"].items() for m in set(many) & METHODS)
EXAMPLES = 8
ROLES = ("", "coach", "leader", "admin", "admin")
"""Who asks: nobody, or somebody with this role."""
FREE = {"tried", "happened", "takeaway", "quoted", "question", "hours", "stories"}
"""Fields that stay as they were made up where the rest of a body is made to fit the school."""
INTENTS = {
    "/api/receipt": ("open", "save", "remove", "unquote"),
    "/api/review/{id}": ("approve", "mask", "hide", "retag", "ask"),
    "/api/erase/sender": ("look", "erase"),
    "/api/wins": ("send", "preview"),
}


def test_the_description_names_every_route_and_no_other() -> None:
    routes = {(m, path.replace("{win_id}", "{id}")) for path, many in app.routes.items() for m in many}
    assert set(DESCRIBED) == routes


@pytest.fixture(scope="module")
def one_school(engine: dict[str, str], sample_school: School) -> Iterator[Caller]:
    """Somebody who calls the API of one school, the same for all operations: to set one up takes longer than to ask."""
    with pytest.MonkeyPatch.context() as patched:
        patched.delenv("AWS_PROFILE", raising=False)
        for name, value in {**engine, "TABLE_NAME": "described", "SITE_BUCKET": "described"}.items():
            patched.setenv(name, value)
        boto3.client("s3").create_bucket(Bucket="described")
        patched.setattr(leader_routes, "ANSWERED_AFTER", 0.0)
        create_table(boto3.client("dynamodb"), "described")
        wiring.forget()
        wiring.table().save_school(sample_school, 1)
        with serving("described") as port:
            yield Caller(port)
    wiring.forget()


def session(role: str) -> str:
    """Sign somebody with a role in, and return the cookie."""
    leader = next(one for one in wiring.desk().school.leaders if one.role == role)
    return f"__Host-session={open_session(wiring.desk(), wiring.front(), leader).cookie}"


def made_to_fit(case: Any, caller: Caller, intent: str) -> str:
    """Let a case ask for what is there: a win, its receipt, tags, the school file; returns the receipt."""
    sent, path = caller.send(WIN).json, case.operation.path
    case.path_parameters = {"id": sent["id"]} if "{id}" in path else case.path_parameters
    free = {name: value for name, value in case.body.items() if name in FREE} if isinstance(case.body, dict) else {}
    version, school = wiring.table().latest_school()  # type: ignore[misc] # it was stored
    told = {name: WIN[name] for name in ("kind", "story")}
    fitting = {
        ("POST", "/api/wins"): free | WIN | ({"intent": intent} if "form" in (case.media_type or "") else {}),
        ("PATCH", "/api/wins/{id}"): free | told,
        ("POST", "/api/receipt"): free | told | {"receipt": sent["receipt"], "intent": intent},
        ("POST", "/api/review/{id}"): free
        | {"revision": 1, "action": intent, "words": ["hands"], "goals": ["explain"]},
        ("POST", "/api/erase/win"): {"id": sent["id"]},
        ("POST", "/api/erase/sender"): {"name": "Ms. Nobody", "intent": intent},
        ("PUT", "/api/school"): school.model_dump(mode="json", exclude_defaults=True, by_alias=True),
    }
    if (case.method, path) == ("PUT", "/api/school"):
        case.query, case.headers = {"version": str(version)}, {}
    if "form" in (case.media_type or "") and path.startswith("/api/review"):
        fitting["POST", path]["words"] = "hands"
    case.body = fitting.get((case.method, path), case.body)
    return str(sent["receipt"])


def cases(operation: Any) -> st.SearchStrategy[Any]:
    """Make up what is as described, and what is not where that can be."""
    from schemathesis import GenerationMode

    as_described = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    if not (operation.body or operation.query):
        return as_described
    return as_described | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)


@pytest.fixture(scope="module")
def described() -> Any:
    """The description as Schemathesis reads it."""
    import schemathesis

    schemathesis.checks.load_all_checks()
    return schemathesis.openapi.from_dict(DESCRIPTION)


@pytest.mark.parametrize(("method", "path"), DESCRIBED)
def test_every_answer_is_one_that_is_described(one_school: Caller, described: Any, method: str, path: str) -> None:
    from schemathesis.specs.openapi import checks

    as_described = [
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_headers_conformance,
        checks.response_schema_conformance,
    ]

    @settings(max_examples=EXAMPLES, derandomize=True, database=None, suppress_health_check=HealthCheck)
    @given(
        cases(described[path][method]),
        st.sampled_from(ROLES),
        st.booleans(),
        st.booleans(),
        st.sampled_from(INTENTS.get(path, ("",))),
    )
    def answered(case: Any, role: str, browser: bool, fits: bool, intent: str) -> None:  # noqa: FBT001 - Hypothesis fills it
        receipt = made_to_fit(case, one_school, intent) if fits else ""
        told = {"cookie": session(role) if role else "", "authorization": f"Bearer {receipt}" if receipt else ""}
        headers = {name: one for name, one in (told | {"accept": "text/html" if browser else "*/*"}).items() if one}
        base = f"http://127.0.0.1:{one_school.port}"
        answer = case.call(base_url=base, headers=headers, allow_redirects=False, timeout=30)
        assert answer.status_code < 500 or answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE, answer.text
        case.validate_response(answer, checks=as_described)

    answered()
