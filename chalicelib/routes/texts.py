"""Where Twilio delivers text messages."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from chalicelib import wiring
from chalicelib.domain.errors import Problem
from chalicelib.observability import logger
from chalicelib.routes.http import FORM, answers, body_of

PATH = "/api/sms/twilio"

texts = Blueprint(__name__)


@texts.route(PATH, methods=["POST"], content_types=[FORM])
@answers(texts, pages=False)
def receive_twilio() -> Response:
    """Deal with a text from Twilio. Whatever is not Twilio's to mend is answered 200, so that nothing is resent."""
    from chalicelib.doors.texts import NotAText
    from chalicelib.doors.twilio import is_signed, read_fields, read_twilio, write_twiml
    from chalicelib.work.receive_text import receive_text

    request = texts.current_request
    try:
        fields = read_fields(body_of(request))
        signature, tokens = str(request.headers.get("x-twilio-signature", "")), wiring.keys().get("twilio", [])
        settings = str(request.headers.get("x-twilio-webhooks-signature-settings", ""))
        if not is_signed(signature, tokens, wiring.settings().public_url + PATH, fields, settings):
            raise Problem("not_signed")
        answers_given = receive_text(wiring.desk(), read_twilio(fields))
    except NotAText as reason:
        logger.info("refused", extra={"code": str(reason), "channel": "text"})
        answers_given = []
    return Response(write_twiml(answers_given), {"Content-Type": "text/xml; charset=utf-8"}, 200)
