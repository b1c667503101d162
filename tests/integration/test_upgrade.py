"""An upgrade while wins arrive, and going back: packed functions of two releases, on the school's whole template."""

from __future__ import annotations

import dataclasses
import json
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from os import environ
from pathlib import Path
from typing import Any

import boto3
import pytest
from fakes.admin import Admin, Calls, point_to_school, stack_of

from chalicelib import wiring
from chalicelib.domain.calendar import week_of
from chalicelib.work.secrets import origin_key
from infra.deploy.steps import Sources
from infra.lambda_events import by_topic, text_of
from infra.lambda_runtime import running
from infra.package import Package
from infra.runtime_code import Function, function_of
from infra.template import ACCOUNT, account_parameters

pytestmark = pytest.mark.timeout(600)
EVERY = 4
"""Calls of the command's between one win and the next."""
NUMBER = "+15555550171"
AUTHOR = "class Author(Strict):\n"
LATER = f"""import pydantic

{AUTHOR}
    @pydantic.computed_field
    @property
    def told_later(self) -> str:
        return "x"

"""
"""The later release keeps one thing more of each author, whom forms may tell nothing unknown of."""


def code_of(package: Package, folder: Path) -> Path:
    """The code of a later release: the same, and one more field of authors."""
    task = function_of(package, "Retain", dict.fromkeys(_told(package), "x")).task
    shutil.copytree(task / "chalicelib", folder / "chalicelib", ignore=shutil.ignore_patterns("win.*.pyc"))
    for path in task.iterdir():
        if path.name != "chalicelib":
            (folder / path.name).symlink_to(path)
    win = folder / "chalicelib" / "domain" / "win.py"
    text = win.read_text("utf-8")
    assert text.count(AUTHOR) == 1
    win.write_text(text.replace(AUTHOR, LATER), "utf-8")
    return folder


def _told(package: Package) -> set[str]:
    template = json.loads(package.template.read_text("utf-8"))
    return {*template["Resources"]["Retain"]["Properties"]["Environment"]["Variables"]}


@dataclass
class Releases:
    """Two releases of which the stack runs one; each function is a process of that release's code."""

    admin: Admin
    package: Package
    folder: Path
    later: Path
    school: str
    stack: ExitStack
    arrived: list[str] = field(default_factory=list)
    receipts: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By story: the win's id and its receipt."""
    by: dict[str, set[str]] = field(default_factory=lambda: {"one": set(), "two": set()})
    started: dict[tuple[str, str], Any] = field(default_factory=dict)

    def sources(self, version: str) -> Sources:
        """What a checkout of a release brings; its zip is small, as nobody unpacks it here."""
        functions = self.folder / f"functions-{version}.zip"
        shutil.make_archive(str(functions.with_suffix("")), "zip", self._note(version))
        packed = dataclasses.replace(self.package, functions=functions, site_folder=self._note(version))
        return Sources(ACCOUNT, account_parameters, lambda _: packed)

    def _note(self, version: str) -> Path:
        (self.folder / version).mkdir(exist_ok=True)
        (self.folder / version / "app.py").write_text(f"# {version}\n")
        return self.folder / version

    def version(self) -> str:
        """Which release the stack runs at this moment."""
        (stack,) = (
            boto3.Session().client("cloudformation").describe_stacks(StackName=f"small-wins-{self.school}")["Stacks"]
        )
        told = {one["ParameterKey"]: one["ParameterValue"] for one in stack["Parameters"]}
        return "two" if "two" in told["CodeKey"] else "one"

    def ask(self, version: str, name: str, event: dict[str, Any]) -> Any:
        """Have a function of a release deal with an event."""
        if (version, name) not in self.started:
            told = function_of(self.package, name, self.variables(name))
            own = told if version == "one" else Function(**{**vars(told), "task": self.later})
            self.started[version, name] = self.stack.enter_context(running(own))
        done = self.started[version, name](event)
        assert done.error is None, done.error
        return done.answer

    def variables(self, name: str) -> dict[str, str]:
        """What the deployed function is told, and where moto is."""
        told = boto3.Session().client("lambda").get_function(FunctionName=self.functions[name])["Configuration"]
        return {
            **{key: value for key, value in environ.items() if key.startswith("AWS_")},
            **told["Environment"]["Variables"],
        }

    @cached_property
    def origin(self) -> str:
        """By which the API knows CloudFront."""
        return origin_key(wiring.keys())

    @cached_property
    def functions(self) -> dict[str, str]:
        """The names of the functions."""
        outputs = stack_of(self.school).outputs
        return {"APIHandler": outputs["ApiFunction"], "ReceiveText": outputs["ReceiveTextFunction"]}

    def arrive(self) -> None:
        """Send a win to the release that runs now, by the API and by text in turn."""
        story, version = f"Win {len(self.arrived)} came in.", self.version()
        self.arrived.append(story)
        if len(self.arrived) % 2:
            answer = self.ask(
                version, "APIHandler", called(self.origin, "POST", "/api/wins", json.dumps(told_as(story)))
            )
            assert answer["statusCode"] == 201, answer
            sent = json.loads(answer["body"])
            self.receipts[story] = sent["id"], sent["receipt"]
        else:
            self.ask(version, "ReceiveText", by_topic(text_of(NUMBER, story, "+12125550101")))
        self.by[version].add(story)


