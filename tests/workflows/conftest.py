"""What the tests of several workflows begin with: an empty store, and the built-in rules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hubwatch import facts
from hubwatch.catalog import vocabulary
from hubwatch.store.db import Store, open_for_writing


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_for_writing(tmp_path / "hubwatch.db") as opened:
        yield opened


@pytest.fixture(scope="session")
def rules() -> facts.Rules:
    return facts.compile_rules(vocabulary.load())
