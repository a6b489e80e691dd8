"""What is said where nothing is to be shown: it fits what was asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from hubwatch.models import Digest, Item, Match
from hubwatch.render import markdown, text, web, words

NOW = datetime(2026, 3, 16, 7, 0, tzinfo=UTC)
CALL = Item(id="a", source="s", title="t", first_seen=NOW, updated=NOW, effective=NOW, kind="call")
LAST_WEEKS = NOW - timedelta(days=14)


@pytest.mark.parametrize(
    ("given", "said", "unsaid"),
    [
        pytest.param({"since": LAST_WEEKS}, "--since 3m", "fewer", id="a short time"),
        pytest.param({"since": NOW - timedelta(days=400)}, "fewer filters", "--since", id="a long time"),
        pytest.param({}, "fewer filters", "--since", id="all time"),
        pytest.param({"asked_for": "search"}, "Nothing has these words", "--since", id="search"),
        pytest.param({"asked_for": "new"}, "since the last time", "--since", id="new"),
        pytest.param({"asked_for": "calls"}, "--all", "--since", id="open calls"),
        pytest.param({"asked_for": "all calls"}, "fewer filters", "--all", id="all calls"),
    ],
)
def test_nothing(given: dict[str, Any], said: str, unsaid: str) -> None:
    digest = Digest(title="Hub digest", created=NOW, **given)
    advice = words.nothing(digest)
    assert advice is not None
    assert said in advice
    assert unsaid not in advice
    for render in (text.render, web.render):
        assert advice.split(". ")[0] in render(digest)
    assert advice.split(". ")[0] in markdown.render(digest)


def test_what_is_new_says_of_which_day_it_is() -> None:
    digest = Digest(title="Hub digest for ann", created=NOW, asked_for="new")
    assert words.heading(digest) == "Hub digest for ann · Mar 16 · nothing new"
    narrowed = replace(digest, since=NOW - timedelta(days=7))
    assert words.heading(narrowed) == "Hub digest for ann · Mar 9 to Mar 16 · nothing new"


@pytest.mark.parametrize("asked_for", ["time", "new", "search"])
def test_a_limit_of_none_is_not_said_to_be_nothing(asked_for: Any) -> None:
    digest = Digest(title="Hub digest", created=NOW, since=LAST_WEEKS, left_out=36, asked_for=asked_for)
    assert words.nothing(digest) is None
    assert words.left_out(digest) == "36 items match; --limit shows more"
    assert words.heading(digest).endswith("none shown")
    assert words.left_out(replace(digest, left_out=1)) == "1 item matches; --limit shows more"


def test_what_filters_left_out_of_what_is_new_is_told() -> None:
    digest = Digest(title="Hub digest", created=NOW, asked_for="new", filtered_out=1)
    assert words.nothing(digest) == "Nothing new matches the filters."
    assert words.left_out(digest) == "1 item that the filters left out stays new"
    both = replace(digest, left_out=2, filtered_out=1200, filtered_out_at_least=True)
    assert words.left_out(both) == (
        "2 items match; --limit shows more; at least 1,200 items that the filters left out stay new"
    )


def test_what_is_no_call_is_neither_open_nor_lapsed_in_a_list_by_deadline() -> None:
    match = Match(item=replace(CALL, kind="research"), score=0.5)
    assert words.time_left(match, today=NOW.date()) == ""
    assert words.call_facts(match, now=NOW) == ["today", "s", "research"]
    assert words.call_facts(Match(item=CALL, score=0.5), now=NOW) == [
        "no deadline known", "announced today", "s",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("deadline", "open_by", "said"),
    [
        (date(2026, 3, 16), "deadline", "today"),
        (date(2026, 3, 17), "deadline", "tomorrow"),
        (date(2026, 5, 9), "deadline", "54 days"),
        (date(2026, 3, 15), None, "closed"),
        (None, "recency", "open"),
        (None, None, "lapsed"),
    ],
)
def test_time_left(deadline: date | None, open_by: Any, said: str) -> None:
    item = replace(CALL, deadline=deadline)
    assert words.time_left(Match(item=item, score=0.5, open_by=open_by), today=NOW.date()) == said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param({}, "Calls · nothing found", id="all time"),
        pytest.param({"since": LAST_WEEKS}, "Calls · announced Mar 2 to Mar 16 · nothing found", id="since"),
        pytest.param({"until": LAST_WEEKS}, "Calls · announced until Mar 2 · nothing found", id="until"),
    ],
)
def test_the_days_over_a_list_of_calls_are_those_of_their_announcement(
    given: dict[str, Any], said: str
) -> None:
    digest = Digest(title="Calls", created=NOW, asked_for="calls", sort="deadline", **given)
    assert words.heading(digest) == said


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (NOW, "today"),
        (NOW - timedelta(days=1), "yesterday"),
        (NOW - timedelta(days=14), "14 days ago"),
        (NOW - timedelta(days=15), "Mar 1"),
        (NOW - timedelta(days=90), "Dec 16, 2025"),
        (NOW + timedelta(days=3), "Mar 19"),
        (datetime(2027, 1, 2, tzinfo=UTC), "Jan 2, 2027"),
    ],
)
def test_an_age(when: datetime, said: str) -> None:
    assert words.age(when, now=NOW) == said


def test_what_is_published_on_the_evening_before_here_is_of_today() -> None:
    here = datetime(2026, 3, 16, 20, 30, tzinfo=timezone(timedelta(hours=-5)))
    published = datetime(2026, 3, 17, 1, 0, tzinfo=UTC)
    assert words.age(published, now=here) == "today"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, None),
        ({"open_calls": 1}, "1 call is open: hubwatch calls"),
        (
            {"open_calls": 1, "next_due": date(2026, 4, 2), "profile": "alice"},
            "1 call is open, due Apr 2: hubwatch calls --profile alice",
        ),
        (
            {"open_calls": 1, "profile": "Ann B", "narrowed": ("--topic", "additive", "--org", "U.S. Steel")},
            "1 call is open: hubwatch calls --profile 'Ann B' --topic additive --org 'U.S. Steel'",
        ),
        (
            {"open_calls": 5, "next_due": date(2026, 4, 2)},
            "5 calls are open, the next due Apr 2: hubwatch calls",
        ),
        ({"open_calls": 1, "next_due": date(2026, 3, 17)}, "1 call is open, due tomorrow: hubwatch calls"),
        ({"open_calls": 98, "open_calls_at_least": True}, "at least 98 calls are open: hubwatch calls"),
        (
            {"open_calls": 5, "ranked": (Match(item=CALL, score=0.5, open_by="recency"),)},
            "5 more calls are open: hubwatch calls",
        ),
    ],
)
def test_calls_that_are_open_and_not_shown_are_told(given: dict[str, Any], said: str | None) -> None:
    digest = Digest(title="Hub digest", created=NOW, **given)
    assert words.open_calls(digest) == said
    for render in (text.render, markdown.render, web.render):
        assert ("open" in render(digest)) is (said is not None)
