"""Everything that can be wrong with a request: a code, an HTTP status, and the sentence's key in `locales/`.

Only the edge (`routes/http.py`, a command's `main`) turns a problem into words and a status. There is no 403, and
404 only where nothing is at all: in their place CloudFront puts pages for readers, whoever answered.
"""

from __future__ import annotations

import dataclasses

STATUS: dict[str, int] = {
    "not_json": 400,
    "not_utf8": 400,
    "not_a_form": 400,
    "receipt_missing": 401,
    "receipt_wrong": 401,
    "receipt_old": 401,
    "sign_in_first": 401,
    "link_used": 401,
    "provider_refused": 401,
    "account_unknown": 401,
    "receipt_other_win": 401,
    "not_your_role": 401,
    "other_origin": 401,
    "not_signed": 401,
    "no_such_page": 404,
    "wrong_method": 405,
    "changed_meanwhile": 409,
    "nonce_reused": 409,
    "on_hold": 409,
    "no_such_win": 410,
    "no_wins_here": 410,
    "removed": 410,
    "view_over": 410,
    "withdrawn": 410,
    "too_large": 413,
    "too_much_at_once": 413,
    "wrong_content_type": 415,
    "fields": 422,
    "too_many_wins": 429,
    "our_fault": 500,
    "not_set_up": 503,
    "busy": 503,
    "provider_down": 503,
}


@dataclasses.dataclass(frozen=True)
class FieldProblem:
    """One field that needs mending; `code` names a sentence `field.<code>` which `params` fill."""

    field: str
    code: str
    params: dict[str, str | int] = dataclasses.field(default_factory=dict)


class Problem(Exception):  # noqa: N818 - it is what RFC 9457 calls it
    """A request that can't be done, with what its sender needs to mend it."""

    def __init__(self, code: str, fields: tuple[FieldProblem, ...] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.status = STATUS[code]
        self.fields = fields


class WriteConflict(Exception):  # noqa: N818 - a fact about a race, not a bug
    """Somebody else changed the same thing between our read and our write."""
