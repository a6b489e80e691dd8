"""Who adds an area of their own is told why nothing is in it yet, and only as long as that is so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from hubwatch.store import lock

AREA = """
[topics.my-area]
name = "My area"
terms = ["frobnication"]
"""
WORD = "the terms have changed since items were tagged"
COMMANDS = [("digest", "--topic", "my-area"), ("search", "frobnication"), ("topics",), ("topics", "my-area")]


@pytest.fixture
def filled(stored: Callable[..., None], hubwatch: Callable[..., Any]) -> None:
    """One item that is tagged by the terms of now."""
    stored({"title": "A frobnication line opens", "published": datetime.now(UTC)})
    assert hubwatch("retag").code == 0


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c[0])
def test_it_is_said_until_the_items_are_tagged_anew(
    filled: None, hubwatch: Callable[..., Any], home: Any, command: tuple[str, ...]
) -> None:
    home.configure(AREA)
    said = hubwatch(*command)
    assert [line for line in said.err.splitlines() if WORD in line] == [
        f"{WORD}; run hubwatch retag (sync does it by itself)"
    ]
    assert WORD not in said.out
    assert WORD not in hubwatch("--quiet", *command).err
    assert hubwatch("retag").code == 0
    assert WORD not in hubwatch(*command).err
    assert len(hubwatch("digest", "--topic", "my-area", "--json").json) == 1


@pytest.mark.parametrize("command", [*COMMANDS[1:3], ("digest",)], ids=lambda c: c[0])
def test_nothing_is_said_where_nothing_changed_or_nothing_is_stored(
    hubwatch: Callable[..., Any], home: Any, command: tuple[str, ...]
) -> None:
    assert WORD not in hubwatch(*command).err
    home.configure(AREA)
    assert WORD not in hubwatch(*command).err


def test_without_own_areas_nothing_is_said(filled: None, hubwatch: Callable[..., Any]) -> None:
    for command in (("digest",), ("search", "line"), ("topics",)):
        assert hubwatch(*command).err == ""


def test_a_store_that_is_held_is_waited_for_as_the_hint_says(
    filled: None, hubwatch: Callable[..., Any], home: Any
) -> None:
    with lock.hold(home.db):
        held = hubwatch("retag")
        assert held.code == 5
        assert "--wait" in held.err
        assert "did not end within 0.01 s" in hubwatch("retag", "--wait", "0.01").err
    assert hubwatch("retag", "--wait", "0.01").code == 0


def test_an_own_area_takes_no_built_in_one_its_place(hubwatch: Callable[..., Any], home: Any) -> None:
    home.configure(
        '[topics.my-composites]\nname = "Composites"\nterms = ["prepreg layup"]\n'
        '[profiles.p]\ntopics = ["composites", "my-composites"]\n'
    )
    assert hubwatch("profiles", "show", "p", "--json").json["topics"] == ["composites", "my-composites"]
    assert hubwatch("topics", "composites", "--json").json[0]["topic"] == "composites"
