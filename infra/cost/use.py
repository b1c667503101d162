"""What a school uses in a month: what each happening was counted to ask for, times how often it comes.

Every invocation is taken for a cold one, as seldom as they are; Lambda often keeps a function for some minutes, so that
a bill is lower.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from infra.cost.staff import SCHOOL_WEEKS, Staff, happenings

_INFRA = Path(__file__).parents[1]
_GB = 1e9
_WHOLE_PROCESSOR_MB = 1769
"""Memory with which a function has one processor, less has a share (Lambda's guide, on configuring memory)."""
_WAITS = {"dynamodb": 6, "s3": 25, "ssm": 12, "sesv2": 80, "sns": 25, "sqs": 10, "cloudwatch": 40}
"""Milliseconds that a function waits for an answer of a service in its region: assumed, rather long."""
_WAIT_OTHERWISE = 80
_LOG_BYTES = 300
"""What Lambda adds to each invocation's own log lines."""
_BILLED_AS = {
    "reads": "table_read",
    "writes": "table_write",
    "puts": "bucket_put",
    "gets": "bucket_get",
    "ssm.GetParameter": "key_request",
    "sesv2.SendEmail": "mail_sent",
    "sns.Publish": "notice",
    "sqs.GetQueueAttributes": "queue_request",
    "cloudwatch.GetMetricStatistics": "metric_request",
}
NOT_AWS = {"pinpoint-sms-voice-v2.SendTextMessage"}
"""What is counted and left out: text messages are the carrier's."""


@cache
def counted() -> dict[str, Any]:
    """Read what `python -m benchmarks.uses` counted."""
    found: dict[str, Any] = yaml.safe_load((_INFRA / "uses.yaml").read_text("utf-8"))
    return found


@cache
def memory() -> dict[str, int]:
    """Read how many MB each function is given, by its name in the template."""
    config = json.loads((_INFRA.parent / ".chalice" / "config.json").read_text("utf-8"))
    stage = config["stages"]["school"]
    usual: int = stage["lambda_memory_size"]
    names = {"receive_mail": "ReceiveMail", "receive_text": "ReceiveText"}
    own = {names.get(name, name.capitalize()): one for name, one in stage["lambda_functions"].items()}
    return {"APIHandler": usual} | {name: one.get("lambda_memory_size", usual) for name, one in own.items()}


def gb_seconds(happening: Mapping[str, Any]) -> float:
    """Weigh one cold invocation: processor time at the share that its memory brings, and the wait for each answer.

    `build` tells how much quicker a Python built for speed is than the one that was counted with.
    """
    mb = memory()[happening["function"]]
    computing = happening["cpu_ms"] * counted().get("build", 1.0) / min(1.0, mb / _WHOLE_PROCESSOR_MB)
    waiting = sum(n * _WAITS.get(service, _WAIT_OTHERWISE) for service, n in happening["calls"].items())
    return float(mb / 1024 * (computing + waiting) / 1000)


def use_of(staff: Staff, stack: dict[str, Any] | None = None) -> dict[str, float]:
    """Add up what a school uses in a month, in the units of the price list."""
    often = happenings(staff, stack)
    total: dict[str, float] = defaultdict(float)
    for name, n in often.items():
        _add(total, n, of_one(counted()["happenings"][name]))
    for one in (_around(staff, often), _visits(staff), _stored(staff)):
        _add(total, 1, one)
    return dict(total)


def _add(total: dict[str, float], n: float, units: Mapping[str, float]) -> None:
    for name, many in units.items():
        total[name] += n * many


def of_one(happening: Mapping[str, Any]) -> dict[str, float]:
    """Return what one happening is billed, in the units of the price list."""
    units = {_BILLED_AS[name]: float(n) for name, n in happening["units"].items() if name not in NOT_AWS}
    log = (happening["log_bytes"] + _LOG_BYTES) / _GB
    return {**units, "lambda_request": 1.0, "lambda_gb_second": gb_seconds(happening), "log_gb": log}


def _around(staff: Staff, often: Mapping[str, float]) -> dict[str, float]:
    """Return what calls the functions, and the mails by which leaders sign in."""
    return {
        "api_request": often["win_by_form"],
        "front_request": often["win_by_form"],
        "clock": sum(often[name] for name in ("publish", "publish_idle", "retain", "watch")),
        "notice": often["win_by_mail"] + often["win_by_text"],
        "mail_received": often["win_by_mail"],
        "bucket_put": often["win_by_mail"],
        "mail_sent": staff.looks,
        "notice_mail": 1,
    }


def _visits(staff: Staff) -> dict[str, float]:
    """Return the pages that are opened: the form for each win told by it, the dashboard for each look."""
    visits: list[tuple[float, dict[str, float]]] = [
        (staff.forms, counted()["visits"]["form"]),
        (staff.looks, counted()["visits"]["look"]),
    ]
    files = sum(n * visit["files"] for n, visit in visits)
    read = sum(n * visit["bytes"] for n, visit in visits) / _GB
    return {"front_request": files, "front_function": files, "bucket_get": files, "front_gb": read}


def _stored(staff: Staff) -> dict[str, float]:
    """Return what lies in the table and the buckets; pages that were replaced lie there for another day."""
    told = counted()["stored"]
    wins = max(1.0, staff.years) * staff.teachers * staff.wins_a_week * SCHOOL_WEEKS
    table = told["table_bytes"] * wins / counted()["wins"] / _GB
    return {"table_gb": table, "table_backup_gb": table, "bucket_gb": 3 * told["site_bytes"] / _GB}
