"""A publisher's date to an aware UTC time, or None: never a guess, nothing is filled in from today."""

from __future__ import annotations

import functools
import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Literal, NamedTuple

from hubwatch.text import date_words

Precision = Literal["day", "month", "year"]

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # what is dated before is a zero of some system, not a date
_AHEAD = timedelta(days=2)  # publishers' clocks and zones; beyond it is a mistake or an event
_AHEAD_YEARS = 15  # of deadlines and events
_MAX_LENGTH = 300

_RFC822 = re.compile(
    r"(?:[A-Za-z]{3,9}\.?,?\s+)?(\d{1,2}) ([A-Za-z]{3}) (\d{4}) "
    r"(\d\d):(\d\d)(?::(\d\d))? ([+-]\d{4}|[A-Za-z]{1,5})"
)
_ISO_FORM = re.compile(r"\d{4}-?\d\d(?:-?\d\d)?(?:[T ].*)?$", re.IGNORECASE)
_DIGITS = re.compile(r"(\d{8,16})(?:\.\d+)?$")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTH3 = {name: number for number, name in enumerate(_MONTHS.split(), 1)}
_DAYS_OF = {
    "second": 1 / 86400,
    "minute": 1 / 1440,
    "hour": 1 / 24,
    "day": 1,
    "week": 7,
    "month": 30.44,
    "year": 365.25,
}


class Found(NamedTuple):
    """A date in a text: when, how exact, and where it stands."""

    when: datetime
    precision: Precision
    span: tuple[int, int]


def parse(
    value: str | None, *, now: datetime, day_first: bool | None = None, allow_future: bool = False
) -> datetime | None:
    """Read a publisher's date as aware UTC; None for what is no date or cannot be true."""
    try:
        when = _read(value, now, day_first)
        if when is None:
            return None
        when = when.astimezone(UTC)
        latest = _latest_ahead(now) if allow_future else now + _AHEAD
    except (ValueError, OverflowError):
        return None
    return when if _EARLIEST <= when <= latest else None


def parse_day(value: str | None, *, now: datetime) -> date | None:
    """Read a deadline or day of an event as the calendar day it names, in its own zone; it may lie ahead."""
    try:
        when = _read(value, now, None)
    except (ValueError, OverflowError):
        return None
    if when is None or not _EARLIEST.date() <= when.date() <= _latest_ahead(now).date():
        return None
    return when.date()


def relative(text: str, *, now: datetime) -> datetime | None:
    """Read an age ("3 days ago", "yesterday", "vor 2 Wochen") that makes up the whole text."""
    match = date_words.patterns().relative.fullmatch(fold(text).strip(" .\n\t"))
    return _age(match, now)[0] if match else None


def _read(value: str | None, now: datetime, day_first: bool | None) -> datetime | None:
    value = value.strip() if value else ""
    if not value:
        return None
    return _parse_fast(value) or _parse_any(value, now, day_first)


def _latest_ahead(now: datetime) -> datetime:
    return now.replace(day=1) + timedelta(days=366 * _AHEAD_YEARS)


# --- fast paths -------------------------------------------------------------------------------


def _parse_fast(value: str) -> datetime | None:
    """RFC 822 and RFC 3339 as nearly all feeds write them."""
    if value[0].isdigit() and value[4:5] == "-":
        try:
            when = datetime.fromisoformat(value)
        except ValueError:
            return None
        return when if when.tzinfo else when.replace(tzinfo=UTC)
    match = _RFC822.fullmatch(value)
    if match is None:
        return None
    day, name, year, hour, minute, second, zone = match.groups()
    month = _MONTH3.get(name.lower())
    offset = _fast_zone(zone)
    if month is None or offset is None:
        return None
    try:
        return datetime(
            int(year), month, int(day), int(hour), int(minute), min(int(second or 0), 59), tzinfo=offset
        )
    except ValueError:
        return None


@functools.lru_cache(maxsize=256)
def _fast_zone(zone: str) -> timezone | None:
    """A zone that needs no date to be understood; None for the rest."""
    if zone[0] in "+-":
        return timezone(_signed_offset(zone))
    minutes = date_words.ZONES.get(zone.lower())
    if minutes is None:
        return UTC if len(zone) == 1 else None
    return timezone(timedelta(minutes=minutes))


def _signed_offset(text: str) -> timedelta:
    digits = text[1:].replace(":", "")
    hours, minutes = (int(digits), 0) if len(digits) < 3 else (int(digits[:-2]), int(digits[-2:]))
    if hours > 14 or minutes > 59:
        return timedelta()
    offset = timedelta(hours=hours, minutes=minutes)
    return -offset if text[0] in "-−" else offset


