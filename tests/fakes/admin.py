"""Somebody with a terminal, school files and an AWS account of moto's; and a look at all calls they make."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import yaml
from fakes.standin import sources_in

from chalicelib import wiring
from infra import keyring
from infra.connection import environment_of, point_to
from infra.deploy.__main__ import main
from infra.deploy.stacks import Stack, find_stack
from infra.deploy.steps import Sources
from infra.schoolfile import SAMPLE, read_yaml

_SMALL = {
    key: one for key, one in read_yaml(SAMPLE).items() if key not in {"practices", "groups", "leaders", "prompts"}
}
_SMALL |= {"goals": _SMALL["goals"][:1], "links": _SMALL["links"][:1], "school_year": {"starts": "08-24"}}
_SMALL["languages"] = ["en"]


@dataclass
class Admin:
    """In a region of their own, where nothing is yet."""

    folder: Path
    region: str
    sources: Sources

    def file(self, name: str, deploy: dict[str, Any] | None = None, **more: Any) -> Path:
        """Write the file of a small school."""
        path = self.folder / f"{name}.yaml"
        told = {"region": self.region, "admin": "it@maplerow.example", **(deploy or {})}
        path.write_text(yaml.safe_dump({**_SMALL, **more, "school": name, "deploy": told}), "utf-8")
        return path

    def run(self, what: str, file: Path, *more: str, sources: Sources | None = None) -> int:
        """Run a command for a school; the first publication is left to its clock."""
        later = ("--publish", "later") if what == "apply" else ()
        return main([what, "--school", str(file), "--yes", *later, *more], sources or self.sources)

    def remove(self, file: Path, *more: str) -> int:
        """Remove a school; its wins go to a file named like it."""
        export = str(self.folder / f"{file.stem}.jsonl")
        return main(["remove", "--school", str(file), "--export", export, "--yes-remove", file.stem, *more])

    def version(self, name: str, table: str = "Table") -> Sources:
        """Package another version."""
        folder = self.folder / name
        folder.mkdir()
        return sources_in(folder, name, table)


def stack_of(name: str) -> Stack:
    """Return a school's stack, which is there."""
    found = find_stack(f"small-wins-{name}")
    assert found
    return found


def point_to_school(name: str) -> None:
    """Let this process be one of a school's functions."""
    stack = stack_of(name)
    point_to(environment_of(stack.outputs, stack.parameters))


def files_in(bucket: str) -> dict[str, str]:
    """List a bucket's files, each with its tag."""
    pages = boto3.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return {one["Key"]: one["ETag"] for page in pages for one in page.get("Contents", ())}


def parameters_of(name: str) -> list[str]:
    """List the parameters of a school."""
    found = boto3.client("ssm").get_parameters_by_path(Path=f"/small-wins/{name}", Recursive=True)["Parameters"]
    return sorted(one["Name"].replace(name, "…") for one in found)


def public_keys_of(name: str) -> int:
    """Count the public keys in CloudFront of a school in this region."""
    return sum(known.startswith(f"{keyring.public_name(name)}-") for _, known in keyring.public_keys())


def end_state(name: str) -> dict[str, Any]:
    """All that a school has, but for what is random or a moment."""
    school, shared = stack_of(name), find_stack("small-wins-account")
    assert shared
    point_to_school(name)
    random = ("PassesPublicKey", "OriginKey", "ArtifactBucket")
    return {
        "status": (school.status.split("_")[1], shared.status.split("_")[1]),
        "outputs": sorted(school.outputs),
        "told": {key: value for key, value in school.parameters.items() if key not in random},
        "parameters": parameters_of(name),
        "file": wiring.table().latest_school(),
        "files": sorted(files_in(school.outputs["SiteBucketName"])),
        "releases": sorted(files_in(shared.outputs["ArtifactBucket"])),
        "public keys": public_keys_of(name),
        "key in use": school.parameters["PassesPublicKey"] == keyring.read_pairs(f"/small-wins/{name}/keys")[-1].id,
    }


class BrokenOff(BaseException):
    """The machine was switched off."""


@dataclass
class Calls:
    """Sees calls to AWS, and breaks off once after each that wrote."""

    breaking: bool = False
    each: Callable[[str, dict[str, Any]], None] = lambda _call, _asked: None
    _broken: set[tuple[str, str]] = field(default_factory=set)
    _asked: dict[str, Any] = field(default_factory=dict)

    @contextmanager
    def watching(self, session: boto3.Session) -> Iterator[None]:
        """See all calls of the clients that a session makes while the block runs."""
        session.events.register("provide-client-params", self._asking)
        session.events.register("after-call", self._answered)
        try:
            yield
        finally:
            session.events.unregister("provide-client-params", self._asking)
            session.events.unregister("after-call", self._answered)

    def _asking(self, params: dict[str, Any], **_: Any) -> None:
        self._asked = params

    def _answered(self, model: Any, http_response: Any, **_: Any) -> None:
        self.each(model.name, self._asked)
        write = (model.name, self._about(model.name))
        if self.breaking and http_response.status_code < 300 and self._writes(model.name) and write not in self._broken:
            self._broken.add(write)
            raise BrokenOff

    def _about(self, call: str) -> str:
        if call == "ExecuteChangeSet":
            return str(self._asked["ChangeSetName"])
        told = str([self._asked.get(one) for one in ("Name", "Names", "Key", "StackName", "Bucket", "TableName")])
        return re.sub(r"[0-9a-f-]{12,}", "…", told)

    def _writes(self, call: str) -> bool:
        """Whether a call changes something; who is at work does not count."""
        reads = ("Describe", "Get", "List", "Head", "Scan", "Query", "BatchGet")
        names = [str(self._asked.get("Name", "")), *map(str, self._asked.get("Names", ()))]
        return not call.startswith(reads) and not any(name.endswith("/at-work") for name in names)


def until_done(run: Callable[[], int], ends: tuple[int, ...] = (0,)) -> int:
    """Run a command that is broken off, again and again until it comes through; how many runs it took."""
    for runs in range(1, 60):
        try:
            assert run() in ends
        except BrokenOff:
            continue
        return runs
    raise AssertionError("it never came through")
