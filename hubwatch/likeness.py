"""Whether two items are the same announcement: what is compared of each, and the comparison. Pure.

Titles speak first: what tells a series apart (numbers, months, places, money) must agree; then bodies.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from operator import and_
from types import ModuleType

from hubwatch import molds
from hubwatch.item_ids import title_key
from hubwatch.models import Item
from hubwatch.models.dataclass import dataclass
from hubwatch.text import folding, story_words, urls

WINDOW = timedelta(days=10)
_CLOSE = timedelta(days=4)  # reprints of one release; beyond it a title alone is not enough
_TWICE = timedelta(days=2)  # what one source says again; copies of one issue of a bulletin
BODY_WORDS = 120  # of a body that are compared: the announcement, not what a site hangs below it
_BODY_CHARACTERS = 3000
_BODY_CHARACTERS_MOSTLY = 900  # in which all but a few have these words
_SHINGLE = 3
MIN_BODY = 12  # words from which on a body says something
_SAME_BODY = 0.55  # share of the shorter body's word triples from which on it is one text
_PREFIX = re.compile(
    r"^(?:(?:breaking )?news|press release|media (?:release|alert)|(?:news )?release|icymi|updated?|video"
    r"|blog|announcement|in the news|member news|industry news|reminder|for immediate release"
    r"|correct(?:ion|ed))\s*[:|–—-]\s+|^correcting and replacing:?\s+",  # as Business Wire writes
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s+[|–—»·•-]\s+|\s*\|\s*|:\s+")
_MONEY = re.compile(r"\$\s?(\d[\d,]*(?:\.\d+)?)\s*-?(thousand|million|billion|[kmb]n?)?\b", re.IGNORECASE)
# `23-01` is one number. Two patterns that begin with their sign are faster than one that begins with both.
_HYPHEN = re.compile(r"-(?<=\d-)(?=\d)")
_SLASH = re.compile(r"/(?<=\d/)(?=\d)")
_FACTOR = {"t": 1e3, "k": 1e3, "m": 1e6, "b": 1e9}
_STEMS = ("ations", "ation", "ings", "ing", "ies", "ed", "es", "s", "e", "y")


@dataclass(frozen=True, slots=True)
class Look:
    """What is compared of an item, apart from its body."""

    parts: tuple[str, ...]  # the title's segments, folded
    key: str  # the whole title, folded
    marks: frozenset[str]  # what tells a series apart
    turns: frozenset[str]  # what says that something came of it: extended, cancelled, part 2
    words: frozenset[str]  # the other words that carry meaning, as stems
    link: str | None


_Bodies = tuple[tuple[str, ...], tuple[str, ...]]


def is_same(a: Item, b: Item) -> bool:
    """Tell whether two items are the same announcement."""
    # The cheap questions come first: nearly all pairs end with them.
    gap = _gap(a, b)
    if gap is not None and gap > WINDOW:
        return False
    one, other = look(a), look(b)
    if a.source == b.source:
        if not _are_equal(one, other) or are_apart(a, b):
            return False
        return _comes_twice(one, other, (body_of(a), body_of(b)), gap)
    title = _compare_titles(one, other)
    has_one_link = one.link is not None and one.link == other.link
    bodies = body_of(a), body_of(b)
    needs_body = title == "other" and not has_one_link
    if needs_body and _differ(*bodies):
        return False
    likeness = _likeness(*bodies)
    if needs_body and (likeness is None or likeness < _SAME_BODY):
        return False
    if are_apart(a, b) or molds.differ_in_numbers(*bodies):
        return False
    if has_one_link:
        return title != "other" or (likeness or 0) >= 0.3 or _fuzz().token_set_ratio(one.key, other.key) >= 80
    if title == "other":
        words = _word_set(bodies[0]), _word_set(bodies[1])
        return _is_one_text(one, other, bodies) and not molds.differ_by_a_name(a.title, b.title, words)
    return _is_told_again(one, other, title, likeness, gap) and not molds.differ_in_names(
        _text_of(a), _text_of(b)
    )


def are_apart(a: Item, b: Item) -> bool:
    """Tell whether two items cannot be one announcement, whatever else is like both."""
    one, other = look(a), look(b)
    has_own_marks = bool(one.marks - other.marks and other.marks - one.marks)
    has_own_turns = one.turns != other.turns and (one.link is None or one.link != other.link)
    if not (has_own_marks or has_own_turns):
        return False
    bodies = body_of(a), body_of(b)
    if has_own_marks and _contradict(one, other, bodies, _likeness(*bodies)):
        return True
    return has_own_turns and (_takes_a_turn(one, other, bodies[1]) or _takes_a_turn(other, one, bodies[0]))


# --- one item ---------------------------------------------------------------------------------


def look(item: Item) -> Look:
    """Return what is compared of an item, apart from its body."""
    return look_at(item.title, item.url)


# Of the items that come and those that they meet, most are looked at more than once.
@functools.lru_cache(maxsize=1024)  # with what it gives some 3 KB each
def look_at(title: str, url: str | None) -> Look:
    """Return the same of a title and a link."""
    bare = _MONEY.sub(_amount, _PREFIX.sub("", title))
    parts = tuple(filter(None, map(title_key, _SEPARATOR.split(bare))))
    bare = _with_whole_numbers(bare)
    key = title_key(bare)
    words = story_words.with_one_spelling(key.split())
    marks = _marks(words)
    stems = frozenset(stem(w) for w in words if w not in marks and w not in story_words.EMPTY)
    link = urls.key(url) if url else None
    link = link if (link and "/" in link) or (link and "?" in link) else None
    return Look(parts, key, marks, _turns(words), stems, link)


def body_of(item: Item) -> tuple[str, ...]:
    """Return the first words of an item's text, folded."""
    return _body_words(_text_of(item))


