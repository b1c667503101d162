"""Whose word counts for a mail address."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.identity import GOOGLE, mend_of_issuer, tenant_of, vouched_address
from chalicelib.domain.school import Provider, School
from chalicelib.domain.school_file import SchoolFileProblems, read_school

DANA = "dana.whitlock@maplerow.example"
TENANT, ANOTHER = "6f2b1c1e-1111-4222-8333-abcdefabcdef", "0a0a0a0a-1111-4222-8333-abcdefabcdef"
ENTRA = f"https://login.microsoftonline.com/{TENANT}/v2.0"


def provider(issuer: str, **more: Any) -> Provider:
    return Provider(id="one", name="One", issuer=issuer, client_id="c", **more)


@pytest.mark.parametrize(
    ("claims", "vouched"),
    [
        ({"email_verified": True, "hd": "maplerow.example"}, True),
        ({"email_verified": True}, False),  # an address proved once, at a place that Google does not run
        ({"email_verified": True, "email": "dana@gmail.com"}, True),
        ({"email_verified": True, "email": "Dana@GMail.com"}, True),
        ({"email_verified": True, "email": "dana@gmail.com.evil.example"}, False),
        ({"email_verified": False, "hd": "maplerow.example"}, False),
        ({"hd": "maplerow.example"}, False),
    ],
)
def test_google_is_believed_for_what_it_runs(claims: dict[str, Any], vouched: bool) -> None:  # noqa: FBT001 - a table
    told = {"email": DANA, **claims}
    assert vouched_address(provider(GOOGLE), told) == (str(told["email"]).lower() if vouched else None)


@pytest.mark.parametrize(
    ("hd", "vouched"), [("maplerow.example", True), ("elsewhere.example", False), (None, False), ("", False)]
)
def test_domains_in_the_school_file_shut_out_all_others(hd: str | None, vouched: bool) -> None:  # noqa: FBT001 - a table
    told = {"email": DANA, "email_verified": True, "hd": hd}
    only = provider(GOOGLE, domains=("MapleRow.example", "district.example"))
    assert (vouched_address(only, told) == DANA) is vouched


@pytest.mark.parametrize(
    ("claims", "vouched"),
    [
        ({"tid": TENANT}, True),
        ({"tid": TENANT, "idp": f"https://sts.windows.net/{TENANT}/"}, True),
        ({"tid": TENANT, "acct": 0, "xms_edov": True}, True),
        ({"tid": TENANT, "acct": "0", "xms_edov": "1"}, True),
        ({"tid": ANOTHER}, False),
        ({}, False),
        ({"email_verified": True}, False),
        ({"tid": TENANT, "idp": f"https://sts.windows.net/{ANOTHER}/"}, False),  # a guest, whose address is theirs
        ({"tid": TENANT, "idp": "live.com"}, False),
        ({"tid": TENANT, "acct": 1}, False),
        ({"tid": TENANT, "xms_edov": False}, False),
        ({"tid": TENANT, "xms_edov": "0"}, False),
        ({"tid": TENANT, "email_verified": False}, False),
    ],
)
def test_microsoft_is_believed_for_the_schools_own_tenants_own_accounts(
    claims: dict[str, Any],
    vouched: bool,  # noqa: FBT001 - a table
) -> None:
    assert vouched_address(provider(ENTRA), {"email": DANA.title(), **claims}) == (DANA if vouched else None)


def test_an_address_in_microsofts_other_claims_counts_for_nothing() -> None:
    told = {"tid": TENANT, "preferred_username": DANA, "upn": DANA, "name": DANA}
    assert vouched_address(provider(ENTRA), told) is None


@pytest.mark.parametrize(
    "issuer",
    [
        *(GOOGLE, ENTRA, "https://login.microsoftonline.us/" + ENTRA.partition(".com/")[2]),
        *("https://id.school.example", "https://id.school.example:8443/realms/maple/", "http://127.0.0.1:9000"),
    ],
)
def test_issuers_that_a_school_may_name(issuer: str) -> None:
    assert mend_of_issuer(issuer) == ""


@pytest.mark.parametrize(
    "issuer",
    [
        *("", "google", "accounts.google.com", "http://accounts.google.com", "https://a", "https://a.example?x=1"),
        *("https://a.example#x", "https://u:p@a.example", "https://a.example\\@b.example", "https://a.example/\n"),
        *("javascript:alert(1)", "https://a.example.", "http://127.0.0.1.evil.example", "https://\uff41.example"),
    ],
)
def test_what_is_no_providers_address_is_said(issuer: str) -> None:
    assert mend_of_issuer(issuer) == "must be the https address of a provider, such as https://accounts.google.com"


@pytest.mark.parametrize("tenant", ["common", "organizations", "consumers", "9188040d-6c67-4c5b-b112-36a304b66dad"])
@pytest.mark.parametrize("host", ["login.microsoftonline.com", "LOGIN.MicrosoftOnline.com", "login.windows.net:443"])
def test_a_microsoft_address_that_takes_everybodys_accounts_is_refused(tenant: str, host: str) -> None:
    for issuer in (f"https://{host}/{tenant}/v2.0", f"https://{host}/{tenant}", f"https://sts.windows.net/{tenant}/"):
        assert "the school's own tenant" in mend_of_issuer(issuer)


def test_a_path_like_a_tenants_elsewhere_is_no_tenant() -> None:
    assert tenant_of(ENTRA) == TENANT
    for issuer in (f"https://evil.example/{TENANT}/v2.0", ENTRA + "/", ENTRA.upper(), ENTRA.replace("v2.0", "v1.0")):
        assert tenant_of(issuer) is None


def test_mistakes_in_the_school_file_are_named(sample_school: School) -> None:
    one = {"id": "google", "name": "Google", "issuer": "http://accounts.google.com", "client_id": "c"}
    raw = sample_school.model_dump(by_alias=True, exclude_none=True) | {"sign_in": {"providers": [one]}}
    with pytest.raises(SchoolFileProblems) as caught:
        read_school(raw)
    assert caught.value.lines == [
        "sign_in.providers[0].issuer: must be the https address of a provider, such as https://accounts.google.com"
    ]
    raw["sign_in"] = {"providers": [one | {"issuer": ENTRA, "domains": ["maplerow.example"]}]}
    with pytest.raises(SchoolFileProblems) as caught:
        read_school(raw)
    assert caught.value.lines == [
        "sign_in.providers[0].domains: are Google's; a Microsoft tenant is named by its issuer"
    ]
    raw["sign_in"] = {"providers": [one | {"issuer": GOOGLE}, one | {"issuer": GOOGLE}]}
    with pytest.raises(SchoolFileProblems) as caught:
        read_school(raw)
    assert caught.value.lines == ["sign_in.providers: must each have an id of its own"]
