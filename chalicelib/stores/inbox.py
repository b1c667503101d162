"""The inbox bucket, where SES puts each mail as it came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client

_GONE = {"NoSuchKey", "404"}


class InboxBucket:
    """`ports.Inbox` on S3."""

    def __init__(self, client: S3Client, name: str) -> None:
        self._client = client
        self._name = name

    def names(self) -> Iterator[str]:
        """See `ports.Inbox`."""
        for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self._name):
            yield from (one["Key"] for one in page.get("Contents", ()))

    def fetch_mail(self, name: str, most: int) -> tuple[bytes, int] | None:
        """See `ports.Inbox`."""
        try:
            size = self._client.head_object(Bucket=self._name, Key=name)["ContentLength"]
            whole = {} if size <= most else {"Range": f"bytes=0-{most - 1}"}
            return self._client.get_object(Bucket=self._name, Key=name, **whole)["Body"].read(), size  # type: ignore[arg-type]
        except ClientError as missing:
            if str(missing.response["Error"]["Code"]) in _GONE:
                return None
            raise

    def remove_mail(self, name: str) -> None:
        """See `ports.Inbox`."""
        self._client.delete_object(Bucket=self._name, Key=name)
