"""Open the store, run its statements, and say in one line what is wrong with it.

Reading needs only the standard library's sqlite3; the schema is made by `migrations`.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from hubwatch.errors import StoreError, StoreHeldError, StoreTooNewError
from hubwatch.store import migrations

Params = Sequence[Any] | Mapping[str, Any]
Row = tuple[Any, ...]

# With what SQLite keeps beside it: a backup in the file's place would be taken for what that belongs to.
REPAIR = "move it away with its -wal and -shm files, then restore a backup or sync anew"

# SQLite's message on a broken schema quotes it: where that is no UTF-8, Python cannot read the message.
_FAULTS = (sqlite3.Error, UnicodeDecodeError)

_BUSY_S = 15.0
# Rows of 2 to 3 KB of text fill pages of 8 KB well; at 4 KB a third of the file would be air.
_PAGE_BYTES = 8192


class Store:
    """An open store. Its methods run statements; what they mean stands in the modules beside this one."""

    def __init__(self, connection: sqlite3.Connection, path: Path, *, writable: bool) -> None:
        self.path = path
        self.writable = writable
        self.before_close: list[Callable[[], object]] = []  # work that was put off
        self._connection = connection
        self._lock = threading.RLock()
        self._depth = 0

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def rows(self, sql: str, params: Params = ()) -> list[Row]:
        """Run one statement and return its rows."""
        with self._lock, self._told():
            return self._connection.execute(sql, params).fetchall()

    def row(self, sql: str, params: Params = ()) -> Row | None:
        """Run one statement and return its first row."""
        rows = self.rows(sql, params)
        return rows[0] if rows else None

    def write(self, sql: str, params: Params = ()) -> int:
        """Run one statement that writes and return how many rows it touched."""
        with self._lock, self._told():
            return self._connection.execute(sql, params).rowcount

    def write_many(self, sql: str, rows: Iterable[Params]) -> None:
        """Run one statement for many rows."""
        with self._lock, self._told():
            self._connection.executemany(sql, rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all of the block or nothing. Blocks may be nested: the outermost one decides."""
        with self._lock:
            if self._depth:
                yield
                return
            with self._told():
                self._connection.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield
                with self._told():
                    self._connection.execute("COMMIT")
            finally:
                self._depth = 0
                if self._connection.in_transaction:
                    with suppress(sqlite3.Error):
                        self._connection.execute("ROLLBACK")

    def trace(self, on_statement: Callable[[str], object] | None) -> None:
        """Tell somebody of every statement that is run, to count them; None ends it."""
        self._connection.set_trace_callback(on_statement)

    def copy_to(self, target: sqlite3.Connection) -> None:
        """Copy the store as it is at this moment, while others may go on writing."""
        with self._told():
            self._connection.backup(target)

    def close(self) -> None:
        """Do what was put off, and close. Closing twice does no harm."""
        try:
            while self.before_close:
                self.before_close.pop(0)()
        finally:
            with self._lock:
                self._connection.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except _FAULTS as error:
            raise fault(error, self.path) from error


def fault(error: sqlite3.Error | UnicodeDecodeError, path: Path) -> StoreError:
    """Say in one line what a fault of SQLite means, and what to do."""
    code = getattr(error, "sqlite_errorcode", None)
    sentence, hint = f"the store {path} cannot be used: {error}", "check it with hubwatch db check"
    if isinstance(error, UnicodeDecodeError) or str(error).startswith("Could not decode to UTF-8"):
        return StoreError(f"the store {path} is damaged: it holds broken text", path=str(path), hint=REPAIR)
    match (code or 0) & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            sentence = f"another program keeps the store {path} locked"
            hint = "close what has it open for writing, and try again"
        case sqlite3.SQLITE_FULL:
            sentence = f"no room is left for the store {path}"
            hint = "free some space; what was stored before is safe"
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            sentence = f"the store {path} cannot be written: it is read-only"
            hint = "check its permissions and its folder's, or choose another with --db FILE"
        case sqlite3.SQLITE_NOTADB:
            sentence, hint = f"{path} is not a hubwatch store", "choose another file with --db FILE"
        case sqlite3.SQLITE_CORRUPT:
            sentence = f"the store {path} is damaged: {error}"
            hint = REPAIR
        case sqlite3.SQLITE_CANTOPEN:
            sentence = f"the store {path} cannot be opened"
            hint = "check that its folder exists and may be entered and written"
        case sqlite3.SQLITE_IOERR:
            sentence = f"the disk under the store {path} does not answer: {error}"
            hint = "check the disk; what was stored before is safe"
    return StoreError(sentence, path=str(path), hint=hint)


def open_for_writing(path: Path, *, busy_s: float = _BUSY_S) -> Store:
    """Open the store, made or brought up to date where need be (after a backup beside it)."""
    _make_file(path)
    connection = _connect(path, f"{path.absolute().as_uri()}?mode=rw", busy_s)
    with _closed_on_fault(connection, path):
        _prepare(connection, path)
    return Store(connection, path, writable=True)


def open_for_reading(path: Path, *, busy_s: float = _BUSY_S) -> Store:
    """Open the store to read from it; a file that is not there yet reads as an empty store."""
    if not exists(path):
        connection = sqlite3.connect(":memory:", isolation_level=None)
        _add_functions(connection)
        migrations.make(connection)
        return Store(connection, path, writable=False)
    connection = _connect_to_read(path, busy_s)
    with _closed_on_fault(connection, path):
        if _version(connection, path) == migrations.LATEST:
            return Store(connection, path, writable=False)
    connection.close()
    _bring_up_to_date(path, busy_s)
    return Store(_connect_to_read(path, busy_s), path, writable=False)