def told_as(story: str) -> dict[str, Any]:
    return {"link": "oak7", "kind": "success", "story": story, "nonce": uuid.uuid4().hex}


def called(origin: str, method: str, path: str, body: str | None = None, **headers: str) -> dict[str, Any]:
    """A request as API Gateway hands it on."""
    way, given = ("/api/wins/{win_id}", {"win_id": path.rpartition("/")[2]}) if method == "GET" else (path, None)
    headers = {"content-type": "application/json", "x-small-wins-origin": origin} | headers
    about = {"resourcePath": way, "httpMethod": method, "identity": {"sourceIp": "203.0.113.7"}}
    empty = {"queryStringParameters": None, "multiValueQueryStringParameters": None, "stageVariables": None}
    named = {"headers": headers, "multiValueHeaders": {name: [value] for name, value in headers.items()}}
    place = {"resource": way, "path": path, "httpMethod": method, "pathParameters": given, "requestContext": about}
    return {**empty, **named, **place, "body": body, "isBase64Encoded": False}


@pytest.fixture
def releases(admin: Admin, package: Package, tmp_path: Path, school_id: str) -> Iterator[Releases]:
    (tmp_path / "later").mkdir()
    later = code_of(package, tmp_path / "later")
    with ExitStack() as stack:
        yield Releases(admin, package, tmp_path, later, school_id, stack)


@pytest.fixture(autouse=True)
def _texts_are_taken(engine: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    texts = "AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2"
    monkeypatch.setenv(texts, engine[texts])


def test_wins_arrive_all_through_an_upgrade_and_going_back_and_every_release_reads_all(
    releases: Releases, calls: Calls
) -> None:
    admin, school = releases.admin, releases.school
    file = admin.file(school, texts={"unknown": "open", "per_hour": 100})
    assert admin.run("apply", file, sources=releases.sources("one")) == 0
    point_to_school(school)
    releases.arrive()
    made: list[str] = []

    def meanwhile(call: str, _: Any) -> None:
        made.append(call)
        if len(made) % EVERY == 0 or call == "ExecuteChangeSet":
            releases.arrive()

    each: Callable[[str, Any], None] = meanwhile
    calls.each = each
    assert admin.run("apply", file, sources=releases.sources("two")) == 0
    calls.each = lambda *_: None
    assert min(map(len, releases.by.values())) > 2, "wins arrived before the switch and after it"
    releases.arrive()
    assert admin.run("apply", file, sources=releases.sources("one")) == 0
    assert releases.version() == "one"
    for _ in range(2):
        releases.arrive()
    point_to_school(school)
    found = wiring.table().wins_of(week_of(wiring.desk().today))
    assert sorted(win.story for win in found) == sorted(releases.arrived)
    for story, (win_id, receipt) in releases.receipts.items():
        for version in ("one", "two"):
            event = called(releases.origin, "GET", f"/api/wins/{win_id}", authorization=f"Bearer {receipt}")
            answer = releases.ask(version, "APIHandler", event)
            assert json.loads(answer["body"])["story"] == story, version
    kept = boto3.Session().client("dynamodb").scan(TableName=stack_of(school).outputs["TableName"])["Items"]
    assert sum("told_later" in item.get("body", {}).get("S", "") for item in kept) >= len(releases.by["two"])
