"""Ids and hashes stay what stores have, and titles fold to what they say."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubwatch import item_ids
from hubwatch.models import Item

NOW = datetime(2025, 11, 3, tzinfo=UTC)


def make(title: str, summary: str = "") -> Item:
    return Item(id="a", source="s", title=title, summary=summary, first_seen=NOW, updated=NOW, effective=NOW)


def test_ids_never_change() -> None:
    """Stores all over the world hold these."""
    assert item_ids.item_id("lift", "tag:1", "https://a.org/x", "T", None) == "bb2954e7962b1c7e"
    assert (
        item_ids.item_id("lift", None, "https://www.a.org/x/?utm_source=y", "T", None) == "74cfb53299c86741"
    )
    assert item_ids.item_id("lift", None, None, "A Title, 2025!", NOW) == "e6f8b24966b6fe30"
    assert item_ids.item_id("lift", None, None, "A Title, 2025!", None) == "c5723a4d4ef5d0b2"
    assert item_ids.further_id("0123456789abcdef", "A title") == "ccdbc96d4410c05c"


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("The Call — Opens!", "the call: opens", True),
        ("Über-Café", "UBER CAFE", True),
        ("$1,500,000 for SMEs", "$1500000 for SMEs", True),
        ("Version 1.2", "Version 12", False),
        ("Call 23-01", "Call 23-02", False),
        ("MFG Day 2024", "MFG Day 2025", False),
        ("製造業", "製造", False),
        ("!!!", "???", False),
    ],
)
def test_title_keys_fold_form_not_substance(one: str, other: str, equal: bool) -> None:
    assert (item_ids.title_key(one) == item_ids.title_key(other)) is equal


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (
            replace(
                make("A call", summary="One  two\tthree"),
                content="Seen 12 times,\n\n5 comments at 5:30 pm. ÉCOLE ΟΔΟΣ",
            ),
            "e99aad604796e1bb74e9e837",
        ),
        (
            replace(
                make("A call"),
                content="Due 2026-03-01T10:00:00Z.",
                deadline=date(2026, 3, 1),
                money_usd=1_500_000.0,
                organizations=("Boeing", "GE"),
            ),
            "5353bad67314cbe6722089c3",
        ),
    ],
    ids=["volatile and odd blanks", "fields"],
)
def test_a_hash_stays_what_stores_have(item: Item, expected: str) -> None:
    assert item_ids.content_hash(item) == expected


@given(
    st.lists(
        st.sampled_from(["5:30 pm", "5 comments", "3 days ago", "a", "É", "-", "1234567890ab", "12"])
    ).map(" ".join),
    st.booleans(),
)
def test_the_hash_of_parts_is_that_of_the_item(text: str, is_long: bool) -> None:
    item = replace(make("Title", summary=text), content=f"{text}\n{text}" if text and is_long else "")
    made = item_ids.hash_of(item.title, item.summary, item.content, deadline=None, organizations=())
    assert made == item_ids.content_hash(item)


@pytest.mark.parametrize("unit", ["1,000,", "1.", "11", "1k ", "1:11", "1a", "2026-01-01t1", "1\n"])
def test_numbers_without_end_hold_up_nothing(unit: str) -> None:
    began = time.process_time()
    item_ids.hash_of("Title", "", unit * (100_000 // len(unit)), deadline=None, organizations=())
    assert time.process_time() - began < 2  # looked through from each number on, 40 s
