"""What sort of announcement an item is: call, award, membership, ... with the cue that decided, in words.

How a kind is chosen, and in which order of precedence, is told at the top of catalog/kinds.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from hubwatch.facts.tokens import fold, split
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
    ("Jan", "January", "Feb", "February", "March", "April", "May", "June", "July", "Aug", "August", "Sept")
) | {"September", "Oct", "October", "Nov", "November", "Dec", "December"}
_COUNTS = (0, 200, 283, 346)  # what one, two, three or more cues of a group count, a single word being 100
_FIELD = 40  # bits for one kind's sum, so that ten sums are added as one number
_MEMO_LIMIT = 60_000
_GAP, _GAP_WORDS = "..", 4  # in a cue: up to so many words of any sort

Row = Sequence[float]


Groups = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Cue:
    rest: tuple[str, ...]  # words still to come; a last * leaves the ending open, = asks for the case
    groups: Groups


@dataclass(frozen=True, slots=True)
class _Word:
    """All that is to be known of one word, looked up once."""

    root: str
    folded: str
    in_title: int  # packed weights
    anywhere: int
    alone: Groups  # groups of which the word is a whole cue
    then: Mapping[str, tuple[_Cue, ...]]  # by the next word
    later: Mapping[str, tuple[_Cue, ...]]  # by a word that follows soon
    open: tuple[_Cue, ...]  # whose next word is a beginning only, or asks for its case
    begins: bool  # any of these


class _Packed(dict[str, int]):
    """The weights as `_pack` has them, each packed when it is first needed; 0 for what has none."""

    def __init__(self, weights: Mapping[str, Row]) -> None:
        self._weights = weights

    def __missing__(self, name: str) -> int:
        row = self._weights.get(name)
        if row is None:
            return 0
        self[name] = _pack(row)
        return self[name]


class KindRules:
    """The cues and what they weigh, compiled. Immutable once made, but for the memory of words seen."""

    def __init__(self, groups: Iterable[KindGroup], weights: Mapping[str, Row]) -> None:
        self.made_for = {group.name: group.kind for group in groups}
        self.weights = dict(weights)
        self.packed = _Packed(self.weights)
        self._cues: dict[str, list[_Cue]] = {}
        by_phrase: dict[tuple[str, ...], list[str]] = {}
        for group in groups:
            for cue in group.cues:
                for phrase in _spellings(cue):
                    by_phrase.setdefault(phrase, []).append(group.name)
        for phrase, names in by_phrase.items():
            cue_ = _Cue(phrase[1:], tuple(dict.fromkeys(names)))
            self._cues.setdefault(phrase[0], []).append(cue_)
        self._prefixes = tuple(first[:-1] for first in self._cues if first.endswith("*"))
        self._words: dict[str, _Word] = {}

    def word(self, word: str) -> _Word:
        """Look a word up: its root, what it weighs, the cues that begin with it."""
        known = self._words.get(word)
        if known is None:
            if len(self._words) >= _MEMO_LIMIT:
                self._words.clear()
            folded = fold(word)
            root = _stem(folded)
            firsts = [folded, f"={word}", *(f"{p}*" for p in self._prefixes if folded.startswith(p))]
            cues = [cue for first in firsts for cue in self._cues.get(first, ())]
            known = self._words[word] = _Word(
                root=root,
                folded=folded,
                in_title=self.packed[f"t {root}"],
                anywhere=self.packed[f"x {root}"],
                alone=tuple(group for cue in cues if not cue.rest for group in cue.groups),
                then=_by_word(cue for cue in cues if cue.rest and _is_plain(cue.rest[0])),
                later=_by_word(
                    _Cue(cue.rest[1:], cue.groups) for cue in cues if cue.rest and cue.rest[0] == _GAP
                ),
                open=tuple(
                    cue for cue in cues if cue.rest and not _is_plain(cue.rest[0]) and cue.rest[0] != _GAP
                ),
                begins=bool(cues),
            )
        return known


def _is_plain(word: str) -> bool:
    return word != _GAP and word[0] != "=" and word[-1] != "*"


def _by_word(cues: Iterable[_Cue]) -> Mapping[str, tuple[_Cue, ...]]:
    table: dict[str, tuple[_Cue, ...]] = {}
    for cue in cues:
        table[cue.rest[0]] = (*table.get(cue.rest[0], ()), _Cue(cue.rest[1:], cue.groups))
    return table


def decide(title: str, text: str, rules: KindRules) -> tuple[ItemKind, str | None]:
    """Choose the kind of an item, and say in words by what."""
    if not rules.weights:
        return "other", None
    reading = _Reading(title, text[:_TEXT_READ], rules)
    packed = rules.packed
    total = packed["bias"] * 100
    for word in reading.title_roots.values():
        total += word.in_title * 100
    for word in reading.roots.values():
        total += word.anywhere * 100
    for name, count in reading.signs():
        total += packed[name] * count
    sums = _unpack(total)
    best = max(range(len(ORDER)), key=lambda index: (sums[index], -index))
    return ORDER[best], _reason(reading, best, rules)


def features(title: str, text: str, rules: KindRules) -> dict[str, float]:
    """Give what speaks for a kind by name and strength, as the training needs it.

    Names: `t word` in the title, `x word` anywhere, `t~group` and `s~group` cues in title and text,
    `0~group` a cue that opens the title, and a few marks such as `t?`.
    """
    reading = _Reading(title, text[:_TEXT_READ], rules)
    found = {f"t {root}": 1.0 for root in reading.title_roots}
    found |= {f"x {root}": 1.0 for root in reading.roots}
    return found | {name: count / 100 for name, count in reading.signs()}


class _Reading:
    """One item's words and the cues among them."""

    def __init__(self, title: str, text: str, rules: KindRules) -> None:
        self.title = title
        self.title_words, self.text_words = _words(title), _words(text)
        in_title = [rules.word(word) for word in self.title_words]
        in_text = [rules.word(word) for word in self.text_words]
        self.title_roots = {word.root: word for word in in_title}
        self.roots = self.title_roots | {word.root: word for word in in_text}
        self.cues: dict[str, tuple[int, int]] = {}  # group of cues -> where its longest cue stands
        self.counts: dict[str, int] = {}
        self.openers: set[str] = set()
        self._find("t~", in_title, self.title_words)
        self._find("s~", in_text, self.text_words)

    def _find(self, part: str, words: list[_Word], raw: list[str]) -> None:
        for start, word in enumerate(words):
            if not word.begins:
                continue
            after = start + 1
            if word.alone:
                self._enter(part, word.alone, start, after)
            if word.then and after < len(words):
                for cue in word.then.get(words[after].folded, ()):
                    if end := _end(cue.rest, words, raw, after + 1):
                        self._enter(part, cue.groups, start, end)
            if word.later:
                for place in range(after, min(after + _GAP_WORDS + 1, len(words))):
                    for cue in word.later.get(words[place].folded, ()):
                        if end := _end(cue.rest, words, raw, place + 1):
                            self._enter(part, cue.groups, start, end)
            for cue in word.open:
                if end := _end(cue.rest, words, raw, after):
                    self._enter(part, cue.groups, start, end)

    def _enter(self, part: str, groups: Groups, start: int, end: int) -> None:
        for group in groups:
            name = part + group
            self.counts[name] = self.counts.get(name, 0) + 1
            known = self.cues.get(name)
            if known is None or known[1] - known[0] < end - start:
                self.cues[name] = (start, end)
            if start == 0 and part == "t~":
                self.openers.add("0~" + group)

    def signs(self) -> Iterable[tuple[str, int]]:
        """Give the groups of cues and the marks that were found, with what they count."""
        for name, count in self.counts.items():
            yield name, _COUNTS[count if count < 3 else 3]
        for name in self.openers:
            yield name, 100
        if _SUM_WORD in self.title_words:
            yield "t$", 100
        if _SUM_WORD in self.text_words:
            yield "x$", 100
        if not _MONTHS.isdisjoint(self.text_words):
            yield "xmonth", 100
        if "?" in self.title:
            yield "t?", 100
        if ":" in self.title_words:
            yield "t:", 100
        if not self.text_words:
            yield "alone", 100
        yield f"tlen{min(len(self.title_words) // 4, 4)}", 100


