"""The filters that many commands share: what is understood, and what is said of the rest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

Hubwatch = Callable[..., Any]
NOW = datetime.now(UTC)


@pytest.fixture
def filled(stored: Callable[..., None]) -> None:
    day = NOW - timedelta(days=1)
    stored(
        {"title": "From Michigan", "published": day},
        {"title": "From Ohio", "source": "america-makes", "published": day},
    )


@pytest.mark.parametrize("state", ["OH", "oh", "Ohio", "ohio", " Ohio "])
def test_a_state_by_its_letters_or_its_name(state: str, filled: None, hubwatch: Hubwatch) -> None:
    assert [item["title"] for item in hubwatch("digest", "--state", state, "--json").json] == ["From Ohio"]
    assert {hub["state"] for hub in hubwatch("hubs", "--state", state, "--json").json} == {"OH"}


@pytest.mark.parametrize(
    ("args", "meant"),
    [
        pytest.param(("digest", "--state", "Ohoi"), "did you mean Ohio?", id="a state's name"),
        pytest.param(("digest", "--state", "O"), "unknown state 'O'", id="a state's letters"),
        pytest.param(("digest", "--topic", "aluminum"), "did you mean lightweight?", id="a term of an area"),
        pytest.param(("topics", "aluminum"), "did you mean lightweight?", id="topics"),
        pytest.param(
            ("profiles", "add", "x", "--topic", "graphene"), 'did you mean "nanomaterials"?', id="profile"
        ),
    ],
)
def test_what_was_meant(args: tuple[str, ...], meant: str, hubwatch: Hubwatch) -> None:
    said = hubwatch(*args)
    assert (said.code, said.out) == (2, "")
    assert meant in said.err
