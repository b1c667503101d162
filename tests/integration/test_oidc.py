"""Leaders sign in with an account elsewhere: only the provider's own, fresh word for this browser counts, and once."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import boto3
import pytest
from fakes.caller import Answer, Caller
from fakes.desk import table_dump
from fakes.provider import (
    CLIENT,
    DANA,
    SECRET,
    Tamperer,
    certified,
    rsa_key,
    sign_in_there,
    tampering,
)

from chalicelib import wiring
from chalicelib.domain.school import Provider, School, SignIn
from chalicelib.stores import fetching
from chalicelib.stores import oidc as oidc_store
from chalicelib.work import oidc as oidc_work

PUBLIC_URL = "https://wins.school.example"
CALLBACK = f"{PUBLIC_URL}/api/oidc/callback"
FORM = {"content_type": "application/x-www-form-urlencoded"}
IMANI = "imani.obrien@maplerow.example"
BROWSER = {"accept": "text/html,application/xhtml+xml"}


@dataclass
class Door:
    """A school with providers, and somebody's browser before it."""

    caller: Caller
    cookie: str = ""

    def set_out(self, provider: str, **headers: str) -> Answer:
        answer = self.caller.call("POST", "/api/oidc/start", f"provider={provider}".encode(), **FORM, **headers)
        if found := answer.headers.get("set-cookie"):
            self.cookie = found.partition(";")[0]
        return answer

    def address(self, provider: str) -> str:
        """Set out, and return where the page leads."""
        page = self.set_out(provider)
        assert page.status == 200
        (link,) = re.findall(r'<a href="(http://127[^"]+)"', page.body.decode())
        assert f'content="0; url={link}"' in page.body.decode()
        return html.unescape(link)

    def come_back(self, brought: dict[str, str], cookie: str | None = None, **headers: str) -> Answer:
        sent = self.cookie if cookie is None else cookie
        return self.caller.call("GET", f"/api/oidc/callback?{urlencode(brought)}", cookie=sent, **headers)

    def signs_in(self, at: Tamperer, **brought: str) -> Answer:
        """Go to the provider that can be changed, and come back."""
        return self.come_back(at.come_back(self.address("changed")) | brought)


def outcome(answer: Answer) -> str:
    """Tell what came of it: a code, or `in` with a session's cookie."""
    if answer.status == 303:
        assert answer.headers["location"] == "/leaders/"
        return "in"
    assert "__Host-session" not in answer.headers.get("set-cookie", "")
    return str(answer.json["code"])


@pytest.fixture(scope="module")
def real_provider() -> Iterator[str]:
    """The issuer of a certified provider."""
    with certified(CALLBACK) as issuer:
        yield issuer


@pytest.fixture
def changed() -> Iterator[Tamperer]:
    """A provider that can be changed."""
    with tampering() as provider:
        yield provider


Opens = Callable[..., Door]


@pytest.fixture
def opens(caller: Caller, sample_school: School) -> Iterator[Opens]:
    """Make doors of a school whose file names some providers."""
    parameter = wiring.settings().keys_parameter
    ssm = boto3.client("ssm")
    before = ssm.get_parameter(Name=parameter, WithDecryption=True)["Parameter"]["Value"]
    secrets = {f"oidc:{name}": ["an old one", SECRET] for name in ("real", "changed", "other")}
    ssm.put_parameter(
        Name=parameter, Value=json.dumps(json.loads(before) | secrets), Type="SecureString", Overwrite=True
    )

    def opened(*providers: Provider, **more: Any) -> Door:
        version = (wiring.table().latest_school() or (0,))[0] + 1
        wiring.table().save_school(
            sample_school.model_copy(update={"sign_in": SignIn(providers=providers), **more}), version
        )
        wiring.forget()
        return Door(caller)

    yield opened
    ssm.put_parameter(Name=parameter, Value=before, Type="SecureString", Overwrite=True)


@pytest.fixture
def door(opens: Opens, changed: Tamperer) -> Door:
    """The door of a school that names the provider that can be changed."""
    return opens(named("changed", changed.issuer))


