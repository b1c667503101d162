"""What watches a school on AWS: its dead letters (SQS), its functions' throttles (CloudWatch), and the bell (SNS)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

_WAITS = "ApproximateNumberOfMessages"
_MOST_OF_A_SUBJECT = 100


def connect(service: str) -> Any:
    """Make the client of a service."""
    return boto3.client(service, config=Config(connect_timeout=2, read_timeout=10))  # type: ignore[call-overload]


class AwsSurroundings:
    """`ports.watch.Surroundings` on AWS."""

    def __init__(self, sqs: Any, cloudwatch: Any, dead_letters: dict[str, str], functions: Sequence[str]) -> None:
        """Watch queues (address by kind) and functions (by name)."""
        self._sqs, self._cloudwatch = sqs, cloudwatch
        self._dead_letters, self._functions = dead_letters, functions

    def dead_letters(self) -> dict[str, int]:
        """See `ports.watch`."""
        return {kind: self._waiting(url) for kind, url in self._dead_letters.items()}

    def _waiting(self, url: str) -> int:
        return int(self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[_WAITS])["Attributes"][_WAITS])

    def throttles(self, since: datetime, until: datetime) -> int:
        """See `ports.watch`."""
        return sum(self._throttles_of(name, since, until) for name in self._functions)

    def _throttles_of(self, function: str, since: datetime, until: datetime) -> int:
        found = self._cloudwatch.get_metric_statistics(
            Namespace="AWS/Lambda",
            MetricName="Throttles",
            Dimensions=[{"Name": "FunctionName", "Value": function}],
            StartTime=since,
            EndTime=until,
            Period=86_400,
            Statistics=["Sum"],
        )
        return int(sum(point["Sum"] for point in found["Datapoints"]))


class SnsBell:
    """`ports.watch.Bell` on an SNS topic."""

    def __init__(self, sns: Any, topic: str) -> None:
        self._sns, self._topic = sns, topic

    def ring(self, subject: str, text: str) -> None:
        """See `ports.watch`."""
        self._sns.publish(TopicArn=self._topic, Subject=subject[:_MOST_OF_A_SUBJECT], Message=text)
