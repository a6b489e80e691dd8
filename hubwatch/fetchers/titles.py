"""Which line of each block of a list is its title: settled over the whole list."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from hubwatch.fetchers.blocks import Block
from hubwatch.fetchers.groups import shape
from hubwatch.fetchers.outline import Outline
from hubwatch.fetchers.page_links import fold_url, is_more
from hubwatch.fetchers.units import LETTERS, Unit, is_label

_TITLE_NAME = re.compile(
    r"(?<![a-z])(?:title|headline|heading|subject|news-?name|caption)(?![a-z])", re.IGNORECASE
)
_ADDRESS = re.compile(r"^(?:https?://|www\.)\S+$", re.IGNORECASE)
_BYLINE = re.compile(
    r"^(?:by|posted (?:by|in|on)|published|author|filed under|categor(?:y|ies)|tags?|von|in)\b[:\s]",
    re.IGNORECASE,
)


def choose(
    page: Outline, chosen: Sequence[Block], lines: Sequence[tuple[Unit, ...]]
) -> tuple[Unit | None, ...]:
    """Return the title of each block, or None where nothing in it reads like one."""
    repeated = Counter(text for units in lines for text in {unit.text for unit in units})
    total = len(chosen)
    weighed = [
        _weigh(page, block, units, repeated, total) for block, units in zip(chosen, lines, strict=True)
    ]
    best = [max(one, key=lambda pair: pair[0], default=None) for one in weighed]
    usual = Counter(_form(page, pair[1]) for pair in best if pair)
    result = []
    for one in weighed:
        pairs = [
            (weight + 1.5 * usual[_form(page, unit)] / total, -unit.position, unit) for weight, unit in one
        ]
        result.append(max(pairs, key=lambda pair: pair[:2])[2] if pairs else None)
    return tuple(result)


def _form(page: Outline, unit: Unit) -> tuple[str, bool, bool]:
    return shape(page, unit.owner), unit.heading >= 0, unit.link >= 0


def _weigh(
    page: Outline, block: Block, units: tuple[Unit, ...], repeated: Counter[str], total: int
) -> list[tuple[float, Unit]]:
    target = fold_url(block.link.url)
    result = []
    for unit in units:
        weight = _weight(page, unit, target)
        if weight is not None:
            # What several items show alike is a label of theirs: "Press release".
            share = repeated[unit.text] / total
            often = repeated[unit.text] > 1 and share >= 0.3
            result.append((weight - (3 * share if often else 0), unit))
    return result


def _weight(page: Outline, unit: Unit, target: str) -> float | None:
    length = len(unit.text)
    if unit.is_date or is_more(unit.text) or not LETTERS.search(unit.text) or length < 3:
        return None
    if _ADDRESS.match(unit.text):
        return None
    own_link = unit.link >= 0 and fold_url(page.links[unit.link].url) == target
    weight = 3.0 if unit.heading >= 0 else 0.0
    if own_link:
        weight += 2.5 if unit.heading < 0 or length > 12 else 2
    elif unit.link >= 0:
        weight -= 2
    own = page.elements[unit.owner]
    if _TITLE_NAME.search(f"{own.get('class') or ''} {own.get('itemprop') or ''}"):
        weight += 2
    elif _TITLE_NAME.search(unit.names):
        weight += 1
    if page.tags[unit.owner] in ("strong", "b"):
        weight += 0.8
    if unit.heading < 0 and is_label(unit.names):
        weight -= 1.5
    if _BYLINE.match(unit.text):
        weight -= 2
    if unit.heading < 0 and any(found.day or found.is_open for found in unit.dates) and unit.is_mostly_date:
        weight -= 1.5 if length - unit.date_length < 20 else 0.5
    weight -= 1.5 if length > 250 else 0
    weight -= 1.0 if length < 8 else (0.4 if length < 15 else 0)
    return weight - min(unit.position, 20) * 0.12
