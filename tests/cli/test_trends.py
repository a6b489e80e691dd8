"""hubwatch trends: numbers over time, with the empty stretches, by what was asked."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hubwatch.models import Tag
from hubwatch.render import words

NOW = datetime.now(UTC)


@pytest.fixture
def filled(stored: Callable[..., None]) -> None:
    def given(title: str, days: float, *topics: str, **more: object) -> dict[str, object]:
        tags = tuple(Tag(topic=topic, score=0.8) for topic in topics)
        return {"title": title, "published": NOW - timedelta(days=days), "tags": tags, **more}

    stored(
        given("one", 0, "lightweight", "additive", kind="call"),
        given("two", 1, "lightweight"),
        given("three", 200, "lightweight", source="america-makes"),
        given("four", 3000, "additive"),
        {"title": "undated", "published": None, "first_seen": NOW, "updated": NOW,
         "effective": datetime(1900, 1, 1, tzinfo=UTC), "tags": (Tag(topic="additive", score=0.9),)},
    )  # fmt: skip


def totals(rows: list[dict[str, Any]]) -> dict[str, int]:
    return {row["key"]: row["total"] for row in rows}


def test_a_limit_of_none_is_not_taken_for_nothing_found(filled: None, hubwatch: Callable[..., Any]) -> None:
    said = hubwatch("trends", "--limit", "0")
    assert (said.code, said.out, said.err) == (0, "", "2 more; --limit shows more\n")


def test_the_last_year_by_topic_and_month(filled: None, hubwatch: Callable[..., Any]) -> None:
    rows = hubwatch("trends", "--json").json
    assert totals(rows) == {"lightweight": 3, "additive": 1}
    assert list(rows[0]) == ["key", "name", "by", "bucket", "total", "counts"]
    assert rows[0]["name"] == "Lightweight metals"
    assert rows[0]["counts"][-1]["start"] == f"{NOW:%Y-%m}-01"
    assert sum(count["items"] for count in rows[0]["counts"]) == 3
    assert [c["start"] for c in rows[0]["counts"]] == [c["start"] for c in rows[1]["counts"]]


def test_empty_months_are_there(filled: None, hubwatch: Callable[..., Any]) -> None:
    counts = hubwatch("trends", "--json").json[0]["counts"]
    assert 7 <= len(counts) <= 8
    assert counts[2]["items"] == 0


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        pytest.param(("--by", "kind"), {"call": 1, "other": 2}, id="by kind"),
        pytest.param(("--by", "state"), {"MI": 2, "OH": 1}, id="by state"),
        pytest.param(("--by", "hub"), {"lift": 2, "america-makes": 1}, id="by hub"),
        pytest.param(("--topic", "additive"), {"additive": 1}, id="a topic without its companions"),
        pytest.param(("--since", "7d"), {"lightweight": 2, "additive": 1}, id="since"),
        pytest.param(("--kind", "call", "--by", "hub"), {"lift": 1}, id="kind"),
        pytest.param(("--since", "1900-01-01"), {"lightweight": 3, "additive": 2}, id="never the undated"),
        pytest.param(("--min-score", "0.99"), {}, id="least score"),
        pytest.param(("--min-score", "0.3"), {"lightweight": 3, "additive": 1}, id="low least score"),
        pytest.param(("--limit", "1"), {"lightweight": 3}, id="limit"),
    ],
)
def test_what_counts(args: Any, expected: Any, filled: None, hubwatch: Callable[..., Any]) -> None:
    assert totals(hubwatch("trends", "--json", *args).json) == expected


def test_a_week_is_counted_by_day_and_the_user_may_say_otherwise(
    filled: None, hubwatch: Callable[..., Any]
) -> None:
    assert hubwatch("trends", "--since", "7d", "--json").json[0]["bucket"] == "day"
    assert hubwatch("trends", "--since", "7d", "--bucket", "week", "--json").json[0]["bucket"] == "week"


def test_the_drawing_fits_and_is_plain_in_a_pipe(filled: None, hubwatch: Callable[..., Any]) -> None:
    said = hubwatch("trends")
    assert said.code == 0
    assert "\x1b" not in said.out
    assert "Lightweight metals" in said.out
    assert "█" in said.out
    assert max(map(len, said.out.splitlines())) <= 80


def test_the_screen_says_which_time_it_covers(filled: None, hubwatch: Callable[..., Any]) -> None:
    first = NOW.replace(day=1) - timedelta(days=330)
    heading = hubwatch("trends", "--by", "kind").out.splitlines()[0]
    since = words.day(first.replace(day=1).date(), today=NOW.date())
    assert heading.startswith(f"Items by kind · {since} to {NOW:%b} {NOW.day}")
    assert f" to {NOW:%b} {NOW.day}" in hubwatch("trends", "--since", "7d").out.splitlines()[0]


def test_a_reader_that_is_gone_ends_it_as_it_ends_the_others(filled: None, home: Any) -> None:
    read, write = os.pipe()
    os.close(read)
    with subprocess.Popen(
        [sys.executable, "-m", "hubwatch", "--db", str(home.db), "trends"],
        stdout=write,
        stderr=subprocess.PIPE,
    ) as process:
        os.close(write)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")


def test_nothing_to_draw_says_what_to_do(hubwatch: Callable[..., Any], stored: Callable[..., None]) -> None:
    stored({"title": "old"})
    assert "--since" in hubwatch("trends").out
    assert hubwatch("trends", "--json").json == []


@pytest.mark.parametrize(
    ("args", "message"),
    [(("--by", "hubs"), "hub?"), (("--bucket", "months"), "month?")],
    ids=["by", "bucket"],
)
def test_a_wrong_word_gets_the_nearest(args: Any, message: str, hubwatch: Callable[..., Any]) -> None:
    said = hubwatch("trends", *args)
    assert said.code == 2
    assert message in said.err


def test_a_time_without_end_ends_now(filled: None, hubwatch: Callable[..., Any]) -> None:
    forever = hubwatch("trends", "--until", "9999-12-31", "--json").json
    assert forever == hubwatch("trends", "--json").json
    said = hubwatch("trends", "--until", "9999-12-31")
    assert (said.code, said.err) == (0, "")


def test_a_time_before_all_time_is_empty(filled: None, hubwatch: Callable[..., Any]) -> None:
    said = hubwatch("trends", "--until", "0001-01-01", "--json")
    assert (said.code, said.json, said.err) == (0, [], "")
