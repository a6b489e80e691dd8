"""The SQLite that this Python has: its version, and whether it can do what the store needs."""

from __future__ import annotations

import sqlite3
from contextlib import closing

VERSION = sqlite3.sqlite_version


def has_full_text() -> bool:
    """Tell whether the full-text index (FTS5) can be made."""
    try:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.execute("CREATE VIRTUAL TABLE search USING fts5(text)")
    except sqlite3.Error:
        return False
    return True
