"""Text to the words that names are made of, and names folded for comparison."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate, chain
from typing import NamedTuple

from hubwatch.facts.tokens import WordMemo

_TOKEN = re.compile(
    r"([^\W_][\w&+/@!’'.-]*(?:\([A-Z&]+\))?|[&|+,;:()\[\]\"“”‘.?!–—…\n]|--?(?<=\s-|--)(?=\s))"
)
_ABBREVIATED = re.compile(
    r"(?:[A-Za-z]\.)*[A-Za-z]\.$|(?:Inc|Co|Corp|Ltd|Bros|St|Univ|Dept|Mfg|Assn|Dr|Mr|Mrs|Ms|Gov|Sen|Rep|Gen|Lt|Sgt|Jr|Sr|"
    r"Col|Capt|Prof|Rev|No|vs|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.$"
)
_PLURAL_NAME = re.compile(
    r"['’] (?:Association|Alliance|Council|Union|Federation|Coalition|Guild|Institute|Society)"
)
_QUOTES = ("'", "’")
_BY_PLACE = "'’!"  # what a word is that ends so depends on where it stands
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
    """One word or mark as it stands in texts."""

    text: str  # without a possessive ending
    lower: str
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


class Tokens:
    """The words and marks of a text; abbreviations keep their stop, possessives lose their ending."""

    __slots__ = ("_ends", "_made", "_parts", "_text", "found")

    def __init__(self, text: str) -> None:
        self._text = text
        self._parts = _TOKEN.split(text)  # what stands between, a word, what stands between, a word, ...
        self._made = list(map(_KNOWN.__getitem__, self._parts[1::2]))
        if any(mark in text for mark in _BY_PLACE):
            self._look_around()
        self.found = list(chain.from_iterable(self._made))
        self._ends: list[int] | None = None  # of each word's tokens; asked for only where one has several

    def said(self, start: int, end: int) -> str:
        """Give the text from one word to before another, none of them a mark, as written."""
        first, last = self._part(start), self._part(end - 1)
        length = len(self.found[end - 1].text)
        return "".join((*self._parts[first:last], self._parts[last][:length]))

    def _part(self, place: int) -> int:
        """Give which part of the text the token at a place is of."""
        if len(self.found) > len(self._made):
            if self._ends is None:
                self._ends = list(accumulate(map(len, self._made)))
            place = bisect_right(self._ends, place)
        return 2 * place + 1

    def _look_around(self) -> None:
        """Make the words anew whose end tells by where they stand what it means."""
        end = 0
        for index, (before, word) in enumerate(zip(self._parts[::2], self._parts[1::2], strict=False)):
            start = end + len(before)
            end = start + len(word)
            if word[-1] in _BY_PLACE:
                self._made[index] = _make_tokens(word, start == 0, self._text[end : end + 15])


def _make_tokens(word: str, is_first: bool = False, after: str = "") -> tuple[Token, ...]:
    """Give the tokens of a word: itself, and the marks that end it."""
    if word.isalpha():
        return (Token(word, word.lower(), not word.islower(), False),)
    if not word[0].isalnum():
        return (Token(word, word, False, False),)
    tail = ""
    # Abbreviations, possessives, ARL-developed, a stop at the end.
    while word[-1:] in (".", "!", "-", "/", "'", "’", "@") and not _ABBREVIATED.match(word):
        if (
            word[-1] == "!" and not tail and not is_first
        ):  # West Michigan Works! keeps it; a cry's end does not
            break
        tail, word = word[-1] + tail, word[:-1]
    stripped = word[:-2] if word.endswith(("'s", "’s")) else word
    possessive = len(stripped) < len(word) or (word[-1:] == "s" and _is_plural_possessive(tail + after))
    if "-" in stripped and (named := _NAMED.match(stripped)):
        stripped, possessive = named[1], True
    lower = stripped.lower()
    marks = [Token(mark, mark, False, False) for mark in tail if mark in ".!"]
    return (Token(stripped, lower, lower != stripped, possessive), *marks)


def _is_plural_possessive(tail: str) -> bool:
    """Say whether `Partners' lab` ends a name; that of `Manufacturers' Association` is within one."""
    return tail[:1] in _QUOTES and tail[1:2] in (" ", "") and not _PLURAL_NAME.match(tail)


_KNOWN = WordMemo(_make_tokens)
