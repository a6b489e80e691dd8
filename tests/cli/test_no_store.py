"""Before the first sync that reads anything: what is empty for that reason says so, on stderr alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from hubwatch.store.db import open_for_writing

READING = [
    pytest.param(("digest",), id="digest"),
    pytest.param(("digest", "--new"), id="new"),
    pytest.param(("digest", "--source", "lift"), id="opened twice"),
    pytest.param(("search", "castings"), id="search"),
    pytest.param(("calls",), id="calls"),
    pytest.param(("orgs",), id="orgs"),
    pytest.param(("trends",), id="trends"),
]


@pytest.mark.parametrize("command", READING)
def test_a_database_that_is_not_there_is_named_once(
    command: tuple[str, ...], hubwatch: Callable[..., Any], home: Any
) -> None:
    said = hubwatch(*command)
    line = f"there is no database at {home.db} yet; hubwatch sync makes it\n"
    assert (said.code, said.err.count(line)) == (0, 1)
    assert "database" not in said.out
    assert not home.db.exists()


@pytest.mark.parametrize("command", ["show abc", "open abc", "orgs Boeing"])
def test_what_is_unknown_for_want_of_a_database_is_said_to_be(
    command: str, hubwatch: Callable[..., Any], home: Any
) -> None:
    said = hubwatch(*command.split())
    line = f"there is no database at {home.db} yet; hubwatch sync makes it\n"
    assert (said.code, said.err.count(line)) == (2, 1)
    assert "database" not in hubwatch("digest", "--topic", "nonsense").err
    assert "database" not in hubwatch("nonsense").err


@pytest.mark.parametrize("command", READING)
def test_json_and_quiet_are_as_they_were(
    command: tuple[str, ...], hubwatch: Callable[..., Any], home: Any
) -> None:
    assert hubwatch(*command, "--json").json == []
    assert "database" not in hubwatch("--quiet", *command).err


@pytest.mark.parametrize("command", ["hubs", "sources", "topics", "profiles"])
def test_what_stands_without_a_database_does_not_ask_for_one(
    command: str, hubwatch: Callable[..., Any]
) -> None:
    assert "database" not in hubwatch(command).err


def test_a_database_that_is_there_is_no_news(
    hubwatch: Callable[..., Any], stored: Callable[..., None]
) -> None:
    stored({"title": "Of old", "published": datetime(2020, 1, 5, tzinfo=UTC)})
    assert "database" not in hubwatch("digest").err


@pytest.mark.parametrize("command", READING)
def test_a_database_without_an_item_is_told_from_a_quiet_week(
    command: tuple[str, ...], hubwatch: Callable[..., Any], home: Any
) -> None:
    with open_for_writing(home.db):
        pass
    said = hubwatch(*command)
    line = f"the database {home.db} holds no item yet; see hubwatch sources\n"
    assert (said.code, said.err.count(line)) == (0, 1)
    assert "there is no database" not in said.err
    assert hubwatch(*command, "--json").json == []
    assert "database" not in hubwatch("--quiet", *command).err


@pytest.mark.parametrize("command", [("digest",), ("sources",), ("sync",), ("db", "check")], ids=" ".join)
def test_a_folder_in_the_place_of_the_database_is_called_one(
    command: tuple[str, ...], hubwatch: Callable[..., Any], home: Any
) -> None:
    home.configure("[hubwatch]\ncatalog = []\n")
    home.db.mkdir()
    said = hubwatch(*command)
    assert (said.code, said.out) == (1, "")
    assert f"error: {home.db} is a folder\nhint: choose a file with --db FILE\n" in said.err
