"""What each happening in a school asks of AWS: `python -m benchmarks.uses --write` counts it anew into infra/uses.yaml.

Requests and capacity are counted in this process, on DynamoDB Local and moto, in a school in the middle of its year;
processor time and memory are those of the packed function under Amazon's runtime client, each in a fresh process.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import subprocess
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from types import SimpleNamespace
from typing import Any

import boto3
import yaml
from playwright.sync_api import Page, sync_playwright

from benchmarks.measure import fill, school_running
from chalicelib import wiring
from chalicelib.routes.sessions import start
from chalicelib.work.secrets import origin_key
from chalicelib.work.sign_in import open_session
from infra.browser import find_chromium
from infra.engine import MAIL_ADDRESS, ROOT
from infra.front import copy_static_files, serving
from infra.lambda_events import CLOCK, by_topic, mail_in, mail_of, posted, text_of
from infra.lambda_runtime import running_function
from infra.meter import metered
from infra.package import build
from infra.runtime_code import lambda_python

FILE = ROOT / "infra" / "uses.yaml"
_WINS = 2400
"""Half of what sixty teachers tell in forty weeks, twice a week each."""
_ROUNDS = 5
"""The quickest counts: whatever else a machine does makes a processor slower, never quicker."""
_LATE_MS = 1500
"""What a page asks for later than at once."""
_PHONE = "+15555550171"
_STORY = "Two hands went up, and the quiet one explained to the class how she knew that both were right."
_CONTEXT = SimpleNamespace(
    function_name="f", memory_limit_in_mb=512, invoked_function_arn="arn", aws_request_id="1", log_stream_name="1"
)
Event = Callable[[], Any]
_EXERCISE = """
import json, time
start = time.process_time()
rows = [{"a": n, "b": str(n % 7)} for n in range(60_000)]
sorted(json.loads(json.dumps(rows)), key=lambda row: row["b"])
compile("\\n".join(f"def f{n}(a, b=1):\\n  return [a * b for _ in range({n})]" for n in range(800)), "x", "exec")
print(time.process_time() - start)
"""


def _posted() -> dict[str, Any]:
    told = {"link": "oak7", "kind": "success", "story": _STORY, "signs": ["because"], "nonce": uuid.uuid4().hex}
    return posted(json.dumps(told), origin_key(wiring.keys()))


def _texted(words: str = "") -> dict[str, Any]:
    """A text; each has words of its own, or it would be a carrier's second copy."""
    words = words or f"{_STORY} It was lesson {uuid.uuid4().hex[:6]}."
    return by_topic(text_of(_PHONE, words, "+12125550101"))


def _mailed() -> dict[str, Any]:
    name, bucket = f"mail/{uuid.uuid4().hex}", wiring.settings().inbox_bucket
    body = mail_of("ana.ruiz@maplerow.example", MAIL_ADDRESS, _STORY)
    boto3.Session().client("s3").put_object(Bucket=bucket, Key=name, Body=body)
    return by_topic(mail_in(bucket, name))


def _a_win_first() -> dict[str, Any]:
    _ask("APIHandler", _posted())
    return {}


HAPPENINGS: dict[str, tuple[str, Event]] = {
    "win_by_form": ("APIHandler", _posted),
    "win_by_text": ("ReceiveText", _texted),
    "win_by_mail": ("ReceiveMail", _mailed),
    "publish": ("Publish", _a_win_first),
    "publish_idle": ("Publish", CLOCK.copy),
    "retain": ("Retain", CLOCK.copy),
    "watch": ("Watch", CLOCK.copy),
}
"""Each with the function that deals with it."""


def _ask(function: str, event: Any) -> Any:
    """Have a function of this process deal with an event, as if it had just started."""
    import app

    wiring.forget()
    handlers = {"APIHandler": app.app, "ReceiveText": app.receive_text, "ReceiveMail": app.receive_mail}
    handlers |= {"Publish": app.publish, "Retain": app.retain, "Watch": app.watch}
    return handlers[function](event, _CONTEXT)


@contextmanager
def _school() -> Iterator[dict[str, str]]:
    """Run a school in the middle of its year, published."""
    with school_running() as environment:
        topic, sqs = boto3.client("sns").create_topic(Name="alarms"), boto3.client("sqs")
        dead = [sqs.create_queue(QueueName=f"dead-{what}")["QueueUrl"] for what in ("mails", "texts")]
        told = {"ALARM_TOPIC": topic["TopicArn"], "DEAD_LETTERS": " ".join(dead), "FUNCTIONS": "api publish"}
        os.environ.update(told)
        fill(wiring.desk(), _WINS, 1)
        _ask("ReceiveText", _texted("JOIN oak7"))
        _ask("Publish", {})
        yield environment | told


