"""What a progress bar is told."""

from __future__ import annotations

import pytest

from hubwatch.cli.progress import by_waiting


@pytest.mark.parametrize(
    ("waiting", "done", "says"),
    [
        (("lift", "nam", "mxd"), 1, "waiting for lift and 2 more"),
        (("lift",), 3, "waiting for lift"),
        ((), 4, ""),
    ],
)
def test_it_names_what_is_still_waited_for(waiting: tuple[str, ...], done: int, says: str) -> None:
    told: list[tuple[int, int, str]] = []
    by_waiting(lambda *words: told.append(words))(waiting, 4)
    assert told == [(done, 4, says)]