# --- everything else --------------------------------------------------------------------------


def _parse_any(value: str, now: datetime, day_first: bool | None) -> datetime | None:
    text = fold(value[: _MAX_LENGTH + 1]).strip(" .,;()[]")
    if not text or len(text) > _MAX_LENGTH:
        return None
    if match := _DIGITS.fullmatch(text):
        return _from_digits(match[1])
    if _ISO_FORM.match(text):
        when = _from_iso(text)
        if when is not None:
            return when
    patterns = date_words.patterns()
    if match := patterns.relative.fullmatch(text):
        return _age(match, now)[0]
    found = find(text, now=now, day_first=day_first)
    if not found:
        return None
    first = found[0]
    if first.precision == "year":
        return None
    start, end = first.span
    # `Mon Nov  3 10:00:00 EST 2025` has the time inside the date.
    rest = text if ":" in text[start:end] else f"{text[:start]} | {text[end:]}"
    return _with_time(first.when, rest, text)


def _from_digits(digits: str) -> datetime | None:
    """All digits: a compact date, or seconds, milliseconds, microseconds since 1970."""
    if digits[:2] in ("19", "20") and len(digits) in (8, 12, 14):
        form = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}[len(digits)]
        return datetime.strptime(digits, form).replace(tzinfo=UTC)
    scale = {9: 1, 10: 1, 12: 1000, 13: 1000, 15: 1_000_000, 16: 1_000_000}.get(len(digits))
    return datetime.fromtimestamp(int(digits) / scale, UTC) if scale else None


def _from_iso(text: str) -> datetime | None:
    text = text.upper()
    if len(text) in (6, 7):  # 2025-11, 202511
        match = re.fullmatch(r"(\d{4})-(\d\d)", text)
        return datetime(int(match[1]), int(match[2]), 1, tzinfo=UTC) if match else None
    tidy = re.sub(r"\s+(?=[+-]\d\d|Z$)", "", text)
    tidy = re.sub(r"(?<=\d)\s*(?:UTC|GMT)$", "Z", tidy).replace(",", ".")
    for form in (tidy, re.sub(r"(?<=[+-]\d\d)$", ":00", tidy)):
        try:
            when = datetime.fromisoformat(form)
        except ValueError:
            continue
        return when if when.tzinfo else when.replace(tzinfo=UTC)
    return None


def _with_time(day: datetime, rest: str, text: str) -> datetime:
    """Add the time of day and the zone that stand beside a date."""
    match = date_words.patterns().time.search(rest)
    hour = minute = second = 0
    carried = 0
    zone_text = ""
    if match:
        hour, minute, second = (int(match[n] or 0) for n in ("hour", "minute", "second"))
        if match["hour12"]:
            hour = int(match["hour12"])
        half = (match["half"] or match["half12"] or "")[:1]
        if half == "p" and hour < 12:
            hour += 12
        elif half == "a" and hour == 12:
            hour = 0
        if hour == 24 and minute == 0:
            hour, carried = 0, 1
        if hour > 23 or minute > 59:
            return day
        zone_text = rest[match.end() : match.end() + 40]
    when = day.replace(hour=hour, minute=minute, second=min(second, 59)) + timedelta(days=carried)
    if not match:
        return when
    return when.replace(tzinfo=None).replace(tzinfo=_zone(zone_text, text, when))


def _zone(after: str, text: str, when: datetime) -> timezone:
    """Read the zone from what follows the time, else from the end of the text."""
    signed = re.match(r"\s*(?:\.\d+)?\s*(?:utc|gmt|z)?\s*([+\-−]\d\d?(?::?\d\d)?)(?!\d)", after)
    if signed:
        return timezone(_signed_offset(signed[1]))
    for words in (after, text[-24:]):
        for word in re.findall(r"[a-z]+", words):
            if word in date_words.ZONES:
                return timezone(timedelta(minutes=date_words.ZONES[word]))
            if word in date_words.US_ZONES:
                summer = _is_us_summer(when)
                return timezone(timedelta(minutes=date_words.US_ZONES[word] + 60 * summer))
    return UTC


def _is_us_summer(when: datetime) -> bool:
    """Daylight saving time of the United States since 2007, by the day."""
    march, november = date(when.year, 3, 8), date(when.year, 11, 1)
    start = march + timedelta(days=(6 - march.weekday()) % 7)
    end = november + timedelta(days=(6 - november.weekday()) % 7)
    return start <= when.date() < end


