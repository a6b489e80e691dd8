"""When a source may be asked again: freshness, pace, backoff, Retry-After. Old state in, new state out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hubwatch.errors import FetchError, SourceError
from hubwatch.models import Document, Page, Source, SourceState, Unchanged

# The revision of all that makes items of a document. Counted up when it finds more, or other things, in the
# same one, so that every source is read once more: what only this version can read would else come with the
# next change. It stands here, as a sync with nothing new loads no reader.
READERS = 1

MINUTE, HOUR, DAY = 60, 3600, 86400
SHORTEST_EVERY_S = 15 * MINUTE  # whatever a user asks for
SHORTEST_PACE_S = HOUR  # between two readings where the user asks for nothing
LONGEST_PACE_S = DAY  # nothing the publisher or the pace says puts a reading off for longer
LONGEST_PAUSE_S = 7 * DAY  # nothing at all does, but the user's own `every`
_PACE_GROWS = 1.5  # with each reading that brings nothing new: an hour becomes a day in nine readings
_PACE_SHRINKS = 0.5  # with each that does
_PACE_JITTER = 0.1  # lengthens a pace, never shortens it
_BACKOFF_JITTER = 0.25
# A timer that runs by the hour would find a source that was asked "every hour" not due by a few seconds.
_EVERY_SLACK_S = MINUTE
_CLOCK_SLACK = timedelta(hours=1)

# The first pause after a failure and the longest, each failure in a row doubling it.
_USUAL = (HOUR, DAY)
_PAUSES: Mapping[str, tuple[int, int]] = {
    # Our own network may be what is down: try soon.
    "dns": (15 * MINUTE, DAY),
    "connect": (15 * MINUTE, DAY),
    "proxy": (15 * MINUTE, DAY),
    "http-403": (4 * HOUR, DAY),
    "http-429": (4 * HOUR, DAY),
    "http-404": (HOUR, LONGEST_PAUSE_S),
    "gone": (DAY, LONGEST_PAUSE_S),
    "robots": (DAY, LONGEST_PAUSE_S),
}
_ASKED_TO_WAIT = (15 * MINUTE, DAY)  # at least, where Retry-After names less

_MAX_AGE = re.compile(r'(?:^|[,\s])max-age\s*=\s*"?(\d{1,10})', re.IGNORECASE)
_NOT_STORED = re.compile(r"(?:^|[,\s])no-(?:cache|store)\b(?!\s*=)", re.IGNORECASE)


def remembered(state: SourceState | None, source: Source) -> SourceState:
    """Return what holds of a state for the source as it is configured now: of another address, or another way
    to read it, only the pace does, and nothing of how it was read, nor that it is not due yet or has ended.
    """
    url, how = source.url, source.configured_as
    if state is None:
        return SourceState(source=source.id, configured_url=url, configured_as=how)
    if state.configured_url in (None, url) and state.configured_as in (None, how):
        return replace(_to_read_anew(state), configured_url=url, configured_as=how)
    return replace(
        state,
        configured_url=url,
        configured_as=how,
        url=None,
        kind=None,
        index_url=None,
        index_etag=None,
        index_last_modified=None,
        etag=None,
        last_modified=None,
        validators_url=None,
        body_hash=None,
        next_due=None,
        fresh_until=None,
        ttl_s=None,
        quiet_hours=None,
        ended=False,
        item_count=0,
        backfill_url=None,
        backfill_left=None,
        backfilled=False,
    )


def _to_read_anew(state: SourceState) -> SourceState:
    """Forget the validators of what another version read: this one may find more in the same document."""
    if state.read_by == READERS:
        return state
    return replace(state, etag=None, last_modified=None, index_etag=None, index_last_modified=None)


def after_success(
    state: SourceState,
    source: Source,
    answer: Document | Unchanged,
    *,
    page: Page | None,
    new: int,
    found: int,
    now: datetime,
    jitter: float,
) -> SourceState:
    """Return the state after a reading; `page` is None where nothing had changed, `jitter` is 0 to 1."""
    interval_s = _pace(state, new=new, now=now)
    ttl_s = page.ttl_s if page else state.ttl_s  # what did not change still says it
    quiet = " ".join(map(str, page.quiet_hours)) or None if page else state.quiet_hours
    fresh_until = freshness(answer.headers, ttl_s, now=now)
    due = _next_due(source, interval_s, fresh_until, now=now, jitter=jitter)
    welcome = _after_quiet(due, quiet) if quiet else due
    if welcome > due:
        fresh_until = welcome
    return replace(
        _with_validators(state, answer, page),
        last_asked=now,
        last_success=now,
        last_new=now if new else state.last_new,
        failures=0,
        error_code=None,
        error_message=None,
        interval_s=interval_s,
        fresh_until=fresh_until,
        ttl_s=ttl_s,
        quiet_hours=quiet,
        next_due=welcome,
        ended=page is not None and page.ended,  # the publisher says that it is over
        item_count=found or state.item_count,
    )


def after_failure(
    state: SourceState, source: Source, error: SourceError, *, now: datetime, jitter: float
) -> SourceState:
    """Return the state after a failure: validators and pace stay, the pause grows; 410 ends the source."""
    retry_at = error.retry_at if isinstance(error, FetchError) else None
    if error.code == "host-blocked" and retry_at is not None:
        return replace(state, next_due=retry_at)
    was_read = state.last_success is not None
    failures = state.failures + 1
    start_s, longest_s = _USUAL if retry_at is None else _ASKED_TO_WAIT
    if retry_at is None:
        start_s, longest_s = _PAUSES.get(error.code, _USUAL)
    if source.builtin and not was_read:
        longest_s = LONGEST_PAUSE_S  # an address that was never certain
    pause_s = min(start_s * 2 ** min(failures - 1, 20) * (1 + _BACKOFF_JITTER * jitter), longest_s)
    next_due = now + timedelta(seconds=pause_s)
    if retry_at is not None:
        next_due = max(next_due, min(retry_at, now + timedelta(seconds=LONGEST_PAUSE_S)))
    return replace(
        state,
        last_asked=now,
        last_failure=now,
        failures=failures,
        error_code=error.code,
        error_message=error.message,
        next_due=next_due,
        # A guess of the catalog that was never read is not ended by one dead address.
        ended=error.code == "gone" and (was_read or not source.builtin),
    )


def is_due(state: SourceState, source: Source, *, now: datetime) -> bool:
    """Tell whether a source may be asked now."""
    if state.ended:
        return False
    due = state.next_due
    if due is None or now >= due:
        return True
    longest = timedelta(seconds=max(source.every_s or 0, LONGEST_PAUSE_S))
    if state.quiet_hours:
        longest += timedelta(days=7)
    if due - now > longest:
        return True  # no pause is that long: a clock was wrong when this was written, or is now
    if state.last_asked is not None and state.last_asked - now > _CLOCK_SLACK:
        return True  # the clock was put back
    if source.every_s is not None and state.failures == 0 and state.last_success is not None:
        # The user may have made `every` shorter since.
        return now >= _next_due(source, 0, state.fresh_until, now=state.last_success, jitter=0.0)
    return False


def freshness(headers: Mapping[str, str], page_ttl_s: int | None, *, now: datetime) -> datetime | None:
    """Return until when the publisher says that nothing new is to be had, a day at most; None if unsaid."""
    said = [each for each in (_http_freshness(headers, now=now), page_ttl_s) if each is not None and each > 0]
    return now + timedelta(seconds=min(max(said), LONGEST_PACE_S)) if said else None


def retry_after(headers: Mapping[str, str], *, now: datetime) -> datetime | None:
    """Read Retry-After in either form, 7 days at most; None for none, for garbage and for what is past."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        wait_s = float(value[:12])
    else:
        until = _http_date(value)
        if until is None:
            return None
        # By the host's own clock where it tells it: ours or theirs may be wrong.
        wait_s = (until - (_http_date(headers.get("date", "")) or now)).total_seconds()
    return now + timedelta(seconds=min(wait_s, LONGEST_PAUSE_S)) if wait_s > 0 else None


