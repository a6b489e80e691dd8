"""Known names of organizations, word lists and learned weights, compiled for `organizations`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import compress

from hubwatch.facts.names import LEGAL, Token, Tokens
from hubwatch.facts.tokens import Memo
from hubwatch.models import OrganizationName

Names = dict[str, "Names"]  # a word of a name -> the words that may follow it
_END = ""  # where a name may end
_SCHOOLS = frozenset({"university", "institute", "department", "laboratory", "college"})


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
        self.weights = dict(weights)
        self.shapes = Memo(self._shape)  # of the words of candidates
        self.names: Names = {} if names is None else names
        for organization in organizations:
            for name in (organization.name, *organization.aliases):
                following = self.names
                for token in Tokens(name).found:
                    following = following.setdefault(token.text, {})
                following[_END] = {}

    def known(self, found: Sequence[Token]) -> list[int]:
        """Give for each place in a text the number of words of the longest known name there, or 0."""
        lengths = [0] * len(found)
        for at in compress(range(len(found)), map(self.names.__contains__, [token.text for token in found])):
            lengths[at] = self._longest(found, at)
        return lengths

    def _longest(self, found: Sequence[Token], at: int) -> int:
        names, longest, place = self.names, 0, at
        while place < len(found) and (following := names.get(found[place].text)) is not None:
            names, place = following, place + 1
            if _END in names:
                longest = place - at
            if found[place - 1].possessive:
                break
        return longest

    def _shape(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Name what the words of a candidate tell by themselves, the form first."""
        own = (self._form(words), f"len{min(len(words), 4)}", f"last:{words[-1].lower()}")
        return (*own, f"opens:{words[0].lower()}") if len(words) > 1 else own

    def _form(self, words: tuple[str, ...]) -> str:
        """Name the form of a candidate, which tells most of all."""
        lowers = [word.lower() for word in words]
        last, first = lowers[-1], lowers[0]
        if words[-1] in LEGAL:
            return "legal"
        if len(words) > 1 and first in self.not_organizations:
            return "jargon+"  # GaN Devices, CNC Training
        if len(words) > 1 and (last in self.forms or (first in self.joins_of and "of" in lowers)):
            return "form"
        if len(words) > 1 and not _SCHOOLS.isdisjoint(lowers):
            return "form"
        if " ".join(lowers) in self.places:
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
        ordinary = sum(map(self.ordinary.__contains__, lowers))
        if len(words) == 2 and not ordinary and words[0].istitle() and words[1].istitle():
            return "two"
        return f"many{'O' if ordinary == len(words) else 'o' if ordinary else ''}"