def named(name: str, issuer: str, **more: Any) -> Provider:
    return Provider(id=name, name="Maple Accounts", issuer=issuer, client_id=CLIENT, **more)


# with a certified provider


@pytest.mark.parametrize(("account", "role"), [(DANA, "leader"), (DANA.upper(), "leader"), (IMANI, "coach")])
def test_who_the_school_file_names_signs_in_with_their_own_role(
    opens: Opens, real_provider: str, account: str, role: str
) -> None:
    door = opens(named("real", real_provider))
    returned = sign_in_there(door.address("real"), account, CALLBACK)
    answer = door.caller.call("GET", returned.removeprefix(PUBLIC_URL), cookie=door.cookie)
    assert outcome(answer) == "in"
    (session,) = re.findall(r"__Host-session=[^;]+", str(answer.cookies))
    assert door.caller.call("GET", "/api/me", cookie=session).json["role"] == role
    done = list(wiring.front().record.done_in(f"{datetime.now(UTC):%Y-%m}"))
    assert [(one.who, one.what, one.about) for one in done] == [(account.lower(), "signed_in", "real")]


@pytest.mark.parametrize(
    "account", ["unverified:" + DANA, "nobody@maplerow.example", "dana.whitlock@elsewhere.example"]
)
def test_an_account_of_nobody_who_may_is_told_so_and_nothing_more(
    opens: Opens, real_provider: str, log: io.StringIO, account: str
) -> None:
    door = opens(named("real", real_provider))
    returned = sign_in_there(door.address("real"), account, CALLBACK)
    answer = door.caller.call("GET", returned.removeprefix(PUBLIC_URL), cookie=door.cookie)
    assert outcome(answer) == "account_unknown"
    assert answer.json["detail"].startswith("Nobody can sign in here with this account.")
    assert "account_unknown" in log.getvalue()
    assert "@" not in log.getvalue()


def test_only_accounts_of_the_schools_domains_are_taken_where_it_names_some(opens: Opens, real_provider: str) -> None:
    door = opens(named("real", real_provider, domains=("MapleRow.example",)))
    outcomes = []
    for account in (DANA, f"other:{DANA}"):
        returned = sign_in_there(door.address("real"), account, CALLBACK)
        outcomes.append(outcome(door.caller.call("GET", returned.removeprefix(PUBLIC_URL), cookie=door.cookie)))
    assert outcomes == ["in", "account_unknown"]


def test_a_code_of_one_provider_is_worth_nothing_at_another(
    opens: Opens, real_provider: str, changed: Tamperer
) -> None:
    door = opens(named("real", real_provider), named("changed", changed.issuer))
    theirs = parse_qs(urlsplit(sign_in_there(door.address("real"), DANA, CALLBACK)).query)
    away = changed.come_back(door.address("changed"))
    mixed = {"code": theirs["code"][0], "state": away["state"]}
    assert outcome(door.come_back({**mixed, "iss": real_provider})) == "provider_refused"
    ours = door.address("real")
    state = parse_qs(urlsplit(ours).query)["state"][0]
    for brought in ({"state": state, "code": "a code"}, {"state": state, "code": "a code", "iss": changed.issuer}):
        assert outcome(door.come_back(brought)) == "provider_refused"
    changed.nonces.clear()  # another provider's word, with the nonce of nobody
    assert outcome(door.signs_in(changed, code=theirs["code"][0])) == "provider_refused"


