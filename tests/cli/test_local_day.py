"""What is today, and so which call is still open, is decided by the reader's calendar."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest


@pytest.fixture(params=["Etc/GMT+12", "UTC", "Etc/GMT-14"])  # from the first evening on earth to the last
def here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[datetime]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield datetime.now(UTC).astimezone()
    monkeypatch.undo()
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system sets its time zone otherwise")
def test_a_call_is_open_until_the_end_of_its_last_day_here(
    here: datetime, stored: Callable[..., None], hubwatch: Callable[..., Any]
) -> None:
    days = {"yesterday": -1, "today": 0, "tomorrow": 1}
    told = here - timedelta(days=3)
    stored(
        *(
            {"title": f"Due {name}", "kind": "call", "published": told,
             "deadline": here.date() + timedelta(days=number)}
            for name, number in days.items()
        )
    )  # fmt: skip
    said = hubwatch("calls").out
    assert "Due yesterday" not in said
    assert "today  Due today" in said
    assert "tomorrow  Due tomorrow" in said
    assert "3 days ago" in hubwatch("digest").out
