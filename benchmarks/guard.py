"""The guard's time as the text grows: eight times the text may cost no more than eight times the time, nearly."""

from __future__ import annotations

from benchmarks.measure import Row, against, medians
from chalicelib.domain.guard import find_spans

_SHORT, _TIMES = 5_000, 8
_PIECES = ("a ", "1 ", "@", "a@b.", "A. ", "[", "1-", "Maria ", "a at b dot ", "id 1", "e\u0301")
"""What a careless pattern would look at again and again."""


def measure() -> list[Row]:
    """Read short and long texts of one repeated piece, in turns; the worst piece is shown."""

    def ratio(piece: str) -> tuple[float, float, str]:
        short, long = ((piece * size)[:size] for size in (_SHORT, _SHORT * _TIMES))
        fast, slow = medians(5, lambda: find_spans(short), lambda: find_spans(long))
        return slow, fast, piece

    find_spans("warm")
    slow, fast, piece = max(map(ratio, _PIECES), key=lambda found: found[0] / found[1])
    return [against(f"guard, {_TIMES} times the text (worst: {piece!r})", slow, fast, 2.0 * _TIMES)]
