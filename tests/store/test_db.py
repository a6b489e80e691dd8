"""Opening: made, migrated after a backup, refused in one line; readers and a writer never wait."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import textwrap
from contextlib import closing
from pathlib import Path

import pytest

from hubwatch.errors import StoreError, StoreHeldError, StoreTooNewError
from hubwatch.identity import Resolution
from hubwatch.models import Evidence, SourceState
from hubwatch.store import db, indexing, items, listing, maintenance, migrations, trends
from hubwatch.store.lock import claim, hold
from hubwatch.store.query import ItemQuery

POSIX = os.name == "posix"
not_root = pytest.mark.skipif(not POSIX or os.geteuid() == 0, reason="root may write everything")


def test_writing_makes_folder_and_file_for_the_owner_only(path: Path) -> None:
    with db.open_for_writing(path) as store:
        assert store.row("PRAGMA user_version") == (migrations.LATEST,)
        assert store.row("PRAGMA journal_mode") == ("wal",)
        assert store.row("PRAGMA foreign_keys") == (1,)
    if POSIX:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_reading_what_is_not_there_yet_finds_nothing_and_makes_nothing(path: Path) -> None:
    with db.open_for_reading(path) as store:
        assert listing.select(store, ItemQuery()) == ()
    assert not path.parent.exists()


def test_what_is_not_there_yet_has_the_schema_of_a_store_that_is(path: Path) -> None:
    schema = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
    with db.open_for_reading(path) as nothing, db.open_for_writing(path) as made:
        assert nothing.rows(schema) == made.rows(schema)
        assert nothing.row("PRAGMA user_version") == made.row("PRAGMA user_version")


def test_a_new_store_has_the_schema_of_one_that_took_every_step(path: Path) -> None:
    schema = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'search%' ORDER BY type, name"
    with (
        db.open_for_writing(path) as made,
        closing(sqlite3.connect(":memory:", isolation_level=None)) as other,
    ):
        migrations.apply(other)
        assert made.rows(schema) == other.execute(schema).fetchall()
        for pragma in ("user_version", "application_id"):
            assert made.row(f"PRAGMA {pragma}") == other.execute(f"PRAGMA {pragma}").fetchone()


def test_a_store_of_schema_2_keeps_its_tags_and_is_searched_as_before(path: Path) -> None:
    _make_schema_2(path)
    with db.open_for_reading(path) as store:
        (item,) = items.by_ids(store, ["i1"])
        assert [(tag.topic, tag.score) for tag in item.tags] == [
            ("lightweight", 0.9), ("coatings", 0.4), ("additive", 0.2)
        ]  # fmt: skip
        assert item.tags[1].evidence == (Evidence(words="plating", where="content", weight=0.4),)
        assert [tag.topic for tag in listing.select(store, ItemQuery())[1].tags] == ["lightweight"]
        for words, found in (("casting", [(1,)]), ("{title} : titanium", [(1,)]), ("waits", [])):
            assert store.rows("SELECT rowid FROM search WHERE search MATCH ?", (words,)) == found
    with db.open_for_writing(path) as store:
        assert indexing.catch_up(store) == 1
        assert store.rows("SELECT rowid FROM search WHERE search MATCH 'waits'") == [(2,)]
        assert maintenance.check(store) == ()


def test_a_store_of_schema_2_counts_as_one_that_was_written_anew(path: Path) -> None:
    _make_schema_2(path)
    with db.open_for_reading(path) as store:
        assert trends.topic_counts(store) == {"lightweight": 1}
        assert listing.count_stories(store, ItemQuery(), at_most=10) == (2, True)


def _make_schema_2(path: Path) -> None:
    """Make a store of two items, of which the second waits for the index."""
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        for step in migrations.STEPS[:2]:
            step(migrations.Plain(old))
        old.execute(f"PRAGMA application_id = {migrations.APPLICATION_ID}")
        old.execute("PRAGMA user_version = 2")
        old.execute("INSERT INTO sources (id, name, items) VALUES ('lift', 'LIFT', 2)")
        for number, title, text in ((1, "On titanium", "Its casting."), (2, "It waits", "For the index.")):
            old.execute(
                "INSERT INTO items (number, id, source, title, summary, first_seen, updated, effective, kind)"
                " VALUES (?1, 'i' || ?1, 'lift', ?2, '', ?3, ?3, ?3, 'other')",
                (number, title, "2026-01-15T09:30:00Z"),
            )
            old.execute("INSERT INTO texts (item, content, forms) VALUES (?, ?, '')", (number, text))
        for topic, score in (("additive", 0.2), ("lightweight", 0.9), ("coatings", 0.4)):
            old.execute(
                "INSERT INTO item_topics (item, topic, score, effective, evidence)"
                " VALUES (1, ?, ?, '2026-01-15T09:30:00Z', ?)",
                (topic, score, f'[["plating","content",{score}]]'),
            )
        old.execute(
            "INSERT INTO search (rowid, title, summary, content, forms)"
            " SELECT * FROM search_text WHERE number = 1"
        )
        old.execute("INSERT INTO meta (name, value) VALUES ('indexed_to', '1')")


def test_an_opened_store_needs_no_sqlite_utils_and_no_filelock(path: Path) -> None:
    db.open_for_writing(path).close()
    code = f"""
        import sys, pathlib
        from hubwatch.store import db, listing
        from hubwatch.store.query import ItemQuery
        there, not_yet = pathlib.Path({str(path)!r}), pathlib.Path({str(path)!r} + ".none")
        read, write = db.open_for_reading, db.open_for_writing
        for opened, at in ((read, not_yet), (read, there), (write, there)):
            with opened(at) as store:
                listing.select(store, ItemQuery())
        print([m for m in ("sqlite_utils", "filelock", "httpx") if m in sys.modules])
    """
    out = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True
    )
    assert out.stdout.strip() == "[]"


def test_a_reader_cannot_write(path: Path) -> None:
    db.open_for_writing(path).close()
    with db.open_for_reading(path) as store, pytest.raises(StoreError, match="read-only"):
        store.write("DELETE FROM items")


# --- versions -------------------------------------------------------------------------------------


def test_a_store_of_a_newer_version_is_refused(path: Path) -> None:
    db.open_for_writing(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {migrations.LATEST + 1}")
    connection.close()
    for opened in (db.open_for_reading, db.open_for_writing):
        with pytest.raises(StoreTooNewError, match="newer hubwatch") as caught:
            opened(path)
        assert "upgrade" in str(caught.value.hint)


def _next_version(monkeypatch: pytest.MonkeyPatch, step: object) -> None:
    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, step))
    monkeypatch.setattr(migrations, "LATEST", migrations.LATEST + 1)


@pytest.mark.parametrize("opened", [db.open_for_writing, db.open_for_reading], ids=["writer", "reader"])
def test_an_older_store_is_migrated_after_a_backup(path, save, store, make_item, monkeypatch, opened) -> None:
    save(make_item("Kept"))
    store.close()
    before = migrations.LATEST
    _next_version(monkeypatch, lambda database: database.executescript("ALTER TABLE items ADD COLUMN extra"))
    with opened(path) as again:
        assert again.row("PRAGMA user_version") == (before + 1,)
        assert again.rows("SELECT title, extra FROM items") == [("Kept", None)]
    (backup,) = path.parent.glob("*.bak")
    copy = sqlite3.connect(backup)
    assert copy.execute("SELECT title FROM items").fetchall() == [("Kept",)]
    assert copy.execute("PRAGMA user_version").fetchone() == (before,)
    copy.close()


def test_a_step_that_fails_leaves_the_store_as_it_was(path, save, store, make_item, monkeypatch) -> None:
    save(make_item("Kept"))
    store.close()
    before = migrations.LATEST
    broken = "ALTER TABLE items ADD COLUMN extra; INSERT INTO nowhere VALUES (1);"
    _next_version(monkeypatch, lambda database: database.executescript(broken))
    with pytest.raises(StoreError):
        db.open_for_writing(path)
    copy = sqlite3.connect(path)
    assert copy.execute("PRAGMA user_version").fetchone() == (before,)
    assert "extra" not in [row[1] for row in copy.execute("PRAGMA table_info(items)")]
    copy.close()
    assert list(path.parent.glob("*.bak")) == []  # the store itself is what the copy was; others follow


def test_a_first_step_that_was_taken_keeps_its_backup(path, store, monkeypatch) -> None:
    store.close()
    _next_version(monkeypatch, lambda database: database.executescript("ALTER TABLE items ADD COLUMN extra"))
    _next_version(monkeypatch, lambda database: database.executescript("INSERT INTO nowhere VALUES (1)"))
    with pytest.raises(StoreError):
        db.open_for_writing(path)
    assert len(list(path.parent.glob("*.bak"))) == 1


@pytest.mark.skipif(not POSIX, reason="only there a process can be kept from writing large files")
def test_a_backup_that_finds_no_room_leaves_nothing_behind(path, save, store, make_item, monkeypatch) -> None:
    import resource

    save(make_item("Kept"))
    store.close()
    _next_version(monkeypatch, lambda database: None)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size // 2, hard))
    try:
        with pytest.raises(StoreError) as caught:
            db.open_for_writing(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    _one_line(caught.value, path)
    assert list(path.parent.glob("*.bak*")) == []
    with db.open_for_reading(path) as again:
        assert again.rows("SELECT title FROM items") == [("Kept",)]


def test_a_reader_of_an_older_store_that_is_being_written_says_so(path, store, monkeypatch) -> None:
    store.close()
    _next_version(monkeypatch, lambda database: None)
    with hold(path), pytest.raises(StoreHeldError):
        db.open_for_reading(path)


# --- what is wrong, in one line -------------------------------------------------------------------


def _one_line(error: StoreError, path: Path) -> None:
    assert "\n" not in error.message
    assert str(path) in error.message
    assert error.path == str(path)
    assert error.hint


@pytest.mark.parametrize("opened", [db.open_for_writing, db.open_for_reading], ids=["writer", "reader"])
def test_what_is_no_database_is_refused_and_left_alone(tmp_path: Path, opened) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("dear diary\n" * 100)
    with pytest.raises(StoreError, match="not a hubwatch store") as caught:
        opened(path)
    _one_line(caught.value, path)
    assert path.read_text() == "dear diary\n" * 100


@pytest.mark.parametrize("opened", [db.open_for_writing, db.open_for_reading], ids=["writer", "reader"])
def test_the_database_of_another_program_is_refused_and_left_alone(tmp_path: Path, opened) -> None:
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (x)")
    other.close()
    with pytest.raises(StoreError, match="another program") as caught:
        opened(path)
    _one_line(caught.value, path)
    other = sqlite3.connect(path)
    assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("theirs",)]
    other.close()


@pytest.mark.parametrize("opened", [db.open_for_writing, db.open_for_reading], ids=["writer", "reader"])
def test_a_folder_is_no_store(tmp_path: Path, opened) -> None:
    with pytest.raises(StoreError) as caught:
        opened(tmp_path)
    _one_line(caught.value, tmp_path)


def test_a_file_in_the_way_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for opened in (db.open_for_reading, db.open_for_writing):
        with pytest.raises(StoreError) as caught:
            opened(tmp_path / "file" / "x.db")
        _one_line(caught.value, tmp_path / "file" / "x.db")


@not_root
def test_a_read_only_file_is_read_but_not_written(path, save, store, make_item) -> None:
    save(make_item("Kept"))
    store.close()
    path.chmod(0o400)
    path.parent.chmod(0o500)
    try:
        with db.open_for_reading(path) as reader:
            assert [item.title for item in listing.select(reader, ItemQuery())] == ["Kept"]
        with pytest.raises(StoreError) as caught:
            db.open_for_writing(path)
        _one_line(caught.value, path)
    finally:
        path.parent.chmod(0o700)


def test_a_damaged_file_is_said(path, save, store, make_item) -> None:
    save(*(make_item(f"Item {n}", content="words " * 200) for n in range(200)))
    store.close()
    body = bytearray(path.read_bytes())
    body[3 * 8192 : -8192] = os.urandom(len(body) - 4 * 8192)
    path.write_bytes(body)
    with pytest.raises(StoreError) as caught, db.open_for_reading(path) as reader:
        listing.select(reader, ItemQuery())
    _one_line(caught.value, path)


@pytest.mark.parametrize("place", [b"CREATE INDEX", b"Kept whole"], ids=["the schema", "a title"])
def test_text_that_is_no_longer_utf8_is_damage(path, save, store, make_item, place) -> None:
    save(make_item("Kept whole"))
    store.close()
    body = path.read_bytes()
    assert place in body
    path.write_bytes(body.replace(place, place[:3] + b"\xc5" + place[4:]))
    with pytest.raises(StoreError, match="damaged") as caught, db.open_for_reading(path) as reader:
        listing.select(reader, ItemQuery())
    _one_line(caught.value, path)


def test_a_full_disk_is_said_and_what_was_stored_stays(path, store, save, make_item, now) -> None:
    save(make_item("Kept"))
    indexing.catch_up(store)
    pages = store.row("PRAGMA page_count")[0]
    store.row(f"PRAGMA max_page_count = {pages + 4}")
    many = tuple(make_item(f"Item {n}", content="words " * 500) for n in range(100))
    with pytest.raises(StoreError, match="no room") as caught:
        items.save(store, "lift", Resolution(new=many), SourceState(source="lift", etag="new"), now=now)
    _one_line(caught.value, path)
    store.row("PRAGMA max_page_count = 1000000")
    assert [item.title for item in listing.select(store, ItemQuery())] == ["Kept"]
    assert maintenance.check(store) == ()
    items.save(store, "lift", Resolution(new=many), SourceState(source="lift", etag="new"), now=now)
    assert len(listing.select(store, ItemQuery())) == 101


def test_a_store_that_another_program_locks_is_said(path, store) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with db.open_for_writing(path, busy_s=0.01) as second:
        with pytest.raises(StoreError, match="locked") as caught, second.transaction():
            pass
        _one_line(caught.value, path)
    other.close()


# --- readers, writers, kills ----------------------------------------------------------------------


def test_a_reader_goes_on_while_a_transaction_is_open(path, store, save, make_item) -> None:
    save(make_item("Before"))
    with store.transaction():
        store.write("UPDATE items SET title = 'During'")
        with db.open_for_reading(path, busy_s=0) as reader:
            assert [item.title for item in listing.select(reader, ItemQuery())] == ["Before"]
    with db.open_for_reading(path, busy_s=0) as reader:
        assert [item.title for item in listing.select(reader, ItemQuery())] == ["During"]


def test_a_writer_is_not_held_up_by_a_reader(path, store, save, make_item) -> None:
    save(make_item("Before"))
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM items").fetchone() == (1,)
    save(make_item("After"))
    assert reader.execute("SELECT count(*) FROM items").fetchone() == (1,)
    reader.close()
    assert len(listing.select(store, ItemQuery())) == 2


def test_a_nested_transaction_ends_with_the_outer_one(store) -> None:
    def stopped() -> None:
        with store.transaction():
            with store.transaction():
                store.write("INSERT INTO meta VALUES ('a', '1')")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        stopped()
    assert store.rows("SELECT * FROM meta") == []


_KILLED = """
    import os, pathlib, sys
    from datetime import UTC, datetime
    from hubwatch.identity import Resolution
    from hubwatch.models import Item, SourceState, Tag
    from hubwatch.store import db, indexing, items
    now = datetime(2026, 3, 1, tzinfo=UTC)
    store = db.open_for_writing(pathlib.Path(sys.argv[1]))
    for round in range(10**6):
        new = tuple(
            Item(id=f"{round:08x}{n:08x}", source="lift", title=f"Item {round} {n}", content="words " * 300,
                 first_seen=now, updated=now, effective=now, tags=(Tag(topic="additive", score=0.9),),
                 organizations=("Acme",))
            for n in range(20)
        )
        items.save(store, "lift", Resolution(new=new), SourceState(source="lift", etag=str(round)), now=now)
        if round % 3 == 2:
            indexing.catch_up(store)
        print(round, flush=True)
