"""Street addresses: a number and a street as they are written in the languages we serve, with flat, town and code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chalicelib.domain.guard.spans import SpanType

Found = tuple[int, int, SpanType]

_CAPITAL = r"[A-Z\u00c0-\u00de\u0100-\u024f]"
_NAME = rf"(?:{_CAPITAL}[\w'.-]{{0,24}}|\d{{1,3}}(?:st|nd|rd|th))"
_WORD = r"(?:St\. )?(?:[^\W\d_][\w'-]{0,24}|\d{1,3}(?:st|nd|rd|th))(?:(?<=[JjSs]r)\.)?"
_ALWAYS = (
    r"(?:street|st|avenue|ave|road|rd|drive|dr|lane|ln|boulevard|blvd|parkway|pkwy|highway|hwy|trafficway|turnpike|"
    r"terrace|crescent|[^\W\d_]{3,20}(?:stra(?:ss|ß)e|str|gasse|weg|gatan|vej|vejen|veien|laan|utca))"
)
_WITH_CAPITAL = (
    r"(?:Court|Ct|Circle|Cir|Place|Pl|Way|Ter|Trail|Trl|Square|Sq|Close|Loop|Row|Alley|Plaza|Path|Pike|Mews|Ferry|"
    r"Curve|Junction|Extensions?|Streets|Roads|Street|Estates?|Gardens?|Parks?|Crossing|Expressway|Freeway|Skyway|Bypass)"
)
_FROM_A_HUNDRED = (
    r"(?:Cross|Ridge|Groves?|Lights?|Mounts?|Mountains?|Rest|Malls?|Villages?|Forges?|Points?|Rapids?|Forks?|Greens?|"
    r"Flats?|Lodge|Isle|Dale|Hills?|Falls?|Harbors?|Haven|Heights|Hollow|Islands?|Keys?|Knolls?|Lakes?|Landing|"
    r"Locks?|Manors?|Meadows?|Mills?|Neck|Oval|Pass|Pines?|Plains?|Ports?|Prairie|Ranch|Run|Shoals?|Shores?|Springs?|"
    r"Spurs?|Streams?|Summit|Throughway|Trace|Tunnel|Valleys?|Via|Viaduct|Vista|Views?|Walks?|Wells?|Bayou|Beach|Bend|"
    r"Bluffs?|Bottom|Branch|Brooks?|Burgs?|Canyon|Cape|Causeway|Cliffs?|Common|Corners?|Cove|Creek|Crest|Dam|Fields?|"
    r"Fords?|Forest|Freeway|Glens?|Inlet|Stravenue|Rue|Divide)"
)
_UNIT_WORD = (
    r"(?i:apt|apartment|apto|suite|ste|unit|flat|studio|room|rm|piso|depto|dpto|departamento|edif|int|puerta|#)"
)
_UNIT = rf"(?:[,\s>]{{1,4}}{_UNIT_WORD}\.?\s{{0,2}}#?[A-Z]?\d{{1,5}}[A-Za-z]?\b)"
_TOWN = rf"{_CAPITAL}[\w'.-]{{1,24}}(?:[ -](?:[a-z]{{1,3}} )?{_CAPITAL}[\w'.-]{{1,24}}){{0,3}}"
_TAIL = re.compile(
    rf"{_UNIT}{{0,2}}(?:[\s,>]{{1,5}}{_TOWN})?(?:[\s,>]{{1,5}}[A-Z]{{2,3}}\b)?"
    rf"(?:[\s,>]{{1,5}}{_CAPITAL}[a-z]{{2,24}}(?: [A-Z][a-z]{{2,24}})?)?"
    r"(?:[\s,]{1,3}(?:\d{4,5}(?:-\d{3,4})?|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2})\b)?"
)
_UNITS_BEFORE = rf"(?:{_UNIT_WORD}\.? ?#?\d{{1,5}}[A-Za-z]?,?\s)?"
_START = rf"(?<![\w.,/-]){_UNITS_BEFORE}\d{{1,6}}(?:/\d{{1,4}})?[A-Za-z]?,? (?:\d{{1,5}} )?"
_SIDE = r"(?:[NSEW]\.? |(?i:north|south|east|west) )?"
_AFTER_STREET = r"\b\.?(?: (?:[NS][EW]?|[EW])\b)?(?: \d{1,4}\b)?"
_NUMBER_FIRST = re.compile(
    rf"{_START}{_SIDE}(?:{_WORD} ){{1,4}}?(?:\d{{1,4}} )?{_ALWAYS}{_AFTER_STREET}", re.IGNORECASE
)
_CAPITALS = re.compile(rf"{_START}{_SIDE}(?:{_NAME} ){{1,4}}?{_WITH_CAPITAL}{_AFTER_STREET}")
_LONG_NUMBER = re.compile(
    rf"(?<![\w.,/-]){_UNITS_BEFORE}\d{{3,6}}[A-Za-z]? (?:{_NAME} ){{1,3}}?{_FROM_A_HUNDRED}{_AFTER_STREET}"
)
_KIND = (
    r"(?:(?:calle|avenida|avda|callej[oó]n|bulevar|blvd|viale|vicolo|rua|r[uú]a|rue|av)(?:\. ?| )|(?:c/|ul\.|al\.) ?)"
)
_KIND_WITH_CAPITAL = (
    r"(?:Carrera|Cra|Cr|Cl|Kra|Dg|Calzada|Camino|Paseo|Pasaje|Diagonal|Transversal|Circuito|Corredor|Circunvalación|"
    r"Retorno|Privada|Prolongación|Rambla|Ronda|Glorieta|Travesía|Urbanización|Acceso|Acesso|Via|Piazza|Corso|Contrada|"
    r"Strada|Borgo|Rotonda|Incrocio|Travessa|Alameda|Largo|Praça|Estrada|Chemin|Impasse|Allée|Quai|Place|Route)"
)
_OF = r"(?:(?:de|del|la|las|los|el|di|da|do|du|des|della|delle|dei|l'|d') ?){0,3}"
_NR = r"(?:[,. ]{1,2}(?:#|n[uú]m(?:ero)?\.?|no\.?|n\.?[º°]?|nº)? ?)"
_HOUSE = (
    r"(?:[A-Z]-)?\d{1,5}[A-Za-z]?(?:-\d{1,4}[A-Z]?|/\d{1,4})?\b"
    r"(?: (?:Sur|Este|Oeste|Norte)\b)?(?:,? (?i:piso|interior|int|piano|apartado) \d{1,4}\b)?"
)
_WORD_FIRST = re.compile(
    rf"(?<!\w){_KIND}{_OF}(?:(?:{_WORD} ?){{1,5}}?|\d{{1,3}}[A-Z]?(?: de {_WORD})?){_NR}{_HOUSE}",
    re.IGNORECASE,
)
_WORD_WITH_CAPITAL = re.compile(
    rf"(?<!\w){_KIND_WITH_CAPITAL}(?:\. ?| ){_OF}(?:{_NAME}(?:[ -]{_OF}{_NAME}){{0,3}}|\d{{1,3}}[A-Z]?){_NR}{_HOUSE}"
)
_NUMBER_AND_KIND = re.compile(
    r"(?<![\w.,/-])\d{1,5}(?: \d{1,5})?(?: bis| ter)?,? "
    rf"(?:(?i:{_KIND})|(?:chemin|impasse|allée|quai|avenue|boulevard|{_KIND_WITH_CAPITAL}) ){_OF}"
    rf"{_NAME}(?:[ -]{_OF}{_NAME}){{0,3}}"
)
_COMPOUND = re.compile(
    rf"(?<!\w)(?:\d{{3,5}} )?(?:{_CAPITAL}[\w'.-]{{1,24}} ){{0,3}}(?:[^\W\d_]{{2,24}}(?:stra(?:ss|ß)e|gasse|platz|"
    r"allee|gata|gatan|v[äa]gen|torget|vej|vejen|veien|gade|plassen|h[øo]gda|straat|laan|utca)|strasse|straße| u\.|"
    r" út|\w{0,20} útja|\w{0,20} terrasse|[\w-]{0,40}-(?:ring|allee|platz|gasse|weg)) \d{1,4}(?:/\d{1,3}|[A-Z])?\b\.?",
    re.IGNORECASE,
)
_COMPOUND_WITH_CAPITAL = re.compile(
    rf"(?<!\w)(?:{_CAPITAL}[\w'.-]{{1,24}} ){{0,2}}{_CAPITAL}[a-zà-ÿ]{{2,24}}(?:tjernet|bakken|stien|katu|tie|polku|"
    r"kuja|plein|gracht|steeg|kade|dijk|hof|ring|haugen|moen) \d{1,4}(?:/\d{1,3}|[A-Z])?\b"
)
_POST_BOX = re.compile(
    r"(?<!\w)(?:(?:p\.? ?o\.? ?box|post(?:al)?(?: office)? ?box|apartado(?: postal)?|apdo\.?|casilla|caixa postal) ?"
    r"\d{1,6}|(?:unit|psc) \d{3,5}\,? box \d{1,5}|(?:hc|rr|rural route) ?\d{1,3},? box \d{1,5}[a-z]?|"
    r"(?:uss|usns|usnv|usnn|usscgc|uscgc) [\w'-]{2,24}(?=[\s,]{1,3}(?:dpo|apo|fpo)))"
    r"(?:[\s,]{1,3}(?:dpo|apo|fpo) [a-z]{2} \d{5})?\b",
    re.IGNORECASE,
)
_FLAT = re.compile(r"(?<![\w#])(?i:apt|apartment|suite|ste|depto|dpto|apto)\.? ?#?\d{1,5}[A-Za-z]?\b")
_TWO_NUMBERS = re.compile(
    rf"(?<![\w.,/-])\d{{3,5}} (?:\d{{1,5}} )?(?:{_CAPITAL}[\w'.-]{{1,24}} ){{1,4}}(?!(?:19|20)\d\d\b)\d{{1,4}}\b"
)
_TOLD = re.compile(
    r"\b(?:address(?: is|:)|direcci[oó]n(?: es|:)|lives? (?:at|on|in)|vive en|resid\w{2,5} (?:at|on|en)|"
    r"domicilio(?: es|:)?)\s{0,4}"
    rf"(\d{{1,6}}[A-Za-z]?,? {_WORD}(?: {_WORD}){{0,3}}|{_WORD}(?: {_WORD}){{0,4}},? \d{{1,6}}\b)",
    re.IGNORECASE,
)
_PATTERNS = (
    _NUMBER_FIRST, _CAPITALS, _LONG_NUMBER, _WORD_FIRST, _WORD_WITH_CAPITAL, _NUMBER_AND_KIND, _POST_BOX, _COMPOUND,
    _COMPOUND_WITH_CAPITAL, _TWO_NUMBERS, _FLAT,
)  # fmt: skip
_WORDS_OF_TIME = re.compile(
    r"\b(?:minutes?|hours?|days?|weeks?|months?|years?|students?|kids|children|times?|points?|percent|books?|"
    r"pages?|grade|graders?|people|more|of|and|the|in|my|to|small|big|this|that|their|our|"
    r"alumnos|niños|minutos|horas|d[ií]as|veces|p[aá]ginas?)\b",
    re.IGNORECASE,
)


def find_addresses(text: str) -> Iterator[Found]:
    """Give street addresses."""
    for pattern in _PATTERNS:
        for found in pattern.finditer(text):
            if pattern is not _POST_BOX and _WORDS_OF_TIME.search(found[0]):
                continue
            tail = _TAIL.match(text, found.end())
            end = tail.end() if tail else found.end()
            yield found.start(), found.start() + len(text[found.start() : end].rstrip(" ,>\n")), "ADDRESS"
    for found in _TOLD.finditer(text):
        if not _WORDS_OF_TIME.search(found[1]):
            yield found.start(1), found.end(1), "ADDRESS"
