"""Lists: OR within a filter, AND between them, a profile as a union; always by an index."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from hubwatch.models import Filters, Profile, Source
from hubwatch.normalize import LONG_AGO
from hubwatch.profiles import is_open
from hubwatch.store import (
    candidates,
    deliveries,
    indexing,
    items,
    listing,
    organizations,
    search,
    sources,
    trends,
    walks,
)
from hubwatch.store.query import ItemQuery

DAY = timedelta(days=1)


@pytest.fixture
def news(store, save, make_item, network):
    """A small set of news that every filter divides in another way."""
    save(
        make_item("Casting sheet", age=1, topics={"lightweight": 0.9}, organizations=("The Boeing Company",)),
        make_item("Printing call", age=2, source="am", topics={"additive": 0.8}, kind="call"),
        make_item("Both at once", age=3, source="am", topics={"additive": 0.6, "lightweight": 0.5}),
        make_item("Hardly printing", age=4, topics={"additive": 0.4}, kind="award"),
        make_item("Golf outing", age=5, source="lift-calls", organizations=("Acme", "Boeing"), kind="event"),
        make_item("Long ago", age=400, content="A word on aluminum castings.", kind="call"),
    )
    indexing.catch_up(store)
    return store


def _titles(found):
    return [item.title for item in found]


EVERYTHING = ["Casting sheet", "Printing call", "Both at once", "Hardly printing", "Golf outing", "Long ago"]

CASES = [
    pytest.param({}, EVERYTHING, id="nothing-asked"),
    pytest.param({"topics": ("lightweight",)}, ["Casting sheet", "Both at once"], id="topic-from-0.5-on"),
    pytest.param(
        {"topics": ("lightweight", "additive")},
        ["Casting sheet", "Printing call", "Both at once"],
        id="topics-are-or-and-each-item-once",
    ),
    pytest.param({"topics": ("none",)}, [], id="unknown-topic"),
    pytest.param({"topics": ("additive",), "kinds": ("call",)}, ["Printing call"], id="topic-and-kind"),
    pytest.param({"hubs": ("america-makes",)}, ["Printing call", "Both at once"], id="hub"),
    pytest.param(
        {"hubs": ("lift",)},
        ["Casting sheet", "Hardly printing", "Golf outing", "Long ago"],
        id="hub-of-two-sources",
    ),
    pytest.param({"states": ("OH",)}, ["Printing call", "Both at once"], id="state"),
    pytest.param({"states": ("OH",), "hubs": ("lift",)}, [], id="state-and-hub"),
    pytest.param({"states": ("TX",)}, [], id="state-without-source"),
    pytest.param({"sources": ("lift-calls",)}, ["Golf outing"], id="source"),
    pytest.param(
        {"sources": ("lift-calls", "am"), "kinds": ("event", "call")},
        ["Printing call", "Golf outing"],
        id="sources-and-kinds",
    ),
    pytest.param({"kinds": ("award", "event")}, ["Hardly printing", "Golf outing"], id="kinds"),
    pytest.param(
        {"organizations": ("boeing",)}, ["Casting sheet", "Golf outing"], id="organization-within-name"
    ),
    pytest.param(
        {"organizations": ("The Boeing Company",)},
        ["Casting sheet", "Golf outing"],
        id="organization-by-another-name",
    ),
    pytest.param({"organizations": ("Boe",)}, [], id="organization-by-whole-words"),
    pytest.param({"organizations": ("Acme", "Nobody")}, ["Golf outing"], id="organizations-are-or"),
    pytest.param({"keywords": ("aluminum casting",)}, ["Long ago"], id="keyword-in-full-text-and-plural"),
    pytest.param({"keywords": ("casting aluminum",)}, [], id="keyword-is-a-phrase"),
    pytest.param(
        {"keywords": ("printing", "outing")},
        ["Printing call", "Hardly printing", "Golf outing"],
        id="keywords-are-or",
    ),
    pytest.param({"keywords": ('"', "(")}, [], id="keyword-of-signs"),
    pytest.param(
        {"exclude": ("golf outing", "castings")},
        ["Printing call", "Both at once", "Hardly printing"],
        id="exclude",
    ),
    pytest.param({"topics": ("additive",), "exclude": ("call",)}, ["Both at once"], id="topic-but-not"),
    pytest.param({"since": 3}, ["Casting sheet", "Printing call", "Both at once"], id="since"),
    pytest.param({"since": 4, "until": 3}, ["Both at once", "Hardly printing"], id="since-until"),
    pytest.param({"topics": ("additive",), "until": 3}, ["Both at once"], id="topic-until"),
]


def _filters(given, now):
    for end in ("since", "until"):
        if end in given:
            given = {**given, end: now - given[end] * DAY}
    return Filters(**given)


@pytest.mark.parametrize(("given", "expected"), CASES)
def test_filters(news, now, given, expected):
    asked = ItemQuery(filters=_filters(given, now))
    assert _titles(listing.select(news, asked)) == expected
    assert listing.count_stories(news, asked, at_most=100) == (len(expected), True)


@pytest.mark.parametrize(("given", "expected"), CASES)
def test_the_same_filters_beside_a_profile_that_takes_all(news, now, given, expected):
    everything = Profile(name="p", hubs=("lift", "america-makes"))
    asked = ItemQuery(filters=_filters(given, now), profile=everything)
    assert _titles(listing.select(news, asked)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({}, EVERYTHING, id="a-profile-that-wants-nothing-takes-all"),
        pytest.param({"topics": ("lightweight",)}, ["Casting sheet", "Both at once"], id="topic"),
        pytest.param(
            {"topics": ("lightweight",), "states": ("OH",)},
            ["Casting sheet", "Printing call", "Both at once"],
            id="topic-or-state",
        ),
        pytest.param(
            {"organizations": ("Acme",), "keywords": ("printing",)},
            ["Printing call", "Hardly printing", "Golf outing"],
            id="organization-or-keyword",
        ),
        pytest.param({"organizations": ("golf",)}, ["Golf outing"], id="organization-named-in-the-title"),
        pytest.param(
            {"hubs": ("lift",), "kinds": ("call", "award")},
            ["Hardly printing", "Long ago"],
            id="narrowed-by-kinds",
        ),
        pytest.param(
            {"hubs": ("lift",), "exclude": ("golf",)},
            ["Casting sheet", "Hardly printing", "Long ago"],
            id="narrowed-by-exclude",
        ),
        pytest.param({"kinds": ("event",)}, ["Golf outing"], id="only-kinds"),
    ],
)
def test_a_profile_is_a_union_that_kinds_and_exclude_narrow(news, given, expected):
    asked = ItemQuery(profile=Profile(name="p", **given))
    assert _titles(listing.select(news, asked)) == expected
    assert listing.count_stories(news, asked, at_most=100) == (len(expected), True)


def test_the_limit_keeps_the_newest_and_count_tells_all(news):
    asked = ItemQuery(filters=Filters(topics=("lightweight", "additive")), limit=2)
    assert _titles(listing.select(news, asked)) == ["Casting sheet", "Printing call"]
    assert listing.count_stories(news, asked, at_most=100) == (3, True)


@pytest.mark.parametrize("order", ["newest", "relevance", "deadline"])
def test_a_filters_limit_beyond_the_usual_lists_everything(news, now, order):
    asked = ItemQuery(filters=Filters(limit=1_000_000), limit=2, order=order, now=now)
    assert len(listing.select(news, asked)) == len(EVERYTHING)
    # By deadline there are the newest beside those due next.
    assert len(listing.select(news, ItemQuery(limit=2, order=order, now=now))) in (2, 4)


def test_stories_are_counted_once_and_only_so_many_are_looked_at(store, save, make_item):
    save(
        make_item("A", id="a", story="a"),
        make_item("B", id="b", story="a", source="am"),
        make_item("C", id="c", story="c"),
        make_item("D", id="d"),
    )
    assert listing.count_stories(store, ItemQuery(), at_most=10) == (3, True)
    assert listing.count_stories(store, ItemQuery(filters=Filters(sources=("lift",))), at_most=10) == (
        3,
        True,
    )
    least, is_all = listing.count_stories(store, ItemQuery(), at_most=3)
    assert (least in (2, 3), is_all) == (True, False)


def test_counting_stories_looks_at_what_is_retold_alone(store, save, make_item, now):
    save(*(make_item(f"{n}", id=f"{n}", story="0", age=n) for n in range(5)), make_item("Alone", age=2))
    asked: list[str] = []
    store.trace(asked.append)
    window = Filters(since=now - 3 * DAY, until=now - DAY)
    assert listing.count_stories(store, ItemQuery(filters=window), at_most=100) == (2, True)
    store.trace(None)
    steps = [row[3] for row in store.rows(f"EXPLAIN QUERY PLAN {asked[-1]}")]
    assert "SEARCH i USING COVERING INDEX retold (number=?)" in steps
    assert "SEARCH i USING COVERING INDEX items_by_time (effective>? AND effective<?)" in steps


def test_what_is_due_next_is_listed_however_old_it_is(store, save, make_item, now):
    save(
        *(make_item(f"Fresh {n}", age=n) for n in range(9)),
        make_item("Due in May", age=500, deadline=date(2026, 5, 1), kind="event"),
        make_item("Due in April", age=900, deadline=date(2026, 4, 1), topics={"additive": 0.9}),
        make_item("Over", age=3, deadline=date(2026, 2, 1)),
    )
    asked = ItemQuery(order="deadline", now=now, limit=2)
    assert _titles(listing.select(store, asked)) == ["Fresh 0", "Fresh 1", "Due in May", "Due in April"]
    additive = replace(asked, filters=Filters(topics=("additive",)))
    assert _titles(listing.select(store, additive)) == ["Due in April"]


def test_the_newest_calls_are_those_listed_where_they_are_asked_for(some_calls, save, make_item, now):
    save(make_item("Over but new", kind="call", age=0.5, deadline=date(2026, 2, 1)))
    asked = ItemQuery(filters=Filters(sort="newest"), limit=1)
    (found,) = listing.calls(some_calls, asked, now=now, include_closed=True)
    assert found.title == "Over but new"


def test_a_source_also_finds_what_others_carry_of_it(store, save, make_item, network):
    save(
        make_item("First told", id="f0", source="am", age=3, story="f0"),
        make_item("Retold", id="f1", source="lift", age=2, story="f0"),
        make_item("Retold again", id="f2", source="lift-calls", age=1, story="f0"),
        make_item("Alone", id="f3", source="am", age=1, story="f3"),
    )
    told = {"First told", "Retold", "Retold again"}
    for source, expected in (("lift", told), ("lift-calls", told), ("am", {*told, "Alone"})):
        for filters in (
            Filters(sources=(source,)),
            Filters(sources=(source,), hubs=("lift", "america-makes")),
        ):
            assert set(_titles(listing.select(store, ItemQuery(filters=filters)))) == expected


@pytest.mark.parametrize("number", [3, 200])
def test_a_hub_of_many_sources_is_listed_newest_first(store, save, make_item, number):
    from hubwatch.models import Hub, Source
    from hubwatch.store import sources

    found = [Source(id=f"s{n}", name=f"S{n}", url="https://x.example/", hub="h") for n in range(number)]
    sources.register(store, found, [Hub(id="h", kind="institute", name="H")])
    save(*(make_item(f"Item {n}", source=f"s{n}", age=n + 1) for n in range(number)))
    asked = ItemQuery(filters=Filters(hubs=("h",)), limit=2)
    assert _titles(listing.select(store, asked)) == ["Item 0", "Item 1"]


def test_undated_items_of_a_first_reading_are_found_from_1900_on(store, save, make_item, now):
    old = datetime(1900, 1, 1, tzinfo=UTC)
    save(make_item("Undated", published=None, effective=old))
    assert listing.select(store, ItemQuery(filters=Filters(since=now - 14 * DAY))) == ()
    assert _titles(listing.select(store, ItemQuery(filters=Filters(since=old)))) == ["Undated"]


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        pytest.param(None, {"Strong", "Strong, last week"}, id="by-the-best-topic"),
        pytest.param(
            Profile(name="p", topics=("digital",), hubs=("lift",)),
            {"Weak", "Strong"},
            id="wanted-topic-first",
        ),
        pytest.param(
            Profile(name="p", organizations=("Acme",), hubs=("lift",)), {"Names", "Weak"}, id="organization"
        ),
    ],
)
def test_of_too_many_the_likeliest_to_rank_high_are_kept(
    store, save, make_item, network, now, profile, expected
):
    save(
        make_item("Strong, long ago", age=300, topics={"additive": 0.6}),
        make_item("Strong, last week", age=7, topics={"additive": 0.95}),
        make_item("Strong", age=2, topics={"additive": 0.9, "digital": 0.5}),
        make_item("Weak", age=1.5, topics={"digital": 0.6}),
        make_item("Names", age=1.2, organizations=("Acme",)),
        make_item("Plain", age=1),
    )
    if profile and profile.organizations:
        save(make_item("Weak, newest", age=0.5, source="am"))
        expected = {"Names", "Plain"}
    asked = ItemQuery(profile=profile, order="relevance", now=now, limit=2)
    assert set(_titles(listing.select(store, asked))) == expected


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(ItemQuery(filters=Filters(keywords=("!!",))), id="filter"),
        pytest.param(ItemQuery(profile=Profile(name="p", keywords=("!!",))), id="profile"),
    ],
)
@pytest.mark.parametrize("order", ["relevance", "newest", "deadline"])
def test_a_keyword_without_a_word_finds_nothing_in_any_order(news, now, asked, order):
    since = replace(asked.filters, since=now - 9 * DAY)
    assert listing.select(news, replace(asked, filters=since, order=order, now=now)) == ()


# --- calls ----------------------------------------------------------------------------------------


@pytest.fixture
def some_calls(store, save, make_item, network):
    save(
        make_item("Due soon", kind="call", deadline=date(2026, 3, 5), topics={"additive": 0.9}),
        make_item("Due today", kind="call", deadline=date(2026, 3, 2), source="am"),
        make_item("Due yesterday", kind="call", deadline=date(2026, 3, 1)),
        make_item("No deadline, fresh", kind="call", age=80),
        make_item("No deadline, old", kind="call", age=100),
        make_item("No call", deadline=date(2026, 3, 5)),
    )
    return store


def test_open_calls_come_by_deadline(some_calls, now):
    assert _titles(listing.calls(some_calls, ItemQuery(), now=now)) == [
        "Due today",
        "Due soon",
        "No deadline, fresh",
    ]


@pytest.mark.parametrize("hours_east", [-12, 0, 14])
def test_calls_without_a_deadline_are_open_by_days(store, save, make_item, now, hours_east):
    """Where the list and `is_open` part, something listed as open would be said to have lapsed."""
    here = now.astimezone(timezone(timedelta(hours=hours_east)))
    begin = datetime(2025, 11, 30, tzinfo=UTC)
    made = [
        make_item(f"At {hour}", kind="call", published=told, effective=told)
        for hour in range(120)
        for told in (begin + timedelta(hours=hour),)
    ]
    save(*made)
    expected = {item.title for item in made if is_open(item, today=here.date())}
    assert 0 < len(expected) < len(made)
    assert set(_titles(listing.calls(store, ItemQuery(limit=200), now=here))) == expected


def test_closed_calls_come_when_asked(some_calls, now):
    found = listing.calls(some_calls, ItemQuery(), now=now, include_closed=True)
    assert _titles(found) == [
        "Due today",
        "Due soon",
        "No deadline, fresh",
        "No deadline, old",
        "Due yesterday",
    ]


def test_what_a_list_of_calls_held_at_its_first_reading_is_open_for_a_time(store, save, make_item, now):
    lists = [
        Source(id=what, name=what, url="https://x.example/", what=what) for what in ("news", "project-calls")
    ]
    sources.register(store, lists, ())
    undated = {"kind": "call", "published": None, "effective": LONG_AGO}
    save(
        make_item("Listed", source="project-calls", **undated),
        make_item("Listed long ago", source="project-calls", first_seen=now - timedelta(days=91), **undated),
        make_item("No list of calls", source="news", **undated),
        make_item("Listed and dated", source="project-calls", kind="call", age=100),
    )
    assert _titles(listing.calls(store, ItemQuery(), now=now)) == ["Listed"]
    assert len(listing.calls(store, ItemQuery(), now=now, include_closed=True)) == 4


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param(ItemQuery(filters=Filters(topics=("additive",))), ["Due soon"], id="topic"),
        pytest.param(ItemQuery(filters=Filters(hubs=("america-makes",))), ["Due today"], id="hub"),
        pytest.param(ItemQuery(filters=Filters(keywords=("soon",))), ["Due soon"], id="keyword"),
        pytest.param(ItemQuery(filters=Filters(keywords=("!!",))), [], id="keyword-of-signs"),
        pytest.param(ItemQuery(profile=Profile(name="p", keywords=("!!",))), [], id="profile-of-signs"),
        pytest.param(
            ItemQuery(profile=Profile(name="p", states=("OH",), topics=("additive",))),
            ["Due today", "Due soon"],
            id="profile",
        ),
        pytest.param(ItemQuery(limit=1), ["Due today"], id="limit"),
    ],
)
def test_calls_take_the_same_filters(some_calls, now, asked, expected):
    indexing.catch_up(some_calls)
    assert _titles(listing.calls(some_calls, asked, now=now)) == expected


# --- plans ----------------------------------------------------------------------------------------


_SINCE = datetime(2026, 2, 16, tzinfo=UTC)
_ALICE = Profile(
    name="alice",
    topics=("lightweight", "additive"),
    hubs=("lift",),
    states=("OH",),
    keywords=("aluminum casting",),
    organizations=("Boeing",),
    exclude=("golf outing",),
)
QUERIES = {
    "digest": ItemQuery(filters=Filters(since=_SINCE)),
    "everything": ItemQuery(),
    "digest-by-relevance": ItemQuery(
        filters=Filters(since=_SINCE), order="relevance", now=datetime(2026, 3, 2, tzinfo=UTC)
    ),
    "profile-by-relevance": ItemQuery(
        profile=_ALICE, order="relevance", now=datetime(2026, 3, 2, tzinfo=UTC)
    ),
    "topic": ItemQuery(filters=Filters(topics=("additive",), since=_SINCE)),
    "hub-and-kind": ItemQuery(filters=Filters(hubs=("lift",), kinds=("call",))),
    "source": ItemQuery(filters=Filters(sources=("lift",))),
    "state": ItemQuery(filters=Filters(states=("OH",), since=_SINCE)),
    "organization": ItemQuery(filters=Filters(organizations=("Boeing",))),
    "keyword": ItemQuery(filters=Filters(keywords=("casting",), exclude=("golf",))),
    "kind": ItemQuery(filters=Filters(kinds=("call", "award"))),
    "profile": ItemQuery(profile=_ALICE, filters=Filters(since=_SINCE)),
    "profile-and-filters": ItemQuery(profile=_ALICE, filters=Filters(kinds=("call",), topics=("additive",))),
    "new": ItemQuery(profile=_ALICE, new_for="alice", now=datetime(2026, 3, 2, tzinfo=UTC)),
    "new-without-profile": ItemQuery(new_for="", now=datetime(2026, 3, 2, tzinfo=UTC)),
    "by-deadline": ItemQuery(order="deadline", now=datetime(2026, 3, 2, tzinfo=UTC)),
    "search": ItemQuery(text="casting OR printing"),
    "search-by-deadline": ItemQuery(
        text="printing",
        filters=Filters(sort="deadline"),
        order="deadline",
        now=datetime(2026, 3, 2, tzinfo=UTC),
    ),
    "search-filtered": ItemQuery(text="printing", filters=Filters(topics=("additive",), since=_SINCE)),
}


# --- words as they stand: the index knows only their stems ----------------------------------------


@pytest.fixture
def stems(store, save, make_item, network):
    """News whose words have the stems of others: university and universe, new and news, cast and casting."""
    save(
        make_item("A university opens", age=1),
        make_item("Universe", age=2, content="Of news, machines and castings."),
        make_item("Something new", age=3, summary="A universal machine.", organizations=("Boeing",)),
        make_item("Machining", age=4, content="A university casts."),
    )
    indexing.catch_up(store)
    return store


@pytest.mark.parametrize("rare", [0, 3000], ids=["as a common word", "as a rare word"])
@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("universal", {"Something new"}),
        ("universe", {"Universe"}),
        ("university", {"A university opens", "Machining"}),
        ("news", {"Universe"}),
        ("machining", {"Machining"}),
        ("machine", {"Universe", "Something new"}),
        ("casting", {"Universe"}),
        ("cast", {"Machining"}),
        ("casted", set()),
    ],
)
def test_keywords_and_exclusions_go_by_the_word_as_it_stands(stems, monkeypatch, now, word, expected, rare):
    monkeypatch.setattr(walks, "_RARE", rare)
    every = set(_titles(listing.select(stems, ItemQuery())))
    for query, found in (
        (ItemQuery(filters=Filters(keywords=(word,))), expected),
        (ItemQuery(filters=Filters(keywords=(word,)), order="relevance", now=now), expected),
        (ItemQuery(filters=Filters(keywords=(word,), kinds=("other",))), expected),
        (
            ItemQuery(
                filters=Filters(topics=(), kinds=("other",)), profile=Profile(name="p", keywords=(word,))
            ),
            expected,
        ),
        (ItemQuery(profile=Profile(name="p", keywords=(word,))), expected),
        (ItemQuery(filters=Filters(exclude=(word,))), every - expected),
        (ItemQuery(profile=Profile(name="p", exclude=(word,))), every - expected),
        (ItemQuery(text="universe OR new OR machine", filters=Filters(exclude=(word,))), every - expected),
    ):
        assert set(_titles(listing.select(stems, query))) == found, query
        assert listing.count_stories(stems, query, at_most=100) == (len(found), True), query


@pytest.mark.parametrize(
    ("text", "word"),
    [("3-D printing", "3D printing"), ("Light-weight metals", "lightweight metals"), ("T-6 bar", "T6 bar")],
)
def test_a_keyword_finds_what_it_would_exclude(store, save, make_item, network, text, word):
    save(make_item(f"{text} for all"), make_item("Another one", content=f"About {text}."), make_item("None"))
    indexing.catch_up(store)
    found = {"Another one", f"{text} for all"}
    assert set(_titles(listing.select(store, ItemQuery(filters=Filters(keywords=(word,)))))) == found
    assert _titles(listing.select(store, ItemQuery(filters=Filters(exclude=(word,))))) == ["None"]


@pytest.mark.parametrize("limit", [3, 10, 100])
@pytest.mark.parametrize("sort", ["deadline", "newest"])
@pytest.mark.parametrize("include_closed", [True, False])
def test_the_first_calls_are_the_first_of_all_in_their_order(
    store, save, make_item, network, now, include_closed, sort, limit
):
    today = now.date()
    ends = {n: None if n % 3 == 0 else today + timedelta(days=(n * 7) % 19 - 8) for n in range(60)}
    save(
        *(make_item(f"Call {n}", age=(n * 11) % 140, kind="call", deadline=ends[n]) for n in ends),
        make_item("No call", deadline=today),
    )
    asked = ItemQuery(filters=Filters(sort=sort), limit=limit)

    def in_order(item):
        due = item.deadline or date.max
        by_deadline = (due < today, abs((due - today).days)) if sort == "deadline" else ()
        return (*by_deadline, -item.effective.timestamp(), int(item.title.split()[1]))

    every = [item for item in listing.select(store, ItemQuery()) if item.kind == "call"]
    if not include_closed:
        lately = now - listing.CALL_OPEN
        every = [i for i in every if (i.deadline >= today if i.deadline else i.effective >= lately)]
    found = listing.calls(store, asked, now=now, include_closed=include_closed)
    assert _titles(found) == _titles(sorted(every, key=in_order))[:limit]


def test_calls_of_a_place_without_sources_are_none(some_calls, now):
    assert listing.calls(some_calls, ItemQuery(filters=Filters(states=("TX",))), now=now) == ()


def _scans(store, run) -> list[str]:
    """Run something and return the steps of its statements' plans that read all items one by one."""
    asked: list[tuple[str, object]] = []
    plain = store.rows

    def noted(sql, params=()):
        asked.append((sql, params))
        return plain(sql, params)

    store.rows = noted
    try:
        run()
    finally:
        del store.rows
    steps = [
        (row[3], sql) for sql, params in asked for row in store.rows(f"EXPLAIN QUERY PLAN {sql}", params)
    ]
    heavy = ("items", "texts", "item_topics", "item_organizations", "i", "t", "o", "x", "y", "m", "s", "r")
    return [
        f"{step}: {sql}"
        for step, sql in steps
        if any(step == f"SCAN {n}" or step.startswith(f"SCAN {n} ") for n in heavy)
    ]


