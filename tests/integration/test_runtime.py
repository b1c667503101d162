"""The packed functions under Amazon's own runtime client: each answers its real event, on nothing but the package."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import boto3
import pytest
from fakes.postman import ANA, mail

from chalicelib import wiring
from chalicelib.domain.calendar import week_of
from chalicelib.domain.parsing import parse
from chalicelib.domain.school import School
from chalicelib.domain.win import Submission, Win
from chalicelib.work.configure import configure_school
from chalicelib.work.secrets import origin_key
from chalicelib.work.submit import submit_win
from infra.lambda_events import CLOCK, JSON, by_topic, mail_in, text_of
from infra.lambda_events import posted as through_cloudfront
from infra.lambda_runtime import running, running_function
from infra.outbox import SENT_TEXTS, sent_mails
from infra.package import Package
from infra.runtime_api import Ended
from infra.runtime_code import Function, function_of, lambda_python, unpack

STORY = "Two hands went up before I had finished the question."
FORM = "application/x-www-form-urlencoded"
pytestmark = pytest.mark.timeout(600)  # the first of them may have to fetch the libraries


@pytest.fixture
def school(surroundings: dict[str, str], sample_school: School) -> dict[str, str]:
    """What the functions of a new school are told, with an inbox of its own."""
    inbox, topic = f"inbox-{uuid.uuid4().hex}", boto3.client("sns").create_topic(Name=f"alarm-{uuid.uuid4().hex}")
    boto3.client("s3").create_bucket(Bucket=inbox)
    sqs = boto3.client("sqs")
    dead = [sqs.create_queue(QueueName=f"dead-{what}-{uuid.uuid4().hex}")["QueueUrl"] for what in ("mail", "text")]
    configure_school(wiring.table(), sample_school)
    told = {"INBOX_BUCKET": inbox, "ALARM_TOPIC": topic["TopicArn"], "DEAD_LETTERS": " ".join(dead), "FUNCTIONS": "api"}
    return surroundings | told


def wins() -> list[Win]:
    return wiring.table().wins_of(week_of(wiring.desk().today))


def posted(body: str, kind: str = JSON) -> dict[str, Any]:
    return through_cloudfront(body, origin_key(wiring.keys()), kind)


def a_win(**told: str) -> str:
    return json.dumps({"link": "staff", "kind": "success", "story": STORY, **told})


# the product's functions


def test_a_win_is_posted_as_json_and_by_the_form_and_a_refusal_says_why(
    package: Package, school: dict[str, str]
) -> None:
    form = {"link": "elm2", "kind": "success", "story": "By the form.", "author_mode": "confidential", "intent": "send"}
    with running_function(package, "APIHandler", school) as call:
        first = call(posted(a_win(), JSON))
        second = call(posted(urlencode(form), FORM))
        refused = call(posted(a_win(story=""), JSON))
    assert first.answer["statusCode"] == 201
    assert {win.story for win in wins()} == {STORY, "By the form."}
    assert json.loads(first.answer["body"])["id"] in {win.id for win in wins()}
    assert "<html" in second.answer["body"]
    assert refused.answer["statusCode"] == 422
    assert json.loads(refused.answer["body"])["errors"][0]["field"] == "story"
    assert STORY not in first.log + second.log
    assert first.init_ms is not None, "the first invocation pays for the start"
    assert first.billed_ms >= first.init_ms + first.duration_ms
    assert second.init_ms is None
    assert second.duration_ms <= second.billed_ms < second.duration_ms + 1
    assert 20 < first.memory_mb <= second.memory_mb < 256
    assert min(first.init_cpu_ms or 0, first.cpu_ms, second.cpu_ms) > 0


def test_a_mail_goes_from_the_bucket_to_the_table_and_its_receipt_to_the_sender(
    package: Package, school: dict[str, str]
) -> None:
    before, s3, bucket = len(sent_mails()), boto3.client("s3"), school["INBOX_BUCKET"]
    s3.put_object(Bucket=bucket, Key="mail/one", Body=mail(STORY, subject="Lesson: x"))
    with running_function(package, "ReceiveMail", school) as call:
        done = call(by_topic(mail_in(bucket, "mail/one")))
    assert done.error is None
    assert [(win.story, win.kind, win.channel) for win in wins()] == [(STORY, "lesson", "mail")]
    assert [letter.recipients for letter in sent_mails()[before:]] == [(ANA,)]
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


def test_a_text_becomes_a_win_and_is_answered(package: Package, school: dict[str, str]) -> None:
    number = "+15555550171"
    texts = [text_of(number, words, "+12125550101") for words in ("JOIN oak7", STORY)]
    with running_function(package, "ReceiveText", school) as call:
        done = [call(by_topic(text)) for text in texts]
    assert [one.error for one in done] == [None, None]
    assert [(win.story, win.channel) for win in wins()] == [(STORY, "text")]
    assert SENT_TEXTS.to(number)[1].startswith("Thank you!")
    assert number[2:] not in done[0].log + done[1].log


def test_publishing_by_the_clock_lays_the_dashboard_into_the_bucket(package: Package, school: dict[str, str]) -> None:
    submit_win(wiring.desk(), parse(Submission, a_win().encode()), "web")
    with running_function(package, "Publish", school) as call:
        first, second = call(CLOCK), call(CLOCK)
    assert first.error is None
    assert week_of(wiring.desk().today) in first.answer["weeks"]
    assert second.answer["wrote"] == 0
    site = boto3.client("s3")
    manifest = json.load(site.get_object(Bucket=school["SITE_BUCKET"], Key="dashboard/manifest.json")["Body"])
    assert manifest["version"] == first.answer["version"]
    page = site.get_object(Bucket=school["SITE_BUCKET"], Key="dashboard/index.html")["Body"].read().decode()
    assert "<svg" in page


def test_the_nightly_and_the_hourly_clock_are_answered(package: Package, school: dict[str, str]) -> None:
    with running_function(package, "Retain", school) as call:
        assert call(CLOCK).answer == {"wins": 0, "withdrawn": 0, "on_hold": False}
    with running_function(package, "Watch", school) as call:
        assert call(CLOCK).error is None


# what is around them


def of_probe(package: Package, folder: Path, *layers: Path) -> Function:
    """The packed code with one more handler, which tells what it can import."""
    for path in unpack(package.functions).iterdir():
        (folder / path.name).symlink_to(path)
    told = (
        "import importlib.util, os, sys, zoneinfo\n"
        "def tell(names, context):\n"
        "    found = [name for name in names if importlib.util.find_spec(name)]\n"
        "    return {'found': found, 'path': sys.path, 'variables': sorted(os.environ),\n"
        "            'zone': str(zoneinfo.ZoneInfo('America/Chicago'))}\n"
    )
    (folder / "probe.py").write_text(told)
    return Function("probe.tell", folder, next(iter(layers), None), 512, {"OWN": "1"})


HERE = ("pytest", "moto", "pip", "setuptools", "hypothesis", "cfnlint", "samtranslator", "infra", "tests")


@pytest.mark.parametrize("name", ["APIHandler", "Publish"])
def test_nothing_of_this_machine_is_on_the_path(package: Package, tmp_path: Path, name: str) -> None:
    charts = ("altair", "segno", "narwhals", "jsonschema")
    packed = ("app", "chalicelib", "pydantic", "chalice", "boto3", "awslambdaric")
    layers = [unpack(package.charts)] if name == "Publish" else []
    with running(of_probe(package, tmp_path, *layers)) as call:
        told = call([*HERE, *charts, *packed]).answer
    assert set(told["found"]) == {*packed, *(charts if layers else ())}
    library = lambda_python().resolve().parents[1] / "lib"
    ours = [path for path in told["path"] if path and not path.startswith(str(library))]
    assert not [path for path in ours if "site-packages" in path or ".venv" in path]
    assert told["zone"] == "America/Chicago", "time zones come with the package"


def test_a_function_is_told_what_lambda_and_the_template_tell_it_and_nothing_else(
    package: Package, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOMETHING_OF_THIS_MACHINE", "1")
    with running(of_probe(package, tmp_path)) as call:
        told = call([]).answer["variables"]
    assert "OWN" in told
    assert not {"SOMETHING_OF_THIS_MACHINE", "HOME", "VIRTUAL_ENV"} & set(told)


def test_a_function_gets_the_variables_that_its_template_names_and_no_others(
    package: Package, school: dict[str, str]
) -> None:
    template = json.loads(package.template.read_text("utf-8"))
    for name in ("APIHandler", "Publish", "Watch"):
        named = template["Resources"][name]["Properties"]["Environment"]["Variables"].keys()
        told = function_of(package, name, school | {"ANOTHER": "1"}).variables.keys()
        assert {key for key in told if not key.startswith(("AWS_", "POWERTOOLS_"))} == set(named), name
    with pytest.raises(KeyError, match="TABLE_NAME"):
        function_of(package, "Retain", {key: value for key, value in school.items() if key != "TABLE_NAME"})


# the harness itself


@pytest.fixture
def odd(tmp_path: Path, package: Package) -> Function:
    """Handlers that fail in each way there is."""
    assert package
    (tmp_path / "odd.py").write_text(
        "import os, sys\n"
        "def fails(event, context):\n    print('before'); raise ValueError('so it is')\n"
        "def dies(event, context):\n    sys.stdout.flush(); os._exit(3)\n"
        "def shouts(event, context):\n    return 'x' * 7_000_000\n"
    )
    return Function("odd.fails", tmp_path, None, 128, {})


def other(function: Function, handler: str) -> Function:
    return Function(handler, function.task, None, 128, {})


def test_what_a_function_raises_is_told_and_the_next_event_is_taken(odd: Function) -> None:
    with running(odd) as call:
        first, second = call({}), call({})
    assert (first.error or {})["errorType"] == "ValueError"
    assert (second.error or {})["errorMessage"] == "so it is"
    assert first.answer is None
    assert "before" in first.log


def test_a_function_that_dies_or_cannot_start_is_told_with_its_last_words(odd: Function) -> None:
    with running(other(odd, "odd.dies")) as call, pytest.raises(Ended, match="process ended"):
        call({})
    with running(other(odd, "missing.handler")) as call, pytest.raises(Ended, match="No module named 'missing'"):
        call({})


def test_an_answer_that_lambda_would_not_hand_on_is_an_error(odd: Function) -> None:
    with running(other(odd, "odd.shouts")) as call:
        assert (call({}).error or {})["errorType"] == "Function.ResponseSizeTooLarge"
