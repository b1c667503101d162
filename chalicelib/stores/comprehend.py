"""Amazon Comprehend, which may add to what the guard finds; the texts stay in the school's own account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import boto3
from botocore.config import Config

from chalicelib.domain.guard import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_comprehend import ComprehendClient

    from chalicelib.domain.guard import SpanType

_SURE = 0.8
_MOST_BYTES = 100_000
"""What Comprehend takes at most; no part of a win is as long."""
_TYPES: dict[str, SpanType] = {
    "NAME": "PERSON",
    "PHONE": "PHONE",
    "EMAIL": "EMAIL",
    "URL": "URL",
    "ADDRESS": "ADDRESS",
    **dict.fromkeys(("SSN", "PASSPORT_NUMBER", "DRIVER_ID", "BANK_ACCOUNT_NUMBER", "CREDIT_DEBIT_NUMBER"), "ID"),
    **dict.fromkeys(("US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER", "IP_ADDRESS", "USERNAME"), "ID"),
}


def connect() -> ComprehendClient:
    """Make the one client; it must not keep a sender waiting."""
    return boto3.client(
        "comprehend", config=Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 2})
    )


class Comprehend:
    """Finds personal things in a text of one language."""

    def __init__(self, client: ComprehendClient) -> None:
        self._client = client

    def find(self, text: str, language: str) -> Iterator[Span]:
        """Yield what Comprehend is sure of, in code points; raises what kept it from answering."""
        asked = text if len(text.encode()) <= _MOST_BYTES else text[: _MOST_BYTES // 4]
        spoken: Literal["en", "es"] = "es" if language == "es" else "en"
        for entity in self._client.detect_pii_entities(Text=asked, LanguageCode=spoken)["Entities"]:
            kind = _TYPES.get(entity["Type"])
            start, end = entity["BeginOffset"], entity["EndOffset"]
            if kind and entity["Score"] >= _SURE and text[start:end].strip():
                yield Span(kind, start, end, text[start:end])
