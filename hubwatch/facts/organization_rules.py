"""Known names of organizations, word lists and learned weights, compiled for `organizations`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain, compress
from typing import NamedTuple

from hubwatch.facts.names import LEGAL, Tokens
from hubwatch.facts.tokens import Memo, WordMemo
from hubwatch.models import OrganizationName

Names = dict[str, "Names"]  # a word of a name -> the words that may follow it
_Weights = tuple[float, ...]
_END = ""  # where a name may end
_SCHOOLS = frozenset({"university", "institute", "department", "laboratory", "college"})
START, END = "^", "$"  # stand for the word before the first and the one after the last
SENTENCE_STARTS = frozenset({START, ".", "?", "!", ":", "\n", "“", '"', "‘", "—", "-", "--", "…"})


class Look(NamedTuple):
    """What speaks for and against a stretch of text being a name, part by part."""

    words: tuple[str, ...]
    known: tuple[str, ...]  # signs
    before: tuple[str, str]  # the word before it, and its form
    after: str | None  # the word after it, which does not count after a possessive
    others: tuple[str, ...]  # signs


class OrganizationRules:
    """Known names, word lists and weights, compiled. Immutable once made."""

    def __init__(
        self,
        organizations: Iterable[OrganizationName],
        words: Mapping[str, Iterable[str]],
        weights: Mapping[str, float],
        names: Names | None = None,
    ) -> None:
        """Compile names; where all are in `names` already, `organizations` may be empty."""
        lists = self.words = {name: frozenset(listed) for name, listed in words.items()}
        none: frozenset[str] = frozenset()
        self.acting = lists.get("acting", none)  # verbs of what organizations do
        self.calendar = lists.get("calendar", none)
        self.campuses = lists.get("campus", none)
        self.events = lists.get("event", none)
        self.first_names = lists.get("first_name", none)
        self.forms = lists.get("form", none)  # the last words of names: Institute, Works
        self.joins_for = lists.get("joins_for", none)
        self.joins_of = lists.get("joins_of", none)
        self.never_first = lists.get("never_first", none)
        self.not_organizations = lists.get("not_org", none)
        self.openers = lists.get("opener", none)
        self.ordinary = lists.get("ordinary", none)
        self.places = lists.get("place", none)
        self.programs = lists.get("program", none)
        self.titles = lists.get("title", none)  # of persons
        self.wide = lists.get("wide", none)  # American, Midwest
        self._weights = dict(weights)
        self._bias = self._weights.get("bias", -1.0)
        self.is_ordinary = WordMemo(self._is_ordinary)
        self.forms_of = Memo(self._form)
        # What each part of a look weighs, sign by sign.
        self._of_words: Memo[tuple[str, ...], _Weights] = Memo(lambda words: self._weigh(self._shape(words)))
        self._of_before: Memo[tuple[str, str], _Weights] = Memo(lambda pair: self._weigh(_before(*pair)))
        self._of_after: Memo[str | None, _Weights] = Memo(lambda word: self._weigh(self._after(word)))
        self._of_signs = Memo(self._weigh)
        self.names: Names = {} if names is None else names
        for organization in organizations:
            for name in (organization.name, *organization.aliases):
                following = self.names
                for word in Tokens(name).texts:
                    following = following.setdefault(word, {})
                following[_END] = {}

    def known(self, tokens: Tokens) -> list[int]:
        """Give for each place in a text the number of words of the longest known name there, or 0."""
        lengths = [0] * len(tokens.texts)
        for at in compress(range(len(lengths)), map(self.names.__contains__, tokens.texts)):
            lengths[at] = self._longest(tokens, at)
        return lengths

    def _longest(self, tokens: Tokens, at: int) -> int:
        names, longest, place = self.names, 0, at
        while place < len(tokens.texts) and (following := names.get(tokens.texts[place])) is not None:
            names, place = following, place + 1
            if _END in names:
                longest = place - at
            if tokens.found[place - 1].possessive:
                break
        return longest

    def weight(self, look: Look) -> float:
        """Say how much speaks for a name; what is below zero speaks against it."""
        words, known, before, after, others = look
        parts = (
            self._of_words[words],
            self._of_signs[known],
            self._of_before[before],
            self._of_after[after],
            self._of_signs[others],
        )
        return self._bias + sum(chain.from_iterable(parts))

    def signs(self, look: Look) -> tuple[str, ...]:
        """Name what speaks for and against a name, for the training."""
        before, after = _before(*look.before), self._after(look.after)
        return (*self._shape(look.words), *look.known, *before, *after, *look.others)

    def _weigh(self, signs: Iterable[str]) -> _Weights:
        return tuple(self._weights[sign] for sign in signs if sign in self._weights)

    def _after(self, word: str | None) -> tuple[str, ...]:
        """Name what the word after a candidate tells; none counts after a possessive."""
        if word is None:
            return ("possessive",)
        if not word[0].isalpha():
            return (">#" if word[0].isdigit() else f">{word}",)
        sign = ">X" if word[0].isupper() else f">{word}"
        return (sign, "acts") if word in self.acting else (sign,)

    def _shape(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Name what the words of a candidate tell by themselves."""
        own = (self.forms_of[words], f"len{min(len(words), 4)}", f"last:{words[-1].lower()}")
        return (*own, f"opens:{words[0].lower()}") if len(words) > 1 else own

    def _is_ordinary(self, lower: str) -> bool:
        """Say whether a word is an everyday one, or made of such: high-strength, 3d-printed."""
        if lower in self.ordinary or "-" not in lower:
            return lower in self.ordinary
        kinds = (self.ordinary, self.never_first, self.not_organizations)
        return all(any(part in kind for kind in kinds) for part in lower.split("-"))

    def _form(self, words: tuple[str, ...]) -> str:
        """Name the form of a candidate, which tells most of all."""
        lowers = [word.lower() for word in words]
        last, first = lowers[-1], lowers[0]
        if words[-1] in LEGAL:
            return "legal"
        if len(words) > 1 and first in self.not_organizations:
            return "jargon+"  # GaN Devices, CNC Training
        if len(words) > 1 and (last in self.forms or (first in self.joins_of and "of" in lowers)):
            return "formO" if all(map(self.is_ordinary.__getitem__, lowers)) else "form"
        if len(words) > 1 and not _SCHOOLS.isdisjoint(lowers):
            return "form"
        if "_".join(lowers) in self.places:
            return "place"
        if first in self.first_names and len(words) in (2, 3):
            return "person"
        if first in self.calendar or last in self.calendar:
            return "calendar"
        if last in self.events or last in self.programs:
            return "event"
        if len(words) == 1:
            word = words[0]
            if first in self.not_organizations:
                return "jargon"
            if any(char.isdigit() for char in word):
                return "digits"
            if word.isupper():
                return f"caps{min(len(word), 5)}"
            if any(char.isupper() for char in word[1:]):
                return "camel"
            return "ordinary1" if first in self.ordinary else "word1"
        ordinary = sum(map(self.is_ordinary.__getitem__, lowers))
        if len(words) == 2 and not ordinary and words[0].istitle() and words[1].istitle():
            return "two"
        return f"many{'O' if ordinary == len(words) else 'o' if ordinary else ''}"


def _before(word: str, form: str) -> tuple[str, ...]:
    """Name what the word before a candidate tells."""
    if word.islower():
        return (f"<{word}", f"<{word}:{form}")
    sign = "<X" if word[0].isalnum() else f"<{word}"
    return (sign, "first") if word in SENTENCE_STARTS else (sign,)
