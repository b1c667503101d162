"""One win sent through the whole app against one bare conditional put, on the same DynamoDB Local."""

from __future__ import annotations

import json
import uuid

from benchmarks.measure import Row, against, medians, school_running
from chalicelib import wiring
from chalicelib.stores.table import connect

_ROUNDS = 400
_WARM = 60
_STORY = "Two hands went up before I had finished the question, and the second one began with because. " * 3


def measure() -> list[Row]:
    """Send and put in turns."""
    from chalice.config import Config
    from chalice.local import LocalGateway

    with school_running() as environment:
        from app import app  # now, so that its logger reads the level of this run

        gateway = LocalGateway(app, Config())
        dynamodb = connect()

        def put() -> None:
            item = {"pk": {"S": "BENCH"}, "sk": {"S": uuid.uuid4().hex}, "body": {"S": json.dumps({"story": _STORY})}}
            dynamodb.put_item(
                TableName=environment["TABLE_NAME"], Item=item, ConditionExpression="attribute_not_exists(pk)"
            )

        def send(nonce: str | None) -> None:
            told = {"link": "oak7", "kind": "success", "story": _STORY, "signs": ["because"]}
            body = json.dumps({**told, "nonce": nonce} if nonce else told)
            headers = {"content-type": "application/json"}
            answer = gateway.handle_request("POST", "/api/wins", headers, body.encode())
            assert answer["statusCode"] == 201, answer["body"]

        works = (put, lambda: send(None), lambda: send(uuid.uuid4().hex))
        medians(_WARM, *works)
        bare, plain, with_nonce = medians(_ROUNDS, *works)
    wiring.forget()
    return [
        against("one submit (HTTP event to answer)", plain, bare, 2),
        against("one submit with a nonce", with_nonce, bare, 2),
    ]
