"""How a school's stack is told what it needs: its parameters, from the file, the account, the keys and the release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.domain.school import School
from chalicelib.work.secrets import origin_key
from infra import keyring
from infra.clients import client
from infra.deploy import passes_keys
from infra.deploy.failures import CannotDeploy, code_of
from infra.deploy.place import Place
from infra.deploy.progress import Progress
from infra.deploy.releases import Release
from infra.deploy.settings import Deployment, keys_of, stack_of


@dataclass(frozen=True)
class Job:
    """One school, and where it goes."""

    file: Path
    school: School
    deployment: Deployment
    place: Place

    @property
    def id(self) -> str:
        """The school's id."""
        return self.school.school

    @property
    def stack(self) -> str:
        """The name of its stack."""
        return stack_of(self.id)

    @property
    def keys(self) -> str:
        """The name of the parameter with its keys."""
        return keys_of(self.id)

    @property
    def tags(self) -> dict[str, str]:
        """What its resources are marked with, so that its costs can be told from another's."""
        return {"small-wins": self.id}


def of_the_file(job: Job, url: str) -> dict[str, str]:
    """Return the parameters that the school's file decides.

    Args:
        job: the school.
        url: where its pages are, as far as that is known; a domain of its own is known from the beginning.
    """
    told = job.deployment
    return {
        "SchoolId": job.id,
        "Kind": "district" if job.school.district else "school",
        "TimeZone": job.school.time_zone,
        "MailAddress": job.school.mail.address or "",
        "KeysParameter": job.keys,
        "AdminAddress": told.admin,
        "DomainName": told.domain or "",
        "CertificateArn": told.certificate or "",
        "LogDays": str(told.log_days),
        "MonthlyBudget": f"{told.spend_limit:.2f}",
        "PublicUrl": f"https://{told.domain}" if told.domain else url,
        "Comprehend": "yes" if job.school.privacy.comprehend else "no",
        "TextsByAws": "yes" if job.school.texts.carrier == "aws" else "no",
        **({"WebAclArn": told.firewall} if told.firewall else {}),
    }


def of_the_release(release: Release) -> dict[str, str]:
    """Return the parameters that say which code runs."""
    return {"CodeKey": release.functions, "ChartsKey": release.charts}


def of_the_keys(parameter: str) -> dict[str, str]:
    """Return the parameters that the school's keys decide; none of them is a key, nor lets anybody find one."""
    found = passes_keys.needed(parameter, datetime.now(UTC))
    keys = keyring.read_keys(parameter)
    return found | ({"OriginKey": origin_key(keys)} if keys else {})


def of_the_account(outputs: Mapping[str, str], job: Job, progress: Progress | None = None) -> dict[str, str]:
    """Return what the account's schools share; a receipt rule set only for a school with mail.

    Args:
        outputs: of the account's stack.
        job: the school.
        progress: where to tell that SES follows our receipt rules from now on; without it nothing is changed.
    """
    shared = dict(outputs)
    own = shared.pop("ReceiptRuleSet", "")
    if job.school.mail.address and own:
        shared["ReceiptRuleSet"] = _active_rule_set(own, progress)
    return shared


def _active_rule_set(own: str, progress: Progress | None) -> str:
    """Return the rule set that SES follows: the one it follows already, whoever made it, or else ours."""
    ses = client("ses")
    try:
        active = ses.describe_active_receipt_rule_set().get("Metadata", {}).get("Name")
    except ClientError as error:
        if code_of(error) != "RuleSetDoesNotExist":
            raise
        active = None
    if not active and progress:
        ses.set_active_receipt_rule_set(RuleSetName=own)
        progress.changed(f"SES follows the receipt rules {own}")
    return active or own


def all_of(job: Job, account: Mapping[str, str], release: Release, url: str) -> dict[str, str]:
    """Return every parameter that is known of a school."""
    keys = of_the_keys(job.keys)
    return {**account, **of_the_file(job, url), **of_the_release(release), **keys}


def fitting(template: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, str]:
    """Choose the parameters that a template takes.

    Raises:
        CannotDeploy: if it wants one that nobody knows.
    """
    declared = template.get("Parameters", {})
    if unknown := [name for name, one in declared.items() if name not in known and "Default" not in one]:
        raise CannotDeploy(f"This release wants what is not known here: {', '.join(unknown)}.")
    return {name: known[name] for name in declared if name in known}
