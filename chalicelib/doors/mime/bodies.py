"""How a part travelled (RFC 2045 section 6) is undone; nothing that is attached is ever unpacked."""

from __future__ import annotations

import binascii
import re

_BASE64_SPACE = b"\r\n\t "
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=" + _BASE64_SPACE
_GOOD_LINES = re.compile(rb"(?:[A-Za-z0-9+/=\t ]*\r?\n)*+")


def is_sound(data: bytes, encoding: str) -> bool:
    """Tell whether a part can be what its encoding says; only base64 can be told."""
    return encoding != "base64" or not data.translate(None, _BASE64)


def decoded(data: bytes, encoding: str) -> bytes:
    """Undo quoted-printable and base64; never fails.

    What cannot be decoded stays as it is: a lone `=`, and what follows the last good line of base64, where mailing
    lists put their footers.
    """
    if encoding == "quoted-printable":
        return binascii.a2b_qp(data)
    if encoding != "base64":
        return data
    if is_sound(data, encoding):
        return _from_base64(data)
    good = _GOOD_LINES.match(data)
    end = good.end() if good else 0
    return _from_base64(data[:end]) + data[end:]


def decoded_size(data: bytes, encoding: str) -> int:
    """Count the bytes of an attachment; base64 is counted, not decoded."""
    if encoding != "base64":
        return len(decoded(data, encoding))
    return len(data.translate(None, _BASE64_SPACE + b"=")) * 3 // 4


def _from_base64(data: bytes) -> bytes:
    letters = data.translate(None, _BASE64_SPACE).partition(b"=")[0]
    if len(letters) % 4 == 1:  # six bits of a byte that never came
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