@pytest.mark.parametrize("name", QUERIES)
def test_no_list_scans_the_items(news, now, name):
    asked = QUERIES[name]
    assert _scans(news, lambda: listing.select(news, asked)) == []
    assert _scans(news, lambda: listing.count_stories(news, asked, at_most=100)) == []
    assert _scans(news, lambda: listing.calls(news, asked, now=now)) == []
    assert _scans(news, lambda: listing.calls(news, asked, now=now, include_closed=True)) == []
    assert _scans(news, lambda: organizations.organizations(news, asked)) == []


def test_no_other_question_scans_the_items(news, now):
    item = listing.select(news, ItemQuery())[0]
    for run in (
        lambda: search.search(news, QUERIES["search"], now=now),
        lambda: search.search(news, QUERIES["search-by-deadline"], now=now),
        lambda: search.contexts(news, "printing", [item.id]),
        lambda: items.get(news, item.id[:6]),
        lambda: items.known(news, "lift", [item]),
        lambda: items.carried(news, [item.id]),
        lambda: items.revisions(news, item.id),
        lambda: items.story_candidates(news, {"k": None}),
        lambda: deliveries.mark(news, "p", [item.id], now=now),
        lambda: trends.counts_over_time(news, QUERIES["digest"], by="topic", bucket="week"),
        lambda: trends.counts_over_time(news, QUERIES["digest"], by="hub", bucket="month"),
    ):
        assert _scans(news, run) == []