def _counted(meter: Any) -> dict[str, dict[str, Any]]:
    """Count requests and capacity of each happening; the second run counts, as the first may find work left over."""
    found: dict[str, dict[str, Any]] = {}
    for name, (function, event) in HAPPENINGS.items():
        for _ in range(2):
            given = event()
            meter.empty()
            _ask(function, given)
            units = {key: round(n, 1) for key, n in sorted(meter.units.items())}
            found[name] = {"units": units, "calls": dict(sorted(meter.calls.items()))}
    return found


def _times(environment: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Measure the processor time, memory and log of each, cold, in the packed function."""
    package, found = build(lambda _: None), {}
    for name, (function, event) in HAPPENINGS.items():
        runs = []
        for _ in range(_ROUNDS):
            given = event()
            with running_function(package, function, environment | {"POWERTOOLS_LOG_LEVEL": "INFO"}) as call:
                runs.append(call(given))
        assert not any(run.error for run in runs), (name, runs[0].log)
        found[name] = {
            "cpu_ms": round(min(run.cpu_ms + (run.init_cpu_ms or 0) for run in runs)),
            "used_mb": round(max(run.memory_mb for run in runs)),
            "log_bytes": max(len(run.log.encode()) for run in runs),
        }
    return found


def _looked() -> dict[str, dict[str, int]]:
    """Count requests and bytes of a first visit to the form and of a leader's look, compressed as CloudFront does."""
    bucket = wiring.settings().site_bucket
    copy_static_files(wiring.site())
    desk, front = wiring.desk(), wiring.front()
    (leader, *_) = desk.school.leaders
    cookies = start(desk, open_session(desk, front, leader)).headers["Set-Cookie"]
    with serving(bucket) as port, sync_playwright() as playwright:
        url = f"http://127.0.0.1:{port}"
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        context = browser.new_context()
        for line in cookies:
            ((name, one),) = SimpleCookie(line).items()
            place: Any = {"domain": "127.0.0.1", "path": one["path"], "secure": True, "httpOnly": True}
            context.add_cookies([{"name": name, "value": one.value, **place}] if one.value else [])
        try:
            pages = {"form": ["/s/oak7"], "look": ["/dashboard/", "/dashboard/?goal=explain#stories"]}
            return {name: _visit(context.new_page(), [url + path for path in paths]) for name, paths in pages.items()}
        finally:
            browser.close()


def _build() -> float:
    """Compare this machine's own Python, built for speed as Lambda's is, with the one that the functions ran on."""
    own = shutil.which("python3", path="/usr/bin")
    if own is None:
        return 1.0
    times: dict[str, list[float]] = {own: [], str(lambda_python()): []}
    for _ in range(_ROUNDS):
        for python, taken in times.items():
            done = subprocess.run([python, "-c", _EXERCISE], capture_output=True, text=True, check=True)
            taken.append(float(done.stdout))
    ours, functions = (min(taken) for taken in times.values())
    return round(min(1.0, ours / functions), 2)


def _visit(page: Page, addresses: list[str]) -> dict[str, int]:
    seen = {"files": 0, "api": 0, "bytes": 0}

    def note(response: Any) -> None:
        seen["api" if "/api/" in response.url else "files"] += 1
        body = b"" if 300 <= response.status < 400 else response.body()
        packed = len(gzip.compress(body)) if len(body) > 1000 and not response.url.endswith(".bin") else len(body)
        seen["bytes"] += packed + 900

    page.on("response", note)
    for address in addresses:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        for box in page.locator("textarea:visible").all()[:1]:
            box.fill(_STORY)
            page.wait_for_timeout(_LATE_MS)
    page.wait_for_timeout(_LATE_MS)
    return seen


def _stored() -> dict[str, int]:
    table = boto3.client("dynamodb").describe_table(TableName=wiring.settings().table_name)["Table"]
    pages = boto3.client("s3").get_paginator("list_objects_v2").paginate(Bucket=wiring.settings().site_bucket)
    sizes = [one["Size"] for page in pages for one in page.get("Contents", ())]
    return {"table_bytes": table["TableSizeBytes"], "site_bytes": sum(sizes), "site_files": len(sizes)}


def main() -> None:
    """Count and print; with `--write` into the file."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.uses", description=__doc__)
    parser.add_argument("--write", action="store_true")
    write = parser.parse_args().write
    with metered() as meter, _school() as environment:
        counted, times = _counted(meter), _times(environment)
        happenings = {name: {"function": HAPPENINGS[name][0], **counted[name], **times[name]} for name in HAPPENINGS}
        found = {"visits": _looked(), "stored": _stored()}
    told = {"counted": datetime.now(UTC).date(), "wins": _WINS, "build": _build(), "happenings": happenings, **found}
    text = yaml.safe_dump(told, sort_keys=False, default_flow_style=None, width=118)
    if write:
        FILE.write_text("# What each happening asks of AWS, written by `python -m benchmarks.uses --write`.\n" + text)
    print(text)


if __name__ == "__main__":
    main()