def _with_validators(state: SourceState, answer: Document | Unchanged, page: Page | None) -> SourceState:
    """Take over the validators of a body that was read whole; a 304 changes only those that it names."""
    if isinstance(answer, Unchanged):
        return replace(
            state,
            etag=state.etag if answer.etag is None else answer.etag,
            last_modified=state.last_modified if answer.last_modified is None else answer.last_modified,
        )
    if page is not None and not page.complete:
        return state  # the rest is still to come: ask for it again
    return replace(state, etag=answer.etag, last_modified=answer.last_modified, validators_url=answer.url)


def after_index(state: SourceState, answer: Document | Unchanged) -> SourceState:
    """Return the state after the index of a sitemap named nothing newer, with the validators of its own."""
    if answer.url != state.index_url:
        return state  # led elsewhere: they are not for the address that is asked
    if isinstance(answer, Document):
        return replace(state, index_etag=answer.etag, index_last_modified=answer.last_modified)
    return replace(
        state,
        index_etag=answer.etag or state.index_etag,
        index_last_modified=answer.last_modified or state.index_last_modified,
    )


def _pace(state: SourceState, *, new: int, now: datetime) -> int:
    """Follow the source's own pace: faster with each new item, slower with each reading in vain."""
    if state.interval_s is None or state.last_success is None:
        return SHORTEST_PACE_S
    if new:
        interval_s = state.interval_s * _PACE_SHRINKS
    elif (now - state.last_success).total_seconds() < state.interval_s * _PACE_SHRINKS:
        return state.interval_s  # asked early (--force): that nothing had come yet says little
    else:
        interval_s = state.interval_s * _PACE_GROWS
    return int(min(max(interval_s, SHORTEST_PACE_S), LONGEST_PACE_S))


