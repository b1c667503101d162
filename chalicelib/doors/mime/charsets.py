"""Bytes of a mail become text, whatever their charset is called, and text loses what no reader should meet.

Names follow the WHATWG Encoding Standard where mail disagrees with it: what says Latin-1 or ASCII is Windows-1252,
what says GB2312 is GB18030. https://encoding.spec.whatwg.org/#names-and-labels
"""

from __future__ import annotations

import codecs
import re

_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
    "iso2022_jp": "iso2022_jp_ext",
}
_UNKNOWN_TO_PYTHON = {
    "ks_c_5601": "cp949",
    "iso_8859_8_i": "iso8859-8",
    "iso_8859_8_e": "iso8859-8",
    "unicode_1_1_utf_7": "utf-7",
    "x_unicode_2_0_utf_7": "utf-7",
    "macintosh": "mac_roman",
    "x_mac_roman": "mac_roman",
    "x_mac_cyrillic": "mac_cyrillic",
    "x_mac_greek": "mac_greek",
    "koi8_ru": "koi8-u",
    "ksc": "cp949",
    "gb_2312": "gb18030",
    "windows_31j": "cp932",
    "x_x_big5": "big5hkscs",
    "x_sjis": "cp932",
    "x_gbk": "gb18030",
    "x_euc_jp": "euc_jp",
    "utf8mb4": "utf-8",
}
_LABEL = re.compile(
    r"(?:utf|u\d|ucs|unicode|iso|latin|l\d|us|ansi|ascii|windows|cp|dos|ms|ibm|\d|koi8|ks_c|kz|mac|x_(?:mac|sjis|gbk|euc|uni)"
    r"|big5|gb|cn|chinese|hz|euc|shift|sjis|s_jis|csshift|csiso|cs|korean|johab|tis|thai|hebrew|greek|arabic|cyrillic)\w*"
)
"""Families of charsets; Python knows other codecs, some slow (`idna`, `punycode`) and some that unpack."""
_NOT_A_CHARSET = re.compile(r"(?:raw_)?unicode_escape|unicode_internal")
_WESTERN = {"cp1252", ""}
_NEVER_WESTERN = re.compile(r"[\u0180-\u02ff]")
_LONGEST_LABEL = 40
_JAPANESE = re.compile(rb"\x1b\$[@B][!-~]+\x1b\([BJ]")
"""ISO-2022-JP tells itself; nobody writes an escape."""
_CHINESE = re.compile(rb"[\xa1-\xa3\xb0-\xd7][\xa1-\xfe]")
"""Signs and the more common half of the letters of GB 2312, sorted by sound."""
_NOT_ASCII = re.compile(rb"[\x80-\xff]+")
_TOLD_BY = 10_000

_LINE_ENDS = re.compile(r"\r\n?|\u2028|\u2029")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
_NOT_IN_A_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]+")


def decode(data: bytes, label: str = "") -> str:
    """Decode bytes that a mail says are in a charset; never fails.

    Args:
        data: the bytes.
        label: the charset as written in the mail; '' if it says none. A label that is unknown, or contradicted by the
            bytes, gives way to UTF-8 and then to Windows-1252, or to what the bytes show they are.
    """
    codec = _codec(label)
    if codec in {*_WESTERN, "utf-8"} and _JAPANESE.search(data):
        return data.decode("iso2022_jp_ext", "replace")
    if codec in _WESTERN:
        text = _strictly(data, "utf-8")
        doubtful = text is None or (codec and _NEVER_WESTERN.search(text))
        return _guessed(data) if text is None or doubtful else text
    text = _strictly(data, codec)
    if text is None and codec != "utf-8":
        text = _strictly(data, "utf-8")
    if text is None:
        text = _loosely(data, codec)
    return text


def _loosely(data: bytes, codec: str) -> str:
    """Keep the charset if more of it can be read than not; a mail cut in the middle of a letter is still its own."""
    text = data.decode(codec, "replace")
    lost = text.count("\ufffd")
    if codec == "utf-8" and lost * 2 > sum(letter > "\x7f" for letter in text):
        return _guessed(data)
    return text


def _guessed(data: bytes) -> str:
    """Read Chinese if runs of high bytes are long, as in no Western text, and nine of ten are its common letters."""
    runs = _NOT_ASCII.findall(data, 0, _TOLD_BY)
    high, pairs = sum(map(len, runs)), len(_CHINESE.findall(data, 0, _TOLD_BY))
    is_chinese = high > 4 * len(runs) and pairs * 2 > high * 0.9
    return data.decode("gb18030" if is_chinese else "cp1252", "replace")


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except ValueError:  # UnicodeDecodeError is one; so is what some codecs raise for broken input
        return None


def _codec(label: str) -> str:
    """Name Python's codec for a label; '' if the label says nothing."""
    name = re.sub(r"[^a-z0-9]+", "_", label[:_LONGEST_LABEL].lower()).strip("_")
    given = next((to for start, to in _UNKNOWN_TO_PYTHON.items() if name.startswith(start)), name)
    if not _LABEL.fullmatch(given.replace("-", "_")) or _NOT_A_CHARSET.fullmatch(given):
        return ""
    try:
        known = codecs.lookup(given).name
    except LookupError:
        known = _without_rest(given)
    return _WIDER.get(known, known)


def _without_rest(name: str) -> str:
    """Look up the first word of a label that has more, as in `utf-8; format=flowed` or `windows1252`."""
    found = re.match(r"(utf_?(?:8|7|16|32)|(?:windows|cp|dos)_?(\d{3,4})|iso_?8859_?(\d{1,2}))", name)
    if not found:
        return ""
    short = f"cp{found[2]}" if found[2] else f"iso8859-{found[3]}" if found[3] else found[1]
    try:
        return codecs.lookup(short).name
    except LookupError:
        return ""


def clean_text(text: str) -> str:
    """Keep line ends (as LF) and tabs, drop other control characters and halves of characters."""
    return _CONTROLS.sub("", _SURROGATES.sub("\ufffd", _LINE_ENDS.sub("\n", text)))


def clean_line(text: str) -> str:
    """Make one line: control characters, line breaks and what turns the direction of writing become a space."""
    return _SURROGATES.sub("\ufffd", _NOT_IN_A_LINE.sub(" ", text)).strip()
