"""What readers are shown as new while sites relaunch, re-date, re-id and rewrite themselves every night."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any
from zlib import crc32

import pytest

TITLES = [
    f"{what} {verb} {thing} in year {year}"
    for year in (2024, 2025)
    for what in ("Institute", "Consortium", "Laboratory")
    for verb, thing in (
        ("opens", "a pilot line for castings"),
        ("awards", "projects on graphene films"),
        ("trains", "welders of aluminum frames"),
        ("hosts", "a workshop on powder beds"),
        ("names", "a director of robotics"),
    )
]


def stamp(when: datetime) -> str:
    return format_datetime(when, usegmt=True)


@pytest.fixture
def entries(clock: Any) -> list[dict[str, Any]]:
    """Thirty entries, one a day, the newest of yesterday."""
    return [
        {
            "title": title,
            "guid": f"https://old.example/?p={n}",
            "link": f"http://old.example/news/{n}/",
            "date": stamp(clock.now() - timedelta(days=n % 12 + 1, hours=n)),
        }
        for n, title in enumerate(TITLES)
    ]


@pytest.fixture
def publish(site: Any, rss: Any, watch: Any, source: Any) -> Any:
    """Put a list on the site and sync it, a day later each time; returns the outcome."""

    def publish(entries: list[dict[str, Any]], **time: float) -> Any:
        watch.later(**(time or {"hours": 25}))
        return watch.one(source(site.feed("/feed", rss(*entries))))

    return publish


def _moved(entry: dict[str, Any]) -> dict[str, Any]:
    number = crc32(entry["title"].encode())
    return {**entry, "link": f"https://new.example/stories/{number}", "guid": f"urn:{number}"}


RELAUNCHES: dict[str, Any] = {
    "new guids every night": lambda e, n: {**e, "guid": f"{e['guid']}&night={n}"},
    "http becomes https": lambda e, n: {
        **e, "link": e["link"].replace("http:", "https:"), "guid": e["guid"].replace("https", "http")
    },
    "another host": lambda e, n: {
        **e, "link": e["link"].replace("old.example", "new.example"),
        "guid": e["guid"].replace("old.example", "new.example"),
    },
    "another host and other paths": lambda e, n: _moved(e),
    "no guids any more": lambda e, n: {**e, "guid": None},
    "no links any more": lambda e, n: {**e, "link": None},
    "guids where there were links": lambda e, n: {**e, "guid": e["link"]},
    "tracking in the links": lambda e, n: {**e, "link": f"{e['link']}?utm_source=rss&amp;utm_id={n}"},
    "the whole list dated today": lambda e, n: {**e, "date": f"Mon, {23 + n:02} Nov 2026 06:00:00 GMT"},
    "the whole list dated this minute": lambda e, n: {**e, "date": None},
    "dates in another zone": lambda e, n: {**e, "date": e["date"].replace("GMT", "EST")},
    "years without their century": lambda e, n: {**e, "date": e["date"].replace(" 2026 ", " 26 ")},
    "text that tells the time": lambda e, n: {**e, "text": f"It is {n:02}:00:17; {n + 3} views."},
    "titles in capitals": lambda e, n: {**e, "title": e["title"].upper()},
    "titles escaped twice": lambda e, n: {**e, "title": e["title"].replace(" ", "&amp;nbsp;")},
}  # fmt: skip


@pytest.mark.parametrize("what", RELAUNCHES)
def test_a_site_that_changes_its_ways_brings_nothing_new(
    watch: Any, publish: Any, entries: list[dict[str, Any]], what: str
) -> None:
    publish(entries)
    assert len(watch.news()) == 30
    for night in range(4):
        outcome = publish([RELAUNCHES[what](entry, night) for entry in entries])
        assert outcome.new == 0
        assert watch.news() == []
    assert len(watch.items()) == 30


def test_a_relaunch_with_one_new_story_shows_just_that(
    watch: Any, publish: Any, entries: list[dict[str, Any]]
) -> None:
    publish(entries)
    watch.news()
    change = RELAUNCHES["another host and other paths"]
    fresh = {"title": "A story nobody knew", "date": stamp(watch.clock.now())}
    outcome = publish([fresh, *(change(entry, 0) for entry in entries)])
    assert watch.news() == ["A story nobody knew"]
    assert len(outcome.notices) <= 1


def test_relaunch_and_new_dates_at_once(watch: Any, publish: Any, entries: list[dict[str, Any]]) -> None:
    publish(entries)
    watch.news()
    moved = [
        {**RELAUNCHES["another host and other paths"](e, 0), "date": stamp(watch.clock.now())}
        for e in entries
    ]
    assert publish(moved).new == 0
    assert watch.news() == []


def test_old_stories_put_up_again_are_not_news(
    watch: Any, publish: Any, entries: list[dict[str, Any]]
) -> None:
    publish(entries[:5])
    watch.news()
    archive = [
        {"title": f"{title}, long ago", "date": stamp(watch.clock.now() - timedelta(days=90 + n))}
        for n, title in enumerate(TITLES)
    ]
    assert publish([*entries[:5], *archive]).new == 30
    assert watch.news() == []
    assert len(watch.items()) == 35


def test_a_guid_used_again_for_another_story_is_another_story(watch: Any, publish: Any) -> None:
    publish([{"title": "First story of the week", "guid": "weekly", "link": "https://example.org/1"}])
    watch.news()
    later = {"title": "Other matters altogether", "guid": "weekly", "link": "https://example.org/2"}
    publish([{**later, "date": stamp(watch.clock.now())}])
    assert watch.news() == ["Other matters altogether"]
    assert watch.titles() == {"First story of the week", "Other matters altogether"}


def test_an_edit_is_shown_once_and_kept_as_a_revision(
    watch: Any, publish: Any, entries: list[dict[str, Any]]
) -> None:
    publish(entries)
    watch.news()
    edited = [{**entries[0], "title": entries[0]["title"] + ", corrected"}, *entries[1:]]
    outcome = publish(edited)
    assert (outcome.new, outcome.updated) == (0, 1)
    assert watch.news() == []
    assert len(watch.items()) == 30


def test_stories_dated_ahead_do_not_stay_on_top_for_ever(watch: Any, publish: Any) -> None:
    ahead = stamp(watch.clock.now() + timedelta(days=400))
    publish(
        [{"title": "From the future", "date": ahead}, {"title": "Of today", "date": stamp(watch.clock.now())}]
    )
    watch.news()
    future = {item.title: item for item in watch.items()}["From the future"]
    assert future.published is None
    assert future.effective <= watch.clock.now()
    publish([{"title": "From the future", "date": ahead}])
    assert watch.news() == []


def test_each_story_is_shown_once_whatever_the_clock_does(watch: Any, publish: Any) -> None:
    shown: list[str] = []
    for step, time in enumerate(
        ({"days": 1}, {"days": 3}, {"hours": -30}, {"days": -3}, {"minutes": 1}, {"days": 9}, {"hours": 1})
    ):
        publish(
            [{"title": f"Story {n} of the walk", "date": stamp(watch.clock.now())} for n in range(step + 1)],
            **time,
        )
        shown += watch.news()
    assert sorted(shown) == sorted({f"Story {n} of the walk" for n in range(7)})


@pytest.mark.parametrize(("month", "day"), [(3, 8), (11, 1)], ids=["spring", "fall"])
def test_nothing_is_lost_or_doubled_where_the_clocks_change(
    watch: Any, publish: Any, month: int, day: int
) -> None:
    watch.clock.time = watch.clock.time.replace(month=month, day=day, hour=5)
    shown: list[str] = []
    for hour in range(4):
        local = f"Sun, {day:02} {'Mar' if month == 3 else 'Nov'} 2026 01:30:00 {'EST' if hour > 1 else 'EDT'}"
        stories = [{"title": f"Story of hour {n}", "date": local} for n in range(hour + 1)]
        publish(stories, hours=1)
        shown += watch.news()
    assert sorted(shown) == [f"Story of hour {n}" for n in range(4)]


def test_one_story_in_two_feeds_does_not_move_between_them(
    site: Any, watch: Any, source: Any, rss: Any
) -> None:
    text = rss({"title": "LIFT opens a project call on aluminum-lithium sheet for hypersonic vehicles"})
    one, two = source(site.feed("/a", text), "one"), source(site.feed("/b", text), "two")
    watch.later(hours=1)
    watch.sync(one, two, force=True)
    assert len(watch.news()) <= 1
    before = {item.id: (item.source, item.story) for item in watch.items()}
    for _ in range(3):
        watch.later(hours=25)
        watch.sync(two, one, force=True)
        assert watch.news() == []
        assert {item.id: (item.source, item.story) for item in watch.items()} == before
