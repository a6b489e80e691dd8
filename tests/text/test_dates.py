"""A publisher's date to an aware UTC time, or None."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubwatch.text import dates

NOW = datetime(2025, 11, 20, 12, tzinfo=UTC)

READ = {
    # as feeds write them
    "Mon, 03 Nov 2025 10:00:00 GMT": "2025-11-03T10:00:00",
    "Mon, 3 Nov 2025 10:00:00 +0100": "2025-11-03T09:00:00",
    "3 Nov 2025 10:00 -0000": "2025-11-03T10:00:00",
    "Mon, 03 Nov 2025 10:00:00 EST": "2025-11-03T15:00:00",
    "Mon, 03 Nov 2025 10:00:00 CET": "2025-11-03T09:00:00",
    "Thu, 03 Jul 2025 10:00:00 CEST": "2025-07-03T08:00:00",
    "Thu, 03 Jul 2025 10:00:00 BST": "2025-07-03T09:00:00",
    "Mon, 03 Nov 2025 10:00:00 JST": "2025-11-03T01:00:00",
    "Mon, 03 Nov 2025 10:00:00 IST": "2025-11-03T04:30:00",
    "Mon, 03 Nov 2025 10:00:00 AEST": "2025-11-03T00:00:00",
    "Mon, 03 Nov 2025 10:00:00 Z": "2025-11-03T10:00:00",
    "Mon, 03 Nov 2025 10:00:00 ET": "2025-11-03T15:00:00",
    "Thu, 03 Jul 2025 10:00:00 ET": "2025-07-03T14:00:00",
    "Mon, 03 Nov 2025 10:00:00 Europe/Berlin": "2025-11-03T10:00:00",
    "Mon, 03 Nov 2025 03:09:00 PM EST": "2025-11-03T20:09:00",
    "Mon, 03 Nov 2025 12:30 AM": "2025-11-03T00:30:00",
    "Mon, 03 Nov 2025 24:00:00 GMT": "2025-11-04T00:00:00",
    "Mon, 03 Nov 2025 23:59:60 GMT": "2025-11-03T23:59:59",
    "Mon, 03 Nov 25 10:00:00 GMT": "2025-11-03T10:00:00",
    "Mon, 03 Nov 97 10:00:00 GMT": "1997-11-03T10:00:00",
    "Mon, 3 November 2025 10:00:00 PST": "2025-11-03T18:00:00",
    "Mon,  3  Nov 2025 10:00:00 GMT ": "2025-11-03T10:00:00",
    # ISO 8601
    "2025-11-03": "2025-11-03T00:00:00",
    "20251103": "2025-11-03T00:00:00",
    "20251103T100000Z": "2025-11-03T10:00:00",
    "2025-11-03T10:00:00Z": "2025-11-03T10:00:00",
    "2025-11-03t10:00:00z": "2025-11-03T10:00:00",
    "2025-11-03T10:00:00+01:00": "2025-11-03T09:00:00",
    "2025-11-03T10:00+01": "2025-11-03T09:00:00",
    "2025-11-03T10:00:00-0500": "2025-11-03T15:00:00",
    "2025-11-03T10:00:00.123456789Z": "2025-11-03T10:00:00.123456",
    "2025-11-03T10:00:00,5Z": "2025-11-03T10:00:00.500000",
    "2025-11-03 10:00:00": "2025-11-03T10:00:00",
    "2025-11-03 10:00:00 +0000": "2025-11-03T10:00:00",
    "2025-11-03 10:00:00 UTC": "2025-11-03T10:00:00",
    "2025-11-03 10:00:00 EST": "2025-11-03T15:00:00",
    "2025-11": "2025-11-01T00:00:00",
    # numbers
    "1762164000": "2025-11-03T10:00:00",
    "1762164000.5": "2025-11-03T10:00:00",
    "1762164000000": "2025-11-03T10:00:00",
    "20251103101500": "2025-11-03T10:15:00",
    "2020/12/31": "2020-12-31T00:00:00",
    "2025.11.03": "2025-11-03T00:00:00",
    "03/11/2025": "2025-03-11T00:00:00",
    "13/11/2025": "2025-11-13T00:00:00",
    "03.11.2025": "2025-11-03T00:00:00",
    "11/03/25": "2025-11-03T00:00:00",
    "11/3/2025 3:09:00 PM": "2025-11-03T15:09:00",
    # as people write them
    "Friday, December 22, 2017 - 3:09pm": "2017-12-22T15:09:00",
    "Nov. 16, 2020, 10:57 a.m.": "2020-11-16T10:57:00",
    "Nov. 16, 2020, noon": "2020-11-16T00:00:00",
    "July 4, 2025 5:00 PM ET": "2025-07-04T21:00:00",
    "Sept. 5, 2025 at 9 am": "2025-09-05T09:00:00",
    "Nov 3, '25": "2025-11-03T00:00:00",
    "03-Nov-25": "2025-11-03T00:00:00",
    "03-Nov-2025 10:00": "2025-11-03T10:00:00",
    "03Nov2025": "2025-11-03T00:00:00",
    "Monday 3rd November 2025": "2025-11-03T00:00:00",
    "the 3rd of November, 2025": "2025-11-03T00:00:00",
    "Posted on Nov 3, 2025 by the press office": "2025-11-03T00:00:00",
    "November 3-5, 2025": "2025-11-03T00:00:00",
    "October 30 - November 2, 2025": "2025-10-30T00:00:00",
    "November 2025": "2025-11-01T00:00:00",
    "Mon Nov  3 10:00:00 EST 2025": "2025-11-03T15:00:00",
    "Mon Nov 03 10:00:00 2025": "2025-11-03T10:00:00",
    "Mon Nov 03 2025 10:00:00 GMT+0100 (Central European Standard Time)": "2025-11-03T09:00:00",
    "2025 November 3": "2025-11-03T00:00:00",
    "3 days ago": "2025-11-17T00:00:00",
    "yesterday": "2025-11-19T00:00:00",
    "3 hours ago": "2025-11-20T09:00:00",
    # other languages
    "3. November 2025": "2025-11-03T00:00:00",
    "12. März 2024, 14:30 Uhr": "2024-03-12T14:30:00",
    "lundi 3 novembre 2025 - 10h00": "2025-11-03T10:00:00",
    "1er août 2025": "2025-08-01T00:00:00",
    "3 de noviembre de 2025": "2025-11-03T00:00:00",
    "15 ene. 2025": "2025-01-15T00:00:00",
    "3 de outubro de 2025 às 15h30": "2025-10-03T15:30:00",
    "3 luglio 2025": "2025-07-03T00:00:00",
    "2025年11月3日": "2025-11-03T00:00:00",
    "vor 3 Tagen": "2025-11-17T00:00:00",
    "il y a 2 semaines": "2025-11-06T00:00:00",
}


@pytest.mark.parametrize(("value", "expected"), READ.items(), ids=READ.keys())
def test_a_date_is_read_as_utc(value: str, expected: str) -> None:
    assert dates.parse(value, now=NOW) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "  ",
        "soon",
        "Wednesday",
        "12:30",
        "Nov 3",
        "2025",
        "Spring 2025",
        "31 Feb 2025",
        "2025-11-31",
        "Mon, 32 Nov 2025 10:00:00 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "0000-00-00 00:00:00",
        "0001-01-01T00:00:00Z",
        "Sun, 30 Nov -0001 00:00:00 +0000",
        "Wed, 02 Jan 1762 00:00:00 GMT",
        "9" * 400,
        "12345678901",
        "Project 23-01",
        "version 1.2.3",
        "x" * 10_000,
    ],
)
def test_what_is_no_full_date_stays_unknown(value: str | None) -> None:
    assert dates.parse(value, now=NOW) is None


def test_the_far_future_is_no_date_of_publication() -> None:
    assert dates.parse("2025-11-21T18:00:00Z", now=NOW) == datetime(2025, 11, 21, 18, tzinfo=UTC)
    assert dates.parse("2025-11-23", now=NOW) is None
    assert dates.parse("2026-03-01", now=NOW) is None


def test_deadlines_may_lie_ahead_but_not_without_end() -> None:
    assert dates.parse("January 15, 2027", now=NOW, allow_future=True) == datetime(2027, 1, 15, tzinfo=UTC)
    assert dates.parse("2099-01-01", now=NOW, allow_future=True) is None


def test_day_first_is_believed_unless_impossible() -> None:
    assert dates.parse("03/11/2025", now=NOW, day_first=True) == datetime(2025, 11, 3, tzinfo=UTC)
    assert dates.parse("10/31/2025", now=NOW, day_first=True) == datetime(2025, 10, 31, tzinfo=UTC)
    assert dates.parse("03.11.2025", now=NOW, day_first=False) == datetime(2025, 3, 11, tzinfo=UTC)


FOUND = {
    "Deadline Nov 3, 2025 and 5 December 2025": ["2025-11-03 day", "2025-12-05 day"],
    "https://a.org/news/2025/11/03/slug/": ["2025-11-03 day"],
    "https://a.org/2025/11/slug/": ["2025-11-01 month"],
    "/2025-11-03-slug.html": ["2025-11-03 day"],
    "/img/20251103-x.png": ["2025-11-03 day"],
    "May 21-23, 2024": ["2024-05-21 day"],
    "Posted 2 days ago": ["2025-11-18 day"],
    "11/03/2025": ["2025-11-03 day"],
    "News 3.11.2025 Text": ["2025-11-03 day"],
    "News 03.11.25": ["2025-11-03 day"],
    "in March 2024": ["2024-03-01 month"],
    "10/2025": ["2025-10-01 month"],
    "Archive 2025": ["2025-01-01 year"],
    "Nov 3": [],
    "Project Call 23-01": [],
    "Project 23-01-24": [],
    "version 1.2.25": [],
    "call 555-1234 or +1 202 555 0100": [],
    "sold out 2025": ["2025-01-01 year"],
    "$11.75 million for 2,025 firms": [],
    "page 2025 of the long and winding report that goes on": [],
}


@pytest.mark.parametrize(("text", "expected"), FOUND.items(), ids=FOUND.keys())
def test_dates_are_found_in_text(text: str, expected: list[str]) -> None:
    found = dates.find(text, now=NOW)
    assert [f"{f.when.date()} {f.precision}" for f in found] == expected


def test_a_year_from_a_heading_completes_a_day() -> None:
    assert [f.when.date().isoformat() for f in dates.find("Nov 3 – News", now=NOW, year=2023)] == [
        "2023-11-03"
    ]
    assert [f.when.date().isoformat() for f in dates.find("3. März", now=NOW, year=2023)] == ["2023-03-03"]


def test_the_span_is_that_of_the_original_text() -> None:
    text = "Zürich, 3. März 2025: News"
    (found,) = dates.find(text, now=NOW)
    assert text[slice(*found.span)] == "3. März 2025"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 days ago", "2025-11-17T00:00:00+00:00"),
        ("an hour ago", "2025-11-20T11:00:00+00:00"),
        ("2 weeks ago.", "2025-11-06T00:00:00+00:00"),
        ("Gestern", "2025-11-19T00:00:00+00:00"),
        ("Soon", None),
        ("99999999 years ago", None),
    ],
)
def test_ages_are_relative_to_now(text: str, expected: str | None) -> None:
    assert dates.relative(text, now=NOW) == (datetime.fromisoformat(expected) if expected else None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("January 15, 2026 11:59 PM ET", "2026-01-15"),
        ("01/15/2026", "2026-01-15"),
        ("2026-01-15T23:00:00-05:00", "2026-01-15"),
        ("2099-01-15", None),
        ("rolling", None),
        (None, None),
    ],
)
def test_a_deadline_is_the_day_in_its_own_zone(text: str | None, expected: str | None) -> None:
    assert dates.parse_day(text, now=NOW) == (date.fromisoformat(expected) if expected else None)


@given(
    st.text(max_size=60)
    | st.from_regex(r"[A-Za-z]{3}, \d{1,2} [A-Z][a-z]{2} \d{2,4} [\d:]{3,8} [A-Z+\-0-9]{1,5}")
)
def test_no_text_raises_and_no_date_is_out_of_bounds(text: str) -> None:
    when = dates.parse(text, now=NOW)
    assert when is None or datetime(1990, 1, 1, tzinfo=UTC) <= when <= NOW + timedelta(days=2)
    dates.find(text, now=NOW)


@given(st.datetimes(min_value=datetime(1990, 1, 2), max_value=datetime(2025, 11, 1)))  # noqa: DTZ001 zone added below
def test_every_usual_shape_of_one_time_is_read_the_same(naive: datetime) -> None:
    when = naive.replace(microsecond=0, tzinfo=UTC)
    for shape in (
        "%a, %d %b %Y %H:%M:%S GMT",
        "%Y-%m-%dT%H:%M:%SZ",
        "%B %d, %Y %I:%M:%S %p",
        "%d %b %Y %H:%M:%S +0000",
    ):
        text = when.strftime(shape).replace(f" {when.year} ", f" {when.year:04} ")
        assert dates.parse(text, now=NOW) == when, text
