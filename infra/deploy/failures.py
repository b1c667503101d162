"""What can go wrong on AWS, in one sentence each."""

from __future__ import annotations

import re

from botocore import exceptions
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from chalicelib.domain.school_file import SchoolFileProblems

FAILED, NOTHING_DONE = 1, 2
"""Exit codes: something failed on the way; nothing was done, since something is missing."""


class CannotDeploy(Exception):  # noqa: N818 - a fact, not a bug
    """Why it does not go on, as a sentence."""

    def __init__(self, sentence: str, code: int = FAILED) -> None:
        super().__init__(sentence)
        self.code = code


_REFUSED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "403"}
_EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}
_UNKNOWN = {"InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch", "InvalidAccessKeyId"}
_TOO_FAST = {"Throttling", "ThrottlingException", "TooManyRequestsException", "RequestLimitExceeded", "SlowDown"}
_QUOTA = {"LimitExceeded", "LimitExceededException", "ServiceQuotaExceededException", "TooManyBuckets"}

_ON_THIS_MACHINE: dict[type[BotoCoreError], str] = {
    exceptions.NoCredentialsError: "No AWS credentials were found: sign in (`aws sso login`), or set AWS_PROFILE.",
    exceptions.PartialCredentialsError: "The AWS credentials are incomplete: both key and secret are needed.",
    exceptions.ProfileNotFound: "AWS_PROFILE names a profile that is not in the AWS settings of this machine.",
    exceptions.NoRegionError: "No AWS region is set: write it under `deploy: region:` in the school file.",
    exceptions.SSOError: "The AWS sign-in is over: run `aws sso login` again.",
    exceptions.TokenRetrievalError: "The AWS sign-in is over: run `aws sso login` again.",
    exceptions.ParamValidationError: "AWS does not take a value as it was given.",  # its text holds the value
    exceptions.HTTPClientError: "AWS cannot be reached from this machine: look at its network and the region's name.",
}


def sentence_of(error: BaseException) -> str:
    """Say in one sentence what went wrong; secrets are never part of it."""
    if isinstance(error, ClientError):
        return _of_answer(error)
    if isinstance(error, SchoolFileProblems):
        return "; ".join(error.lines)
    if isinstance(error, ResponseParserError):
        return "Something between this machine and AWS answered instead of AWS: look at its network."
    if isinstance(error, BotoCoreError):
        known = (text for kind, text in _ON_THIS_MACHINE.items() if isinstance(error, kind))
        return next(known, f"AWS could not be asked ({type(error).__name__}).")
    return str(error)


def _of_answer(error: ClientError) -> str:
    code, message = code_of(error), str(error.response["Error"].get("Message", "")).strip().rstrip(".")
    asked = error.operation_name
    if code in _REFUSED:
        named = re.search(r"perform: ([\w-]+:[\w*]+)", message)
        return f"Your AWS credentials lack a permission: {named[1] if named else asked}."
    if code in _EXPIRED:
        return "The AWS session is over: sign in again."
    if code in _UNKNOWN:
        return "AWS does not know these credentials in this region: sign in again, or enable the region in the account."
    if code in _TOO_FAST:
        return f"AWS asked to slow down for too long ({asked}): wait some minutes and run it again."
    if code in _QUOTA or code.startswith("TooMany"):
        return f"A quota of the AWS account is used up ({asked}): {message}."
    told = code if "<" in message else message  # a page of some machine in between
    return f"AWS refused {asked}: {told or code}."


AwsErrors = (BotoCoreError, ClientError, ResponseParserError)
"""What any call to AWS can raise."""


def code_of(error: ClientError) -> str:
    """Return the code of an error that AWS answered."""
    return str(error.response["Error"]["Code"])
