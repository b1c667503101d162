"""Words of a story where there is no room for all of them."""

from __future__ import annotations


def excerpt(text: str, most: int) -> str:
    """Shorten a text to at most so many characters, between two words where it can be.

    Args:
        text: what was told; where it is shortened, line breaks become spaces.
        most: how many characters there is room for.
    """
    if len(text) <= most:
        return text
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    head = line[: most - 1]
    whole = head.rpartition(" ")[0]
    return f"{(whole if 2 * len(whole) > most else head).rstrip()}…"
