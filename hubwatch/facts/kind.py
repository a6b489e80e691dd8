"""What sort of announcement an item is: call, award, membership, ... with the cue that decided, in words.

How a kind is chosen, and in which order of precedence, is told at the top of catalog/kinds.toml.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import takewhile

from hubwatch.facts.tokens import PhraseBook, Words, fold
from hubwatch.models import ItemKind, KindGroup

ORDER: tuple[ItemKind, ...] = (
    "call", "award", "people", "facility", "event", "workforce", "policy", "membership", "research", "other",
)  # fmt: skip
_TEXT_READ = 700  # letters: what comes later in a long text no longer tells what it is
# Each begins with a letter or sign that is rare, so that a search hops from one to the next.
_SUM = re.compile(r"[$€£]\s?[\d.,]*\d(?:\s?-?(?:thousand|million|billion|bn\b|[MKBmkb]\b))?")
_SPELLED_SUM = re.compile(r"\b(?:USD|EUR|GBP)\s?[\d.,]*\d(?:\s(?:million|billion|bn\b|[MKB]\b))?")
_SUM_WORD = "moneysum"  # stands for any sum of money among the words; cues write it as $
_AGE = re.compile(r"[6-9]\d(?:(?<=, \d\d)(?=[,.]|$)|(?<=\bat \d\d)\b(?! [a-z])|(?<=\bwas \d\d)\b(?! [a-z]))")
_YEAR = re.compile(r"[12]\d\d\d(?<=\b(?:19|20)\d\d)\b")
_STOPS = frozenset(".!?;")
_NEAR = 4  # words that may stand between the two of a pair
_PAIRS_FIRST, _TITLE_FIRST = 100, 30  # as reasons, shapes are clearer than words, the title than the text
_SIGNS_KEPT = 20_000  # remembered with their weights
_FIELD = 40  # bits for one kind's sum, so that ten sums are added as one number
_SHIFTS = range(0, _FIELD * len(ORDER), _FIELD)
_MASK = (1 << _FIELD) - 1
_HALF = 1 << (_FIELD - 1)
_ZERO = sum(_HALF << shift for shift in _SHIFTS)  # added, no sum is below zero

Row = Sequence[float]  # whole hundredths, one for each kind
_Hit = tuple[int, int, int]  # first word, word after the last, number of the group


class KindRules:
    """The cues and what they weigh, compiled. Immutable once made, but for the memory of words seen."""

    def __init__(
        self, groups: Iterable[KindGroup], weights: Mapping[str, Row], book: PhraseBook | None = None
    ) -> None:
        """Compile groups; where a `book` has their cues by number already, the groups need not."""
        self.groups = tuple(groups)
        self.weights = dict(weights)
        self.book = book or PhraseBook()
        numbers = {group.name: number for number, group in enumerate(self.groups)}
        self.reasons = tuple(
            frozenset(n for n, group in enumerate(self.groups) if group.kind == made_for and not group.mark)
            for made_for in ORDER
        )
        self.marks = frozenset(number for number, group in enumerate(self.groups) if group.mark)
        self.idioms = frozenset(number for number, group in enumerate(self.groups) if group.idioms)
        self.pairs: dict[int, dict[int, ItemKind]] = {}  # first group -> second -> what both speak for
        for number, group in enumerate(self.groups):
            for cue in group.cues:
                self.book.add(cue.replace("$", _SUM_WORD), number)
            for first, second in group.pairs:
                self.pairs.setdefault(numbers[first], {})[numbers[second]] = group.kind
        # What adds to the sums of all kinds: a sign by its name, a group's being there, a cue as written.
        self.of_sign = _Packed(self.weights, str)
        self.of_group = {
            letter: tuple(self.of_sign[f"{letter}~{group.name}"] for group in self.groups) for letter in "ts"
        }
        self.of_cue = {letter: _Packed(self.weights, partial(_own_sign, f"{letter}=")) for letter in "ts"}
        self.of_word = {letter: _Packed(self.weights, partial(_own_sign, f"{letter}+")) for letter in "ts"}
        self.opening = tuple(self.of_sign[f"0~{group.name}"] for group in self.groups)


class _Packed(dict[str, int]):
    """The weights of the signs met so far, packed into one number for all kinds; 0 where there are none."""

    def __init__(self, weights: Mapping[str, Row], name: Callable[[str], str]) -> None:
        self._weights, self._name = weights, name

    def __missing__(self, key: str) -> int:
        if len(self) >= _SIGNS_KEPT:
            self.clear()
        row = self._weights.get(self._name(key))
        packed = self[key] = 0 if row is None else _pack(row)
        return packed


def decide(title: str, text: str, rules: KindRules) -> tuple[ItemKind, str | None]:
    """Choose the kind of an item, and say in words by what; where nothing speaks for any, it is other."""
    text = text[:_TEXT_READ]
    parts = (_Part("t", title, rules), _Part("s", text, rules))
    if (parts[0].groups | parts[1].groups) <= rules.marks:
        return "other", None
    total = rules.of_sign["bias"]
    for part in parts:
        total += sum(map(rules.of_group[part.letter].__getitem__, part.groups))
        total += sum(map(rules.of_cue[part.letter].__getitem__, part.written()))
        total += sum(map(rules.of_word[part.letter].__getitem__, set(part.words)))
        total += sum(map(rules.of_sign.__getitem__, part.shapes()))
    total += sum(map(rules.opening.__getitem__, parts[0].openers()))
    total += sum(map(rules.of_sign.__getitem__, _marks(title, text, len(parts[0].words))))
    sums = _unpack_all(total)
    best = sums.index(max(sums))
    return ORDER[best], _reason(parts, best, rules)


def features(title: str, text: str, rules: KindRules) -> list[str]:
    """Name the signs by which `decide` goes, for the training.

    `t~group` and `s~group`: the title or the text has a cue of the group; `0~group`: it opens the title;
    `t=cue` and `s=cue`: this very cue, folded; `t!kind` and `s!kind`: a pair; `t+word` and `s+word`: any
    word, though few are given a weight; and some marks such as `t?`.
    """
    text = text[:_TEXT_READ]
    parts = (_Part("t", title, rules), _Part("s", text, rules))
    signs = _marks(title, text, len(parts[0].words))
    signs += [f"0~{rules.groups[number].name}" for number in parts[0].openers()]
    for part in parts:
        signs += [f"{part.letter}~{rules.groups[number].name}" for number in part.groups]
        signs += [_own_sign(f"{part.letter}=", written) for written in part.written()]
        signs += [_own_sign(f"{part.letter}+", word) for word in set(part.words)]
        signs += part.shapes()
    return sorted(signs)  # always in the same order, so that each training gives the same


class _Part:
    """The words of the title or of the text, and the cues among them."""

    def __init__(self, letter: str, text: str, rules: KindRules) -> None:
        self.letter = letter
        if "$" in text or "€" in text or "£" in text:
            text = _SUM.sub(f" {_SUM_WORD} ", text)
        if "USD" in text or "EUR" in text or "GBP" in text:
            text = _SPELLED_SUM.sub(f" {_SUM_WORD} ", text)
        self.text = Words(text)
        self.words = self.text.words
        self.hits = _without_idioms(rules.book.find(self.words), rules.idioms)
        self.groups = {number for _, _, number in self.hits}
        self.pairs: dict[tuple[int, int], tuple[ItemKind, int, int]] = {}
        self._find_pairs(rules)

    def _find_pairs(self, rules: KindRules) -> None:
        hits, pairs, groups = self.hits, rules.pairs, self.groups
        count = len(hits)
        for index, (start, end, first) in enumerate(hits, start=1):
            after = pairs.get(first)
            if after is None or groups.isdisjoint(after):
                continue
            last = end + _NEAR
            while index < count:
                next_start, next_end, second = hits[index]
                if next_start > last:
                    break
                if (
                    second in after
                    and next_start >= end
                    and (first, second) not in self.pairs
                    and _STOPS.isdisjoint(self.words[end:next_start])
                ):
                    self.pairs[first, second] = (after[second], start, next_end)
                index += 1

    def said(self, start: int, end: int) -> str:
        """Give a cue as written, but for what stands between its words."""
        return self.words[start] if end - start == 1 else " ".join(self.words[start:end])

    def written(self) -> set[str]:
        """Give the cues as written."""
        return {self.said(start, end) for start, end, _ in self.hits}

    def openers(self) -> set[int]:
        """Give the groups of the cues that stand first."""
        return {number for _, _, number in takewhile(lambda hit: hit[0] == 0, self.hits)}

    def shapes(self) -> list[str]:
        """Give the sign of each kind that pairs speak for."""
        return [f"{self.letter}!{kind}" for kind in {kind for kind, _, _ in self.pairs.values()}]


def _own_sign(start: str, written: str) -> str:
    return start + " ".join(map(fold, written.split(" ")))


def _marks(title: str, text: str, length: int) -> list[str]:
    marks = [f"tlen{min(length // 4, 4)}"]
    if "?" in title:
        marks.append("t?")
    if ":" in title:
        marks.append("t:")
    if _YEAR.search(title):
        marks.append("tyear")
    if _AGE.search(title) or _AGE.search(text):
        marks.append("age")
    if not text:
        marks.append("alone")
    return marks


def _without_idioms(hits: list[_Hit], idioms: frozenset[int]) -> list[_Hit]:
    """Leave out what stands inside an idiom, and the idioms, which are there for that alone."""
    spans = [(start, end) for start, end, number in hits if number in idioms]
    if not spans:
        return hits
    return [hit for hit in hits if not any(start <= hit[0] and hit[1] <= end for start, end in spans)]


def _reason(parts: tuple[_Part, _Part], best: int, rules: KindRules) -> str | None:
    """Name the pair or cue made for the winner that spoke most for it, as written."""
    wanted = ORDER[best]
    strongest, found = 0, None
    for part in parts:
        letter = part.letter
        of_group, of_cue = rules.of_group[letter], rules.of_cue[letter]
        least = _TITLE_FIRST if letter == "t" else 0
        if part.pairs:
            weight = _unpack(rules.of_sign[f"{letter}!{wanted}"], best) + _PAIRS_FIRST + least
            for made_for, start, end in part.pairs.values():
                if made_for == wanted and weight > strongest:
                    strongest, found = weight, (part, start, end)
        for start, end, number in part.hits:
            if number in rules.reasons[best]:
                weight = _unpack(of_group[number] + of_cue[part.said(start, end)], best) + least
                if weight > strongest:
                    strongest, found = weight, (part, start, end)
    if found is None:
        return None
    part, start, end = found
    quoted = " ".join(part.text.said(start, end).replace(_SUM_WORD, "$").split())
    return f"'{quoted}' in the {'title' if part.letter == 't' else 'text'}"


def _pack(row: Row) -> int:
    """Put one weight for each kind into a single number, so that they are summed in one addition."""
    return sum(round(weight) << (_FIELD * index) for index, weight in enumerate(row))


def _unpack_all(total: int) -> list[int]:
    """Give the sums of all kinds out of a sum of packed numbers."""
    total += _ZERO
    return [(total >> shift & _MASK) - _HALF for shift in _SHIFTS]


def _unpack(total: int, index: int) -> int:
    """Give one kind's sum out of a sum of packed numbers."""
    return ((total + _ZERO) >> _SHIFTS[index] & _MASK) - _HALF
