"""Text to the words that names are made of, and names folded for comparison."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from itertools import accumulate, chain
from operator import itemgetter
from sys import intern
from typing import NamedTuple

from hubwatch.facts.tokens import WordMemo

_TOKEN = re.compile(r"[^\W_][\w&+/@!’'.-]*(?:\([A-Z&]+\))?|[&|+,;:()\[\]\"“”‘.?!–—…\n]|--?(?<=\s-|--)(?=\s)")
_ABBREVIATED = re.compile(
    r"(?:[A-Za-z]\.)*[A-Za-z]\.$|(?:Inc|Co|Corp|Ltd|Bros|St|Univ|Dept|Mfg|Assn|Dr|Mr|Mrs|Ms|Gov|Sen|Rep|Gen|Lt|Sgt|Jr|Sr|"
    r"Col|Capt|Prof|Rev|No|vs|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.$"
)
_PLURAL_NAME = re.compile(
    r"['’] (?:Association|Alliance|Council|Union|Federation|Coalition|Guild|Institute|Society)"
)
_QUOTES = ("'", "’")
_BY_PLACE = re.compile(r"['’!](?![\w&+/@!’'.-])")  # what a word is that ends so depends on where it stands
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
_BODIES = frozenset(
    {"group", "holdings", "international", "systems", "technologies", "technology", "university"}
)
LEGAL_FOLDED = frozenset(word.lower().replace(".", "") for word in LEGAL)


class Token(NamedTuple):
    """One word or mark as it stands in texts."""

    text: str  # without a possessive ending
    lower: str
    capital: bool
    possessive: bool
    at: int  # where in its piece of the text the word begins


def fold_name(name: str) -> str:
    """Fold what does not tell two organizations apart: case, punctuation, `the`, legal endings."""
    words = re.findall(r"\w+|&", name.lower().replace(".", ""))
    words = ["and" if word == "&" else word for word in words]
    if words and words[0] == "the":
        words = words[1:]
    while len(words) > 1 and words[-1] in LEGAL_FOLDED:
        words = words[:-1]
    return " ".join(words)


def without_short_forms(names: Mapping[str, str]) -> tuple[str, ...]:
    """Leave out, of names by their folded form, each that stands for another: one for each organization.

    DOE does for U.S. Department of Energy, Navy for U.S. Navy, SkyWater for SkyWater Technology.
    """
    if len(names) < 2:
        return tuple(names.values())
    long = [name for name in names.values() if " " in name]
    whole = [folded for folded in names if " " in folded]
    return tuple(
        name
        for folded, name in names.items()
        if not (
            any(_are_initials(name, other) for other in long)
            if name.isupper() and name.isalpha()
            else any(folded in other and _is_less_its_body(folded, other) for other in whole)
        )
    )


def _are_initials(short: str, name: str) -> bool:
    if short[-1] not in name or name.count(" ") + name.count("-") + 2 < len(short):
        return False
    words = name.removeprefix("US ").removeprefix("U.S. ").replace("-", " ").split()
    initials = "".join([word[0] for word in words])  # DOE has the `of`, NIST has not
    if len(short) == len(initials):
        return short == initials.upper()
    return 1 < len(short) < len(name) and short == "".join(filter(str.isupper, initials))


def _is_less_its_body(folded: str, whole: str) -> bool:
    if whole == f"us {folded}":
        return True
    return whole.startswith(f"{folded} ") and _BODIES.issuperset(whole[len(folded) + 1 :].split())


class Tokens:
    """The words and marks of a text; abbreviations keep their stop, possessives lose their ending."""

    __slots__ = ("_ends", "_made", "_pieces", "found", "texts")

    def __init__(self, text: str) -> None:
        self._pieces = text.split(" ")  # no word or mark has a blank within
        self._made = list(map(_KNOWN.__getitem__, self._pieces))
        if text[:1] == "-" or text[-1:] == "-" or _BY_PLACE.search(text):
            self._look_around()
        self.found = list(chain.from_iterable(self._made))
        self.texts = list(map(_TEXT, self.found))
        self._ends: list[int] | None = None  # of each piece, in tokens; seldom asked for

    def said(self, start: int, end: int) -> str:
        """Give the text from one word to before another, none of them a mark, as written."""
        first, last = self._piece(start), self._piece(end - 1)
        begin, stop = self.found[start].at, self.found[end - 1].at + len(self.texts[end - 1])
        if first == last:
            return self._pieces[first][begin:stop]
        pieces = self._pieces
        return " ".join((pieces[first][begin:], *pieces[first + 1 : last], pieces[last][:stop]))

    def _piece(self, place: int) -> int:
        """Give which piece of the text the token at a place is of."""
        if self._ends is None:
            self._ends = list(accumulate(map(len, self._made)))
        return bisect_right(self._ends, place)

    def _look_around(self) -> None:
        """Make the tokens anew of which it tells by where they stand what they are."""
        last = len(self._pieces) - 1
        for index, piece in enumerate(self._pieces):
            if _BY_PLACE.search(piece) or (index in (0, last) and "-" in (piece[:1], piece[-1:])):
                after = "" if index == last else " ".join(("", *self._pieces[index + 1 : index + 16]))
                self._made[index] = _make_tokens(piece, " " if index else "", after)


def _make_tokens(piece: str, before: str = " ", after: str = " ") -> tuple[Token, ...]:
    """Give the words and marks of what stands between two blanks; beyond these is what stands beside it."""
    text, shift = f"{before}{piece}{after}", len(before)
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text, shift, shift + len(piece) + 1):
        at, end = match.start() - shift, match.end()
        tokens += _tokens_of_word(match[0], at, is_first=match.start() == 0, after=text[end : end + 15])
    return tuple(tokens)


def _tokens_of_word(word: str, at: int, *, is_first: bool, after: str) -> tuple[Token, ...]:
    """Give the tokens of a word or mark: itself, and the marks that end it."""
    if word.isalpha():
        return (Token(intern(word), intern(word.lower()), not word.islower(), False, at),)
    if not word[0].isalnum():
        return (Token(word, word, False, False, at),)
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
    stripped, lower = intern(stripped), intern(stripped.lower())
    marks = [Token(mark, mark, False, False, at) for mark in tail if mark in ".!"]
    return (Token(stripped, lower, lower != stripped, possessive, at), *marks)


def _is_plural_possessive(tail: str) -> bool:
    """Say whether `Partners' lab` ends a name; that of `Manufacturers' Association` is within one."""
    return tail[:1] in _QUOTES and tail[1:2] in (" ", "") and not _PLURAL_NAME.match(tail)


_TEXT = itemgetter(0)
_KNOWN = WordMemo(_make_tokens)
