"""Which of the dates in the blocks of a list are the items' own: settled over the whole list."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from hubwatch.fetchers import page_dates
from hubwatch.fetchers.blocks import Block
from hubwatch.fetchers.groups import shape
from hubwatch.fetchers.outline import HEADINGS, Outline
from hubwatch.fetchers.page_dates import MONTHS, FoundDate
from hubwatch.fetchers.units import Unit, names_a_date
from hubwatch.models.dataclass import dataclass

_LATER = re.compile(
    r"(?<![a-z])(?:updated|modified|datemodified|lastmod|edited|ends?)(?![a-z])", re.IGNORECASE
)
# Before a date, or as the line above it: by then something is to be handed in. No item was published then.
_DUE = re.compile(
    r"(?<![a-z])(?:due|deadlines?|clos(?:es?|ed|ing)|expir\w*|until|no later than"
    r"|(?:apply|submit|register|respond|rsvp|enter|nominate)(?:\s\w+){0,3}?\sby)(?![a-z])"
    # What may stand between: a few small words, a weekday, a time of day.
    r"(?:[\s,:–—-]|(?<![a-z])(?:date|is|are|on|by|at|the|of|in|no later than|for (?:\w+ ){0,2}?\w+"
    r"|noon|midnight"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|tue|wed|thu|fri|sat|sun)\.?|\d\d?(?::\d\d)?"
    r"|[ap]\.?m\.?|[ecmp][ds]?t|(?:eastern|central|mountain|pacific)|time|close of business)(?![a-z]))*$",
    re.IGNORECASE,
)
_DUE_LENGTH, _LABEL_LENGTH = 60, 40  # letters that are looked at before a date, and of a line above it
_FIRST = re.compile(
    r"(?<![a-z])(?:published|datepublished|pubdate|entry-date|datecreated|posted)(?![a-z])", re.IGNORECASE
)
_EVENT_NAME = re.compile(r"(?<![a-z])(?:startdate|enddate|dtstart|dtend)(?![a-z])", re.IGNORECASE)
_YEAR_ALONE = re.compile(r"^\D{0,30}((?:19|20)\d\d)\D{0,30}$")
_SECTION_TAGS = frozenset({*HEADINGS, "button", "summary", "dt", "caption", "legend", "th", "strong", "b"})
_NEAR_DAYS = 31  # between a day that is shown without its year and the one in the address
_ACCEPTED = 2.4
_OWN = 2.5  # what a date weighs that has a line or an element to itself


@dataclass(frozen=True, slots=True)
class Candidate:
    """One date in a block: how it stands there, and how much speaks for it by itself."""

    found: FoundDate
    form: str
    weight: float
    is_title: bool = False


def choose(
    page: Outline,
    chosen: Sequence[Block],
    lines: Sequence[tuple[Unit, ...]],
    titles: Sequence[Unit | None],
    *,
    now: datetime,
) -> tuple[date | None, ...]:
    """Return the day of each block's item, or None where the page shows none."""
    per_block = [
        _candidates(page, block, units, title, now=now)
        for block, units, title in zip(chosen, lines, titles, strict=True)
    ]
    usual = Counter(form for candidates in per_block for form in {one.form for one in candidates})
    total = max(1, len(chosen))
    picked = [_best(candidates, usual, total) for candidates in per_block]
    day_first = page_dates.is_day_first([one for one in picked if one], _language(page))
    years = _years_above(page, chosen)
    if chosen and not any(picked):
        picked = _days_above(page, chosen, [(one.first, one.behind) for one in chosen], now=now)
    elif not all(picked):
        tops = [(page.first[one.top], page.behind[one.top]) for one in chosen]
        above = _days_above(page, chosen, tops, now=now)
        # Only where the others have theirs from above too is a day without a line of its own shared.
        if all(own is None or _same_day(own, day) for own, day in zip(picked, above, strict=True)):
            picked = [own or day for own, day in zip(picked, above, strict=True)]
    result = []
    for found, block, year in zip(picked, chosen, years, strict=True):
        by_address = page_dates.in_address(block.link.url, now=now)
        day = None
        if found:
            day = found.as_day(day_first=day_first, year=year)
            if by_address:
                near = found.as_day(day_first=day_first, year=by_address.year)
                # An address of another month tells when something else was said, and of no year.
                is_near = near is not None and abs((near - by_address).days) <= _NEAR_DAYS
                day = near if is_near or day is None else day
        result.append(day or (by_address if found is None or found.day is not None else None))
    return tuple(result)


def due_line(page: Outline, lines: Sequence[Unit]) -> str:
    """Return the line of a block that says by which day something is to be handed in, as calls do."""
    for unit, label in zip(lines, _labels(page, lines), strict=True):
        if any(_is_due(unit, found, label) for found in unit.dates):
            return f"{label.rstrip(' :')}: {unit.text}" if unit.is_date and _DUE.search(label) else unit.text
    return ""


