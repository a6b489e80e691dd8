"""A news list found in a page without selectors: repeated blocks with a link, a title and, mostly, a date."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import accumulate

from hubwatch.errors import ParseError
from hubwatch.fetchers import item_dates, outline, page_dates, regions, titles
from hubwatch.fetchers.blocks import Block, blocks
from hubwatch.fetchers.empty_list import has_empty_list, says_nothing_now
from hubwatch.fetchers.groups import Group, groups, is_amid, shape
from hubwatch.fetchers.outline import HEADINGS, Outline
from hubwatch.fetchers.page_links import fold_url, is_more, is_news_list, is_standing, next_page
from hubwatch.fetchers.units import Marks, Unit, is_label, marks, units
from hubwatch.models import Document, Page, RawItem, Source
from hubwatch.models.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a list as it stands on the page."""

    block: Block
    title: Unit
    day: date | None
    lines: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that might be the page's news, with its score."""

    entries: tuple[Entry, ...]
    score: float
    region: float  # how much of it stands in the page's content, 0..1


def parse(document: Document, source: Source) -> Page:
    """Find the page's news list and return its items."""
    return read(outline.read(document), source, now=document.fetched_at)


def read(page: Outline, source: Source, *, now: datetime) -> Page:
    """Return the items of a page's news list; none where it says that it is empty."""
    listing = find(page, now=now, events=source.what == "events")
    if listing is None:
        says_so = says_nothing_now(page.text(0, len(page.texts))[:300_000], source.what)
        if says_so or has_empty_list(page):
            note = "the page says that there is nothing to list, or its list is empty"
            return Page(problems=(note,), is_page=True, says_empty=says_so, how="news list: empty")
        raise ParseError("no-list", "no news list found on the page", url=page.url, source=source.id)
    return Page(
        items=tuple(_raw(page, entry) for entry in listing.entries),
        next_url=next_page(page.root, page.base, page.url),
        problems=("the page is so large that only its beginning was looked at",) if page.is_cut else (),
        is_page=True,
        how=_how(page, listing),
    )


def find(page: Outline, *, now: datetime, events: bool = False) -> Listing | None:
    """Return the best list of the page, or None when nothing on it looks like one."""
    listings = rank(page, now=now, events=events)
    if not listings or listings[0].score < MIN_SCORE or round(listings[0].region, 6) < MIN_REGION:
        return None
    return _with_leads(page, _whole_first(listings), now=now)


def _whole_first(listings: Sequence[Listing]) -> list[Listing]:
    """Put a list first of which the best one is only a part: the rest, written differently, is as good."""
    best = listings[0]
    known = {entry.block.link.url for entry in best.entries}
    for listing in listings[1:]:
        rest = [entry for entry in listing.entries if entry.block.link.url not in known]
        is_whole = len(listing.entries) - len(rest) == len(known) and len(rest) >= WHOLE_REST * len(known)
        if not is_whole or listing.score < WHOLE_SCORE * best.score:
            continue
        if all(a >= b - 0.1 for a, b in zip(_shares(rest), _shares(best.entries), strict=True)):
            return [listing, *(one for one in listings if one is not listing)]
    return list(listings)


def _shares(entries: Sequence[Entry]) -> tuple[float, float]:
    """Return how many of some entries have a date, and how many a heading."""
    dated = sum(entry.day is not None for entry in entries)
    headed = sum(entry.title.heading >= 0 for entry in entries)
    return dated / len(entries), headed / len(entries)


def _with_leads(page: Outline, listings: Sequence[Listing], *, now: datetime) -> Listing:
    """Add the lead stories that stand above the list in another form and are newer than its first."""
    best = listings[0]
    days = [entry.day for entry in best.entries]
    if len(days) < 3 or not all(days) or days != sorted(days, key=lambda day: day or date.min, reverse=True):
        return best
    start = min(entry.block.lo for entry in best.entries)
    known = {fold_url(entry.block.link.url) for entry in best.entries}
    first = days[0] or date.max
    latest = (now + timedelta(days=1)).date()
    leads: dict[str, Entry] = {}
    for listing in listings[1:]:
        if regions.heading_weight(_heading_above(page, listing.entries)) < 0.7:
            continue
        for entry in listing.entries:
            key = fold_url(entry.block.link.url)
            is_above = entry.block.hi <= start and entry.title.heading >= 0
            if not is_above or key in known or entry.day is None or not first <= entry.day <= latest:
                continue
            if regions.heading_weight(_heading_above(page, [entry])) >= 0.7:
                leads.setdefault(key, entry)
    if not 0 < len(leads) <= MAX_LEADS:
        return best
    entries = sorted([*leads.values(), *best.entries], key=lambda entry: entry.block.lo)
    return replace(best, entries=tuple(entries))


