"""Organizations by name: found by any of the words in a row that a person remembers."""

from __future__ import annotations

import json
from collections.abc import Sequence

from hubwatch.store.db import Store


def words(name: str) -> tuple[str, ...]:
    """Return the words of a name, folded: what names are compared by."""
    folded = name.replace("'", "").replace("’", "").casefold()
    return tuple("".join(c if c.isalnum() else " " for c in folded).split())


def organizations_like(store: Store, wanted: Sequence[str]) -> tuple[int, ...]:
    """Return the numbers of the organizations that are one of these, or have it within their name.

    Also those that go by another name of the same organization: NIST finds what names it in full.
    """
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
    found.update(dict.fromkeys(_numbers_by_other_names(store, wanted)))
    return tuple(found)


def _numbers_by_other_names(store: Store, wanted: Sequence[str]) -> list[int]:
    if not wanted:
        return []
    from hubwatch.catalog import aliases  # a table of 30 ms that only lists by organization need

    others = [other for name in wanted for other in aliases.others(name)]
    rows = store.rows(
        "SELECT number FROM organizations WHERE name IN (SELECT value FROM json_each(?))",
        (json.dumps(others),),
    )
    return [row[0] for row in rows]


def is_within(name: str, full: str) -> bool:
    """Tell whether a name is, or stands within, a full name, word by word."""
    parts = words(name)
    return bool(parts) and _within(parts, words(full))


def _within(parts: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    return any(whole[at : at + len(parts)] == parts for at in range(len(whole) - len(parts) + 1))


def numbers_of(store: Store, names: Sequence[str]) -> dict[str, int]:
    """Return the number of each of these names, entered where it is new. Call it inside a transaction."""
    if not names:
        return {}
    found: dict[str, int] = dict(
        store.rows(
            "SELECT name, number FROM organizations WHERE name IN (SELECT value FROM json_each(?))",
            (json.dumps(names),),
        )
    )
    fresh = [name for name in dict.fromkeys(names) if name not in found]
    if fresh:
        row = store.row("SELECT coalesce(max(number), 0) FROM organizations")
        numbered = list(enumerate(fresh, start=int(row[0]) + 1 if row else 1))
        store.write_many("INSERT INTO organizations (number, name) VALUES (?, ?)", numbered)
        store.write_many(
            "INSERT OR IGNORE INTO organization_words (word, organization) VALUES (?, ?)",
            [(word, number) for number, name in numbered for word in words(name)],
        )
        found.update((name, number) for number, name in numbered)
    return found
