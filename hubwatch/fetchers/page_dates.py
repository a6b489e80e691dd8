"""Dates in the text of a page: many forms, with where they stand and how exact they are.

Only finds and reads them; which of them is an item's date is decided in item_dates.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise

from hubwatch.models.dataclass import dataclass

EARLIEST_YEAR = 1985
_MONTH_NAMES = (
    "january jan januar janvier enero gennaio janeiro januari ene gen janv jän jänner",
    "february feb februar février febrero febbraio fevereiro februari févr fév fev fevr feber",
    "march mar märz mars marzo março maart mrz mär maerz mrt",
    "april apr avril abril aprile avr abr",
    "may mai mayo maggio maio mei mag",
    "june jun juni juin junio giugno junho giu",
    "july jul juli juillet julio luglio julho juil lug",
    "august aug août agosto augustus ago aout aoû",
    "september sept sep septembre septiembre settembre setembro set",
    "october oct oktober octobre octubre ottobre outubro okt ott out",
    "november nov novembre noviembre novembro",
    "december dec dezember décembre diciembre dicembre dezembro dez déc dic",
)
MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_MONTH = "(?P<m>" + "|".join(sorted(MONTHS, key=lambda name: -len(name))) + r")(?![^\W\d_])"
_NTH = r"(?:st|nd|rd|th|er|º|ª)?"
_AND = r"(?:\s?[-–—&]\s?|\s(?:and|to|through|thru|und|bis|et|au|y|al|e)\s)"  # between two days of one month
_YEAR = r"(?P<y>(?:19|20)\d\d(?!\d)|['’]\d\d(?!\d))"
_FORMS = (
    # 2025-11-03, 2025/11/03, 2025.11.03, 2025年11月3日
    re.compile(
        r"(?<!\d)(?P<y>(?:19|20)\d\d)\s?[-/.年‐–]\s?(?P<mn>\d{1,2})\s?[-/.月‐–]\s?(?P<d>\d{1,2})(?!\d)"
    ),
    # 11/03/2025, 3.11.25: which comes first is settled over the whole list
    re.compile(
        r"(?<![\d/.-])(?P<a>\d{1,2})\s?(?P<s>[/.-])\s?(?P<b>\d{1,2})\s?(?P=s)\s?(?P<y>(?:19|20)\d\d"
        r"|\d\d)(?![\d/-])"
    ),
    # November 3, 2025; Nov. 3rd 2025; November 3-5, 2025; Nov 3
    re.compile(
        rf"(?<![^\W\d_]){_MONTH}\.?[\s/-]*(?P<d>\d{{1,2}})(?![\d:]){_NTH}"
        rf"(?:{_AND}\d{{1,2}}(?!\d){_NTH})?(?:\s*[,./ -]*\s*{_YEAR}|,?\s*-?(?P<y2>\d\d)(?=$|[^\w:.]))?",
        re.IGNORECASE,
    ),
    # 3 November 2025, 03-Nov-25, 3rd of November 2025, 3. November 2025
    re.compile(
        rf"(?<![\d:.,])(?P<d>\d{{1,2}})(?![\d:]){_NTH}\.?(?:(?:{_AND}|/)\d{{1,2}}{_NTH}\.?)?\s*(?:of\s|de\s|-|/)?\s*{_MONTH}\.?"
        rf"(?:[,./\s-]*(?:de\s+)?{_YEAR}|[-/](?P<y2>\d\d)(?!\d))?",
        re.IGNORECASE,
    ),
)
_MONTH_YEAR = re.compile(rf"(?<![^\W\d_]){_MONTH}\.?,?[\s/-]*(?P<y>(?:19|20)\d\d)(?!\d)", re.IGNORECASE)
# All that a line shows: the year stands above it, or the date is not known.
_DAY_AND_MONTH = re.compile(r"^\s*(?P<a>\d{1,2})\s?(?P<s>[/.-])\s?(?P<b>\d{1,2})\.?\s*$")
_AGO = re.compile(
    r"(?<!\w)(?P<n>\d{1,3}|an?|one|two|three)\s*(?P<u>min(?:ute)?s?|hours?|hrs?|days?|weeks?|months?"
    r"|years?)\s+ago(?!\w)",
    re.IGNORECASE,
)
# Alone, before a time, a category or what is parted from it; "Yesterday the director" begins a sentence.
_NEAR_DAYS = re.compile(
    r"^\W*(?P<w>today|yesterday)(?=\W*$|\s*[|·•–—:/-]|\s+by\s|,?\s+(?:at\s+)?\d|(?:\s+\w+){1,2}$)",
    re.IGNORECASE,
)
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3}
_UNIT_DAYS = {"m": 0.0, "h": 1 / 24, "d": 1.0, "w": 7.0, "mo": 30.4, "y": 365.25}
_SPAN = re.compile(r"\s*(?:[-–—&]|and|to|through|until|und|bis)\s*$", re.IGNORECASE)
# A quick look that spares most texts the slower expressions.
_HINT = re.compile(r"\d|today|yesterday|\bago\b", re.IGNORECASE)
_URL_DATE = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<s>[/_.-]?)(?P<m>0[1-9]|1[0-2])(?P=s)(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"
)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """One date in a text. `first` and `second` are the numbers of a form whose order is open."""

    start: int
    end: int
    year: int | None
    month: int | None
    day: int | None
    first: int = 0
    second: int = 0
    separator: str = ""

    @property
    def is_open(self) -> bool:
        """Whether day and month could be the other way round."""
        return self.month is None

    def as_day(self, *, day_first: bool = False, year: int | None = None) -> date | None:
        """Return the day that is meant; None when it is only a month, has no year or cannot be."""
        month, day = self.month, self.day
        if month is None:
            day, month = (self.first, self.second) if day_first else (self.second, self.first)
            if month > 12:
                day, month = month, day
        return make_day(self.year or year, month, day)


def make_day(year: int | None, month: int | None, day: int | None) -> date | None:
    """Build a day, or None when a part is missing or the day does not exist."""
    if year is None or month is None or day is None:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _full_year(digits: str | None, now: datetime) -> int | None:
    if not digits:
        return None
    number = int(digits.lstrip("'’"))
    if number >= 100:
        return number if EARLIEST_YEAR <= number <= now.year + 5 else None
    year = 2000 + number if 2000 + number <= now.year + 2 else 1900 + number
    return year if year >= EARLIEST_YEAR else None  # "1.12.56" is a version


def _from_match(match: re.Match[str], now: datetime) -> FoundDate | None:
    parts = match.groupdict()
    year = _full_year(parts.get("y") or parts.get("y2"), now)
    if (parts.get("y") or parts.get("y2")) and year is None:
        return None
    if parts.get("a"):
        first, second = int(parts["a"]), int(parts["b"])
        if not (1 <= first <= 31 and 1 <= second <= 31 and min(first, second) <= 12):
            return None
        return FoundDate(match.start(), match.end(), year, None, None, first, second, parts["s"])
    month = int(parts["mn"]) if parts.get("mn") else MONTHS[parts["m"].lower()]
    day = int(parts["d"]) if parts.get("d") else None
    if not 1 <= month <= 12 or (day is not None and not 1 <= day <= 31):
        return None
    return FoundDate(match.start(), match.end(), year, month, day)


@lru_cache(maxsize=4096)
def find(text: str, *, now: datetime) -> tuple[FoundDate, ...]:
    """Find the dates in a text, in order, none overlapping another; the fuller form wins."""
    if not _HINT.search(text):
        return ()
    short = _DAY_AND_MONTH.match(text)
    if short:
        first, second = int(short["a"]), int(short["b"])
        is_date = 1 <= first <= 31 and 1 <= second <= 31 and min(first, second) <= 12
        return (FoundDate(0, len(text), None, None, None, first, second, short["s"]),) if is_date else ()
    found = [one for form in _FORMS for match in form.finditer(text) if (one := _from_match(match, now))]
    found += list(_relative(text, now))
    found.sort(key=lambda one: (one.year is None, one.start - one.end))
    kept: list[FoundDate] = []
    for one in found:
        if all(one.end <= other.start or one.start >= other.end for other in kept[-50:]):
            kept.append(one)
    for match in _MONTH_YEAR.finditer(text):
        month = _from_match(match, now)
        if month and all(month.end <= other.start or month.start >= other.end for other in kept[-50:]):
            kept.append(month)
    return _without_ends(text, sorted(kept, key=lambda one: one.start))


def _without_ends(text: str, found: Sequence[FoundDate]) -> tuple[FoundDate, ...]:
    """Join what spans two months, as in "August 29 - September 2, 2016": it begins in the year of its end."""
    result: list[FoundDate] = []
    for one in found:
        before = result[-1] if result else None
        is_end = before is not None and _SPAN.match(text[before.end : one.start])
        if before and is_end and before.day and one.day and before.month and one.month and not before.year:
            year = one.year - (before.month > one.month) if one.year else None
            result[-1] = replace(before, end=one.end, year=year)
        else:
            result.append(one)
    return tuple(result)


def _relative(text: str, now: datetime) -> Iterator[FoundDate]:
    for match in _AGO.finditer(text):
        count = _COUNTS.get(match["n"].lower()) or int(match["n"] if match["n"].isdigit() else 1)
        unit = match["u"].lower()
        days = count * _UNIT_DAYS["mo" if unit.startswith("mo") else unit[0]]
        yield _at(now - timedelta(days=days), match)
    near = _NEAR_DAYS.search(text)
    if near and len(text) < 40:
        yield _at(now - timedelta(days=near["w"].lower() == "yesterday"), near)


def is_relative(text: str) -> bool:
    """Tell whether a text counts a date from the day of reading, as "4 hours ago" does."""
    return bool(_AGO.search(text) or _NEAR_DAYS.search(text))


def _at(moment: datetime, match: re.Match[str]) -> FoundDate:
    return FoundDate(match.start(), match.end(), moment.year, moment.month, moment.day)


def in_address(url: str, *, now: datetime) -> date | None:
    """Return the day that an address carries, as in /2025/11/03/ or _20251103."""
    for match in _URL_DATE.finditer(url):
        year = int(match["y"])
        if EARLIEST_YEAR <= year <= now.year + 1:
            return make_day(year, int(match["m"]), int(match["d"]))
    return None


def is_day_first(found: Sequence[FoundDate], language: str = "") -> bool:
    """Settle for a whole list whether the day stands first in dates such as 03/11/2025."""
    open_ones = [one for one in found if one.is_open]
    proven_day = sum(one.first > 12 for one in open_ones)
    proven_month = sum(one.second > 12 for one in open_ones)
    if proven_day != proven_month:
        return proven_day > proven_month
    if not open_ones:
        return False
    fits = {order: _disorder([one.as_day(day_first=order) for one in open_ones]) for order in (True, False)}
    if len(open_ones) > 2 and fits[True] != fits[False]:
        return fits[True] < fits[False]
    if language and not language.lower().startswith("en"):
        return True
    if language.lower() in ("en-gb", "en-au", "en-nz", "en-ie", "en-in", "en-za"):
        return True
    return open_ones[0].separator == "."


def _disorder(days: Sequence[date | None]) -> int:
    """Count the steps against the order that most steps of a list take."""
    known = [day for day in days if day]
    up = sum(a < b for a, b in pairwise(known))
    down = sum(a > b for a, b in pairwise(known))
    return min(up, down) + len(days) - len(known)
