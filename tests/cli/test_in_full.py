"""What is shown in full: set out for a terminal, one line each in a pipe."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("command", "begins", "at_least"),
    [
        (("hubs", "lift"), "formerly ", 150),
        (("topics", "lightweight"), "  6061, ", 400),
        (("profiles", "show", "alice"), "  topics ", 90),
    ],
    ids=["hubs", "topics", "profiles"],
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