def _is_due(unit: Unit, found: FoundDate, label: str) -> bool:
    before = unit.spaced[max(found.start - _DUE_LENGTH, 0) : found.start]
    return bool(_DUE.search(before) or (unit.is_date and _DUE.search(label)))


def _labels(page: Outline, lines: Sequence[Unit]) -> list[str]:
    """Return for each line with a date what it is called: its column's heading or the short line above."""
    labels, above = [], ""
    for unit in lines:
        labels.append((_column(page, unit) or above) if unit.dates else "")
        above = unit.spaced if len(unit.spaced) <= _LABEL_LENGTH else ""
    return labels


def _column(page: Outline, unit: Unit) -> str:
    """Return the heading of the table column that a line stands in, where it has one."""
    cell = _cell(page, unit)
    table = next((index for index in page.ancestors(unit.owner) if page.tags[index] == "table"), -1)
    if cell < 0 or table < 0:
        return ""
    row = page.parents[cell]
    top = next(index for index in range(table, row + 1) if page.tags[index] == "tr" or index == row)
    headings = [index for index in range(top, page.after[top]) if page.parents[index] == top]
    number = sum(page.parents[index] == row for index in range(row + 1, cell))
    is_headed = top != row and number < len(headings) and page.tags[headings[number]] == "th"
    return page.text_of(headings[number])[:_LABEL_LENGTH] if is_headed else ""


def _best(candidates: Sequence[Candidate], usual: Counter[str], total: int) -> FoundDate | None:
    best: tuple[float, FoundDate] | None = None
    for one in candidates:
        share = usual[one.form] / total
        weight = one.weight + 2 * share
        if one.is_title and share < 0.6:
            continue
        if weight >= _ACCEPTED and (best is None or weight > best[0]):
            best = (weight, one.found)
    return best[1] if best else None


def _language(page: Outline) -> str:
    return str(page.root.get("lang") or "")


def _candidates(
    page: Outline, block: Block, lines: tuple[Unit, ...], title: Unit | None, *, now: datetime
) -> list[Candidate]:
    result = list(_of_elements(page, block, now=now))
    at = title.position if title else 0
    undue = []
    for unit, label in zip(lines, _labels(page, lines), strict=True):
        result += _of_unit(page, unit, unit is title, abs(unit.position - at), label)
        if not any(_is_due(unit, found, label) for found in unit.dates):
            undue.append(unit)
    # A date amid a summary is often an event's that the item is about.
    if all(one.weight < _OWN for one in result if one.found.day is not None or one.found.is_open):
        badge = _badge(page, undue, now)
        if badge:
            result.append(Candidate(badge, "badge", 3.0))
    return result


def _of_elements(page: Outline, block: Block, *, now: datetime) -> list[Candidate]:
    """Dates that markup names: <time>, itemprop, data-date."""
    result: list[Candidate] = []
    for index in range(block.lo, min(block.hi, block.lo + 400)):
        element = page.elements[index]
        attributes = element.attrib
        if page.tags[index] != "time" and not any(
            name in attributes
            for name in ("itemprop", "data-date", "datetime", "data-timestamp", "data-datetime")
        ):
            continue
        names = " ".join(
            (attributes.get("class", ""), attributes.get("itemprop", ""), attributes.get("property", ""))
        )
        is_time = page.tags[index] == "time" or "datetime" in attributes
        if not is_time and not (
            "date" in names.lower() or any(key.startswith("data-") for key in attributes)
        ):
            continue
        values = [
            attributes.get(key, "") for key in ("datetime", "content", "data-date", "data-datetime", "title")
        ]
        # What is shown goes first, but for "4 hours ago": a page may have been stored for days.
        shown = page.text_of(index)[:200]
        values.insert(len(values) if page_dates.is_relative(shown) else 0, shown)
        found = next(
            (one for value in values for one in page_dates.find(value[:60], now=now) if _is_full(one)), None
        )
        if found is None:
            continue
        weight = 5.0 if is_time else 4.0
        weight += 1 if _FIRST.search(names) else 0
        weight -= 3.5 if _LATER.search(names) else 0
        weight -= 2 if _EVENT_NAME.search(names) else 0
        result.append(
            Candidate(
                found,
                f"element {shape(page, index)} {attributes.get('itemprop', '')}",
                weight - 0.01 * len(result),
            )
        )
    return result


def _is_full(found: FoundDate) -> bool:
    return found.year is not None and (found.is_open or found.day is not None)


