"""Every command with --json names in its --help the keys that it prints."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import typer

from hubwatch.cli.main import app
from hubwatch.models import Tag

NOW = datetime.now(UTC)
RSS = "<rss version='2.0'><channel><title>F</title><item><title>One</title><link>https://x.example/1</link>"
RUNS = {
    "sync": ("sync", "fed", "--json"),
    "digest": ("digest", "--json"),
    "search": ("search", "casting", "--json"),
    "calls": ("calls", "--json"),
    "orgs": ("orgs", "--json"),
    "hubs": ("hubs", "--json"),
    "topics": ("topics", "--json"),
    "trends": ("trends", "--json"),
    "show": ("show", "ITEM", "--json"),
    "sources": ("sources", "--json"),
    "sources list": ("sources", "list", "--json"),
    "sources show": ("sources", "show", "lift", "--json"),
    "sources check": ("sources", "check", "fed", "--json"),
    "profiles": ("profiles", "--json"),
    "profiles list": ("profiles", "list", "--json"),
    "profiles show": ("profiles", "show", "alice", "--json"),
    "config check": ("config", "check", "--json"),
    "config show": ("config", "show", "--json"),
    "doctor": ("doctor", "--json"),
    "demo": ("demo", "--json"),
    "help": ("help", "--json"),
}


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Name every command below a group, the groups that run themselves included."""
    context = typer.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield " ".join((*path, name)), command
        if hasattr(command, "list_commands"):
            yield from commands(command, (*path, name))


def test_every_command_with_json_is_tried_here() -> None:
    with_json = {
        name
        for name, command in commands(typer.main.get_command(app))
        if any("--json" in getattr(option, "opts", ()) for option in command.params)
    }
    assert with_json == {*RUNS}


@pytest.fixture
def used(home: Any, stored: Callable[..., None], site: Any) -> Any:
    url = site.feed("/feed", RSS + "</item></channel></rss>")
    home.configure(
        f'[hubwatch]\ncatalog = ["institutes"]\n[fetch]\ndelay = 0.0\n[profiles.alice]\n'
        f'topics = ["lightweight"]\n[sources.fed]\nurl = "{url}"\nkind = "feed"\n'
    )
    tag = Tag(topic="lightweight", score=0.9)
    stored(
        {"title": "Call for casting projects", "published": NOW - timedelta(days=1), "tags": (tag,),
         "kind": "call", "organizations": ("Boeing",)},
    )  # fmt: skip
    return home


@pytest.mark.parametrize("name", RUNS)
def test_the_keys_are_named_in_the_help(name: str, used: Any, hubwatch: Callable[..., Any]) -> None:
    args = RUNS[name]
    if name == "show":
        args = ("show", hubwatch("search", "casting", "--json").json[0]["id"], "--json")
    if name == "config check":
        used.configure("[hubwatch]\ncatalo = []\n")
    printed = hubwatch(*args).json
    first = printed[0] if isinstance(printed, list) else printed
    help_ = " ".join(hubwatch(*name.split(), "--help").out.split())
    named = {*re.findall(r"\w+", help_.partition("--json keys:")[2])}
    assert {*_keys(first)} - named == set(), json.dumps(first)[:300]


def _keys(value: Any) -> Iterator[str]:
    """List the keys of an object, and of the objects that its lists hold."""
    for key, inner in value.items():
        yield key
        if isinstance(inner, list) and inner and isinstance(inner[0], dict):
            yield from _keys(inner[0])
