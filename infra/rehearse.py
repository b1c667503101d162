"""`make rehearse`: a school's life on a stand-in for AWS, from the package to its removal, each step looked at.

Packs, lints, applies two schools from the real template on moto, lets the packed functions answer under Amazon's own
runtime client with what the stack tells them, looks for the dashboard's bytes, applies again, removes one school, and
looks whether the other is as it was.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import yaml

from infra import lambda_events as events
from infra.clients import client
from infra.deploy import __main__ as deploy
from infra.deploy import proposals, stacks
from infra.deploy.stacks import find_stack
from infra.lambda_runtime import Done, running_function
from infra.moto_server import moto_server
from infra.outbox import sms_voice
from infra.package import NotPackaged, Package, build
from infra.package.__main__ import show
from infra.runtime_api import Ended
from infra.schoolfile import SAMPLE, read_yaml
from infra.template import ACCOUNT

STEPS = 7
_FIRST, _OTHER = "maple-row", "oak-hill"
_REGION, _NUMBER, _PHONE = "us-east-1", "+12125550101", "+15555550171"
_TOLD = {
    "by form": "Two hands went up before I had finished the question.",
    "by mail": "The quiet one explained to the class how she knew that both were right.",
    "by text": "They asked for the longer book today.",
}


class NotAsItShould(Exception):  # noqa: N818 - a fact about a rehearsal
    """What was expected and did not come about."""


def main() -> int:
    """Rehearse; 0 if all is as it should be."""
    try:
        with tempfile.TemporaryDirectory() as folder, _stand_in():
            _rehearse(Path(folder))
    except (NotAsItShould, NotPackaged, Ended) as reason:
        print(f"NOT AS IT SHOULD BE: {reason}", file=sys.stderr)
        return 1
    print("\nAll is as it should be.")
    return 0


@contextmanager
def _stand_in() -> Iterator[None]:
    """Let everything in this process go to moto."""
    with moto_server() as address, sms_voice() as texts:
        os.environ.pop("AWS_PROFILE", None)
        os.environ.update(
            {
                "AWS_ENDPOINT_URL": address,
                "AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2": texts,
                "AWS_ACCESS_KEY_ID": "rehearsal",
                "AWS_SECRET_ACCESS_KEY": "rehearsal",
                "AWS_DEFAULT_REGION": _REGION,
            }
        )
        for module in (stacks, proposals):
            vars(module)["_LOOK_EVERY_SECONDS"] = 0.1  # nobody has to wait for moto
        yield


def _rehearse(folder: Path) -> None:
    _step(1, "Package")
    package = build(lambda line: print(f"    {line}"))
    show(package)
    _step(2, "Lint")
    _lint(package)
    _step(3, "Two schools")
    files = {name: _school_file(folder, name) for name in (_FIRST, _OTHER)}
    for name, file in files.items():
        _deploy("apply", "--school", str(file), "--yes", "--publish", "later")
        _let_mail_out(name)
    _step(4, "What the packed functions answer, each in a fresh process")
    for name in files:
        _live(package, name)
    _step(5, "What readers see")
    for name in files:
        _look(name)
    _step(6, "Applied again, nothing changes")
    before = _all_of(_FIRST)
    _deploy("apply", "--school", str(files[_FIRST]), "--yes", "--publish", "later")
    _expect(_all_of(_FIRST) == before, f"{_FIRST} is another after it was applied again")
    _step(7, "One is removed, the other is as it was")
    untouched, export = _all_of(_OTHER), folder / "wins.jsonl"
    _deploy("remove", "--school", str(files[_FIRST]), "--export", str(export), "--yes-remove", _FIRST)
    told = {json.loads(line)["story"] for line in export.read_text("utf-8").splitlines()}
    _expect(told == set(_TOLD.values()), f"the export of {_FIRST} lacks wins")
    _expect(find_stack(f"small-wins-{_FIRST}") is None, f"the stack of {_FIRST} is still there")
    _expect(_all_of(_OTHER) == untouched, f"{_OTHER} changed while {_FIRST} was removed")


def _step(number: int, title: str) -> None:
    print(f"\n--- {number}/{STEPS} {title}", flush=True)


def _expect(holds: object, otherwise: str) -> None:
    if not holds:
        raise NotAsItShould(otherwise)


def _lint(package: Package) -> None:
    from cfnlint.api import lint  # type: ignore[import-untyped]

    for path in (package.template, ACCOUNT):
        found = [f"{one.rule.id} {one.message}" for one in lint(path.read_text("utf-8"), regions=[_REGION])]
        _expect(not found, f"cfn-lint on {path.name}: {found}")
        print(f"    cfn-lint: {path.name}: nothing found")


def _school_file(folder: Path, name: str) -> Path:
    raw = read_yaml(SAMPLE)
    raw |= {"school": name, "deploy": {"region": _REGION, "admin": "it@maplerow.example"}}
    raw["mail"] |= {"address": f"wins@{name}.example"}
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(raw), "utf-8")
    return path


def _deploy(*arguments: str) -> None:
    print(f"$ python -m infra.deploy {' '.join(arguments)}", flush=True)
    _expect(deploy.main(arguments) == 0, "the command failed")


def _let_mail_out(name: str) -> None:
    boto3.client("ses").verify_email_identity(EmailAddress=f"wins@{name}.example")


def _outputs(name: str) -> Mapping[str, str]:
    found = find_stack(f"small-wins-{name}")
    if found is None:
        raise NotAsItShould(f"there is no stack of {name}")
    return found.outputs


def _live(package: Package, name: str) -> None:
    """Let wins arrive in each way, and the clocks strike."""
    outputs = _outputs(name)
    bucket, address = outputs["InboxBucketName"], f"wins@{name}.example"
    client("s3").put_object(
        Bucket=bucket, Key="mail/1", Body=events.mail_of("ana@maplerow.example", address, _TOLD["by mail"])
    )
    told = {"link": "staff", "kind": "success", "story": _TOLD["by form"]}
    joined, texted = (events.text_of(_PHONE, words, _NUMBER) for words in ("JOIN oak7", _TOLD["by text"]))
    for function, asked in (
        ("APIHandler", [events.posted(json.dumps(told), _origin_key(name))]),
        ("ReceiveMail", [events.by_topic(events.mail_in(bucket, "mail/1"))]),
        ("ReceiveText", [events.by_topic(joined), events.by_topic(texted)]),
        ("Publish", [events.CLOCK]),
        ("Retain", [events.CLOCK]),
        ("Watch", [events.CLOCK]),
    ):
        variables = _told_to(outputs[f"{function.removesuffix('Handler').replace('API', 'Api')}Function"])
        with running_function(package, function, {**os.environ, **variables}) as call:
            done = [call(event) for event in asked]
        _report(name, function, done)


def _origin_key(name: str) -> str:
    from chalicelib.work.secrets import origin_key
    from infra import keyring

    keys = keyring.read_keys(f"/small-wins/{name}/keys")
    return origin_key(keys) if keys else ""


def _told_to(function: str) -> Mapping[str, str]:
    """Return the variables that the stack gave a function."""
    found: Any = client("lambda").get_function_configuration(FunctionName=function)
    told: dict[str, str] = found["Environment"]["Variables"]
    return told


def _report(name: str, function: str, done: list[Done]) -> None:
    failed = next((one for one in done if one.error or _status(one.answer) >= 400), None)  # noqa: PLR2004 - HTTP
    if failed:
        raise NotAsItShould(f"{function} of {name}: {failed.error or failed.answer}\n{failed.log}")
    first, last = done[0], done[-1]
    print(
        f"    {name:<10} {function:<12} init {first.init_ms or 0:5.0f} ms, run {last.duration_ms:5.0f} ms, "
        f"billed {sum(one.billed_ms for one in done):5} ms, {last.memory_mb:4.0f} MB"
    )


def _status(answer: Any) -> int:
    return int(answer.get("statusCode", 200)) if isinstance(answer, dict) else 200


def _look(name: str) -> None:
    """Look for the three wins in what was published."""
    bucket, s3 = _outputs(name)["SiteBucketName"], client("s3")
    manifest = json.load(s3.get_object(Bucket=bucket, Key="dashboard/manifest.json")["Body"])
    page = s3.get_object(Bucket=bucket, Key="dashboard/index.html")["Body"].read()
    _expect(b"<svg" in page, f"the dashboard of {name} has no charts")
    files = [s3.get_object(Bucket=bucket, Key=one["path"].lstrip("/"))["Body"] for one in manifest["stories"]]
    told = {story["story"] for file in files for story in json.load(file)["stories"]}
    _expect(told == set(_TOLD.values()), f"{name} published {len(told)} of {len(_TOLD)} stories")
    print(f"    {name:<10} version {manifest['version']}, {len(page):,} bytes of dashboard, {len(told)} stories")


def _all_of(name: str) -> dict[str, Any]:
    """Return all that a school has: items, files, and how its stack is."""
    outputs, found = _outputs(name), find_stack(f"small-wins-{name}")
    tables = client("dynamodb").get_paginator("scan").paginate(TableName=outputs["TableName"])
    buckets = {bucket: client("s3").list_objects_v2(Bucket=outputs[bucket]) for bucket in ("SiteBucketName",)}
    return {
        "items": sorted(json.dumps(item, sort_keys=True) for page in tables for item in page["Items"]),
        "files": sorted(one["Key"] + one["ETag"] for told in buckets.values() for one in told.get("Contents", ())),
        "stack": (found.status.replace("CREATE", "UPDATE"), sorted(found.parameters.items())) if found else None,
    }


if __name__ == "__main__":
    sys.exit(main())
