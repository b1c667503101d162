"""Somebody who calls the API's function as API Gateway does, and remembers which routes they came to."""

from __future__ import annotations

import json
from typing import Any

from chalice.config import Config
from chalice.local import LocalGateway, RouteMatcher
from fakes.caller import Answer, Caller

from app import app

FORM = "application/x-www-form-urlencoded"


class Visitor(Caller):
    """Comes through CloudFront, which sends the origin's key."""

    def __init__(self, origin_key: str) -> None:
        super().__init__(0)
        self._origin_key = origin_key
        self._gateway = LocalGateway(app, Config())
        self._ways = RouteMatcher(list(app.routes))
        self.cookie = ""
        self.routes: set[tuple[str, str]] = set()
        """What was asked for and not refused."""

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Send a request; a body that is no bytes goes as JSON."""
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if content is not None:
            named.setdefault("content-type", "application/json")
        named |= {"x-small-wins-origin": self._origin_key, "cookie": headers.get("cookie", self.cookie)}
        found = self._gateway.handle_request(method, path, named, content or b"")
        cookies = tuple((found.get("multiValueHeaders") or {}).get("Set-Cookie", ()))
        told = {name.lower(): str(value) for name, value in found["headers"].items()}
        answer = Answer(found["statusCode"], told, (found["body"] or "").encode(), cookies)
        self.log.append(answer)
        if answer.status < 400:
            self.routes.add((method, self._ways.match_route(path).route))
        return answer

    def form(self, path: str, form: str, **headers: str) -> Answer:
        """Post a form, as a page of the school's own does."""
        return self.call("POST", path, form.encode(), content_type=FORM, sec_fetch_site="same-origin", **headers)

    def well(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Ask for what has to be answered well."""
        answer = self.call(method, path, body, **headers)
        assert answer.status < 400, (method, path, answer.status, answer.body)
        return answer
