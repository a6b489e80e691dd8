"""Downloads pause while more has been read than can be taken in."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from hubwatch.workflows.backlog import Backlog


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def backlog(told: list[str]) -> Backlog:
    return Backlog(lambda: told.append("hold back"), lambda: told.append("go on"), most_bytes=100)


def test_what_fits_pauses_nothing(backlog: Backlog, told: list[str]) -> None:
    with backlog.holding(60), backlog.holding(40):
        assert told == []
    assert told == []


def test_one_pause_until_it_has_shrunk(backlog: Backlog, told: list[str]) -> None:
    with backlog.holding(60):
        with ExitStack() as more:
            for _ in range(3):
                more.enter_context(backlog.holding(30))
            assert told == ["hold back"]
        assert told == ["hold back", "go on"]
    assert told == ["hold back", "go on"]


def test_a_failure_frees_what_was_in_hand(backlog: Backlog, told: list[str]) -> None:
    with pytest.raises(ValueError, match="odd"), backlog.holding(200):
        raise ValueError("odd")
    assert told == ["hold back", "go on"]
