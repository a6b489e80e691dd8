"""Search: what people type finds what engineers write, is never a fault, and shows where it hit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubwatch import digest
from hubwatch.errors import UsageError
from hubwatch.models import Filters, Match
from hubwatch.store import indexing, listing, phrases, search
from hubwatch.store.query import ItemQuery


def _found(store, typed, **filters):
    return [item.title for item in listing.select(store, ItemQuery(text=typed, filters=Filters(**filters)))]


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Ti-6Al-4V", "Ti-6Al-4V"),
        ("Ti-6Al-4V", "Ti6Al4V"),
        ("Ti-6Al-4V", "ti6al4v"),
        ("Ti6Al4V", "Ti-6Al-4V"),
        ("Ti 6Al 4V", "Ti-6Al-4V"),
        ("Ti 6Al 4V", "Ti6Al4V"),
        ("(Ti\u20116Al\u20114V)", "Ti6Al4V"),
        ("C-130", "C130"),
        ("C-130", "c-130"),
        ("C130", "C-130"),
        ("C 130", "C-130"),
        ("AA6061-T6", "AA 6061"),
        ("AA 6061", "AA6061"),
        ("AZ31B", "AZ-31B"),
        ("AlSi10Mg", "AlSi-10Mg"),
        ("F-35's wing", "F35"),
        ("O'Brien", "o'brien"),
        ("O’Brien", "OBrien"),
        ("OBrien", "o'brien"),
        ("light-weight", "lightweight"),
        ("lightweighting", "lightweight"),
        ("lightweight", "light-weight"),
        ("additively made", "additive"),
        ("additive-manufacturing", "additive manufacturing"),
        ("additive manufacturing", "additive-manufacturing"),
        ("ISO/ASTM 52900", "ISO/ASTM 52900"),
        ("Añejo café", "cafe"),
        ("Señor", "SENOR"),
        ("3D-printed parts", "3D printed"),
        ("titanium sheets", "titan*"),
        ("titanium sheets", '"titanium sheet"'),
        ("titanium sheets", 'titanium AND "sheet'),
        ("titanium sheets", "“titanium sheet”"),
        ("Ti-6Al-4V powder", '"Ti6Al4V powder"'),
        ("a powder of Ti6Al4V", "Ti-6Al-4V powder"),
        ("3-D printing", '"3D printing"'),
        ("3-D-printing", '"metal 3D printing" OR "3D printing"'),
        ("6061-T6 plate", '"6061T6 plate"'),
        ("light-weight metals", '"lightweight metals"'),
        ("metals, light-weight", '"metals lightweight"'),
    ],
)
@pytest.mark.parametrize("where", ["title", "content"])
def test_words_as_engineers_write_them(store, save, make_item, text, typed, where):
    if where == "title":
        save(make_item(f"News of {text}, and more", url="https://x.example/1"), make_item("Another one"))
    else:
        save(make_item("News", content=f"Some words of {text}, and more."), make_item("Another one"))
    indexing.catch_up(store)
    assert len(_found(store, typed)) == 1


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Ti-6Al-4V", "Ti-6Al-7Nb"),
        ("C-130", "C-17"),
        ("titanium sheet", '"sheet titanium"'),
        ("titanium sheet", "“sheet titanium”"),
        ("titanium sheet", "titanium -“titanium sheet”"),
        ("titanium sheet", "titanium NOT sheet"),
        ("sheet metal", "titan*"),
        ("6-4", "4-6"),
    ],
)
def test_what_does_not_match(store, save, make_item, text, typed):
    save(make_item("News", content=text))
    indexing.catch_up(store)
    assert _found(store, typed) == []


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("red OR blue", {"red", "blue", "red blue"}),
        ("red blue", {"red blue"}),
        ("red AND blue", {"red blue"}),
        ("red NOT blue", {"red"}),
        ("red AND NOT blue", {"red"}),
        ("NOT blue red", {"red"}),
        ("red -blue", {"red"}),
        ("-blue red", {"red"}),
        ("-blu* red", {"red"}),
        ('red -"red blue"', {"red"}),
        ("red - blue", {"red blue"}),
        ("red -AND", {"red", "red blue"}),
        ('red -""', {"red", "red blue"}),
        ("green OR (red blue)", {"red blue", "green"}),
        ("(green OR red) NOT blue", {"red", "green"}),
        ("red NOT (blue OR green)", {"red"}),
        ("gr*", {"green"}),
        ('"red blue"', {"red blue"}),
        ('"red bl"*', {"red blue"}),
        ("red and blue", set()),
        ("AND red", {"red", "red blue"}),
        ("red OR", {"red", "red blue"}),
        ("((red", {"red", "red blue"}),
        ("red OR OR green", {"red", "red blue", "green"}),
    ],
)
def test_the_language(store, save, make_item, typed, expected):
    for title in ("red", "blue", "red blue", "green"):
        save(make_item(title))
    indexing.catch_up(store)
    assert set(_found(store, typed)) == expected


@pytest.mark.parametrize(
    "typed", ["", " ", '"', "(", "()", "*", "-", "AND", "NOT", '""', "NOT red", "-red", '-"red"']
)
def test_nothing_to_search_for_is_said(store, typed):
    with pytest.raises(UsageError):
        _found(store, typed)


_PIECES = [*"ab1-*\"'()^:{}+ÑE\u2019 \0\ud800", "AND ", "OR ", "NOT ", "NEAR(", " AA 60 "]


@given(st.lists(st.sampled_from(_PIECES)).map("".join))
def test_no_text_is_a_fault(typed):
    store = _memory()
    try:
        expression = phrases.expression(typed)
    except UsageError:
        return
    store.rows("SELECT rowid FROM search WHERE search MATCH ?", (expression,))


def _memory(cache=[]):  # noqa: B006 - one store in memory for all examples
    from pathlib import Path

    from hubwatch.store.db import open_for_reading

    if not cache:
        cache.append(open_for_reading(Path("no-such-store.db")))
    return cache[0]


def test_very_deep_brackets_are_no_fault(store):
    assert _found(store, "(" * 5000 + "red" + ")" * 5000) == []
    assert _found(store, " OR ".join(f"w{n}" for n in range(300))) == []


def test_the_title_counts_before_the_text_and_the_new_before_the_old(store, save, make_item, now):
    save(
        make_item("In the text", content="a word on magnesium", age=1),
        make_item("In the summary", summary="magnesium", age=1),
        make_item("Magnesium of old", age=2000),
        make_item("Magnesium now", age=1),
    )
    hits = search.search(store, ItemQuery(text="magnesium"), now=now).hits
    assert [hit.item.title for hit in hits] == [
        "Magnesium now", "In the summary", "Magnesium of old", "In the text",
    ]  # fmt: skip
    assert all(0 < hit.score <= 1 for hit in hits)


@pytest.mark.parametrize(
    ("typed", "given", "expected"),
    [
        ("sheet", {"content": "Rolled sheets of AZ31B."}, "Rolled [sheets] of AZ31B."),
        ("sheet", {"summary": "Rolled sheets."}, "Rolled [sheets]."),
        ("lightweight", {"content": "A light-weight door."}, "A [light-weight] door."),
        ("title", {"content": "Only text."}, "Only text."),
        ("title", {"summary": "Only text.", "content": "Only text."}, "Only text."),
        (
            "title",
            {"summary": "Only text …", "content": "Only text that goes on."},
            "Only text that goes on.",
        ),
        ("title", {"summary": "One said.", "content": "Another told."}, "One said. Another told."),
        ("title", {"summary": "Only\ntext, and more.", "content": "Only text"}, "Only text, and more."),
        pytest.param(
            "lightweight",
            {"summary": "A light-weight door.", "content": "A light-weight door."},
            "A [light-weight] door.",
            id="a compound in both",
        ),
        pytest.param(
            "door", {"summary": "A door. " * 40, "content": "A door. " * 40}, None, id="long, and in both"
        ),
        ('"rolled sheet"', {"content": "Sheet, rolled; rolled sheet."}, "Sheet, rolled; [rolled sheet]."),
    ],
)
def test_the_hit_is_marked_in_its_context(store, save, make_item, typed, given, expected):
    item = make_item("A title", **given)
    save(item)
    indexing.catch_up(store)
    found = search.contexts(store, typed, [item.id])[item.id]
    shown = found.replace(search.BEFORE, "[").replace(search.AFTER, "]")
    assert shown == expected if expected else shown.startswith("A [door]. A [door].")


def test_a_context_is_short(store, save, make_item):
    item = make_item("A title", content="before " * 500 + "the light-weight one " + "after " * 500)
    save(item)
    indexing.catch_up(store)
    for typed in ("one", "lightweight"):
        found = search.contexts(store, typed, [item.id])[item.id]
        assert search.BEFORE in found
        assert len(found) < 400


@pytest.mark.parametrize("typed", ["one", "lightweight", "title"])
@pytest.mark.parametrize("before", ["", "before " * 500])
@pytest.mark.parametrize("after", ["", " after" * 500])
def test_an_ellipsis_stands_once_where_something_was_cut(store, save, make_item, typed, before, after):
    text = f"{before}the light-weight one{after}"
    item = make_item("A title", content=text)
    save(item)
    indexing.catch_up(store)
    marked = search.contexts(store, typed, [item.id])[item.id]
    found = marked.replace(search.BEFORE, "").replace(search.AFTER, "")
    shown = found.strip("…")
    assert shown in text
    assert found == "…" * (not text.startswith(shown)) + shown + "…" * (not text.endswith(shown))


def test_the_full_text_of_listed_items_tells_which_phrases_it_has(store, save, make_item):
    one, two = make_item("One", content="On aluminum castings."), make_item("Two", content="A university.")
    save(one, two)
    indexing.catch_up(store)
    wanted = ("x", "aluminum casting", "universal", "castings")
    assert search.found_in_text(store, (one, two), wanted) == {one.id: ("aluminum casting", "castings")}
    assert search.found_in_text(store, (one, two), ()) == {}
    assert search.found_in_text(store, (), ("x",)) == {}


# --- the index keeps up ---------------------------------------------------------------------------


def test_closing_the_store_indexes_what_waits(store, path, save, make_item):
    from hubwatch.store.db import open_for_reading

    save(make_item("Waiting"))
    assert _found(store, "waiting") == []
    store.close()
    with open_for_reading(path) as reader:
        assert _found(reader, "waiting") == ["Waiting"]


def test_many_that_wait_are_indexed_meanwhile(store, save, make_item, monkeypatch):
    monkeypatch.setattr(indexing, "_WAIT_FOR", 10)
    for n in range(12):
        save(make_item(f"Item {n}"))
    assert len(_found(store, "item")) == 10


@pytest.mark.parametrize("indexed", [True, False])
def test_an_edited_item_is_found_by_its_new_words_only(store, save, make_item, indexed):
    from dataclasses import replace

    item = make_item("Old-words", content="before")
    save(item)
    if indexed:
        indexing.catch_up(store)
    save(changed=(replace(item, title="New words", content="after"),))
    indexing.catch_up(store)
    assert _found(store, "oldwords") == []
    assert _found(store, "before") == []
    assert _found(store, "new after") == ["New words"]
    store.write("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")


# --- the first of many, whatever the order --------------------------------------------------------


@pytest.fixture
def many(store, save, make_item):
    """Sixty hits: the older, the better the place where the word stands; some with a deadline."""
    found = []
    for n in range(60):
        where = {"title": f"Magnesium {n}"} if n >= 40 else {"title": f"Item {n}", "content": "magnesium"}
        deadline = date(2026, 3, 1) + timedelta(days=n) if n % 5 == 0 else None
        found.append(make_item(**where, age=n + 1, deadline=deadline, id=f"{n:02x}"))
    save(*found)
    indexing.catch_up(store)
    return store


def _first(store, now, sort, limit, **given):
    asked = ItemQuery(text="magnesium", filters=Filters(sort=sort, limit=limit, **given), now=now, limit=10)
    found = search.search(store, asked, now=now)
    matches = [Match(item=hit.item, score=hit.score) for hit in found.hits]
    return [m.item.id for m in digest.build(matches, title="t", now=now, sort=sort, limit=limit).ranked]


@pytest.mark.parametrize("sort", ["newest", "deadline", "relevance"])
def test_a_small_limit_gives_the_first_of_a_large_one(many, now, sort):
    everything = _first(many, now, sort, 5000)
    assert len(everything) == 60
    if sort != "relevance":  # what ranks best is looked for among the newest
        for limit in (1, 3, 12):
            assert _first(many, now, sort, limit) == everything[:limit]


def test_the_newest_and_those_due_next_are_found_beyond_the_window(many, now):
    assert _first(many, now, "newest", 3) == ["00", "01", "02"]
    assert _first(many, now, "deadline", 3) == ["05", "0a", "0f"], "the first was due yesterday"
    assert _first(many, now, "deadline", 3, until=now - 50 * timedelta(days=1)) == ["32", "37", "31"]


def test_a_story_takes_the_place_of_the_one_that_tells_it(store, save, make_item, network, now):
    save(
        make_item("Magnesium, told first", age=9, id="a", story="a", source="blog"),
        make_item("Magnesium, told by the hub", age=8, id="b", story="a", source="lift"),
        make_item("Magnesium, told last", age=1, id="c", story="a", source="paper"),
        make_item("Magnesium alone", age=5, id="d", source="blog"),
    )
    indexing.catch_up(store)
    asked = ItemQuery(text="magnesium", filters=Filters(sort="newest", limit=1), now=now)
    found = search.search(store, asked, now=now)
    assert ([hit.item.id for hit in found.hits], found.stories, found.is_all) == (["d"], 2, True)


def test_a_search_tells_how_many_stories_there_are(many, now):
    asked = ItemQuery(text="magnesium", filters=Filters(limit=2), now=now)
    found = search.search(many, asked, now=now)
    assert (found.stories, found.is_all) == (60, True)
    few = search.search(many, ItemQuery(text="magnesium", filters=Filters(limit=2), limit=10), now=now)
    assert not few.is_all
    best = Filters(limit=2, min_score=0.9)
    assert search.search(many, ItemQuery(text="magnesium", filters=best), now=now).stories == 20


# --- one word in several spellings ------------------------------------------------------------------


@pytest.mark.parametrize(
    "spellings",
    [
        pytest.param(("diecasting", "die-casting", "die casting"), id="joined, hyphened, apart"),
        pytest.param(("lightweight", "light-weight", "light weight"), id="lightweight"),
        pytest.param(("aluminum", "aluminium"), id="aluminum"),
        pytest.param(("fibers", "fibres", "fiber", "fibre"), id="fiber"),
        pytest.param(("fiberglass", "fibreglass", "fiber glass"), id="within a word"),
        pytest.param(("centered", "centred"), id="a form"),
        pytest.param(("injection molding", "injection-moulding", "injection moulding"), id="two words"),
        pytest.param(("programs", "programmes"), id="program"),
        pytest.param(("color", "colour"), id="color"),
        pytest.param(("analyze", "analyse"), id="analyze"),
        pytest.param(("polymerization", "polymerisation"), id="ization"),
        pytest.param(("modeling", "modelling"), id="doubled"),
    ],
)
def test_a_word_is_found_in_whatever_spelling(store, save, make_item, spellings):
    save(
        *(make_item(f"News {n}", content=f"A word of {text}, and more.") for n, text in enumerate(spellings)),
        make_item("Other", content="Steel casts, and sets of dies; weight loss: the light is on."),
    )
    indexing.catch_up(store)
    for typed in spellings:
        for query in (f'"{typed}"', f'"{typed.upper()}"', f"news {typed}"):
            assert len(_found(store, query)) == len(spellings), query
        assert len(_found(store, "more", keywords=(typed,))) == len(spellings), typed
        assert _found(store, f'news NOT "{typed}"') == []


@pytest.mark.parametrize(
    ("text", "typed"),
    [("the rapist", "therapist"), ("for ging ahead", "forging"), ("cast the die", '"die casting"')],
)
def test_a_word_is_not_taken_apart_at_will(store, save, make_item, text, typed):
    save(make_item("News", content=text))
    indexing.catch_up(store)
    assert _found(store, typed) == []