def _text_of(item: Item) -> str:
    text = item.content if len(item.content) > len(item.summary) else item.summary
    return text[:_BODY_CHARACTERS]


@functools.lru_cache(maxsize=128)  # with their keys some 10 KB each
def _body_words(text: str) -> tuple[str, ...]:
    # Most texts have their words well within the first part: no need to fold all of them.
    for part in (text[:_BODY_CHARACTERS_MOSTLY], text):
        found = folding.words(_with_whole_numbers(_MONEY.sub(_amount, part)))
        if len(found) > BODY_WORDS + 2 or len(part) == len(text):
            break
    return tuple(found[:BODY_WORDS])


def _with_whole_numbers(text: str) -> str:
    return _SLASH.sub("x", _HYPHEN.sub("x", text))


def _turns(words: Sequence[str]) -> frozenset[str]:
    """Pick what says that something came of an announcement: `extended`, `part 2`."""
    turns = {story_words.TURNS[word] for word in words if word in story_words.TURNS}
    if "deadline" in words and "extension" in words:  # alone, it is that of the Partnership
        turns.add("extended")
    parts = {
        f"{word} {behind}"
        for word, behind in pairwise(words)
        if word in story_words.PARTS and (behind.isdigit() or behind in story_words.LETTERS)
    }
    return frozenset(turns | parts)


def _amount(match: re.Match[str]) -> str:
    """Write `$1.5 million`, `$1.5M` and `$1,500,000` alike."""
    return f" usd{float(match[1].replace(',', '')) * _FACTOR.get((match[2] or ' ')[0].lower(), 1):.0f} "


def _marks(words: Sequence[str]) -> frozenset[str]:
    """Pick what tells two of a series apart: numbers, months, days, ordinals, states, amounts."""
    marks = {
        word.lstrip("0") if word.isdigit() else word
        for word in words
        if word in story_words.SERIES or (not word.isalpha() and any(c.isdigit() for c in word))
    }
    marks |= {f"{a} {b}" for a, b in pairwise(words) if f"{a} {b}" in story_words.STATES}
    return frozenset(story_words.ALIKE.get(mark, mark) for mark in marks)


