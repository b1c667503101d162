"""The site buckets of a district's schools, in the same account and region; each stack tells its name in SSM."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.ports.district import NotRead

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_s3 import S3Client
    from mypy_boto3_ssm import SSMClient

_LOOKS_AT_ONCE = 8
_NAMES_AT_ONCE = 10
"""Parameters that SSM takes in one call (docs.aws.amazon.com, GetParameters)."""


class SchoolSites:
    """`ports.district.OtherSites` on S3."""

    def __init__(self, s3: S3Client, ssm: SSMClient) -> None:
        self._s3 = s3
        self._ssm = ssm
        self._buckets: dict[str, str] = {}

    def read_each(self, files: Iterable[tuple[str, str]]) -> dict[tuple[str, str], bytes | NotRead]:
        """See `ports.district`."""
        wanted = [*dict.fromkeys(files)]
        self._learn(sorted({school for school, _ in wanted} - self._buckets.keys()))
        with ThreadPoolExecutor(_LOOKS_AT_ONCE) as looks:
            return dict(zip(wanted, looks.map(self._read, wanted), strict=True))

    def _learn(self, schools: list[str]) -> None:
        for start in range(0, len(schools), _NAMES_AT_ONCE):
            names = [site_parameter(school) for school in schools[start : start + _NAMES_AT_ONCE]]
            for one in self._ssm.get_parameters(Names=names)["Parameters"]:
                self._buckets[one["Name"].split("/")[2]] = one["Value"]

    def _read(self, file: tuple[str, str]) -> bytes | NotRead:
        school, path = file
        bucket = self._buckets.get(school)
        if bucket is None:
            return NotRead("no_such_school")
        try:
            return self._s3.get_object(Bucket=bucket, Key=path)["Body"].read()
        except ClientError as refused:
            self._buckets.pop(school, None)  # it may have been made anew under another name
            return NotRead(str(refused.response["Error"]["Code"]))
        except BotoCoreError as failed:
            return NotRead(type(failed).__name__)


def site_parameter(school: str) -> str:
    """Name the SSM parameter in which a school's stack tells its site bucket."""
    return f"/small-wins/{school}/site"
