"""When a source may be asked again: freshness, pace, backoff, Retry-After. Old state in, new state out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

RETRY_AFTER_MAX = timedelta(days=7)


def retry_after(headers: Mapping[str, str], *, now: datetime) -> datetime | None:
    """Read Retry-After in either form; None for none and for garbage."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        wait = timedelta(seconds=min(int(value[:12]), int(RETRY_AFTER_MAX.total_seconds())))
    else:
        until = _http_date(value)
        if until is None:
            return None
        # Relative to the host's own clock where it tells it: ours or theirs may be wrong.
        wait = until - (_http_date(headers.get("date", "")) or now)
    return now + min(wait, RETRY_AFTER_MAX) if wait > timedelta(0) else None


def _http_date(value: str) -> datetime | None:
    from email.utils import parsedate_to_datetime  # 19 ms: only where there is a date to read

    try:
        found = parsedate_to_datetime(value)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
