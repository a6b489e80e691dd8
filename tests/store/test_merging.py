"""Two stores become one: nothing twice, nothing lost, the newer wins, doing it again changes nothing."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from datetime import timedelta

import pytest

from hubwatch.errors import StoreError, UsageError
from hubwatch.identity import Resolution
from hubwatch.models import SourceState
from hubwatch.store import (
    db,
    deliveries,
    items,
    listing,
    maintenance,
    merging,
    organizations,
    retagging,
    sources,
)
from hubwatch.store.query import ItemQuery

DAY = timedelta(days=1)


@pytest.fixture
def other_path(tmp_path, empty_store):
    made = tmp_path / "other.db"
    shutil.copy(empty_store, made)
    return made


def _put(store, now, *new, state=None, changed=()):
    source = (*new, *changed)[0].source
    items.save(store, source, Resolution(new=new, changed=changed), state, now=now)


def _dump(store):
    """Everything that counts, without the numbers that differ from store to store."""
    found = listing.with_contents(store, listing.select(store, ItemQuery(limit=10**6)))
    shown = store.rows("SELECT i.id, d.profile FROM deliveries AS d JOIN items AS i ON i.number = d.item")
    return (
        sorted(found, key=lambda item: item.id),
        sorted(shown),
        sources.load_states(store),
        sources.load_hosts(store),
        organizations.members(store),
        {item.id: items.revisions(store, item.id) for item in found},
    )


def test_the_union_of_two_stores(store, other_path, make_item, now):
    both = make_item("In both", topics={"additive": 0.9}, organizations=("Acme",))
    here = make_item("Only here", organizations=("Boeing",))
    there = make_item(
        "Only there",
        source="am",
        content="Ti-6Al-4V",
        organizations=("Acme", "New Inc."),
        topics={"digital": 0.7},
    )
    _put(store, now, here, both, state=SourceState(source="lift", etag="ours", last_asked=now))
    organizations.save_members(store, "lift", ["Acme"], now=now)
    with db.open_for_writing(other_path) as other:
        _put(other, now, there)
        _put(other, now, both, state=SourceState(source="lift", etag="theirs", last_asked=now + DAY))
        newer = replace(both, title="In both, edited", updated=now + DAY, first_seen=both.first_seen)
        _put(other, now, changed=(newer,))
        sources.save_states(other, [], hosts={"h:80": now})
        deliveries.mark(other, "alice", [there.id, both.id], now=now)
        organizations.save_members(other, "lift", ["Acme", "New Inc."], now=now + DAY)
    merged = merging.merge(store, other_path)
    assert (merged.added, merged.updated, merged.new) == (1, 1, (there.id,))
    assert {item.title for item in listing.select(store, ItemQuery())} == {
        "Only here",
        "In both, edited",
        "Only there",
    }
    assert items.get(store, there.id).organizations == ("Acme", "New Inc.")
    assert items.get(store, there.id).tags == there.tags
    assert [r.title for r in items.revisions(store, both.id)] == ["In both"]
    assert sources.load_states(store)["lift"].etag == "theirs"
    assert sources.load_hosts(store) == {"h:80": now}
    assert [m.organization for m in organizations.members(store, hub="lift")] == ["Acme", "New Inc."]
    assert [item.title for item in listing.select(store, ItemQuery(text="Ti6Al4V"))] == ["Only there"]
    assert [i.title for i in listing.select(store, ItemQuery(text="edited"))] == ["In both, edited"]
    assert [i.title for i in listing.select(store, ItemQuery(new_for="alice", now=now))] == ["Only here"]
    assert maintenance.check(store) == ()

    before = _dump(store)
    again = merging.merge(store, other_path)
    assert (again.added, again.updated) == (0, 0)
    assert _dump(store) == before


def test_an_older_version_of_an_item_does_not_come_over(store, other_path, make_item, now):
    item = make_item("Edited here", updated=now + DAY)
    _put(store, now, item)
    with db.open_for_writing(other_path) as other:
        _put(other, now, replace(item, title="Former words", updated=now, first_seen=now - DAY))
    merging.merge(store, other_path)
    found = items.get(store, item.id)
    assert (found.title, found.first_seen) == ("Edited here", now - DAY)


@pytest.mark.parametrize("is_newer_there", [True, False], ids=["newer there", "newer here"])
def test_every_revision_of_both_is_kept(store, other_path, make_item, now, is_newer_there):
    item = make_item("First words")

    def edit(to, days, *titles):
        _put(to, now, item)
        for day, title in zip(days, titles, strict=True):
            _put(to, now, changed=(replace(item, title=title, updated=now + day * DAY),))

    with db.open_for_writing(other_path) as other:
        newer, older = (other, store) if is_newer_there else (store, other)
        edit(newer, (2, 4), "Third words", "Fifth words")
        edit(older, (1, 3), "Second words", "Fourth words")
    merging.merge(store, other_path)
    assert items.get(store, item.id).title == "Fifth words"
    said = [revision.title for revision in items.revisions(store, item.id)]
    assert sorted(said) == ["First words", "Fourth words", "Second words", "Third words"]
    assert said[-1] == "First words"
    before = _dump(store)
    merging.merge(store, other_path)
    assert _dump(store) == before


def test_what_was_only_read_later_there_is_no_newer_version(store, other_path, make_item, now):
    item = make_item("Read by both")
    _put(store, now, item)
    with db.open_for_writing(other_path) as other:
        _put(other, now, replace(item, updated=now + DAY, first_seen=now + DAY))
    assert merging.merge(store, other_path).updated == 0
    assert items.get(store, item.id).updated == item.updated
    assert items.revisions(store, item.id) == ()


def test_what_was_pruned_here_stays_so_and_what_was_pruned_there_does_not_come_back(
    store, other_path, make_item, now
):
    old_here, old_there = make_item("Old A", age=900), make_item("Old B", age=900, guid="g")
    _put(store, now, old_here, make_item("Fresh"))
    maintenance.prune(store, older_than=now - 365 * DAY)
    with db.open_for_writing(other_path) as other:
        _put(other, now, old_here, old_there)
        other.write("DELETE FROM pruned")
        _put(other, now, make_item("Fresh there"))
    merging.merge(store, other_path)
    assert old_here.id not in {item.id for item in listing.select(store, ItemQuery())}
    with db.open_for_writing(other_path) as other:
        maintenance.prune(other, older_than=now - 365 * DAY)
    with db.open_for_writing(store.path.with_name("third.db")) as third:
        merging.merge(third, other_path)
        merging.merge(third, other_path)
        assert [k.title for k in items.known(third, "lift", [replace(old_there, title="x")])] == ["Old B"]
        assert maintenance.check(third) == ()


def test_tags_by_other_rules_lead_to_tagging_anew(store, other_path, make_item, now):
    retagging.finish(store, "rules 1")
    with db.open_for_writing(other_path) as other:
        retagging.finish(other, "rules 2")
    merging.merge(store, other_path)
    assert retagging.fingerprint(store) == "rules 1", "nothing came over"
    with db.open_for_writing(other_path) as other:
        _put(other, now, make_item("One"))
    merging.merge(store, other_path)
    assert retagging.fingerprint(store) is None


def test_a_fault_on_the_way_changes_nothing(store, other_path, make_item, now, monkeypatch):
    _put(store, now, make_item("Here"))
    with db.open_for_writing(other_path) as other:
        _put(other, now, make_item("There"))
    before = _dump(store)
    monkeypatch.setattr(merging, "_PRUNED", ("UPDATE nowhere SET x = 1",))
    with pytest.raises(StoreError):
        merging.merge(store, other_path)
    assert _dump(store) == before
    monkeypatch.undo()
    assert merging.merge(store, other_path).added == 1


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everything")
def test_a_store_that_can_only_be_read_is_merged_too(store, other_path, make_item, now):
    item = make_item("Archived")
    with db.open_for_writing(other_path) as other:
        _put(other, now, item)
    folder = other_path.parent / "archive"
    folder.mkdir()
    archived = other_path.rename(folder / "other.db")
    archived.chmod(0o400)
    folder.chmod(0o500)
    try:
        assert merging.merge(store, archived).new == (item.id,)
    finally:
        folder.chmod(0o700)


def test_a_store_is_not_merged_with_itself_or_with_nothing(store, tmp_path):
    for wrong in (store.path, tmp_path / "none.db"):
        with pytest.raises(UsageError):
            merging.merge(store, wrong)
    (tmp_path / "text.db").write_text("no store " * 100)
    with pytest.raises(StoreError):
        merging.merge(store, tmp_path / "text.db")
