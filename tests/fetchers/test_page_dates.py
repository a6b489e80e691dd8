"""Dates in the text of pages: which are found, what they mean, and what is none."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

import pytest

from hubwatch.fetchers import page_dates

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("November 3, 2025", "2025-11-03"),
        ("Nov 3 2025", "2025-11-03"),
        ("Nov. 3rd, 2025", "2025-11-03"),
        ("NOV 3, 2025", "2025-11-03"),
        ("Posted on Monday, 3 November 2025 at 10:24", "2025-11-03"),
        ("3rd of November 2025", "2025-11-03"),
        ("03-Nov-25", "2025-11-03"),
        ("3. November 2025", "2025-11-03"),
        ("3 de noviembre de 2025", "2025-11-03"),
        ("3 novembre 2025", "2025-11-03"),
        ("2025-11-03", "2025-11-03"),
        ("2025-11-03T10:00:00Z", "2025-11-03"),
        ("2025.11.3", "2025-11-03"),
        ("2025年11月3日", "2025-11-03"),
        ("11/03/2025", "2025-11-03"),
        ("11/3/25", "2025-11-03"),
        ("25/10/2025", "2025-10-25"),
        ("Nov 3 '25", "2025-11-03"),
        ("November 3-5, 2025", "2025-11-03"),
        ("17 Dec 2025", "2025-12-17"),
        ("Amsterdam, 09 May 2019", "2019-05-09"),
        ("2 days ago", "2026-02-27"),
        ("3 hours ago", "2026-03-01"),
        ("a week ago", "2026-02-22"),
        ("Yesterday", "2026-02-28"),
    ],
)
def test_dates_are_found(text: str, day: str) -> None:
    found = page_dates.find(text, now=NOW)
    assert [one.as_day() for one in found] == [date.fromisoformat(day)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Version 1.2.3.4",
        "Release 1.12.56",
        "Call 555-123-4567",
        "31 February 2025",
        "13/13/2025",
        "Room 2025-3",
        "May we help you",
        "3 marches",
        "Fiscal year 2025",
        "November 2025",
        "November 3",
        "$1,200,000",
        "10:24",
        "Founded 3 March 1492",
    ],
)
def test_what_is_no_day(text: str) -> None:
    assert not any(one.as_day() for one in page_dates.find(text, now=NOW))


def test_a_day_without_a_year_takes_the_one_above() -> None:
    (found,) = page_dates.find("Nov 3", now=NOW)
    assert found.as_day() is None
    assert found.as_day(year=2024) == date(2024, 11, 3)


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.example.com/2025/11/03/title/", "2025-11-03"),
        ("https://a.example.com/news/2025-11-03-title", "2025-11-03"),
        ("https://a.example.com/pdf/20251103_release.pdf", "2025-11-03"),
        ("https://a.example.com/2025/11/title/", None),
        ("https://a.example.com/?p=20251399", None),
        ("https://a.example.com/1234567890123", None),
    ],
)
def test_days_in_addresses(url: str, day: str | None) -> None:
    assert page_dates.in_address(url, now=NOW) == (date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(
    ("texts", "language", "is_day_first"),
    [
        (("11/03/2025",), "en", False),
        (("11/03/2025",), "en-GB", True),
        (("11/03/2025",), "de", True),
        (("11.03.2025",), "en", True),
        (("11/03/2025", "25/02/2025"), "en", True),
        (("11.03.2025", "09.27.2010"), "", False),
    ],
)
def test_what_stands_first(texts: tuple[str, ...], language: str, is_day_first: bool) -> None:
    found = [one for text in texts for one in page_dates.find(text, now=NOW)]
    assert page_dates.is_day_first(found, language) is is_day_first


@pytest.mark.parametrize("text", ["1/1/" * 100_000, "may 3 " * 50_000, "2025-" * 50_000, "3 " * 200_000])
def test_long_texts_end_soon(text: str) -> None:
    started = time.process_time()
    page_dates.find(text[:20_000], now=NOW)
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("August 29 – September 2, 2016", date(2016, 8, 29)),
        ("9. June - 11. June 2010", date(2010, 6, 9)),
        ("Dec. 30 to Jan. 2, 2025", date(2024, 12, 30)),
        ("18./19. September 2009", date(2009, 9, 18)),
        ("Open March 1 until April 15, 2025", date(2025, 3, 1)),
        ("January 25 and 26, 2022", date(2022, 1, 25)),
        ("5. bis 7. Juni 2025", date(2025, 6, 5)),
        ("November 30 and December 2, 2020", date(2020, 11, 30)),
    ],
)
def test_a_span_begins_on_its_first_day(text: str, day: date) -> None:
    assert [one.as_day() for one in page_dates.find(text, now=NOW)] == [day]


def test_two_whole_dates_stay_two() -> None:
    found = page_dates.find("March 1, 2025 - April 15, 2025", now=NOW)
    assert [one.as_day() for one in found] == [date(2025, 3, 1), date(2025, 4, 15)]


@pytest.mark.parametrize(
    "text", ["Today, 14:30", "Yesterday at 2 pm", "Yesterday | News", "today by us", "Today Press Release"]
)
def test_a_near_day_may_have_company(text: str) -> None:
    assert len(page_dates.find(text, now=NOW)) == 1


def test_a_sentence_that_begins_with_yesterday_has_no_date() -> None:
    assert page_dates.find("Yesterday the director of the lab", now=NOW) == ()
