from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from hubwatch import digest
from hubwatch.models import Carried, Evidence, Item, Match, Tag

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


def made(name: str, score: float, **changes: object) -> Match:
    item = Item(
        id=name,
        source="s",
        title=name,
        url=f"https://x.org/{name}",
        first_seen=NOW,
        updated=NOW,
        effective=NOW,
    )
    return Match(item=replace(item, **changes), score=score)  # type: ignore[arg-type]


def tagged(topic: str) -> tuple[Tag, ...]:
    return (Tag(topic=topic, score=0.9, evidence=(Evidence(words=topic, where="title", weight=0.9),)),)


def build(*matches: Match, **options: object) -> digest.Digest:
    return digest.build(matches, title="t", now=NOW, **options)  # type: ignore[arg-type]


def ids(found: digest.Digest) -> list[str]:
    return [m.item.id for m in found.ranked]


def test_best_first_then_newest_then_id() -> None:
    older = NOW - timedelta(days=1)
    found = build(made("b", 0.5), made("a", 0.5), made("old", 0.5, effective=older), made("top", 0.9))
    assert ids(found) == ["top", "a", "b", "old"]


def test_the_limit_counts_what_it_leaves_out() -> None:
    found = build(made("a", 0.9), made("b", 0.8), made("c", 0.7), limit=2)
    assert ids(found) == ["a", "b"]
    assert found.left_out == 1


def test_limit_zero_shows_nothing_and_counts_all() -> None:
    found = build(made("a", 0.9), limit=0)
    assert found.ranked == ()
    assert found.left_out == 1


def test_one_story_is_shown_once_with_the_others_under_also() -> None:
    first = made("a", 0.8, story="a")
    other = made("b", 0.8, story="a", source="t", effective=NOW + timedelta(hours=1))
    found = build(other, first)
    assert ids(found) == ["a"]
    assert found.ranked[0].also == (Carried(source="t", url="https://x.org/b", item="b"),)
    assert build(first, other).ranked == found.ranked


def test_sections_open_calls_first_then_topics_by_best_match_then_places() -> None:
    call = made("call", 0.5, kind="call", deadline=date(2026, 2, 1))
    weak = made("weak", 0.6, tags=tagged("textiles"))
    strong = made("strong", 0.9, tags=tagged("additive"))
    place = replace(made("place", 0.95), ground="place")
    found = build(place, weak, strong, call, topic_names={"additive": "Additive"})
    assert [section.title for section in found.sections] == [
        digest.CALLS, "Additive", "textiles", digest.PLACES,
    ]  # fmt: skip
    assert ids(found)[0] == "place"


@pytest.mark.parametrize("wanted", [(), ("textiles",)])
def test_what_is_watched_stands_by_its_best_match_and_before_followed_places(wanted: tuple[str, ...]) -> None:
    place = replace(made("place", 0.95), ground="place")
    firm = replace(made("firm", 0.9, tags=tagged("additive")), ground="organization")
    topic = replace(made("topic", 0.8, tags=tagged("textiles")), ground="topic")
    phrase = replace(made("phrase", 0.7), ground="keyword")
    found = build(place, firm, topic, phrase, wanted_topics=wanted)
    assert [(s.title, [m.item.id for m in s.matches]) for s in found.sections] == [
        (digest.WATCHED, ["firm", "phrase"]),
        ("textiles", ["topic"]),
        (digest.PLACES, ["place"]),
    ]


def test_a_wanted_topic_names_the_section() -> None:
    both = made("x", 0.9, tags=(*tagged("textiles"), *tagged("additive")))
    assert build(both, wanted_topics=("additive",)).sections[0].title == "additive"


def test_by_deadline_puts_the_unknown_last() -> None:
    found = build(
        made("none", 0.9),
        made("late", 0.1, deadline=date(2026, 3, 1)),
        made("soon", 0.1, deadline=date(2026, 2, 1)),
        sort="deadline",
    )  # fmt: skip
    assert ids(found) == ["soon", "late", "none"]
    assert [section.title for section in found.sections] == [digest.LATER, digest.UNDATED]


def test_by_deadline_groups_by_urgency_and_puts_the_closed_last() -> None:
    found = build(
        made("over", 0.9, deadline=date(2025, 12, 1)),
        made("just over", 0.1, deadline=date(2026, 1, 14)),
        made("today", 0.1, deadline=date(2026, 1, 15)),
        made("two weeks", 0.1, deadline=date(2026, 1, 29)),
        made("later", 0.1, deadline=date(2026, 1, 30)),
        made("none", 0.1),
        sort="deadline",
    )  # fmt: skip
    assert [(s.title, [m.item.id for m in s.matches]) for s in found.sections] == [
        (digest.SOON, ["today", "two weeks"]),
        (digest.LATER, ["later"]),
        (digest.UNDATED, ["none"]),
        (digest.CLOSED, ["just over", "over"]),
    ]


def test_an_empty_digest_has_no_sections() -> None:
    assert build().sections == ()
    assert build(sort="newest").sections == ()


def _of_story(scores: tuple[float, float, float]) -> list[Match]:
    """One announcement: told first by somebody without a hub, then by a hub, then by another."""
    first, second, third = scores
    return [
        made("a", first, story="a", source="newspaper"),
        made("b", second, story="a", source="hub", hub="lift", effective=NOW + timedelta(hours=1)),
        made("c", third, story="a", source="blog", effective=NOW - timedelta(hours=1)),
    ]


@pytest.mark.parametrize(
    "scores",
    [
        pytest.param((0.9, 0.5, 0.7), id="the first scores best"),
        pytest.param((0.5, 0.9, 0.7), id="the hub scores best"),
        pytest.param((0.7, 0.5, 0.9), id="the third scores best"),
        pytest.param((0.7, 0.7, 0.7), id="all alike"),
    ],
)
def test_the_same_item_tells_a_story_whatever_its_score_and_order(scores: tuple[float, float, float]) -> None:
    members = _of_story(scores)
    for order in (members, members[::-1]):
        (shown,) = build(*order).ranked
        assert (shown.item.id, shown.item.hub, shown.score) == ("b", "lift", max(scores))
        assert [carried.source for carried in shown.also] == ["newspaper", "blog"]


def test_without_a_hub_the_storys_first_item_tells_it_then_the_earlier() -> None:
    first, _, earlier = _of_story((0.5, 0.6, 0.9))
    assert ids(build(earlier, first)) == ["a"]
    late = made("d", 0.95, story="a", source="late", effective=NOW + timedelta(days=1))
    assert ids(build(late, earlier)) == ["c"], "where the first one is not among the matches"


def test_the_best_of_a_story_says_why_it_is_shown() -> None:
    by_topic = replace(made("a", 0.9, story="a"), ground="topic", reasons=("additive",))
    by_place = replace(made("b", 0.3, story="a", source="t", hub="lift"), ground="place", reasons=("LIFT",))
    (shown,) = build(by_topic, by_place).ranked
    assert (shown.item.id, shown.ground, shown.reasons) == ("b", "topic", ("additive",))
