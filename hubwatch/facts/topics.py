"""Which technology areas an item is about, by how much, and by which of its words.

Pure: the vocabulary comes in compiled (`TopicRules`), tags with their evidence go out.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from hubwatch.facts.tokens import PhraseBook, spans, split
from hubwatch.models import Evidence, Tag, Topic

Where = Literal["title", "summary", "content"]

# What one term weighs by where it stands, strong and weak. A strong one in the summary is enough alone,
# as are two weak ones; in the body it takes several.
_STRONG: Mapping[str, float] = {"title": 1.0, "summary": 0.7, "content": 0.2}
_WEAK: Mapping[str, float] = {"title": 0.5, "summary": 0.35, "content": 0.08}
_HALF = 0.6  # the weight at which a topic is given: score 0.5
_AGAIN = 0.2  # what a term weighs when it comes again
_HUB = 0.1  # what the hub's own field adds to an item that has at least one term of it
_CONTENT_MOST = 0.55  # what a body can bring without title or summary
_CONTENT_READ = 6000  # letters of a body that are looked at
_SUMMARY_FROM_CONTENT = 400  # where a feed gives no summary, its body's first letters stand for it
_SIDE = 0.28  # a topic with less than this share of the strongest one's weight is a passing mention
_CROWD = 4  # so many topics, none of them in the title, are a list in passing

# A sentence or a paragraph by which publishers say who they are.
_ABOUT = re.compile(r"(?:^|\n)\s*About (?:the )?[A-Z][^\n.]{1,80}(?:\n|:|\. |$)")
_WHO_WE_ARE = re.compile(
    r"(?:^|(?<=[.!?]\s)|(?<=\n))[^.!?\n]{0,90}?\b(?:is|are) (?:a|an|the|one of the) "
    r"(?:[\w-]+ ){0,2}?(?:leading|leader|premier|national accelerator|national institute|nation['’]s|"
    r"national \w+ (?:manufacturing )?(?:innovation )?institute|public-private|non-?profit|trade association|"
    r"global (?:provider|supplier|leader|manufacturer)|world['’]s (?:leading|largest|first)|worldwide|"
    r"pioneer)"
    r"[^.!?\n]*[.!?]?"
)
_APPOSITION = re.compile(
    r", (?:a|an|the|one of the) (?:[\w'’-]+ ){0,3}?(?:leading|leader|premier|global|largest|pioneer\w*|"
    r"provider|supplier|manufacturer|developer|maker|producer|specialist)s? [^,.;\n]{0,120}?[,;.\n]"
)


@dataclass(frozen=True, slots=True)
class _Use:
    """What a phrase does for a topic."""

    topic: int
    role: Literal["strong", "weak", "cancel", "veto"]
    title_only: bool = False


@dataclass(frozen=True, slots=True)
class _Hit:
    topic: int
    strong: bool
    start: int
    end: int
    words: str
    where: Where
    factor: float = 1.0


class TopicRules:
    """The vocabulary of all topics, compiled for one pass over a text. Immutable once made."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        self.topics = tuple(topics)
        self.ids = tuple(topic.id for topic in self.topics)
        self.fingerprint = hashlib.sha256(repr(self.topics).encode()).hexdigest()[:16]
        self.book = PhraseBook()
        self.uses: list[list[_Use]] = []
        self.pairs: dict[int, list[int]] = defaultdict(list)  # phrase -> the sets of phrases it is one of
        self.sets: list[tuple[frozenset[int], _Use]] = []
        self._numbers: dict[str, int] = {}
        for index, topic in enumerate(self.topics):
            for term in topic.terms:
                self._enter(term, index, "strong")
            for term in topic.weak:
                self._enter(term, index, "weak")
            for term in topic.cancels:
                self._enter(term, index, "cancel")

    def _enter(self, term: str, index: int, role: Literal["strong", "weak", "cancel", "veto"]) -> None:
        title_only = term.startswith("title:")
        term = term.removeprefix("title:")
        if term.startswith("anywhere:"):
            term, role = term.removeprefix("anywhere:"), "veto"
        use = _Use(index, role, title_only)
        parts = [part.strip() for part in term.split("&") if part.strip()]
        if len(parts) == 1:
            self.uses[self._number(parts[0])].append(use)
            return
        numbers = frozenset(self._number(part) for part in parts)
        for number in numbers:
            self.pairs[number].append(len(self.sets))
        self.sets.append((numbers, use))

    def _number(self, phrase: str) -> int:
        number = self._numbers.get(phrase)
        if number is None:
            number = self._numbers[phrase] = len(self.uses)
            self.uses.append([])
            self.book.add(phrase, number)
        return number


def score(
    title: str, summary: str, content: str, rules: TopicRules, *, hub_topics: tuple[str, ...] = ()
) -> tuple[Tag, ...]:
    """Score every topic the item has words of, best first, with the words that gave it."""
    if not summary:
        summary, content = content[:_SUMMARY_FROM_CONTENT], content[_SUMMARY_FROM_CONTENT:]
    if title.isupper():
        title = title.lower()  # capitals tell no abbreviation here
    found = _Found(rules)
    found.read(title, "title")
    found.read(summary, "summary")
    found.close_sets()
    if content:
        found.read(content[:_CONTENT_READ], "content")
    return _weigh(found, rules, hub_topics)


