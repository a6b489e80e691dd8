"""The digest's last line on sources, from the configuration to the screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from hubwatch.models import SourceState
from hubwatch.store import sources
from hubwatch.store.db import open_for_writing

NOW = datetime.now(UTC)
LINE = "sources failing: mine (see hubwatch sources)"
CONFIG = """
[sources.mine]
url = "https://mine.example/feed"
[sources.off]
url = "https://off.example/feed"
enabled = false
[sources.lift]
every = "6h"
"""


@pytest.fixture
def failing(stored: Callable[..., None], home: Any) -> None:
    stored({"title": "One", "published": NOW})
    with open_for_writing(home.db) as store:
        failed = [SourceState(source=id_, failures=4, last_failure=NOW) for id_ in ("mine", "off", "lift")]
        removed = SourceState(source="removed", failures=4, last_failure=NOW, last_success=NOW)
        sources.save_states(store, [*failed, removed])
    home.configure(CONFIG)


def test_own_sources_that_never_worked_are_named_and_built_in_ones_are_not(
    failing: None, hubwatch: Callable[..., Any]
) -> None:
    said = hubwatch("digest", "--format", "text")
    assert said.out.splitlines()[-1] == LINE
    assert said.err == ""


@pytest.mark.parametrize("format", ["json", "ndjson", "csv", "atom", "ics"])
def test_beside_data_they_are_named_on_stderr(
    failing: None, hubwatch: Callable[..., Any], format: str
) -> None:
    said = hubwatch("digest", "--format", format)
    assert said.err.splitlines()[-1] == LINE
    assert LINE not in said.out
    assert hubwatch("--quiet", "digest", "--format", format).err == ""
