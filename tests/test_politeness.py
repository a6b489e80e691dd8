"""When a source is asked again. All times are made up; no clock runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hubwatch import politeness
from hubwatch.errors import FetchError, ParseError, SourceError
from hubwatch.models import Document, Page, Source, SourceState, Unchanged

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
URL = "https://example.org/feed"
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SOURCE = Source(id="acme", name="Acme", url=URL)
FRESH = SourceState(source="acme")
READ = SourceState(
    source="acme",
    configured_url=URL,
    url=URL,
    etag='"old"',
    last_modified="then",
    read_by=politeness.READERS,
    last_asked=NOW - 2 * HOUR,
    last_success=NOW - 2 * HOUR,
    interval_s=3600,
    item_count=10,
)


def document(**how: Any) -> Document:
    return Document(
        **{"url": URL, "requested_url": URL, "status": 200, "body": b"x", "fetched_at": NOW, **how}
    )


def unchanged(**how: Any) -> Unchanged:
    return Unchanged(**{"url": URL, "requested_url": URL, "fetched_at": NOW, **how})


def succeed(
    state: SourceState,
    answer: Document | Unchanged | None = None,
    *,
    source: Source = SOURCE,
    page: Page | None = None,
    new: int = 0,
    found: int = 0,
    now: datetime = NOW,
    jitter: float = 0.0,
) -> SourceState:
    if answer is None:
        answer = document()
    return politeness.after_success(
        state, source, answer, page=page, new=new, found=found, now=now, jitter=jitter
    )


def fail(
    state: SourceState,
    error: SourceError | str = "timeout",
    *,
    source: Source = SOURCE,
    now: datetime = NOW,
    jitter: float = 0.0,
) -> SourceState:
    if isinstance(error, str):
        error = FetchError(error, "it failed")
    return politeness.after_failure(state, source, error, now=now, jitter=jitter)


def pause(state: SourceState, now: datetime = NOW) -> timedelta:
    assert state.next_due is not None
    return state.next_due - now


# --- after a success --------------------------------------------------------------------------


def test_the_first_reading_starts_at_an_hour() -> None:
    state = succeed(politeness.remembered(None, SOURCE), page=Page(), new=10, found=10)

    assert pause(state) == HOUR
    assert (state.last_success, state.last_asked, state.last_new) == (NOW, NOW, NOW)
    assert (state.configured_url, state.item_count, state.failures) == (URL, 10, 0)


def test_a_success_ends_failing_and_being_ended() -> None:
    failing = replace(READ, failures=7, error_code="gone", error_message="gone", ended=True)
    state = succeed(failing, page=Page())

    assert (state.failures, state.error_code, state.error_message, state.ended) == (0, None, None, False)


def test_a_feed_that_its_publisher_calls_expired_is_ended() -> None:
    state = succeed(READ, page=Page(ended=True))

    assert state.ended
    assert state.last_success == NOW
    assert not politeness.is_due(state, SOURCE, now=NOW + 365 * DAY)


def test_a_quiet_source_drifts_to_a_day_and_a_new_item_pulls_it_back() -> None:
    state, now = succeed(FRESH, page=Page(), new=9, found=9), NOW
    for _ in range(12):
        now = state.next_due or now
        state = succeed(state, unchanged(), now=now)
    assert pause(state, now) == DAY

    now += DAY
    state = succeed(state, page=Page(), new=1, now=now)
    assert pause(state, now) == DAY / 2
    for _ in range(9):
        now += DAY
        state = succeed(state, page=Page(), new=1, now=now)
    assert pause(state, now) == HOUR


@pytest.mark.parametrize(("minutes", "interval_s"), [(1, 3600), (29, 3600), (30, 5400), (60, 5400)])
def test_asking_early_does_not_slow_the_pace(minutes: int, interval_s: int) -> None:
    state = replace(READ, last_success=NOW - timedelta(minutes=minutes))

    assert succeed(state, unchanged()).interval_s == interval_s


@pytest.mark.parametrize("unknown", ["interval_s", "last_success"])
def test_without_a_learned_pace_it_is_an_hour(unknown: str) -> None:
    state = replace(READ, interval_s=7200)

    assert succeed(replace(state, **{unknown: None}), unchanged()).interval_s == 3600


@pytest.mark.parametrize("jitter", [0.0, 0.5, 1.0])
def test_jitter_only_lengthens(jitter: float) -> None:
    state = succeed(FRESH, page=Page(), jitter=jitter)

    assert HOUR <= pause(state) <= 1.1 * HOUR


def test_the_pace_is_a_day_at_most_with_jitter_too() -> None:
    assert pause(succeed(replace(READ, interval_s=86400), unchanged(), jitter=1.0)) == DAY


@pytest.mark.parametrize(
    ("every_s", "expected"),
    [
        (60, timedelta(minutes=15)),
        (900, timedelta(minutes=15)),
        (3600, timedelta(minutes=59)),
        (6 * 3600, timedelta(hours=5, minutes=59)),
        (7 * 86400, timedelta(days=6, hours=23, minutes=59)),
    ],
    ids=["too often", "the least", "an hour", "six hours", "a week"],
)
def test_what_the_user_asks_for_holds(every_s: int, expected: timedelta) -> None:
    """A minute less from an hour up: an hourly timer would otherwise find the source not yet due."""
    assert pause(succeed(READ, source=replace(SOURCE, every_s=every_s), jitter=1.0)) == expected


@pytest.mark.parametrize("every_s", [None, 900])
def test_the_publishers_word_is_a_lower_bound(every_s: int | None) -> None:
    source = replace(SOURCE, every_s=every_s)
    answer = document(headers={"cache-control": "max-age=7200"})

    assert pause(succeed(READ, answer, source=source, page=Page())) == 2 * HOUR
    assert pause(succeed(READ, unchanged(headers=answer.headers), source=source)) == 2 * HOUR
    assert pause(succeed(READ, document(), source=source, page=Page(ttl_s=10800))) == 3 * HOUR


@pytest.mark.parametrize(
    ("quiet", "expected"),
    [
        ((), 1.5 * HOUR),
        ((12,), 1.5 * HOUR),  # of Monday; it is Sunday
        ((6 * 24 + 13,), 2 * HOUR),
        ((6 * 24 + 13, 6 * 24 + 14), 3 * HOUR),
        (tuple(range(6 * 24, 7 * 24)), 12 * HOUR),  # all Sunday
        ((*range(6 * 24, 7 * 24), 0, 1), 14 * HOUR),
        (tuple(range(7 * 24)), 7 * DAY + HOUR),
    ],
    ids=["none", "another day", "one", "two", "a day", "into the next", "never: a week later"],
)
def test_hours_without_visits_are_passed_over(quiet: tuple[int, ...], expected: timedelta) -> None:
    state = succeed(READ, page=Page(quiet_hours=quiet))
    assert pause(state) == expected
    assert pause(succeed(state, unchanged())) == expected
    assert not politeness.is_due(state, SOURCE, now=NOW + expected - timedelta(minutes=1))
    assert politeness.is_due(state, SOURCE, now=NOW + expected)


def test_a_shorter_pace_of_the_user_keeps_to_the_hours_too() -> None:
    state = succeed(READ, page=Page(quiet_hours=(6 * 24 + 13,)))
    shorter = replace(SOURCE, every_s=900)
    assert not politeness.is_due(state, shorter, now=NOW + timedelta(minutes=90))
    assert politeness.is_due(state, shorter, now=NOW + 2 * HOUR)


def test_a_ttl_holds_while_the_document_is_the_same() -> None:
    state = succeed(READ, page=Page(ttl_s=10800))
    state = succeed(state, unchanged(), now=NOW + 3 * HOUR)
    assert pause(state, NOW + 3 * HOUR) == 3 * HOUR

    state = succeed(state, page=Page(), new=1, now=NOW + 6 * HOUR)
    assert state.ttl_s is None
    assert pause(state, NOW + 6 * HOUR) < 3 * HOUR


def test_validators_of_a_whole_body_are_taken_over() -> None:
    state = succeed(READ, document(etag='W/"new"', url="https://example.org/there"), page=Page())

    assert (state.etag, state.last_modified) == ('W/"new"', None)
    assert state.validators_url == "https://example.org/there"


def test_validators_of_a_broken_body_are_not() -> None:
    state = succeed(READ, document(etag='"new"'), page=Page(complete=False))

    assert (state.etag, state.last_modified) == ('"old"', "then")


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ({}, ('"old"', "then")),
        ({"etag": '"new"'}, ('"new"', "then")),
        ({"last_modified": "now"}, ('"old"', "now")),
        ({"etag": '"new"', "last_modified": "now"}, ('"new"', "now")),
        ({"etag": ""}, ("", "then")),
    ],
    ids=["none", "etag", "date", "both", "empty etag"],
)
def test_a_304_changes_only_the_validators_it_names(named: dict[str, str], expected: tuple[str, str]) -> None:
    state = succeed(READ, unchanged(**named))

    assert (state.etag, state.last_modified) == expected


def test_a_reading_without_items_keeps_the_count_and_the_last_new() -> None:
    state = succeed(replace(READ, last_new=NOW - DAY), page=Page())

    assert (state.item_count, state.last_new) == (10, NOW - DAY)


# --- after a failure --------------------------------------------------------------------------


def test_a_failure_keeps_everything_but_the_count() -> None:
    state = fail(READ, ParseError("bot-wall", "a bot wall"))

    assert (state.etag, state.last_modified, state.url, state.interval_s) == ('"old"', "then", URL, 3600)
    assert (state.failures, state.error_code, state.error_message) == (1, "bot-wall", "a bot wall")
    assert (state.last_success, state.last_failure, state.last_asked) == (NOW - 2 * HOUR, NOW, NOW)
    assert not state.ended


@pytest.mark.parametrize(
    ("code", "first", "longest"),
    [
        ("timeout", HOUR, DAY),
        ("http-500", HOUR, DAY),
        ("http-503", HOUR, DAY),
        ("bot-wall", HOUR, DAY),
        ("dns", HOUR / 4, DAY),
        ("connect", HOUR / 4, DAY),
        ("proxy", HOUR / 4, DAY),
        ("http-403", 4 * HOUR, DAY),
        ("http-429", 4 * HOUR, DAY),
        ("http-404", HOUR, 7 * DAY),
        ("robots", DAY, 7 * DAY),
        ("gone", DAY, 7 * DAY),
    ],
)
def test_the_pause_doubles_to_its_longest(code: str, first: timedelta, longest: timedelta) -> None:
    state, pauses = READ, []
    for _ in range(40):
        state = fail(state, code)
        pauses.append(pause(state))

    assert pauses[:2] == [first, 2 * first]
    assert pauses == sorted(pauses)
    assert pauses[-1] == longest


@pytest.mark.parametrize("jitter", [0.0, 0.5, 1.0])
def test_a_pauses_jitter_only_lengthens(jitter: float) -> None:
    assert HOUR <= pause(fail(READ, jitter=jitter)) <= 1.25 * HOUR
    assert pause(fail(replace(READ, failures=30), jitter=jitter)) == DAY


@pytest.mark.parametrize(
    ("asked_for", "failures", "expected"),
    [
        (timedelta(seconds=30), 0, HOUR / 4),
        (2 * HOUR, 0, 2 * HOUR),
        (2 * HOUR, 5, 8 * HOUR),
        (5 * DAY, 3, 5 * DAY),
        (30 * DAY, 0, 7 * DAY),
    ],
    ids=["a moment", "hours", "hours, again and again", "days", "a month"],
)
def test_retry_after_is_kept_to(asked_for: timedelta, failures: int, expected: timedelta) -> None:
    error = FetchError("http-429", "too many", status=429, retry_at=NOW + asked_for)

    assert pause(fail(replace(READ, failures=failures), error)) == expected


def test_a_blocked_host_is_no_failure_of_the_source() -> None:
    error = FetchError("host-blocked", "not now", retry_at=NOW + 3 * HOUR)
    state = fail(READ, error)

    assert (state.failures, state.error_code, pause(state)) == (0, None, 3 * HOUR)


def test_gone_ends_a_source() -> None:
    state = fail(READ, "gone")

    assert state.ended
    assert not politeness.is_due(state, SOURCE, now=NOW + 365 * DAY)


def test_a_dead_guess_of_the_catalog_does_not_end_its_source() -> None:
    guessed = replace(SOURCE, builtin=True)
    state = fail(FRESH, "gone", source=guessed)

    assert not state.ended
    assert politeness.is_due(state, guessed, now=NOW + 8 * DAY)
    assert fail(READ, "gone", source=guessed).ended
    assert fail(FRESH, "gone").ended


def test_a_built_in_source_never_reached_is_tried_up_to_a_week_apart() -> None:
    guessed = replace(SOURCE, builtin=True)
    state = FRESH
    for _ in range(12):
        state = fail(state, "dns", source=guessed)

    assert pause(state) == 7 * DAY
    assert pause(fail(replace(READ, failures=12), "dns", source=guessed)) == DAY


# --- is it due? -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "source", "expected"),
    [
        (FRESH, SOURCE, True),
        (replace(READ, next_due=NOW), SOURCE, True),
        (replace(READ, next_due=NOW - HOUR), SOURCE, True),
        (replace(READ, next_due=NOW + timedelta(seconds=1)), SOURCE, False),
        (replace(READ, next_due=NOW + 7 * DAY), SOURCE, False),
        (replace(READ, next_due=NOW + 8 * DAY), SOURCE, True),
        (replace(READ, next_due=NOW + HOUR, last_asked=NOW + 2 * HOUR), SOURCE, True),
        (replace(READ, next_due=NOW + HOUR, last_asked=NOW + HOUR), SOURCE, False),
        (replace(READ, next_due=NOW + HOUR, last_asked=None), SOURCE, False),
        (replace(READ, ended=True), SOURCE, False),
        (replace(READ, ended=True), replace(SOURCE, url="https://example.org/new"), True),
        (replace(READ, next_due=NOW + HOUR), replace(SOURCE, url="https://example.org/new"), True),
        (replace(READ, next_due=NOW + DAY), replace(SOURCE, every_s=3600), True),
        (replace(READ, next_due=NOW + DAY), replace(SOURCE, every_s=7260), True),
        (replace(READ, next_due=NOW + DAY), replace(SOURCE, every_s=10800), False),
        (
            replace(READ, next_due=NOW + DAY, fresh_until=NOW + DAY),
            replace(SOURCE, every_s=3600),
            False,
        ),
        (replace(READ, next_due=NOW + DAY, failures=1), replace(SOURCE, every_s=3600), False),
        (replace(READ, next_due=NOW + DAY, last_success=None), replace(SOURCE, every_s=3600), False),
    ],
    ids=[
        "never asked", "now", "past", "in a second", "in a week", "further than any pause",
        "asked in the future", "asked a little in the future", "never asked, but put off", "ended",
        "ended, new address", "not yet, new address", "every made shorter", "every just over",
        "every not over yet",
        "every, but still fresh", "every, but failing", "every, but never read",
    ],
)  # fmt: skip
def test_what_is_due(state: SourceState, source: Source, expected: bool) -> None:
    assert politeness.is_due(politeness.remembered(state, source), source, now=NOW) is expected


@pytest.mark.parametrize(
    "changed",
    [{"url": "https://example.org/new"}, {"kind": "page"}, {"what": "members"}, {"query": "titanium"}],
    ids=str,
)
def test_what_was_learned_of_another_configuration_does_not_hold(changed: dict[str, Any]) -> None:
    known = replace(
        politeness.remembered(READ, SOURCE), body_hash="x", backfilled=True, interval_s=7200, ended=True
    )
    state = politeness.remembered(known, replace(SOURCE, **changed))
    assert (state.url, state.kind, state.etag, state.body_hash, state.next_due) == (None,) * 5
    assert (state.backfilled, state.ended, state.item_count) == (False, False, 0)
    assert (state.last_success, state.interval_s) == (known.last_success, 7200)


def test_states_that_do_not_say_how_their_source_was_configured_hold() -> None:
    older = replace(READ, body_hash="x", configured_as=None)
    assert politeness.remembered(older, SOURCE) == replace(older, configured_as=SOURCE.configured_as)


@pytest.mark.parametrize("read_by", [None, politeness.READERS - 1, politeness.READERS + 1])
def test_what_another_version_read_is_asked_for_whole(read_by: int | None) -> None:
    state = politeness.remembered(replace(READ, read_by=read_by, index_etag='"i"'), SOURCE)
    assert (state.etag, state.last_modified, state.index_etag) == (None,) * 3
    assert replace(state, etag=READ.etag, last_modified=READ.last_modified) == replace(
        READ, read_by=read_by, configured_as=SOURCE.configured_as
    )


def test_two_syncs_a_minute_apart_ask_once() -> None:
    for source in (SOURCE, replace(SOURCE, every_s=900)):
        for state in (succeed(FRESH, source=source, page=Page()), fail(FRESH, "dns", source=source)):
            assert not politeness.is_due(state, source, now=NOW + timedelta(minutes=1))


@pytest.mark.parametrize("days", [7, 8, 30])
def test_a_source_read_every_so_many_days_waits_that_long(days: int) -> None:
    source = replace(SOURCE, every_s=days * 86400)
    state = succeed(FRESH, source=source, page=Page())
    assert not politeness.is_due(state, source, now=NOW + HOUR)
    assert not politeness.is_due(state, source, now=NOW + days * DAY - HOUR)
    assert politeness.is_due(state, source, now=NOW + days * DAY)


def test_a_source_that_never_wants_a_visit_is_not_asked_at_once_for_that() -> None:
    page = Page(quiet_hours=tuple(range(7 * 24)))
    assert not politeness.is_due(succeed(FRESH, page=page), SOURCE, now=NOW + HOUR)


@pytest.mark.parametrize("days", [1, 30, 3650])
def test_a_clock_put_back_wedges_nothing(days: int) -> None:
    state = succeed(FRESH, page=Page())

    assert politeness.is_due(state, SOURCE, now=NOW - days * DAY)


# --- headers ----------------------------------------------------------------------------------

DATE = "Sun, 22 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "ttl_s", "seconds"),
    [
        ({}, None, None),
        ({}, 3600, 3600),
        ({}, 0, None),
        ({}, 1, 1),
        ({}, 10**12, 86400),
        ({"cache-control": "max-age=600"}, None, 600),
        ({"cache-control": "public, MAX-AGE = 600"}, None, 600),
        ({"cache-control": 'max-age="600"'}, None, 600),
        ({"cache-control": "s-maxage=9999"}, None, None),
        ({"cache-control": "max-age=99999999999"}, None, 86400),
        ({"cache-control": "max-age=0"}, None, None),
        ({"cache-control": "max-age=-5"}, None, None),
        ({"cache-control": "max-age=soon"}, None, None),
        ({"cache-control": "max-age=0"}, 7200, 7200),
        ({"cache-control": "max-age=600"}, 7200, 7200),
        ({"cache-control": "max-age=7200"}, 600, 7200),
        ({"cache-control": "no-cache"}, None, None),
        ({"cache-control": "no-store, max-age=600"}, None, None),
        ({"cache-control": "no-cache"}, 7200, 7200),
        ({"cache-control": 'no-cache="set-cookie", max-age=600'}, None, 600),
        ({"cache-control": "max-age=600", "age": "100"}, None, 500),
        ({"cache-control": "max-age=600", "age": "700"}, None, None),
        ({"cache-control": "max-age=600", "age": "old"}, None, 600),
        ({"cache-control": "max-age=600", "expires": "Mon, 23 Nov 2026 12:00:00 GMT"}, None, 600),
        ({"expires": "Sun, 22 Nov 2026 14:00:00 GMT"}, None, 7200),
        ({"expires": "Sun, 22 Nov 2026 14:00:00 GMT", "date": "Sun, 22 Nov 2026 13:00:00 GMT"}, None, 3600),
        ({"expires": "Sun, 22 Nov 2026 14:00:00 GMT", "date": "today"}, None, 7200),
        ({"expires": "Sun, 22 Nov 2026 14:00:00"}, None, 7200),
        ({"expires": "Sun, 22 Nov 2020 14:00:00 GMT"}, None, None),
        ({"expires": "0"}, None, None),
        ({"expires": "-1"}, None, None),
        ({"expires": "Sun, 22 Nov 2096 14:00:00 GMT"}, None, 86400),
    ],
    ids=str,
)
def test_freshness(headers: dict[str, str], ttl_s: int | None, seconds: int | None) -> None:
    expected = None if seconds is None else NOW + timedelta(seconds=seconds)

    assert politeness.freshness(headers, ttl_s, now=NOW) == expected


@pytest.mark.parametrize(
    ("value", "date", "seconds"),
    [
        ("120", None, 120),
        (" 120 ", None, 120),
        ("0", None, None),
        ("1", None, 1),
        ("-5", None, None),
        ("1.5", None, None),
        ("soon", None, None),
        ("", None, None),
        ("٣", None, None),
        ("9" * 400, None, 7 * 86400),
        ("Sun, 22 Nov 2026 13:00:00 GMT", None, 3600),
        ("Sun, 22 Nov 2026 13:00:00 GMT", DATE, 3600),
        ("Sun, 22 Nov 2026 13:00:00 GMT", "Sun, 22 Nov 2026 12:30:00 GMT", 1800),
        ("Sunday, 22-Nov-26 13:00:00 GMT", None, 3600),
        ("Sun Nov 22 13:00:00 2026", None, 3600),
        ("Sun, 22 Nov 2026 14:00:00 +0100", None, 3600),
        ("Sun, 22 Nov 2026 11:00:00 GMT", None, None),
        ("Thu, 22 Nov 2096 13:00:00 GMT", None, 7 * 86400),
        ("Sun, 99 Nov 2026 13:00:00 GMT", None, None),
        ("Mon, 01 Jan 0001 00:00:00 +2359", None, None),
    ],
    ids=lambda each: str(each)[:32],
)
def test_retry_after(value: str, date: str | None, seconds: int | None) -> None:
    headers = {"retry-after": value} | ({"date": date} if date else {})
    expected = None if seconds is None else NOW + timedelta(seconds=seconds)

    assert politeness.retry_after(headers, now=NOW) == expected


def test_without_the_header_there_is_no_retry_after() -> None:
    assert politeness.retry_after({}, now=NOW) is None
