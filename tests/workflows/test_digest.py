"""What a digest or a search says of what it left out, and whom its footer names."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hubwatch.identity import Resolution
from hubwatch.models import Evidence, Filters, Item, Profile, Source, SourceState, Tag
from hubwatch.store import indexing, items, sources
from hubwatch.store.db import Store, open_for_writing
from hubwatch.workflows import digest

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def _item(number: int, **given: Any) -> Item:
    at = NOW - timedelta(hours=number + 1)
    usual = {
        "id": f"{number:04x}", "source": "s", "title": f"Magnesium number {number}", "published": at,
        "first_seen": at, "updated": at, "effective": at, "story": f"{number:04x}",
    }  # fmt: skip
    return Item(**{**usual, **given})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Forty announcements; every fourth of them is told by a second source too."""
    with open_for_writing(tmp_path / "hubwatch.db") as opened:
        told = [_item(number) for number in range(40)]
        again = [
            _item(number + 100, source="t", title=told[number].title, story=told[number].id)
            for number in range(0, 40, 4)
        ]
        for source, some in (("s", told), ("t", again)):
            items.save(opened, source, Resolution(new=tuple(some)), None, now=NOW)
        indexing.catch_up(opened)
        yield opened


def _collect(store: Store, *, text: str | None = None, profile: Profile | None = None, **filters: Any) -> Any:
    wanted = digest.Wanted(title="t", filters=Filters(**filters), text=text, profile=profile)
    return digest.collect(store, wanted, now=NOW)


@pytest.mark.parametrize("candidates", [2, 1000])
def test_a_keyword_counts_as_it_stands_and_the_reason_names_it(
    store: Store, candidates: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest, "CANDIDATES", candidates)
    texts = ("Of castings.", "What was cast.", "A casting.", "Broadcasting.")
    new = tuple(_item(200 + number, title="News", content=text) for number, text in enumerate(texts))
    items.save(store, "s", Resolution(new=new), None, now=NOW)
    indexing.catch_up(store)
    for keywords in ({"keywords": ("x", "casting")}, {"profile": Profile(name="p", keywords=("casting",))}):
        found = _collect(store, limit=1, **keywords)
        assert [m.reasons for m in found.ranked] == [("“casting” in the text",)]
        assert (found.left_out, found.left_out_at_least) == (1, False)
    for given in ({"exclude": ("casting",)}, {"profile": Profile(name="p", exclude=("casting",))}):
        assert _collect(store, limit=1, **given).left_out == 41
    assert [m.reasons for m in _collect(store, keywords=("broadcast*",)).ranked] == [
        ("“broadcast*” in the text",)
    ]
    assert _collect(store, limit=0, exclude=("broadcast*",)).left_out == 43


@pytest.mark.parametrize("text", [None, "magnesium"], ids=["digest", "search"])
@pytest.mark.parametrize("sort", ["relevance", "newest", "deadline"])
@pytest.mark.parametrize("candidates", [7, 1000])
def test_what_is_left_out_is_counted_whatever_the_limit(
    store: Store, text: str | None, sort: str, candidates: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest, "CANDIDATES", candidates)
    monkeypatch.setattr(digest, "LOOKED_AT", candidates)
    for limit in (0, 1, 5, 39, 40, 100):
        found = _collect(store, text=text, sort=sort, limit=limit)
        assert (len(found.ranked), found.left_out) == (min(limit, 40), max(40 - limit, 0))
        assert not found.left_out_at_least


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"min_score": 0.5}, id="least score"),
        pytest.param(
            {"profile": Profile(name="p", keywords=("magnesium",), min_score=0.6)}, id="of a profile"
        ),
        pytest.param({"min_score": 0.95, "text": "magnesium"}, id="search"),
    ],
)
def test_what_only_the_scores_would_tell_is_said_to_be_the_least(
    store: Store, given: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest, "LOOKED_AT", 7)
    assert _collect(store, limit=1, **given).left_out_at_least
    monkeypatch.undo()
    assert not _collect(store, limit=1, **given).left_out_at_least


