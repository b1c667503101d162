"""Somebody who calls the API over HTTP, as a phone or a script would."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any

WIN: dict[str, Any] = {"link": "staff", "kind": "success", "story": "Two hands went up."}


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes
    cookies: tuple[str, ...] = ()
    """All that were set; of a header that came twice `headers` has the first."""

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


@dataclass
class Caller:
    """One connection."""

    port: int
    log: list[Answer] = field(default_factory=list)
    _connection: HTTPConnection | None = None

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Send a request; a body that is no bytes goes as JSON."""
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if content is not None:
            named.setdefault("content-type", "application/json")
        connection = self._connection = self._connection or HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, content, named)
        found = connection.getresponse()
        cookies = tuple(found.headers.get_all("set-cookie") or ())
        answer = Answer(found.status, {k.lower(): v for k, v in reversed(found.getheaders())}, found.read(), cookies)
        self.log.append(answer)
        return answer

    def send(self, body: Any = None, **told: Any) -> Answer:
        """Send a win."""
        return self.call("POST", "/api/wins", WIN | told if body is None else body)

    def get(self, sent: Answer) -> Answer:
        """Read a win by its receipt."""
        return self.call("GET", f"/api/wins/{sent.json['id']}", authorization=f"Bearer {sent.json['receipt']}")

    def patch(self, sent: Answer, **change: Any) -> Answer:
        """Change a win."""
        path, bearer = f"/api/wins/{sent.json['id']}", f"Bearer {sent.json['receipt']}"
        return self.call("PATCH", path, change, authorization=bearer)

    def delete(self, sent: Answer) -> Answer:
        """Take a win back."""
        return self.call("DELETE", f"/api/wins/{sent.json['id']}", authorization=f"Bearer {sent.json['receipt']}")
