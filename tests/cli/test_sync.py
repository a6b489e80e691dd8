"""hubwatch sync: what its options ask for, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Hubwatch = Callable[..., Any]


def test_an_end_of_the_history_without_history_is_wrong_usage(hubwatch: Hubwatch, home: Any) -> None:
    home.configure("[hubwatch]\ncatalog = []\n")
    said = hubwatch("sync", "--since", "2y")
    assert (said.code, said.out) == (2, "")
    assert "add it: --backfill --since 2y" in said.err
    assert hubwatch("sync", "--backfill", "--since", "2y").code == 0
