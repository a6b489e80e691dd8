"""What is today, and so which call is still open, is decided by the reader's calendar."""

from __future__ import annotations

import json
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


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system sets its time zone otherwise")
def test_trends_by_day_count_what_has_just_come(
    here: datetime, stored: Callable[..., None], hubwatch: Callable[..., Any]
) -> None:
    stored({"title": "A webinar on aluminum castings", "kind": "event", "published": here})
    (trend,) = json.loads(hubwatch("trends", "--by", "kind", "--bucket", "day", "--json").out)
    assert trend["total"] == 1
    assert trend["counts"][-1] == {"start": here.astimezone(UTC).date().isoformat(), "items": 1}
