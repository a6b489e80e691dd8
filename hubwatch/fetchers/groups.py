"""Groups of same-shaped links on a page, the most promising first: each might be its list of news."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from hubwatch.fetchers.outline import HEADINGS, INLINE, Link, Outline
from hubwatch.fetchers.page_links import fold_url, is_more, is_service
from hubwatch.models.dataclass import dataclass

MAX_GROUPS = 12  # that are looked at closely
MAX_ENTRIES = 5000
# What editors put around one title and not around the next, so that it does not tell lists apart.
_FORMATTING = INLINE - {"a"}
_PARTS = frozenset({"li", "td", "dd"})
_LINES = frozenset({"li", "tr"})
_VARIABLE = re.compile(
    r"\d|^(?:post|category|tag|type|status|format|has|is|first|last|odd|even|active|current|author"
    r"|hentry|sticky|views-row|"
    r"clearfix|row|col|wp|elementor|et|fl|mt|mb|pt|pb|px|py|animated|fade|delay|left|right)(?:[-_]|$)"
    r"|odd$|even$|first$|last$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Group:
    """Same-shaped links, one an address, in document order, and how promising they look."""

    links: tuple[Link, ...]
    promise: float


@lru_cache(maxsize=8192)
def _shape_of_names(names: str) -> str:
    kept = sorted(name for name in names.split()[:12] if not _VARIABLE.search(name))
    return ".".join(kept[:4])


def shape(page: Outline, element: int) -> str:
    """Return the tag of an element with those of its classes that do not vary from item to item."""
    names = page.elements[element].get("class")
    return f"{page.tags[element]}.{_shape_of_names(names[:300])}" if names else page.tags[element]


def _paths(page: Outline, *, left_out: frozenset[str] = frozenset()) -> list[int]:
    """Return for each element a number that stands for the tags from the root down to it."""
    numbers: dict[tuple[int, str], int] = {}
    result: list[int] = []
    cells: Counter[int] = Counter()
    for index, tag in enumerate(page.tags):
        parent = page.parents[index]
        is_padding = tag == "p" and page.tags[parent] in _PARTS
        if parent >= 0 and (tag in left_out or (left_out and is_padding)):
            result.append(result[parent])
            continue
        if tag == "td":
            # The columns of a table are not alike.
            cells[parent] += 1
            tag = f"td{cells[parent]}"
        key = (result[parent] if parent >= 0 else -1, tag)
        result.append(numbers.setdefault(key, len(numbers)))
    return result


def _keys(page: Outline, link: Link, paths: Sequence[list[int]]) -> Iterable[tuple[object, ...]]:
    element = link.element
    exact, plain, parts = (numbers[element] for numbers in paths)
    around = [element]
    for index in page.ancestors(element):
        around.append(index)
        if len(around) == 5:
            break
    shapes = [shape(page, index) for index in around]
    yield ("path", exact, *shapes[:3])
    yield ("tags", plain)
    if any(page.tags[index] in _PARTS or page.tags[index] == "p" for index in around):
        yield ("parts", parts)
    yield ("near", *shapes[:3], *(page.tags[index] for index in around[3:]))
    if "." in shapes[0]:
        yield ("class", shapes[0])
    heading = next((page.tags[index] for index in around[:4] if page.tags[index] in HEADINGS), None)
    if heading is None:
        inside = page.tags[element + 1 : page.after[element]]
        heading = next((tag for tag in inside[:40] if tag in HEADINGS), None)
    if heading:
        yield ("heading", heading)


def groups(page: Outline, weights: Sequence[float]) -> tuple[Group, ...]:
    """Group the page's links by shape in several ways and return the most promising groups, best first."""
    paths = [_paths(page), _paths(page, left_out=_FORMATTING), _paths(page, left_out=_FORMATTING | {"div"})]
    found: dict[tuple[object, ...], list[Link]] = defaultdict(list)
    for link in page.links:
        if is_service(link.url) and len(link.text) < 25:
            continue
        for key in _keys(page, link, paths):
            found[key].append(link)
    seen: set[tuple[int, ...]] = set()
    result = []
    for links in found.values():
        distinct = _one_an_address(_first_of_parts(page, _without_asides(page, links)))
        if not distinct:
            continue
        mark = tuple(link.element for link in distinct)
        if mark not in seen:
            seen.add(mark)
            result.append(Group(distinct[:MAX_ENTRIES], _promise(page, distinct, len(links), weights)))
    result.sort(key=lambda group: -group.promise)
    return tuple(result[:MAX_GROUPS])


def _one_an_address(links: Sequence[Link]) -> tuple[Link, ...]:
    """Keep one link an address: the first that says something."""
    best: dict[str, Link] = {}
    for link in links:
        key = fold_url(link.url)
        held = best.get(key)
        if held is None or (is_more(held.text) and not is_more(link.text)):
            best[key] = link
    return tuple(sorted(best.values(), key=lambda link: link.element))


def _without_asides(page: Outline, links: Sequence[Link]) -> Sequence[Link]:
    """Leave out links amid a sentence whose paragraph begins with another link: names in a summary."""
    titled: set[int] = set()
    kept: list[Link] = []
    for link in links:
        paragraph = _line_of(page, link.element)
        if not is_amid(page, page.first[link.element]):
            kept.append(link)
            if not is_more(link.text):
                titled.add(paragraph)
        elif paragraph not in titled:
            kept.append(link)
    return kept


def _first_of_parts(page: Outline, links: Sequence[Link]) -> Sequence[Link]:
    """Keep the first link of each list line or table row where most have only one: an item is about it."""
    parts: dict[int, list[Link]] = defaultdict(list)
    for link in links:
        part = next((index for index in page.ancestors(link.element) if page.tags[index] in _LINES), -1)
        parts[part].append(link)
    alone = sum(len(held) == 1 for held in parts.values())
    are_buttons = all(is_more(link.text) for link in links)
    if -1 in parts or len(parts) < 4 or (alone * 4 < len(parts) * 3 and not are_buttons):
        return links
    return [next((link for link in held if not is_more(link.text)), held[0]) for held in parts.values()]


def is_amid(page: Outline, position: int) -> bool:
    """Whether a text goes on with a sentence that begins before it on its line."""
    if position >= len(page.lines) or not position or page.lines[position - 1] != page.lines[position]:
        return False
    before = page.texts[position - 1].rstrip()
    return len(before) >= 20 and (before[-1].isalpha() or before[-1] == ",")


def _line_of(page: Outline, element: int) -> int:
    """Return the smallest element around a link that is no mere piece of a line: its paragraph."""
    return next((index for index in page.ancestors(element) if page.tags[index] not in INLINE), 0)


def _promise(page: Outline, links: Sequence[Link], all_of_them: int, weights: Sequence[float]) -> float:
    """Guess cheaply how much a group looks like a list of titles."""
    sample = links[:60]
    lengths = [0 if is_more(link.text) else min(len(link.text), 90) for link in sample]
    titled = sum(length >= 15 for length in lengths) / len(sample)
    weight = sum(weights[link.element] for link in sample) / len(sample)
    heads = sum(
        any(page.tags[index] in HEADINGS for index in (link.element, *list(page.ancestors(link.element))[:3]))
        for link in sample
    )
    spread = len(links) / max(1, all_of_them)
    size = min(len(links), 25) ** 0.5 if len(links) > 1 else 0.3
    return (
        weight
        * size
        * (0.25 + titled + sum(lengths) / len(sample) / 90 + heads / len(sample))
        * (0.4 + 0.6 * spread)
    )
