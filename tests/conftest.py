"""What the tests share: real engines (started once), fresh tables and buckets on them, and the sample school."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import boto3
import pytest
from fakes.caller import Caller
from hypothesis import HealthCheck, settings

from chalicelib import wiring
from chalicelib.domain.school import School
from infra.engine import Missing, create_table, dynamodb_local, running_engine
from infra.front import serving
from infra.package import Package, build
from infra.package.interpreter import RUNTIME, find_python
from infra.schoolfile import SAMPLE, load_school

settings.register_profile("busy", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")  # how long a machine takes is no promise of ours
ROOT = Path(__file__).parent.parent
PUBLIC_URL = "https://wins.school.example"


def lacking(reason: str) -> None:
    """Skip for want of a tool; where NO_SKIPS is set that is a failure."""
    if os.environ.get("NO_SKIPS"):
        pytest.fail(reason)
    pytest.skip(reason)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let unit tests speak first; side by side, let the longest files begin, so that none is left alone at the end."""
    order = ["unit", "promises", "integration", "e2e"]
    turn = -1 if "PYTEST_XDIST_WORKER" in os.environ else 1
    items.sort(key=lambda item: turn * order.index(item.path.parent.name))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real inputs."""
    folder = Path(os.environ.get("SMALL_WINS_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"real inputs are not here: set SMALL_WINS_DATA to their folder (looked in {folder})")
    return folder


@pytest.fixture(scope="session")
def sample_school() -> School:
    """Maple Row School, as its file says."""
    return load_school(SAMPLE)


@pytest.fixture(scope="session")
def package() -> Package:
    """The package of all schools; built once, as long as nothing it is made from changes."""
    if find_python() is None:
        lacking(f"{RUNTIME} is not here: the functions run on it")
    return build(lambda _: None)


@pytest.fixture(scope="session")
def engine() -> Iterator[dict[str, str]]:
    """The environment of a school whose resources moto made from `infra/stack.yaml`."""
    before = dict(os.environ)
    with running_engine("moto", PUBLIC_URL) as running:
        os.environ.clear()
        os.environ.update(before)
        yield running.environment
    wiring.forget()


@pytest.fixture(scope="session")
def amazons_own() -> Iterator[str]:
    """The address of a running DynamoDB Local."""
    with ExitStack() as stack:
        try:
            address = stack.enter_context(dynamodb_local())
        except Missing as missing:
            lacking(str(missing))
        yield address


@pytest.fixture
def surroundings(engine: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The environment of a function of a new school: an empty table and an empty bucket of its own."""
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    for name, value in engine.items():
        monkeypatch.setenv(name, value)
    own = {"TABLE_NAME": f"table-{uuid.uuid4().hex}", "SITE_BUCKET": f"site-{uuid.uuid4().hex}"}
    for name, value in own.items():
        monkeypatch.setenv(name, value)
    boto3.client("s3").create_bucket(Bucket=own["SITE_BUCKET"])
    create_table(boto3.client("dynamodb"), own["TABLE_NAME"])
    wiring.forget()
    yield {**engine, **own}
    wiring.forget()


@pytest.fixture
def real_surroundings(
    surroundings: dict[str, str], amazons_own: str, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    """The same with the table on DynamoDB Local."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", amazons_own)
    create_table(boto3.client("dynamodb"), surroundings["TABLE_NAME"])
    wiring.forget()
    return {**surroundings, "AWS_ENDPOINT_URL_DYNAMODB": amazons_own}


@pytest.fixture
def caller(surroundings: dict[str, str], sample_school: School) -> Iterator[Caller]:
    """Somebody who calls the API of a new school with the sample's file."""
    wiring.table().save_school(sample_school, 1)
    with serving(surroundings["SITE_BUCKET"]) as port:
        yield Caller(port)


@pytest.fixture
def real_caller(real_surroundings: dict[str, str], sample_school: School) -> Iterator[Caller]:
    """The same with the table on DynamoDB Local."""
    wiring.table().save_school(sample_school, 1)
    with serving(real_surroundings["SITE_BUCKET"]) as port:
        yield Caller(port)
