"""A publication in the making: what it writes, what it names, and how it becomes what readers see.

The order of writes keeps a reader from ever seeing half a publication. Files whose path holds their digest, which
nobody reads before the manifest names them, are on their way while the next ones are made. When all have arrived come
the pages, then the manifest, which is written only if it is still the one this draft began from; last, what nothing
names any more is removed.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any, Self

from chalicelib.ports import Site
from chalicelib.work.places import FOLDER, LEADERS, MANIFEST, PRIVATE, SALT, as_bytes, digest, paths_of

_AT_ONCE = 4


class Draft:
    """One publication, begun from the manifest that stands."""

    def __init__(self, site: Site, abandoned: frozenset[str] = frozenset()) -> None:
        """Begin; `abandoned` names what earlier drafts of this run wrote in vain."""
        found = site.read(MANIFEST)
        self.old: dict[str, Any] = json.loads(found.body) if found else {}
        self._replaced = 0
        self._site = site
        self._tag = found.tag if found else None
        self._old_paths = paths_of(self.old)
        self._known = {**self.old.get("pages", {}), **self.old.get("shell", {})}
        self._abandoned = abandoned
        self._mistrusts = bool(abandoned)
        self._fresh: set[str] = set()
        self._written: dict[str, bytes] = {}
        self._threads = ThreadPoolExecutor(_AT_ONCE)
        self._on_their_way: list[Future[None]] = []
        self._pages: dict[str, tuple[bytes, str]] = {}
        self._salt = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(cancel_futures=True)

    @property
    def wrote(self) -> int:
        """How many files and pages were written."""
        return len(self._fresh) + self._replaced

    @property
    def in_vain(self) -> frozenset[str]:
        """What was written for nothing if this draft is never committed."""
        return self._abandoned | self._fresh

    def finish_the_last(self) -> None:
        """Remove what the standing manifest replaced, in case its publisher was stopped before it could."""
        if any(map(self._site.read, self._last_to_go)):
            self._site.remove(self.old["superseded"])

    def is_over(self) -> bool:
        """Whether nothing is left to be done of the standing publication: all it replaced is gone."""
        return not self._abandoned and not any(map(self._site.read, self._last_to_go))

    @property
    def _last_to_go(self) -> list[str]:
        """Name the file that is removed after all others that the standing manifest replaced."""
        last: list[str] = self.old.get("superseded", [])[-1:]
        return last

    def stories_only(self, manifest: dict[str, Any]) -> bool:
        """Whether the school file and the look are those of the standing publication, and stories are not."""
        same = all(self.old.get(key) == manifest[key] for key in ("school_version", "look"))
        return same and self.old["stories"] != manifest["stories"]

    def write_once(self, name: str, body: bytes, folder: str = FOLDER) -> str:
        """Write a file under its digest, unless it is there already; return its address."""
        address = f"/{folder}{self._digest(folder, body)}/{name}"
        path = address.removeprefix("/")
        if path not in self._old_paths:
            self._fresh.add(path)
            self._written[address] = body
            self._send(self._site.write_once, path, body)
        return address

    def write(self, pages: Mapping[str, bytes]) -> dict[str, str]:
        """Write pages once all files have arrived, but for those that stand; return their digests, by path."""
        new = {path: self._digest(path, body) for path, body in pages.items()}
        self._pages |= {path: (body, new[path]) for path, body in pages.items()}
        return new

    def _send_pages(self) -> None:
        """Send the pages once all files have arrived, and wait for them too."""
        self._arrive()
        for path, (body, wanted) in self._pages.items():
            self._send(self._write, path, body, wanted)
        self._arrive()

    def _write(self, path: str, body: bytes, wanted: str) -> None:
        if self._known.get(path) == wanted == self._standing(path):
            return
        self._fresh.add(path)
        self._site.write(path, body, wanted)

    def _send(self, write: Callable[..., None], *what: Any) -> None:
        self._on_their_way.append(self._threads.submit(write, *what))

    def _arrive(self) -> None:
        for one in self._on_their_way:
            one.result()
        self._on_their_way = []

    def mistrust(self) -> None:
        """Look at pages that should stand as they are: a run that was stopped may have replaced them."""
        self._mistrusts = True

    def _standing(self, path: str) -> str | None:
        return self._site.digest_of(path) if self._mistrusts else self._known[path]

    def _digest(self, path: str, body: bytes) -> str:
        return digest(self._salted() + body) if path.startswith(LEADERS) else digest(body)

    def _salted(self) -> bytes:
        if not self._salt:
            found = self._site.read(SALT)
            if found is None:
                self._site.write_once(SALT, as_bytes(secrets.token_hex(32)))
                found = self._site.read(SALT)
            self._salt = found.body if found else b""
        return self._salt

    def read(self, address: str) -> Any:
        """Read back a JSON file that this draft or an earlier publication wrote."""
        if address in self._written:
            return json.loads(self._written[address])
        found = self._site.read(address.removeprefix("/"))
        return json.loads(found.body) if found else None

    def commit(self, manifest: dict[str, Any], now: datetime, *, recounted: bool, sweep: bool) -> str:
        """Make this draft what readers see, remove what it replaced, and return its version.

        A week that was counted to the same result is committed too: marks may be cleared only by whom no one overtook.

        Args:
            manifest: what it names.
            now: when this run began.
            recounted: whether weeks were counted.
            sweep: whether something may have been erased, so that nothing may be left of runs that died before.

        Raises:
            WriteConflict: if another publication was committed meanwhile.
        """
        self._send_pages()
        version = digest(as_bytes(manifest))
        again = version == self.old.get("version")
        left = set(self.old["superseded"]) if again else self._old_paths
        if sweep or self.old.get("as_of") != manifest["as_of"]:
            left = left | self._of_dead_runs(now)
        superseded = sorted((left | self._abandoned) - {MANIFEST, SALT} - paths_of(manifest))
        if recounted or not again or self._abandoned:
            stamped = {**manifest, "version": version, "published_at": now.isoformat(timespec="seconds")}
            self._site.replace(MANIFEST, as_bytes({**stamped, "superseded": superseded}), self._tag)
            self._replaced = 1
        self._remove(superseded)
        return version

    def _remove(self, superseded: list[str]) -> None:
        """Remove what was replaced, but not what a quicker publication has already named again."""
        found = self._site.read(MANIFEST)
        named = paths_of(json.loads(found.body)) if found else set()
        self._site.remove(path for path in superseded if path not in named)

    def _of_dead_runs(self, now: datetime) -> set[str]:
        """Name all files from before this run, also those of runs that never came to their end.

        Whoever is still at work on some of them began from the manifest that is replaced now, and so starts over.
        """
        return set(self._site.written_before(PRIVATE, now))