class _Found:
    """What was found in one item so far."""

    def __init__(self, rules: TopicRules) -> None:
        self.rules = rules
        self.hits: dict[int, list[_Hit]] = defaultdict(list)
        self.vetoes: set[int] = set()
        self.seen: dict[int, tuple[str, Where]] = {}  # phrases that are parts of sets

    def read(self, text: str, where: Where) -> None:
        """Find the phrases of one part of the item and keep those that nothing cancels."""
        rules = self.rules
        matches = rules.book.find(split(text))
        if not matches:
            return
        places = spans(text)
        boilerplate = _boilerplate(text)
        by_topic: dict[int, list[tuple[int, int, bool, str, float]]] = {}
        cancels: dict[int, list[tuple[int, int]]] = {}
        for start, end, number in matches:
            first, last = places[start][0], places[end - 1][1]
            factor = _trust(boilerplate, first, last)
            words = text[first:last]
            if number in rules.pairs and where != "content" and factor:
                self.seen.setdefault(number, (words, where))
            for use in rules.uses[number]:
                if use.title_only and where != "title":
                    continue
                if use.role == "cancel":
                    cancels.setdefault(use.topic, []).append((start, end))
                elif use.role == "veto":
                    if where != "content":
                        self.vetoes.add(use.topic)
                elif factor:
                    by_topic.setdefault(use.topic, []).append(
                        (start, end, use.role == "strong", words, factor)
                    )
        for topic, spots in by_topic.items():
            self.hits[topic] += [
                _Hit(topic, strong, start, end, words, where, factor)
                for start, end, strong, words, factor in _longest(spots)
                if not any(a <= start and end <= b and b - a > end - start for a, b in cancels.get(topic, ()))
            ]

    def close_sets(self) -> None:
        """Enter the sets of phrases that stand complete in title and summary."""
        rules = self.rules
        open_sets = {index for number in self.seen for index in rules.pairs[number]}
        for index in sorted(open_sets):
            numbers, use = rules.sets[index]
            if not numbers <= self.seen.keys():
                continue
            if use.role == "veto":
                self.vetoes.add(use.topic)
                continue
            parts = sorted(self.seen[number] for number in numbers)
            where: Where = "title" if all(place == "title" for _, place in parts) else "summary"
            words = " … ".join(words for words, _ in parts)
            self.hits[use.topic].append(_Hit(use.topic, use.role == "strong", -1, -1, words, where))


def _longest(spots: list[tuple[int, int, bool, str, float]]) -> list[tuple[int, int, bool, str, float]]:
    """Of matches within one another keep the longest, of equal ones the strong."""
    kept: list[tuple[int, int, bool, str, float]] = []
    for spot in sorted(spots, key=lambda s: (s[0] - s[1], not s[2], s[0])):
        if not any(other[0] <= spot[0] and spot[1] <= other[1] for other in kept):
            kept.append(spot)
    return kept


def _boilerplate(text: str) -> list[tuple[int, int, float]]:
    """Give the places where publishers speak of themselves, and what words there count."""
    places = []
    if "About" in text:
        match = _ABOUT.search(text)
        if match and match.start() > 0:
            places.append((match.start(), len(text), 0.0))
    if " is " in text or " are " in text:
        places += [(*match.span(), 0.25) for match in _WHO_WE_ARE.finditer(text)]
    if ", a" in text or ", the " in text or ", one of" in text:
        places += [(*match.span(), 0.5) for match in _APPOSITION.finditer(text)]
    return places


def _trust(boilerplate: list[tuple[int, int, float]], first: int, last: int) -> float:
    return min((factor for a, b, factor in boilerplate if a <= first and last <= b), default=1.0)


def _weigh(found: _Found, rules: TopicRules, hub_topics: tuple[str, ...]) -> tuple[Tag, ...]:
    weights: dict[int, float] = {}
    evidence: dict[int, list[Evidence]] = {}
    for topic, hits in found.hits.items():
        pieces = _evidence(hits)
        if not pieces:
            continue
        body = min(_CONTENT_MOST, sum(piece.weight for piece in pieces if piece.where == "content"))
        weight = sum(piece.weight for piece in pieces if piece.where != "content") + body
        if rules.ids[topic] in hub_topics:
            weight += _HUB
            pieces.append(Evidence(words=rules.ids[topic], where="hub", weight=_HUB))
        weights[topic] = weight * (0.3 if topic in found.vetoes else 1.0)
        evidence[topic] = pieces
    if not weights:
        return ()
    most = max(weights.values())
    crowded = len(weights) >= _CROWD and not any(
        piece.where == "title" for pieces in evidence.values() for piece in pieces
    )
    tags = []
    for topic, weight in weights.items():
        if weight < most * _SIDE or (crowded and weight < 2 * _HALF):
            weight = min(weight, 0.9 * _HALF)
        tags.append(
            Tag(
                topic=rules.ids[topic],
                score=round(weight / (weight + _HALF), 3),
                evidence=tuple(evidence[topic]),
            )
        )
    return tuple(sorted(tags, key=lambda tag: (-tag.score, rules.ids.index(tag.topic))))


def _evidence(hits: list[_Hit]) -> list[Evidence]:
    """Turn a topic's hits into weighed evidence, heaviest first; weak ones count only in company."""
    different = {hit.words.lower() for hit in hits}
    if not any(hit.strong for hit in hits) and len(different) < 2:
        return [
            Evidence(words=hit.words, where=hit.where, weight=round(0.4 * _WEAK[hit.where], 3))
            for hit in hits[:1]
        ]
    pieces = []
    counted: set[str] = set()
    for hit in hits:  # title first, then summary, then body
        weight = (_STRONG if hit.strong else _WEAK)[hit.where] * hit.factor
        key = hit.words.lower()
        if key in counted:
            weight *= _AGAIN
        counted.add(key)
        pieces.append(Evidence(words=hit.words, where=hit.where, weight=round(weight, 3)))
    return sorted(pieces, key=lambda piece: -piece.weight)
