"""What sort of announcement an item is: call, award, membership, ... with the cue that decided, in words.

How a kind is chosen, and in which order of precedence, is told at the top of catalog/kinds.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from hubwatch.facts.tokens import PhraseBook, fold, split
from hubwatch.models import ItemKind, KindGroup

ORDER: tuple[ItemKind, ...] = (
    "call", "award", "people", "facility", "event", "workforce", "policy", "membership", "research", "other",
)  # fmt: skip
_TEXT_READ = 700  # letters: what comes later in a long text no longer tells what it is
_ENDINGS = ("ization", "ation", "ments", "ment", "ings", "ing", "ed", "es", "e")
_SUM = re.compile(
    r"(?:\b[A-Z]{1,3})?[$€£]\s?[\d.,]*\d(?:\s?-?(?:thousand|million|billion|bn\b|[MKBmkb]\b))?"
    r"|\b(?:USD|EUR|GBP|NOK|CNY)\s?[\d.,]*\d(?:\s(?:million|billion|bn\b|[MKB]\b))?"
)
_SUM_WORD = "MONEYSUM"  # stands for any sum of money among the words; cues write it as $
_MONTHS = frozenset(
    {
        "Jan",
        "January",
        "Feb",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "Aug",
        "August",
        "Sept",
        "September",
        "Oct",
        "October",
        "Nov",
        "November",
        "Dec",
        "December",
    }
)
_NOTHING = (0.0,) * len(ORDER)
_ROOTS = (0.0, 1.0, 1.414, 1.732)  # what one, two, three or more cues of a group count
_CUES_COUNT = 2.0  # a group of cues beside a single word: measured by cross-validation


class KindRules:
    """The cues and what they weigh, compiled. Immutable once made."""

    def __init__(self, groups: Iterable[KindGroup], weights: Mapping[str, Sequence[float]]) -> None:
        self.book = PhraseBook()
        self.groups: list[tuple[str, ...]] = []  # by number of the cue
        self.made_for = {group.name: group.kind for group in groups}
        numbers: dict[str, int] = {}
        for group in groups:
            for cue in group.cues:
                number = numbers.get(cue)
                if number is None:
                    number = numbers[cue] = len(self.groups)
                    self.groups.append(())
                    self.book.add(cue.replace("$", f"={_SUM_WORD}"), number)
                self.groups[number] = (*self.groups[number], group.name)
        self.weights = {feature: tuple(row) for feature, row in weights.items()}
        self._stems: dict[str, str] = {}

    def stem(self, word: str) -> str:
        """Cut a word down to what its forms share; numbers become one, years another."""
        stem = self._stems.get(word)
        if stem is None:
            if len(self._stems) > 60_000:
                self._stems.clear()
            stem = self._stems[word] = _stem(fold(word))
        return stem


def decide(title: str, text: str, rules: KindRules) -> tuple[ItemKind, str | None]:
    """Choose the kind of an item, and say in words by what."""
    found, cues = features(title, text[:_TEXT_READ], rules)
    weights = rules.weights
    if not weights:
        return "other", None
    sums = list(weights.get("bias", _NOTHING))
    for feature, value in found.items():
        row = weights.get(feature)
        if row is not None:
            for index, weight in enumerate(row):
                sums[index] += weight * value
    best = max(range(len(ORDER)), key=lambda index: (round(sums[index], 6), -index))
    return ORDER[best], _reason(found, cues, best, rules)


def features(title: str, text: str, rules: KindRules) -> tuple[dict[str, float], dict[str, str]]:
    """Give what speaks for a kind, by name and strength, and for each group of cues its words.

    Names: `t word` in the title, `x word` anywhere, `t~group` and `s~group` cues in title and text,
    `0~group` a cue that opens the title, and a few marks such as `t?`.
    """
    title_words, text_words = _words(title), _words(text)
    found: dict[str, float] = {}
    stem = rules.stem
    for word in title_words:
        root = stem(word)
        found["t " + root] = found["x " + root] = 1.0
    for word in text_words:
        found["x " + stem(word)] = 1.0
    cues: dict[str, str] = {}
    for part, words in (("t", title_words), ("s", text_words)):
        counts: dict[str, int] = {}
        for start, end, number in rules.book.find(words):
            for group in rules.groups[number]:
                counts[group] = counts.get(group, 0) + 1
                name = f"{part}~{group}"
                if name not in cues or end - start > cues[name].count(" ") + 1:
                    cues[name] = " ".join(words[start:end]).replace(_SUM_WORD, "$")
                if part == "t" and start == 0:
                    found["0~" + group] = 1.0
        for group, count in counts.items():
            found[f"{part}~{group}"] = _ROOTS[min(count, 3)] * _CUES_COUNT
    _marks(title, title_words, text_words, found)
    return found, cues


def _marks(title: str, title_words: list[str], text_words: list[str], found: dict[str, float]) -> None:
    if _SUM_WORD in title_words:
        found["t$"] = 1.0
    if _SUM_WORD in text_words:
        found["x$"] = 1.0
    if not _MONTHS.isdisjoint(text_words):
        found["xmonth"] = 1.0
    if "?" in title:
        found["t?"] = 1.0
    if ":" in title_words:
        found["t:"] = 1.0
    if not text_words:
        found["alone"] = 1.0
    found[f"tlen{min(len(title_words) // 4, 4)}"] = 1.0


def _words(text: str) -> list[str]:
    if "$" in text or "€" in text or "£" in text or "USD" in text:
        text = _SUM.sub(f" {_SUM_WORD} ", text)
    return split(text)


def _stem(word: str) -> str:
    if word.isdigit():
        return "year" if len(word) == 4 and word[:2] in ("19", "20") else "#"
    if len(word) > 4:
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                word = word[: len(word) - len(ending)]
                break
        if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sl":
            word = word[:-1]
    return word


def _reason(found: Mapping[str, float], cues: Mapping[str, str], best: int, rules: KindRules) -> str | None:
    """Name the cue that spoke most for the winner, in its own words; single words only where no cue did."""
    strongest, words = 0.0, None
    for feature, cue in cues.items():
        row = rules.weights.get(feature)
        # A group made for this kind is the better explanation of two that weigh alike.
        bonus = 1.5 if rules.made_for.get(feature[2:]) == ORDER[best] else 1.0
        if row is not None and row[best] * found[feature] * bonus > strongest:
            strongest = row[best] * found[feature] * bonus
            words = f"'{cue}' in the {'title' if feature[0] == 't' else 'text'}"
    if words is not None:
        return words
    for feature in sorted(found):
        row = rules.weights.get(feature)
        if row is not None and feature[1] == " " and row[best] * found[feature] > strongest:
            strongest = row[best] * found[feature]
            words = f"'{feature[2:]}' in the {'title' if feature[0] == 't' else 'text'}"
    return words
