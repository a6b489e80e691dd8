"""Lengths of time, ages and days as people write them: `6h`, `3m`, `2026-01-15`. Pure: `now` comes in."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, time, timedelta

_DURATION = re.compile(r"(\d{1,9})\s*([a-z]+)")
_SECONDS = {
    **dict.fromkeys(("min", "mins", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 3600),
    **dict.fromkeys(("d", "day", "days"), 86_400),
    **dict.fromkeys(("w", "wk", "week", "weeks"), 604_800),
}
_MONTHS = {
    **dict.fromkeys(("m", "mo", "month", "months"), 1),
    **dict.fromkeys(("y", "yr", "year", "years"), 12),
}
_MAX_SECONDS = 100 * 366 * 86_400
_EARLIEST = datetime(1, 1, 1, tzinfo=UTC)


def parse_duration(text: str) -> int:
    """Read a length of time (`15min`, `6h`, `1d`, `2w`) as seconds; ValueError otherwise."""
    found = _DURATION.fullmatch(text.strip().lower())
    if not found or found[2] not in _SECONDS:
        raise ValueError(f"'{text}' is not a length of time; write 15min, 6h, 1d or 2w")
    seconds = int(found[1]) * _SECONDS[found[2]]
    if seconds > _MAX_SECONDS:
        raise ValueError(f"'{text}' is longer than a hundred years")
    return seconds


def format_duration(seconds: int) -> str:
    """Write a length of time as it can be read again: `6h`, `90min`, `2w`."""
    for unit, length in (("w", 604_800), ("d", 86_400), ("h", 3600)):
        if seconds and seconds % length == 0:
            return f"{seconds // length}{unit}"
    return f"{seconds // 60}min"


def parse_since(text: str, *, now: datetime) -> datetime:
    """Read an ISO date or time, or an age before `now` (`36h`, `3m` for months); ValueError otherwise."""
    moment = _moment(text, now)
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time(), UTC)


def parse_until(text: str, *, now: datetime) -> datetime:
    """Read the same as an end: a bare date means the end of that day."""
    moment = _moment(text, now)
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time.max, UTC)


def _moment(text: str, now: datetime) -> datetime | date:
    written = text.strip().lower()
    if written in ("now", "today", "yesterday"):
        return now if written == "now" else now.date() - timedelta(written == "yesterday")
    age = _DURATION.fullmatch(written)
    if age and age[2] in _SECONDS:
        return max(_EARLIEST, now - timedelta(seconds=parse_duration(written)))
    if age and age[2] in _MONTHS:
        return _months_before(now, int(age[1]) * _MONTHS[age[2]])
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", written):
            return date.fromisoformat(written)
        if re.match(r"\d{4}-\d\d-\d\d[t ]", written):
            moment = datetime.fromisoformat(written.upper())
            return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        pass  # the sentence below says it better
    raise ValueError(f"'{text}' is neither a date (2026-01-15) nor an age (36h, 7d, 2w, 3m, 1y)")


def _months_before(now: datetime, months: int) -> datetime:
    """Go back by the calendar: a month before March 31 is the last day of February."""
    count = now.year * 12 + now.month - 1 - months
    if count < 12:
        return _EARLIEST
    year, month = count // 12, count % 12 + 1
    return now.replace(year=year, month=month, day=min(now.day, calendar.monthrange(year, month)[1]))


def name_day(when: date, *, today: date) -> str:
    """Say a day: `Nov 3`, with the year where it is not this one."""
    return f"{when:%b} {when.day}" + ("" if when.year == today.year else f", {when.year}")
