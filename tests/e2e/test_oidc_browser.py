"""A leader signs in with an account elsewhere, in a real browser and at a certified provider."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from fakes.provider import CLIENT, DANA, SECRET, certified

from chalicelib import wiring
from chalicelib.domain.school import Provider, School, SignIn
from chalicelib.pages.shell import write_shell
from chalicelib.work.configure import configure_school
from chalicelib.work.places import digest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

IMANI = "imani.obrien@maplerow.example"


@pytest.fixture(scope="module")
def provider(product: Any) -> Iterator[str]:
    """The issuer of a certified provider that the school's file names while these tests run."""
    parameter = wiring.settings().keys_parameter
    keys = boto3.client("ssm").get_parameter(Name=parameter, WithDecryption=True)["Parameter"]["Value"]
    school = wiring.desk().school
    with certified(f"{product.url}/api/oidc/callback") as issuer:
        one = Provider(id="maple", name="Maple Accounts", issuer=issuer, client_id=CLIENT)
        with_secret = json.dumps(json.loads(keys) | {"oidc:maple": [SECRET]})
        _set_up(with_secret, school.model_copy(update={"sign_in": SignIn(providers=(one,))}))
        yield issuer
    _set_up(keys, school)


def _set_up(keys: str, school: School) -> None:
    """Store keys and a school file, and publish only the pages on which leaders sign in."""
    parameter = wiring.settings().keys_parameter
    boto3.client("ssm").put_parameter(Name=parameter, Value=keys, Type="SecureString", Overwrite=True)
    configure_school(wiring.table(), school)
    wiring.forget()
    for path, page in write_shell(school).items():
        if path.startswith("sign-in"):
            wiring.site().write(path, page, digest(page))


Opened = Callable[..., "Page"]


@pytest.fixture
def phone(product: Any, browser: Browser) -> Iterator[Opened]:
    """Open pages on a small phone; other than in other tests they may leave the school's origin, for the provider."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def opened(**options: Any) -> Page:
        context = browser.new_context(
            base_url=product.url, locale="en-US", viewport={"width": 390, "height": 844}, **options
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


def signs_in_there(page: Page, account: str) -> None:
    page.get_by_placeholder("Enter any login").fill(account)
    page.get_by_placeholder("and password").fill("any")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_leader_signs_in_with_an_account_elsewhere(provider: str, phone: Opened, scripts: bool) -> None:  # noqa: FBT001 - with and without
    page = phone(java_script_enabled=scripts)
    page.goto("/sign-in/")
    page.get_by_role("button", name="Sign in with Maple Accounts").click()
    page.wait_for_url(f"{provider}/**")
    signs_in_there(page, DANA)
    page.get_by_role("heading", name="For leaders").wait_for()
    assert "code=" not in page.url
    assert page.request.get("/api/me").json() == {"name": "Dana Whitlock", "role": "leader"}
    assert [one["name"] for one in page.context.cookies() if one["name"] == "__Host-away"] == []
    page.goto("/dashboard/")
    page.get_by_role("heading", level=1).wait_for()
    page.go_back()
    assert page.url.endswith("/leaders/")


def test_a_return_that_is_opened_again_signs_nobody_in(provider: str, phone: Opened) -> None:
    page, returns = phone(), []
    page.on("request", lambda request: returns.append(request.url) if "/api/oidc/callback" in request.url else None)
    page.goto("/sign-in/")
    page.get_by_role("button", name="Sign in with Maple Accounts").click()
    signs_in_there(page, IMANI)
    page.get_by_role("heading", name="For leaders").wait_for()
    another = phone()
    for tab in (another, page):
        tab.context.clear_cookies()
        tab.goto(returns[0])
        tab.get_by_role("alert").get_by_text("This sign-in was not completed").wait_for()
        assert tab.request.get("/api/me").status == 401
    assert provider not in page.url


def test_who_may_not_is_told_and_can_ask_for_a_link(provider: str, phone: Opened, axe: str) -> None:
    page = phone()
    page.goto("/sign-in/es")
    page.get_by_role("button", name="Iniciar sesión con Maple Accounts").click()
    page.wait_for_url(f"{provider}/**")
    signs_in_there(page, "nobody@maplerow.example")
    page.get_by_role("alert").get_by_text("Nadie puede iniciar sesión aquí con esta cuenta.").wait_for()
    assert "nobody" not in page.content()
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.evaluate(axe)
    assert page.evaluate("axe.run().then(found => found.violations.map(one => one.id))") == []
    page.get_by_label("Su correo de la escuela").fill(DANA)
    page.get_by_role("button", name="Mándenme un enlace").click()
    page.get_by_role("heading", name="Mire su correo").wait_for()


def test_the_page_on_the_way_can_be_read_and_gone_on_from(provider: str, phone: Opened, axe: str) -> None:
    page = phone()
    page.route(f"{provider}/**", lambda route: route.fulfill(status=204))
    page.goto("/sign-in/")
    page.get_by_role("button", name="Sign in with Maple Accounts").click()
    page.get_by_role("heading", name="On the way to Maple Accounts").wait_for()
    page.evaluate(axe)
    assert page.evaluate("axe.run().then(found => found.violations.map(one => one.id))") == []
    page.unroute(f"{provider}/**")
    page.get_by_role("link", name="Go on to Maple Accounts").click()
    page.get_by_placeholder("Enter any login").wait_for()
