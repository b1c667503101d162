"""How commands find the school they are for: a running `make run`, or one on AWS by its file or by settings."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import ValidationError

from chalicelib import wiring
from chalicelib.domain.errors import Problem, WriteConflict
from chalicelib.domain.school_file import SchoolFileProblems
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


def add_school_option(parser: argparse.ArgumentParser) -> None:
    """Let a command be told which school it is for."""
    told = "the file of a school on AWS; without it TABLE_NAME or SCHOOL say which, or it is that of `make run`"
    parser.add_argument("--school", type=Path, metavar="FILE", help=told)


def find_school(file: Path | None = None) -> str:
    """Point this process to a school and say which.

    A file that is named wins, then `TABLE_NAME` in the environment, then `SCHOOL` there, which names a file too; so
    nobody who means AWS writes to a machine under the desk.

    Raises:
        SystemExit: with a sentence, if there is none.
    """
    if file is None and os.environ.get("TABLE_NAME"):
        try:
            name = wiring.settings().table_name
        except ValidationError as missing:
            names = ", ".join(str(error["loc"][0]).upper() for error in missing.errors())
            sys.exit(f"TABLE_NAME is set, but these are missing or wrong: {names}")
        return f"table {name}"
    if file or os.environ.get("SCHOOL"):
        stack = find_stack_of(file or Path(os.environ["SCHOOL"]))
        point_to(environment_of(stack["Outputs"], stack["Parameters"]))
        return f"the school of {stack['StackName']} ({wiring.settings().public_url})"
    running = _running()
    if running is None:
        sys.exit(
            "No school found: start one with `make run`, name the file of one on AWS with --school, "
            "or set TABLE_NAME, SITE_BUCKET, INBOX_BUCKET, KEYS_PARAMETER, PUBLIC_URL."
        )
    _point_to_engine(running["environment"])
    return f"the school of `make run` ({running['environment']['PUBLIC_URL']})"


def find_stack_of(file: Path) -> dict[str, Any]:
    """Return the stack of a school on AWS, by its file; outputs and parameters as mappings.

    Raises:
        SystemExit: with a sentence, if it can't be found.
    """
    from infra.deploy.failures import CannotDeploy
    from infra.deploy.place import point_to_region
    from infra.deploy.settings import read_deployment, stack_of
    from infra.deploy.stacks import find_stack

    try:
        school, deployment = read_deployment(file)
        point_to_region(deployment.region)
    except (SchoolFileProblems, CannotDeploy) as problem:
        sys.exit(f"{file}: {problem}")
    found = find_stack(stack_of(school.school))
    if found is None:
        name = stack_of(school.school)
        sys.exit(f"There is no stack {name} in {deployment.region} for these credentials: apply it first.")
    return {"StackName": found.name, "Outputs": found.outputs, "Parameters": found.parameters}


def environment_of(outputs: Mapping[str, str], parameters: Mapping[str, str]) -> dict[str, str]:
    """Return the environment that points to the school of a stack."""
    return {
        "TABLE_NAME": outputs["TableName"],
        "SITE_BUCKET": outputs["SiteBucketName"],
        "INBOX_BUCKET": outputs["InboxBucketName"],
        "KEYS_PARAMETER": parameters["KeysParameter"],
        "MAIL_ADDRESS": parameters.get("MailAddress", ""),
        "PUBLIC_URL": parameters.get("PublicUrl") or outputs.get("Url", ""),
    }


def find_outputs(file: Path | None = None) -> dict[str, str]:
    """Return the outputs of a school's stack: that of a file, of the file that `SCHOOL` names, or of `make run`.

    Raises:
        SystemExit: with a sentence, if there is none.
    """
    if file or os.environ.get("SCHOOL"):
        outputs: dict[str, str] = find_stack_of(file or Path(os.environ["SCHOOL"]))["Outputs"]
        return outputs
    running = _running()
    if running is None:
        sys.exit("No school found: start one with `make run`, or name the file of one on AWS with --school.")
    _point_to_engine(running["environment"])
    return running["outputs"]


def running_url() -> str:
    """Return where the pages of a running `make run` are; empty if none runs."""
    running = _running()
    return running["environment"]["PUBLIC_URL"] if running else ""


def point_to(environment: Mapping[str, str]) -> None:
    """Let this process be one of a school's functions, as far as its environment goes."""
    os.environ.update(environment)
    wiring.forget()


def _point_to_engine(environment: dict[str, str]) -> None:
    os.environ.pop("AWS_PROFILE", None)
    point_to(environment)


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
