"""Full-text search: hits with how well they fit and the words in their surroundings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hubwatch.models import Item
from hubwatch.store import indexing, listing, phrases
from hubwatch.store.db import Store
from hubwatch.store.query import ItemQuery

BEFORE, AFTER = "\ue000", "\ue001"  # around a hit; a renderer replaces them

_IN_TITLE, _IN_SUMMARY, _IN_TEXT = 1.0, 0.8, 0.6
_HALF_LIFE = timedelta(days=365)
_CONTEXT_WORDS = 28
_CONTEXT_CHARACTERS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An item that a search found, and how well it fits (0..1)."""

    item: Item
    score: float


def search(store: Store, query: ItemQuery, *, now: datetime) -> tuple[Hit, ...]:
    """Return what matches `query.text` and its filters, best first: by where the words stand, then by age."""
    if query.text is None:
        raise ValueError("a search needs ItemQuery.text")
    if store.writable:
        indexing.catch_up(store)
    items = listing.select(store, query)
    expression = phrases.expression(query.text)
    in_title = _hits_in(store, f"{{title}} : ({expression})", items)
    in_summary = _hits_in(store, f"{{title summary forms}} : ({expression})", items)
    hits = []
    for item in items:
        where = _IN_TITLE if item.id in in_title else _IN_SUMMARY if item.id in in_summary else _IN_TEXT
        hits.append(Hit(item=item, score=round(where * _freshness(item.effective, now), 4)))
    return tuple(sorted(hits, key=lambda hit: (-hit.score, -hit.item.effective.timestamp(), hit.item.id)))


def found_in_text(store: Store, items: Sequence[Item], wanted: tuple[str, ...]) -> frozenset[str]:
    """Return the ids of the items that have one of these phrases anywhere, their full text included."""
    expression = phrases.any_phrase(wanted)
    return _hits_in(store, expression, items) if expression else frozenset()


def contexts(store: Store, typed: str, ids: Iterable[str]) -> dict[str, str]:
    """Return for each item the place of its text that a query hits, the words between BEFORE and AFTER."""
    expression = phrases.expression(typed)
    numbers = store.rows(
        "SELECT id, number FROM items WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)
    )
    return {item: _context(store, number, typed, expression) for item, number in numbers}


def _context(store: Store, number: int, typed: str, expression: str) -> str:
    marks = f"char({ord(BEFORE)}), char({ord(AFTER)}), '…', {_CONTEXT_WORDS}"
    row = store.row(
        f"SELECT snippet(search, 2, {marks}), snippet(search, 1, {marks}), summary, content"
        " FROM search WHERE search MATCH ? AND rowid = ?",
        (expression, number),
    )
    if row is None:
        return ""
    for snippet in row[:2]:
        if BEFORE in snippet:
            return " ".join(snippet.split())
    # Found by a compound written otherwise, or in the title alone.
    text = " ".join(f"{row[2]} {row[3]}".split())
    marked = phrases.mark_compounds(text, typed, BEFORE, AFTER)
    return _around(marked, max(marked.find(BEFORE), 0))


def _around(text: str, at: int) -> str:
    start = max(text.rfind(" ", 0, max(at - _CONTEXT_CHARACTERS // 2, 0)) + 1, 0)
    end = text.find(" ", start + _CONTEXT_CHARACTERS)
    piece = text[start:] if end < 0 else f"{text[start:end]}…"
    if piece.count(BEFORE) > piece.count(AFTER):
        piece += AFTER
    return f"…{piece}" if start else piece


def _freshness(effective: datetime, now: datetime) -> float:
    return 0.7 + 0.3 * float(2.0 ** (-max((now - effective) / _HALF_LIFE, 0.0)))


def _hits_in(store: Store, expression: str, items: Sequence[Item]) -> frozenset[str]:
    if not items:
        return frozenset()
    wanted = json.dumps([item.id for item in items])
    numbers = store.rows(
        "SELECT number, id FROM items WHERE id IN (SELECT value FROM json_each(?))", (wanted,)
    )
    by_number: dict[int, str] = dict(numbers)
    rows = store.rows(
        "SELECT rowid FROM search WHERE search MATCH ? AND rowid BETWEEN ? AND ?",
        (expression, min(by_number), max(by_number)),
    )
    return frozenset(by_number[row[0]] for row in rows if row[0] in by_number)