@functools.lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """Cut the ending off a word."""
    for ending in _STEMS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


# --- two items --------------------------------------------------------------------------------


def _contradict(one: Look, other: Look, bodies: _Bodies, likeness: float | None) -> bool:
    """Whether each title has a mark of its own, which a common body does not explain."""
    lone, lone_other = one.marks - other.marks, other.marks - one.marks
    if likeness is not None and likeness >= _SAME_BODY:
        body, other_body = map(story_words.with_one_spelling, bodies)
        lone = frozenset(mark for mark in lone if not _is_in_body(mark, other_body))
        lone_other = frozenset(mark for mark in lone_other if not _is_in_body(mark, body))
    return bool(lone and lone_other)


def _takes_a_turn(one: Look, other: Look, other_body: tuple[str, ...]) -> bool:
    """Whether a title says that the other announcement was extended or cancelled, or goes on."""
    turns = one.turns - other.turns
    if not turns or turns <= _turns(story_words.with_one_spelling(other_body)):
        return False
    # `extends its reach` is a verb like others, and one text under it one announcement.
    is_of_a_thing = one.words >= other.words or not _TIMED_STEMS.isdisjoint(one.words | other.words)
    is_label = not story_words.TURNS.keys().isdisjoint((*one.parts, one.key.rpartition(" ")[2]))
    return is_of_a_thing or is_label or not turns <= story_words.OUTCOMES


def _is_in_body(mark: str, body: tuple[str, ...]) -> bool:
    return len(mark) > 2 and f" {mark} " in f" {' '.join(body)} "


def _compare_titles(one: Look, other: Look) -> str:
    """Say how two titles compare: equal, near (an edit), or other."""
    if _are_equal(one, other):
        return "equal"
    shared = len(one.words & other.words)
    lone, lone_other = one.words - other.words, other.words - one.words
    if shared >= 3 and (not lone or not lone_other) and shared >= 0.6 * max(len(one.words), len(other.words)):
        return "near"
    if (
        shared >= 3
        and _fuzz().token_sort_ratio(one.key, other.key) >= 93
        and _are_spellings(lone, lone_other)
    ):
        return "near"
    return "other"


def _are_equal(one: Look, other: Look) -> bool:
    """Whether two titles say the same: word for word, in another order, or with a site's name."""
    if one.key == other.key or (one.words and one.words == other.words and one.marks == other.marks):
        return True
    return len(one.parts) != len(other.parts) and _equal_but_site(one.parts, other.parts)


