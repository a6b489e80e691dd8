"""The same announcement from several sources: blocking keys, yes or no for two items, stories for many.

Pure. Titles speak first: what tells a series apart (numbers, months, places, money) must agree; then bodies.
"""

from __future__ import annotations

import functools
import hashlib
import heapq
import re
import struct
import zlib
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import compress, pairwise
from operator import and_, not_
from typing import NamedTuple

from rapidfuzz import fuzz

from hubwatch.identity import title_key
from hubwatch.models import Item
from hubwatch.text import folding, story_words, urls

WINDOW = timedelta(days=10)
_CLOSE = timedelta(days=4)  # reprints of one release; beyond it a title alone is not enough
_TWICE = timedelta(days=2)  # what one source says again; copies of one issue of a bulletin
_BUCKET_DAYS = 20  # twice the window, so that two items within it share a bucket or its neighbor
_BODY_WORDS = 120  # of a body that are compared: the announcement, not what a site hangs below it
_BODY_CHARACTERS = 3000
_BODY_CHARACTERS_MOSTLY = 1100  # in which most have these words
_SHINGLE = 3
_MIN_BODY = 12  # words from which on a body says something
_SAME_BODY = 0.55  # share of the shorter body's word triples from which on it is one text
_MAX_CANDIDATES = 100  # looked at for one item: the nearest in time
_MAX_MEMBERS = 40  # of a story that a further item is checked against

