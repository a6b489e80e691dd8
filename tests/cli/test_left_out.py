"""How many items a limit left out is said where it disturbs nobody: in the text, or beside the data."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

NOW = datetime.now(UTC)


@pytest.fixture
def filled(stored: Callable[..., None]) -> None:
    stored(*({"title": f"Alloy {n}", "published": NOW - timedelta(hours=n + 1)} for n in range(9)))


@pytest.mark.parametrize("command", [("digest",), ("search", "alloy")], ids=["digest", "search"])
@pytest.mark.parametrize("format", ["json", "ndjson", "csv", "atom"])
def test_beside_data_it_stands_on_stderr_in_one_line(
    filled: None, hubwatch: Callable[..., Any], command: tuple[str, ...], format: str
) -> None:
    said = hubwatch(*command, "--limit", "2", "--format", format)
    assert said.err == "7 more items match; --limit shows more\n"
    assert "more items" not in said.out
    assert hubwatch("--quiet", *command, "--limit", "2", "--format", format).err == ""
    assert hubwatch(*command, "--limit", "9", "--format", format).err == ""


def test_in_text_it_is_the_last_line_once(filled: None, hubwatch: Callable[..., Any]) -> None:
    said = hubwatch("search", "alloy", "--limit", "5", "--format", "text")
    assert said.out.splitlines()[-1] == "4 more items match; --limit shows more"
    assert said.err == ""


@pytest.mark.parametrize("command", [("digest",), ("search", "alloy")], ids=["digest", "search"])
def test_beside_a_calendar_it_stands_with_what_has_no_day(
    filled: None, hubwatch: Callable[..., Any], command: tuple[str, ...]
) -> None:
    said = hubwatch(*command, "--limit", "2", "--format", "ics")
    assert said.err.splitlines() == [
        "7 more items match; --limit shows more",
        "not in the calendar: 2 items without a known day",
    ]
    assert hubwatch("--quiet", *command, "--limit", "2", "--format", "ics").err == ""


def test_of_a_calendar_of_calls_it_is_said_how_many_have_no_day(
    stored: Callable[..., None], hubwatch: Callable[..., Any]
) -> None:
    told = NOW - timedelta(days=3)
    dated = {"title": "Dated", "kind": "call", "published": told, "deadline": NOW.date() + timedelta(days=9)}
    stored(dated, *({"title": f"Open {n}", "kind": "call", "published": told} for n in range(2)))
    said = hubwatch("calls", "--format", "ics")
    assert said.err == "not in the calendar: 2 items without a known day\n"
    assert hubwatch("calls", "--format", "json").err == ""


def test_what_a_calendar_cannot_show_stays_new(
    stored: Callable[..., None], hubwatch: Callable[..., Any]
) -> None:
    told = NOW - timedelta(days=3)
    due = NOW.date() + timedelta(days=9)
    stored(
        {"title": "Dated", "kind": "call", "published": told, "deadline": due},
        {"title": "A day in the lab", "kind": "other", "published": told},
    )
    said = hubwatch("digest", "--new", "--format", "ics")
    assert said.out.count("BEGIN:VEVENT") == 1
    assert said.err == "not in the calendar: 1 item without a known day\n"
    left = json.loads(hubwatch("digest", "--new", "--json").out)
    assert [item["title"] for item in left] == ["A day in the lab"]


def test_the_command_that_lists_open_calls_lists_those_that_were_counted(
    stored: Callable[..., None], hubwatch: Callable[..., Any]
) -> None:
    told = NOW - timedelta(days=40)
    stored(
        *({"title": f"Alloy call {n}", "kind": "call", "published": told} for n in range(3)),
        {"title": "Alloy call for a golf outing", "kind": "call", "published": told},
        {"title": "Another call", "kind": "call", "published": told, "source": "mxd"},
    )
    narrowed = ("--keyword", "alloy call", "--exclude", "golf outing", "--hub", "lift", "--min-score", "0.2")
    line = hubwatch("digest", *narrowed, "--format", "text").out.splitlines()[-1]
    said, _, command = line.partition(": hubwatch ")
    assert said == "3 calls are open"
    assert len(hubwatch(*shlex.split(command), "--json").json) == 3
