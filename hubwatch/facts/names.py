"""Text to the words that names are made of, and names folded for comparison."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(r"[^\W_][\w&+/@!’'.-]*(?:\([A-Z&]+\))?|[&|+,;:()\[\]\"“”‘.?!–—…\n]")
_ABBREVIATED = re.compile(
    r"(?:[A-Za-z]\.)*[A-Za-z]\.$|(?:Inc|Co|Corp|Ltd|Bros|St|Univ|Dept|Mfg|Assn|Dr|Mr|Mrs|Ms|Gov|Sen|Rep|Gen|Lt|Sgt|Jr|Sr|"
    r"Col|Capt|Prof|Rev|No|vs|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.$"
)
_PLURAL_NAME = re.compile(
    r"['’] (?:Association|Alliance|Council|Union|Federation|Coalition|Guild|Institute|Society)"
)
_NAMED = re.compile(r"([A-Z][\w&.]*)-[a-z]+(?:ed|led|run|owned|built|made|wide|like|backed)$")
LEGAL = frozenset(
    {
        "Inc",
        "Inc.",
        "LLC",
        "L.L.C.",
        "LLP",
        "L.P.",
        "LP",
        "Ltd",
        "Ltd.",
        "plc",
        "PLC",
        "Corp",
        "Corp.",
        "Co",
        "Co.",
        "Corporation",
        "Incorporated",
        "Company",
        "Limited",
        "GmbH",
        "AG",
        "SE",
        "SA",
        "S.A.",
        "SpA",
        "S.p.A.",
        "BV",
        "B.V.",
        "NV",
        "N.V.",
        "AB",
        "Oy",
        "KG",
        "KK",
        "K.K.",
        "Pty",
        "PBC",
        "PC",
        "P.C.",
        "Bhd",
    }
)
_LEGAL_FOLDED = frozenset(word.lower().replace(".", "") for word in LEGAL)


class Token(NamedTuple):
    """One word or mark of a text."""

    text: str  # without a possessive ending
    lower: str
    start: int
    end: int  # without a possessive ending
    capital: bool
    possessive: bool


def fold_name(name: str) -> str:
    """Fold what does not tell two organizations apart: case, punctuation, `the`, legal endings."""
    words = re.findall(r"\w+|&", name.lower().replace(".", ""))
    words = ["and" if word == "&" else word for word in words]
    if words and words[0] == "the":
        words = words[1:]
    while len(words) > 1 and words[-1] in _LEGAL_FOLDED:
        words = words[:-1]
    return " ".join(words)


def tokens(text: str) -> list[Token]:
    """Cut a text into words and marks; abbreviations keep their stop, possessives lose their ending."""
    found: list[Token] = []
    add, make = found.append, Token._make
    for match in _TOKEN.finditer(text):
        word = match[0]
        start, end = match.span()
        if word.isalpha():
            if word.islower():
                add(make((word, word, start, end, False, False)))
                continue
            possessive = word[-1] == "s" and _is_plural_possessive(text, end)
            add(make((word, word.lower(), start, end, True, possessive)))
        elif word[0].isalnum():
            found += _odd_tokens(word, start, text)
        else:
            add(make((word, word, start, start + 1, False, False)))
    return found


def _is_plural_possessive(text: str, end: int) -> bool:
    """Say whether `Partners' lab` ends a name; that of `Manufacturers' Association` is within one."""
    if text[end : end + 1] not in ("'", "’"):
        return False
    tail = text[end : end + 16]
    return tail[:1] in ("'", "’") and tail[1:2] in (" ", "") and not _PLURAL_NAME.match(tail)


def _odd_tokens(word: str, start: int, text: str) -> Iterator[Token]:
    """Cut what is no plain word: abbreviations, possessives, ARL-developed, a stop at the end."""
    tail = ""
    while word[-1:] in (".", "!", "-", "/", "'", "’", "@") and not _ABBREVIATED.match(word):
        if word[-1] == "!" and not tail and start:  # West Michigan Works! keeps it; the end of a cry does not
            break
        tail, word = word[-1] + tail, word[:-1]
    stripped = word[:-2] if word.endswith(("'s", "’s")) else word
    possessive = len(stripped) < len(word) or (
        word[-1:] == "s" and _is_plural_possessive(text, start + len(word))
    )
    if "-" in stripped and (named := _NAMED.match(stripped)):
        stripped, possessive = named[1], True
    lower = stripped.lower()
    yield Token(stripped, lower, start, start + len(stripped), lower != stripped, possessive)
    for mark in tail:
        if mark in ".!":
            end = start + len(word)
            yield Token(mark, mark, end, end + 1, False, False)
