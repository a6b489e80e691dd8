"""Organizations, members, trends, tagging anew: what is counted over many items."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hubwatch.catalog import aliases
from hubwatch.models import Filters, Tag
from hubwatch.store import items, listing, maintenance, organizations, retagging, trends
from hubwatch.store.query import ItemQuery

DAY = timedelta(days=1)


@pytest.fixture
def named(store, save, make_item, network):
    save(
        make_item("A", age=1, organizations=("Acme", "The Boeing Company"), topics={"additive": 0.9}),
        make_item(
            "B",
            age=8,
            organizations=("Acme",),
            source="am",
            kind="call",
            topics={"additive": 0.6, "digital": 0.4},
        ),
        make_item("C", age=9, organizations=("Acme",), source="am", topics={"digital": 0.8}),
        make_item("D", age=400, organizations=("Former Co.",), source="elsewhere"),
    )
    return store


def test_organizations_by_how_often_with_their_hubs(named, now):
    found = organizations.organizations(named, ItemQuery())
    assert [(o.name, o.items, o.hubs, o.latest) for o in found] == [
        ("Acme", 3, ("america-makes", "lift"), now - DAY),
        ("The Boeing Company", 1, ("lift",), now - DAY),
        ("Former Co.", 1, (), now - 400 * DAY),
    ]


def test_organizations_within_filters(named, now):
    asked = ItemQuery(filters=Filters(since=now - 365 * DAY, topics=("digital",)))
    assert [(o.name, o.items) for o in organizations.organizations(named, asked)] == [("Acme", 1)]


def test_an_item_with_two_names_of_one_organization_counts_once_in_every_window(store, save, make_item, now):
    both = ("Boeing", "The Boeing Company")
    save(
        make_item("New", age=1, organizations=both, kind="call"),
        make_item("Newer", age=0.5, organizations=("Boeing",)),
        make_item("Old", age=400, organizations=both),
    )

    def counts(**filters):
        found = organizations.organizations(store, ItemQuery(filters=Filters(**filters)))
        return {o.name: o.items for o in found}

    assert aliases.printed("The Boeing Company") == aliases.printed("Boeing")
    assert counts() == {"Boeing": 3}
    assert counts(since=now - 30 * DAY) == {"Boeing": 2}
    assert counts(until=now - 30 * DAY) == {"Boeing": 1}
    assert counts(kinds=("call",)) == {"Boeing": 1}


@pytest.fixture
def told(store, save, make_item, network):
    save(
        make_item("First", id="a", story="a", age=20, organizations=("NIST", "Acme")),
        make_item("Retold", id="b", story="a", age=3, source="am", organizations=("NIST",), kind="call"),
        make_item(
            "Again", id="c", story="a", age=2, source="elsewhere", kind="call",
            organizations=("NIST", "National Institute of Standards and Technology"),
        ),
        make_item("Other", id="d", story="d", age=1, organizations=("Acme",)),
        make_item("Alone", id="e", age=1, organizations=("NIST",)),
    )  # fmt: skip
    return store


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, {"NIST": (4, 2), "Acme": (2, 2)}),
        ({"since": 10}, {"NIST": (3, 2), "Acme": (1, 1)}),
        ({"until": 10}, {"NIST": (1, 1), "Acme": (1, 1)}),
        ({"kinds": ("call",)}, {"NIST": (2, 1)}),
        ({"hubs": ("lift",)}, {"NIST": (2, 2), "Acme": (2, 2)}),
    ],
    ids=["all", "without its first item", "the first item alone", "only what retells", "one hub"],
)
def test_what_several_told_counts_once_as_a_story(told, now, filters, expected):
    times = {name: now - value * DAY for name, value in filters.items() if name in ("since", "until")}
    asked = ItemQuery(filters=Filters(**(filters | times)))
    found = organizations.organizations(told, asked)
    assert {o.name: (o.items, o.stories) for o in found} == expected


def test_a_story_that_two_hubs_tell_is_with_both(told):
    hubs = {o.name: o.hubs for o in organizations.organizations(told, ItemQuery())}
    assert hubs["NIST"] == ("lift", "america-makes")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Boeing", ("The Boeing Company",)),
        ("the boeing company", ("The Boeing Company",)),
        ("BOEING company", ("The Boeing Company",)),
        ("Company Boeing", ()),
        ("co", ("Former Co.",)),
        ("", ()),
        ("!", ()),
    ],
)
def test_an_organization_is_found_by_words_within_its_name(named, name, expected):
    assert organizations.like(named, name) == expected


def test_members_are_kept_with_first_and_last_seen(store, now):
    assert organizations.save_members(store, "lift", ["Acme", "Boeing", "Acme", ""], now=now) == 2
    assert organizations.save_members(store, "lift", ["Acme"], now=now + DAY) == 0
    assert organizations.save_members(store, "am", ["The Boeing Company"], now=now) == 1
    found = organizations.members(store, hub="lift")
    assert [(m.organization, m.first_seen, m.last_seen) for m in found] == [
        ("Acme", now, now + DAY),
        ("Boeing", now, now),
    ]
    assert {m.hub for m in organizations.members(store)} == {"lift", "am"}


@pytest.mark.parametrize(
    ("by", "bucket", "expected"),
    [
        (
            "topic",
            "month",
            [("2026-02-01", "additive", 1), ("2026-02-01", "digital", 1), ("2026-03-01", "additive", 1)],
        ),
        ("hub", "week", [("2026-02-16", "america-makes", 2), ("2026-02-23", "lift", 1)]),
        ("kind", "day", [("2026-02-21", "other", 1), ("2026-02-22", "call", 1), ("2026-03-01", "other", 1)]),
        ("state", "month", [("2026-02-01", "OH", 2), ("2026-03-01", "MI", 1)]),
    ],
)
def test_counts_over_time(named, now, by, bucket, expected):
    asked = ItemQuery(filters=Filters(since=now - 300 * DAY))
    found = trends.counts_over_time(named, asked, by=by, bucket=bucket)
    assert [(c.start, c.key, c.items) for c in found] == expected


def test_topics_are_counted_where_they_count(named):
    assert trends.topic_counts(named) == {"additive": 2, "digital": 1}


def test_the_counts_of_topics_follow_all_that_is_written(store, save, make_item, now):
    kept, gone = (
        make_item("Kept", topics={"additive": 0.9}),
        make_item("Gone", age=900, topics={"robotics": 1}),
    )
    save(kept, gone, make_item("Weak", topics={"additive": 0.4}))
    save(kept)
    assert trends.topic_counts(store) == {"additive": 1, "robotics": 1}
    save(changed=(replace(kept, tags=(Tag(topic="digital", score=0.7),), updated=now + DAY),))
    assert trends.topic_counts(store) == {"digital": 1, "robotics": 1}
    maintenance.prune(store, older_than=now - 365 * DAY)
    assert trends.topic_counts(store) == {"digital": 1}
    _retag(store, "rules")
    assert trends.topic_counts(store) == {"robotics": 2}
    assert maintenance.check(store) == ()


# --- tagging anew ---------------------------------------------------------------------------------


def _retag(store, fingerprint, *, stop_after=None):
    after, seen = retagging.progress(store, fingerprint), []
    while stop_after is None or len(seen) < stop_after:
        after, some = retagging.batch(store, after=after, size=2)
        if not some:
            retagging.finish(store, fingerprint)
            return seen
        tagged = [
            replace(i, tags=(Tag(topic="robotics", score=0.9),), kind="award", organizations=("X",))
            for i in some
        ]
        retagging.save_tags(store, tagged, after=after, fingerprint=fingerprint)
        seen += [item.title for item in some]
    return seen


def test_all_items_are_tagged_anew_once_even_when_interrupted(store, save, make_item):
    save(*(make_item(f"Item {n}", topics={"additive": 0.9}, content=f"text {n}") for n in range(5)))
    assert retagging.remaining(store, after=0) == 5
    first = _retag(store, "rules 2", stop_after=2)
    assert retagging.fingerprint(store) is None
    assert first + _retag(store, "rules 2") == [f"Item {n}" for n in range(5)]
    assert retagging.fingerprint(store) == "rules 2"
    for item in listing.select(store, ItemQuery()):
        assert (item.tags, item.kind, item.organizations) == (
            (Tag(topic="robotics", score=0.9),),
            "award",
            ("X",),
        )
    assert items.get(store, listing.select(store, ItemQuery())[0].id).content.startswith("text")


def test_other_rules_begin_from_the_start(store, save, make_item):
    save(*(make_item(f"Item {n}") for n in range(4)))
    _retag(store, "rules 2", stop_after=2)
    assert len(_retag(store, "rules 3")) == 4
