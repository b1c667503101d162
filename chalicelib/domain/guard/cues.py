"""Words that tell names from other capitals, English and Spanish, folded: they stand in words.json.

Written by us; whoever adds a word checks `python -m benchmarks.score` for what it costs.
"""

from __future__ import annotations

import json
from pathlib import Path

_LISTS: dict[str, list[str]] = json.loads((Path(__file__).parent / "words.json").read_text("utf-8"))


def _words(name: str) -> frozenset[str]:
    return frozenset(" ".join(_LISTS[name]).split())


TITLES = _words("titles")
"""Before a name they are no part of it, and a full stop after them ends no sentence."""
NAMING = _words("naming")
GREETINGS = _words("greetings")
FIELDS = _words("fields")
"""Before a colon: what follows is who."""
ADDRESSING = _words("addressing")
"""After a name and a comma at the start: somebody is spoken to."""
TAKES_PEOPLE = _words("takes_people")
ACTS = _words("acts")
DEEDS = _words("deeds")
"""Said of persons only."""
WEAK_ACTS = _words("weak_acts")
"""Also said of things."""
VERBS = TAKES_PEOPLE | DEEDS
CONSUMED = _words("consumed")
"""Before the name of a book, a film, a brand."""
WORKS = _words("works")
"""What a book, a game or a place is said to be."""
PLACING = _words("placing")
DETERMINERS = _words("determiners")
PARTICLES = _words("particles")
MOTION = _words("motion")
"""Before `to`: what follows is a place."""
PLACE_STARTS = _words("place_starts")
GEOGRAPHY = _words("geography")
"""Where one of them stands, Georgia is rather on the map."""
RELATIVES = _words("relatives")
"""Before `de`: what follows is whose."""
PETS = _words("pets")
WONDERING = _words("wondering")
ORGANISATION = _words("organisation")
"""After capitals: they are the name of no person."""
ALSO_SURNAMES = _words("also_surnames")
"""Of those, what often follows a given name: Chris Hill, Emma Church."""
SPANISH_MARKS = _words("spanish_marks")
SPANISH_VERBS = _words("spanish_verbs")
"""Names of the English that are words in a Spanish text, where they have no capital."""
FUNCTION_WORDS = _words("function_words")
NO_NAMES = _words("no_names")
"""Days, subjects, languages, brands, holidays, what begins a sentence: capitals that name nobody."""
NICKNAMES = _words("nicknames")
"""Two letters that many children are called by."""
ABBREVIATIONS = _words("abbreviations")
"""Two letters with full stops that nobody is called by."""
SITE_ENDS = _words("site_ends")
"""Of the names of sites: those that are no word of English or Spanish …"""
WORDLIKE_SITE_ENDS = _words("wordlike_site_ends")
"""… those that are words too: `kahoot.it`, but `we did.it was` …"""
SECOND_SITE_ENDS = _words("second_site_ends")
"""… and those that stand before an end of two letters: edu.mx, k12.us."""
MONTHS = _words("months")
"""Also names; beside `in`, a number … they are time."""
FIGURES = frozenset(", ".join(_LISTS["figures"]).split(", "))
"""Of history, books and screens: a pupil of the same name is known by more than this name."""
FIGURE_STARTS = frozenset(name.split()[0].removesuffix("'s") for name in FIGURES)
