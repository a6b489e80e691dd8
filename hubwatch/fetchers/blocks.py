"""The block of the page that belongs to each link of a group: what of a list is one item."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from hubwatch.fetchers.groups import MAX_ENTRIES, shape
from hubwatch.fetchers.outline import HEADINGS, INLINE, Link, Outline
from hubwatch.fetchers.page_dates import MONTHS
from hubwatch.fetchers.page_links import fold_url, is_more, is_service
from hubwatch.models.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the page: elements `lo` to `hi`, texts `first` to `behind`, and the link it is about."""

    lo: int
    hi: int
    first: int
    behind: int
    link: Link
    top: int  # the element that the block was before what stands beside it was added


def blocks(page: Outline, links: Sequence[Link]) -> tuple[Block, ...]:
    """Return the block of each link: the largest element that holds no other link of the group."""
    tops = []
    for position, link in enumerate(links):
        before = links[position - 1].element if position else -1
        behind = links[position + 1].element if position + 1 < len(links) else len(page.tags)
        tops.append(_climb(page, link.element, before, behind))
    depths = _depths(page)
    usual = Counter(depths[top] for top in tops).most_common(1)[0][0] if len(tops) > 1 else None
    if usual is not None:
        # A list that nobody closed holds the next one, whose items then lie deeper though they are alike.
        alike = Counter(shape(page, top) for top in tops).most_common(1)[0][0]
        tops = [
            top if shape(page, top) == alike else _lower(page, top, link.element, depths, usual)
            for top, link in zip(tops, links, strict=True)
        ]
    elif links:
        tops = [_own_article(page, links[0].element)]
    tops, all_links = _with_siblings(page, tops, links)
    return _segments(page, tops, all_links)


def _own_article(page: Outline, element: int) -> int:
    return next(
        (index for index in page.ancestors(element) if page.tags[index] in ("article", "li", "tr")), element
    )


def _climb(page: Outline, element: int, before: int, behind: int) -> int:
    top = element
    for around in page.ancestors(element):
        if around <= before or page.after[around] > behind:
            break
        top = around
    return top


def _depths(page: Outline) -> list[int]:
    result: list[int] = []
    for parent in page.parents:
        result.append(result[parent] + 1 if parent >= 0 else 0)
    return result


def _lower(page: Outline, top: int, element: int, depths: list[int], usual: int) -> int:
    """Climb less where a link stands alone in a larger part, as the only item of a year does."""
    if depths[top] >= usual:
        return top
    here = element
    while here != top and (depths[here] > usual or page.tags[here] in INLINE):
        here = page.parents[here]
    return here


def _segments(page: Outline, tops: Sequence[int], links: Sequence[Link]) -> tuple[Block, ...]:
    """Widen blocks in a flat list, where what belongs to an item stands beside its link."""
    result: list[Block] = []
    position = 0
    while position < len(tops):
        end = position + 1
        parent = page.parents[tops[position]]
        while end < len(tops) and page.parents[tops[end]] == parent:
            end += 1
        plain = [
            Block(top, page.after[top], page.first[top], page.behind[top], link, top)
            for top, link in zip(tops[position:end], links[position:end], strict=True)
        ]
        result += _widen(page, plain, parent) if parent >= 0 else plain
        position = end
    return tuple(result)


