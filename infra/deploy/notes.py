"""Notes on a school in Parameter Store: what was deployed, who is at it, what is being removed."""

from __future__ import annotations

import getpass
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from infra.clients import client
from infra.deploy.failures import AwsErrors, CannotDeploy, code_of

DEPLOYED, REMOVING, _AT_WORK = "deployed", "removing", "at-work"
_GIVEN_UP = timedelta(minutes=15)
"""After this long without a sign of life a run on another machine counts as dead."""
_HELD: dict[str, float] = {}
"""The locks that this process holds, and when it last gave a sign of life for each."""
_SIGN_EVERY_SECONDS = 60
_LOOK_EVERY_SECONDS = 2


def name_of(school_id: str, note: str) -> str:
    """Name the parameter of a note."""
    return f"/small-wins/{school_id}/{note}"


def read_note(school_id: str, note: str) -> dict[str, Any]:
    """Read a note; empty if there is none."""
    try:
        found = client("ssm").get_parameter(Name=name_of(school_id, note))["Parameter"]["Value"]
    except ClientError as error:
        if code_of(error) == "ParameterNotFound":
            return {}
        raise
    read: dict[str, Any] = json.loads(found)
    return read


def write_note(school_id: str, note: str, told: dict[str, Any]) -> bool:
    """Write a note; whether it says anything new."""
    if read_note(school_id, note) == told:
        return False
    _put(name_of(school_id, note), told, overwrite=True)
    return True


def forget_note(school_id: str, note: str) -> None:
    """Take a note away."""
    client("ssm").delete_parameters(Names=[name_of(school_id, note)])


@contextmanager
def alone(school_id: str, *, patient: bool = False) -> Iterator[None]:
    """Keep a second run from the same school while the block runs.

    Args:
        school_id: the school; `account` for what the schools of an account share.
        patient: whether to wait for somebody who is at it, as long as a dead run may seem alive.

    Raises:
        CannotDeploy: if somebody is at it.
    """
    name, until = name_of(school_id, _AT_WORK), time.monotonic() + _GIVEN_UP.seconds * patient
    while not _take(name, school_id, last=time.monotonic() >= until):
        still_at_work()
        time.sleep(_LOOK_EVERY_SECONDS)
    _HELD[name] = time.monotonic()
    try:
        yield
    finally:
        _HELD.pop(name)
        with suppress(*AwsErrors):  # it is taken over later
            client("ssm").delete_parameters(Names=[name])


def still_at_work() -> None:
    """Give a sign of life for what this process holds."""
    for name, last in list(_HELD.items()):
        if time.monotonic() - last > _SIGN_EVERY_SECONDS:
            _put(name, _me(), overwrite=True)
            _HELD[name] = time.monotonic()


def _take(name: str, school_id: str, *, last: bool) -> bool:
    """Take a lock; whether it is taken. If somebody else has it at the last try, that is said."""
    try:
        _put(name, _me(), overwrite=False)
    except ClientError as error:
        if code_of(error) != "ParameterAlreadyExists":
            raise
        other = read_note(school_id, _AT_WORK)
        if other and not _is_dead(other, name):
            if not last:
                return False
            raise CannotDeploy(
                f"{other['who']} is applying or removing {school_id} since {other['at'][11:16]} UTC. Wait for that; "
                f"a run that died is taken over after {_GIVEN_UP.seconds // 60} minutes."
            ) from None
        _put(name, _me(), overwrite=True)
    return True


def _is_dead(other: dict[str, Any], name: str) -> bool:
    """Whether whoever holds a lock is there no more."""
    if datetime.now(UTC) - datetime.fromisoformat(other["at"]) > _GIVEN_UP:
        return True
    if other["host"] != socket.gethostname():
        return False
    return name not in _HELD if other["pid"] == os.getpid() else not _runs(other["pid"])


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _me() -> dict[str, Any]:
    host, at = socket.gethostname(), datetime.now(UTC).isoformat(timespec="seconds")
    return {"who": f"{getpass.getuser()} on {host}", "host": host, "pid": os.getpid(), "at": at}


def _put(name: str, told: dict[str, Any], *, overwrite: bool) -> None:
    value = json.dumps(told, ensure_ascii=False)
    client("ssm").put_parameter(Name=name, Value=value, Type="String", Overwrite=overwrite)
