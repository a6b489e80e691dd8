"""The first digest --new of a profile looks back 14 days; then nothing is lost, however late it runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

NOW = datetime.now(UTC)
NEW = ("digest", "--profile", "alice", "--new")


def ago(days: int) -> datetime:
    """Return the time so many days ago."""
    return NOW - timedelta(days=days)


@pytest.fixture(autouse=True)
def followed(home: Any, stored: Callable[..., None]) -> None:
    home.configure(
        '[email]\nhost = "127.0.0.1"\nfrom = "hubwatch@example.com"\n'
        '[profiles.alice]\nkeywords = ["titanium"]\nemail = "alice@example.com"\n'
    )
    stored({"title": "Copper", "published": ago(25)})


@pytest.mark.parametrize(
    ("options", "titles"),
    [
        pytest.param((), ["Titanium"], id="printed"),
        pytest.param(("--email",), ["Titanium"], id="nothing to mail"),
        pytest.param(("--peek",), [], id="only a look"),
    ],
)
def test_one_that_finds_nothing_is_the_first(
    options: tuple[str, ...], titles: list[str], hubwatch: Callable[..., Any], stored: Callable[..., None]
) -> None:
    assert hubwatch(*NEW, *options).code == 0
    # Read again after three weeks: 14 days back would not reach it.
    stored({"title": "Titanium", "published": ago(20)})
    assert [item["title"] for item in hubwatch(*NEW, "--json").json] == titles


def test_one_without_a_store_makes_none(home: Any, hubwatch: Callable[..., Any]) -> None:
    home.db.unlink()
    assert hubwatch(*NEW).code == 0
    assert not home.db.exists()