@pytest.mark.parametrize(
    ("profile", "filters", "ranked", "left_out", "filtered_out"),
    [
        pytest.param(None, {}, 40, 0, 0, id="no filter"),
        pytest.param(None, {"limit": 3, "sort": "newest"}, 3, 37, 0, id="a limit is none"),
        pytest.param(None, {"keywords": ("zinc",)}, 0, 0, 40, id="all"),
        pytest.param(None, {"keywords": ("number 7",), "limit": 0}, 0, 1, 39, id="some"),
        pytest.param(None, {"sources": ("t",)}, 10, 0, 30, id="told by another source too"),
        pytest.param(None, {"since": NOW - timedelta(hours=9)}, 9, 0, 31, id="a time"),
        pytest.param("number 7", {"keywords": ("zinc",)}, 0, 0, 1, id="of a profile"),
        pytest.param("number 7", {"min_score": 0.0}, 1, 0, 0, id="least score"),
    ],
)
def test_what_filters_left_out_of_what_is_new_is_counted(
    store: Store,
    profile: str | None,
    filters: dict[str, Any],
    ranked: int,
    left_out: int,
    filtered_out: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(digest, "CANDIDATES", 7)
    person = Profile(name="p", keywords=(profile,)) if profile else None
    asked = Filters(**{"limit": 100, **filters})
    wanted = digest.Wanted(title="t", filters=asked, profile=person, new_for="")
    found = digest.collect(store, wanted, now=NOW)
    assert (len(found.ranked), found.left_out, found.filtered_out) == (ranked, left_out, filtered_out)
    assert not digest.collect(store, replace(wanted, new_for=None), now=NOW).filtered_out


def test_of_very_many_the_least_number_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "CANDIDATES", 7)
    monkeypatch.setattr(digest, "_COUNTED", 20)
    found = _collect(store, limit=1)
    assert found.left_out_at_least
    assert 10 <= found.left_out < 39


# --- more matches than are ranked ------------------------------------------------------------------


@pytest.fixture
def plenty(tmp_path: Path) -> Iterator[Store]:
    """Nine hundred announcements of two weeks, unlike in all that a score goes by."""
    rng = random.Random(7)

    def tag(topic: str) -> Tag:
        where = rng.choice(("title", "summary"))
        evidence = (Evidence(words=topic, where=where, weight=1.0),)  # type: ignore[arg-type]
        return Tag(topic=topic, score=round(rng.uniform(0.3, 1), 3), evidence=evidence)

    def one(number: int) -> Item:
        at = NOW - timedelta(minutes=rng.randrange(14 * 24 * 60))
        topics = rng.sample(("lightweight", "additive", "coatings", "robotics"), rng.randrange(1, 4))
        return _item(
            number, published=at, effective=at, source=rng.choice("stuv"),
            title=f"{rng.choice(('Titanium', 'Weekly', 'Laser', 'Boeing'))} announcement {number}",
            content=rng.choice(("titanium and more", "of lasers", "nothing", "it says a laser")),
            tags=tuple(tag(topic) for topic in topics),
            organizations=(rng.choice(("Acme", "Boeing", "Ford")),),
            kind=rng.choice(("call", "award", "event", "other", "research", "other")),
            deadline=rng.choice((None, NOW.date() + timedelta(days=5), NOW.date() - timedelta(days=1))),
        )  # fmt: skip

    with open_for_writing(tmp_path / "plenty.db") as opened:
        made = [one(number) for number in range(900)]
        for source in "stuv":
            some = tuple(item for item in made if item.source == source)
            items.save(opened, source, Resolution(new=some), None, now=NOW)
        indexing.catch_up(opened)
        yield opened


