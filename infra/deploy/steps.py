"""Applying a school: eight steps, each doing only what is missing. Broken off anywhere, the next run goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from infra import keyring
from infra.deploy import contents, parameters, passes_keys
from infra.deploy.failures import NOTHING_DONE, CannotDeploy
from infra.deploy.notes import DEPLOYED, REMOVING, alone, read_note, still_at_work, write_note
from infra.deploy.parameters import Job
from infra.deploy.progress import Progress
from infra.deploy.proposals import Wanted, bring_about
from infra.deploy.releases import Packaged, Release, address_of, find_release, read_template, upload
from infra.deploy.stacks import Stack, find_stack, protect, users_of

ACCOUNT_STACK = "small-wins-account"
STEPS = 8
_WHOLE = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"}
LEAST_LIMIT, FIREWALLS_REGION = 10, "us-east-1"
"""What AWS WAF takes (docs.aws.amazon.com, rate-based rules)."""
_REMEMBERED = 5
"""Releases that a school ran before."""


@dataclass(frozen=True)
class Sources:
    """What this machine brings."""

    account: Path
    """The template of what an account's schools share."""
    account_parameters: Callable[[str], dict[str, str]]
    """Its parameters that this checkout decides, from the `StyleDigests` that the stack has."""
    pack: Callable[[Progress], Packaged]
    """Makes the package, or finds that it is made."""


@dataclass(frozen=True)
class Choices:
    """What whoever applies has chosen."""

    release: str = ""
    """A release in the artifact bucket, to go back to; empty for what this machine packs."""
    rate_limit: int | None = None
    """Requests of one address in five minutes that the account's firewall lets pass; 0 for none, None as it is."""
    publish: str = "function"
    """Who publishes: the school's function, or this machine (`here`), or the school's clock (`later`)."""
    replace_school_file: bool = False
    """Whether the file on disk wins over one that the school changed meanwhile."""


def apply(job: Job, sources: Sources, choices: Choices, progress: Progress) -> Stack:
    """Bring a school about, or up to date.

    Raises:
        CannotDeploy: with the reason, if it can't go on.
    """
    with alone(job.id):
        if read_note(job.id, REMOVING):
            raise CannotDeploy(f"{job.id} is being removed: run `remove` again to end that first.")
        _step(progress, "Package")
        packaged = None if choices.release else sources.pack(progress)
        _step(progress, "What the schools of the account share")
        with alone("account", patient=True):
            shared = bring_about(account_wanted(job, sources, find_stack(ACCOUNT_STACK), choices), progress)
        bucket = shared.outputs["ArtifactBucket"]
        _step(progress, "Release")
        release = upload(bucket, packaged, progress) if packaged else find_release(bucket, choices.release)
        _step(progress, "Keys")
        if keyring.create(job.keys, datetime.now(UTC)):
            progress.changed(f"made, in the parameters {job.keys} and …-dashboard")
        else:
            progress.say("as they are")
        _step(progress, "The school's resources (the first time some ten minutes, for CloudFront)")
        stack = _bring_about_school(job, shared_by(shared.outputs, job, choices, progress), release, progress)
        _remember(job.id, release)
        _step(progress, "School file")
        contents.store_school_file(job, stack, progress, replace=choices.replace_school_file)
        _step(progress, "Static files")
        contents.copy_static_files(bucket, release, progress)
        _step(progress, "Publication")
        contents.publish(stack, progress, by=choices.publish)
        return stack


def account_wanted(job: Job, sources: Sources, existing: Stack | None, choices: Choices) -> Wanted:
    """Say how the stack is to be that the account's schools share; what is chosen once stays.

    Raises:
        CannotDeploy: for a limit that can't be.
    """
    now = existing.parameters if existing else {}
    told = sources.account_parameters(now.get("StyleDigests", ""))
    mail = "yes" if job.school.mail.address else now.get("ReceivesMail", "no")
    stands = now.get("RateLimit", "0")
    limit = stands if choices.rate_limit is None else str(choices.rate_limit)
    if limit not in {"0", stands}:
        _check_limit(int(limit), job.place.region)
    elif limit != stands and users_of("WebAclArn"):
        limit = stands  # AWS removes no firewall that a school still stands behind
    template = sources.account.read_text("utf-8")
    wanted = {**told, "RateLimit": limit, "ReceivesMail": mail}
    return Wanted(ACCOUNT_STACK, template, wanted, {"small-wins": "account"})


def _check_limit(limit: int, region: str) -> None:
    if limit < LEAST_LIMIT:
        raise CannotDeploy(f"AWS WAF counts {LEAST_LIMIT} requests in five minutes at least.", NOTHING_DONE)
    if region != FIREWALLS_REGION:
        raise CannotDeploy(f"A firewall before CloudFront is made in {FIREWALLS_REGION} alone.", NOTHING_DONE)


def _step(progress: Progress, title: str) -> None:
    still_at_work()
    progress.step(title)


def shared_by(
    outputs: Mapping[str, str], job: Job, choices: Choices, progress: Progress | None = None
) -> dict[str, str]:
    """Return what the school shares with others of the account; no firewall, if there is to be none.

    Args:
        outputs: of the account's stack.
        job: the school.
        choices: what whoever applies has chosen.
        progress: where to tell that SES follows our receipt rules from now on; without it nothing is changed.
    """
    account = parameters.of_the_account(outputs, job, progress)
    return {name: value for name, value in account.items() if choices.rate_limit != 0 or name != "WebAclArn"}


def _bring_about_school(job: Job, account: dict[str, str], release: Release, progress: Progress) -> Stack:
    """Create or update the stack: twice for a new school without a domain, whose address is known only then."""
    bucket = account["ArtifactBucket"]
    address, template = address_of(bucket, release.template, job.place.region), read_template(bucket, release)
    stack = find_stack(job.stack)
    if stack and stack.status in _WHOLE:
        protect(stack)
    url = stack.outputs.get("Url", "") if stack else ""
    while True:
        told = parameters.fitting(template, parameters.all_of(job, account, release, url))
        stack = bring_about(Wanted(job.stack, address, told, job.tags), progress)
        if told.get("PublicUrl") or not stack.outputs.get("Url"):
            break
        url = stack.outputs["Url"]
    protect(stack)
    passes_keys.remove_unneeded(job.id, set(parameters.of_the_keys(job.keys).values()), progress)
    return stack


def _remember(school_id: str, release: Release) -> None:
    """Note which release runs, and which ran before."""
    note = read_note(school_id, DEPLOYED)
    before = [note["release"], *note.get("before", [])] if note.get("release") else []
    if note.get("release") != release.id:
        told = {"release": release.id, "since": datetime.now(UTC).isoformat(timespec="seconds")}
        write_note(school_id, DEPLOYED, {**note, **told, "before": before[:_REMEMBERED]})
