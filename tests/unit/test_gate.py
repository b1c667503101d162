"""What opens the dashboard is what CloudFront would take: a policy, its signature, an address, a time."""

from __future__ import annotations

import dataclasses
import json
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from botocore.signers import CloudFrontSigner
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from chalicelib.stores.passes import CloudFrontPasses, Pair
from infra.gate import opens
from infra.keyring import new_pair

HOST = "https://wins.school.example"
NOW = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)
PAIR, OTHER = (dataclasses.replace(new_pair(), id=name, since="2026-11-01T00:00:00+00:00") for name in ("K1", "K2"))
BELIEVED = {"K1": PAIR.public}

Cookies = dict[str, str]


def signed(pair: Pair = PAIR, resource: str = f"{HOST}/dashboard/*", minutes: float = 15) -> Cookies:
    return CloudFrontPasses([pair]).sign(resource, NOW + timedelta(minutes=minutes))


def opened(cookies: Cookies, path: str = "/dashboard/", now: datetime = NOW) -> bool:
    return opens(BELIEVED, "; ".join(f"{name}={value}" for name, value in cookies.items()), HOST + path, now)


def coded(content: bytes) -> str:
    return b64encode(content).decode().translate(str.maketrans("+=/", "-_~"))


def test_a_pass_opens_all_of_the_dashboard_and_nothing_else() -> None:
    for path in ("/dashboard/", "/dashboard/index.html", "/dashboard/manifest.json?x=1", "/dashboard/a/stories/b.json"):
        assert opened(signed(), path)
    for path in ("/", "/dashboard", "/leaders/", "//dashboard/", "/dashboards/", "/%64ashboard/", "/DASHBOARD/"):
        assert not opened(signed(), path)


def test_what_leaders_alone_see_opens_with_their_pass_and_with_no_links() -> None:
    for path in ("/dashboard-leaders/", "/dashboard-leaders/es/", "/dashboard-leaders/0a/factors/2026-W48.json"):
        assert opened(signed(resource=f"{HOST}/dashboard*"), path)
        for resource in ("/dashboard/*", "/dashboard/counts/*"):
            assert not opened(signed(resource=HOST + resource), path)


def test_counts_alone_open_no_story() -> None:
    counts = signed(resource=f"{HOST}/dashboard/counts/*")
    assert opened(counts, "/dashboard/counts/")
    for path in ("/dashboard/", "/dashboard/manifest.json", "/dashboard/a/stories/b.json", "/dashboard/counts"):
        assert not opened(counts, path)


def test_a_pass_is_over_to_the_second() -> None:
    assert opened(signed(), now=NOW + timedelta(minutes=14, seconds=59))
    assert not opened(signed(), now=NOW + timedelta(minutes=15))


@pytest.mark.parametrize("name", ["CloudFront-Policy", "CloudFront-Signature", "CloudFront-Key-Pair-Id"])
@pytest.mark.parametrize(
    "alter",
    [lambda _: "", lambda text: text[:-1], lambda text: "A" + text[1:], lambda text: text + "_", lambda _: "%00~é"],
)
def test_whatever_is_missing_or_altered_opens_nothing(name: str, alter: Callable[[str], str]) -> None:
    cookies = signed()
    assert cookies[name] != alter(cookies[name])
    assert not opened({**cookies, name: alter(cookies[name])})
    assert not opened({key: value for key, value in cookies.items() if key != name})


def test_another_key_opens_nothing_whatever_it_is_called() -> None:
    assert not opened(signed(OTHER))
    assert not opened(signed(dataclasses.replace(OTHER, id="K1")))
    assert not opened({**signed(), "CloudFront-Key-Pair-Id": "K2"})


def test_another_schools_pass_opens_nothing() -> None:
    assert not opened(signed(resource="https://other.school.example/dashboard/*"))
    assert not opened(signed(resource="http://wins.school.example/dashboard/*"))


def test_a_policy_that_was_written_anew_opens_nothing() -> None:
    longer = json.dumps(
        {"Statement": [{"Resource": "*", "Condition": {"DateLessThan": {"AWS:EpochTime": 99999999999}}}]}
    )
    assert not opened({**signed(minutes=-1), "CloudFront-Policy": coded(longer.encode())})


@pytest.mark.parametrize(
    "policy",
    [
        b"",
        b"{}",
        b"[1]",
        b'{"Statement": []}',
        b'{"Statement": [{}, {}]}',
        b'{"Statement": [{"Resource": "*", "Condition": {}}]}',
        b'{"Statement": [{"Resource": "*", "Condition": {"DateLessThan": {"AWS:EpochTime": "soon"}}}]}',
        b"\xff",
    ],
)
def test_a_signed_policy_without_an_end_opens_nothing(policy: bytes) -> None:
    signature = own_key().sign(policy, PKCS1v15(), SHA256())
    assert not opened({**signed(), "CloudFront-Policy": coded(policy), "CloudFront-Signature": coded(signature)})


def own_key() -> RSAPrivateKey:
    key = load_pem_private_key(PAIR.private.encode(), None)
    assert isinstance(key, RSAPrivateKey)
    return key


def test_a_signature_is_read_with_the_hash_that_it_names_and_sha1_where_it_names_none() -> None:
    cookies = signed()
    assert cookies["CloudFront-Hash-Algorithm"] == "SHA256"
    for hashed in ("", "SHA1", "SHA512", "sha-256"):
        assert not opened({**cookies, "CloudFront-Hash-Algorithm": hashed})
    signer = CloudFrontSigner("K1", lambda policy: own_key().sign(policy, PKCS1v15(), SHA1()))  # noqa: S303 - CloudFront's own
    policy = signer.build_policy(f"{HOST}/dashboard/*", NOW + timedelta(minutes=1))
    signature = coded(signer.rsa_signer(policy.encode()))
    plain = {"CloudFront-Policy": coded(policy.encode()), "CloudFront-Signature": signature}
    assert opened({**plain, "CloudFront-Key-Pair-Id": "K1"})
    assert opened({**plain, "CloudFront-Key-Pair-Id": "K1", "CloudFront-Hash-Algorithm": "SHA1"})


def test_cookies_hold_nothing_that_a_browser_would_cut() -> None:
    for value in signed().values():
        assert value.replace("-", "").replace("_", "").replace("~", "").isalnum()
    assert sum(map(len, signed().values())) < 1000
