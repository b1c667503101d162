"""An anonymous win is nobody's: all that is kept anywhere is searched for who sent it and when, door by door.

Not looked at, and told to senders: what a phone company, a mail server or AWS itself writes down. A publication's own
time is not the win's; the record of consent to texts names a number by a keyed hash, and no win.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import re
import uuid
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import product
from typing import Any
from urllib.parse import urlencode

import boto3
import pytest
from fakes.caller import Caller
from fakes.drawing import tabulate
from fakes.postman import mail
from test_doors import Context, post, posted, queue_event, sns
from ulid import ULID

import app as app_module
from chalicelib import wiring
from chalicelib.domain.school import School
from chalicelib.domain.win import Win
from chalicelib.work.configure import configure_school
from chalicelib.work.publish import publish
from infra.front import serving

STORY = "Nobody spoke, and then the whole back row did, one after the other."
NUMBER, ADDRESS, NAME = "+14155550187", "xochitl.quetzal@maplerow.example", "Xochitl Quetzal"
AGENT, NETWORK = "Quetzalphone/9.1 (serial 88213)", "198.51.100.77"
NONCE, MESSAGE = uuid.uuid4().hex, f"SM{uuid.uuid4().hex}"
ANONYMOUS = {"mode": "anonymous", "name": None}
FORM = {"content_type": "application/x-www-form-urlencoded"}
DEVICE = {"user_agent": AGENT, "x_forwarded_for": NETWORK, "cloudfront_viewer_address": f"{NETWORK}:4711"}


@pytest.fixture
def caller(surroundings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Caller]:
    """A school with an inbox of its own."""
    inbox = surroundings["SITE_BUCKET"].replace("site", "inbox")
    boto3.client("s3").create_bucket(Bucket=inbox)
    monkeypatch.setenv("INBOX_BUCKET", inbox)
    wiring.forget()
    with serving(surroundings["SITE_BUCKET"]) as port:
        yield Caller(port)


def set_up(school: School, *, anonymous: bool) -> None:
    privacy = school.privacy.model_copy(update={"default_author": "anonymous" if anonymous else "confidential"})
    texts = school.texts.model_copy(update={"unknown": "open"})
    configure_school(wiring.table(), school.model_copy(update={"privacy": privacy, "texts": texts}))


# the doors: each leaves one anonymous win


def by_json(caller: Caller) -> None:
    told = {"link": "staff", "kind": "success", "story": STORY, "author": ANONYMOUS, "nonce": NONCE}
    caller.call("POST", "/api/wins", told, **DEVICE)


def by_form(caller: Caller) -> None:
    told = {"link": "oak7", "language": "en", "nonce": NONCE, "kind": "success", "story": STORY, "intent": "send"}
    body = urlencode(told | {"author_mode": "anonymous", "author_name": NAME}).encode()
    assert caller.call("POST", "/api/wins", body, **FORM, **DEVICE).status == 201


def by_twilio(caller: Caller) -> None:
    post(caller, *posted(STORY, MESSAGE, NUMBER))


def by_aws(_caller: Caller) -> None:
    app_module.receive_text(queue_event(sns(STORY, MESSAGE, NUMBER)), Context())


def by_mail(_caller: Caller) -> None:
    inbox = wiring.settings().inbox_bucket
    sender = f"{NAME} <{ADDRESS}>"
    raw = mail(STORY, sender=sender, message_id=f"<{MESSAGE}@maplerow.example>", x_originating_ip=NETWORK)
    boto3.client("s3").put_object(Bucket=inbox, Key="mail/one", Body=raw)
    where = {"bucket": {"name": inbox}, "object": {"key": "mail/one", "size": len(raw)}}
    notice = {"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": where}]}
    assert app_module.receive_mail(queue_event(json.dumps(notice)), Context()) == {"batchItemFailures": []}


# and those that become anonymous later


def named_then_changed(caller: Caller) -> None:
    sent = caller.send(story=STORY, author={"mode": "named", "name": NAME}, nonce=NONCE)
    assert caller.patch(sent, author=ANONYMOUS).status == 200


def text_then_anon(caller: Caller) -> None:
    by_twilio(caller)
    post(caller, *posted("ANON", f"{MESSAGE}2", NUMBER))


def text_then_receipt(caller: Caller) -> None:
    by_twilio(caller)
    _by_receipt(caller)


def mail_then_receipt(caller: Caller) -> None:
    by_mail(caller)
    _by_receipt(caller)


def _by_receipt(caller: Caller) -> None:
    from chalicelib.work.desk import receipt_for

    (win,) = wins()
    token = receipt_for(wiring.desk(), win).token
    path = f"/api/wins/{win.id}"
    assert caller.call("PATCH", path, {"author": ANONYMOUS}, authorization=f"Bearer {token}", **DEVICE).status == 200


DOORS: list[tuple[bool, Callable[[Caller], None]]] = [
    *((False, door) for door in (by_json, by_form, named_then_changed, text_then_anon)),
    *((False, door) for door in (text_then_receipt, mail_then_receipt)),
    *((True, door) for door in (by_json, by_form, by_twilio, by_aws, by_mail)),
]


def wins() -> list[Win]:
    return [win for week in wiring.table().weeks() for win in wiring.table().wins_of(week)]


def items() -> list[dict[str, Any]]:
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName=wiring.settings().table_name)
    return [item for page in pages for item in page["Items"] if item["pk"]["S"] != "SCHOOL"]


def objects() -> list[str]:
    s3, found = boto3.client("s3"), []
    for bucket in (wiring.settings().site_bucket, wiring.settings().inbox_bucket):
        for one in s3.list_objects_v2(Bucket=bucket).get("Contents", ()):
            if not one["Key"].startswith("assets/"):
                whole = s3.get_object(Bucket=bucket, Key=one["Key"])
                text = whole["Body"].read().decode("utf-8", "replace")
                found.append(f"{one['Key']} {whole.get('Metadata')} {whole.get('CacheControl')} {text}")
    return found


def everything_kept() -> str:
    return "\n".join([*(json.dumps(item, sort_keys=True) for item in items()), *objects()])


def queued() -> str:
    sqs = boto3.client("sqs")
    urls = sqs.list_queues().get("QueueUrls", ())
    return json.dumps([sqs.receive_message(QueueUrl=url, WaitTimeSeconds=0, VisibilityTimeout=0) for url in urls])


FORMS = [
    *(NUMBER, NUMBER[1:], NUMBER[2:], "415-555-0187", "(415) 555-0187", "5550187"),
    *(ADDRESS, ADDRESS.partition("@")[0], NAME, NAME.split()[1], AGENT, NETWORK, NONCE, MESSAGE),
]
SENDERS = [*FORMS[:5], ADDRESS, NAME, AGENT, NETWORK]


@pytest.mark.parametrize(("school_wide", "door"), DOORS, ids=lambda one: getattr(one, "__name__", str(one)))
def test_nothing_kept_anywhere_tells_who_sent_an_anonymous_win_or_when(
    caller: Caller,
    log: io.StringIO,
    sample_school: School,
    school_wide: bool,  # noqa: FBT001
    door: Callable[[Caller], None],
) -> None:
    set_up(sample_school, anonymous=school_wide)
    before = datetime.now(UTC)
    door(caller)
    (win,) = wins()
    assert (win.author.mode, win.author.name, win.state, win.story) == ("anonymous", None, "visible", STORY)
    publish(wiring.table(), wiring.site(), wiring.pages(), tabulate, datetime.now(UTC))
    kept, waiting = everything_kept(), queued()
    for form in map(str.lower, FORMS):
        assert form not in waiting.lower()
        assert form not in kept.lower()
        assert form not in log.getvalue().lower()
    assert win.id not in log.getvalue()
    if "then" not in door.__name__:  # what was logged before somebody changed their mind has the id that is gone
        assert "win" not in log.getvalue()
    assert STORY not in waiting
    assert_no_time(kept, before)
    assert_no_digest(kept, keys_of_leaders(sample_school, kept))
    assert_no_digest("\n".join(json.dumps(item) for item in items() if item["pk"]["S"] != "CONTACT"), school_keys())
    for item in items():
        if item["pk"]["S"] == "CONTACT":
            assert win.id not in json.dumps(item)
            assert "WIN#" not in json.dumps(item)
            assert json.loads(item["body"]["S"]).get("last") is None


def assert_no_time(kept: str, before: datetime) -> None:
    """No id, no stamp and no number in all that is kept lies within this hour."""
    text = re.sub(r'"published_at":"[^"]*"', "", kept)
    hour = before.replace(minute=0, second=0, microsecond=0)
    near = {f"{hour:%Y-%m-%dT%H}", f"{hour:%Y-%m-%d %H:}", f"{hour.astimezone(wiring.desk().school.zone):%Y-%m-%dT%H}"}
    assert not [one for one in near if one in text]
    for found in re.findall(r"(?<![0-9A-Z])[0-7][0-9A-HJKMNP-TV-Z]{25}(?![0-9A-Z])", text):
        arrived = ULID.from_str(found).datetime.astimezone(wiring.desk().school.zone)
        assert f"{arrived:%H:%M:%S}" == "12:00:00"
    for found in re.findall(r"(?<![\d.])1[5-9]\d{8}(?:\d{3})?(?![\d.])", text):
        second = int(found[:10])
        assert abs(second - before.timestamp()) > 3600 or second % 86_400 == 0


def keys_of_leaders(school: School, kept: str) -> set[bytes]:
    """Whatever a leader could try as a key: what the school file, the pages, the export and the table tell."""
    told = {"", school.school, school.name, wiring.settings().public_url, wiring.settings().table_name}
    told |= {link.code for link in school.links} | {leader.email for leader in school.leaders}
    told |= (
        {*sorted(set(re.findall(r"[0-9a-f]{32,64}", kept)))[:8]}
        | {win.id for win in wins()}
        | {"text", "mail", "web", "contact"}
    )
    return {one.encode() for one in told}


def school_keys() -> set[bytes]:
    return {key.encode() for use in wiring.keys().values() for key in use}


def assert_no_digest(kept: str, keys: set[bytes]) -> None:
    """No hash of anything about the sender, keyed by any of these, stands in what is kept."""
    prefixes = ("", "contact\0")
    values = {(prefix + form).encode() for prefix, form in product(prefixes, {*SENDERS, *map(str.lower, SENDERS)})}
    for value in values:
        digests = [hashlib.new(name, value).digest() for name in ("md5", "sha1", "sha256", "sha512")]
        for key in keys:
            digests.append(hmac.new(key, value, hashlib.sha256).digest())
            digests.append(hashlib.blake2b(value, key=key[:64], digest_size=16).digest())
        for one in digests:
            assert one.hex()[:16] not in kept
            assert b64encode(one).decode()[:16] not in kept
            assert urlsafe_b64encode(one).decode()[:16] not in kept


@pytest.mark.usefixtures("log")
def test_what_is_searched_for_is_found_where_a_win_is_not_anonymous(caller: Caller, sample_school: School) -> None:
    set_up(sample_school, anonymous=False)
    told = {"link": "staff", "kind": "success", "story": STORY, "author": {"mode": "confidential", "name": NAME}}
    caller.call("POST", "/api/wins", told | {"nonce": NONCE}, **DEVICE)
    kept = everything_kept()
    assert NAME in kept
    with pytest.raises(AssertionError):
        assert_no_time(kept, datetime.now(UTC))
    by_twilio(caller)
    with pytest.raises(AssertionError):
        assert_no_digest(everything_kept(), school_keys())
