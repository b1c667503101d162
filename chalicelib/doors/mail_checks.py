"""Who and what is not taken by mail, each with a reason code.

What a machine sent is never answered, or two machines would answer each other for ever (RFC 3834, section 2).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from chalicelib.doors.mime.read import Mime

MachineReason = Literal["loop", "bounce", "auto_reply", "list", "spam", "virus", "not_authentic", "no_sender"]

OURS = "X-Small-Wins"
"""The header of every mail that the product sends."""
_MOST_HOPS = 60
_MACHINES = re.compile(r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)([+.-].*)?@", re.IGNORECASE)
_AWAY = re.compile(
    r"\s*(?:auto(?:matic|mated)?[ -]?(?:reply|response)|out of (?:the )?office|ooo|respuesta autom[aá]tica|"
    r"fuera de (?:la )?oficina|automatische antwort|abwesenheitsnotiz|r[eé]ponse automatique|absence du bureau|"
    r"resposta autom[aá]tica|ausência temporária|risposta automatica|automatisch antwoord|autosvar|automatiskt svar|"
    r"automaattinen vastaus|automatyczna odpowiedź|automatická odpověď|автоматический ответ|автоответ|"
    r"автоматична відповідь|otomatik yan.t|trả lời tự động|thư trả lời tự động|awtomatikong tugon|स्वचालित उत्तर|"
    r"自动(?:回复|答复)|自動(?:回覆|応答|返信)|자동 ?(?:회신|응답)|رد تلقائي|پاسخ خودکار|תשובה אוטומטית)"
    r"\s*(?:$|[:\uff1a(\[\u2013\u2014-]|.*\b(?:re|aw|sv|rv):)",
    re.IGNORECASE,
)
"""Words of a subject, then its end, a mark or the subject answered; “Out of the office, into the garden” is a win's."""
_REPORTS = {"message/delivery-status", "message/disposition-notification", "message/global-delivery-status"}
_VERDICT = re.compile(r"\b(spf|dkim|dmarc)=(\w+)((?:\s+[\w.-]+=[^\s;]+)*)", re.IGNORECASE)
_DOMAIN_OF = re.compile(r"(?:smtp\.mailfrom|header\.i|header\.d|header\.from|envelope-from)=(\S+)", re.IGNORECASE)
_SES = "amazonses.com"


def machine_reason(mime: Mime, own_address: str, *, from_ses: bool = True) -> MachineReason | None:
    """Tell why a mail is not from a person who may be answered, if it is not.

    Args:
        mime: the mail.
        own_address: where wins are mailed to; what comes from there comes from us.
        from_ses: it lay in the inbox, so SES's verdict must be on it; else it may be a mail saved to a file.
    """
    checks: dict[MachineReason, bool] = {
        "no_sender": "@" not in mime.from_address,
        "loop": _is_loop(mime, own_address),
        "bounce": _is_bounce(mime),
        "auto_reply": _is_auto_reply(mime),
        "list": _is_list(mime),
        "virus": _failed(mime, "x-ses-virus-verdict"),
        "spam": _failed(mime, "x-ses-spam-verdict"),
        "not_authentic": not is_authentic(mime, from_ses=from_ses),
    }
    return next((reason for reason, found in checks.items() if found), None)


def is_authentic(mime: Mime, *, from_ses: bool) -> bool:
    """Whether SES found that the mail is from the domain it names.

    Only the topmost header counts: SES puts its own above all that a sender may have written there. A mail that names
    two senders is from neither. What was saved to a file elsewhere is authentic unless it says that it failed.
    """
    results = mime.first("authentication-results").strip()
    verdicts: list[tuple[str, str, str]] = _VERDICT.findall(results)
    said = {check.lower(): result.lower() for check, result, _ in verdicts}
    about = {check.lower(): rest for check, _, rest in verdicts}
    if from_ses and (not results.lower().startswith(_SES) or len(mime.all("from")) > 1):
        return False
    if said.get("dmarc") in {"pass", "fail"}:
        return said["dmarc"] == "pass"
    if not from_ses:
        return said.get("spf") != "fail" or said.get("dkim") == "pass"
    domain = mime.from_address.rpartition("@")[2]
    return any(said.get(check) == "pass" and _aligned(about[check], domain) for check in ("dkim", "spf"))


def _aligned(told: str, domain: str) -> bool:
    """Whether a check was about the domain the mail names, or one above or below it (relaxed, RFC 7489, 3.1)."""
    about = [one.rpartition("@")[2].strip("<>;").lower() for one in _DOMAIN_OF.findall(told)]
    return any(one == domain or one.endswith(f".{domain}") or domain.endswith(f".{one}") for one in about if one)


def _failed(mime: Mime, header: str) -> bool:
    return mime.first(header).strip().upper() == "FAIL"


def _is_loop(mime: Mime, own_address: str) -> bool:
    from_us = bool(own_address) and _bare(mime.from_address) == own_address.lower()
    return from_us or bool(mime.all(OURS)) or len(mime.all("received")) > _MOST_HOPS


def _bare(address: str) -> str:
    local, _, domain = address.lower().partition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _is_bounce(mime: Mime) -> bool:
    path = mime.all("return-path")
    kind = mime.first("content-type").lower()
    no_return = bool(path) and path[0].replace(" ", "") == "<>"
    report = kind.startswith("multipart/report") or any(one.type in _REPORTS for one in mime.attachments)
    report = report or bool(mime.all("x-failed-recipients"))
    return no_return or report or _MACHINES.match(mime.from_address) is not None


def _is_auto_reply(mime: Mime) -> bool:
    submitted = mime.first("auto-submitted").split(";")[0].strip().lower()
    automatic = submitted not in {"", "no"} or mime.first("precedence").strip().lower() == "auto_reply"
    marked = any(mime.all(name) for name in ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply-from"))
    return automatic or marked or mime.invites or _AWAY.match(mime.subject) is not None


def _is_list(mime: Mime) -> bool:
    many = mime.first("precedence").strip().lower() in {"bulk", "list", "junk"}
    return many or any(mime.all(name) for name in ("list-id", "list-post", "list-unsubscribe", "x-mailing-list"))
