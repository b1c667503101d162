"""Cold starts of the packed functions under Amazon's own runtime client, against a bare handler in the same harness."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measure import Row, against, school_running
from chalicelib import wiring
from chalicelib.work.secrets import origin_key
from infra.lambda_events import posted
from infra.lambda_runtime import Call, Done, running, running_function
from infra.package import build
from infra.package.libraries import compile_folder
from infra.runtime_code import Function, unpack

_FLOOR = """
import os

import boto3
from chalice import Chalice
from pydantic import BaseModel

app = Chalice(app_name="floor", configure_logs=False)
clients = []


class Win(BaseModel):
    link: str
    kind: str
    story: str


@app.route("/wins", methods=["POST"])
def post():
    win = Win.model_validate(app.current_request.json_body)
    if not clients:
        clients.append(boto3.client("dynamodb"))
    item = {"pk": {"S": "FLOOR"}, "sk": {"S": "1"}, "story": {"S": win.story}}
    clients[0].put_item(TableName=os.environ["TABLE_NAME"], Item=item)
    return {"story": win.story}
"""
_ROUNDS = 9


_WIN = json.dumps({"link": "staff", "kind": "success", "story": "Two hands went up."})


def floor_of(code: Path, folder: Path, variables: dict[str, str]) -> Function:
    """Lay out a bare handler beside the libraries of the package."""
    (folder / "floor.py").write_text(_FLOOR)
    compile_folder(folder, "/var/task")
    for path in code.iterdir():
        if path.name not in {"app.py", "chalicelib", "__pycache__"}:
            (folder / path.name).symlink_to(path)
    return Function("floor.app", folder, None, 512, variables)


def _first(start: Callable[[], AbstractContextManager[Call]], event: Any) -> Done:
    """Start a function anew and ask it once."""
    with start() as call:
        done = call(event)
    if done.error or done.answer.get("statusCode", 200) >= 300:
        raise RuntimeError(f"{done.error or done.answer}")
    return done


def _init(done: Done) -> float:
    return (done.init_ms or 0) / 1000


def _cold(done: Done) -> float:
    return _init(done) + done.duration_ms / 1000


def measure() -> list[Row]:
    """Start ours and the floor in turns."""
    package = build(lambda _: None)
    with school_running() as environment, tempfile.TemporaryDirectory() as folder:
        floor = floor_of(unpack(package.functions), Path(folder), environment)
        bare, event = posted(_WIN, "", path="/wins"), posted(_WIN, origin_key(wiring.keys()))
        ours, theirs = [], []
        for _ in range(_ROUNDS):
            theirs.append(_first(lambda: running(floor), bare))
            ours.append(_first(lambda: running_function(package, "APIHandler", environment), event))
        publish = _first(lambda: running_function(package, "Publish", environment), {})
    name = "a cold start's first win, beside one that only stores it"
    return [
        against("init of the packed win path", median(map(_init, ours)), median(map(_init, theirs)), 1.3),
        against(name, median(map(_cold, ours)), median(map(_cold, theirs)), 1.6),
        _memory("memory of the packed win path", median(done.memory_mb for done in ours), 512),
        _memory("memory of a first publication", publish.memory_mb, 1024),
    ]


def _memory(what: str, used: float, given: float) -> Row:
    return Row(what, f"{used:.0f} MB", f"{given:.0f} MB", used / given, "<= 0.5 x given", used <= given / 2)