def test_the_best_of_many_are_the_same_as_when_all_are_ranked(
    plenty: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = [
        {},
        {"topics": ("additive", "coatings", "robotics", "lightweight")},
        {"kinds": ("other", "research", "call", "event"), "min_score": 0.2},
        {"organizations": ("Boeing", "Ford")},
        {"keywords": ("titanium", "laser", "weekly")},
        {"profile": Profile(name="p", topics=("additive", "lightweight", "robotics"))},
        {"profile": Profile(name="p", keywords=("laser", "titanium"))},
        {"profile": Profile(name="p", topics=("coatings",), keywords=("laser",), organizations=("Boeing",))},
    ]
    quick = [_collect(plenty, limit=50, **each) for each in asked]
    monkeypatch.setattr(digest, "CANDIDATES", 10_000)
    for each, found in zip(asked, quick, strict=True):
        whole = _collect(plenty, limit=50, **each)
        assert [m.item.id for m in found.ranked] == [m.item.id for m in whole.ranked], each
        assert (found.left_out, found.left_out_at_least) == (whole.left_out, False)
        assert found.left_out >= 400  # more than were ranked


@pytest.mark.parametrize("sort", ["relevance", "newest"])
def test_what_many_sources_carry_takes_no_place_of_others(
    store: Store, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = NOW - timedelta(minutes=5)
    for source in range(30):
        copy = _item(
            500 + source, source=f"many{source}", title="One release", story="01f4",
            published=at, effective=at,
        )  # fmt: skip
        items.save(store, copy.source, Resolution(new=(copy,)), None, now=NOW)
    indexing.catch_up(store)
    monkeypatch.setattr(digest, "CANDIDATES", 40)
    found = _collect(store, limit=5, sort=sort)
    assert len(found.ranked) == 5
    assert found.left_out == 36


# --- the last line --------------------------------------------------------------------------------


def _health(store: Store, **given: Any) -> str:
    return " ".join(digest.health(store, now=NOW, **given))


@pytest.fixture
def failing(store: Store) -> Store:
    """Sources with three failures in a row: one that worked once, and two that never did; one failed once."""
    failed = {"failures": 3, "last_failure": NOW, "error_code": "timeout"}
    states = (
        SourceState(source="worked", last_success=NOW - timedelta(days=9), **failed),
        SourceState(source="mine", **failed),
        SourceState(source="built-in", **failed),
        SourceState(source="once", failures=1, last_failure=NOW),
    )
    sources.save_states(store, states)
    return store


def test_the_users_own_sources_are_named_though_they_never_worked(failing: Store) -> None:
    assert _health(failing) == "sources failing: worked (see hubwatch sources)"
    assert _health(failing, own=frozenset({"mine", "once"})) == (
        "sources failing: mine, worked (see hubwatch sources)"
    )


def test_what_is_no_longer_followed_is_not_named(failing: Store) -> None:
    own = frozenset({"mine"})
    assert "worked" not in _health(failing, own=own, followed=lambda: ("mine", "other"))
    assert _health(failing, own=own, followed=tuple) == ""


def test_what_is_followed_is_not_asked_where_all_is_well(store: Store) -> None:
    def followed() -> tuple[str, ...]:
        raise AssertionError

    assert _health(store, followed=followed) == ""


@pytest.mark.parametrize("is_more", [False, True])
def test_of_very_many_open_calls_only_the_least_number_is_told(
    store: Store, is_more: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest, "_OPEN_CALLS", 10)
    due = (NOW + timedelta(days=9)).date()
    calls = tuple(_item(300 + n, kind="call", deadline=due) for n in range(20 if is_more else 9))
    items.save(store, "s", Resolution(new=calls), None, now=NOW)
    wanted = digest.Wanted(title="t", filters=Filters(until=NOW - timedelta(days=400)), open_calls=True)
    found = digest.collect(store, wanted, now=NOW)
    assert (found.open_calls, found.open_calls_at_least) == ((10, True) if is_more else (9, False))


def test_calls_that_are_open_and_not_shown_are_counted_each_story_once(store: Store) -> None:
    long_ago = NOW - timedelta(days=60)
    old = {"kind": "call", "published": long_ago, "effective": long_ago}
    tags = (Tag(topic="additive", score=0.9, evidence=(Evidence(words="x", where="title", weight=1.0),)),)
    calls = [
        _item(300, kind="call", tags=tags),
        _item(301, deadline=(NOW + timedelta(days=9)).date(), tags=tags, **old),
        _item(302, deadline=(NOW + timedelta(days=5)).date(), **old),
        _item(303, deadline=(NOW - timedelta(days=5)).date(), **old),
        _item(304, **old),
        _item(305, story="012e", **{**old, "kind": "award"}),
    ]
    items.save(store, "s", Resolution(new=tuple(calls)), None, now=NOW)
    again = _item(306, source="t", story=calls[1].id, deadline=calls[1].deadline, **old)
    items.save(store, "t", Resolution(new=(again,)), None, now=NOW)
    since = NOW - timedelta(days=14)

    def counted(**given: Any) -> tuple[int, Any]:
        filters = Filters(since=since, **given)
        wanted = digest.Wanted(title="t", filters=filters, open_calls=True)
        found = digest.collect(store, wanted, now=NOW)
        return found.open_calls, found.next_due

    assert counted() == (3, calls[2].deadline)
    assert counted(topics=("additive",)) == (1, calls[1].deadline)
    assert counted(topics=("robotics",)) == (0, None)
    assert _collect(store, since=since).open_calls == 0


@pytest.mark.parametrize("leads", ["short", "full"])
@pytest.mark.parametrize(
    ("days", "wanted", "told"),
    [
        pytest.param(9, {"calls": "open"}, ["deadline"], id="open"),
        pytest.param(-1, {"calls": "open"}, [], id="over"),
        pytest.param(-1, {"calls": "all"}, [None], id="all"),
        pytest.param(9, {}, ["deadline"], id="digest"),
        pytest.param(9, {"text": "number 300"}, ["deadline"], id="search"),
    ],
)
def test_a_call_is_due_when_another_report_of_it_says(
    store: Store, leads: str, days: int, wanted: dict[str, Any], told: list[str | None]
) -> None:
    """A hub's own report may be the shortest, and leads."""
    due = (NOW + timedelta(days=days)).date()
    story = "012c" if leads == "short" else "012d"
    short = _item(300, kind="call", story=story)
    full = _item(301, kind="call", story=story, source="t", title="Money for castings", deadline=due)
    items.save(store, "s", Resolution(new=(short,)), None, now=NOW)
    items.save(store, "t", Resolution(new=(full,)), None, now=NOW)
    asked = digest.Wanted(title="t", filters=Filters(kinds=("call",)), **wanted)
    found = digest.collect(store, asked, now=NOW).ranked
    assert [(m.item.deadline, m.open_by) for m in found] == [(due, by) for by in told]


@pytest.mark.parametrize(
    ("strange", "own", "due"),
    [
        pytest.param(-40, None, None, id="before it was published"),
        pytest.param(9999, None, None, id="in years"),
        pytest.param(300, None, 300, id="in months"),
        pytest.param(300, 9, 9, id="later than the hub says"),
        pytest.param(-1, 9, 9, id="earlier than the hub says"),
        pytest.param(300, -1, -1, id="its hub says that it is over"),
    ],
)
def test_what_others_say_neither_closes_a_call_nor_keeps_it_open_against_reason(
    store: Store, strange: int, own: int | None, due: int | None
) -> None:
    def day(number: int | None) -> date | None:
        return None if number is None else (NOW + timedelta(days=number)).date()

    call = _item(300, kind="call", source="feed")
    told = {"page": own, "t": strange}
    pages = [
        Source(id=id_, name=id_, url=f"https://lift.example/{id_}", hub="lift") for id_ in ("feed", "page")
    ]
    sources.register(store, pages, ())
    items.save(store, "feed", Resolution(new=(call,)), None, now=NOW)
    for number, (source, days) in enumerate(told.items(), 301):
        mate = _item(number, kind="call", story=call.story, source=source, deadline=day(days))
        items.save(store, source, Resolution(new=(mate,)), None, now=NOW)
    wanted = digest.Wanted(title="t", filters=Filters(kinds=("call",), sources=("feed",)), calls="all")
    (match,) = digest.collect(store, wanted, now=NOW).ranked
    assert (match.item.id, match.item.deadline) == (call.id, day(due))