def test_the_certified_provider_refuses_another_secret_and_another_verifier(
    opens: Opens, real_provider: str, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = opens(named("real", real_provider))
    returned = sign_in_there(door.address("real"), DANA, CALLBACK).removeprefix(PUBLIC_URL)
    with monkeypatch.context() as patched:
        patched.setattr(oidc_work, "_secret", lambda *_: "not the secret")
        assert outcome(door.caller.call("GET", returned, cookie=door.cookie)) == "provider_refused"
    assert "invalid_client" in log.getvalue()
    first, second = door.address("real"), Door(door.caller)
    code = parse_qs(urlsplit(sign_in_there(first, DANA, CALLBACK)).query)["code"][0]
    state = parse_qs(urlsplit(second.address("real")).query)["state"][0]
    injected = {"code": code, "state": state, "iss": real_provider}
    assert outcome(second.come_back(injected)) == "provider_refused"
    assert "invalid_grant" in log.getvalue()


# a provider, or somebody between, that tampers


NOW = int(datetime.now(UTC).timestamp())
CLAIMS: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "another audience": {"aud": "somebody else"},
    "another audience, from us": {"aud": ["somebody else"], "azp": CLIENT},
    "no audience": {"aud": None},
    "more audiences, and no word for whom": {"aud": [CLIENT, "somebody else"]},
    "more audiences, for somebody else": {"aud": [CLIENT, "somebody else"], "azp": "somebody else"},
    "for somebody else": {"azp": "somebody else"},
    "another issuer": {"iss": "https://accounts.google.com"},
    "no issuer": {"iss": None},
    "over": {"exp": NOW - 120},
    "over, said in words": {"exp": "never"},
    "without end": {"exp": None},
    "of tomorrow": {"iat": NOW + 86_400},
    "not yet": {"nbf": NOW + 86_400},
    "of no time": {"iat": None},
    "of nobody": {"sub": None},
    "with a hash of another access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}
SIGNED = ("without_signature", "with_public_key_as_secret", "with_another_key")


def test_what_is_as_it_should_be_is_taken(door: Door, changed: Tamperer) -> None:
    assert outcome(door.signs_in(changed)) == "in"
    changed.claims = {"aud": [CLIENT, "somebody else"], "azp": CLIENT}
    assert outcome(door.signs_in(changed)) == "in"
    changed.sign = changed.with_an_elliptic_key
    assert outcome(door.signs_in(changed)) == "in", "new keys are asked for at once"


def test_a_token_that_says_anything_else_is_refused(door: Door, changed: Tamperer) -> None:
    found = {}
    for what, claims in CLAIMS.items():
        changed.claims = claims
        found[what] = outcome(door.signs_in(changed))
    assert found == dict.fromkeys(CLAIMS, "provider_refused")


def test_a_token_that_the_provider_did_not_sign_is_refused(door: Door, changed: Tamperer) -> None:
    found = {}
    for how in SIGNED:
        changed.sign = getattr(changed, how)
        found[how] = outcome(door.signs_in(changed))
    assert found == dict.fromkeys(SIGNED, "provider_refused")


def test_a_key_for_secrets_among_the_public_ones_is_no_key(door: Door, changed: Tamperer) -> None:
    changed.documents["/keys"] = json.dumps({"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "one"}]}).encode()
    assert outcome(door.signs_in(changed)) == "provider_refused"


TOKENS: tuple[object, ...] = ("a", "a.b.c", "", None, 7, [], "a.b.c.d.e")
ADDRESSES: tuple[dict[str, Any], ...] = (
    *({"email_verified": said} for said in (False, None, "true", "false", 1)),
    *({"email": said} for said in (None, "", 7, [DANA], f"{DANA}, x@evil.example", f" {DANA}")),
    {"email": "lee.par\u212a@maplerow.example"},  # the sign of the kelvin; its small form is a k
)


def test_what_is_no_token_is_refused(door: Door, changed: Tamperer) -> None:
    for token in TOKENS:
        told = {"access_token": "x", "token_type": "Bearer", "id_token": token}
        changed.answer = 200, {}, json.dumps(told).encode()
        assert outcome(door.signs_in(changed)) == "provider_refused", token
    for missing in ({"access_token": "x"}, {"id_token": "a.b.c"}, {"error": "invalid_grant"}, {"error": 7}):
        changed.answer = 200, {}, json.dumps(missing).encode()
        assert outcome(door.signs_in(changed)) == "provider_refused", missing


def test_an_address_that_is_not_surely_a_leaders_opens_nothing(door: Door, changed: Tamperer) -> None:
    for claims in ADDRESSES:
        changed.claims = claims
        assert outcome(door.signs_in(changed)) == "account_unknown", claims


# the way there and back


def test_the_way_back_is_open_once(door: Door, changed: Tamperer) -> None:
    brought = changed.come_back(door.address("changed"))
    assert outcome(door.come_back(brought)) == "in"
    assert [outcome(door.come_back(brought)) for _ in range(2)] == ["provider_refused"] * 2
    assert len(changed.exchanged) == 1


def test_a_refused_return_is_not_open_again(door: Door, changed: Tamperer) -> None:
    changed.claims = {"aud": "somebody else"}
    brought = changed.come_back(door.address("changed"))
    assert outcome(door.come_back(brought)) == "provider_refused"
    changed.claims = {}
    assert outcome(door.come_back(brought)) == "provider_refused"


def test_another_browser_cannot_come_back(door: Door, changed: Tamperer) -> None:
    brought = changed.come_back(door.address("changed"))
    value = door.cookie.partition("=")[2]
    for cookie in ("", "__Host-away=", "__Host-away=x.y.z", f"away={value}", f"__Host-session={value}"):
        assert outcome(door.come_back(brought, cookie)) == "provider_refused"
    assert changed.exchanged == []


def test_no_letter_of_the_cookie_can_be_altered(door: Door, changed: Tamperer) -> None:
    brought = changed.come_back(door.address("changed"))
    name, _, value = door.cookie.partition("=")
    for place in range(0, len(value) - 1, 7):
        altered = value[:place] + ("A" if value[place] != "A" else "B") + value[place + 1 :]
        assert outcome(door.come_back(brought, f"{name}={altered}")) == "provider_refused"
    assert changed.exchanged == []
    assert outcome(door.come_back(brought)) == "in"


def test_what_is_brought_back_must_be_what_was_asked_for(door: Door, changed: Tamperer) -> None:
    for altered in (
        {"state": "another"},
        {"state": ""},
        {"code": ""},
        {"code": "x" * 9000},
        {"state": "ñ"},
        {"iss": "x"},
    ):
        brought = changed.come_back(door.address("changed")) | altered
        assert outcome(door.come_back(brought)) == "provider_refused"
    assert changed.exchanged == []


def test_who_cancels_there_can_start_again(door: Door, changed: Tamperer) -> None:
    state = changed.come_back(door.address("changed"))["state"]
    answer = door.come_back({"state": state, "error": "access_denied", "error_description": "<b>no</b>"}, **BROWSER)
    assert answer.status == 401
    assert "This sign-in was not completed" in answer.body.decode()
    assert "Sign in with Maple Accounts" in answer.body.decode()
    assert "<b>no</b>" not in answer.body.decode()


def test_the_way_back_closes_after_ten_minutes(door: Door, changed: Tamperer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oidc_work, "AWAY_AT_MOST", timedelta(seconds=-1))
    assert outcome(door.signs_in(changed)) == "provider_refused"
    assert changed.exchanged == []
    monkeypatch.setattr(oidc_work, "AWAY_AT_MOST", timedelta(minutes=10))
    assert "Max-Age=600" in door.set_out("changed").headers["set-cookie"]


def test_who_left_the_school_file_meanwhile_is_refused(opens: Opens, changed: Tamperer, sample_school: School) -> None:
    door = opens(named("changed", changed.issuer))
    brought = changed.come_back(door.address("changed"))
    opens(named("changed", changed.issuer), leaders=sample_school.leaders[1:])
    assert sample_school.leaders[0].email == DANA
    assert outcome(door.come_back(brought)) == "account_unknown"


def test_a_provider_that_left_the_school_file_meanwhile_is_not_asked(opens: Opens, changed: Tamperer) -> None:
    door = opens(named("changed", changed.issuer))
    brought = changed.come_back(door.address("changed"))
    opens(named("other", changed.issuer))
    assert outcome(door.come_back(brought)) == "provider_refused"
    assert changed.exchanged == []


def test_two_providers_cannot_be_mixed_up(opens: Opens, changed: Tamperer) -> None:
    with tampering() as other:
        door = opens(named("changed", changed.issuer), named("other", other.issuer))
        other.come_back(door.address("other"))
        theirs = door.cookie
        brought = changed.come_back(door.address("changed"))
        assert outcome(door.come_back(brought, theirs)) == "provider_refused"
        changed.metadata = {"authorization_response_iss_parameter_supported": True}
        wiring.forget()
        assert outcome(door.signs_in(changed)) == "provider_refused", "it says that it says who it is"
        assert outcome(door.signs_in(changed, iss=other.issuer)) == "provider_refused"
        assert outcome(door.signs_in(changed, iss=changed.issuer)) == "in"
        assert other.exchanged == []


def test_another_sites_page_cannot_start_a_sign_in(door: Door) -> None:
    for told in ({"origin": "https://evil.example"}, {"sec_fetch_site": "cross-site"}):
        answer = door.set_out("changed", **told)
        assert (answer.status, answer.headers.get("set-cookie")) == (401, None)
    assert door.caller.call("GET", "/api/oidc/start?provider=changed").status == 405


def test_a_provider_that_the_school_file_does_not_name_is_no_page(door: Door) -> None:
    for name in ("", "google", "CHANGED", "%00"):
        answer = door.set_out(name)
        assert (answer.status, answer.json["code"]) == (404, "no_such_page")


def test_the_cookie_is_for_this_host_alone_read_by_no_script_and_forgotten_after(door: Door, changed: Tamperer) -> None:
    cookie = door.set_out("changed").headers["set-cookie"]
    assert cookie.startswith("__Host-away=")
    assert {"Path=/", "Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "__Host-away=; Max-Age=0" in str(door.signs_in(changed).cookies)


def test_neither_table_nor_log_holds_what_came_from_there(door: Door, changed: Tamperer, log: io.StringIO) -> None:
    brought = changed.come_back(door.address("changed"), "c0de-of-the-provider")
    assert outcome(door.come_back(brought)) == "in"
    kept = "\n".join(line for line in table_dump().splitlines() if '"SCHOOL"' not in line and '"DONE#' not in line)
    nonce = changed.nonces["c0de-of-the-provider"]
    verifier = changed.exchanged[0]["code_verifier"]
    for secret in (*brought.values(), nonce, verifier, DANA, SECRET):
        assert secret not in kept
        assert secret not in log.getvalue()


def test_the_newest_secret_is_sent_as_the_provider_wants_it(door: Door, changed: Tamperer) -> None:
    assert outcome(door.signs_in(changed)) == "in"
    assert changed.exchanged[0]["authorization"].startswith("Basic ")
    changed.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"]}
    wiring.forget()
    assert outcome(door.signs_in(changed)) == "in"
    last = changed.exchanged[1]
    assert (last["client_secret"], last["client_id"], last["authorization"]) == (SECRET, CLIENT, "")
    assert last["redirect_uri"] == CALLBACK


# a provider that fails


METADATA: dict[str, dict[str, Any]] = {
    "another issuer": {"issuer": "https://accounts.google.com"},
    "no issuer": {"issuer": None},
    "no address for tokens": {"token_endpoint": None},
    "a script as address": {"authorization_endpoint": "javascript:alert(1)"},
    "a file of keys": {"jwks_uri": "file:///etc/passwd"},
    "an address with a line end": {"authorization_endpoint": "https://a.example/\r\nx"},
}


def test_a_provider_that_describes_itself_wrongly_is_not_used(door: Door, changed: Tamperer) -> None:
    for what, said in METADATA.items():
        wiring.forget()
        changed.metadata = said
        answer = door.set_out("changed")
        assert (answer.status, answer.json["code"]) == (503, "provider_down"), what


DOCUMENTS = {
    "nothing": b" ",
    "no JSON": b"<html>",
    "a list": b"[]",
    "nested": b"[" * 100_000,
}


def test_a_provider_that_answers_nonsense_is_down(door: Door, changed: Tamperer) -> None:
    own = "/.well-known/openid-configuration"
    for what, document in DOCUMENTS.items():
        wiring.forget()
        changed.documents[own] = document
        assert door.set_out("changed").json["code"] == "provider_down", what
        del changed.documents[own]
        changed.answer = 200, {}, document
        assert outcome(door.signs_in(changed)) == "provider_down", what


def test_no_more_is_read_than_a_provider_would_say(door: Door, changed: Tamperer) -> None:
    own = "/.well-known/openid-configuration"
    changed.documents[own] = changed.document(own) + b" " * fetching.MOST_BYTES
    assert door.set_out("changed").json["code"] == "provider_down"


def test_no_redirect_is_followed(door: Door, changed: Tamperer) -> None:
    with tampering() as elsewhere:
        for status in (301, 302, 303, 307, 308):
            tokens = {"access_token": "x", "id_token": "a.b.c"}
            changed.answer = status, {"Location": f"{elsewhere.url}/token"}, json.dumps(tokens).encode()
            assert outcome(door.signs_in(changed)) == "provider_down"
        assert elsewhere.exchanged == []
        assert elsewhere.asked == []


def test_a_provider_that_fails_is_down(door: Door, changed: Tamperer) -> None:
    for status in (500, 502, 503, 429, 404):
        changed.answer = status, {}, b"Sorry."
        answer = door.signs_in(changed)
        assert outcome(answer) == "provider_down", status
        assert "does not answer as it should" in answer.json["detail"]


def test_a_provider_that_is_not_there_or_dawdles_is_down(
    opens: Opens, changed: Tamperer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "SECONDS", 0.5)
    door = opens(named("other", "http://127.0.0.1:1"), named("changed", changed.issuer))
    assert door.set_out("other").json["code"] == "provider_down"
    changed.slow = 0.1
    assert door.set_out("changed").json["code"] == "provider_down"
    changed.slow = 5
    assert door.set_out("changed").json["code"] == "provider_down"


def test_without_the_providers_secret_nobody_is_sent_away(opens: Opens, changed: Tamperer, log: io.StringIO) -> None:
    door = opens(named("nosecret", changed.issuer))
    assert door.set_out("nosecret").json["code"] == "provider_down"
    assert "no_secret_in_keys" in log.getvalue()
    assert changed.asked == []


def test_what_a_provider_says_of_itself_is_kept_for_a_while(
    door: Door, changed: Tamperer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        assert outcome(door.signs_in(changed)) == "in"
    assert sorted(changed.asked) == ["/.well-known/openid-configuration", "/keys"]
    changed.key = rsa_key("next")
    changed.header = {"alg": "RS256", "kid": "next"}
    assert outcome(door.signs_in(changed)) == "in"
    monkeypatch.setattr(oidc_store, "KEPT_SECONDS", -1)
    wiring.forget()
    for _ in range(2):
        assert outcome(door.signs_in(changed)) == "in"
    assert changed.asked.count("/keys") == 4


def test_what_goes_wrong_is_said_on_the_sign_in_page_in_its_language(door: Door, changed: Tamperer) -> None:
    answer = door.caller.call("POST", "/api/oidc/start", b"provider=changed&language=es", **FORM)
    assert "De camino a Maple Accounts" in answer.body.decode()
    door.cookie = answer.headers["set-cookie"].partition(";")[0]
    address = html.unescape(re.findall(r'<a href="(http://127[^"]+)"', answer.body.decode())[0])
    changed.claims = {"email": "nobody@maplerow.example"}
    refused = door.come_back(changed.come_back(address), **BROWSER)
    assert refused.status == 401
    assert "Nadie puede iniciar sesión aquí con esta cuenta." in refused.body.decode()
    assert "Iniciar sesión con Maple Accounts" in refused.body.decode()
    assert "nobody@" not in refused.body.decode()
    changed.documents["/.well-known/openid-configuration"] = b"no"
    wiring.forget()
    down = door.set_out("changed", **BROWSER)
    assert (down.status, "does not answer as it should" in down.body.decode()) == (503, True)
