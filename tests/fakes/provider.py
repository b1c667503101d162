"""OpenID providers: a certified one, and one that does whatever a test tells it to."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urljoin, urlsplit

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from infra.engine import TOOLS, free_port

MODULE = TOOLS / "oidc-provider" / "lib" / "index.js"
CLIENT, SECRET = "small-wins", "certified/secret"
DANA = "dana.whitlock@maplerow.example"


def _lacking() -> str:
    if shutil.which("node") is None:
        return "no Node.js on this machine"
    return "" if MODULE.exists() else "the OpenID provider is not in .local/tools (run `make tools`)"


@contextmanager
def certified(callback: str) -> Iterator[str]:
    """Run the certified provider, or skip the test for want of it; yields its issuer."""
    if reason := _lacking():
        (pytest.fail if os.environ.get("NO_SKIPS") else pytest.skip)(reason)
    port = free_port()
    script = Path(__file__).with_name("certified_provider.mjs")
    command = ["node", str(script), str(MODULE), str(port), callback]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def sign_in_there(address: str, account: str, callback: str) -> str:
    """Sign in at the certified provider as a browser would; returns the address it sends back to."""
    browser = requests.Session()
    answer = browser.get(address, allow_redirects=False, timeout=10)
    for _ in range(12):
        if to := answer.headers.get("Location"):
            if urljoin(answer.url, to).startswith(callback):
                return to
            answer = browser.get(urljoin(answer.url, to), allow_redirects=False, timeout=10)
        elif 'name="login"' in answer.text:
            told = {"prompt": "login", "login": account, "password": "any"}
            answer = browser.post(answer.url, told, allow_redirects=False, timeout=10)
        else:
            assert answer.ok, answer.text
            answer = browser.post(answer.url, {"prompt": "consent"}, allow_redirects=False, timeout=10)
    raise AssertionError("the provider sent nobody back")


@cache
def rsa_key(name: str, _which: int = 0) -> RSAKey:
    """Make a key; the same each time it is asked for."""
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"})


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@dataclass
class Tamperer:
    """A provider that answers as it should, except for what a test changes."""

    url: str = ""
    path: str = ""
    """What its issuer ends with."""
    key: RSAKey = field(default_factory=lambda: rsa_key("one"))
    others: list[Any] = field(default_factory=list)
    """Keys it publishes besides."""
    claims: dict[str, Any] = field(default_factory=dict)
    """Put over what a token says; None takes a claim away."""
    header: dict[str, Any] = field(default_factory=lambda: {"alg": "RS256", "kid": "one"})
    metadata: dict[str, Any] = field(default_factory=dict)
    sign: Callable[[dict[str, Any]], str] | None = None
    """Makes the token of claims in another way."""
    answer: tuple[int, dict[str, str], bytes] | None = None
    """What the token endpoint answers instead."""
    documents: dict[str, bytes] = field(default_factory=dict)
    """What other addresses answer instead."""
    slow: float = 0.0
    """Seconds between the bytes of its documents."""
    nonces: dict[str, str] = field(default_factory=dict)
    challenges: dict[str, str] = field(default_factory=dict)
    exchanged: list[dict[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        return self.url + self.path

    def come_back(self, address: str, code: str = "a code") -> dict[str, str]:
        """Do what its sign-in page does; returns what the browser brings back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        self.nonces[code], self.challenges[code] = asked["nonce"], asked["code_challenge"]
        return {"state": asked["state"], "code": code}

    def token(self, code: str) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": "1", "aud": CLIENT, "iat": now, "exp": now + 300, "email": DANA}
        claims |= {"email_verified": True, "nonce": self.nonces.get(code, ""), **self.claims}
        claims = {name: value for name, value in claims.items() if value is not None}
        return self.sign(claims) if self.sign else jwt.encode(self.header, claims, self.key, ["RS256", "ES256"])

    def without_signature(self, claims: dict[str, Any]) -> str:
        """Make a token of the algorithm `none`."""
        return ".".join([_base64(json.dumps(part).encode()) for part in ({"alg": "none"}, claims)] + [""])

    def with_public_key_as_secret(self, claims: dict[str, Any]) -> str:
        """Make a token signed by HS256, with what everybody can read as its key."""
        said = ".".join(_base64(json.dumps(part).encode()) for part in ({"alg": "HS256", "kid": "one"}, claims))
        signature = hmac.digest(self.key.as_pem(private=False), said.encode(), "sha256")
        return f"{said}.{_base64(signature)}"

    def with_another_key(self, claims: dict[str, Any]) -> str:
        """Make a token signed by a key that only bears our key's name."""
        return jwt.encode(self.header, claims, rsa_key("one", 1))

    def with_an_elliptic_key(self, claims: dict[str, Any]) -> str:
        """Make a token signed by ES256, with a key that is published from now on."""
        key = ECKey.generate_key("P-256", {"kid": "two", "use": "sig"})
        self.others.append(key)
        return jwt.encode({"alg": "ES256", "kid": "two"}, claims, key)

    def document(self, path: str) -> bytes:
        own = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.url}/authorize?from=here",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
        }
        if path == f"{self.path}/.well-known/openid-configuration":
            return json.dumps(own | self.metadata).encode()
        return json.dumps({"keys": [one.as_dict(private=False) for one in (self.key, *self.others)]}).encode()


@contextmanager
def tampering() -> Iterator[Tamperer]:
    """Run a provider that a test can change."""
    provider = Tamperer()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            provider.asked.append(self.path)
            self.answer(200, {}, provider.documents.get(self.path) or provider.document(self.path))

        def do_POST(self) -> None:
            form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            provider.exchanged.append(form | {"authorization": self.headers.get("Authorization", "")})
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            assert provider.challenges.get(form["code"], _base64(digest)) == _base64(digest)
            if provider.answer:
                self.answer(*provider.answer)
                return
            tokens = {
                "access_token": "an access token",
                "token_type": "Bearer",
                "id_token": provider.token(form["code"]),
            }
            self.answer(200, {"Content-Type": "application/json"}, json.dumps(tokens).encode())

        def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body)), "Connection": "close"}.items():
                self.send_header(name, value)
            self.end_headers()
            for piece in [body[n : n + 1] for n in range(len(body))] if provider.slow else [body]:
                self.wfile.write(piece)
                self.wfile.flush()
                time.sleep(provider.slow)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign] # whoever hangs up, hangs up
    provider.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