def _of_unit(page: Outline, unit: Unit, is_title: bool, distance: int, label: str) -> list[Candidate]:
    """Dates in a line of text; `label` is the line above it, if that is short."""
    result = []
    for found in unit.dates:
        if not found.is_open and found.day is None:
            continue
        if _is_due(unit, found, label):
            continue
        at_edge = found.start <= 3 or found.end >= len(unit.spaced) - 3
        if is_title:
            weight, form = (
                (1.0 if at_edge else 0.0),
                f"title {'start' if found.start <= 3 else 'end' if at_edge else 'in'}",
            )
        else:
            by_edge = 1.3 if at_edge else 0.4
            weight = 3.5 if unit.is_date else 3.0 if unit.is_mostly_date else by_edge
            weight += 1.2 if names_a_date(unit.names) else 0
            place = "start" if found.start <= 3 else "end" if at_edge else "in"
            form = f"{shape(page, unit.owner)} {place}"
        weight += 0.7 if found.year is not None else 0
        weight -= 2.5 if _LATER.search(unit.spaced[max(0, found.start - 25) : found.start]) else 0
        result.append(Candidate(found, form, weight - 0.05 * min(distance, 20), is_title))
    return result


def _badge(page: Outline, lines: Sequence[Unit], now: datetime) -> FoundDate | None:
    """A date whose day, month and year stand in lines of their own, in any order."""
    short = [unit for unit in lines if len(unit.spaced) <= 14 and unit.position < 12]
    for start in range(len(short)):
        run = [short[start]]
        for unit in short[start + 1 : start + 4]:
            # A number in the cell beside a whole month counts something else.
            is_whole = any(found.year for found in run[-1].dates)
            if unit.position != run[-1].position + 1 or (
                is_whole and _cell(page, unit) != _cell(page, run[-1])
            ):
                break
            run.append(unit)
        joined = " ".join(unit.spaced for unit in run)
        found = [one for one in page_dates.find(joined, now=now) if one.day is not None]
        if found and found[0].year is not None:
            return found[0]
        loose = _loose(joined)
        if loose:
            return loose
        if found:
            return found[0]
    return None


def _cell(page: Outline, unit: Unit) -> int:
    """Return the table cell that a line stands in, or -1."""
    around = (unit.owner, *page.ancestors(unit.owner))
    return next((index for index in around if page.tags[index] in ("td", "th")), -1)


def _loose(text: str) -> FoundDate | None:
    day = month = year = None
    for word in re.findall(r"[^\W\d_]+|\d+", text.lower()):
        if word in MONTHS and month is None:
            month = MONTHS[word]
        elif word.isdigit() and len(word) <= 2 and 1 <= int(word) <= 31 and day is None:
            day = int(word)
        elif re.fullmatch(r"(?:19|20)\d\d", word) and year is None:
            year = int(word)
        elif word not in ("st", "nd", "rd", "th", "mon", "tue", "wed", "thu", "fri", "sat", "sun"):
            return None
    return FoundDate(0, len(text), year, month, day) if month and day else None


def _years_above(page: Outline, chosen: Sequence[Block]) -> list[int | None]:
    """Return for each block the year in the heading above it, where there is one."""
    result: list[int | None] = []
    year: int | None = None
    position = 0
    for block in chosen:
        seen = {found for at in range(position, block.first) if (found := _year_of_section(page, at))}
        if seen:
            # Several in a row are a choice of years to look at, and say nothing of what follows.
            year = seen.pop() if len(seen) == 1 else None
        position = max(position, block.behind)
        result.append(year)
    return result


def _days_above(
    page: Outline, chosen: Sequence[Block], spans: Sequence[tuple[int, int]], *, now: datetime
) -> list[FoundDate | None]:
    """Return for each block the date in the line above it, under which one or several items stand."""
    result: list[FoundDate | None] = []
    day: FoundDate | None = None
    position = page.first[_common(page, chosen)]
    for first, behind in spans:
        for at in range(position, first):
            text = page.texts[at].strip()
            found = page_dates.find(text, now=now) if len(text) <= 60 else ()
            if found and _is_full(found[0]) and (found[0].end - found[0].start) * 2 > len(text):
                day = found[0]
        position = max(position, behind)
        result.append(day)
    # One date above a whole list is not the items'.
    return result if len(set(result)) * 5 >= max(len(result), 10) else [None] * len(result)


def _same_day(one: FoundDate, other: FoundDate | None) -> bool:
    return other is not None and replace(one, start=0, end=0) == replace(other, start=0, end=0)


def _common(page: Outline, chosen: Sequence[Block]) -> int:
    """Return the smallest element around all blocks."""
    first, last = chosen[0], chosen[-1]
    for around in page.ancestors(first.top):
        if page.after[around] >= last.hi:
            return around
    return 0


def _year_of_section(page: Outline, position: int) -> int | None:
    text = page.texts[position].strip()
    match = _YEAR_ALONE.match(text) if len(text) <= 60 else None
    if match is None:
        return None
    around = [page.owners[position], *page.ancestors(page.owners[position])][:5]
    tags = {page.tags[index] for index in around}
    if tags & _SECTION_TAGS or (len(text) <= 6 and "a" not in tags):
        return None if tags & {"nav", "footer"} else int(match[1])
    return None
