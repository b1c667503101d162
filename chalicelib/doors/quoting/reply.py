"""What a mail's sender wrote: its plain text without quotes, signature, footers and disclaimers.

A sample text, of which the first line remains:

    They all read today!

    Sent from my iPhone

    On 9 Jan 2026, at 2:47, Ana Diaz <ana@school.example> wrote:
    > How was it?
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.doors.quoting.marks import Mark, find_marks
from chalicelib.doors.quoting.signature import without_rules, without_signature
from chalicelib.doors.quoting.words import is_quoted, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LONG_LINE = 60


def strip_reply(text: str) -> str:
    """Return the sender's own words.

    Answers between quoted lines are kept; so is everything that is not known to be somebody else's.

    Args:
        text: a mail's plain text; what is beyond 100,000 characters is ignored.

    Returns:
        The words without spaces at line ends and around; empty if nothing is the sender's own.
    """
    runs = enumerate(_own_parts(lines_of(text)))
    parts = ("\n".join(without_signature(run, on_top=at == 0)).strip() for at, run in runs)
    return "\n\n".join(part for part in parts if part)


def _own_parts(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield the runs of lines between what is quoted."""
    marks, part, at, begun = find_marks(lines), list[str](), 0, False
    while at < len(lines):
        if _is_others(lines, at):
            yield part
            part, begun, at = [], True, at + 1
        elif mark := marks.get(at):
            yield without_rules(part)
            if _reaches_to_the_end(lines, mark, begun=begun):
                return
            part, begun, at = [], True, mark.end
        else:
            part.append(lines[at].rstrip())
            begun, at = begun or bool(part[-1]), at + 1
    yield part


def _is_others(lines: Sequence[str], at: int) -> bool:
    """Whether a line is quoted, or the end of a long quoted line that a program broke without quoting it again."""
    if is_quoted(lines[at]):
        return True
    above = lines[at - 1] if at else ""
    broken = len(above) > _LONG_LINE and is_quoted(above) and not above.rstrip().endswith("?")
    return broken and lines[at][:1].islower() and at + 1 < len(lines) and is_quoted(lines[at + 1])


def _reaches_to_the_end(lines: Sequence[str], mark: Mark, *, begun: bool) -> bool:
    """Whether all that follows a mark is somebody else's, for want of quoting that shows where their words end.

    A mail that begins with its own headers, or with "… wrote:" and answers between quotes, is the sender's.
    """
    below = [line for line in lines[mark.end :] if line.strip()]
    if below and is_quoted(below[0]):
        return False
    return begun or not (mark.kind == "headers" or (mark.kind == "wrote" and any(map(is_quoted, below))))
