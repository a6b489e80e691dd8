"""Whether two texts are one mold used for two things: the same words around other numbers or names. Pure."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from itertools import takewhile

from hubwatch.text import folding, story_words

_MOLD = 0.6  # share of a title's words from which on they are the mold of what differs
_DATELINE = re.compile(r"[^\n]{3,80}?\s(?:[-–—]|--)\s")
_TITLE_WORDS = re.compile(r"[^\W_]+|[:,(|–—]|(?<=\s)-(?=\s)")
_BEFORE_NAMES = frozenset(("in", "at", "near", "of", "for", "from", "with", "by", *":,(|–—-"))
_ENDS = frozenset(".!?:\n")  # of a sentence: the word behind it has a capital for that
_WORDS_AND_ENDS = re.compile(r"[^\W_]+|[.!?:\n]")


def differ_in_numbers(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Tell whether the same words stand around other numbers: `call 23 01 closes`, `call 23 02 closes`."""
    first, second = _numbers_in_place(one), _numbers_in_place(other)
    return any(not first[place] & second[place] for place in first.keys() & second.keys())


@functools.lru_cache(maxsize=128)
def _numbers_in_place(words: tuple[str, ...]) -> dict[tuple[str, str], frozenset[str]]:
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    spelled = story_words.with_one_spelling(words)
    # Datelines differ between reprints: the first words do not count.
    for place in range(8, len(words)):
        word = words[place]
        if word in story_words.MONTHS or (not word.isalpha() and any(c.isdigit() for c in word)):
            found[words[place - 2], words[place - 1]].add(spelled[place])
    return {place: frozenset(values) for place, values in found.items()}


def differ_in_names(one: str, other: str) -> bool:
    """Tell whether the same words stand around other names: `training in Toledo on`, `training in Dayton on`.

    Both names must be missing from the whole other text, which else lists them in another order.
    """
    first, second = _names_in_place(one), _names_in_place(other)
    folded, other_folded = one.casefold(), other.casefold()
    return any(
        _have_own(first[place] - second[place], other_folded)
        and _have_own(second[place] - first[place], folded)
        for place in first.keys() & second.keys()
    )


@functools.lru_cache(maxsize=128)
def _names_in_place(text: str) -> dict[tuple[str, ...], frozenset[tuple[str, ...]]]:
    """Map the two words before a run of capitalized words, and the one behind it, to such runs."""
    dateline = _DATELINE.match(text)
    words = _WORDS_AND_ENDS.findall(text, dateline.end() if dateline else 0)
    found: dict[tuple[str, ...], set[tuple[str, ...]]] = defaultdict(set)
    start = 2
    while start < len(words):
        end = start
        while end < len(words) and words[end][0].isupper():
            end += 1
        if end > start and not {words[start - 1], words[start - 2]} & _ENDS:
            behind = words[end] if end < len(words) else ""
            found[words[start - 2].lower(), words[start - 1].lower(), behind].add(tuple(words[start:end]))
        start = end + 1
    return {place: frozenset(runs) for place, runs in found.items()}


def _have_own(runs: Iterable[tuple[str, ...]], folded: str) -> bool:
    return any(len(name) > 2 and name.casefold() not in folded for names in runs for name in names)


def differ_by_a_name(title: str, other: str, bodies: tuple[AbstractSet[str], AbstractSet[str]]) -> bool:
    """Tell whether titles differ by a name alone, `Job Fair in Kokomo`, that the other's body lacks too.

    A word that is no name is another headline of one text: `picks projects`, `backs projects`.
    """
    words, other_words = _TITLE_WORDS.findall(title), _TITLE_WORDS.findall(other)
    folded, other_folded = [word.casefold() for word in words], [word.casefold() for word in other_words]
    start = _count_equal(folded, other_folded)
    end = _count_equal(reversed(folded[start:]), reversed(other_folded[start:]))
    names, other_names = words[start : len(words) - end], other_words[start : len(other_words) - end]
    if not (names and other_names) or start + end < _MOLD * max(len(words), len(other_words)):
        return False
    if not start or folded[start - 1] not in _BEFORE_NAMES:
        return False
    are_names = names[0][0].isupper() and other_names[0][0].isupper()
    return are_names and _is_lacking(names, bodies[1]) and _is_lacking(other_names, bodies[0])


def _is_lacking(names: Sequence[str], body: AbstractSet[str]) -> bool:
    return body.isdisjoint(map(folding.fold, names))


def _count_equal(first: Iterable[str], second: Iterable[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False)))
