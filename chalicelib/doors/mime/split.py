"""A mail is cut into its parts (RFC 2046) in one walk, without recursion.

Only the innermost boundary is looked for, and a line that begins with it is one, whatever follows: so every byte is
passed once however deep parts are nested. A part that its boundary does not end (the mail was cut on its way, or its
boundaries are wrong) is damaged.
"""

from __future__ import annotations

from collections import deque

from chalicelib.doors.mime.bodies import decoded
from chalicelib.doors.mime.headers import MOST_HEADERS, MOST_PART_HEADERS, begins_with_a_field, read_block
from chalicelib.doors.mime.parts import Attached, Budget, Draft, Part, describe
from chalicelib.doors.mime.places import Frame, Place, frame_inside

_DEEPEST_FORWARD = 8
_ENCLOSING_LOOKED_FOR = 50
_PACKED = {"base64", "quoted-printable"}


def split(raw: bytes, budget: Budget) -> Draft:
    """Read a whole mail, and those forwarded in it."""
    first = Draft()
    waiting = deque([(raw, first)])
    while waiting:
        data, draft = waiting.popleft()
        waiting += _Splitter(data, budget).read(draft)
    return first


class _Splitter:
    """Walks through the bytes of one mail; `_packed` are mails that travelled encoded in it."""

    def __init__(self, raw: bytes, budget: Budget) -> None:
        self._raw = raw
        self._budget = budget
        self._place = Place(budget)
        self._frames: list[Frame] = []
        self._packed: list[tuple[bytes, Draft]] = []

    def read(self, draft: Draft) -> list[tuple[bytes, Draft]]:
        """Fill the draft; return the mails in it that are to be read next."""
        at = self._entity(self._mail_starts(), draft, None)
        while at is not None:
            frame = self._frames[-1]
            at = self._entity(at, frame.draft, frame)
        for frame in reversed(self._frames):
            frame.finish()
        return self._packed

    def _mail_starts(self) -> int:
        """Pass over the first line of an mbox, or blanks before the first field."""
        if self._raw.startswith((b"From ", b">From ")):
            return self._raw.find(b"\n") + 1
        return len(self._raw) - len(self._raw.lstrip(b" \t"))

    def _entity(self, start: int, draft: Draft, frame: Frame | None) -> int | None:
        """Read the fields of a part and what they announce; return where the next part begins, None at the end."""
        if self._budget.parts == 0:
            self._budget.truncated = True
            return None
        self._budget.parts -= 1
        most = MOST_HEADERS if frame is None else MOST_PART_HEADERS
        bare = not self._frames and not begins_with_a_field(self._raw, start) and self._raw[start : start + 1] != b"\n"
        fields, body = ([], start) if bare else read_block(self._raw, start, most=most, lenient=not self._frames)
        if frame is None:
            draft.fields = fields
        else:
            frame.seen += 1
        if body is None:
            return None
        part = describe(fields, "message/rfc822" if frame and frame.subtype == "digest" else "text/plain")
        if part.subtype is not None:
            return self._multipart(part, body, draft, frame)
        if part.is_message:
            return self._message(part, body, draft, frame)
        end, at = self._end(body)
        place = self._place.damaged if at is None and self._frames else self._place.part
        place(part, self._raw[body:end], draft, frame)
        return self._after(at)

    def _multipart(self, part: Part, start: int, draft: Draft, frame: Frame | None) -> int | None:
        at = self._find(part.delimiter, start) if part.delimiter else None
        if at is None:
            end, next_at = self._end(start)
            self._place.damaged(part, self._raw[start:end], draft, frame)
            return self._after(next_at)
        self._frames.append(frame_inside(frame, draft, part, part.subtype or ""))
        return self._after(at)

    def _message(self, part: Part, start: int, draft: Draft, frame: Frame | None) -> int | None:
        end, at = self._end(start)
        if part.encoding in _PACKED or draft.depth == _DEEPEST_FORWARD or not self._is_mail(start, end):
            self._closed_message(part, decoded(self._raw[start:end], part.encoding), draft, frame)
            return self._after(at)
        child = _forward(part, end - start, draft)
        return self._entity(start, child, None)

    def _is_mail(self, start: int, end: int) -> bool:
        body = read_block(self._raw, start).body if begins_with_a_field(self._raw, start) else None
        return body is not None and body <= end

    def _closed_message(self, part: Part, data: bytes, draft: Draft, frame: Frame | None) -> None:
        """Put a mail aside that can't be walked through here."""
        if not begins_with_a_field(data, 0):
            self._place.damaged(part, data, draft, frame)
        elif draft.depth == _DEEPEST_FORWARD:
            self._budget.truncated = True
            draft.attachments.append(Attached(part.name, part.type, "Message", len(data)))
        elif part.encoding in _PACKED:
            self._packed.append((data, _forward(part, len(data), draft)))
        else:
            self._place.damaged(part, data, draft, frame)

    def _find(self, delimiter: bytes, start: int) -> int | None:
        """Find a delimiter at the beginning of a line."""
        if self._raw.startswith(delimiter, start):
            return start
        found = self._raw.find(b"\n" + delimiter, start)
        return None if found < 0 else found + 1

    def _end(self, start: int) -> tuple[int, int | None]:
        """Return where a body ends, and the delimiter after it if there is one."""
        if not self._frames:
            return len(self._raw), None
        at = self._find(self._frames[-1].delimiter, start)
        if at is None:
            enclosing = [frame.delimiter for frame in self._frames[-_ENCLOSING_LOOKED_FOR - 1 : -1]]
            found = [one for one in (self._find(delimiter, start) for delimiter in enclosing) if one is not None]
            at_end = min(found, default=len(self._raw) + 1)
        else:
            at_end = at
        end = at_end - 1 if at_end > start else start
        return (end - 1 if self._raw[start:end].endswith(b"\r") and at_end <= len(self._raw) else end), at

    def _after(self, at: int | None) -> int | None:
        """Pass over a delimiter; after the last one of a multipart look for the next one of the multipart around it."""
        while at is not None:
            frame = self._frames[-1]
            after = at + len(frame.delimiter)
            if not self._raw.startswith(b"--", after):
                return self._raw.find(b"\n", after) + 1 or None
            frame.finish()
            self._frames.pop()
            at = self._find(self._frames[-1].delimiter, after) if self._frames else None
        return None


def _forward(part: Part, size: int, draft: Draft) -> Draft:
    draft.attachments.append(Attached(part.name, part.type, "Message", size))
    draft.forwarded.append(Draft(draft.depth + 1))
    return draft.forwarded[-1]
