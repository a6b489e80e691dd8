"""Every format, from the command line to a file or a pipe."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hubwatch.models import Tag

NOW = datetime.now(UTC)
FORMATS = {
    "text": "OPEN CALLS",
    "markdown": "## Open calls",
    "html": "<!doctype html>",
    "json": "[\n",
    "ndjson": '{"id"',
    "csv": "id,url,title",
    "atom": "<?xml",
    "ics": "BEGIN:VCALENDAR",
    "rich": "Hub digest",
}


@pytest.fixture(autouse=True)
def filled(stored: Callable[..., None]) -> None:
    tags = (Tag(topic="lightweight", score=0.8),)
    stored(
        {"title": "Call for café AZ31B", "published": NOW - timedelta(days=1), "kind": "call", "tags": tags,
         "deadline": (NOW + timedelta(days=20)).date(), "money_usd": 1e6},
        {"title": "Closed call", "published": NOW - timedelta(days=9), "kind": "call",
         "deadline": date(2020, 1, 1)},
        {"title": "News", "published": NOW - timedelta(days=3), "tags": tags},
    )  # fmt: skip


@pytest.mark.parametrize("format", FORMATS)
def test_a_pipe_gets_the_format_and_no_escape(format: str, hubwatch: Callable[..., Any]) -> None:
    said = hubwatch("digest", "--format", format)
    beside = "not in the calendar: 1 item without a known day\n" if format == "ics" else ""
    assert (said.code, said.err) == (0, beside)
    assert FORMATS[format] in said.out
    assert "Call for café AZ31B" in said.out
    assert "\x1b" not in said.out


@pytest.mark.parametrize("command", [("digest",), ("search", "AZ31B"), ("calls",)])
@pytest.mark.parametrize("format", FORMATS)
def test_a_file_gets_the_same(
    command: tuple[str, ...], format: str, tmp_path: Path, hubwatch: Callable[..., Any]
) -> None:
    said = hubwatch(*command, "--format", format, "--output", str(tmp_path / "out"))
    assert (said.code, said.out) == (0, "")
    assert "AZ31B" in (tmp_path / "out").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("ending", "format"),
    [("md", "markdown"), ("HTM", "html"), ("json", "json"), ("jsonl", "ndjson"), ("csv", "csv"),
     ("xml", "atom"), ("ics", "ics"), ("txt", "text"), ("odd", "text")],
)  # fmt: skip
def test_a_files_ending_says_its_format(
    ending: str, format: str, tmp_path: Path, hubwatch: Callable[..., Any]
) -> None:
    file = tmp_path / f"out.{ending}"
    assert hubwatch("digest", "-o", str(file)).code == 0
    assert FORMATS[format] in file.read_text(encoding="utf-8")
    assert hubwatch("digest", "-o", str(file), "--format", "text").code == 0
    assert FORMATS["text"] in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(("ending", "closest"), [("xlsx", "csv"), ("PDF", "html"), ("rss", "atom")])
def test_no_text_is_written_under_the_ending_of_another_program(
    ending: str, closest: str, tmp_path: Path, hubwatch: Callable[..., Any]
) -> None:
    file = tmp_path / f"out.{ending}"
    said = hubwatch("digest", "-o", str(file))
    assert said.code == 2
    assert f"unknown format '.{ending.lower()}'; did you mean {closest}?" in said.err
    assert not file.exists()
    assert hubwatch("digest", "-o", str(file), "--format", closest).code == 0


@pytest.mark.parametrize("command", [("digest",), ("search", "AZ31B"), ("calls",), ("demo",)], ids=" ".join)
def test_two_formats_at_once_are_wrong_usage(command: tuple[str, ...], hubwatch: Callable[..., Any]) -> None:
    said = hubwatch(*command, "--json", "--format", "csv")
    assert (said.code, said.out) == (2, "")
    assert said.err == "error: --json goes without --format csv\nhint: leave one of the two out\n"


def test_json_may_be_asked_for_twice(tmp_path: Path, hubwatch: Callable[..., Any]) -> None:
    file = tmp_path / "out.csv"
    assert hubwatch("digest", "--json", "--format", "json", "--output", str(file)).code == 0
    assert file.read_text(encoding="utf-8").startswith(FORMATS["json"])


def test_a_csv_file_opens_rightly_in_excel(tmp_path: Path, hubwatch: Callable[..., Any]) -> None:
    hubwatch("digest", "--format", "csv", "--output", str(tmp_path / "out.csv"))
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbfid,url")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        assert "Call for café AZ31B" in [row["title"] for row in csv.DictReader(file)]


def test_a_csv_file_of_plain_letters_has_no_mark(tmp_path: Path, hubwatch: Callable[..., Any]) -> None:
    hubwatch("digest", "--format", "csv", "--keyword", "nothing", "--output", str(tmp_path / "out.csv"))
    assert (tmp_path / "out.csv").read_bytes().startswith(b"id,url,title,summary")


def test_html_draws_the_topics_over_the_year(hubwatch: Callable[..., Any]) -> None:
    page = hubwatch("digest", "--format", "html").out
    assert page.count("<svg") == 1
    assert 'aria-label="Lightweight metals, items by month: ' in page
    assert "2 items · " in page


def test_calls_are_listed_by_deadline(hubwatch: Callable[..., Any]) -> None:
    out = hubwatch("calls", "--format", "text").out
    assert "   20 days  Call for café AZ31B" in out
    assert "$1M | LIFT" in out
    assert "Closed call" not in out
    both = hubwatch("calls", "--all", "--format", "text").out
    assert both.index("DUE LATER") < both.index("PAST THE DEADLINE") < both.index("Closed call")


def test_the_title_says_what_narrows_it(hubwatch: Callable[..., Any]) -> None:
    assert hubwatch("digest", "--topic", "lightweight", "--hub", "lm3i").out.startswith(
        "Hub digest: Lightweight metals, lift ·"
    )
