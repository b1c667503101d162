"""CloudWatch Logs tells of lines in which a function's run went wrong; this reads what may be repeated of them.

A sample event: `{"awslogs": {"data": "H4sI…"}}`, base64 of gzipped JSON: `{"messageType": "DATA_MESSAGE",
"logGroup": "small-wins-maple-PublishLog-x1Y2", "logEvents": [{"message": "{…}"}]}`. A message is a line of ours
(`{"level": "ERROR", "exception_name": "KeyError", "function_request_id": "…"}`), of Lambda's runtime client
(`{"level": "ERROR", "errorType": "KeyError", "requestId": "…"}`), or of Lambda itself
(`{"type": "platform.report", "record": {"requestId": "…", "status": "timeout"}}`). All else in it may hold words.
"""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64decode
from dataclasses import dataclass
from typing import Any

_MOST_BYTES = 4_000_000
_MOST_LINES = 50
_GZIP = zlib.MAX_WBITS | 16
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,79}")
_REQUEST = re.compile(r"[0-9a-f-]{36}")
_GROUP = re.compile(r".*-([A-Za-z]+)Log-[A-Za-z0-9]+")
_UNKNOWN = "unknown"


@dataclass(frozen=True)
class Failure:
    """One run of a function that went wrong."""

    function: str
    error: str
    """The type of the error, or how the run ended."""
    request: str
    """AWS's id of the run, by which its log is found; empty if the line has none."""


def is_of_logs(event: Any) -> bool:
    """Whether an event comes from CloudWatch Logs."""
    return isinstance(event, dict) and "awslogs" in event


def read_failures(event: Any) -> list[Failure]:
    """List the failed runs that an event of CloudWatch Logs tells of; what cannot be read is one unknown failure."""
    try:
        packed = b64decode(event["awslogs"]["data"], validate=True)
        told = json.loads(zlib.decompressobj(_GZIP).decompress(packed, _MOST_BYTES))
        if told.get("messageType") != "DATA_MESSAGE":
            return []
        named = _GROUP.fullmatch(str(told.get("logGroup", "")))
        function = named[1] if named else _UNKNOWN
        return [_failure(function, str(line.get("message", ""))) for line in told["logEvents"][:_MOST_LINES]]
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError, zlib.error):
        return [Failure(_UNKNOWN, _UNKNOWN, "")]


def _failure(function: str, message: str) -> Failure:
    try:
        line = json.loads(message)
    except (ValueError, RecursionError):
        line = {}
    line = line if isinstance(line, dict) else {}
    record = line["record"] if isinstance(line.get("record"), dict) else {}
    errors = line.get("exception_name"), line.get("errorType"), record.get("errorType"), record.get("status")
    requests = line.get("function_request_id"), line.get("requestId"), record.get("requestId")
    return Failure(function, _first(_NAME, *errors) or _UNKNOWN, _first(_REQUEST, *requests))


def _first(shape: re.Pattern[str], *found: object) -> str:
    return next((one for one in found if isinstance(one, str) and shape.fullmatch(one)), "")
