"""What sort of announcement an item is: call, award, membership, ... with the cue that decided, in words.

How a kind is chosen, and in which order of precedence, is told at the top of catalog/kinds.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from hubwatch.facts.tokens import PhraseBook, Words
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
_COUNTS = {"t": (0, 130, 184, 225), "s": (0, 100, 141, 173)}  # what one, two, three or more cues count
_SHARE = 60  # what a group counts for the sum of all groups made for its kind
_SHAPES = (0, 100, 141, 173, 200, 224)  # what so many pairs of one kind count
_NEAR = 4  # words that may stand between the two of a pair
_PAIRS_FIRST, _TITLE_FIRST = 0.4, 0.3  # as reasons, shapes are clearer than words, the title than the text
_FIELD = 40  # bits for one kind's sum, so that ten sums are added as one number

Row = Sequence[float]
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
        self.idioms = frozenset(number for number, group in enumerate(self.groups) if group.idioms)
        self.pairs: dict[int, dict[int, ItemKind]] = {}  # first group -> second -> what both speak for
        for number, group in enumerate(self.groups):
            for cue in group.cues:
                self.book.add(cue.replace("$", _SUM_WORD), number)
            for first, second in group.pairs:
                self.pairs.setdefault(numbers[first], {})[numbers[second]] = group.kind
        self.packed = {name: _pack(row) for name, row in self.weights.items()}
        # By part and group: what one, two, three or more cues of it add to the sums.
        self.added = {
            letter: tuple(
                tuple(self._sum(_group_signs(letter, group, count)) for count in range(4))
                for group in self.groups
            )
            for letter in "ts"
        }
        self.opening = tuple(self._sum(((f"0~{group.name}", 100),)) for group in self.groups)

    def _sum(self, signs: Iterable[tuple[str, int]]) -> int:
        packed = self.packed
        return sum(packed.get(name, 0) * count for name, count in signs)


def decide(title: str, text: str, rules: KindRules) -> tuple[ItemKind, str | None]:
    """Choose the kind of an item, and say in words by what; where nothing speaks for any, it is other."""
    text = text[:_TEXT_READ]
    parts = (_Part("t", title, rules), _Part("s", text, rules))
    if not (parts[0].hits or parts[1].hits):
        return "other", None
    packed = rules.packed
    total = packed.get("bias", 0) * 100
    for part in parts:
        added = rules.added[part.letter]
        for number, count in part.counts.items():
            total += added[number][count if count < 3 else 3]
        for name, count in part.shapes():
            total += packed.get(name, 0) * count
    for number in parts[0].openers():
        total += rules.opening[number]
    for name in _marks(title, text, len(parts[0].words)):
        total += packed.get(name, 0) * 100
    sums = _unpack(total)
    best = sums.index(max(sums))
    return ORDER[best], _reason(parts, best, rules)


def features(title: str, text: str, rules: KindRules) -> dict[str, float]:
    """Give what speaks for a kind by name and strength, as the training needs it.

    Names: `t~group` and `s~group` for cues in title and text, `0~group` for one that opens the title,
    `t#kind`, `s#kind` and `b#kind` for all groups made for a kind in the title, the text and both,
    `t!kind` and `s!kind` for pairs, and a few marks such as `t?`.
    """
    text = text[:_TEXT_READ]
    parts = (_Part("t", title, rules), _Part("s", text, rules))
    signs = [(name, 100) for name in _marks(title, text, len(parts[0].words))]
    signs += [(f"0~{rules.groups[number].name}", 100) for number in parts[0].openers()]
    for part in parts:
        signs += part.shapes()
        for number, count in part.counts.items():
            signs += _group_signs(part.letter, rules.groups[number], min(count, 3))
    found: dict[str, float] = {}
    for name, count in signs:
        found[name] = found.get(name, 0.0) + count / 100
    return found


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
        self.counts: dict[int, int] = {}
        for _, _, number in self.hits:
            self.counts[number] = self.counts.get(number, 0) + 1
        self.pairs: dict[tuple[int, int], tuple[ItemKind, int, int]] = {}
        self._find_pairs(rules)

    def _find_pairs(self, rules: KindRules) -> None:
        hits, pairs, groups = self.hits, rules.pairs, self.counts.keys()
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

    def openers(self) -> list[int]:
        """Give the groups of the cues that stand first."""
        return list({number for start, _, number in self.hits if start == 0})

    def shapes(self) -> list[tuple[str, int]]:
        """Give the sign of each kind that pairs speak for, with what it counts."""
        if not self.pairs:
            return []
        counts: dict[ItemKind, int] = {}
        for kind, _, _ in self.pairs.values():
            counts[kind] = counts.get(kind, 0) + 1
        return [(f"{self.letter}!{kind}", _SHAPES[min(count, 5)]) for kind, count in counts.items()]


def _group_signs(letter: str, group: KindGroup, count: int) -> list[tuple[str, int]]:
    if not count:
        return []
    return [
        (f"{letter}~{group.name}", _COUNTS[letter][count]),
        (f"{letter}#{group.kind}", _SHARE),
        (f"b#{group.kind}", _SHARE),
    ]


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
    strongest, found = 0.0, None
    for part in parts:
        letter = part.letter
        least = _TITLE_FIRST if letter == "t" else 0.0
        if part.pairs:
            weight = _weight(rules, f"{letter}!{wanted}", best) + _PAIRS_FIRST + least
            for made_for, start, end in part.pairs.values():
                if made_for == wanted and weight > strongest:
                    strongest, found = weight, (part, start, end)
        for number in part.counts:
            group = rules.groups[number]
            if group.kind == wanted and not group.mark:
                weight = _weight(rules, f"{letter}~{group.name}", best) + least
                if weight > strongest:
                    places = [(start, end) for start, end, other in part.hits if other == number]
                    start, end = max(places, key=lambda place: place[1] - place[0])
                    strongest, found = weight, (part, start, end)
    if found is None:
        return None
    part, start, end = found
    quoted = " ".join(part.text.said(start, end).replace(_SUM_WORD, "$").split())
    return f"'{quoted}' in the {'title' if part.letter == 't' else 'text'}"


def _weight(rules: KindRules, name: str, best: int) -> float:
    row = rules.weights.get(name)
    return row[best] if row is not None else 0.0


def _pack(row: Row) -> int:
    """Put one weight for each kind into a single number, so that they are summed in one addition."""
    return sum(round(weight * 100) << (_FIELD * index) for index, weight in enumerate(row))


def _unpack(total: int) -> list[int]:
    sums = []
    half, whole = 1 << (_FIELD - 1), 1 << _FIELD
    for _ in ORDER:
        low = total & (whole - 1)
        if low >= half:
            low -= whole
        sums.append(low)
        total = (total - low) >> _FIELD
    return sums
