"""One win sent through the whole app against one bare conditional put, on the same DynamoDB Local."""

from __future__ import annotations

import json
import uuid
from typing import Any

from benchmarks.measure import Row, against, for_scale, medians, school_running
from chalicelib.stores.table import connect

_ROUNDS = 400
_WARM = 60
_STORY = "Two hands went up before I had finished the question, and the second one began with because. " * 3


class _Context:
    """What Lambda says of a function."""

    function_name = "api_handler"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:api_handler"
    aws_request_id = "bench"


def _event(body: str) -> dict[str, Any]:
    """Write what API Gateway sends for one posted win."""
    context = {"httpMethod": "POST", "resourcePath": "/api/wins", "identity": {"sourceIp": "127.0.0.1"}}
    return {
        "requestContext": {**context, "path": "/api/wins"},
        "headers": {"content-type": "application/json"},
        "pathParameters": {},
        "stageVariables": {},
        "multiValueQueryStringParameters": None,
        "isBase64Encoded": False,
        "body": body,
    }


def measure() -> list[Row]:
    """Send and put in turns."""
    with school_running() as environment:
        from app import app  # now, so that its logger reads the level of this run

        dynamodb = connect()

        def put() -> None:
            item = {"pk": {"S": "BENCH"}, "sk": {"S": uuid.uuid4().hex}, "body": {"S": json.dumps({"story": _STORY})}}
            dynamodb.put_item(
                TableName=environment["TABLE_NAME"], Item=item, ConditionExpression="attribute_not_exists(pk)"
            )

        def send(nonce: str | None) -> None:
            told = {"link": "oak7", "kind": "success", "story": _STORY, "signs": ["because"]}
            answer = app(_event(json.dumps({**told, "nonce": nonce} if nonce else told)), _Context())
            assert answer["statusCode"] == 201, answer["body"]

        def put_two() -> None:
            put_one = {"TableName": environment["TABLE_NAME"], "ConditionExpression": "attribute_not_exists(pk)"}
            items = [
                {"pk": {"S": part}, "sk": {"S": uuid.uuid4().hex}, "body": {"S": json.dumps({"story": _STORY})}}
                for part in ("BENCH", "SEEN")
            ]
            dynamodb.transact_write_items(TransactItems=[{"Put": {**put_one, "Item": item}} for item in items])

        works = (put, put_two, lambda: send(None), lambda: send(uuid.uuid4().hex))
        medians(_WARM, *works)
        bare, bare_two, plain, with_nonce = medians(_ROUNDS, *works)
    return [
        against("one submit (HTTP event to answer)", plain, bare, 2),
        against("one submit with a nonce, against a bare transaction of two", with_nonce, bare_two, 1.5),
        for_scale("  that bare transaction, against one bare put", bare_two, bare),
    ]