@pytest.mark.parametrize(
    "count",
    [
        pytest.param(lambda store, asked: organizations.organizations(store, asked), id="organizations"),
        pytest.param(
            lambda store, asked: trends.counts_over_time(store, asked, by="hub", bucket="week"), id="trends"
        ),
    ],
)
def test_counting_by_source_reads_no_item(news, now, count):
    """The index by source and time tells all of it: at a million items each one fetched would be felt."""
    asked: list[str] = []
    news.trace(asked.append)
    count(news, ItemQuery(filters=Filters(since=now - 300 * DAY)))
    news.trace(None)
    (counting,) = [sql for sql in asked if "GROUP BY" in sql and "json_each" not in sql]
    steps = [row[3] for row in news.rows(f"EXPLAIN QUERY PLAN {counting}")]
    (items_read,) = [step for step in steps if step.startswith(("SEARCH i ", "SCAN i "))]
    assert items_read == "SEARCH i USING COVERING INDEX items_by_source (source=? AND effective>?)"


def test_the_statements_of_a_list_do_not_grow_with_it(news, save, make_item):
    def statements() -> int:
        seen: list[str] = []
        news.trace(seen.append)
        listing.select(news, QUERIES["digest"])
        news.trace(None)
        return len(seen)

    few = statements()
    save(*(make_item(f"More {n}", topics={"additive": 0.9}) for n in range(200)))
    assert statements() == few