_PREFIX = re.compile(
    r"^(?:(?:breaking )?news|press release|media (?:release|alert)|(?:news )?release|icymi|updated?|video"
    r"|blog|announcement|in the news|member news|industry news|reminder|for immediate release)\s*[:|–—-]\s+",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s+[|–—»·•-]\s+|\s*\|\s*|:\s+")
_MONEY = re.compile(r"\$\s?(\d[\d,]*(?:\.\d+)?)\s*-?(thousand|million|billion|[kmb]n?)?\b", re.IGNORECASE)
# `23-01` is one number. Two patterns that begin with their sign are faster than one that begins with both.
_HYPHEN = re.compile(r"-(?<=\d-)(?=\d)")
_SLASH = re.compile(r"/(?<=\d/)(?=\d)")
_SUM_BITS = int.from_bytes(struct.pack("<Q", 0x1FFF_FFFF) * _BODY_WORDS, "little")
_FACTOR = {"t": 1e3, "k": 1e3, "m": 1e6, "b": 1e9}
_STEMS = ("ations", "ation", "ings", "ing", "ies", "ed", "es", "s", "e", "y")


@dataclass(frozen=True, slots=True)
class _Look:
    """What is compared of an item, apart from its body."""

    parts: tuple[str, ...]  # the title's segments, folded
    key: str  # the whole title, folded
    marks: frozenset[str]  # what tells a series apart
    words: frozenset[str]  # the other words that carry meaning, as stems
    link: str | None


_Bodies = tuple[tuple[str, ...], tuple[str, ...]]


def keys(item: Item) -> tuple[str, ...]:
    """Make the few keys of which two items of one story share at least one."""
    look, body = _look(item), _body(item)
    found = [_short("u", look.link)] if look.link else []
    rare = sorted(look.words, key=_rarity)[:3]
    pairs = [(rare[0], rare[1]), (rare[0], rare[2])] if len(rare) == 3 else [tuple(rare or [look.key])]
    buckets = _buckets(item.published or item.first_seen)
    found += [_short("t", f"{bucket}", *pair) for pair in pairs for bucket in buckets]
    if len(body) >= _MIN_BODY:
        found += [_short("b", *shingle) for shingle in _least_shingles(body)]
    return tuple(dict.fromkeys(found))


def is_same(a: Item, b: Item) -> bool:
    """Tell whether two items are the same announcement."""
    # The cheap questions come first: nearly all pairs end with them.
    gap = _gap(a, b)
    if gap is not None and gap > WINDOW:
        return False
    one, other = _look(a), _look(b)
    if a.source == b.source:
        return _are_equal(one, other) and _comes_twice(one, other, (_body(a), _body(b)), gap)
    title = _compare_titles(one, other)
    has_one_link = one.link is not None and one.link == other.link
    bodies = _body(a), _body(b)
    needs_body = title == "other" and not has_one_link
    if needs_body and _differ(*bodies):
        return False
    likeness = _likeness(*bodies)
    if needs_body and (likeness is None or likeness < _SAME_BODY):
        return False
    if _contradict(one, other, bodies, likeness) or _differs_in_numbers(*bodies):
        return False
    if has_one_link:
        return title != "other" or (likeness or 0) >= 0.3 or fuzz.token_set_ratio(one.key, other.key) >= 80
    if title == "other":
        return _is_one_text(one, other, bodies)
    return _is_told_again(one, other, title, likeness, gap)


def assign(
    new: Sequence[Item],
    candidates: Mapping[str, Sequence[Item]],
    known_keys: Mapping[str, tuple[str, ...]] | None = None,
) -> tuple[Item, ...]:
    """Give each new item its story: a stored match's, else the earliest's; `known_keys`: its `keys` by id."""
    found = find(new, candidates, known_keys)
    return tuple(replace(item, story=found[item.id]) for item in new)


def find(
    new: Sequence[Item],
    candidates: Mapping[str, Sequence[Item]],
    known_keys: Mapping[str, tuple[str, ...]] | None = None,
) -> dict[str, str]:
    """Return the same by the items' ids."""
    made = known_keys or {}
    named = [_Named(item, made.get(item.id) or keys(item), _titles(item)) for item in new]
    common = _common(named)
    meeting = common.union(key for key, some in candidates.items() if some)
    # Most items have nothing in common with any other.
    alone = [meeting.isdisjoint(each.keys) and meeting.isdisjoint(each.titles) for each in named]
    found = {each.item.id: each.item.story or each.item.id for each in compress(named, alone)}
    groups = _Groups()
    # Of each key the latest, which are the nearest; of one source, whose list may be long, by equal titles.
    by_key: dict[object, deque[Item]] = {key: deque(maxlen=_MAX_CANDIDATES) for key in common}
    rest = sorted(compress(named, map(not_, alone)), key=lambda each: _age(each.item))
    for item, item_keys, titles in rest:
        near = {c.id: c for key in item_keys for c in candidates.get(key, ()) if c.id != item.id}
        near |= {c.id: c for key in item_keys for c in by_key.get(key, ()) if c.source != item.source}
        near |= {c.id: c for key in titles for c in by_key.get(key, ())}
        groups.add(item)
        nearest = sorted(near.values(), key=lambda c: (abs(_when(c) - _when(item)), c.id))
        for candidate in nearest[:_MAX_CANDIDATES]:
            if is_same(item, candidate):
                groups.join(item, candidate)
        for key in common.intersection((*item_keys, *titles)):
            by_key[key].append(item)
    return found | {item.id: groups.story(item) for item, _, _ in rest}


class _Named(NamedTuple):
    """An item with all that it may meet others by."""

    item: Item
    keys: tuple[str, ...]
    titles: tuple[object, ...]


def _common(named: Sequence[_Named]) -> set[object]:
    """Return by what new items meet each other: titles of two, story keys of two sources."""
    keys = {(key, item.source) for item, item_keys, _ in named for key in item_keys}
    met: Counter[object] = Counter(key for key, _ in keys)
    met.update(title for each in named for title in each.titles)
    return {key for key, count in met.items() if count > 1}


def _titles(item: Item) -> tuple[object, ...]:
    """Return by what items of one source meet whose titles are equal (see `_are_equal`)."""
    look = _look(item)
    parts = {look.parts, look.parts[:-1], look.parts[1:]} - {()}
    return tuple((item.source, form) for form in (look.key, (look.words, look.marks), *parts))


# --- one item ---------------------------------------------------------------------------------


def _look(item: Item) -> _Look:
    return _look_at(item.title, item.url)


# Of the items that come and those that they meet, most are looked at more than once.
@functools.lru_cache(maxsize=4096)
def _look_at(title: str, url: str | None) -> _Look:
    bare = _MONEY.sub(_amount, _PREFIX.sub("", title))
    parts = tuple(filter(None, map(title_key, _SEPARATOR.split(bare))))
    bare = _with_whole_numbers(bare)
    key = title_key(bare)
    words = [story_words.NUMBERS.get(word, word) for word in key.split()]
    marks = _marks(words)
    stems = frozenset(_stem(w) for w in words if w not in marks and w not in story_words.EMPTY)
    link = urls.key(url) if url else None
    return _Look(parts, key, marks, stems, link if (link and "/" in link) or (link and "?" in link) else None)


def _body(item: Item) -> tuple[str, ...]:
    text = item.content if len(item.content) > len(item.summary) else item.summary
    return _body_words(text[:_BODY_CHARACTERS])


@functools.lru_cache(maxsize=512)
def _body_words(text: str) -> tuple[str, ...]:
    # Most texts have their words well within the first part: no need to fold all of them.
    for part in (text[:_BODY_CHARACTERS_MOSTLY], text):
        found = folding.words(_with_whole_numbers(_MONEY.sub(_amount, part)))
        if len(found) > _BODY_WORDS + 2 or len(part) == len(text):
            break
    return tuple(found[:_BODY_WORDS])


def _with_whole_numbers(text: str) -> str:
    return _SLASH.sub("x", _HYPHEN.sub("x", text))


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
def _stem(word: str) -> str:
    for ending in _STEMS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def _rarity(word: str) -> tuple[bool, int, str]:
    """Rank words without counting any: words of the trade last, long ones first."""
    return word in _COMMON_STEMS, -len(word), word


_COMMON_STEMS = frozenset(_stem(word) for word in story_words.COMMON)


# --- two items --------------------------------------------------------------------------------


def _contradict(one: _Look, other: _Look, bodies: _Bodies, likeness: float | None) -> bool:
    """Whether each title has a mark of its own, which a common body does not explain."""
    lone, lone_other = one.marks - other.marks, other.marks - one.marks
    if likeness is not None and likeness >= _SAME_BODY:
        lone = frozenset(mark for mark in lone if not _is_in_body(mark, bodies[1]))
        lone_other = frozenset(mark for mark in lone_other if not _is_in_body(mark, bodies[0]))
    return bool(lone and lone_other)


def _is_in_body(mark: str, body: tuple[str, ...]) -> bool:
    return len(mark) > 2 and f" {mark} " in f" {' '.join(body)} "


def _compare_titles(one: _Look, other: _Look) -> str:
    """Say how two titles compare: equal, near (an edit), or other."""
    if _are_equal(one, other):
        return "equal"
    shared = len(one.words & other.words)
    lone, lone_other = one.words - other.words, other.words - one.words
    if shared >= 3 and (not lone or not lone_other) and shared >= 0.6 * max(len(one.words), len(other.words)):
        return "near"
    if fuzz.token_sort_ratio(one.key, other.key) >= 93 and shared >= 3 and _are_spellings(lone, lone_other):
        return "near"
    return "other"


def _are_equal(one: _Look, other: _Look) -> bool:
    """Whether two titles say the same: word for word, in another order, or with a site's name."""
    if one.key == other.key or (one.words and one.words == other.words and one.marks == other.marks):
        return True
    return len(one.parts) != len(other.parts) and _equal_but_site(one.parts, other.parts)


def _equal_but_site(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether one title is the other with a site's name before or behind it."""
    short, long = sorted((one, other), key=lambda parts: (len(parts), parts))
    if len(long) != len(short) + 1 or not short:
        return False
    extra = (
        long[-1] if tuple(long[:-1]) == tuple(short) else long[0] if tuple(long[1:]) == tuple(short) else ""
    )
    return (
        0 < len(extra.split()) <= 5
        and len(" ".join(short).split()) >= 3
        and not any(c.isdigit() for c in extra)
    )


def _are_spellings(lone: Iterable[str], lone_other: Iterable[str]) -> bool:
    """Whether the words that differ are the same ones, written otherwise."""
    return all(max((fuzz.ratio(word, w) for w in lone_other), default=0) >= 75 for word in lone)


def _comes_twice(one: _Look, other: _Look, bodies: _Bodies, gap: timedelta | None) -> bool:
    """Decide for two items of one source under one title."""
    if gap is not None and gap > _TWICE:
        return False
    likeness = _likeness(*bodies)
    if likeness is None and (len(one.words) < 4 or one.words & _RECURRING_STEMS):
        return False
    if likeness is not None and likeness < 0.8:
        return False
    return not _contradict(one, other, bodies, likeness) and not _differs_in_numbers(*bodies)


def _is_told_again(
    one: _Look, other: _Look, title: str, likeness: float | None, gap: timedelta | None
) -> bool:
    """Decide for two titles that are equal or near."""
    telling = len(one.words & other.words)
    close = gap is not None and gap <= _CLOSE
    recurring = bool(one.words & _RECURRING_STEMS) or telling < 3
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


def _is_one_text(one: _Look, other: _Look, bodies: _Bodies) -> bool:
    """Decide for two titles that differ over one body."""
    if min(map(len, bodies)) < 20:
        return False
    # What differs in the titles differs in the bodies too: a mold used again, not a new headline.
    stems = _body_stems(bodies[0]), _body_stems(bodies[1])
    travels = _has_lone_word(one, other, *stems) and _has_lone_word(other, one, *reversed(stems))
    return not travels


def _has_lone_word(one: _Look, other: _Look, body: frozenset[str], other_body: frozenset[str]) -> bool:
    return any(word in body and word not in other_body and word not in other.words for word in one.words)


@functools.lru_cache(maxsize=128)
def _body_stems(body: tuple[str, ...]) -> frozenset[str]:
    return frozenset(_stem(word) for word in body)


def _likeness(one: tuple[str, ...], other: tuple[str, ...]) -> float | None:
    """How much of the shorter body stands in the longer; None where one says too little."""
    if min(len(one), len(other)) < _MIN_BODY:
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


@functools.lru_cache(maxsize=512)
def _word_set(body: tuple[str, ...]) -> frozenset[str]:
    return frozenset(body)


@functools.lru_cache(maxsize=128)
def _shingles(words: tuple[str, ...], size: int) -> frozenset[tuple[str, ...]]:
    return frozenset(zip(*(words[n:] for n in range(size)), strict=False))


def _least_shingles(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Pick three runs of four words, the same ones wherever they stand: those of the least checksums."""
    # The checksums stand side by side in one long integer, 64 bits for each so that none runs into the
    # next: shifted by one, two and three words it gives the sums of all runs in a few steps.
    form = f"<{len(words)}Q"
    sums = int.from_bytes(struct.pack(form, *map(zlib.crc32, map(str.encode, words))), "little")
    mixed = (sums + 3 * (sums >> 64) + 5 * (sums >> 128) + 7 * (sums >> 192)) & _SUM_BITS
    found = struct.unpack(form, mixed.to_bytes(8 * len(words), "little"))[:-3]
    places = map(found.index, heapq.nsmallest(3, set(found)))
    return [words[place : place + 4] for place in places]


def _differs_in_numbers(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether the same words stand around different numbers: `call 23 01 closes`, `call 23 02 closes`."""
    first, second = _numbers_in_place(one), _numbers_in_place(other)
    return any(not first[place] & second[place] for place in first.keys() & second.keys())


@functools.lru_cache(maxsize=128)
def _numbers_in_place(words: tuple[str, ...]) -> dict[tuple[str, str], frozenset[str]]:
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    # Datelines differ between reprints: the first words do not count.
    for place in range(8, len(words)):
        word = words[place]
        if word in story_words.MONTHS or (not word.isalpha() and any(c.isdigit() for c in word)):
            found[words[place - 2], words[place - 1]].add(word)
    return {place: frozenset(values) for place, values in found.items()}


def _gap(a: Item, b: Item) -> timedelta | None:
    """The time between two items; None where a date is missing on one side and arrival does not tell."""
    if a.published and b.published:
        return abs(a.published - b.published)
    if not a.published and not b.published:
        return abs(a.first_seen - b.first_seen)
    gap = abs(_when(a) - _when(b))
    return gap if gap <= WINDOW else None


def _when(item: Item) -> datetime:
    return item.published or item.first_seen


def _age(item: Item) -> tuple[datetime, str]:
    return _when(item), item.id


def _buckets(when: datetime) -> tuple[int, int]:
    days = (when.astimezone(UTC).date() - datetime(1970, 1, 1, tzinfo=UTC).date()).days
    bucket, place = divmod(days, _BUCKET_DAYS)
    return bucket, bucket + (1 if place >= _BUCKET_DAYS // 2 else -1)


def _short(kind: str, *parts: str) -> str:
    return kind + hashlib.blake2b("\n".join(parts).encode("utf-8", "replace"), digest_size=7).hexdigest()


_RECURRING_STEMS = frozenset(_stem(word) for word in story_words.RECURRING)


# --- many items -------------------------------------------------------------------------------


class _Groups:
    """Items united into stories; two that cannot be one stay apart whatever lies between them."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}
        self._members: dict[str, list[Item]] = {}

    def add(self, item: Item) -> None:
        if item.id not in self._parent:
            self._parent[item.id] = item.id
            self._members[item.id] = [item]

    def join(self, item: Item, other: Item) -> None:
        """Unite the groups of two items unless members contradict each other."""
        self.add(other)
        one, two = self._root(item.id), self._root(other.id)
        if one == two or self._contradict(self._members[one], self._members[two]):
            return
        self._parent[two] = one
        self._members[one] += self._members.pop(two)

    def story(self, item: Item) -> str:
        """Name the group: by a story that is kept already, else by its earliest member."""
        members = self._members[self._root(item.id)]
        kept = sorted((m for m in members if m.story), key=_age)
        return (kept[0].story if kept else None) or min(members, key=_age).id

    def _root(self, item_id: str) -> str:
        while self._parent[item_id] != item_id:
            item_id = self._parent[item_id]
        return item_id

    @staticmethod
    def _contradict(one: Sequence[Item], other: Sequence[Item]) -> bool:
        marks = [{_look(i).marks for i in side[:_MAX_MEMBERS]} for side in (one, other)]
        return any(a - b and b - a for a in marks[0] for b in marks[1])
