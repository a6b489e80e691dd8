"""Which items of a fetch are known already: one item stays one through edits, re-dating and relaunches.

Pure: incoming and known items in, new, changed and unchanged out. The rules, strongest first:

1. the same guid or link with the same title;
2. the same guid, else the same link, with another title: an edit, unless a guid was reused for something else
   (new link and new title under a later date) or names several items of the list;
3. the same title and day, when neither guid nor link is known: the site was rebuilt. Lists without dates, or
   with new ones, count as rebuilt only when most of their titles come back at once.

Each known item is given to one incoming item at most, so two items never merge. The first date is kept: an
item cannot have been published after it was first seen.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from hubwatch.item_ids import content_hash, title_key, with_free_id
from hubwatch.models import Item
from hubwatch.text import date_words, urls

_SLACK = timedelta(days=2)  # between a publisher's clock and ours
_ZONES = timedelta(hours=14)  # the same moment written with and without its zone
_REBUILT_SLACK = timedelta(hours=36)
_MIN_REBUILT = 2  # undated titles that must come back together
_MIN_REDATED = 5  # titles under other dates that must come back together
_SHARE_REDATED = 0.8
_TEXT_REVISIONS = 5  # content that changes at every fetch is not news: so many revisions, then none
_ALL_REVISIONS = 50  # of whatever changes: links with a visit's number, guids made anew each time

_T = TypeVar("_T")
_Fits = Callable[[Item, "KnownItem"], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownItem:
    """What must be known of a stored item to know it again."""

    id: str
    guid: str | None
    url_key: str | None  # urls.key of its link
    title_key: str
    published: datetime | None
    first_seen: datetime
    effective: datetime
    content_hash: str
    title: str = ""
    revisions: int = 0  # kept so far
    is_pruned: bool = False  # its name alone is left


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What a fetch brought: items to add, items to write anew under their known ids, ids left as they are."""

    new: tuple[Item, ...] = ()
    changed: tuple[Item, ...] = ()
    unchanged: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


def resolve(incoming: Sequence[Item], known: Sequence[KnownItem], *, is_page: bool) -> Resolution:
    """Tell the new items of one source's fetch from the known ones, whatever order they come in."""
    items = _distinct(incoming)
    match = _Match(sorted(items, key=_incoming_order), sorted(known, key=_known_order))
    match.by_guid_or_link(is_page=is_page)
    match.by_title()
    place = {item.id: number for number, item in enumerate(items)}
    pairs = sorted(match.pairs, key=lambda pair: place[pair[0].id])
    merged = [(old.id, _merge(item, old)) for item, old in pairs]
    left = sorted(match.items, key=lambda item: place[item.id])
    return Resolution(
        new=tuple(_with_free_ids(left, {old.id for old in known})),
        changed=tuple(item for _, item in merged if item is not None),
        unchanged=tuple(known_id for known_id, item in merged if item is None),
        notices=_notices(pairs, len(items)),
    )


def pair(incoming: Sequence[Item], known: Sequence[KnownItem]) -> tuple[tuple[Item, KnownItem], ...]:
    """Tell which are the same where neither side is a whole list: by guid, link, or title and day alone."""
    match = _Match(sorted(incoming, key=_incoming_order), sorted(known, key=_known_order))
    match.by_guid_or_link(is_page=False)
    match.by_title_and_day()
    return tuple(match.pairs)


