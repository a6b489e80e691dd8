"""What is shown in full: set out for a terminal; in a pipe one line each, and each word of a long list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("command", "begins", "at_least"),
    [
        (("hubs", "lift"), "formerly ", 150),
        (("profiles", "show", "alice"), "  topics ", 90),
    ],
    ids=["hubs", "profiles"],
)
def test_what_is_shown_in_full_is_not_wrapped_in_a_pipe(
    hubwatch: Callable[..., Any], home: Any, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...],
    begins: str, at_least: int,
) -> None:  # fmt: skip
    topics = "additive", "composites", "photonics", "robotics", "circular", "coatings", "textiles", "digital"
    home.configure(f"[hubwatch]\ncatalog = []\n[profiles.alice]\ntopics = {list(topics)}\n")
    monkeypatch.delenv("COLUMNS", raising=False)
    line = next(line for line in hubwatch(*command).out.splitlines() if line.startswith(begins))
    assert len(line) >= at_least
    monkeypatch.setenv("COLUMNS", "80")
    assert max(map(len, hubwatch(*command).out.splitlines())) <= 80


def test_the_terms_of_an_area_stand_one_a_line_in_a_pipe(
    hubwatch: Callable[..., Any], home: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.configure(
        '[hubwatch]\ncatalog = []\n[topics.own]\nterms = ["thread coating", "Cr(VI)"]\nnot = ["clear coat"]\n'
    )
    monkeypatch.delenv("COLUMNS", raising=False)
    expected = ["terms (2):", "  thread coating", "  Cr(VI)", "", "not (1):", "  clear coat"]
    assert hubwatch("topics", "own").out.splitlines()[2:] == expected
    assert max(map(len, hubwatch("topics", "lightweight").out.splitlines())) < 250  # the description
    monkeypatch.setenv("COLUMNS", "80")
    assert "  thread coating, Cr(VI)" in hubwatch("topics", "own").out.splitlines()
    assert max(map(len, hubwatch("topics", "lightweight").out.splitlines())) <= 80


def test_an_area_tells_where_the_users_terms_do_not_count(
    hubwatch: Callable[..., Any], home: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.configure(
        "[hubwatch]\ncatalog = []\n"
        '[topics.additive]\nterms = ["gear*", "sintered gears"]\nweak = ["press & fit"]\n'
    )
    monkeypatch.delenv("COLUMNS", raising=False)
    lines = hubwatch("topics", "additive").out.splitlines()
    heading = "your terms, and in which phrases they do not count:"
    assert lines[lines.index(heading) + 1 :] == ["  gear*: powder metal gear*"]
    assert heading not in hubwatch("topics", "coatings").out
