"""What a school is filled with once its resources are there: its file, the static files, its first publication."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import boto3
from botocore.config import Config

from chalicelib import wiring
from chalicelib.stores.bucket import SiteBucket
from chalicelib.work.configure import By, configure_school, says_the_same
from chalicelib.work.places import digest
from infra.clients import client
from infra.connection import environment_of, point_to
from infra.deploy.failures import CannotDeploy
from infra.deploy.notes import DEPLOYED, read_note, write_note
from infra.deploy.parameters import Job
from infra.deploy.progress import Progress
from infra.deploy.releases import Release, read_file
from infra.deploy.stacks import Stack
from infra.erase import WHO

_PUBLISHING_SECONDS = 320


def store_school_file(job: Job, stack: Stack, progress: Progress, *, replace: bool) -> None:
    """Store the school's file, unless the school changed its own meanwhile: nobody's work is overwritten unasked."""
    point_to(environment_of(stack.outputs, stack.parameters))
    ours = hashlib.sha256(job.school.model_dump_json().encode()).hexdigest()[:16]
    note, (version, latest) = read_note(job.id, DEPLOYED), wiring.table().latest_school() or (0, None)
    if latest and note.get("school_file") == ours and not replace:
        progress.say(f"version {version}; the file on disk is as it was")
        return
    theirs = latest and version != note.get("school_version") and not says_the_same(job.school, latest)
    if theirs and not replace:
        progress.later(
            f"The school changed its own file (version {version}), and {job.file} says something else: it was not "
            "stored. Bring both together, or say --replace-school-file."
        )
        return
    by = By(wiring.front().record, WHO, datetime.now(UTC)) if latest else None
    version, new = configure_school(wiring.table(), job.school, by=by)
    write_note(job.id, DEPLOYED, {**note, "school_file": ours, "school_version": version})
    (progress.changed if new else progress.say)(f"{job.school.name}: version {version}")


def copy_static_files(bucket: str, release: Release, progress: Progress) -> None:
    """Copy a release's scripts and icons to the school's site, where they differ."""
    site = SiteBucket(client("s3"), wiring.settings().site_bucket)
    copied = 0
    with progress.bar(len(release.site), "file") as bar:
        for path, key in release.site.items():
            body = read_file(bucket, key)
            if site.digest_of(path) != digest(body):
                site.write(path, body, digest(body))
                copied += 1
            bar.update()
    if copied:
        progress.changed(f"{copied} of {len(release.site)} copied")
    else:
        progress.say(f"{len(release.site)}, as they should be")


def publish(stack: Stack, progress: Progress, *, by: str) -> None:
    """Publish what is new: by the school's own function, which shows that it works, or as was chosen.

    Raises:
        CannotDeploy: if the function fails.
    """
    if by == "later":
        progress.say("left to the school's clock, within fifteen minutes in a school's hours")
        return
    if by == "here":
        done = wiring.publish_now()
        wrote, version = done.wrote, done.version
    else:
        told = _ask_function(stack.outputs["PublishFunction"])
        wrote, version = told["wrote"], told["version"]
    (progress.changed if wrote else progress.say)(f"{wrote} files written, version {version}")


def _ask_function(name: str) -> Any:
    patient = Config(read_timeout=_PUBLISHING_SECONDS, retries={"total_max_attempts": 1})
    answer = boto3.client("lambda", config=patient).invoke(FunctionName=name, Payload=json.dumps(_clock_event()))
    told = json.loads(answer["Payload"].read() or b"{}")
    if answer.get("FunctionError") or "wrote" not in told:
        raise CannotDeploy(f"The function {name} did not publish ({told.get('errorType', 'no answer')}): see its log.")
    return told


def _clock_event() -> dict[str, Any]:
    """Write the event that a schedule sends."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    named = {"version": "0", "id": "deploy", "detail-type": "Scheduled Event", "source": "small-wins.deploy"}
    return {**named, "account": "", "region": "", "time": now, "resources": [], "detail": {}}
