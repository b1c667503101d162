"""What means “send me nothing more”, as a whole message, in English and Spanish.

The words that must stop are those of 47 CFR 64.1200(a)(10); the same rule counts any other words by which a reasonable
person would understand the same.
"""

from __future__ import annotations

import re

from chalicelib.domain.folding import without_politeness

_WORDS = (
    "stop|stopall|stop all|quit|end|revoke|opt out|optout|cancel|unsubscribe|arret|remove me|"
    "alto|pare|paren|parar|basta|baja|cancelar|detener|salir|terminar|fin|revocar|desuscribir"
)
_AROUND = "now|me|it|us|already|ya|eso|esto|ahora"
_SENDING = "send|sending|text|texting|texts|message|messaging|messages|contact|contacting|write|writing"
_MORE = "to|me|us|this number|any|more|anymore|these|again|please"
_NO_QUIERO = "mas|mande|manden|mandes|envie|envien|envies|escriba|escriban|escribas|quiero|deseo"
_MENSAJES = "recibir|mas|mensajes|textos|nada|aqui|ya|por favor"
_REFUSALS = (
    rf"(?:(?:{_AROUND}) )*(?:{_WORDS})(?: (?:{_WORDS}|{_AROUND}))*",
    rf"(?:stop|quit|no more|do not|dont|don t|never)(?: (?:{_SENDING}|{_MORE}))+",
    r"(?:take|get|remove) me (?:off|from)(?: (?:this|the|your|that))?(?: lists?)?",
    r"wrong number|leave me alone|numero equivocado|dejenme en paz|no mas",
    rf"(?:ya )?no (?:me |nos )?(?:{_NO_QUIERO})(?: (?:{_MENSAJES}))*",
    rf"(?:deja|deje|dejen|dejar) de (?:mandar|enviar|escribir)(?:me|nos)?(?: (?:{_MENSAJES}))*",
    r"(?:dame|deme|denme|darme) de baja|(?:quitame|quiteme|quitenme|borrame|borreme|saquenme) de (?:la|esta|su) lista",
)
_REFUSAL = re.compile("|".join(f"(?:{one})" for one in _REFUSALS))
_SPANISH = re.compile(
    r"\b(?:alto|pare|paren|parar|basta|baja|fin|salir|mas|de|equivocado|cancelar|no me|detener|en paz)\b"
)


def is_optout(words: str) -> bool:
    """Whether a folded text, as a whole, asks for no more messages."""
    return _REFUSAL.fullmatch(without_politeness(words)) is not None


def is_spanish(words: str) -> bool:
    """Whether an opt-out is put in Spanish words."""
    return _SPANISH.search(words) is not None
