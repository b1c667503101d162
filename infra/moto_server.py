"""moto's server, made fit to be a school's AWS on one machine."""

from __future__ import annotations

import logging
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from inspect import signature
from typing import Any
from urllib.request import Request, urlopen

from infra.moto_stacks import mend_change_sets
from infra.moto_types import mend_types


def _copy_lightly(table: Any, _memo: dict[int, Any]) -> Any:
    """Copy a moto table for a roll-back. Moto copies it deeply for each item of a transaction: 40 ms by 500 wins."""
    light = copy(table)
    light.items = _copy_of_keys(table.items)
    return light


def _copy_of_keys(items: Any) -> Any:
    """Copy the two levels of keys; the items themselves are replaced by moto, never changed."""
    copied = copy(items)
    for key, value in items.items():
        copied[key] = copy(value)
    return copied


def _in_its_partition(query: Any) -> Any:
    """Let a query look at its own partition. Moto sorts the whole table first: 40 ms by 500 wins."""
    asked = signature(query)

    def within(table: Any, hash_key: Any, *told: Any, **more: Any) -> Any:
        if not asked.bind(table, hash_key, *told, **more).arguments.get("index_name"):
            table, items = copy(table), table.items
            table.items = {hash_key: items[hash_key]} if hash_key in items else {}
        return query(table, hash_key, *told, **more)

    within.looks_within = True  # type: ignore[attr-defined]
    return within


@contextmanager
def moto_server() -> Iterator[str]:
    """Run moto's server in this process, one request at a time: a roll-back must not undo a neighbour's write.

    Yields its address.
    """
    from moto import backends
    from moto.dynamodb.models.table import Table
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line for each request hides what matters
    logging.getLogger("moto").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", message="Tried to parse AWS::")  # the bucket policy; cfn-lint checks it
    Table.__deepcopy__ = _copy_lightly  # type: ignore[attr-defined]
    if not hasattr(Table.query, "looks_within"):
        Table.query = _in_its_partition(Table.query)  # type: ignore[method-assign]
    modules = tuple(backends.list_of_moto_modules())
    backends.list_of_moto_modules = lambda: modules  # else it lists its own folder for each request
    WSGIRequestHandler.protocol_version = "HTTP/1.1"  # else each request has a connection and a thread of its own
    mend_change_sets()
    mend_types()
    moto, lock = DomainDispatcherApplication(create_backend_app), threading.Lock()

    def one_at_a_time(environ: Any, start_response: Any) -> Any:
        with lock:
            return moto(environ, start_response)

    server = make_server("127.0.0.1", 0, one_at_a_time, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    try:
        reset = Request(f"{address}/moto-api/reset", method="POST")  # noqa: S310 - our own server
        urlopen(reset).close()  # noqa: S310 - moto keeps one state a process; an engine starts empty
        yield address
    finally:
        server.shutdown()
