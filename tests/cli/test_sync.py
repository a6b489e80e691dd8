"""hubwatch sync: what its options ask for, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Hubwatch = Callable[..., Any]


def test_an_end_of_the_history_without_history_is_wrong_usage(hubwatch: Hubwatch, home: Any) -> None:
    home.configure("[hubwatch]\ncatalog = []\n")
    said = hubwatch("sync", "--since", "2y")
    assert (said.code, said.out) == (2, "")
    assert "add it: --backfill --since 2y" in said.err
    assert hubwatch("sync", "--backfill", "--since", "2y").code == 0


@pytest.mark.parametrize("args", [("sync",), ("sources",), ("sources", "check")], ids=" ".join)
def test_where_nothing_is_followed_it_is_said(args: tuple[str, ...], hubwatch: Hubwatch, home: Any) -> None:
    home.configure("[hubwatch]\ncatalog = []\n")
    said = hubwatch(*args)
    assert said.code == 0
    assert "nothing is followed; add a source: hubwatch sources add URL" in said.err
    home.configure('[hubwatch]\ncatalog = []\n[sources.a]\nurl = "http://127.0.0.1:9/"\n')
    assert "nothing is followed" not in hubwatch("sources").err