def check_place(path: Path) -> None:
    """Raise StoreError where something else than a store lies; where nothing lies, one may be made."""
    try:
        there = path.stat()
    except OSError:
        return  # not there; or out of reach, which whoever opens it is told
    if not stat.S_ISREG(there.st_mode):
        what = "a folder" if stat.S_ISDIR(there.st_mode) else "no file"
        raise StoreError(f"{path} is {what}", path=str(path), hint="choose a file with --db FILE")
    if not there.st_size:
        return
    connection = _connect_to_read(path, _BUSY_S)
    try:
        connection.execute("BEGIN")  # one sight of it, should somebody be making the store just now
        _version(connection, path)
    except _FAULTS as error:
        raise fault(error, path) from error
    finally:
        connection.close()


def _bring_up_to_date(path: Path, busy_s: float) -> None:
    from hubwatch.store.lock import hold

    try:
        with hold(path):
            open_for_writing(path, busy_s=busy_s).close()
    except StoreHeldError:
        raise
    except StoreError as error:
        raise StoreError(
            f"{path} was written by an older hubwatch and cannot be brought up to date: {error.message}",
            path=str(path),
            hint=error.hint,
        ) from error


@contextmanager
def _closed_on_fault(connection: sqlite3.Connection, path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        connection.close()
        if isinstance(error, _FAULTS):
            raise fault(error, path) from error
        raise


def _connect(path: Path, uri: str, busy_s: float) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(
            uri,
            uri=True,
            timeout=busy_s,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        _add_functions(connection)
    except _FAULTS as error:
        raise fault(error, path) from error
    return connection


def _add_functions(connection: sqlite3.Connection) -> None:
    connection.create_function("has_any", 2, _has_any, deterministic=True)


def _has_any(text: str | None, phrases: str) -> bool:
    """Tell whether a text has one of the phrases, which are given one a line."""
    if not text:
        return False
    from hubwatch.text import wordings  # its patterns cost some ms, and most lists need none

    return any(wordings.has(text, phrase) for phrase in phrases.split("\n"))


# Beside a writer, from a read-only file, from a read-only disk.
WAYS_TO_READ = ("mode=rw", "mode=ro", "mode=ro&immutable=1")


def _connect_to_read(path: Path, busy_s: float) -> sqlite3.Connection:
    """Connect by the first way that works."""
    address = path.absolute().as_uri()
    reason: sqlite3.Error | UnicodeDecodeError | None = None
    for mode in WAYS_TO_READ:
        connection = _connect(path, f"{address}?{mode}", busy_s)
        try:
            connection.execute("PRAGMA query_only = ON")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            return connection
        except _FAULTS as error:
            connection.close()
            reason = reason or error
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _NO_PERMISSION:
                break
    assert reason is not None
    raise fault(reason, path) from reason


_NO_PERMISSION = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_IOERR)


def exists(path: Path) -> bool:
    """Tell whether there is anything in the store's place."""
    try:
        return path.stat().st_size > 0
    except FileNotFoundError:
        return False
    except OSError as error:
        raise StoreError(
            f"the store {path} cannot be opened: {error.strerror}",
            path=str(path),
            hint="choose another place with --db FILE",
        ) from error


def require(path: Path, purpose: str) -> None:
    """Raise StoreError where there is no store: `purpose` says what for ("to back up")."""
    if not exists(path):
        raise StoreError(f"there is no store {path} {purpose}", path=str(path), hint="hubwatch sync makes it")


def _make_file(path: Path) -> None:
    """Make the folder and an empty file that only its owner can read."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreError(
            f"the store {path} cannot be written: {error.strerror}",
            path=str(path),
            hint="check the permissions there, or choose another place with --db FILE",
        ) from error


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    found = _version(connection, path)
    connection.execute("PRAGMA synchronous = NORMAL")
    if found == 0:
        connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
    if found < migrations.LATEST:
        # A writer that got there first may have made the tables in the meantime: both look again.
        with _backed_up(connection, path, found) if found else nullcontext():
            connection.execute("PRAGMA journal_mode = WAL")
            (migrations.apply if found else migrations.make)(connection)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = OFF")


def _version(connection: sqlite3.Connection, path: Path) -> int:
    found = migrations.version(connection)
    if found > migrations.LATEST:
        raise StoreTooNewError(
            f"the store {path} was written by a newer hubwatch"
            f" (schema {found}; this one knows up to {migrations.LATEST})",
            path=str(path),
            hint="upgrade hubwatch, or choose another store with --db FILE",
        )
    ours = connection.execute("PRAGMA application_id").fetchone()[0] == migrations.APPLICATION_ID
    if not ours and connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
        raise StoreError(
            f"{path} is a database of another program",
            path=str(path),
            hint="choose another file with --db FILE",
        )
    return found


@contextmanager
def _backed_up(connection: sqlite3.Connection, path: Path, version: int) -> Iterator[None]:
    """Keep a copy of the store as it was, unless the step fails: tried again and again, they pile up."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")  # a file's name, not data: the real clock is right
    beside = path.with_name(f"{path.name}.schema-{version}.{stamp}.bak")
    _make_file(beside)
    try:
        target = sqlite3.connect(beside)
        try:
            connection.backup(target)
        finally:
            target.close()
        yield
    except BaseException:
        with suppress(OSError, sqlite3.Error):
            if migrations.version(connection) == version:  # else the first of several steps was taken
                beside.unlink()
        raise
