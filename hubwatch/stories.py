"""The same announcement from several sources: blocking keys, and stories for many items.

Pure. Whether two items are one announcement is what likeness.py decides.
"""

from __future__ import annotations

import hashlib
import heapq
import struct
import zlib
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import compress, product
from operator import not_
from typing import NamedTuple

from hubwatch.likeness import BODY_WORDS, MIN_BODY, WINDOW, are_apart, body_of, is_same, look, stem, when
from hubwatch.models import Item
from hubwatch.text import story_words

_BUCKET_DAYS = 20  # twice the window, so that two items within it share a bucket or its neighbor
_MAX_CANDIDATES = 100  # looked at for one item: the nearest in time
_MAX_MEMBERS = 40  # of a story that a further item is checked against
_SUM_BITS = int.from_bytes(struct.pack("<Q", 0x1FFF_FFFF) * BODY_WORDS, "little")


def keys(item: Item) -> tuple[str, ...]:
    """Make the few keys of which two items of one story share at least one."""
    looked, body = look(item), body_of(item)
    found = [_short("u", looked.link)] if looked.link else []
    rare = sorted(looked.words, key=_rarity)[:3]
    pairs = [(rare[0], rare[1]), (rare[0], rare[2])] if len(rare) == 3 else [tuple(rare or [looked.key])]
    buckets = _buckets(item.published or item.first_seen)
    found += [_short("t", f"{bucket}", *pair) for pair in pairs for bucket in buckets]
    if len(body) >= MIN_BODY:
        found += [_short("b", *shingle) for shingle in _least_shingles(body)]
    return tuple(dict.fromkeys(found))


def reach(
    new: Iterable[Item], keys: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[datetime, datetime] | None]:
    """Give for each key between what times of publication its stories may lie, or None where any may be.

    `keys` are those of the new items by their ids. What is dated outside is in no story with them.
    """
    found: dict[str, tuple[datetime, datetime] | None] = {}
    for item in new:
        at = item.published
        span = None if at is None else (at - WINDOW, at + WINDOW)
        for key in keys[item.id]:
            known = found.setdefault(key, span)
            if known is not None and known is not span:
                found[key] = None if span is None else (min(known[0], span[0]), max(known[1], span[1]))
    return found


def find(
    new: Sequence[Item], candidates: Mapping[str, Sequence[Item]], keys: Mapping[str, tuple[str, ...]]
) -> dict[str, str]:
    """Return the story of each new item by its id: a stored match's, else the earliest's.

    `candidates` are stored items by the keys that they share with new ones, `keys` those of the new.
    """
    named = [_Named(item, keys[item.id], _titles(item)) for item in new]
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
        nearest = sorted(near.values(), key=lambda c: (abs(when(c) - when(item)), c.id))[:_MAX_CANDIDATES]
        for each in (item, *nearest):
            groups.add(each)
        for candidate in nearest:
            if not groups.has(item, candidate) and is_same(item, candidate):
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
    looked = look(item)
    parts = {looked.parts, looked.parts[:-1], looked.parts[1:]} - {()}
    return tuple((item.source, form) for form in (looked.key, (looked.words, looked.marks), *parts))


def _rarity(word: str) -> tuple[bool, int, str]:
    """Rank words without counting any: words of the trade last, long ones first."""
    return word in _COMMON_STEMS, -len(word), word


_COMMON_STEMS = frozenset(stem(word) for word in story_words.COMMON)


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


def _age(item: Item) -> tuple[datetime, str]:
    return when(item), item.id


def _buckets(at: datetime) -> tuple[int, int]:
    bucket, place = divmod(int(at.timestamp() // 86_400), _BUCKET_DAYS)
    return bucket, bucket + (1 if place >= _BUCKET_DAYS // 2 else -1)


def _short(kind: str, *parts: str) -> str:
    return kind + hashlib.blake2b("\n".join(parts).encode("utf-8", "replace"), digest_size=7).hexdigest()


# --- many items -------------------------------------------------------------------------------


class _Groups:
    """Items united into stories; two that cannot be one stay apart whatever lies between them."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}
        self._members: dict[str, list[Item]] = {}
        self._telling: dict[str, dict[object, Item]] = {}  # of each group one item for each set of marks
        self._stored: dict[str, str] = {}  # a member of each story that is kept

    def add(self, item: Item) -> None:
        """Take an item in: alone, or with those that are known to be of its story."""
        if item.id in self._parent:
            return
        self._parent[item.id] = item.id
        self._members[item.id] = [item]
        self._telling[item.id] = {(look(item).marks, look(item).turns): item}
        if item.story:
            self._unite(self._root(self._stored.setdefault(item.story, item.id)), item.id)

    def has(self, item: Item, other: Item) -> bool:
        """Tell whether two items are in one group already."""
        return self._root(item.id) == self._root(other.id)

    def join(self, item: Item, other: Item) -> None:
        """Unite two groups, each given by an item of it, unless members contradict each other."""
        one, two = self._root(item.id), self._root(other.id)
        by_title = not (_has_text(item) and _has_text(other))
        if not _contradict(self._compared(one), self._compared(two), by_title=by_title):
            self._unite(one, two)

    def _unite(self, one: str, two: str) -> None:
        if one != two:
            self._parent[two] = one
            self._members[one] += self._members.pop(two)
            self._telling[one] |= self._telling.pop(two)

    def _compared(self, root: str) -> Sequence[Item]:
        """Choose the members that another group is checked against: copies without end hide no other."""
        members = self._members[root]
        if len(members) <= _MAX_MEMBERS:
            return members
        return [*self._telling[root].values(), *members[:_MAX_MEMBERS]][:_MAX_MEMBERS]

    def story(self, item: Item) -> str:
        """Name the group: by a story that is kept already, else by its earliest member."""
        members = self._members[self._root(item.id)]
        kept = sorted((m for m in members if m.story), key=_age)
        return (kept[0].story if kept else None) or min(members, key=_age).id

    def _root(self, item_id: str) -> str:
        while self._parent[item_id] != item_id:
            item_id = self._parent[item_id]
        return item_id


def _contradict(one: Sequence[Item], other: Sequence[Item], *, by_title: bool) -> bool:
    """Whether two groups cannot be one; texts that differ outweigh a link between them `by_title` alone."""
    return any(
        are_apart(item, mate)
        or (by_title and _has_text(item) and _has_text(mate) and not is_same(item, mate))
        for item, mate in product(one, other)
    )


def _has_text(item: Item) -> bool:
    return len(body_of(item)) >= MIN_BODY
