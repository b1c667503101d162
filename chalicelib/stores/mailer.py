"""Mail through Amazon SES."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.stores.sending import told_by

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

_FOR_GOOD = {"MessageRejected", "BadRequestException", "MailFromDomainNotVerifiedException", "NotFoundException"}


def connect() -> SESV2Client:
    """Make the one client. It does not try again by itself: a call that timed out may have sent the mail."""
    return boto3.client("sesv2", config=Config(connect_timeout=2, read_timeout=10, retries={"total_max_attempts": 1}))


class SesMailer:
    """`ports.Mailer` on SES."""

    def __init__(self, client: SESV2Client) -> None:
        self._client = client

    def send_mail(self, recipient: str, message: bytes) -> None:
        """See `ports.Mailer`."""
        try:
            self._client.send_email(
                Destination={"ToAddresses": [recipient]},
                Content={"Raw": {"Data": message}},
            )
        except (ClientError, BotoCoreError) as refused:
            raise told_by(refused, _FOR_GOOD) from None
