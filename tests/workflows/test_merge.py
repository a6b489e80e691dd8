"""Two stores that read the same announcements become as one that read them all: each is shown once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hubwatch import facts, normalize
from hubwatch.models import Filters, Page, RawItem, Source, SourceState
from hubwatch.store import deliveries, maintenance
from hubwatch.store.db import Store, open_for_writing
from hubwatch.workflows import digest, merge, preparing, taking_in

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ALL = Filters(since=datetime(1900, 1, 1, tzinfo=UTC), min_score=0.0)
_WORDS = (
    "Magnesium casting line opens in Detroit for lighter doors",
    "Titanium powder recycling pilot cuts waste at two foundries",
    "Graphene coating protects offshore gearboxes from corrosion",
    "Roll-to-roll nanoimprint tool ships to university cleanroom",
    "Apprentices finish first welding course at Lima campus",
)


def _page(site: str, *titles: str) -> Page:
    return Page(
        items=tuple(
            RawItem(
                guid=f"{site}-{title}",
                url=f"https://{site}.example/{number}",
                title=title,
                summary=f"{title}. The partners said on Monday that work on it begins within this very year.",
                published=(NOW - timedelta(days=3, hours=number)).isoformat(),
            )
            for number, title in enumerate(titles)
        )
    )


def _read(store: Store, source_id: str, page: Page, rules: facts.Rules, *, now: datetime = NOW) -> None:
    source = Source(id=source_id, name=source_id, url=f"https://{source_id}.example/feed")
    items = normalize.normalize_all(page, source, now=now, first_reading=True)
    found = taking_in.recognize(store, source, items, is_page=page.is_page)
    prepared = preparing.prepare(found, rules, None)
    taking_in.save(store, source, prepared, SourceState(source=source_id), now=now)


def _stories(store: Store) -> set[frozenset[str]]:
    """The ids that stand together, whatever their story is called."""
    groups: dict[str, set[str]] = {}
    for item_id, story in store.rows("SELECT id, story FROM items"):
        groups.setdefault(story, set()).add(item_id)
    return {frozenset(group) for group in groups.values()}


@pytest.mark.parametrize("batch", [1, 2, 1000])
def test_the_merged_store_has_the_stories_of_one_that_read_both(
    store: Store, tmp_path: Path, rules: facts.Rules, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merge, "_BATCH", batch)
    here, there = _page("one", *_WORDS[:4]), _page("two", *_WORDS[1:])
    reprints = _page("three", *_WORDS[2:])
    _read(store, "ours", here, rules)
    with open_for_writing(tmp_path / "there.db") as other:
        _read(other, "theirs", there, rules)
        _read(other, "third", reprints, rules)
    with open_for_writing(tmp_path / "both.db") as both:
        _read(both, "ours", here, rules)
        _read(both, "theirs", there, rules)
        _read(both, "third", reprints, rules)
        expected = _stories(both)
    assert merge.run(store, tmp_path / "there.db").added == 7
    assert _stories(store) == expected
    assert len(expected) == len(_WORDS)
    assert maintenance.check(store) == ()
    titles = [m.item.title for m in digest.collect(store, _wanted(), now=NOW).ranked]
    assert sorted(titles) == sorted(_WORDS)

    before = store.rows("SELECT * FROM items ORDER BY number")
    assert merge.run(store, tmp_path / "there.db").added == 0
    assert store.rows("SELECT * FROM items ORDER BY number") == before


def _wanted(new_for: str | None = None) -> digest.Wanted:
    return digest.Wanted(title="t", filters=ALL, new_for=new_for)


def test_what_a_reader_was_shown_here_is_not_new_from_there(
    store: Store, tmp_path: Path, rules: facts.Rules
) -> None:
    _read(store, "ours", _page("one", *_WORDS[:3]), rules)
    shown = digest.collect(store, _wanted(new_for="alice"), now=NOW)
    deliveries.mark(store, "alice", [m.item.id for m in shown.ranked], now=NOW)
    with open_for_writing(tmp_path / "there.db") as other:
        _read(other, "theirs", _page("one", *_WORDS[:4]), rules)
    merge.run(store, tmp_path / "there.db")
    new = digest.collect(store, _wanted(new_for="alice"), now=NOW)
    assert [m.item.title for m in new.ranked] == [_WORDS[3]]


def test_what_a_reader_was_shown_there_is_not_new_from_here(
    store: Store, tmp_path: Path, rules: facts.Rules
) -> None:
    _read(store, "ours", _page("one", *_WORDS[:4]), rules)
    with open_for_writing(tmp_path / "there.db") as other:
        _read(other, "theirs", _page("one", *_WORDS[:3]), rules)
        shown = digest.collect(other, _wanted(new_for="alice"), now=NOW)
        deliveries.mark(other, "alice", [m.item.id for m in shown.ranked], now=NOW)
    merge.run(store, tmp_path / "there.db")
    new = digest.collect(store, _wanted(new_for="alice"), now=NOW)
    assert [m.item.title for m in new.ranked] == [_WORDS[3]]


def test_what_each_met_under_another_guid_and_link_is_one_item(
    store: Store, tmp_path: Path, rules: facts.Rules
) -> None:
    """The site was rebuilt after one machine had read it and before the other did."""
    before, after = _page("old", *_WORDS[:3]), _page("new", *_WORDS[:3])
    _read(store, "same", before, rules)
    first = dict(store.rows("SELECT title, id FROM items"))
    deliveries.mark(store, "alice", first.values(), now=NOW)
    with open_for_writing(tmp_path / "there.db") as other:
        _read(other, "same", _page("new", *_WORDS[:4]), rules, now=NOW + timedelta(days=1))
        _read(other, "third", after, rules, now=NOW + timedelta(days=1))
        shown = digest.collect(other, _wanted(new_for="bob"), now=NOW)
        deliveries.mark(other, "bob", [m.item.id for m in shown.ranked], now=NOW)
    for added in (4, 0):
        merged = merge.run(store, tmp_path / "there.db")
        assert merged.added == added
        assert maintenance.check(store) == ()
    same = dict(store.rows("SELECT title, id FROM items WHERE source = 'same'"))
    assert len(same) == 4
    assert first.items() <= same.items()
    assert len(_stories(store)) == 4
    assert store.row("SELECT count(*) FROM items WHERE source = 'same' AND guid LIKE 'new%'") == (4,)
    assert [m.item.title for m in digest.collect(store, _wanted("alice"), now=NOW).ranked] == [_WORDS[3]]
    assert digest.collect(store, _wanted("bob"), now=NOW).ranked == ()

    # What is edited afterwards is known by its guid, and no third item.
    first_of_new, *others = _page("new", *_WORDS[:4]).items
    edited = Page(items=(replace(first_of_new, title=f"{_WORDS[0]} and hoods"), *others))
    _read(store, "same", edited, rules, now=NOW + timedelta(days=2))
    assert store.row("SELECT count(*) FROM items WHERE source = 'same'") == (4,)


def test_a_title_that_comes_each_year_stays_several(store: Store, tmp_path: Path, rules: facts.Rules) -> None:
    here, there = (
        Page(
            items=tuple(
                RawItem(guid=f"{year}-{n}", title=title, published=f"{year}-02-0{n + 1}T09:00:00Z")
                for n, title in enumerate(_WORDS)
            )
        )
        for year in (2025, 2026)
    )
    _read(store, "same", here, rules)
    with open_for_writing(tmp_path / "there.db") as other:
        _read(other, "same", there, rules)
    assert merge.run(store, tmp_path / "there.db").added == 5


def test_a_story_of_there_stays_one_although_its_items_were_edited_apart(
    store: Store, tmp_path: Path, rules: facts.Rules
) -> None:
    with open_for_writing(tmp_path / "there.db") as other:
        _read(other, "theirs", _page("one", _WORDS[0]), rules)
        _read(other, "third", _page("two", _WORDS[0]), rules)
        other.write("UPDATE items SET title = 'Quite another headline', summary = '' WHERE source = 'third'")
        expected = _stories(other)
    assert len(expected) == 1
    merge.run(store, tmp_path / "there.db")
    assert _stories(store) == expected


def test_a_fault_while_stories_are_found_leaves_the_store_as_it_was(
    store: Store, tmp_path: Path, rules: facts.Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    _read(store, "ours", _page("one", *_WORDS[:2]), rules)
    with open_for_writing(tmp_path / "there.db") as other:
        _read(other, "theirs", _page("two", *_WORDS[:4]), rules)
    before = store.rows("SELECT id, story FROM items")
    with monkeypatch.context() as patched:
        patched.setattr(merge, "_BATCH", 0)  # no step of nothing: a fault on the way
        with pytest.raises(ValueError, match="range"):
            merge.run(store, tmp_path / "there.db")
    assert store.rows("SELECT id, story FROM items") == before
    assert merge.run(store, tmp_path / "there.db").added == 4
