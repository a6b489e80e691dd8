"""The vocabulary of all topics, compiled for one pass over a text.

What is compiled can be written down (`tables`) and begun with again, which takes a tenth of the time: the
phrases are there spelled out, and what each one does is text until it is found.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Literal, NamedTuple, cast

from hubwatch.facts.tokens import Memo, PhraseBook, fold, split
from hubwatch.models import Topic

Role = Literal["strong", "name", "weak", "context", "cancel", "veto"]
_TITLE_ONLY = "title"
_ANYWHERE = "anywhere:"
_TITLE_PREFIX = "title:"
_NO_TABLES: Mapping[str, Any] = {
    "ids": (),
    "yields_to": {},
    "cross_cutting": (),
    "uses": (),
    "sets": (),
    "rarest": (),
    "parts": (),
    "book": None,
}


class Use(NamedTuple):
    """What a phrase, or a set of phrases, does for a topic."""

    topic: int
    role: Role
    title_only: bool

    def written(self) -> str:
        """Write it as it stands in the tables."""
        return f"{self.topic} {self.role} {_TITLE_ONLY}" if self.title_only else f"{self.topic} {self.role}"


def phrases(term: str) -> list[str]:
    """Give the phrases that a term is made of, without what says where it counts."""
    bare = term.removeprefix(_ANYWHERE).removeprefix(_TITLE_PREFIX)
    return [part.strip() for part in bare.split(" & ") if part.strip()]  # not AT&T


def cancelled_within(terms: Sequence[str], cancels: Sequence[str]) -> dict[str, list[str]]:
    """Give the phrases that some terms lie within, and that keep them from counting there."""
    book = _book_of(terms)
    found: dict[str, list[str]] = {}
    for phrase in cancels:
        parts = phrases(phrase)
        if len(parts) == 1 and not phrase.startswith(_ANYWHERE):
            for number in sorted({number for _, _, number in book.find(split(parts[0]))}):
                found.setdefault(terms[number], []).append(phrase)
    return found


def without_terms(cancels: Sequence[str], terms: Sequence[str]) -> tuple[str, ...]:
    """Leave out the phrases that are the very words of a term, which they would cancel everywhere."""
    book = _book_of(cancels)
    named = {number for term in terms if len(parts := phrases(term)) == 1 for number in book.whole(parts[0])}
    return tuple(phrase for number, phrase in enumerate(cancels) if number not in named)


def _book_of(terms: Sequence[str]) -> PhraseBook:
    """Make a book of the terms that are one phrase, each by its place."""
    book = PhraseBook()
    for number, term in enumerate(terms):
        if len(parts := phrases(term)) == 1:
            book.add(parts[0], number)
    return book


class TopicRules:
    """Topics and their phrases by number. Immutable once made, but for the memory of what was met."""

    def __init__(self, topics: Iterable[Topic], tables: Mapping[str, Any] | None = None) -> None:
        """Compile topics; where `tables` of others are given they come first, and equal ids become one."""
        # What comes on top of tables are a user's words; without tables all are ours.
        self._ours = (len(tables["ids"]), len(tables["uses"])) if tables else None
        tables = tables or _NO_TABLES
        self.ids: list[str] = list(tables["ids"])
        self._yields_to: dict[str, tuple[str, ...]] = dict(tables["yields_to"])
        self._cross_cutting: set[str] = set(tables["cross_cutting"])
        self._uses: list[str] = list(tables["uses"])  # by the number of a phrase, parted by semicolons
        self._sets: list[str] = list(tables["sets"])  # the numbers of phrases, a colon, their use
        self._rarest: list[int] = list(tables["rarest"])  # by set: the phrase to look for
        self.parts: set[int] = set(tables["parts"])  # phrases that are part of a set
        self.book = PhraseBook(tables["book"])
        self._enter_all(topics)
        # Of a body only what is strong counts, and what cancels it: it is long, and rarely decides.
        self.body_book = self.book.only(self._counts_in_body)
        self.uses = Memo(self._uses_of)
        self.uses_in = {
            where: Memo(partial(self._uses_in, where)) for where in ("title", "summary", "content")
        }
        self.sets = Memo(self._set_of)
        self._sets_of: dict[int, list[int]] = defaultdict(list)  # a set's rarest phrase -> the sets
        for index, number in enumerate(self._rarest):
            self._sets_of[number].append(index)
        self.partners = Memo(self._partners_of)
        index_of = {id_: index for index, id_ in enumerate(self.ids)}
        self.yields_to = [
            [index_of[other] for other in self._yields_to[id_] if other in index_of] for id_ in self.ids
        ]
        self.cross_cutting = frozenset(index_of[id_] for id_ in self._cross_cutting)

    def is_users(self, topic: int, number: int) -> bool:
        """Say if a phrase of a topic comes from the user's configuration: such a term is enough alone."""
        return self._ours is not None and (topic >= self._ours[0] or number >= self._ours[1])

    def tables(self) -> dict[str, Any]:
        """Return what other rules can begin with, ready for JSON."""
        return {
            "ids": self.ids,
            "yields_to": self._yields_to,
            "cross_cutting": sorted(self._cross_cutting),
            "uses": self._uses,
            "sets": self._sets,
            "rarest": self._rarest,
            "parts": sorted(self.parts),
            "book": self.book.tables(),
        }

    def _enter_all(self, topics: Iterable[Topic]) -> None:
        numbers: dict[str, int] = {}
        built_in = len(self._uses)
        sets: list[tuple[list[int], Use]] = []
        for topic in topics:
            if topic.id not in self._yields_to:
                self.ids.append(topic.id)
                if topic.cross_cutting:
                    self._cross_cutting.add(topic.id)
            known = self._yields_to.get(topic.id, ())
            self._yields_to[topic.id] = tuple(dict.fromkeys((*known, *topic.yields_to)))
            index = self.ids.index(topic.id)
            for term in (*topic.terms, *topic.weak):
                self._let_count(term, index, built_in)
            groups: tuple[tuple[Role, tuple[str, ...]], ...] = (
                ("cancel", topic.cancels),
                ("strong", topic.terms),
                ("name", topic.names),
                ("weak", topic.weak),
                ("context", topic.context),
            )
            for role, terms in groups:
                for term in terms:
                    self._enter(term, index, role, numbers, sets)
        frequency = Counter(number for members, _ in sets for number in members)
        for members, use in sets:
            self._sets.append(f"{' '.join(map(str, members))}:{use.written()}")
            self._rarest.append(min(members, key=lambda number: (frequency[number], number)))
            self.parts.update(members)

    def _enter(
        self,
        term: str,
        index: int,
        role: Role,
        numbers: dict[str, int],
        sets: list[tuple[list[int], Use]],
    ) -> None:
        if term.startswith(_ANYWHERE):
            term, role = term.removeprefix(_ANYWHERE), "veto"
        title_only = term.startswith(_TITLE_PREFIX)
        members = [self._number(part, numbers) for part in phrases(term)]
        if len(members) == 1:
            known, use = self._uses[members[0]], Use(index, role, title_only).written()
            self._uses[members[0]] = f"{known};{use}" if known else use
        elif members:
            if role == "cancel":  # words that stand apart cancel no words, but the area
                role = "veto"
            sets.append((sorted(set(members)), Use(index, role, title_only)))

    def _let_count(self, term: str, index: int, built_in: int) -> None:
        """Have a user's term no longer cancelled by a built-in phrase that is the very same words."""
        parts = phrases(term)
        for number in self.book.whole(parts[0]) if built_in and len(parts) == 1 else ():
            if number < built_in:
                uses = (use for use in self._uses[number].split(";") if use)
                kept = (use for use in uses if not _cancels(_read(use), index))
                self._uses[number] = ";".join(kept)

    def _number(self, phrase: str, numbers: dict[str, int]) -> int:
        known_as = fold(phrase) if phrase.isalpha() and phrase.islower() else phrase  # plants, plant
        number = numbers.get(known_as)
        if number is None:
            number = numbers[known_as] = len(self._uses)
            self._uses.append("")
            self.book.add(phrase, number)
        return number

    def _uses_of(self, number: int) -> tuple[Use, ...]:
        return tuple(_read(use) for use in self._uses[number].split(";") if use)

    def _uses_in(self, where: str, number: int) -> tuple[Use, ...]:
        """Give what a phrase does in one part of an item."""
        return tuple(
            use
            for use in self.uses[number]
            if (where == "title" or not use.title_only)
            and (where != "content" or use.role in ("strong", "cancel"))
        )

    def _set_of(self, index: int) -> tuple[frozenset[int], Use]:
        members, _, use = self._sets[index].partition(":")
        return frozenset(map(int, members.split())), _read(use)

    def _partners_of(self, number: int) -> dict[int, list[int]]:
        """Give the sets whose rarest phrase this is, each by another of its phrases."""
        partners: dict[int, list[int]] = defaultdict(list)
        for index in self._sets_of.get(number, ()):
            partners[next((n for n in self.sets[index][0] if n != number), number)].append(index)
        return partners

    def _counts_in_body(self, number: int) -> bool:
        return any(use.role in ("strong", "cancel") and not use.title_only for use in self.uses[number])


def _cancels(use: Use, topic: int) -> bool:
    return use.topic == topic and use.role in ("cancel", "veto")


def _read(written: str) -> Use:
    topic, role, *title_only = written.split()
    return Use(int(topic), cast(Role, role), bool(title_only))