_LEFT_OVER = re.compile(r"^[–—:|•·]\s*(?=\S)")  # of a line whose date stood before the title
MIN_SCORE = 0.5
WHOLE_SCORE = 0.8  # of the best list's, for one that has it as a part
WHOLE_REST = 0.1
MIN_REGION = 0.4  # a list that stands in a sidebar is not the page's
# What speaks for a list and against it, by the share of its entries (or of the page's text) of which it is
# true. Set by hand: the real pages come out the same when every weight is moved by up to a half.
SPEAKS_FOR = {"any": 0.2, "dated": 2.2, "headed": 0.9, "long": 0.8, "wordy": 0.6, "covering": 1.2}
SPEAKS_AGAINST = {
    "bare": 0.4,
    "beside": 0.4,
    "future": 0.6,
    "amid": 0.8,
    "label": 0.8,
    "hub": 0.7,
    "standing": 0.9,
}
SIZE_POWER = 0.35
MAX_LEADS = 6
IN_TURN = 0.7  # of a list's titles that differ, where what comes each quarter repeats


def rank(page: Outline, *, now: datetime, events: bool = False) -> list[Listing]:
    """Return all lists that the page might mean, best first."""
    weights = regions.weights(page)
    marked = marks(page)
    listings = []
    for group in groups(page, weights):
        entries = _entries(page, marked, group, weights, now=now, events=events)
        if entries:
            region = sum(weights[entry.block.link.element] for entry in entries) / len(entries)
            score = region * _score(page, entries, now=now, events=events)
            listings.append(Listing(entries, score, region))
    listings.sort(key=lambda listing: -listing.score)
    return listings


def _entries(
    page: Outline, marked: Marks, group: Group, weights: Sequence[float], *, now: datetime, events: bool
) -> tuple[Entry, ...]:
    found = blocks(page, group.links)
    own = {link.element for link in group.links}
    lines = [units(page, marked, block, now=now) for block in found]
    named = titles.choose(page, found, lines)
    days = item_dates.choose(page, found, lines, named, now=now)
    entries = [
        Entry(block, title, day, part)
        for block, title, day, part in zip(found, named, days, lines, strict=True)
        if title is not None
    ]
    dated = sum(entry.day is not None for entry in entries if entry.block.link.element in own)
    if dated * 10 >= len(own) * 6:
        entries = [entry for entry in entries if entry.day or entry.block.link.element in own]
    return tuple(_of_news(page, _trim(page, entries, weights), events=events))


def _of_news(page: Outline, entries: list[Entry], *, events: bool) -> list[Entry]:
    """Leave out the parts of a list that stand under a heading of something else."""
    inside = {
        index
        for entry in entries
        for index in range(entry.block.lo, min(entry.block.hi, entry.block.lo + 500))
    }
    headings = [index for index, tag in enumerate(page.tags) if tag in HEADINGS and index not in inside]
    judged = [regions.heading_weight(page.text_of(index), events=events) for index in headings]
    kept: list[Entry] = []
    other: list[Entry] = []
    position = 0
    for entry in sorted(entries, key=lambda one: one.block.lo):
        while position < len(headings) and headings[position] < entry.block.lo:
            position += 1
        (other if position and judged[position - 1] < 0.5 else kept).append(entry)
    return kept or other


def _trim(page: Outline, entries: list[Entry], weights: Sequence[float]) -> list[Entry]:
    """Leave out what only looks alike: cards of another shape without a date, links in a sidebar."""
    if len(entries) < 3:
        return entries
    content = [entry for entry in entries if weights[entry.block.link.element] >= 0.9]
    if len(content) * 2 >= len(entries):
        entries = content
    dated = [entry for entry in entries if entry.day]
    if len(dated) * 10 >= len(entries) * 6:
        shapes = {_place(page, entry) for entry in dated}
        entries = [entry for entry in entries if entry.day or _place(page, entry) in shapes]
    return entries


def _place(page: Outline, entry: Entry) -> tuple[str, int]:
    return shape(page, entry.block.top), page.parents[entry.block.top]


def _score(page: Outline, entries: Sequence[Entry], *, now: datetime, events: bool) -> float:
    """Say how much a list looks like the page's news."""
    count = len(entries)
    latest = (now + timedelta(days=2)).date()
    shares = {
        # A call that only says until when it is open is as good as one with a date.
        "dated": sum(
            entry.day is not None or item_dates.due_line(page, entry.lines) != "" for entry in entries
        )
        / count,
        "headed": sum(entry.title.heading >= 0 for entry in entries) / count,
        "long": sum(min(len(entry.title.text), 70) for entry in entries) / count / 70,
        "wordy": sum(len(entry.title.text.split()) >= 3 for entry in entries) / count,
        "covering": min(1.0, _covered(page, entries) * 1.5),
    }
    faults = {
        "bare": sum(_is_bare(entry) for entry in entries) / count,
        "beside": sum(_is_beside(page, entry) for entry in entries) / count,
        "amid": sum(_is_amid_prose(page, entry, now=now) for entry in entries) / count,
        "label": sum(_is_label(page, entry) for entry in entries) / count if shares["dated"] < 0.5 else 0,
        "standing": sum(entry.day is None and is_standing(entry.block.link.url) for entry in entries) / count,
        # A page whose links have no dates and one of which leads to the news is not the news itself.
        "hub": shares["dated"] < 0.2 and any(is_news_list(entry.block.link.url) for entry in entries),
        "future": 0
        if events
        else sum(entry.day is not None and entry.day > latest for entry in entries) / count,
    }
    quality = SPEAKS_FOR["any"] + sum(SPEAKS_FOR[name] * share for name, share in shares.items())
    for name, share in faults.items():
        quality *= 1 - SPEAKS_AGAINST[name] * share
    different = _different(entries)
    size = min(count, 20) ** SIZE_POWER if count > 1 else 0.5
    if count < 3 and shares["dated"] < 1:
        size *= 0.5
    heading = regions.heading_weight(_heading_above(page, entries), events=events)
    return size * quality * different**2 * heading / 4


