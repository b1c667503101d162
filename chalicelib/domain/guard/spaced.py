"""Names spelt with something between the letters, as they are to slip through: `j o h n`, `m-a-r-i-a`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chalicelib.domain.guard.lexicon import look_up
from chalicelib.domain.guard.reading import fold

_SPELT = re.compile(r"(?<!\w)[^\W\d_](?:[ .*_-]{1,3}[^\W\d_](?!\w)){2,19}")


def find_spaced(text: str) -> Iterator[tuple[int, int]]:
    """Give stretches whose letters make a name, or a given name and a surname."""
    for found in _SPELT.finditer(text):
        letters = fold("".join(char for char in found[0] if char.isalpha()))
        if _is_given(letters) or any(
            _is_given(letters[:at]) and look_up(letters[at:]).surname > 0 for at in range(3, len(letters) - 2)
        ):
            yield found.start(), found.end()


def _is_given(word: str) -> bool:
    facts = look_up(word)
    return facts.given > 1 and facts.english < 3  # noqa: PLR2004 - Will, May
