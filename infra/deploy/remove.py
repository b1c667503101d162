"""Removing a school: its wins are written to a file first, then everything goes but what is to be kept.

Wins may arrive until the stack is gone, so they are written once more before the table goes. What is still to be
removed is noted in Parameter Store before anything is, so that a run that was broken off goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalicelib import wiring
from chalicelib.stores.passes import AFTER_KEYS
from infra import keyring
from infra.connection import environment_of, point_to
from infra.deploy import holdings, passes_keys, stacks
from infra.deploy.failures import NOTHING_DONE, CannotDeploy
from infra.deploy.notes import DEPLOYED, REMOVING, alone, forget_note, name_of, read_note, still_at_work, write_note
from infra.deploy.parameters import Job
from infra.deploy.progress import Progress
from infra.dump import dump, open_private

KEEP = ("table", "site", "keys")
STEPS = 5
NOT_EXPORTED = "consents and STOPs, the record of who did what, and the versions of the school file"


@dataclass(frozen=True)
class Removal:
    """What whoever removes a school has chosen."""

    export: Path
    """Where its wins are written."""
    keep: Sequence[str] = ()
    """Of `KEEP`."""
    give_up_failed: bool = False
    """Whether messages that failed may go with the school."""


def remove(job: Job, removal: Removal, progress: Progress) -> None:
    """Remove a school.

    Raises:
        CannotDeploy: if there is none, a legal hold stands, or AWS does not manage to.
    """
    with alone(job.id):
        note = read_note(job.id, REMOVING) or _begin(job, removal)
        progress.step("Export")
        if note["exported"]:
            progress.say(f"was done before: {note['exported']}")
        else:
            _export(job, note, removal, progress)
        _step(progress, "The stack (some ten minutes, for CloudFront)")
        found = stacks.find_stack(note["stack"])
        if found and found.status != "DELETE_COMPLETE":
            stacks.wait_for(found.id, progress)
            stacks.delete(found, progress)
            progress.changed(f"{job.stack} is removed")
        _step(progress, "Files")
        _remove_files(note, progress)
        _step(progress, "Table")
        if "table" not in note["keep"] and holdings.there_is_table(note["table"]):
            _export(job, note, removal, progress)
            holdings.delete_table(note["table"])
            progress.changed(f"{note['table']} is removed")
        _step(progress, "Keys and notes")
        _remove_keys(job, note, progress)
        _say_what_stays(note, progress)
        forget_note(job.id, REMOVING)


def _step(progress: Progress, title: str) -> None:
    still_at_work()
    progress.step(title)


def _begin(job: Job, removal: Removal) -> dict[str, Any]:
    """Note what is to be removed, so that it is known when the stack is gone."""
    stack = stacks.find_stack(job.stack)
    if stack is None or "TableName" not in stack.outputs:
        raise CannotDeploy(f"There is no school {job.id} in {job.place.region} of this account.", NOTHING_DONE)
    if removal.export.exists():
        raise CannotDeploy(f"{removal.export} is there already: name another file for the export.", NOTHING_DONE)
    environment = environment_of(stack.outputs, stack.parameters)
    point_to(environment)
    latest = wiring.table().latest_school()
    if latest and latest[1].privacy.legal_hold:
        raise CannotDeploy(f"A legal hold stands for {job.id}: lift it in the school file first.", NOTHING_DONE)
    failed = sum(holdings.failed_messages(stack.outputs).values())
    if failed and not removal.give_up_failed:
        mend = "try them again with `python -m infra.replay`, or give them up with --give-up-failed"
        raise CannotDeploy(f"{failed} messages of {job.id} failed and wait: {mend}.", NOTHING_DONE)
    note: dict[str, Any] = {
        "stack": stack.id,
        "table": environment["TABLE_NAME"],
        "site": environment["SITE_BUCKET"],
        "inbox": environment["INBOX_BUCKET"],
        "environment": environment,
        "keep": sorted(removal.keep),
        "exported": "",
    }
    write_note(job.id, REMOVING, note)
    return note


def _export(job: Job, note: dict[str, Any], removal: Removal, progress: Progress) -> None:
    """Write all wins that are in the table now, whole or not at all, to a file that its owner alone can read."""
    point_to(note["environment"])
    partly = removal.export.with_name(f"{removal.export.name}.partly")
    count = 0
    with open_private(partly) as out:
        for line in dump(wiring.table()):
            out.write(line + "\n")
            count += 1
    partly.replace(removal.export)
    note["exported"] = f"{count:,} wins in {removal.export.resolve()}"
    write_note(job.id, REMOVING, note)
    progress.changed(note["exported"])


def _remove_files(note: dict[str, Any], progress: Progress) -> None:
    for what in ("inbox", "site"):
        if what in note["keep"]:
            continue
        files = holdings.delete_bucket(note[what])
        if files is not None:
            progress.changed(f"{note[what]} is removed, with {files} files and versions")


def _remove_keys(job: Job, note: dict[str, Any], progress: Progress) -> None:
    public = passes_keys.remove_unneeded(job.id, set())
    names = [name_of(job.id, DEPLOYED)]
    if "keys" not in note["keep"]:
        names += [job.keys, job.keys + AFTER_KEYS, job.keys + keyring.NEXT]
    if holdings.delete_parameters(names) or public:
        progress.changed(f"{public} public keys, and the parameters of {job.id}")


def _say_what_stays(note: dict[str, Any], progress: Progress) -> None:
    progress.say("What stays:")
    progress.say(f"  the export: {note['exported']}")
    kept = {"table": note["table"], "site": note["site"], "keys": note["environment"]["KEYS_PARAMETER"]}
    for what in note["keep"]:
        progress.say(f"  {kept[what]}, since --keep {what} was said")
    if "table" not in note["keep"]:
        progress.say("  for 35 days a backup of the table, which AWS makes when one with point-in-time recovery goes")
        progress.say(f"  nothing else of {NOT_EXPORTED}, unless `infra.handover take` took them")
    progress.say("  what the account's other schools share: small-wins-account, its releases and receipt rules")
    progress.say("  what was made by hand: DNS records, the certificate, SES's identity, the number")
