"""The full-text index, kept up with the items in large steps: in small ones it would cost twice the time.

New items wait until some thousand are there or the store is closed; how far the index has come stands in
`meta`, so that a run that was killed is made up for by the next.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from hubwatch.store.db import Store
from hubwatch.store.notes import note, set_note

_STEP = 5000  # items in one transaction, which takes half a second
_WAIT_FOR = 5000  # items that may wait while a sync is under way
_COLUMNS = "rowid, content, title, summary, forms"


def catch_up(store: Store, *, at_least: int = 1) -> int:
    """Index the items that wait if there are so many; return how many were indexed."""
    done = _indexed_to(store)
    row = store.row("SELECT coalesce(max(number), 0) FROM items")
    last = int(row[0]) if row else 0
    if last - done < at_least:
        return 0
    start = done
    while done < last:
        upto = min(done + _STEP, last)
        with store.transaction():
            store.write(
                f"INSERT INTO search ({_COLUMNS}) SELECT number, content, title, summary, forms"
                " FROM search_text WHERE number > ? AND number <= ? ORDER BY number",
                (done, upto),
            )
            set_note(store, "indexed_to", str(upto))
        done = upto
    return last - start


def put_off(store: Store) -> None:
    """Index now if many items wait, else when the store is closed."""
    if not catch_up(store, at_least=_WAIT_FOR) and not store.before_close:
        store.before_close.append(lambda: catch_up(store))


def forget(store: Store, numbers: Sequence[int]) -> list[int]:
    """Take items out of the index before their text changes; return those that were in it."""
    done = _indexed_to(store)
    indexed = [number for number in numbers if number <= done]
    store.write(
        "INSERT INTO search (search, rowid, content, title, summary, forms)"
        " SELECT 'delete', number, content, title, summary, forms FROM search_text"
        " WHERE number IN (SELECT value FROM json_each(?))",
        (json.dumps(indexed),),
    )
    return indexed


def enter(store: Store, numbers: Sequence[int]) -> None:
    """Put these items back into the index with their new text."""
    store.write(
        f"INSERT INTO search ({_COLUMNS}) SELECT number, content, title, summary, forms FROM search_text"
        " WHERE number IN (SELECT value FROM json_each(?))",
        (json.dumps(list(numbers)),),
    )


def _indexed_to(store: Store) -> int:
    return int(note(store, "indexed_to") or 0)
