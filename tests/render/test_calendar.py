"""The calendar: days, alarms, lines that no reader trips over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest

from hubwatch.models import Digest, Item, Match
from hubwatch.render import calendar

NOW = datetime(2026, 3, 16, 7, 0, tzinfo=UTC)


@pytest.fixture
def events() -> Callable[..., list[Any]]:
    """Make a calendar of one item, and read its events back."""

    def read(**given: Any) -> list[Any]:
        usual = {
            "id": "a1", "source": "s", "title": "t", "published": NOW, "first_seen": NOW, "updated": NOW,
            "effective": NOW, "kind": "call",
        }  # fmt: skip
        match = Match(item=Item(**(usual | given)), score=0.5)
        text = calendar.render(Digest(title="Calls", created=NOW, ranked=(match,)))
        return list(icalendar.Calendar.from_ical(text).walk("VEVENT"))

    return read


def test_a_deadline_is_a_whole_day_that_blocks_no_time(events: Callable[..., list[Any]]) -> None:
    (event,) = events(deadline=date(2026, 12, 31))
    assert (event.start, event.end) == (date(2026, 12, 31), date(2027, 1, 1))
    assert event["TRANSP"] == "TRANSPARENT"
    assert event["UID"] == "a1-deadline@hubwatch"


def test_alarms_ring_in_the_morning_some_days_before(events: Callable[..., list[Any]]) -> None:
    (event,) = events(deadline=date(2026, 4, 20))
    assert [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")] == [
        timedelta(days=-14, hours=9),
        timedelta(days=-3, hours=9),
    ]


@pytest.mark.parametrize(("due", "alarms"), [(30, 2), (29, 1), (19, 1), (18, 0), (16, 0)])
def test_an_alarm_that_would_be_over_is_left_out(
    events: Callable[..., list[Any]], due: int, alarms: int
) -> None:
    (event,) = events(deadline=date(2026, 3, due), title="Castings")
    assert len(event.walk("VALARM")) == alarms
    assert all(alarm["DESCRIPTION"] == f"Due Mar {due}: Castings" for alarm in event.walk("VALARM"))


def test_what_is_over_has_no_alarm(events: Callable[..., list[Any]]) -> None:
    (event,) = events(deadline=date(2026, 3, 15))
    assert not event.walk("VALARM")


def test_text_comes_back_as_it_was(events: Callable[..., list[Any]]) -> None:
    title = "A; b, c\\n \\ d: “é” 日本 🚀 " + "x" * 200
    (event,) = events(deadline=date(2026, 4, 20), title=title, summary="One;\ntwo,\\three")
    assert event["SUMMARY"] == f"Due: {title}"
    assert "One;\ntwo,\\three" in event["DESCRIPTION"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Meets May 9 in Chico.", date(2026, 5, 9), id="this year"),
        pytest.param("Begins January 11.", date(2027, 1, 11), id="next year"),
        pytest.param("From July 31 to Aug. 4.", date(2026, 7, 31), id="the first day"),
        pytest.param("On October 4, 2026.", date(2026, 10, 4), id="with its year"),
        pytest.param("They met on January 15, 2026.", None, id="it was before"),
        pytest.param("They met on March 2.", None, id="it has just been"),
        pytest.param("Registration runs until April 2.", None, id="only the deadline"),
        pytest.param("In May 2026.", None, id="only a month"),
        pytest.param("In Detroit.", None, id="no day"),
    ],
)
def test_events_stand_on_the_day_that_they_are_held(
    text: str, expected: date | None, events: Callable[..., list[Any]]
) -> None:
    found = events(kind="event", title="Summit", summary=text, deadline=date(2026, 4, 2))
    assert found[0]["SUMMARY"] == "Due: Summit"
    assert [event.start for event in found[1:]] == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Meets May 9-11, 2026 in Chico.", date(2026, 5, 9), date(2026, 5, 11)),
        ("Meets May 30 to June 2, 2026 in Chico.", date(2026, 5, 30), date(2026, 6, 2)),
        ("Meets Dec. 7-9 in Chico.", date(2026, 12, 7), date(2026, 12, 9)),
        ("Meets 9–11 June 2026 in Chico.", date(2026, 6, 9), date(2026, 6, 11)),
        ("Meets December 30, 2026 - January 2, 2027.", date(2026, 12, 30), date(2026, 12, 30)),
        ("Meets May 9, 2026, 10-11 a.m.", date(2026, 5, 9), date(2026, 5, 9)),
        ("Meets 5/9/2026 in Chico.", date(2026, 5, 9), date(2026, 5, 9)),
    ],
)
def test_events_last_as_long_as_is_written(
    text: str, first: date, last: date, events: Callable[..., list[Any]]
) -> None:
    (event,) = events(kind="event", title="Summit", summary=text)
    assert (event.start, event.end) == (first, last + timedelta(days=1))


def test_calls_are_not_held(events: Callable[..., list[Any]]) -> None:
    assert events(kind="call", summary="Meets May 9 in Chico.") == []


@pytest.mark.parametrize("text", ["", "x", "é" * 300, "🚀" * 100, "a" * 74 + "é" + "b" * 80])
def test_folded_lines_are_short_and_come_back(text: str) -> None:
    pieces = list(calendar.fold(text))
    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == text


@pytest.mark.parametrize("due", [None, date(2026, 4, 20)], ids=["nothing", "a deadline"])
def test_a_calendar_holds_something_and_publishes_only_events(due: date | None) -> None:
    item = Item(id="a1", source="s", title="t", first_seen=NOW, updated=NOW, effective=NOW, deadline=due)
    shown = Digest(title="Calls", created=NOW, ranked=(Match(item=item, score=0.5),))
    read = icalendar.Calendar.from_ical(calendar.render(shown))
    assert read.subcomponents
    assert all(not part.errors for part in read.walk())
    assert all(not part.required or set(part.required) <= set(part) for part in read.walk())
    assert len(read.events) == (due is not None)
    assert ("METHOD" in read) == (due is not None)
    for zone in read.timezones:
        assert zone.to_tz().utcoffset(NOW) == timedelta(0)


def test_every_line_ends_with_crlf(digest: Digest) -> None:
    text = calendar.render(digest)
    assert text.endswith("END:VCALENDAR\r\n")
    assert text.count("\n") == text.count("\r\n") == text.count("\r")


def test_the_same_item_makes_the_same_event_on_another_day(digest: Digest) -> None:
    later = replace(digest, created=digest.created + timedelta(days=1))
    assert calendar.render(digest) == calendar.render(later)
