"""All that happens in a school, each by the function that deals with it and as AWS hands it on."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

import boto3
import pytest
from fakes.caller import Answer
from fakes.deployed import Deployed
from fakes.postman import mail
from fakes.visitor import Visitor

import app
from chalicelib import wiring
from chalicelib.domain.school import School
from chalicelib.doors.twilio import signature_of
from chalicelib.ports import Unsent
from chalicelib.routes.queues import NotDealtWith
from chalicelib.stores.mailer import SesMailer
from chalicelib.stores.texter import AwsTexter
from chalicelib.work.secrets import origin_key
from infra.lambda_events import by_topic

STORY = "Two hands went up before I had finished asking the very first question."
NUMBER = "+15555550142"
CONTEXT = SimpleNamespace(
    function_name="f", memory_limit_in_mb=512, invoked_function_arn="arn", aws_request_id="1", log_stream_name="1"
)
_RUNS: dict[str, Callable[[Any, Any], Any]] = {
    "Publish": app.publish,
    "Retain": app.retain,
    "Watch": app.watch,
    "ReceiveMail": app.receive_mail,
    "ReceiveText": app.receive_text,
}


class SchoolLife:
    """A school that was deployed, and everybody who has to do with it."""

    def __init__(self, deployed: Deployed, school: School) -> None:
        self.deployed, self.school = deployed, school
        self.version = 0
        with self.deployed.pointed_to():
            self.visitor = Visitor(origin_key(wiring.keys()))
        self.change(school)

    def change(self, school: School) -> None:
        """Store another version of the school file."""
        self.version += 1
        with self.deployed.pointed_to():
            wiring.table().save_school(school, self.version)

    def ruled(self, **rules: Any) -> School:
        """Return the school with other rules about privacy."""
        return self.school.model_copy(update={"privacy": self.school.privacy.model_copy(update=rules)})

    def run(self, name: str, event: Any = None) -> Any:
        """Let a function deal with an event, as one that has just started."""
        with self.deployed.running(name):
            return _RUNS[name](event or {}, CONTEXT)

    def noticed(self, name: str, *messages: Any) -> Any:
        """Let a function deal with what a topic brings."""
        return self.run(name, by_topic(*messages))

    # teachers

    def teachers(self) -> None:
        """Send wins, look at them, change them and take them back."""
        with self.deployed.running("APIHandler"):
            first = self.sent(story=STORY, nonce="one and the same", goals=["explain"], kind="success")
            self.sent(story=STORY, nonce="one and the same", goals=["explain"], kind="success")
            self.visitor.get(first)
            self.visitor.patch(first, story=f"{STORY} Again.")
            named = self.sent(story="Hers.", author={"mode": "named", "name": "Ms. Orsted"})
            self.visitor.patch(named, author={"mode": "anonymous", "name": None})
            self.visitor.delete(self.sent(story="Taken back."))
            form = {"link": "elm2", "kind": "success", "story": "By form.", "author_mode": "confidential"}
            self.visitor.form("/api/wins", urlencode({**form, "intent": "send"}))
            self.visitor.form("/api/receipt", urlencode({"receipt": first.json["receipt"], "intent": "open"}))
            for path in ("/api/health", "/api/openapi.json"):
                self.visitor.well("GET", path)

    def sent(self, **told: Any) -> Answer:
        """Send a win that has to be stored."""
        answer = self.visitor.send(**told)
        assert answer.status == 201, answer.body
        return answer

    def readers(self) -> None:
        """Try what a story on the dashboard tells, twice from one device."""
        with self.deployed.running("APIHandler"):
            win = self.sent(story="Once more.").json
            for _ in range(2):
                path = f"/api/stories/{win['week']}/{win['id'][10:]}/tried"
                self.visitor.well("POST", path, {"nonce": "0b5e3f1e-6a52-4ea1-9a53-0cdcb26cf2a4"})

    # texts and mails

    def texts(self) -> None:
        """Text the school by Twilio and by AWS: wins, words that mean something, and a carrier's second copy."""
        words = ("JOIN oak7", STORY, "SIGNS", "1", "ANON", "Lesson: it fell flat", "UNDO", "HELP", "STOP", "START")
        with self.deployed.running("APIHandler"):
            for n, body in enumerate((*words, "One more win today.")):
                fields = {"MessageSid": f"SM{n}", "From": "+15555550100", "To": NUMBER, "Body": body, "NumMedia": "0"}
                url = wiring.settings().public_url + "/api/sms/twilio"
                signed = signature_of(wiring.keys()["twilio"][-1], url, list(fields.items()))
                answer = self.visitor.form("/api/sms/twilio", urlencode(fields), x_twilio_signature=signed)
                assert answer.status == 200
        said = {"originationNumber": "+15555550171", "destinationNumber": NUMBER}
        for n, body in enumerate((*words, words[1], "A win that was told twice.", "A win that was told twice.")):
            self.noticed("ReceiveText", {**said, "messageBody": body, "inboundMessageId": f"in-{n}"})
        late = {**said, "messageBody": "An answer that AWS did not take at first.", "inboundMessageId": "in-late"}
        with patch.object(AwsTexter, "send_text", side_effect=Unsent("x")), pytest.raises(NotDealtWith):
            self.noticed("ReceiveText", late)
        self.noticed("ReceiveText", late)

    def mails(self) -> None:
        """Mail wins, what is no win, and what was dealt with before."""
        for _ in range(2):  # SES may deliver a mail twice
            self.mailed(mail(STORY, message_id="<1@maplerow.example>"))
        self.mailed(mail("Mine.", sender="X <x@elsewhere.example>", auth="spf=pass; dkim=pass; dmarc=pass"), lies=True)
        stranger = mail("Hers.", sender="Y <y@elsewhere.example>", auth="spf=pass; dkim=pass; dmarc=pass")
        with patch.object(SesMailer, "send_mail", side_effect=Unsent("x")), pytest.raises(NotDealtWith):
            self.mailed(stranger)
        self.mailed(mail("Again.", sender="X <x@elsewhere.example>", auth="spf=pass; dkim=pass; dmarc=pass"), lies=True)
        self.mailed(mail("Out.", auto_submitted="auto-replied", message_id="<2@maplerow.example>"))
        self.noticed("ReceiveMail", self._notice("mail/gone"))

    def mailed(self, raw: bytes, *, lies: bool = False) -> None:
        """Lay a mail into the inbox and tell of it; whether it still lies there afterwards."""
        name, bucket = f"mail/{uuid.uuid4().hex}", self.deployed.outputs["InboxBucketName"]
        s3 = boto3.client("s3")
        s3.put_object(Bucket=bucket, Key=name, Body=raw)
        self.noticed("ReceiveMail", self._notice(name))
        left = [one["Key"] for one in s3.list_objects_v2(Bucket=bucket).get("Contents", ())]
        assert (name in left) is lies

    def _notice(self, name: str) -> Any:
        where = {"bucket": {"name": self.deployed.outputs["InboxBucketName"]}, "object": {"key": name, "size": 1}}
        return {"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": where}]}

    def looked_over(self) -> None:
        """Send a win by each door while the school has Comprehend look at them too."""
        self.change(self.ruled(comprehend=True))
        with self.deployed.running("APIHandler"):
            self.sent(story="Looked over.")
        self.mailed(mail("Looked over, by mail.", message_id="<3@maplerow.example>"))
        said = {"originationNumber": "+15555550171", "destinationNumber": NUMBER}
        self.noticed("ReceiveText", {**said, "messageBody": "Looked over, by text.", "inboundMessageId": "in-look"})
        self.change(self.school)