class _Match:
    """The work of pairing: what is left of both sides, and the pairs so far."""

    def __init__(self, items: Sequence[Item], known: Sequence[KnownItem]) -> None:
        self.items = list(items)
        self.known = list(known)
        self.pairs: list[tuple[Item, KnownItem]] = []
        self._title = {item.id: title_key(item.title) for item in items}
        self._link = {item.id: urls.key(item.url) if item.url else None for item in items}
        # A guid or link that names several items of a list does not tell them apart.
        self._guids = _repeated(item.guid for item in items) | _repeated(old.guid for old in known)
        self._links = _repeated(self._link.values()) | _repeated(old.url_key for old in known)

    def by_guid_or_link(self, *, is_page: bool) -> None:
        """Pair what shares a guid or a link, that with the same title first."""
        title, link, guids, links = self._title, self._link, self._guids, self._links
        self._pair(
            lambda i: (i.guid, title[i.id], link[i.id], i.published and i.published.date()),
            lambda k: (k.guid, k.title_key, k.url_key, k.published and k.published.date()),
        )
        self._pair(
            lambda i: (i.guid or link[i.id]) and (i.guid, title[i.id], link[i.id]),
            lambda k: (k.guid or k.url_key) and (k.guid, k.title_key, k.url_key),
        )
        self._pair(
            lambda i: i.guid and i.published and (i.guid, title[i.id], i.published.date()),
            lambda k: k.guid and k.published and (k.guid, k.title_key, k.published.date()),
        )
        self._pair(
            lambda i: link[i.id] and i.published and (link[i.id], title[i.id], i.published.date()),
            lambda k: k.url_key and k.published and (k.url_key, k.title_key, k.published.date()),
        )
        own_guid = (lambda i: i.guid not in guids and i.guid), (lambda k: k.guid not in guids and k.guid)
        own_link = (
            (lambda i: link[i.id] not in links and link[i.id]),
            (lambda k: k.url_key not in links and k.url_key),
        )
        self._pair(*own_guid, lambda i, k: title[i.id] == k.title_key)
        self._pair(*own_link, lambda i, k: title[i.id] == k.title_key)
        self._pair(*own_guid, self._is_edit_of_guid)
        self._pair(*own_link, (lambda i, k: True) if is_page else self._is_edit_of_link)

    def by_title(self) -> None:
        """Pair what came back under other guids and links, as after a relaunch."""
        claimed = len(self.pairs)
        self.by_title_and_day()
        self._pair_titles(self._titles_back(_lost_its_date))
        moved = len(self.pairs) - claimed
        near = self._titles_back(_may_be_same_day)
        # Without a date a title may be one of a series ("Newsletter"): only a list that was rebuilt counts.
        if moved + len(near) >= max(_MIN_REBUILT, claimed) and 2 * len(near) >= len(self.items):
            self._pair_titles(near)
        # New ids, links and dates at once: nearly all of the list must come back, with telling titles.
        telling = {title for title in self._titles_back(_will_be_known) if title.count(" ") >= 3}
        if len(telling) >= max(_MIN_REDATED, _SHARE_REDATED * (len(self.items) + claimed)):
            self._pair_titles(telling)

    def by_title_and_day(self) -> None:
        """Pair what has the same title under the same date."""
        self._pair(
            lambda i: i.published and (self._title[i.id], i.published.date()),
            lambda k: k.published and (k.title_key, k.published.date()),
        )
        self._pair_titles(self._titles_back(_same_day))

    def _titles_back(self, fits: _Fits) -> set[str]:
        """Titles that one item left on each side has, and that fit."""
        items, known = _unique(self.items, self._title_of), _unique(self.known, lambda old: old.title_key)
        return {title for title in items if title in known and fits(items[title], known[title])}

    def _pair_titles(self, titles: set[str]) -> None:
        self._pair(
            lambda i: self._title_of(i) in titles and self._title_of(i),
            lambda k: k.title_key in titles and k.title_key,
        )

    def _title_of(self, item: Item) -> str:
        return self._title[item.id]

    def _pair(
        self,
        item_key: Callable[[Item], object],
        known_key: Callable[[KnownItem], object],
        fits: _Fits | None = None,
    ) -> None:
        """Pair items whose keys are equal (a false one is none), each once, in order of date and id."""
        groups: dict[object, list[KnownItem]] = defaultdict(list)
        for old in reversed(self.known):
            if key := known_key(old):
                groups[key].append(old)
        given: set[str] = set()
        taken: set[str] = set()
        for item in self.items:
            group = groups.get(item_key(item) or None)
            if group and (fits is None or fits(item, group[-1])):
                old = group.pop()
                given.add(item.id)
                taken.add(old.id)
                self.pairs.append((item, old))
        self.items = [item for item in self.items if item.id not in given]
        self.known = [old for old in self.known if old.id not in taken]

    def _is_edit_of_guid(self, item: Item, old: KnownItem) -> bool:
        """Whether another title under a known guid is an edit, not the guid's next use."""
        link = self._link[item.id]
        if link is None or old.url_key is None or link == old.url_key:
            return True
        return not _is_later(item, old) or _is_near(self._title[item.id], old.title_key)

    def _is_edit_of_link(self, item: Item, old: KnownItem) -> bool:
        """Whether another title under a known link is an edit, not the next item on one landing page."""
        if item.guid is None or old.guid is None or item.guid == old.guid:
            return True
        return not _is_later(item, old) or _is_near(self._title[item.id], old.title_key)


def _merge(item: Item, old: KnownItem) -> Item | None:
    """Bring an item up to date under its known id; None when nothing changed that counts."""
    if old.is_pruned or old.revisions >= _ALL_REVISIONS:
        return None
    published = _first_date(item, old)
    if published == old.published and not _is_moved(item, old) and not _is_revised(item, old):
        return None
    return replace(
        item,
        id=old.id,
        first_seen=old.first_seen,
        published=published,
        effective=min(published, old.first_seen) if published else old.effective,
    )


