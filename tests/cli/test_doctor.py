"""hubwatch doctor: what it prints, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_all_in_order_ends_with_0(hubwatch: Callable[..., Any]) -> None:
    said = hubwatch("doctor")
    assert said.code == 0, said.out
    assert "sqlite" in said.out
    assert "hubwatch sync makes it" in said.out


def test_a_fault_ends_with_1_and_says_what_to_do(hubwatch: Callable[..., Any], home: Any) -> None:
    home.configure("[fetch]\njob = 3\n")
    said = hubwatch("doctor")
    assert said.code == 1
    assert "fault    config" in said.out
    rows = {row["check"]: row for row in hubwatch("doctor", "--json").json}
    assert rows["config"]["status"] == "fault"
    assert set(rows["config"]) == {"check", "status", "detail", "hint"}


def test_a_store_that_is_none_ends_with_1(hubwatch: Callable[..., Any], home: Any) -> None:
    home.db.write_text("not a database at all, but long enough to be looked at")
    assert hubwatch("doctor").code == 1
