"""What tagging one item takes, in counts that are the same on every machine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hubwatch.catalog import vocabulary
from hubwatch.facts import Rules, tag
from hubwatch.facts.tokens import PhraseBook, split
from hubwatch.models import Item

NOW = datetime(2026, 1, 1, tzinfo=UTC)
GOLD = sorted((Path(__file__).parent.parent / "data" / "gold").glob("*.jsonl"))
TITLE, SUMMARY = (
    "Boeing joins Ford to cast doors of less weight",
    "The maker of parts pays $2 million by May 5.",
)
BODY = "Friction stir welding of aluminum alloys goes on.\n\nAbout LIFT\nLIFT is a national institute."


class CountingBook(PhraseBook):
    """A book that keeps the words it was asked about and the phrases it found."""

    def __init__(self, tables: dict[str, object]) -> None:
        super().__init__(tables)
        self.asked: list[list[str]] = []
        self.hits = 0

    def find(self, words: Sequence[str]) -> list[tuple[int, int, int]]:
        """Count, and find as ever."""
        self.asked.append(list(words))
        found = super().find(words)
        self.hits += len(found)
        return found


@pytest.fixture
def rules() -> Rules:
    return vocabulary.rules()


@pytest.fixture
def books(rules: Rules) -> dict[str, CountingBook]:
    made = {
        "topics": CountingBook(rules.topics.book.tables()),
        "body": CountingBook(rules.topics.book.tables()),
        "kinds": CountingBook(rules.kinds.book.tables()),
    }
    rules.topics.book, rules.topics.body_book, rules.kinds.book = made["topics"], made["body"], made["kinds"]
    return made


def item(title: str, summary: str, content: str = "") -> Item:
    return Item(
        id="i", source="s", title=title, summary=summary, content=content, first_seen=NOW, updated=NOW,
        effective=NOW,
    )  # fmt: skip


def test_each_text_is_gone_through_once_for_areas_and_once_for_kinds(
    rules: Rules, books: dict[str, CountingBook]
) -> None:
    tag(item(TITLE, SUMMARY, BODY), rules)
    assert books["topics"].asked == [split(TITLE), split(SUMMARY)]
    assert books["body"].asked == [split(BODY)]
    assert len(books["kinds"].asked) == 2


def test_a_body_is_gone_through_only_where_an_area_is_left_open(
    rules: Rules, books: dict[str, CountingBook]
) -> None:
    tag(item("Aluminum casting of doors", "A foundry pays $2 million by May 5.", BODY), rules)
    tag(item("The board meets", "Dues are paid by May 5.", BODY), rules)
    assert books["body"].asked == []


def test_an_item_without_body_asks_nothing_of_a_body(rules: Rules, books: dict[str, CountingBook]) -> None:
    tag(item(TITLE, SUMMARY), rules)
    assert books["body"].asked == []


def test_however_long_a_body_no_more_of_it_is_read(rules: Rules, books: dict[str, CountingBook]) -> None:
    tag(item(TITLE, SUMMARY, BODY * 1000), rules)
    assert sum(len(word) for words in books["body"].asked for word in words) <= 3000


def test_real_announcements_hold_few_phrases(rules: Rules, books: dict[str, CountingBook]) -> None:
    """What is done for each phrase found costs more than what is done for each word."""
    gold = [json.loads(line) for path in GOLD for line in path.read_text("utf-8").splitlines()]
    for each in gold:
        tag(item(each["title"], each["summary"]), rules)
    assert books["topics"].hits / len(gold) < 20
    assert books["kinds"].hits / len(gold) < 30


def test_the_facts_do_not_depend_on_what_was_tagged_before(rules: Rules) -> None:
    first = item(TITLE, SUMMARY, BODY)
    fresh = tag(first, rules)
    for other in ("Carbon fiber", "Aluminium castings’ day", "LIFT! LIFT's Partners' lab"):
        tag(item(other, other.upper(), other.lower()), rules)
    assert tag(first, rules) == fresh
    assert tag(replace(first, title=f"{TITLE} "), rules).tags == fresh.tags