def _first_date(item: Item, old: KnownItem) -> datetime | None:
    """Keep the earlier date; one after the day it was first seen is a re-dating."""
    if item.published is None or item.published > old.first_seen + _SLACK:
        return old.published
    return item.published if old.published is None else min(item.published, old.published)


def _is_revised(item: Item, old: KnownItem) -> bool:
    fresh = content_hash(item)
    if fresh == old.content_hash:
        return False
    return fresh[:12] != old.content_hash[:12] or old.revisions < _TEXT_REVISIONS


def _is_later(item: Item, old: KnownItem) -> bool:
    """Whether the incoming item is a younger one; without dates it may be."""
    if item.published is None or old.published is None:
        return True
    return item.published > old.published + timedelta(hours=1)


def _same_day(item: Item, old: KnownItem) -> bool:
    if item.published is None or old.published is None:
        return False
    return item.published.date() == old.published.date() or abs(item.published - old.published) <= _ZONES


def _lost_its_date(item: Item, old: KnownItem) -> bool:
    """Whether both have a title only: what comes without a date is then known by nothing else."""
    return item.published is None and not any((item.guid, item.url, old.guid, old.url_key))


def _may_be_same_day(item: Item, old: KnownItem) -> bool:
    if item.published is None or old.published is None:
        return _will_be_known(item, old)
    return abs(item.published - old.published) <= _REBUILT_SLACK and _will_be_known(item, old)


def _will_be_known(item: Item, old: KnownItem) -> bool:
    """Whether the next fetch knows it without the rest of the list; the date of a mere title is not kept."""
    first = _first_date(item, old)
    return bool(item.guid or item.url or not item.published) or first == item.published


def _is_near(one: str, other: str) -> bool:
    """Whether one title is an edit of the other: most words shared, the same numbers, months and years."""
    if numbers(one) != numbers(other):
        return False
    first, second = set(one.split()), set(other.split())
    return 2 * len(first & second) >= 1.2 * max(len(first), len(second))


def numbers(key: str) -> frozenset[str]:
    """Pick the words of a title key that tell items of a series apart: numbers, months, roman numerals."""
    return frozenset(
        word.lstrip("0") if word.isdigit() else word
        for word in key.split()
        if any(c.isdigit() for c in word) or word in date_words.ENGLISH_MONTHS or word in _ROMAN
    )


_ROMAN = frozenset({"ii", "iii", "iv", "vi", "vii", "viii", "ix", "xi", "xii"})


def _distinct(incoming: Sequence[Item]) -> list[Item]:
    """Leave out what is there twice, and tell apart by title what shares an id; the oldest keeps it."""
    ids = Counter(item.id for item in incoming)
    if len(ids) == len(incoming):
        return list(incoming)
    return _with_free_ids(sorted(incoming, key=_incoming_order), set())


def _with_free_ids(items: Sequence[Item], taken: set[str]) -> list[Item]:
    """Give each item an id of its own; leave out what nothing tells from one that is there."""
    free: list[Item] = []
    for item in items:
        own = with_free_id(item, taken)
        if own.id not in taken:
            taken.add(own.id)
            free.append(own)
    return free


def _known_order(old: KnownItem) -> tuple[bool, datetime, str]:
    return old.published is None, old.published or old.first_seen, old.id


def _incoming_order(item: Item) -> tuple[bool, datetime, str]:
    return item.published is None, item.published or item.first_seen, item.id


def _notices(pairs: Sequence[tuple[Item, KnownItem]], total: int) -> tuple[str, ...]:
    moved = sum(_is_moved(item, old) for item, old in pairs)
    if moved < _MIN_REBUILT or 2 * moved < total:
        return ()
    return (f"{moved} known items came back under new ids or addresses and stay what they are",)


def _is_moved(item: Item, old: KnownItem) -> bool:
    return item.guid != old.guid or (urls.key(item.url) if item.url else None) != old.url_key


def _unique(values: Iterable[_T], key: Callable[[_T], str]) -> dict[str, _T]:
    """Those whose key no other has."""
    groups: dict[str, list[_T]] = defaultdict(list)
    for value in values:
        groups[key(value)].append(value)
    return {name: group[0] for name, group in groups.items() if len(group) == 1 and name}


def _repeated(values: Iterable[str | None]) -> set[str | None]:
    """Those that come more than once."""
    return {value for value, count in Counter(values).items() if count > 1 and value is not None}
