"""The path of a win stays light, and every handler can be found by Lambda."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from chalice.app import EventSourceHandler

import app as app_module

ROOT = Path(__file__).parents[2]
HEAVY = {
    *("altair", "vl_convert", "aws_xray_sdk", "twilio", "pandas", "polars", "numpy", "narwhals", "jsonschema"),
    *("authlib", "joserfc", "jinja2", "cryptography", "openpyxl", "yaml", "requests", "moto", "tqdm"),
    *("phonenumbers", "mailparser_reply", "quotequail", "email_forward_parser", "bs4", "lxml"),
}
SEND_ONE = """
import json, sys
import app
event = {"requestContext": {"httpMethod": "POST", "resourcePath": "/api/wins", "path": "/api/wins",
                            "identity": {"sourceIp": "127.0.0.1"}},
         "headers": {"content-type": "application/json"}, "pathParameters": {}, "stageVariables": {},
         "multiValueQueryStringParameters": None, "isBase64Encoded": False,
         "body": json.dumps({"link": "oak7", "kind": "success", "story": "They waited for each other."})}
context = type("Context", (), {"function_name": "f", "memory_limit_in_mb": 512, "aws_request_id": "1",
                               "invoked_function_arn": "arn:aws:lambda:us-east-1:1:function:f"})()
answer = app.app(event, context)
print(json.dumps({"status": answer["statusCode"], "loaded": sorted(sys.modules)}))
"""


def run_python(script: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**environment, "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()[-1]


@pytest.mark.usefixtures("school_stored")
def test_no_heavy_library_is_loaded_to_accept_a_win(surroundings: dict[str, str]) -> None:
    found = json.loads(run_python(SEND_ONE, surroundings))
    assert found["status"] == 201
    assert not HEAVY & {name.split(".")[0] for name in found["loaded"]}
    doors = {name for name in found["loaded"] if name.startswith("chalicelib.doors.")}
    assert doors <= {"chalicelib.doors.web"}, "what reads texts and mails is loaded only for them"


def test_importing_the_app_reads_no_environment() -> None:
    assert run_python("import app; print('imported')", {}) == "imported"


def test_every_other_handler_is_found_by_its_name_in_app() -> None:
    handlers = {name for name, value in vars(app_module).items() if isinstance(value, EventSourceHandler)}
    declared = {handler.name for handler in app_module.app.pure_lambda_functions}
    declared |= {source.name for source in app_module.app.event_sources}
    assert handlers == declared == {"publish", "receive_mail", "receive_text", "retain", "watch"}
