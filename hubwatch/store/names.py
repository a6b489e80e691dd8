"""Organizations by name: found by any of the words in a row that a person remembers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hubwatch.store.db import Store

_WORD = re.compile(r"[^\W_]+")


def words(name: str) -> tuple[str, ...]:
    """Return the words of a name, folded: what names are compared by."""
    return tuple(_WORD.findall(name.replace("'", "").replace("’", "").casefold()))


def organizations_like(store: Store, wanted: Sequence[str]) -> tuple[int, ...]:
    """Return the numbers of the organizations that are one of these, or have it within their name."""
    found: dict[int, None] = {}
    for name in wanted:
        parts = words(name)
        if not parts:
            continue
        # The longest word is usually the rarest.
        rows = store.rows(
            "SELECT number, name FROM organization_words"
            " JOIN organizations ON number = organization WHERE word = ?",
            (max(parts, key=len),),
        )
        found.update(dict.fromkeys(number for number, full in rows if _within(parts, words(full))))
    return tuple(found)


def _within(parts: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    return any(whole[at : at + len(parts)] == parts for at in range(len(whole) - len(parts) + 1))


def numbers_of(store: Store, names: Sequence[str]) -> dict[str, int]:
    """Return the number of each of these names, entered where it is new."""
    unique = list(dict.fromkeys(names))
    found: dict[str, int] = {}
    for name in unique:
        row = store.row("SELECT number FROM organizations WHERE name = ?", (name,))
        if row is None:
            row = store.row("INSERT INTO organizations (name) VALUES (?) RETURNING number", (name,))
            assert row is not None
            store.write_many(
                "INSERT OR IGNORE INTO organization_words (word, organization) VALUES (?, ?)",
                [(word, row[0]) for word in words(name)],
            )
        found[name] = row[0]
    return found
