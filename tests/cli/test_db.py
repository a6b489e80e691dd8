"""hubwatch db: nothing is overwritten or removed that somebody may still want, without being asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

NOW = datetime.now(UTC)


@pytest.fixture
def filled(stored: Callable[..., None]) -> None:
    stored(*({"title": f"Aged {days}", "published": NOW - timedelta(days=days)} for days in (1, 40, 1000)))


def _left(hubwatch: Callable[..., Any]) -> list[str]:
    said = hubwatch("digest", "--since", "1900-01-01", "--sort", "newest", "--json")
    return [item["title"] for item in said.json]


def test_a_backup_never_replaces_a_file_unless_told_to(
    filled: None, hubwatch: Callable[..., Any], tmp_path: Path
) -> None:
    target = tmp_path / "copy.db"
    assert hubwatch("db", "backup", str(target)).code == 0
    before = target.read_bytes()
    target.write_text("something else")
    said = hubwatch("db", "backup", str(target))
    assert (said.code, target.read_text()) == (1, "something else")
    assert "--force" in said.err
    assert hubwatch("db", "backup", "--force", str(target)).code == 0
    assert target.read_bytes() == before


@pytest.mark.parametrize("name", ["none/copy.db", "."], ids=["no folder", "a folder"])
def test_a_backup_goes_where_there_is_a_place(
    filled: None, hubwatch: Callable[..., Any], tmp_path: Path, name: str
) -> None:
    assert hubwatch("db", "backup", str(tmp_path / name)).code == 1
    assert not (tmp_path / "none").exists()


def test_nothing_is_no_backup(hubwatch: Callable[..., Any], home: Any, tmp_path: Path) -> None:
    said = hubwatch("db", "backup", str(tmp_path / "copy.db"))
    assert said.code == 1
    assert str(home.db) in said.err
    assert not (tmp_path / "copy.db").exists()


@pytest.mark.parametrize("command", [("db", "prune", "--older-than", "2y"), ("retag",)], ids=" ".join)
def test_what_is_for_a_store_makes_none(
    hubwatch: Callable[..., Any], tmp_path: Path, command: tuple[str, ...]
) -> None:
    mistyped = tmp_path / "mistyped.db"
    said = hubwatch("--db", str(mistyped), *command)
    assert (said.code, said.out) == (1, "")
    assert f"there is no store {mistyped}" in said.err
    assert not list(tmp_path.glob("mistyped*"))


def test_pruning_the_old_asks_nothing(filled: None, hubwatch: Callable[..., Any]) -> None:
    assert hubwatch("db", "prune", "--older-than", "2y").code == 0
    assert _left(hubwatch) == ["Aged 1", "Aged 40"]
    assert hubwatch("db", "prune", "--older-than", "35d").code == 0
    assert _left(hubwatch) == ["Aged 1"]


def test_pruning_the_fresh_needs_a_yes(filled: None, hubwatch: Callable[..., Any]) -> None:
    said = hubwatch("db", "prune", "--older-than", "0d")
    assert said.code == 2
    assert "1 item of the last 30 days" in said.err
    assert "--yes" in said.err
    assert len(_left(hubwatch)) == 3
    assert hubwatch("db", "prune", "--older-than", "0d", "--yes").code == 0
    assert _left(hubwatch) == []


@pytest.mark.parametrize(("answer", "code", "left"), [("n", 1, 3), ("", 1, 3), ("y", 0, 0)])
def test_on_a_terminal_it_asks(
    filled: None,
    hubwatch: Callable[..., Any],
    terminal: Callable[..., Any],
    answer: str,
    code: int,
    left: int,
) -> None:
    said = terminal("db", "prune", "--older-than", "0d", typed=(answer,))
    assert "Remove 1 item of the last 30 days" in said.out
    assert (said.code, len(_left(hubwatch))) == (code, left)
