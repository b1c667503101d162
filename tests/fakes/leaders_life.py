"""All that leaders do in a school that was deployed."""

from __future__ import annotations

import html
import re
from urllib.parse import urlencode

import boto3
from fakes.postman import mail
from fakes.provider import Tamperer
from fakes.school_life import SchoolLife
from fakes.visitor import Visitor

from infra.outbox import sent_mails

STUDENT = "Zuri Okafor explained her answer."
DANA, LEE = "dana.whitlock@maplerow.example", "lee.park@maplerow.example"
PAGE = {"accept": "text/html"}


def leaders(life: SchoolLife, provider: Tamperer) -> None:
    """Sign in by each way, and do all that a leader and an admin may."""
    with life.deployed.running("APIHandler"):
        _vouched_for(life.visitor, provider)
        life.visitor.cookie = _signed_in(life.visitor, DANA)
        _review(life)
        _export(life.visitor)
        _show(life.visitor)
        life.visitor.form("/api/sign-out", "intent=everywhere")
        life.visitor.cookie = _signed_in(life.visitor, LEE)
        _configure(life)
        _erase(life)
        life.visitor.form("/api/sign-out", "")
        life.visitor.cookie = ""


def _signed_in(visitor: Visitor, email: str) -> str:
    """Sign in by a mailed link; return the cookie."""
    before = len(sent_mails())
    assert visitor.form("/api/sign-in", f"email={email}").status == 202
    (link,) = re.findall(r"sign-in#(\S+)", sent_mails()[before].text)
    answer = visitor.form("/api/session", f"code={link}")
    assert answer.status == 303, answer.body
    return answer.cookies[0].partition(";")[0]


def _vouched_for(visitor: Visitor, provider: Tamperer) -> None:
    """Sign in with an account elsewhere."""
    page = visitor.form("/api/oidc/start", "provider=changed")
    (address,) = re.findall(r'<a href="(http://127[^"]+)"', page.body.decode())
    brought = provider.come_back(html.unescape(address))
    cookie = page.cookies[0].partition(";")[0]
    answer = visitor.call("GET", f"/api/oidc/callback?{urlencode(brought)}", cookie=cookie)
    assert answer.status == 303, answer.body


def _review(life: SchoolLife) -> None:
    """Publish what was held, masked; look at one on the dashboard, and hide it."""
    visitor = life.visitor
    held, seen = life.sent(story=STUDENT), life.sent(story="Seen.").json
    (win,) = [one for one in visitor.well("GET", "/api/review").json["wins"] if one["id"] == held.json["id"]]
    spans = [{"part": "story", "start": 0, "end": 11, "type": "PERSON"}]
    told = {"revision": win["revision"], "action": "mask", "spans": spans}
    assert visitor.well("POST", f"/api/review/{win['id']}", told).json["state"] == "visible"
    address = f"/api/review?week={seen['week']}&story={seen['id'][10:]}"
    (one,) = visitor.well("GET", address).json["wins"]
    visitor.well("POST", f"/api/review/{one['id']}", {"revision": one["revision"], "action": "hide"})
    visitor.well("GET", "/api/me")


def _export(visitor: Visitor) -> None:
    for what in ("export.csv", "export.json", "export/school.json", "export/record.csv", "export/record.json"):
        visitor.well("GET", f"/api/{what}")
    visitor.well("GET", "/api/record")


def _show(visitor: Visitor) -> None:
    """Open a link to look at the dashboard, use it, and take it back."""
    page = visitor.form("/api/views", "hours=24&stories=yes")
    (secret,) = set(re.findall(r"/view/?#([\w.-]+)", page.body.decode()))
    assert visitor.form("/api/view", f"code={secret}", cookie="").status == 303
    visitor.well("GET", "/api/pass")
    visitor.well("GET", "/api/pass", cookie=f"__Host-view={secret}")
    (view,) = visitor.well("GET", "/api/views").json["views"]
    assert visitor.form("/api/views/revoke", f"id={view['id']}").status == 303


def _configure(life: SchoolLife) -> None:
    read = life.visitor.well("GET", "/api/school").json
    changed = {**read["file"], "name": "Maple Row"}
    answer = life.visitor.well("PUT", "/api/school", changed, if_match=f'"{read["version"]}"')
    life.version = answer.json["version"]


def _erase(life: SchoolLife) -> None:
    """Erase a win, and a sender by name, phone and mail address, of whom a mail still lies in the inbox."""
    sent = life.sent(story="To be erased.")
    life.visitor.well("POST", "/api/erase/win", {"id": sent.json["id"]})
    life.sent(story="His.", author={"mode": "named", "name": "Mr. Gone"})
    bucket, refused = life.deployed.outputs["InboxBucketName"], mail("Mine.", sender="X <x@elsewhere.example>")
    boto3.session.Session().client("s3").put_object(Bucket=bucket, Key="mail/refused", Body=refused)
    sender = {"name": "mr gone", "phone": "+15555550100", "email": "x@elsewhere.example"}
    left = life.visitor.well("POST", "/api/erase/sender", sender).json
    assert left["wins"] >= 1
    assert (left["contacts"], left["mails"] >= 1) == (1, True)
    life.visitor.well("POST", "/api/erase/sender", {**sender, "intent": "erase"})
