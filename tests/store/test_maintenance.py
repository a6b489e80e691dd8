"""Care: faults are named, copies are whole, what was pruned does not come back."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from datetime import date, timedelta

import pytest

from hubwatch import identity
from hubwatch.errors import StoreError
from hubwatch.normalize import LONG_AGO
from hubwatch.store import db, deliveries, indexing, items, listing, maintenance
from hubwatch.store.query import ItemQuery

DAY = timedelta(days=1)


def _titles(store):
    return [item.title for item in listing.select(store, ItemQuery())]


@pytest.fixture
def filled(store, save, make_item):
    save(
        make_item("Fresh", age=1, topics={"additive": 0.9}, organizations=("Acme",), content="Ti-6Al-4V"),
        make_item("Old", age=800, guid="g-old", topics={"additive": 0.9}, organizations=("Gone Inc.",)),
        make_item("Old but open", age=800, kind="call", deadline=date(2027, 1, 1)),
    )
    return store


def test_a_sound_store_has_no_faults(filled):
    assert maintenance.check(filled) == ()


@pytest.mark.parametrize(
    ("damage", "word"),
    [
        ("DELETE FROM texts", "no text"),
        ("UPDATE item_topics SET effective = '2000-01-01T00:00:00Z'", "tags"),
        ("UPDATE topic_totals SET items = 7", "topics"),
        ("DELETE FROM topic_totals", "topics"),
        ("UPDATE item_organizations SET effective = '2000-01-01T00:00:00Z'", "organizations"),
        ("UPDATE sources SET items = 7", "number of items"),
        ("UPDATE items SET story = 'nowhere'", "story"),
        ("UPDATE items SET first_seen = 'yesterday'", "time"),
        ("UPDATE items SET title = 'changed behind the index'", "search index"),
        ("PRAGMA foreign_keys = OFF; DELETE FROM items", "belong to something"),
    ],
)
def test_faults_are_named(filled, damage, word):
    indexing.catch_up(filled)
    for sql in damage.split("; "):
        filled.write(sql)
    found = maintenance.check(filled)
    assert any(word in sentence for sentence in found), found
    assert all("\n" not in sentence for sentence in found)


def test_a_backup_is_whole_while_a_transaction_is_open(filled, path, tmp_path, save, make_item):
    target = tmp_path / "backup.db"
    with filled.transaction():
        filled.write("UPDATE items SET title = 'half done'")
        with db.open_for_reading(path) as reader:
            maintenance.back_up(reader, target)
    with db.open_for_writing(target) as copy:
        assert set(_titles(copy)) == {"Fresh", "Old", "Old but open"}
        assert maintenance.check(copy) == ()
    if os.name == "posix":
        assert target.stat().st_mode & 0o077 == 0


def test_a_backup_replaces_an_earlier_one_only_when_told_to(filled, tmp_path):
    target = tmp_path / "backup.db"
    target.write_bytes(b"an earlier backup")
    with pytest.raises(StoreError, match="there already"):
        maintenance.back_up(filled, target)
    assert target.read_bytes() == b"an earlier backup"
    maintenance.back_up(filled, target, replace=True)
    with db.open_for_reading(target) as copy:
        assert len(_titles(copy)) == 3
    assert [p.name for p in tmp_path.glob("*.partial")] == []


@pytest.mark.parametrize("is_there", [True, False], ids=["replaced", "deleted before"])
def test_what_a_dead_writer_left_beside_an_earlier_backup_is_not_entered(filled, tmp_path, is_there):
    target = tmp_path / "backup.db"
    maintenance.back_up(filled, target)
    died = "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
    died += "c.execute('UPDATE items SET title = ?', ('Of the dead',)); os._exit(9)"
    subprocess.run([sys.executable, "-c", died, str(target)], check=False)
    assert (tmp_path / "backup.db-wal").stat().st_size
    if not is_there:
        target.unlink()
    maintenance.back_up(filled, target, replace=is_there)
    with db.open_for_reading(target) as copy:
        assert "Of the dead" not in _titles(copy)


def test_a_backup_that_cannot_be_written_is_said(filled, tmp_path):
    (tmp_path / "file").write_text("")
    for target in (tmp_path, tmp_path / "file" / "x.db", tmp_path / "none" / "x.db", filled.path):
        with pytest.raises(StoreError, match="backup"):
            maintenance.back_up(filled, target, replace=True)
    assert not (tmp_path / "none").exists()


def test_a_store_that_is_not_there_is_not_backed_up(tmp_path):
    with db.open_for_reading(tmp_path / "none.db") as nothing, pytest.raises(StoreError, match="no store"):
        maintenance.back_up(nothing, tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []


def test_pruning_deletes_the_old_but_not_what_is_still_open(filled, now):
    assert maintenance.prune(filled, older_than=now - 730 * DAY) == 1
    assert _titles(filled) == ["Fresh", "Old but open"]
    assert maintenance.check(filled) == ()
    assert listing.select(filled, ItemQuery(text="old")) == listing.select(filled, ItemQuery(text="open"))
    assert filled.rows("SELECT name FROM organizations") == [("Acme",)]
    assert maintenance.prune(filled, older_than=now - 730 * DAY) == 0


def test_a_call_without_a_deadline_is_old_when_it_no_longer_counts_as_open(store, now, make_item, save):
    for days in (60, 100, 800):
        then = now - days * DAY
        save(
            make_item(f"Call of {days} days ago", kind="call", published=then, effective=then, deadline=None)
        )
    assert maintenance.prune(store, older_than=now - 30 * DAY) == 1
    assert maintenance.prune(store, older_than=now - 9 * DAY) == 1
    assert _titles(store) == ["Call of 60 days ago"]


def test_the_undated_is_as_old_as_the_day_it_was_first_seen(filled, now, make_item, save):
    undated = {"published": None, "effective": LONG_AGO}
    save(
        make_item("Undated", first_seen=now - DAY, **undated),
        make_item("Undated and old", first_seen=now - 800 * DAY, **undated),
    )
    assert maintenance.younger(filled, older_than=now, than=now - 30 * DAY) == 2  # and "Fresh"
    assert maintenance.prune(filled, older_than=now - 730 * DAY) == 2
    assert _titles(filled) == ["Fresh", "Old but open", "Undated"]


def test_what_was_pruned_does_not_come_back(filled, now, make_item, save):
    old = make_item("Old", age=800, guid="g-old")
    maintenance.prune(filled, older_than=now - 730 * DAY)
    again = [old, make_item("Old, edited", age=800, guid="g-old", url="https://example.org/moved")]
    for item in again:
        resolution = identity.resolve([item], items.known(filled, "lift", [item]), is_page=False)
        assert (resolution.new, resolution.changed) == ((), ())  # nor is it told as edited at each sync
        items.save(filled, "lift", resolution, None, now=now)
    save(old)
    assert _titles(filled) == ["Fresh", "Old but open"]
    assert maintenance.check(filled) == ()


def test_numbers_of_the_pruned_are_not_used_again(filled, now, save, make_item):
    deliveries.mark(filled, "p", [], now=now - 900 * DAY)
    last = filled.row("SELECT max(number) FROM items")[0]
    maintenance.prune(filled, older_than=now + DAY)
    assert filled.row("SELECT count(*) FROM items") == (1,)
    save(make_item("Next"))
    assert filled.row("SELECT max(number) FROM items")[0] == last + 1
    indexing.catch_up(filled)
    assert [i.title for i in listing.select(filled, ItemQuery(text="next"))] == ["Next"]


@pytest.mark.parametrize("story", ["a1", "a2", "a3"])
def test_a_story_that_was_shown_is_not_new_when_its_first_item_is_pruned(store, save, make_item, now, story):
    save(make_item("First", id="a1", story=story, first_seen=now, age=3))
    deliveries.mark(store, "", ["a1"], now=now)
    later = now + 4 * DAY
    save(
        make_item("Retold", id="a2", story=story, source="am", first_seen=later, published=later),
        make_item("Again", id="a3", story=story, source="wire", first_seen=later, published=later),
    )
    wanted = ItemQuery(new_for="", now=later)
    assert listing.select(store, wanted) == ()
    maintenance.prune(store, older_than=now)
    assert listing.select(store, wanted) == ()
    assert maintenance.check(store) == ()


def test_a_story_whose_first_item_was_pruned_has_another_leader(store, save, make_item, now):
    save(
        make_item("A", id="a", age=800, story="a"),
        make_item("B", id="b", age=3, story="a", source="am"),
        make_item("C", id="c", age=2, story="a", source="lift-calls"),
    )
    maintenance.prune(store, older_than=now - 365 * DAY)
    assert dict(store.rows("SELECT id, story FROM items")) == {"b": "b", "c": "b"}
    assert [c.item for c in items.carried(store, ["b"])["b"]] == ["b", "c"]


def test_the_schema_explains_itself_to_other_tools(filled, path):
    filled.close()
    other = sqlite3.connect(path)
    tables = dict(other.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    for table in ("items", "sources", "item_topics", "deliveries", "texts"):
        assert "--" in tables[table]
    (row,) = other.execute("SELECT title, topics, organizations FROM announcements WHERE title = 'Fresh'")
    assert row == ("Fresh", "additive", "Acme")
    other.close()