def _widen(page: Outline, run: list[Block], parent: int) -> list[Block]:
    gaps = [(a.behind, b.first) for a, b in pairwise(run)]
    filled = sum(hi > lo for lo, hi in gaps)
    last_gap = _cut(page, run[-1].behind, page.behind[parent], parent)
    if len(run) == 1:
        # Alone in its part, so nothing tells what is beside it from what follows.
        small = page.tags[run[0].lo] in (*HEADINGS, "a")
        return [_stretch(page, run[0], run[0].first, last_gap)] if small else run
    if filled * 2 < len(gaps):
        return run
    usual = sorted(len(set(page.lines[lo:hi])) for lo, hi in gaps)[len(gaps) // 2]
    heads = _repeated_headings(page, run, gaps, parent)
    before = bool(heads) or _stands_before(page, run, parent, last_gap, usual, heads)
    starts = []
    if before:
        lead = _lead_in(page, run[0], parent, usual, heads)
        starts = [lead, *(_start_in_gap(page, lo, hi, parent, heads) for lo, hi in gaps)]
    result = []
    for position, block in enumerate(run):
        if before:
            lo = starts[position]
            hi = starts[position + 1] if position + 1 < len(run) else last_gap
            result.append(_stretch(page, block, lo, hi))
        else:
            low = _line_start(page, block.first, run[position - 1].behind if position else page.first[parent])
            if position + 1 < len(run):
                behind = run[position + 1]
                high = _cut(page, block.behind, _line_start(page, behind.first, block.behind), parent)
            else:
                high = last_gap
            result.append(_stretch(page, block, low, high))
    return result


def _start_in_gap(page: Outline, lo: int, hi: int, parent: int, heads: frozenset[str]) -> int:
    """Return where the next item begins between two links: at the heading nearest to it, or the last date."""
    if lo >= hi:  # links without an end run into each other
        return lo
    starts = [at for at in range(lo, hi) if at == lo or page.lines[at] != page.lines[at - 1]]
    ends = [*starts[1:], hi]
    dated = [_is_date_line(page.text(a, b)) for a, b in zip(starts, ends, strict=True)]
    above = [_heading_of(page, page.owners[at], parent) for at in starts]
    nearest = next((one for one in reversed(above) if one >= 0 and page.tags[one] in heads), None)
    if nearest is not None:
        number = above.index(nearest)
        return starts[number - 1] if number and dated[number - 1] else starts[number]
    if heads or not any(dated):
        return lo
    return starts[len(dated) - 1 - dated[::-1].index(True)]


def _is_date_line(text: str) -> bool:
    return len(text) <= 60 and bool(_DATE_LIKE.search(text))


def _is_day(text: str) -> bool:
    """Whether a heading is an item's date: with a day, so that it is no year or month of an archive."""
    return len(text) <= 30 and bool(_DAY_LIKE.search(text))


def _repeated_headings(
    page: Outline, run: Sequence[Block], gaps: Sequence[tuple[int, int]], parent: int
) -> frozenset[str]:
    """Return the heading that stands between most blocks, with none in them: their title, and no date."""
    if any(_heading_around(page, page.owners[at], parent) for at in range(run[0].first, run[0].behind)):
        return frozenset()
    between = [{_heading_of(page, page.owners[at], parent) for at in range(lo, hi)} - {-1} for lo, hi in gaps]
    found = Counter(
        tag
        for headings in between
        for tag in {page.tags[one] for one in headings if not _is_day(page.text_of(one))}
    )
    return frozenset(tag for tag, count in found.items() if count * 3 >= len(gaps) * 2)


def _stretch(page: Outline, block: Block, first: int, behind: int) -> Block:
    """Return a block with another range of texts, and the elements that go with it."""
    first, behind = min(first, block.first), max(behind, block.behind)
    around = page.parents[block.lo]
    owners = [
        owner
        for position in (*range(first, block.first), *range(block.behind, behind))
        if (owner := page.owners[position]) > around
    ]
    lo = _child_of(page, around, min(owners, default=block.lo))
    hi = max((page.after[_child_of(page, around, owner)] for owner in owners[-1:]), default=block.hi)
    return Block(min(lo, block.lo), max(hi, block.hi), first, behind, block.link, block.top)


def _child_of(page: Outline, parent: int, element: int) -> int:
    while page.parents[element] > parent:
        element = page.parents[element]
    return element


def _line_start(page: Outline, position: int, floor: int) -> int:
    """Go back to the first text of the line that a text stands on."""
    while (
        position > floor and position < len(page.lines) and page.lines[position - 1] == page.lines[position]
    ):
        position -= 1
    return position


def _cut(page: Outline, lo: int, hi: int, parent: int) -> int:
    """End what follows an item at the next heading that is no date."""
    for position in range(lo, hi):
        heading = _heading_of(page, page.owners[position], parent)
        if heading >= 0 and not _is_day(page.text_of(heading)):
            return position
    return hi


def _lead_in(page: Outline, block: Block, parent: int, usual: int, allowed: frozenset[str]) -> int:
    """Return where the lines right before the first block begin: no other headings, and not too many."""
    position = block.first
    lines: set[int] = set()
    while position > page.first[parent]:
        lines.add(page.lines[position - 1])
        heading = _heading_of(page, page.owners[position - 1], parent)
        is_other = heading >= 0 and page.tags[heading] not in allowed
        if len(lines) > usual or (is_other and not _is_day(page.text_of(heading))):
            break
        position -= 1
    return position


def _heading_around(page: Outline, element: int, parent: int) -> str | None:
    found = _heading_of(page, element, parent)
    return page.tags[found] if found >= 0 else None


def _heading_of(page: Outline, element: int, parent: int) -> int:
    while element != parent and element >= 0:
        if page.tags[element] in HEADINGS:
            return element
        element = page.parents[element]
    return -1


def _stands_before(
    page: Outline, run: Sequence[Block], parent: int, last_gap: int, usual: int, heads: frozenset[str]
) -> bool:
    """Whether an item's other lines (its date) stand before its title rather than after."""
    start = _lead_in(page, run[0], parent, usual, heads)
    lead = page.text(start, run[0].first)
    if last_gap == run[-1].behind:
        # The last item may lack what the others show: dates that follow them are none of the next one's.
        is_dated = any(_DATE_LIKE.search(page.text(a.behind, b.first)) for a, b in pairwise(run))
        return run[0].first > page.first[parent] and (bool(_DATE_LIKE.search(lead)) or not is_dated)
    if not _DATE_LIKE.search(lead):
        return False
    spans = [(start, run[0].first), *((a.behind, b.first) for a, b in pairwise(run))]
    right_above = sum(_is_day(_lines(page, lo, hi)[-1]) for lo, hi in spans if hi > lo)
    right_below = sum(_is_day(_lines(page, lo, hi)[0]) for lo, hi in spans if hi > lo)
    tail = page.text(run[-1].behind, last_gap)
    return right_above > right_below or not _DATE_LIKE.search(tail)


def _lines(page: Outline, lo: int, hi: int) -> list[str]:
    """Return the lines that some texts stand on."""
    starts = [at for at in range(lo, hi) if at == lo or page.lines[at] != page.lines[at - 1]]
    return [page.text(a, b) for a, b in pairwise([*starts, hi])]


_MONTH_LIKE = "(?:" + "|".join(sorted(MONTHS, key=lambda name: -len(name))) + r")(?![^\W\d_])"
_DATE_LIKE = re.compile(
    rf"\b(?:19|20)\d\d\b|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2}}|\b{_MONTH_LIKE}\.? \d",
    re.IGNORECASE,
)
_DAY_LIKE = re.compile(
    rf"\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2}}|\b{_MONTH_LIKE}\.? \d{{1,2}}\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th|er)?\.? (?:de |of )?{_MONTH_LIKE}",
    re.IGNORECASE,
)


def _with_siblings(page: Outline, tops: list[int], links: Sequence[Link]) -> tuple[list[int], list[Link]]:
    """Add the parts beside those found that are built like them although their link is not: a lead story."""
    tag = Counter(page.tags[top] for top in tops).most_common(1)[0][0]
    if len(tops) < 2 or tag in ("a", "p", *HEADINGS):
        return tops, list(links)
    names = Counter(name for top in tops for name in set(page.classes(top).split()))
    usual = {name for name, count in names.items() if count * 2 >= len(tops)}
    known = {fold_url(link.url) for link in links}
    by_place = {link.element: link for link in page.links}
    pairs = list(zip(tops, links, strict=True))
    taken = set(tops)
    for parent in sorted({page.parents[top] for top in tops}):
        child = parent + 1
        while parent >= 0 and child < page.after[parent]:
            alike = page.tags[child] == tag and (not usual or usual & set(page.classes(child).split()))
            link = _main_link(page, child, by_place) if alike and child not in taken else None
            if link and fold_url(link.url) not in known and len(pairs) < MAX_ENTRIES:
                known.add(fold_url(link.url))
                pairs.append((child, link))
            child = page.after[child]
    pairs.sort(key=lambda pair: pair[0])
    return [top for top, _ in pairs], [link for _, link in pairs]


def _main_link(page: Outline, top: int, by_place: dict[int, Link]) -> Link | None:
    """Return the link of a block's title: in a heading, else the first with a text of some length."""
    plain = None
    for index in range(top, page.after[top]):
        link = by_place.get(index)
        if link is None or is_service(link.url):
            continue
        around = [index, *page.ancestors(index)][:4]
        if any(page.tags[one] in HEADINGS for one in around):
            return link
        if plain is None and not is_more(link.text) and len(link.text) >= 12:
            plain = link
    return plain
