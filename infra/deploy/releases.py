"""Releases in the account's artifact bucket: what one packaging made, by digest. Old ones are kept, to go back to.

`releases/<id>.json` names the files of a release; it is written last, so that a release is whole or not there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from botocore.exceptions import ClientError

from infra.clients import client
from infra.deploy.failures import CannotDeploy, code_of
from infra.deploy.progress import Progress

_FOLDER = "releases/"
_ID_DIGITS = 12


class Packaged(Protocol):
    """What `infra.package` made."""

    @property
    def functions(self) -> Path:
        """The functions' code."""

    @property
    def charts(self) -> Path:
        """The layer of the charts' libraries."""

    @property
    def template(self) -> Path:
        """The template of a school."""

    @property
    def site(self) -> Mapping[str, Path]:
        """Static files by their path in the site bucket."""


@dataclass(frozen=True)
class Release:
    """The files of a release, as keys of the artifact bucket."""

    functions: str
    charts: str
    template: str
    site: dict[str, str]
    """By their path in the site bucket."""

    @property
    def id(self) -> str:
        """What it is called."""
        told = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:_ID_DIGITS]


def files_of(package: Packaged) -> tuple[Release, dict[str, Path]]:
    """Name a packaging's files as a release; keys → files on this machine."""
    whole = (package.functions, package.charts, package.template)
    site = {path: _key_of(path, local) for path, local in sorted(package.site.items())}
    files = {one.name: one for one in whole} | {site[path]: local for path, local in package.site.items()}
    return Release(whole[0].name, whole[1].name, whole[2].name, site), files


def _key_of(path: str, local: Path) -> str:
    """Name a static file by what is in it, so that a release never changes another's."""
    return f"site/{hashlib.sha256(local.read_bytes()).hexdigest()[:_ID_DIGITS]}/{path.rpartition('/')[2]}"


def upload(bucket: str, package: Packaged, progress: Progress) -> Release:
    """Bring a release into the artifact bucket, but for what is there already."""
    release, files = files_of(package)
    known = set(_keys_in(bucket))
    missing = {key: path for key, path in files.items() if key not in known}
    s3 = client("s3")
    with progress.bar(sum(path.stat().st_size for path in missing.values()), "B") as bar:
        for key, path in missing.items():
            s3.upload_file(str(path), bucket, key, Callback=bar.update)
    note = f"{_FOLDER}{release.id}.json"
    if note not in known:
        s3.put_object(Bucket=bucket, Key=note, Body=json.dumps(asdict(release)).encode())
        progress.changed(f"release {release.id}: {len(missing)} files uploaded")
    else:
        progress.say(f"release {release.id} is there")
    return release


def _keys_in(bucket: str, folder: str = "") -> Iterable[str]:
    pages = client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=folder)
    return [one["Key"] for page in pages for one in page.get("Contents", ())]


def find_release(bucket: str, name: str) -> Release:
    """Find a release by its id, or the beginning of it.

    Raises:
        CannotDeploy: if there is none, or more than one.
    """
    known = [key.removeprefix(_FOLDER).removesuffix(".json") for key in _keys_in(bucket, _FOLDER)]
    found = [one for one in known if one.startswith(name)]
    if len(found) != 1:
        there = ", ".join(sorted(known)) or "none"
        raise CannotDeploy(f"There is no one release {name} in this account; there are: {there}.")
    return Release(**json.loads(read_file(bucket, f"{_FOLDER}{found[0]}.json")))


def read_file(bucket: str, key: str) -> bytes:
    """Read a file of the artifact bucket.

    Raises:
        CannotDeploy: if it is not there.
    """
    try:
        body: bytes = client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    except ClientError as error:
        if code_of(error) == "NoSuchKey":
            raise CannotDeploy(f"The artifact bucket lost {key}: package and apply again.") from None
        raise
    return body


def read_template(bucket: str, release: Release) -> dict[str, Any]:
    """Read a release's template of a school."""
    read: dict[str, Any] = json.loads(read_file(bucket, release.template))
    return read


def address_of(bucket: str, key: str, region: str) -> str:
    """Return where CloudFormation finds a file."""
    return f"https://{bucket}.s3.{region}.amazonaws.com/{key}"
