"""hubwatch sources show: one source with its whole error; and what is said of one that has ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hubwatch.models import Source, SourceHealth, SourceState
from hubwatch.render import lists
from hubwatch.store import sources
from hubwatch.store.db import open_for_writing

Hubwatch = Callable[..., Any]
NOW = datetime.now(UTC)
URL = "https://news.example/feed"
LONG = "https://news.example/feed answered 503 (Service Unavailable) and asked for a pause until noon"


@pytest.fixture
def put(home: Any) -> Callable[..., None]:
    home.configure(f'[hubwatch]\ncatalog = []\n[sources.one]\nurl = "{URL}"\nstate = "OH"\nevery = "6h"\n')

    def put(**state: Any) -> None:
        with open_for_writing(home.db) as store:
            sources.save_states(store, (SourceState(source="one", **state),))

    return put


FAILING = {
    "url": f"{URL}.xml", "kind": "feed", "last_asked": NOW, "last_success": NOW - timedelta(days=3),
    "last_failure": NOW, "failures": 4, "error_code": "http-503", "error_message": LONG,
    "next_due": NOW + timedelta(hours=7, minutes=1),
}  # fmt: skip
ENDED = {
    "last_asked": NOW, "last_failure": NOW, "failures": 1, "error_code": "gone", "error_message": "410",
    "next_due": NOW + timedelta(hours=57), "ended": True,
}  # fmt: skip


def test_a_failing_source_is_shown_with_its_whole_error(put: Callable[..., None], hubwatch: Hubwatch) -> None:
    put(**FAILING)
    said = hubwatch("sources", "show", "one")
    assert said.code == 0
    words = " ".join(said.out.split())
    for part in (LONG, "http-503", "4 times in a row", f"address {URL}", f"read at {URL}.xml", "read as feed",
                 "(3 days ago)", "next due in 7 h", "health failing", "state OH", "every 6h",
                 "items 0"):  # fmt: skip
        assert part in words
    found = hubwatch("sources", "show", "one", "--json").json
    assert found["error"] == {"code": "http-503", "message": LONG}
    assert (found["followed"], found["every"], found["read_as"]) == (True, "6h", "feed")


def test_a_source_that_ended_is_never_due(put: Callable[..., None], hubwatch: Hubwatch) -> None:
    put(**ENDED)
    (row,) = hubwatch("sources").out.splitlines()[1:]
    assert "ended" in row
    assert " in 2 days" not in row
    assert hubwatch("sources", "--json").json[0]["next_due"] is None
    words = " ".join(hubwatch("sources", "show", "one").out.split())
    assert "health ended" in words
    assert "next due -" in words


@pytest.mark.parametrize(
    ("left_s", "said"),
    [(5, "in 1 min"), (59 * 60, "in 59 min"), (59.7 * 60, "in 1 h"), (47 * 3600, "in 47 h"),
     (48 * 3600, "in 2 days"), (7 * 86_400, "in 7 days")],
)  # fmt: skip
def test_it_says_when_a_source_is_asked_next_in_the_unit_that_fits(left_s: float, said: str) -> None:
    state = SourceState(source="one", last_asked=NOW, next_due=NOW + timedelta(seconds=left_s))
    assert lists.due(SourceHealth(source=Source(id="one", name="One", url=URL), state=state), now=NOW) == said


def test_one_that_is_not_asked_yet(put: Callable[..., None], hubwatch: Hubwatch) -> None:
    words = " ".join(hubwatch("sources", "show", "one").out.split())
    for part in ("health not asked", "read as auto, not read yet", "last success never", "next due now"):
        assert part in words
    assert "last error" not in words


def test_a_built_in_source_that_is_not_followed(put: Callable[..., None], hubwatch: Hubwatch) -> None:
    words = " ".join(hubwatch("sources", "show", "lift").out.split())
    assert "health not followed" in words
    assert "next due -" in words
    assert hubwatch("sources", "show", "lift", "--json").json["followed"] is False


def test_an_unknown_source_names_the_nearest(put: Callable[..., None], hubwatch: Hubwatch) -> None:
    said = hubwatch("sources", "show", "lfit")
    assert (said.code, said.out) == (2, "")
    assert "did you mean lift?" in said.err