def _end(rest: tuple[str, ...], words: list[_Word], raw: list[str], at: int) -> int:
    """Give the place after a cue's last word if the rest of it stands here, else 0."""
    for number, wanted in enumerate(rest):
        if wanted == _GAP:
            beyond = rest[number + 1 :]
            ends = (_end(beyond, words, raw, at + skipped) for skipped in range(_GAP_WORDS + 1))
            return next((end for end in ends if end), 0)
        if at >= len(words):
            return 0
        folded = words[at].folded
        if not (
            wanted == folded
            or (wanted[-1] == "*" and folded.startswith(wanted[:-1]))
            or (wanted[0] == "=" and raw[at] == wanted[1:])
        ):
            return 0
        at += 1
    return at


def _reason(reading: _Reading, best: int, rules: KindRules) -> str | None:
    """Name the cue that spoke most for the winner, in its own words; a single word only where no cue did."""
    strongest, words = 0.0, None
    for name, (start, end) in reading.cues.items():
        row = rules.weights.get(name)
        if row is None:
            continue
        # A group made for this kind explains better than another that weighs alike, a phrase than a word.
        fits = 3.0 if rules.made_for.get(name[2:]) == ORDER[best] else 1.0
        weight = row[best] * fits * (1.0 if end - start == 1 else 1.5)
        if weight > strongest:
            raw = reading.title_words if name[0] == "t" else reading.text_words
            quoted = " ".join(raw[start:end]).replace(_SUM_WORD, "$")
            strongest, words = weight, f"'{quoted}' in the {'title' if name[0] == 't' else 'text'}"
    if words is not None:
        return words
    for root in reading.roots:
        row = rules.weights.get(f"x {root}")
        if row is not None and row[best] > strongest and root.isalpha():
            where = "title" if root in reading.title_roots else "text"
            strongest, words = row[best], f"'{root}' in the {where}"
    return words


def _words(text: str) -> list[str]:
    if "$" in text or "€" in text or "£" in text or "USD" in text:
        text = _SUM.sub(f" {_SUM_WORD} ", text)
    return split(text)


def _stem(word: str) -> str:
    """Cut a word down to what its forms share; numbers become one, years another."""
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


def _spellings(cue: str) -> list[tuple[str, ...]]:
    """Spell a cue out as folded words, each hyphen open or closed; capitals and =Word keep their case."""
    choices: list[list[list[str]]] = []
    for chunk in cue.replace("$", _SUM_WORD).split():
        if chunk == _GAP:
            choices.append([[_GAP]])
            continue
        star, bare = chunk.endswith("*"), chunk.strip("=*")
        cased = chunk.startswith("=") or (len(bare) > 1 and bare.isupper())
        forms = [bare, bare.replace("-", "")] if "-" in bare else [bare]
        spelled = []
        for form in forms:
            words = [word for word in split(form) if word[0].isalnum()]
            words = [f"={word}" if cased else word.lower() if star else fold(word) for word in words]
            if words:
                words[-1] += "*" if star else ""
                spelled.append(words)
        if spelled:
            choices.append(spelled)
    return [tuple(word for words in chosen for word in words) for chosen in product(*choices)]


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
