"""What this school's functions are told by their environment; read once, on the first message."""

from __future__ import annotations

import os
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """The environment of one school. Each field is an environment variable in capitals."""

    model_config = ConfigDict(frozen=True)

    table_name: str = Field(min_length=3, description="The school's DynamoDB table.")
    site_bucket: str = Field(min_length=3, description="The bucket readers see through CloudFront.")
    keys_parameter: str = Field(min_length=1, description="SSM parameter (SecureString) with the secret keys.")
    inbox_bucket: str = Field(min_length=3, description="The bucket into which SES puts mail.")
    mail_address: str = Field(
        default="", pattern=r"^$|^[^@\s+]+@[^@\s]+$", description="Where wins are mailed to; empty: mail is not set up."
    )
    public_url: str = Field(pattern=r"^https?://[^/]+$", description="Where people reach the school's pages.")
    origin_check: str = Field(
        default="", pattern=r"^(yes)?$", description="`yes`: the API answers only what came through CloudFront."
    )


class WatchSettings(BaseModel):
    """What only `watch` is told; each field is an environment variable in capitals."""

    model_config = ConfigDict(frozen=True)

    alarm_topic: str = Field(min_length=1, description="The SNS topic that tells the admin.")
    dead_letters: str = Field(pattern=r"^\S+ \S+$", description="The dead-letter queues of mail and of texts.")
    functions: str = Field(default="", description="The names of the other functions, with spaces between.")


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings.

    Raises:
        pydantic.ValidationError: if one is missing or cannot be right.
    """
    return Settings.model_validate({name: environment.get(name.upper(), "") for name in Settings.model_fields})


def read_watch_settings(environment: Mapping[str, str] = os.environ) -> WatchSettings:
    """Read what only `watch` is told.

    Raises:
        pydantic.ValidationError: if one is missing or cannot be right.
    """
    return WatchSettings.model_validate(
        {name: environment.get(name.upper(), "") for name in WatchSettings.model_fields}
    )


def public_url_of(environment: Mapping[str, str] = os.environ) -> str:
    """Return where people reach the school's pages, for what is printed; nothing where that is not set."""
    return environment.get("PUBLIC_URL", "")


def region_of(environment: Mapping[str, str] = os.environ) -> str:
    """Return where AWS runs the functions, which it tells them itself; nothing elsewhere."""
    return environment.get("AWS_REGION", "")
