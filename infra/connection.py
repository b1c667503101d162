"""How commands find the school they are for: a running `make run`, or the usual AWS settings."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import ValidationError

from chalicelib import wiring
from chalicelib.domain.errors import Problem, WriteConflict
from chalicelib.domain.words import say
from infra.engine import LOCAL, Engine

RUNNING = LOCAL / "running.json"


def remember(engine: Engine) -> None:
    """Leave the running engine's address for other commands."""
    LOCAL.mkdir(exist_ok=True)
    RUNNING.touch(mode=0o600)
    known = {"pid": os.getpid(), "environment": engine.environment, "outputs": engine.outputs}
    RUNNING.write_text(json.dumps(known))


def forget_running() -> None:
    """Take the address away again."""
    if RUNNING.exists() and json.loads(RUNNING.read_text())["pid"] == os.getpid():
        RUNNING.unlink()


def find_school() -> str:
    """Point this process to a school and say which.

    `TABLE_NAME` in the environment wins, so that nobody who means AWS writes to a machine under the desk.

    Raises:
        SystemExit: with a sentence, if there is neither.
    """
    if os.environ.get("TABLE_NAME"):
        try:
            name = wiring.settings().table_name
        except ValidationError as missing:
            names = ", ".join(str(error["loc"][0]).upper() for error in missing.errors())
            sys.exit(f"TABLE_NAME is set, but these are missing or wrong: {names}")
        return f"table {name}"
    running = _running()
    if running is None:
        sys.exit(
            "No school found: start one with `make run`, "
            "or set TABLE_NAME, SITE_BUCKET, INBOX_BUCKET, KEYS_PARAMETER, PUBLIC_URL."
        )
    _point_to(running["environment"])
    return f"the school of `make run` ({running['environment']['PUBLIC_URL']})"


def find_outputs(stack: str | None) -> dict[str, str]:
    """Return the outputs of a school's stack: of the one that is named, or of a running `make run`.

    Raises:
        SystemExit: with a sentence, if there is neither.
    """
    if stack:
        found = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
        return {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]}
    running = _running()
    if running is None:
        sys.exit("No school found: start one with `make run`, or name its stack with --stack.")
    _point_to(running["environment"])
    return running["outputs"]


def _point_to(environment: dict[str, str]) -> None:
    os.environ.pop("AWS_PROFILE", None)
    os.environ.update(environment)
    wiring.forget()


def _running() -> dict[str, dict[str, str]] | None:
    try:
        found = json.loads(Path(RUNNING).read_text())
        os.kill(found["pid"], 0)
        return {"environment": found["environment"], "outputs": found["outputs"]}
    except (OSError, ValueError, KeyError):
        return None


def run_command(work: Callable[[], int], failed: int = 1) -> int:
    """Run a command's work; what can go wrong ends in a sentence and the exit code `failed`, not in a stack."""
    try:
        return work()
    except Problem as problem:
        print(say("en", f"problem.{problem.code}", n=len(problem.fields)), file=sys.stderr)
    except WriteConflict:
        print(say("en", "problem.busy"), file=sys.stderr)
    except (BotoCoreError, ClientError) as error:
        print(f"The school does not answer ({type(error).__name__}). What was done stays done.", file=sys.stderr)
    except KeyboardInterrupt:
        print("Stopped. What was done stays done; run it again to go on.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return failed
    return failed