def _next_due(
    source: Source, interval_s: int, fresh_until: datetime | None, *, now: datetime, jitter: float
) -> datetime:
    if source.every_s is None:
        wait_s = min(interval_s * (1 + _PACE_JITTER * jitter), LONGEST_PACE_S)
    else:
        wait_s = max(source.every_s, SHORTEST_EVERY_S)
        wait_s -= _EVERY_SLACK_S if wait_s >= HOUR else 0
    due = now + timedelta(seconds=wait_s)
    return due if fresh_until is None else max(due, fresh_until)


def _after_quiet(due: datetime, quiet: str) -> datetime:
    """Return the first moment from `due` on at which the publisher minds no visit."""
    hours = set(map(int, quiet.split()))
    at = due.astimezone(UTC)
    for _ in range(7 * 24):
        if at.weekday() * 24 + at.hour not in hours:
            break
        at = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return at


def _http_freshness(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """Return for how many seconds an answer stays fresh by RFC 9111; None where it does not say."""
    control = headers.get("cache-control", "")
    if _NOT_STORED.search(control):
        return None  # "ask each time" is meant for browsers; it does not mean more often
    if found := _MAX_AGE.search(control):
        age = headers.get("age", "").strip()
        return float(found[1]) - (float(age[:12]) if age.isascii() and age.isdigit() else 0)
    expires = _http_date(headers.get("expires", ""))
    if expires is None:
        return None
    return (expires - (_http_date(headers.get("date", "")) or now)).total_seconds()


def _http_date(value: str) -> datetime | None:
    if not value.strip():
        return None
    from email.utils import parsedate_to_datetime  # 19 ms: only where there is a date to read

    try:
        found = parsedate_to_datetime(value)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
