"""The digest's last line on sources, from the configuration to the screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from hubwatch.models import SourceState
from hubwatch.store import sources
from hubwatch.store.db import open_for_writing

NOW = datetime.now(UTC)
CONFIG = """
[sources.mine]
url = "https://mine.example/feed"
[sources.off]
url = "https://off.example/feed"
enabled = false
[sources.lift]
every = "6h"
"""


def test_own_sources_that_never_worked_are_named_and_built_in_ones_are_not(
    stored: Callable[..., None], hubwatch: Callable[..., Any], home: Any
) -> None:
    stored({"title": "One", "published": NOW})
    with open_for_writing(home.db) as store:
        failed = [SourceState(source=id_, failures=4, last_failure=NOW) for id_ in ("mine", "off", "lift")]
        removed = SourceState(source="removed", failures=4, last_failure=NOW, last_success=NOW)
        sources.save_states(store, [*failed, removed])
    home.configure(CONFIG)
    said = hubwatch("digest", "--format", "text")
    assert said.out.splitlines()[-1] == "sources failing: mine (see hubwatch sources)"
