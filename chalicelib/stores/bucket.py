"""The site bucket: what readers see. Paths here are those of the address bar, without the leading slash."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from chalicelib.domain.errors import WriteConflict
from chalicelib.ports import PublishedFile

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from mypy_boto3_s3 import S3Client

FOR_EVER = "private, max-age=31536000, immutable"
"""In the browsers of those who may read it, and in no cache between: what is erased must not be found there."""
ASK_EACH_TIME = "no-cache"
_MOST_PER_DELETE = 1000


def connect() -> S3Client:
    """Make the one client."""
    retries: Any = {"mode": "standard", "total_max_attempts": 4}
    return boto3.client("s3", config=Config(connect_timeout=2, read_timeout=10, retries=retries))


def content_type(path: str) -> str:
    """Name the type of a file by its ending."""
    guessed = "text/javascript" if path.endswith(".js") else mimetypes.guess_type(path)[0] or "application/octet-stream"
    return f"{guessed}; charset=utf-8" if guessed.startswith("text/") or guessed == "application/json" else guessed


class SiteBucket:
    """`ports.Site` on S3."""

    def __init__(self, client: S3Client, name: str) -> None:
        self._client = client
        self._name = name

    def read(self, path: str) -> PublishedFile | None:
        """See `ports.Site`."""
        try:
            found = self._client.get_object(Bucket=self._name, Key=path)
        except ClientError as missing:
            if _code(missing) in {"NoSuchKey", "404", "AccessDenied"}:
                return None
            raise
        return PublishedFile(found["Body"].read(), found["ETag"])

    def digest_of(self, path: str) -> str | None:
        """See `ports.Site`."""
        try:
            return self._client.head_object(Bucket=self._name, Key=path)["Metadata"].get("digest")
        except ClientError as missing:
            if _code(missing) in {"NoSuchKey", "404", "403"}:
                return None
            raise

    def write(self, path: str, body: bytes, digest: str) -> None:
        """See `ports.Site`."""
        self._put(path, body, CacheControl=ASK_EACH_TIME, Metadata={"digest": digest})

    def write_once(self, path: str, body: bytes) -> None:
        """See `ports.Site`."""
        self._put(path, body, CacheControl=FOR_EVER)

    def replace(self, path: str, body: bytes, tag: str | None) -> None:
        """See `ports.Site`; S3 compares and writes in one step (If-Match, If-None-Match)."""
        condition = {"IfMatch": tag} if tag else {"IfNoneMatch": "*"}
        try:
            self._put(path, body, CacheControl=ASK_EACH_TIME, **condition)
        except ClientError as refused:
            if _code(refused) in {"PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey", "412", "409"}:
                raise WriteConflict from refused
            raise

    def remove(self, paths: Iterable[str]) -> None:
        """See `ports.Site`. S3 promises no order within a request, so the last file has one of its own."""
        keys = [{"Key": path} for path in paths]
        first, last = keys[:-1], keys[-1:]
        for some in (*(first[n : n + _MOST_PER_DELETE] for n in range(0, len(first), _MOST_PER_DELETE)), last):
            if some:
                self._client.delete_objects(Bucket=self._name, Delete={"Objects": some, "Quiet": True})  # type: ignore[typeddict-item]

    def written_before(self, folder: str, moment: datetime) -> list[str]:
        """See `ports.Site`."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._name, Prefix=folder)
        found = [one for page in pages for one in page.get("Contents", ())]
        return [one["Key"] for one in found if one["LastModified"] < moment]

    def _put(self, path: str, body: bytes, **more: Any) -> None:
        self._client.put_object(Bucket=self._name, Key=path, Body=body, ContentType=content_type(path), **more)


def _code(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])
