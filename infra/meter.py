"""Counts what a piece of work asks of AWS, in the units that AWS bills."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock, current_thread
from typing import Any

import boto3

_READS = {"GetItem", "BatchGetItem", "Query", "Scan"}
_BILLED_AS_PUTS = {"PutObject", "CopyObject", "ListObjectsV2", "ListObjects"}
_FREE = {"DeleteObjects", "DeleteObject"}
_UNIT_OF_WRITING = 1024
"""Bytes; a transaction pays each unit twice (docs.aws.amazon.com, on-demand capacity mode)."""


class Meter:
    """What was asked for since it was made or last emptied: calls by service, and the units that are billed."""

    def __init__(self) -> None:
        self.units: dict[str, float] = defaultdict(float)
        """`reads` and `writes` of the table, `gets` and `puts` of buckets; of other services each operation by name."""
        self._by_thread: dict[str, Counter[str]] = defaultdict(Counter)
        self._lock = Lock()

    @property
    def calls(self) -> Counter[str]:
        """Calls by service that wait for one another: all of the main thread, and of each pool its busiest thread's."""
        busiest: dict[str, Counter[str]] = {}
        for thread, calls in self._by_thread.items():
            pool = thread.partition("_")[0]
            busiest[pool] = max(busiest.get(pool, Counter[str]()), calls, key=Counter.total)
        return sum(busiest.values(), Counter[str]())

    def empty(self) -> None:
        """Begin anew."""
        self.units.clear()
        self._by_thread.clear()

    def _ask_for_capacity(
        self, params: dict[str, Any], model: Any, context: dict[str, Any], **_: Any
    ) -> dict[str, Any]:
        context["small_wins"] = params
        if "ReturnConsumedCapacity" in model.input_shape.members:
            return {**params, "ReturnConsumedCapacity": "TOTAL"}
        return params

    def _note(self, parsed: Mapping[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        with self._lock:
            self._by_thread[current_thread().name][model.service_model.service_name] += 1
            self._add(model.service_model.service_name, model.name, parsed, context)

    def _add(self, service: str, name: str, parsed: Mapping[str, Any], context: dict[str, Any]) -> None:
        if name == "TransactWriteItems":
            self.units["writes"] += sum(map(_twice, context["small_wins"]["TransactItems"]))
        elif service == "dynamodb":
            self.units["reads" if name in _READS else "writes"] += _capacity(parsed)
        elif service == "s3":
            if name not in _FREE:
                self.units["puts" if name in _BILLED_AS_PUTS else "gets"] += 1
        else:
            self.units[f"{service}.{name}"] += 1


def _capacity(parsed: Mapping[str, Any]) -> float:
    """Sum up what was consumed; a write that a condition refused costs at least one unit, which is not told."""
    told = parsed.get("ConsumedCapacity", [])
    tables = told if isinstance(told, list) else [told]
    return sum(one.get("CapacityUnits", 0) for one in tables) or 1.0


def _twice(write: Mapping[str, Any]) -> int:
    """Weigh one write of a transaction, whose price DynamoDB Local does not tell."""
    item = write.get("Put", {}).get("Item", {})
    size = sum(len(name) + sum(len(str(value)) for value in typed.values()) for name, typed in item.items())
    return 2 * max(1, -(-size // _UNIT_OF_WRITING))


@contextmanager
def metered() -> Iterator[Meter]:
    """Count what all clients ask that are made from now on."""
    before, meter = boto3.DEFAULT_SESSION, Meter()
    session = boto3.Session()
    events: Any = session.events
    events.register("provide-client-params.dynamodb", meter._ask_for_capacity)  # noqa: SLF001
    events.register("after-call", meter._note)  # noqa: SLF001
    boto3.DEFAULT_SESSION = session
    try:
        yield meter
    finally:
        boto3.DEFAULT_SESSION = before
