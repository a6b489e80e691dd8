"""hubwatch show and open: one item by its id, or by the beginning of it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

Hubwatch = Callable[..., Any]


@pytest.fixture(autouse=True)
def filled(stored: Callable[..., None]) -> None:
    stored({"title": "One", "id": "0a11111111111111"}, {"title": "Two", "id": "0b22222222222222"})


def test_an_unambiguous_beginning_is_enough(hubwatch: Hubwatch) -> None:
    assert hubwatch("show", "0a").out.startswith("One\n")
    assert hubwatch("show", "0B2").out.startswith("Two\n")


@pytest.mark.parametrize("command", ["show", "open"])
def test_an_ambiguous_beginning_is_not_unknown(command: str, hubwatch: Hubwatch) -> None:
    said = hubwatch(command, "0")
    assert (said.code, said.out) == (2, "")
    assert "'0' is ambiguous" in said.err
    assert "unknown" not in said.err
    assert "0a11111111111111, 0b22222222222222" in said.err


def test_as_json_it_has_every_key_of_an_item(hubwatch: Hubwatch, stored: Callable[..., None]) -> None:
    stored({"title": "Call", "id": "0c33333333333333", "kind": "call", "deadline": date(2999, 1, 1)})
    shown = hubwatch("show", "0c", "--json").json
    assert {*hubwatch("digest", "--schema").json["required"]} <= {*shown}
    assert (shown["open"], shown["open_by"], shown["reasons"]) == (
        True,
        "deadline",
        ["open until Jan 1, 2999"],
    )


def test_nothing_in_the_store_steers_the_terminal(
    hubwatch: Hubwatch, stored: Callable[..., None], home: Any
) -> None:
    """A store may be another's (`db merge`), or written by another tool."""
    stored({"title": "Clean", "id": "0d44444444444444", "authors": ("A",)})
    with contextlib.closing(sqlite3.connect(home.db)) as opened, opened:
        opened.execute(
            "UPDATE items SET title = 'T\x9b2J\u202eX', authors = '[\"B\u202e\"]' WHERE id LIKE '0d%'"
        )
    shown = hubwatch("show", "0d").out
    assert shown.startswith("TX\n")
    assert shown.replace("\n", "").isprintable()


@pytest.mark.parametrize("command", ["show", "open"])
@pytest.mark.parametrize("id_", ["ff", ""])
def test_an_unknown_id_is_unknown(command: str, id_: str, hubwatch: Hubwatch) -> None:
    said = hubwatch(command, id_)
    assert (said.code, said.out) == (2, "")
    assert f"unknown item '{id_}'" in said.err


@pytest.mark.parametrize(("year", "is_open"), [(2999, True), (2021, False)])
def test_a_call_is_due_when_another_report_of_it_says(
    year: int, is_open: bool, hubwatch: Hubwatch, stored: Callable[..., None]
) -> None:
    due, published = date(year, 1, 15), datetime(year, 1, 5, tzinfo=UTC)
    lately = datetime(2998, 1, 5, tzinfo=UTC)
    call = {"kind": "call", "story": "0c33333333333333", "published": published, "effective": lately}
    stored(
        {**call, "title": "Short", "id": "0c33333333333333"},
        {**call, "title": "Full", "id": "0d33333333333333", "source": "wire", "deadline": due},
    )
    shown = hubwatch("show", "0c", "--json").json
    assert (shown["deadline"], shown["open"]) == (due.isoformat(), is_open)
    assert ("  Short · due Jan 15, 2999" in hubwatch("hubs", "lift").out) is is_open
    assert ("Open calls" in hubwatch("hubs", "lift").out) is is_open
