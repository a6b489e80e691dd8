"""What a digest or a search says of what it left out, and whom its footer names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hubwatch.identity import Resolution
from hubwatch.models import Filters, Item, Profile, SourceState
from hubwatch.store import indexing, items, sources
from hubwatch.store.db import Store, open_for_writing
from hubwatch.workflows import digest

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def _item(number: int, **given: Any) -> Item:
    at = NOW - timedelta(hours=number + 1)
    usual = {
        "id": f"{number:04x}", "source": "s", "title": f"Magnesium number {number}", "published": at,
        "first_seen": at, "updated": at, "effective": at, "story": f"{number:04x}",
    }  # fmt: skip
    return Item(**{**usual, **given})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Forty announcements; every fourth of them is told by a second source too."""
    with open_for_writing(tmp_path / "hubwatch.db") as opened:
        told = [_item(number) for number in range(40)]
        again = [
            _item(number + 100, source="t", title=told[number].title, story=told[number].id)
            for number in range(0, 40, 4)
        ]
        for source, some in (("s", told), ("t", again)):
            items.save(opened, source, Resolution(new=tuple(some)), None, now=NOW)
        indexing.catch_up(opened)
        yield opened


def _collect(store: Store, *, text: str | None = None, profile: Profile | None = None, **filters: Any) -> Any:
    wanted = digest.Wanted(title="t", filters=Filters(**filters), text=text, profile=profile)
    return digest.collect(store, wanted, now=NOW)


@pytest.mark.parametrize("text", [None, "magnesium"], ids=["digest", "search"])
@pytest.mark.parametrize("sort", ["relevance", "newest", "deadline"])
@pytest.mark.parametrize("candidates", [7, 1000])
def test_what_is_left_out_is_counted_whatever_the_limit(
    store: Store, text: str | None, sort: str, candidates: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest, "CANDIDATES", candidates)
    for limit in (0, 1, 5, 39, 40, 100):
        found = _collect(store, text=text, sort=sort, limit=limit)
        assert (len(found.ranked), found.left_out) == (min(limit, 40), max(40 - limit, 0))
        assert not found.left_out_at_least


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"min_score": 0.5}, id="least score"),
        pytest.param(
            {"profile": Profile(name="p", keywords=("magnesium",), min_score=0.6)}, id="of a profile"
        ),
        pytest.param({"min_score": 0.95, "text": "magnesium"}, id="search"),
    ],
)
def test_what_only_the_scores_would_tell_is_said_to_be_the_least(
    store: Store, given: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest, "CANDIDATES", 7)
    assert _collect(store, limit=1, **given).left_out_at_least
    monkeypatch.undo()
    assert not _collect(store, limit=1, **given).left_out_at_least


def test_of_very_many_the_least_number_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "CANDIDATES", 7)
    monkeypatch.setattr(digest, "_COUNTED", 20)
    found = _collect(store, limit=1)
    assert found.left_out_at_least
    assert 10 <= found.left_out < 39


# --- the last line --------------------------------------------------------------------------------


def _health(store: Store, **given: Any) -> str:
    return " ".join(digest.health(store, now=NOW, **given))


@pytest.fixture
def failing(store: Store) -> Store:
    """Sources with three failures in a row: one that worked once, and two that never did; one failed once."""
    failed = {"failures": 3, "last_failure": NOW, "error_code": "timeout"}
    states = (
        SourceState(source="worked", last_success=NOW - timedelta(days=9), **failed),
        SourceState(source="mine", **failed),
        SourceState(source="built-in", **failed),
        SourceState(source="once", failures=1, last_failure=NOW),
    )
    sources.save_states(store, states)
    return store


def test_the_users_own_sources_are_named_though_they_never_worked(failing: Store) -> None:
    assert _health(failing) == "sources failing: worked (see hubwatch sources)"
    assert _health(failing, own=frozenset({"mine", "once"})) == (
        "sources failing: mine, worked (see hubwatch sources)"
    )


def test_what_is_no_longer_followed_is_not_named(failing: Store) -> None:
    own = frozenset({"mine"})
    assert "worked" not in _health(failing, own=own, followed=lambda: ("mine", "other"))
    assert _health(failing, own=own, followed=tuple) == ""


def test_what_is_followed_is_not_asked_where_all_is_well(store: Store) -> None:
    def followed() -> tuple[str, ...]:
        raise AssertionError

    assert _health(store, followed=followed) == ""
