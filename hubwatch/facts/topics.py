"""Which technology areas an item is about, by how much, and by which of its words.

Pure: the vocabulary comes in compiled (`TopicRules`), tags with their evidence go out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from itertools import pairwise
from typing import Literal, NamedTuple

from hubwatch.facts.boilerplate import find_boilerplate, trust
from hubwatch.facts.tokens import Words
from hubwatch.facts.topic_rules import Role, TopicRules, Use
from hubwatch.models import Evidence, Tag

Where = Literal["title", "summary", "content"]

# What one term weighs by what it is and where it stands. A strong one in title or summary is enough alone,
# as are two weak ones, or a weak one in the title among everyday words of its area; a body takes several.
_WEIGHTS = {
    "strong": {"title": 1.0, "summary": 0.7, "content": 0.2},
    "name": {"title": 0.8, "summary": 0.35, "content": 0.0},
    "weak": {"title": 0.5, "summary": 0.35, "content": 0.0},
    "context": {"title": 0.2, "summary": 0.12, "content": 0.0},
}
_HALF = 0.6  # the weight at which a topic is given: score 0.5
_AGAIN = 0.2  # the share that a term brings when it comes again, or in another of its phrases
_CONTEXT_MOST = 0.3
_CONTENT_MOST = 0.55  # what a body can bring without title or summary
_HUB = 0.1  # what the hub's own field adds to an item that has terms of it
_PERSONAL = 0.5  # what an item on a person (elected, honored, dead) tells of a field
_OF_ANY_FIELD = ("facility", "other", "policy", "workforce")  # where a maker's name alone tells no field
_VETO = 0.3  # what is left of a topic in an item that is of another sort
_CONTENT_READ = 1500  # letters of a body that are looked at: what comes later seldom settles anything
_SUMMARY_FROM_CONTENT = 400  # where a feed gives no summary, its body's first letters stand for it
_LISTED = 0.8  # what a term counts as one of a list
_LATER = 0.65  # what a term of a summary counts after its first sentence
_JOINTS = frozenset({",", "and", "or"})
_ABBREVIATED = 4  # letters at most of a word that a full stop shortens: "Gov.", "St.", "Corp."
_SHOUT = 3  # a title of so many spaces in capitals throughout is shouted; a shorter one may be "CMMC 2.0"
_SIDE = 0.3  # a topic with less than this share of the strongest one's weight is a passing mention
_ONCE = 0.62  # the same for one that is named once, and not in the title
_YIELDS = 1.2  # an area that yields to another must weigh so many times as much
_NAMED = 0.4  # the weight of one strong term of a list
_CROWD = 3  # so many topics, none of them in the title, are a list in passing


_Spot = tuple[int, int, Role, int, float]  # first word, word after the last, role, phrase, factor
_Part = tuple[Words, Where, int, int]  # a phrase that waits for the others of its set: text, first word, end


class _Hit(NamedTuple):
    """A term found; `key` is one for all its forms."""

    role: Role
    key: int
    words: str
    where: Where
    factor: float


def score(
    title: str,
    summary: str,
    content: str,
    rules: TopicRules,
    *,
    hub_topics: tuple[str, ...] = (),
    kind: str | None = None,
) -> tuple[Tag, ...]:
    """Score every topic the item has words of, best first, with the words that gave it."""
    if not summary:
        summary, content = content[:_SUMMARY_FROM_CONTENT], content[_SUMMARY_FROM_CONTENT:]
    if title.isupper() and title.count(" ") >= _SHOUT:
        title = title.lower()  # capitals tell no abbreviation here
    found = _Found(rules, names_tell=kind not in _OF_ANY_FIELD)
    found.read(title, "title")
    found.read(summary, "summary")
    found.close_sets()
    if content and (unsettled := found.unsettled()):
        found.read(content[:_CONTENT_READ], "content", unsettled)
    return _weigh(found, rules, hub_topics, _PERSONAL if kind == "people" else 1.0)


class _Found:
    """What was found in one item so far."""

    def __init__(self, rules: TopicRules, *, names_tell: bool) -> None:
        self.rules = rules
        self.names_tell = names_tell  # whether a maker's name in the title is enough
        self.hits: dict[int, list[_Hit]] = defaultdict(list)
        self.vetoes: set[int] = set()
        self.parts: dict[int, list[_Part]] = {}
        self.cancels: dict[tuple[int, Where], list[tuple[int, int]]] = {}

    def unsettled(self) -> set[int]:
        """Name the topics that title and summary leave open, which is all that a body can settle."""
        return {
            topic
            for topic, hits in self.hits.items()
            if 0 < sum(piece.weight for piece in _evidence(hits, self.names_tell)) < _HALF
        }

    def read(self, text: str, where: Where, wanted: Collection[int] | None = None) -> None:
        """Find the phrases of one part of the item, of all topics or those `wanted`, that nothing cancels."""
        rules = self.rules
        text_words = Words(text)
        tokens = text_words.words
        book = rules.body_book if where == "content" else rules.book
        matches = book.find(tokens)
        if not matches:
            return
        boilerplate = find_boilerplate(text)
        uses = rules.uses_in[where]
        parts, parts_known = self.parts, rules.parts if where != "content" else ()
        opening: int | None = None  # where the first sentence of a summary ends; looked for where needed
        spots: dict[int, list[_Spot]] = {}
        named: list[tuple[int, int]] = []
        for start, end, number in matches:
            factor = trust(boilerplate, *text_words.place(start, end)) if boilerplate else 1.0
            if number in parts_known and factor:
                parts.setdefault(number, []).append((text_words, where, start, end))
            for topic, role, _ in uses[number]:
                if wanted is not None and topic not in wanted:
                    continue
                if role == "cancel":
                    self.cancels.setdefault((topic, where), []).append((start, end))
                elif role == "veto":
                    self.vetoes.add(topic)
                elif factor:
                    counts = factor
                    if role == "strong" and where == "summary" and not rules.is_users(topic, number):
                        opening = _first_sentence(tokens) if opening is None else opening
                        if start >= opening and topic not in rules.cross_cutting:
                            counts *= _LATER
                        elif _is_listed(tokens, start, end):
                            counts *= _LISTED
                    spots.setdefault(topic, []).append((start, end, role, number, counts))
                    if role == "name" and end - start > 1:
                        named.append((start, end))
        for topic, found in spots.items():
            kept = self.hits[topic]
            cancelled = (topic, where) in self.cancels
            for start, end, role, number, factor in _longest(found) if len(found) > 1 else found:
                # "Titanium" in Norsk Titanium, a maker of printed parts, tells nothing of the metal.
                if named and role != "name" and any(a <= start and end <= b for a, b in named):
                    continue
                if not cancelled or not self._is_cancelled(topic, where, start, end):
                    kept.append(_Hit(role, number, text_words.said(start, end), where, factor))

    def _is_cancelled(self, topic: int, where: Where, start: int, end: int) -> bool:
        return any(a <= start and end <= b for a, b in self.cancels.get((topic, where), ()))

    def close_sets(self) -> None:
        """Enter the sets of phrases that stand complete in title and summary."""
        rules, parts = self.rules, self.parts
        begun = [
            index
            for partners in map(rules.partners.__getitem__, parts)
            if partners
            for partner in partners.keys() & parts.keys()
            for index in partners[partner]
        ]
        for index in sorted(begun):
            numbers, use = rules.sets[index]
            if not numbers <= parts.keys():
                continue
            chosen = []
            for number in numbers:
                valid = next((part for part in parts[number] if self._stands(part, use)), None)
                if valid is None:
                    break
                chosen.append(valid)
            else:
                self._enter_set(index, use, sorted(chosen, key=_title_first), numbers)

    def _stands(self, part: _Part, use: Use) -> bool:
        """Say if a phrase of a set is there; a cancelled one may still tell that the area is not meant."""
        return use.role == "veto" or not self._is_cancelled(use.topic, *part[1:])

    def _enter_set(self, index: int, use: Use, chosen: list[_Part], numbers: Collection[int]) -> None:
        in_title = all(where == "title" for _, where, _, _ in chosen)
        overlap = any(
            a is not b and a[1] == b[1] and a[2] < b[3] and b[2] < a[3] for a in chosen for b in chosen
        )
        if overlap or (use.title_only and not in_title):
            return
        if use.role == "veto":
            self.vetoes.add(use.topic)
            return
        words = " … ".join(text.said(start, end) for text, _, start, end in chosen)
        where: Where = "title" if in_title else "summary"
        # Words apart tell less than a term: beside one in the same place they only confirm.
        told = [hit for hit in self.hits[use.topic] if hit.role == "strong" and hit.where in (where, "title")]
        if any(hit.key in numbers and hit.factor <= _LISTED for hit in told):
            return  # nor do they lift one of them that is only named in passing
        factor = _AGAIN if told else 1.0
        self.hits[use.topic].append(_Hit(use.role, -1 - index, words, where, factor))


def _title_first(part: _Part) -> tuple[bool, int]:
    return part[1] != "title", part[2]


def _first_sentence(tokens: list[str]) -> int:
    """Give where the first sentence ends; a stop after a short name, as in "St. Paul", ends none."""
    at = 0
    while "." in tokens[at + 1 :]:
        at = tokens.index(".", at + 1)
        word = tokens[at - 1]
        if len(word) > _ABBREVIATED or word.islower():
            return at
    return len(tokens)


def _is_listed(tokens: list[str], start: int, end: int) -> bool:
    """Say if these words are one of several short ones in a list: "lean, staffing or cybersecurity"."""
    before, after = tokens[max(0, start - 6) : start][::-1], tokens[end : end + 6]
    return _two_joints(before) or _two_joints(after) or _is_range(before, after)


def _is_range(before: list[str], after: list[str]) -> bool:
    """Say if these words, with those before them backwards, end a range: "from sensors to vaccines"."""
    if not before:
        return False
    return (before[0] == "from" and "to" in after) or (before[0] == "to" and "from" in before)


def _two_joints(tokens: list[str]) -> bool:
    """Say if a list goes on here: a joint at once or after one word, the next within three more."""
    for first in (0, 1):
        if first < len(tokens) and tokens[first] in _JOINTS:
            return any(token in _JOINTS for token in tokens[first + 2 : first + 5])
    return False


def _longest(found: list[_Spot]) -> list[_Spot]:
    """Of matches within one another keep the longest, of equal ones the first entered, the stronger."""
    if all(one[1] <= other[0] for one, other in pairwise(found)):  # most often; they come in order
        return found
    kept: list[_Spot] = []
    for spot in sorted(found, key=_longest_first):
        start, end = spot[:2]
        for other in kept:
            if other[0] <= start and end <= other[1]:
                break
        else:
            kept.append(spot)
    return sorted(kept)


def _longest_first(spot: _Spot) -> tuple[int, int, int]:
    return spot[0] - spot[1], _ORDER[spot[2]], spot[0]


_ORDER = {"strong": 0, "name": 1, "weak": 2, "context": 3}


def _weigh(found: _Found, rules: TopicRules, hub_topics: tuple[str, ...], share: float) -> tuple[Tag, ...]:
    weights: dict[int, float] = {}
    evidence: dict[int, list[Evidence]] = {}
    for topic, hits in found.hits.items():
        pieces = _evidence(hits, found.names_tell)
        if not pieces:
            continue
        if rules.ids[topic] in hub_topics:
            pieces.append(Evidence(words=rules.ids[topic], where="hub", weight=_HUB))
        weight = body = 0.0
        for piece in pieces:
            if piece.where == "content":
                body += piece.weight
            else:
                weight += piece.weight
        weight += min(_CONTENT_MOST, body)
        weights[topic] = weight * share * (_VETO if topic in found.vetoes else 1.0)
        evidence[topic] = pieces
    _put_aside(weights, evidence, rules)
    tags = [
        Tag(
            topic=rules.ids[topic],
            score=round(weight / (weight + _HALF), 3),
            evidence=tuple(evidence[topic]),
        )
        for topic, weight in sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))
        if weight > 0
    ]
    return tuple(tags)


def _put_aside(weights: dict[int, float], evidence: dict[int, list[Evidence]], rules: TopicRules) -> None:
    """Keep below one half what is only mentioned beside something else."""
    if len(weights) < 2:
        return
    given = {topic: weight for topic, weight in weights.items() if weight >= _HALF}
    named = sum(weight >= _NAMED for weight in weights.values())
    if named < 2 or not given:
        return
    most = max(given.values())
    in_title = {topic: _most(evidence[topic], "title") for topic in given}
    # Beside an area that the title names by a strong term, one without any such term is not meant.
    headed = any(weight > _WEIGHTS["name"]["title"] for weight in in_title.values())
    crowded = (len(given) >= _CROWD or named > _CROWD) and not any(in_title.values())
    for topic, weight in given.items():
        strong = sum(piece.weight >= _WEIGHTS["strong"]["summary"] for piece in evidence[topic])
        share = _SIDE if in_title[topic] >= _WEIGHTS["weak"]["title"] or strong > 1 else _ONCE
        is_headline = in_title[topic] >= _WEIGHTS["name"]["title"]
        yields = any(
            weight < _YIELDS * given[other] and in_title[topic] <= in_title[other]
            for other in rules.yields_to[topic]
            if other in given
        )
        is_passing = weight < most * share and not is_headline and topic not in rules.cross_cutting
        is_vague = headed and not any(map(_is_strong, evidence[topic]))
        if yields or crowded or is_passing or is_vague:
            weights[topic] = 0.9 * _HALF


def _is_strong(piece: Evidence) -> bool:
    """Say if this is a strong term, which in each place weighs more than a name."""
    return piece.weight > _WEIGHTS["name"].get(piece.where, 1.0)


def _most(pieces: list[Evidence], where: Where) -> float:
    return max((piece.weight for piece in pieces if piece.where == where), default=0.0)


def _evidence(hits: list[_Hit], names_tell: bool) -> list[Evidence]:
    """Turn a topic's hits into weighed evidence, heaviest first; weak ones count only in company."""
    has_strong = has_context = False
    weak = set()
    for hit in hits:
        if hit.role == "strong" or (names_tell and hit.role == "name" and hit.where == "title"):
            has_strong = True
        if hit.role in ("weak", "name"):
            weak.add(hit.key)
        elif hit.role == "context":
            has_context = True
    if not has_strong and not weak:
        return []
    alone = 1.0 if has_strong or len(weak) > 1 or has_context else 0.4
    pieces = []
    counted: set[int] = set()
    context_left = _CONTEXT_MOST
    for role, key, words, where, factor in hits:  # title first, then summary, then body
        weight = _WEIGHTS[role][where] * factor * alone
        if key in counted:
            weight *= _AGAIN
        counted.add(key)
        if role == "context":
            weight = min(weight, context_left)
            context_left -= weight
        if weight > 0.01:
            pieces.append(Evidence(words=words, where=where, weight=round(weight, 3)))
    return sorted(pieces, key=lambda piece: -piece.weight)
