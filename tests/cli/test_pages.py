"""hubwatch help: pages, and commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

PAGES = {"recipes", "schema", "topics", "ranking", "sources", "email", "config", "data"}


def test_the_pages_are_listed_with_their_titles(hubwatch: Callable[..., Any]) -> None:
    rows = hubwatch("help", "--json").json
    assert {row["page"] for row in rows} >= PAGES
    assert all(row["title"] for row in rows)
    assert "hubwatch help recipes" in hubwatch("help").out


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_goes_to_a_pipe_as_it_is(name: str, hubwatch: Callable[..., Any]) -> None:
    said = hubwatch("help", name)
    assert said.code == 0
    assert said.out.startswith("# ")
    assert "\x1b" not in said.out


def test_a_page_is_set_out_on_a_terminal(terminal: Callable[..., Any]) -> None:
    said = terminal("help", "recipes")
    assert said.code == 0
    assert said.out.startswith("RECIPES")
    assert "```" not in said.out
    assert "\x1b" not in said.out  # this terminal is a dumb one


def test_a_command_of_that_name_has_its_help_shown(hubwatch: Callable[..., Any]) -> None:
    assert hubwatch("help", "sync").out.startswith("Usage: hubwatch sync")


def test_an_unknown_page_gets_the_nearest(hubwatch: Callable[..., Any]) -> None:
    said = hubwatch("help", "skema")
    assert (said.code, "did you mean schema?" in said.err) == (2, True)


@pytest.mark.parametrize("name", ["man", "recipes"])
def test_a_page_typed_as_a_command_says_how_to_read_it(name: str, hubwatch: Callable[..., Any]) -> None:
    said = hubwatch(name)
    assert (said.code, said.out) == (2, "")
    command = f"hubwatch help {name}"
    assert said.err == f"error: unknown command '{name}'\nhint: to read it: {command}\n"
    assert f"{command} " in hubwatch("help").out
    assert hubwatch(*command.split()[1:]).code == 0