def _equal_but_site(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether one title is the other with a site's name before or behind it."""
    short, long = sorted((one, other), key=len)
    site = long[-1] if long[:-1] == short else long[0] if long[1:] == short else ""
    return (
        0 < len(site.split()) <= 5
        and len(" ".join(short).split()) >= 3
        and not any(c.isdigit() for c in site)
    )


def _fuzz() -> ModuleType:
    # Who only makes keys, as a sync's tagging does, is spared its 3 MB.
    from rapidfuzz import fuzz

    return fuzz


def _are_spellings(lone: Iterable[str], lone_other: Iterable[str]) -> bool:
    """Whether the words that differ are the same ones, written otherwise."""
    ratio = _fuzz().ratio
    return all(max((ratio(word, w) for w in lone_other), default=0) >= 75 for word in lone)


def _comes_twice(one: Look, other: Look, bodies: _Bodies, gap: timedelta | None) -> bool:
    """Decide for two items of one source under one title."""
    if gap is not None and gap > _TWICE:
        return False
    telling = len(one.words & other.words)
    recurring = telling < 4 or not _RECURRING_STEMS.isdisjoint(one.words | other.words)
    if recurring and min(map(len, bodies)) < MIN_BODY:
        return False
    # One mold for two things has a word of each where the other has another.
    return _word_set(bodies[0]) <= _word_set(bodies[1]) or _word_set(bodies[1]) <= _word_set(bodies[0])


def _is_told_again(one: Look, other: Look, title: str, likeness: float | None, gap: timedelta | None) -> bool:
    """Decide for two titles that are equal or near."""
    telling = len(one.words & other.words)
    close = gap is not None and gap <= _CLOSE
    recurring = telling < 3 or not _RECURRING_STEMS.isdisjoint(one.words | other.words)
    if title == "equal":
        if one.marks != other.marks or recurring:
            # Issues of one bulletin share a mold; copies of one issue come together and are equal.
            together = gap is not None and gap <= _TWICE
            return likeness is not None and likeness >= (0.5 if together else 0.9)
        if likeness is None or likeness < 0.1:
            # Bodies that are missing, or each site's own words, leave it to the title.
            return close and (telling >= 4 or likeness is None)
        return True
    if one.marks != other.marks or recurring:
        return likeness is not None and likeness >= 0.6
    if likeness is None or likeness < 0.3:
        return close and telling >= 5
    return True


def _is_one_text(one: Look, other: Look, bodies: _Bodies) -> bool:
    """Decide for two titles that differ over one body."""
    if min(map(len, bodies)) < 20:
        return False
    # What differs in the titles differs in the bodies too: a mold used again, not a new headline.
    stems = _body_stems(bodies[0]), _body_stems(bodies[1])
    travels = _has_lone_word(one, other, *stems) and _has_lone_word(other, one, *reversed(stems))
    return not travels


def _has_lone_word(one: Look, other: Look, body: frozenset[str], other_body: frozenset[str]) -> bool:
    return any(word in body and word not in other_body and word not in other.words for word in one.words)


@functools.lru_cache(maxsize=128)
def _body_stems(body: tuple[str, ...]) -> frozenset[str]:
    return frozenset(stem(word) for word in story_words.with_one_spelling(body))


def _likeness(one: tuple[str, ...], other: tuple[str, ...]) -> float | None:
    """How much of the shorter body stands in the longer; None where one says too little."""
    if min(len(one), len(other)) < MIN_BODY:
        return None
    first, second = _shingles(one, _SHINGLE), _shingles(other, _SHINGLE)
    return len(first & second) / min(len(first), len(second))


def _differ(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two bodies have so few words in common that their likeness cannot be that of one text."""
    words, other_words = _word_set(one), _word_set(other)
    in_other = list(map(other_words.__contains__, one))
    # A triple in both begins with two words that are; each word but the last two begins some triple.
    at_most: int = sum(map(and_, in_other, in_other[1:]))
    return at_most < _SAME_BODY * (min(len(words), len(other_words)) - _SHINGLE + 1)


@functools.lru_cache(maxsize=128)
def _word_set(body: tuple[str, ...]) -> frozenset[str]:
    return frozenset(body)


@functools.lru_cache(maxsize=128)
def _shingles(words: tuple[str, ...], size: int) -> frozenset[tuple[str, ...]]:
    return frozenset(zip(*(words[n:] for n in range(size)), strict=False))


def _gap(a: Item, b: Item) -> timedelta | None:
    """The time between two items; None where a date is missing on one side and arrival does not tell."""
    if a.published and b.published:
        return abs(a.published - b.published)
    if not a.published and not b.published:
        return abs(a.first_seen - b.first_seen)
    gap = abs(when(a) - when(b))
    return gap if gap <= WINDOW else None


def when(item: Item) -> datetime:
    """Return the time that an item counts from: its publisher's, else its arrival."""
    return item.published or item.first_seen


_RECURRING_STEMS = frozenset(map(stem, story_words.RECURRING))
_TIMED_STEMS = frozenset(map(stem, story_words.TIMED))
