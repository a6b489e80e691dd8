"""Values to columns and back: times as RFC 3339 text, text that SQLite can hold, integers that fit."""

from __future__ import annotations

import functools
import json
from datetime import UTC, date, datetime

_encode = json.JSONEncoder(ensure_ascii=False).encode
_DATED = "1970"  # what was undated and old when it arrived counts by a time before this year
_MAX_INTEGER = 2**63 - 1


@functools.lru_cache(maxsize=512)  # most times of what comes together are one
def to_time(value: datetime | None) -> str | None:
    """Return `2026-01-31T09:30:00Z`; such texts sort by time."""
    if value is None:
        return None
    if value.tzinfo is not UTC:
        value = value.astimezone(UTC)
    return value.isoformat(timespec="seconds")[:19] + "Z"


def from_time(text: str | None) -> datetime | None:
    """Return the aware time of such a text."""
    return None if text is None else datetime.fromisoformat(text)


def dated(text: str | None) -> datetime | None:
    """Return the same of the time that an item counts by; None of one that came undated and old."""
    return from_time(text) if text and text >= _DATED else None


def to_date(value: date | None) -> str | None:
    """Return `2026-01-31`."""
    return None if value is None else value.isoformat()[:10]


def from_date(text: str | None) -> date | None:
    """Return the date of such a text."""
    return None if text is None else date.fromisoformat(text)


def to_text(value: str) -> str:
    """Return the text with what SQLite cannot hold replaced: lone surrogates, NUL characters."""
    try:
        value.encode()
    except UnicodeEncodeError:
        value = value.encode("utf-8", "replace").decode()
    return value.replace("\0", "") if "\0" in value else value


def to_text_or_none(value: str | None) -> str | None:
    """Return the same of a text that may be unknown."""
    return None if value is None else to_text(value)


def to_integer(value: int) -> int:
    """Return the integer, cut to the 64 bits that a column holds."""
    return max(-_MAX_INTEGER, min(_MAX_INTEGER, value))


def to_real(value: float | None) -> float | None:
    """Return a finite number, or None for what is none."""
    if value is None:
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if abs(number) < float("inf") else None


def to_list(values: tuple[str, ...]) -> str | None:
    """Return a JSON array, None for an empty one."""
    return to_text(_encode(values)) if values else None


def from_list(text: str | None) -> tuple[str, ...]:
    """Return the texts of such an array."""
    return tuple(json.loads(text)) if text else ()
