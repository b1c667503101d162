"""Lambda on this machine: packed functions under Amazon's own runtime client, asked through a small runtime API.

    with running_function(build(), "APIHandler", engine.environment) as call:
        print(call(event).answer)

A function runs in a fresh process: on the zips, unpacked into folders of their own, on what Lambda's runtime brings
(boto3 and the client, in `.local/runtime`), and on nothing else of this machine but Python itself. Times are this
machine's: Lambda's depend on the memory a function is given, and are not guessed here.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from infra.package import Package
from infra.package.interpreter import RUNTIME
from infra.runtime_api import Ended, RuntimeApi, runtime_api
from infra.runtime_code import Function, function_of, lambda_python, runtime_folder

PATIENCE_SECONDS = 120.0


@dataclass(frozen=True)
class Done:
    """One invocation, as Lambda's REPORT line has it."""

    answer: Any
    error: dict[str, Any] | None
    """What the function raised; None if it answered."""
    init_ms: float | None
    """From the start of the process until it asks for work; of the first invocation only."""
    duration_ms: float
    billed_ms: int
    """Rounded up; the first invocation pays its init too, as on Lambda since August 2025."""
    memory_mb: float
    """The most the process has had in memory so far."""
    cpu_ms: float
    """Of the invocation alone."""
    init_cpu_ms: float | None
    log: str


Call = Callable[[Any], Done]


def _environment(function: Function, runtime: Path, address: str) -> dict[str, str]:
    """Return what Lambda sets: docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html."""
    region = os.environ.get("AWS_DEFAULT_REGION", "us-east-1")
    folders = [function.task, *([function.layer / "python"] if function.layer else []), runtime]
    return {
        "AWS_DEFAULT_REGION": region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{RUNTIME}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_FORMAT": function.log_format,
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "2026/01/01/[$LATEST]0",
        "AWS_LAMBDA_RUNTIME_API": address,
        "AWS_REGION": region,
        "LAMBDA_RUNTIME_DIR": str(runtime),
        "LAMBDA_TASK_ROOT": str(function.task),
        "LANG": "en_US.UTF-8",
        "PATH": "/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",  # Lambda's code folder can't be written
        "PYTHONPATH": ":".join(map(str, folders)),
        "PYTHONTZPATH": "",  # this machine may know time zones, Lambda need not
        "TZ": ":UTC",
        "_HANDLER": function.handler,
        **function.variables,
    }


class _Process:
    """A started function; called with an event, it answers."""

    def __init__(self, process: subprocess.Popen[bytes], api: RuntimeApi, log: IO[bytes], started: float) -> None:
        self._process, self._api, self._log = process, api, log
        self._started: float | None = started

    def __call__(self, event: Any) -> Done:
        """Invoke the function.

        Raises:
            Ended: if it could not start, died, or did not answer.
        """
        started, self._started = self._started, None
        kind, ready, body = self._hear()
        if kind != "next":
            raise Ended(f"The function can't start: {body.decode()}\n{self._said()}")
        cpu, sent = self._cpu_ms(), time.perf_counter()
        self._api.send(json.dumps(event).encode())
        kind, answered, body = self._hear()
        told = json.loads(body)
        answer, error = (told, None) if kind == "response" else (None, told)
        duration, init = (answered - sent) * 1000, None if started is None else (ready - started) * 1000
        billed, spent = math.ceil(duration + (init or 0)), self._cpu_ms() - cpu
        init_cpu = None if started is None else cpu
        return Done(answer, error, init, duration, billed, self._memory_mb(), spent, init_cpu, self._said())

    def _hear(self) -> tuple[str, float, bytes]:
        try:
            return self._api.hear(lambda: self._process.poll() is None)
        except Ended as ended:
            raise Ended(f"{ended}\n{self._said()}") from None

    def _said(self) -> str:
        return self._log.read().decode()

    def _memory_mb(self) -> float:
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024

    def _cpu_ms(self) -> float:
        return time.clock_gettime(~self._process.pid << 3 | 2) * 1000  # Linux's clock of another process's CPU time


@contextmanager
def running(function: Function) -> Iterator[Call]:
    """Start a function's process; yields what invokes it.

    Raises:
        Missing: if this machine has no such Python.
    """
    runtime, python = runtime_folder(), lambda_python()
    with (
        runtime_api(PATIENCE_SECONDS) as api,
        tempfile.TemporaryDirectory() as own,
        (Path(own) / "log").open("wb") as log,
        (Path(own) / "log").open("rb") as said,
    ):
        started = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - our own command; -S leaves out this machine's packages
            [str(python), "-S", "-m", "awslambdaric", function.handler],
            cwd=function.task,
            env=_environment(function, runtime, api.address),
            stdout=log,
            stderr=log,
        )
        try:
            yield _Process(process, api, said, started)
        finally:
            process.kill()
            process.wait()


@contextmanager
def running_function(package: Package, name: str, environment: Mapping[str, str]) -> Iterator[Call]:
    """Run a packed function, told what its template names and no more; yields what invokes it.

    Args:
        package: that was built.
        name: of the function in the template, such as `APIHandler`.
        environment: a school's resources, as an engine made them, and where that engine is.
    """
    with running(function_of(package, name, environment)) as call:
        yield call
