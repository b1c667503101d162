"""CloudFront's function, run by Node: it names the same file behind an address as `make run` does, or none."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from infra.site_pages import object_for
from infra.template import ACCOUNT, read_stack

_MOST_BYTES = 10_240
"""What CloudFront takes as a function."""
_RUN = """
const lines = require("fs").readFileSync(0, "utf8").split("\\n").filter(Boolean);
for (const line of lines) console.log(JSON.stringify(handler(JSON.parse(line))));
"""
KNOWN = [
    *("/s", "/s/", "/s/oak7", "/s/oak7/", "/s/OAK7", "/s/oak7/es", "/s/oak7/es/", "/s/oak7/es/more", "/s/oak7/xyz"),
    *("/help/", "/privacy/es/", "/assets/form.js", "/assets/names.bin", "/receipt", "/sign-in/", "/view/", "/refused"),
    *("/dashboard", "/dashboard/", "/dashboard/counts/", "/dashboard/manifest.json", "/dashboard-leaders/es/"),
    "/dashboard/0123456789abcdef/stories/2026-W47.json",
    "/dashboard/sheet/grade-2-3/",
]
CROOKED = [
    *("//", "//dashboard/", "/./dashboard/", "/help/../dashboard/", "/..", "/x/...", "/dashboard//", "/dashboard/./"),
    *("/%64ashboard/", "/%2e%2e/dashboard/", "/help%2f..%2fdashboard/", "/s/%6fak7", "/a b", "/\\dashboard", "/x;y"),
    *("/dashböard/", "/~", "/s/oak7%00", "/%", "/*", "/dashboard/?"[:-1] + "%3f"),
]


@pytest.fixture(scope="module")
def code() -> str:
    found: str = read_stack(ACCOUNT)["Resources"]["ViewerFunction"]["Properties"]["FunctionCode"]
    return found


def ask(code: str, addresses: list[str]) -> list[dict[str, Any]]:
    """Run the function as CloudFront calls it: the path as it was sent, and the query by name."""
    if not (node := shutil.which("node")):
        pytest.skip("Node.js is needed to run CloudFront's function: install npm")
    asked = []
    for address in addresses:
        path, query = address.partition("?")[0], urlsplit(address).query
        told = {name: {"value": value} for name, value in parse_qsl(query)}
        asked.append(json.dumps({"request": {"uri": path, "querystring": told, "headers": {}}}))
    done = subprocess.run([node, "-e", code + _RUN], input="\n".join(asked), capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_it_names_the_file_that_make_run_names(code: str) -> None:
    assert [found["uri"] for found in ask(code, KNOWN)] == [f"/{object_for(address)}" for address in KNOWN]


def test_an_address_that_is_not_straight_leads_nowhere_and_never_to_the_dashboard(code: str) -> None:
    assert {found["uri"] for found in ask(code, CROOKED)} == {"/nowhere/index.html"}


def test_whatever_is_asked_what_lies_below_the_dashboard_is_named_by_its_own_address_alone(code: str) -> None:
    spellings = [
        start + f"dashboard{end}" for start in ("/", "//", "/./", "/x/../", "/%2f", "/%2e/") for end in ("", "/", "//")
    ]
    for address, found in zip(spellings, ask(code, spellings), strict=True):
        assert not found["uri"].startswith("/dashboard") or address.startswith("/dashboard")


def test_the_first_page_and_a_typed_code_lead_to_the_form(code: str) -> None:
    answers = ask(code, ["/", "/?code=x", "/s?code=OAK7", "/s/?code=oak7"])
    assert [one["headers"]["location"]["value"] for one in answers] == ["/s/", "/s/", "/s/oak7", "/s/oak7"]
    assert {one["statusCode"] for one in answers} == {302}
    (wrong,) = ask(code, ["/s/?code=//evil.example"])
    assert wrong["uri"] == "/help/index.html"


def test_cloudfront_takes_it(code: str) -> None:
    assert len(code.encode()) < _MOST_BYTES
    assert not re.search(r"\b(?:require|import|await|let|class)\b|\?\.", code), "not in its runtime, or not needed"
