"""Text messages through AWS End User Messaging (SMS and voice, v2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.stores.sending import told_by

if TYPE_CHECKING:
    from mypy_boto3_pinpoint_sms_voice_v2 import PinpointSMSVoiceV2Client

_FOR_GOOD = {"ConflictException", "ValidationException", "ResourceNotFoundException"}


def connect() -> PinpointSMSVoiceV2Client:
    """Make the one client. It does not try again by itself: a call that timed out may have sent the text."""
    config = Config(connect_timeout=2, read_timeout=10, retries={"total_max_attempts": 1})
    return boto3.client("pinpoint-sms-voice-v2", config=config)


class AwsTexter:
    """`ports.Texter` on End User Messaging."""

    def __init__(self, client: PinpointSMSVoiceV2Client) -> None:
        self._client = client

    def send_text(self, sender: str, recipient: str, body: str) -> None:
        """See `ports.Texter`; the answer leaves from the number that was texted."""
        try:
            self._client.send_text_message(
                DestinationPhoneNumber=recipient,
                OriginationIdentity=sender,
                MessageBody=body,
                MessageType="TRANSACTIONAL",
            )
        except (ClientError, BotoCoreError) as refused:
            raise told_by(refused, _FOR_GOOD) from None
