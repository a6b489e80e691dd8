"""Lengths of time and ages: what is read, and what is refused with a sentence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hubwatch.text.ages import format_duration, parse_duration, parse_since, parse_until

NOW = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("15min", 900),
        ("6h", 21_600),
        ("1d", 86_400),
        ("2w", 1_209_600),
        (" 90 Min ", 5_400),
        ("6 hours", 21_600),
        ("0h", 0),
    ],
)
def test_lengths_of_time_become_seconds(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "6", "h", "6x", "-6h", "6.5h", "3m", "1y", "six hours", "9999999999d", "6h6h"]
)
def test_other_words_are_no_length_of_time(text: str) -> None:
    with pytest.raises(ValueError):
        parse_duration(text)


@pytest.mark.parametrize("text", ["15min", "6h", "90min", "1d", "2w", "8d", "0min"])
def test_a_length_of_time_is_written_as_it_was_read(text: str) -> None:
    assert format_duration(parse_duration(text)) == text


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("36h", NOW - timedelta(hours=36)),
        ("7d", NOW - timedelta(days=7)),
        ("2w", NOW - timedelta(days=14)),
        ("1m", datetime(2026, 2, 28, 12, 0, tzinfo=UTC)),
        ("3m", datetime(2025, 12, 31, 12, 0, tzinfo=UTC)),
        ("1y", datetime(2025, 3, 31, 12, 0, tzinfo=UTC)),
        ("2Y", datetime(2024, 3, 31, 12, 0, tzinfo=UTC)),
        ("9999y", datetime(1, 1, 1, tzinfo=UTC)),
        ("2026-01-15", datetime(2026, 1, 15, tzinfo=UTC)),
        ("1900-01-01", datetime(1900, 1, 1, tzinfo=UTC)),
        ("2026-01-15T08:00:00-05:00", datetime(2026, 1, 15, 13, 0, tzinfo=UTC)),
        ("2026-01-15 08:00", datetime(2026, 1, 15, 8, 0, tzinfo=UTC)),
        ("2026-01-15T08:00:00Z", datetime(2026, 1, 15, 8, 0, tzinfo=UTC)),
        ("today", datetime(2026, 3, 31, tzinfo=UTC)),
        ("yesterday", datetime(2026, 3, 30, tzinfo=UTC)),
        ("now", NOW),
    ],
)
def test_ages_and_dates_become_moments(text: str, moment: datetime) -> None:
    assert parse_since(text, now=NOW) == moment


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-13-01", "2026-02-30", "01/15/2026", "7", "-7d", "20260115", "7d ago"]
)
def test_other_words_are_no_moment(text: str) -> None:
    with pytest.raises(ValueError, match="neither a date"):
        parse_since(text, now=NOW)


def test_until_a_date_includes_that_day() -> None:
    assert parse_until("2026-01-15", now=NOW) > datetime(2026, 1, 15, 23, 59, 59, tzinfo=UTC)
    assert parse_until("7d", now=NOW) == NOW - timedelta(days=7)