def test_a_common_word_finds_its_newest_items_wherever_they_stand(store, save, make_item, monkeypatch):
    """Items that arrive late (a backfill) are old, so the last to arrive are not the newest."""
    monkeypatch.setattr(walks, "_RARE", 5)
    save(
        *(make_item(f"Fresh {n}", content="common" if n % 3 == 0 else "other", age=n + 1) for n in range(60))
    )
    save(*(make_item(f"Backfilled {n}", content="common", age=1000 + n) for n in range(60)))
    indexing.catch_up(store)
    found = listing.select(store, ItemQuery(text="common", limit=6))
    assert _titles(found) == [f"Fresh {n}" for n in (0, 3, 6, 9, 12, 15)]
    rest = listing.select(store, ItemQuery(text="common", limit=1000))
    assert len(rest) == 80


def test_a_common_word_is_looked_for_until_enough_match_all_that_is_asked(
    store, save, make_item, monkeypatch
):
    """The newest hits may all be another hub's: those of the one that is asked for lie far behind them."""
    monkeypatch.setattr(walks, "_RARE", 5)
    save(*(make_item(f"Theirs {n}", content="common", age=n + 1) for n in range(200)))
    save(*(make_item(f"Ours {n}", content="common", age=n + 500, source="am") for n in range(5)))
    indexing.catch_up(store)
    asked = ItemQuery(text="common", filters=Filters(sources=("am",)), limit=3)
    assert _titles(listing.select(store, asked)) == ["Ours 0", "Ours 1", "Ours 2"]
    assert len(listing.select(store, replace(asked, limit=100))) == 5


def test_the_walk_for_a_common_word_reads_the_index_of_times_alone(store, save, make_item, monkeypatch):
    monkeypatch.setattr(walks, "_RARE", 5)
    save(*(make_item(f"Item {n}", content="common", age=n + 1) for n in range(60)))
    indexing.catch_up(store)
    found = candidates.newest(store, ItemQuery(text="common"), limit=6)
    steps = [row[3] for row in store.rows(f"EXPLAIN QUERY PLAN {found.text}", found.params)]
    assert "SEARCH i USING COVERING INDEX items_by_time (effective>?)" in steps
    assert not [step for step in steps if "TEMP B-TREE" in step]