# --- dates in running text --------------------------------------------------------------------


def fold(text: str) -> str:
    """Lower the case and take off accents, keeping every character's place."""
    if text.isascii():
        return text.lower()
    return "".join(_fold_character(character) for character in text)


@functools.lru_cache(maxsize=2048)
def _fold_character(character: str) -> str:
    if character in "\u00a0\u202f\u2009\u2007":
        return " "
    if character in "’‘ʼ":
        return "'"
    lower = unicodedata.normalize("NFD", character)[0].lower()
    return lower if len(lower) == 1 else character


def find(
    text: str, *, now: datetime, day_first: bool | None = None, year: int | None = None
) -> tuple[Found, ...]:
    """Find the dates in running text or an address, in order; `year` completes dates that name none."""
    folded = fold(text)
    found: list[Found] = []
    patterns = date_words.patterns()
    for match in patterns.dates.finditer(folded):
        when, precision = _date_of(match, day_first, year)
        if match.lastgroup == "num" and _is_number(match, folded):
            continue
        if when is not None and _EARLIEST.year <= when.year <= now.year + _AHEAD_YEARS:
            found.append(Found(when, precision, match.span()))
    for match in patterns.relative.finditer(folded):
        age, exactness = _age(match, now)
        if age is not None and not any(f.span[0] < match.end() and match.start() < f.span[1] for f in found):
            found.append(Found(age, exactness, match.span()))
    alone = None if found else re.fullmatch(r"\D{0,12}((?:19|20)\d\d)\D{0,3}", folded)
    if alone:
        found.append(Found(datetime(int(alone[1]), 1, 1, tzinfo=UTC), "year", alone.span(1)))
    return tuple(sorted(found, key=lambda f: f.span))


def _is_number(match: re.Match[str], text: str) -> bool:
    """Tell `Project 23-01-24` and `version 1.2.25` from a short date, which is padded or stands alone."""
    if len(match["num_y"]) == 4 or match["num_s"] == "/" or match[0] == text.strip(" .,;()"):
        return False
    return match["num_s"] == "-" or len(match[0]) < 8


def _date_of(
    match: re.Match[str], day_first: bool | None, year: int | None
) -> tuple[datetime | None, Precision]:
    form = match.lastgroup or ""
    parts = {
        name[len(form) + 1 :]: value
        for name, value in match.groupdict().items()
        if value and name.startswith(f"{form}_")
    }
    precision: Precision = "day" if "d" in parts or "a" in parts else "month"
    if "a" in parts:
        month, day = _order(int(parts["a"]), int(parts["b"]), day_first, parts.get("s", "/"))
    else:
        name = parts["m"]
        month = int(name) if name.isdigit() else date_words.MONTHS[name]
        day = int(parts.get("d", 1))
    if "y" in parts:
        full = _full_year(parts["y"])
    elif year is None:
        return None, precision
    else:
        full = year
    try:
        return datetime(full, month, day, tzinfo=UTC), precision
    except ValueError:
        return None, precision


def _order(first: int, second: int, day_first: bool | None, separator: str) -> tuple[int, int]:
    """Month and day of `03/11`: month first, as in the U.S., unless told or impossible; dots are European."""
    if day_first is None:
        day_first = separator == "."
    if first > 12 or (day_first and second <= 12):
        return second, first
    return first, second


def _full_year(text: str) -> int:
    number = int(text.lstrip("'"))
    if number >= 100:
        return number
    return number + (2000 if number < 70 else 1900)


def _age(match: re.Match[str], now: datetime) -> tuple[datetime | None, Precision]:
    words = match["day"]
    if words:
        return _midnight(now - timedelta(days=date_words.DAY_WORDS[words])), "day"
    count = match["count"] or match["count2"] or "1"
    number = int(count) if count.isdigit() else 1
    unit = date_words.UNITS[match["unit"] or match["unit2"]]
    precision: Precision = "month" if unit == "month" else "year" if unit == "year" else "day"
    try:
        when = now - timedelta(days=number * _DAYS_OF[unit])
    except OverflowError:
        return None, precision
    # An age in days names a day, not a moment: the same answer all day long.
    return (when if _DAYS_OF[unit] < 1 else _midnight(when)), precision


def _midnight(when: datetime) -> datetime:
    return when.replace(hour=0, minute=0, second=0, microsecond=0)