def _different(entries: Sequence[Entry]) -> float:
    """Return how much the titles differ; what a company reports each quarter has a few titles in turn."""
    titles = Counter(entry.title.text for entry in entries)
    days = {(entry.title.text, entry.day) for entry in entries if entry.day}
    share = len(titles) / len(entries)
    if share >= IN_TURN and len(days) == len(entries):
        return 1 - (max(titles.values()) - 1) / len(entries)
    return share


def _covered(page: Outline, entries: Sequence[Entry]) -> float:
    """Return how much of the page's text stands in a list."""
    letters = [0, *accumulate(len(text) for text in page.texts)]
    inside, position = 0, 0
    for entry in sorted(entries, key=lambda one: one.block.first):
        start = max(position, entry.block.first)
        position = max(position, entry.block.behind)
        inside += letters[position] - letters[start]
    return inside / max(1, letters[-1])


def _is_bare(entry: Entry) -> bool:
    """Whether an entry is only a link, as those of menus are."""
    return len(entry.lines) == 1 and entry.title.heading < 0 and entry.day is None


def _is_amid_prose(page: Outline, entry: Entry, *, now: datetime) -> bool:
    """Whether an entry's link stands amid a sentence, on a line that no date opens as in a list."""
    position = page.first[entry.block.link.element]
    if entry.title.heading >= 0:
        return _is_titled_otherwise(page, entry)
    if is_more(entry.block.link.text) or not is_amid(page, position):
        return False
    start = bisect_left(page.lines, page.lines[position])
    found = page_dates.find(page.spaced(start, min(start + 5, position))[:60], now=now)
    return not found or found[0].start > 3


def _is_titled_otherwise(page: Outline, entry: Entry) -> bool:
    """Whether an entry's title leads elsewhere than its link, which then is one in the post's body."""
    title = entry.title.link
    return title >= 0 and fold_url(page.links[title].url) != fold_url(entry.block.link.url)


def _is_label(page: Outline, entry: Entry) -> bool:
    """Whether an undated title is as short as the name of a page or a partner, or asks as those of a FAQ."""
    title = entry.title.text
    if "type-post" in page.classes(entry.block.top).split():
        return False  # WordPress says that it is a post
    is_name = len(title.split()) <= 3 and not any(letter.isdigit() for letter in title)
    return entry.day is None and (is_name or title.endswith("?"))


def _is_beside(page: Outline, entry: Entry) -> bool:
    """Whether another link of the block reads like its title and stands before the entry's own."""
    own = fold_url(entry.block.link.url)
    for unit in entry.lines:
        if unit.link >= 0 and len(unit.text) >= 15 and not is_more(unit.text) and not is_label(unit.names):
            return fold_url(page.links[unit.link].url) != own
    return False


def _heading_above(page: Outline, entries: Sequence[Entry]) -> str:
    """Return the heading that a list stands under."""
    first = min(entry.block.lo for entry in entries)
    for index in range(first - 1, max(-1, first - 60), -1):
        if page.tags[index] in HEADINGS:
            return page.text_of(index)
    return ""


def _raw(page: Outline, entry: Entry) -> RawItem:
    return RawItem(
        url=entry.block.link.url,
        title=_LEFT_OVER.sub("", entry.title.text)[:500],
        title_is_html=False,
        summary=_summary(page, entry),
        body_is_html=False,
        published=entry.day.isoformat() if entry.day else None,
    )


def _summary(page: Outline, entry: Entry) -> str:
    """Return the first line after the title that reads like a sentence, and the one with a deadline."""
    due = item_dates.due_line(page, entry.lines)
    due = "" if due in entry.title.text else due[:300]
    for unit in entry.lines:
        if (
            unit is not entry.title
            and unit.link < 0
            and unit.heading < 0
            and len(unit.text) >= 50
            and not unit.is_date
        ):
            text = unit.text[:1000]
            return text if due in text else f"{text} {due}"
    return due


def _how(page: Outline, listing: Listing) -> str:
    count = len(listing.entries)
    dated = sum(entry.day is not None for entry in listing.entries)
    kind = Counter(shape(page, entry.block.top) for entry in listing.entries).most_common(1)[0][0]
    return f"news list: {count} blocks <{kind}>, {dated} with a date"
