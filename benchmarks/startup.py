"""Start-up of `app.py` against what any such function has to load."""

from __future__ import annotations

from statistics import median

from benchmarks.measure import Row, against, in_new_process

_FLOOR = """
import boto3, chalice, pydantic
from aws_lambda_powertools import Logger
boto3.client("dynamodb", region_name="us-east-1")
class Model(pydantic.BaseModel):
    text: str
Logger(service="floor")
"""
_OURS = """
import os
import app
from chalicelib.stores.table import connect
os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
connect()
"""
_TIMED = "import time\nstart = time.perf_counter()\n{}\nimport json\nprint(json.dumps(time.perf_counter() - start))"
_ROUNDS = 9


def measure() -> list[Row]:
    """Start fresh processes in turns."""
    floor, ours = [], []
    for _ in range(_ROUNDS):
        floor.append(float(in_new_process(_TIMED.format(_FLOOR), {})))  # type: ignore[arg-type]
        ours.append(float(in_new_process(_TIMED.format(_OURS), {})))  # type: ignore[arg-type]
    return [against("start-up of app.py with its DynamoDB client", median(ours), median(floor), 1.25)]
