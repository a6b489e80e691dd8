"""What is new to a profile: each item exactly once, however often, seldom or oddly it runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubwatch.models import Filters, Profile
from hubwatch.store import deliveries, listing
from hubwatch.store.query import ItemQuery

DAY = timedelta(days=1)


def _new(store, now, who="", **given):
    return [i.title for i in listing.select(store, ItemQuery(new_for=who, now=now, **given))]


def _mark(store, now, who="", **given):
    found = listing.select(store, ItemQuery(new_for=who, now=now, **given))
    deliveries.mark(store, who, [item.id for item in found], now=now)
    return [item.title for item in found]


def test_what_was_shown_is_not_new_again(store, save, make_item, now):
    save(make_item("One"), make_item("Two"))
    assert _mark(store, now) == ["Two", "One"]
    assert _mark(store, now) == []
    save(make_item("Three"))
    assert _mark(store, now + DAY) == ["Three"]


def test_looking_does_not_mark(store, save, make_item, now):
    save(make_item("One"))
    assert _new(store, now) == ["One"]
    assert _new(store, now) == ["One"]
    assert deliveries.first_run(store, "") is None


def test_each_profile_has_a_record_of_its_own(store, save, make_item, now):
    save(make_item("One"))
    assert _mark(store, now, "alice") == ["One"]
    assert _new(store, now, "bob") == ["One"]
    assert _new(store, now, "alice") == []
    assert _new(store, now) == ["One"]
    assert deliveries.first_run(store, "alice") == now


def test_the_first_run_looks_back_14_days(store, save, make_item, now):
    save(make_item("Came early", first_seen=now - 15 * DAY, age=16))
    save(make_item("Came lately", first_seen=now - 13 * DAY, age=16))
    assert _mark(store, now) == ["Came lately"]


def test_a_first_run_that_finds_nothing_is_a_first_run(store, save, make_item, now):
    assert _mark(store, now) == []
    save(make_item("Came after", first_seen=now + 5 * DAY, age=-5))
    assert _mark(store, now + 90 * DAY) == ["Came after"]


@pytest.mark.parametrize(
    ("age", "is_new"), [pytest.param(29, True, id="29-days"), pytest.param(31, False, id="31-days")]
)
def test_what_is_old_when_it_arrives_is_not_new(store, save, make_item, now, age, is_new):
    save(make_item("Item", first_seen=now, age=age))
    assert _new(store, now) == (["Item"] if is_new else [])


def test_an_undated_item_is_new_unless_it_came_with_a_first_reading(store, save, make_item, now):
    save(make_item("Undated", published=None, effective=now))
    save(make_item("Of a first reading", published=None, effective=datetime(1900, 1, 1, tzinfo=UTC)))
    assert _new(store, now) == ["Undated"]


def test_what_a_limit_or_filter_left_out_stays_new(store, save, make_item, now):
    save(*(make_item(f"Item {n}", age=n + 1, kind="call" if n % 2 else "award") for n in range(6)))
    assert _mark(store, now, limit=2) == ["Item 0", "Item 1"]
    assert _mark(store, now, filters=Filters(kinds=("call",))) == ["Item 3", "Item 5"]
    assert listing.count_stories(store, ItemQuery(new_for="", now=now), at_most=10) == (2, True)
    assert _mark(store, now) == ["Item 2", "Item 4"]


def test_the_same_story_told_later_elsewhere_is_not_new(store, save, make_item, now):
    save(make_item("First", id="a1", story="a1"))
    assert _mark(store, now) == ["First"]
    save(make_item("Retold", id="a2", story="a1", source="am"))
    assert _new(store, now) == []
    save(make_item("Leader that came late", id="a3", story="a3"))
    store.write("UPDATE items SET story = 'a3' WHERE id IN ('a1', 'a2')")
    assert _new(store, now) == []


def test_mates_are_marked_with_an_item(store, save, make_item, now):
    save(make_item("First", id="a1", story="a1"), make_item("Retold", id="a2", story="a1"))
    deliveries.mark(store, "p", ["a2"], now=now)
    assert store.rows("SELECT count(*) FROM deliveries") == [(2,)]
    assert _new(store, now, "p") == []


def test_new_to_a_profile_is_narrowed_by_what_it_wants(store, save, make_item, now):
    alice = Profile(name="alice", topics=("additive",))
    save(make_item("Wanted", topics={"additive": 0.9}), make_item("Not wanted"))
    assert _mark(store, now, "alice", profile=alice) == ["Wanted"]
    assert _new(store, now, "alice", profile=alice) == []


def test_marking_twice_or_the_unknown_does_no_harm(store, save, make_item, now):
    item = make_item("One")
    save(item)
    deliveries.mark(store, "p", [item.id, item.id, "unknown"], now=now)
    deliveries.mark(store, "p", [item.id], now=now + DAY)
    assert store.rows("SELECT shown_at FROM deliveries") == [("2026-03-02T09:00:00Z",)]


_STEP = st.tuples(
    st.sampled_from(["arrive", "run", "run", "peek", "limited", "filtered", "failed"]),
    st.integers(min_value=-40, max_value=60),  # days the clock moves, backwards too
)


@given(st.lists(_STEP, max_size=25))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_item_exactly_once_whatever_happens(tmp_path_factory, make_item, steps):
    from hubwatch.identity import Resolution
    from hubwatch.store import items
    from hubwatch.store.db import open_for_writing

    now = datetime(2026, 3, 2, tzinfo=UTC)
    arrived, shown = [], []
    with open_for_writing(tmp_path_factory.mktemp("new") / "x.db") as store:
        shown += _mark(store, now)
        for number, (what, days) in enumerate(steps):
            now += days * DAY
            if what == "arrive":
                item = make_item(
                    f"Item {number}", first_seen=now, published=now, kind="call" if number % 2 else "other"
                )
                items.save(store, "lift", Resolution(new=(item,)), None, now=now)
                arrived.append(item.title)
            elif what == "limited":
                shown += _mark(store, now, limit=1)
            elif what == "filtered":
                shown += _mark(store, now, filters=Filters(kinds=("call",)))
            elif what == "run":
                shown += _mark(store, now)
            else:
                _new(store, now)
        shown += _mark(store, now)
    assert sorted(shown) == sorted(arrived)