"""


@pytest.mark.parametrize("rounds", [1, 4, 9])
def test_a_kill_at_any_moment_leaves_whole_transactions(path: Path, rounds: int) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(_KILLED), str(path)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    for _ in range(rounds):
        assert writer.stdout.readline()
    writer.kill()
    writer.wait()
    writer.stdout.close()
    with db.open_for_writing(path) as store:
        (etag,) = store.row("SELECT etag FROM source_states")
        assert int(etag) >= rounds - 1
        assert store.row("SELECT count(*) FROM items") == (20 * (int(etag) + 1),)
        assert maintenance.check(store) == ()
        indexing.catch_up(store)
        assert maintenance.check(store) == ()
        hits = store.row("SELECT count(*) FROM search WHERE search MATCH 'item'")
        assert hits == store.row("SELECT count(*) FROM items")


# --- the lock -------------------------------------------------------------------------------------


def test_a_second_holder_is_told_at_once(path: Path) -> None:
    with hold(path):
        with pytest.raises(StoreHeldError) as caught, hold(path):
            pass
        assert caught.value.exit_code == 5
        assert "--wait" in str(caught.value.hint)
    with hold(path):
        pass


@pytest.mark.skipif(not POSIX, reason="signals")
def test_the_lock_dies_with_its_process(path: Path) -> None:
    code = (
        "import pathlib, sys; from hubwatch.store.lock import hold\n"
        "with hold(pathlib.Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdin is not None
    assert other.stdout.readline() == "held\n"
    with pytest.raises(StoreHeldError), hold(path):
        pass
    other.send_signal(signal.SIGKILL)
    other.wait()
    other.stdout.close()
    other.stdin.close()
    with hold(path, wait_s=1):
        pass


def test_a_lock_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot lock"), hold(tmp_path / "file" / "x.db"):
        pass


@pytest.mark.skipif(not POSIX, reason="links")
def test_who_comes_by_a_link_meets_who_comes_by_the_name(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(path)
    with hold(path), pytest.raises(StoreHeldError), hold(link):
        pass


@pytest.mark.parametrize("what", ["a text", "a folder", "another program's", "a newer one's"])
def test_nothing_is_left_beside_what_is_no_store(what: str, tmp_path: Path) -> None:
    folder = tmp_path / "alone"
    folder.mkdir()
    path = folder / "x.db"
    if what == "a folder":
        path.mkdir()
    elif what == "a text":
        path.write_text("root:x:0:0\n" * 99, encoding="utf-8")
    else:
        with closing(sqlite3.connect(path)) as other:
            other.execute("CREATE TABLE theirs (a)")
            if what == "a newer one's":
                other.execute(f"PRAGMA application_id = {migrations.APPLICATION_ID}")
                other.execute(f"PRAGMA user_version = {migrations.LATEST + 1}")
    for locked in (hold(path), claim(path, "alice", wait_s=0)):
        with pytest.raises(StoreError) as caught, locked:
            pass
        assert str(path) in caught.value.message
    assert list(folder.iterdir()) == [path]


@pytest.mark.parametrize("size", [None, 0], ids=["nothing", "an empty file"])
def test_where_a_store_will_be_is_locked(size: int | None, tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    if size is not None:
        path.touch()
    with hold(path), pytest.raises(StoreHeldError), hold(path):
        pass
