"""Full-text search: hits with how well they fit and the words in their surroundings."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta

from hubwatch.models import Item
from hubwatch.store import indexing, listing, phrases
from hubwatch.store import query as queries
from hubwatch.store.db import Row, Store
from hubwatch.store.migrations import TOKENIZER
from hubwatch.store.query import ItemQuery

BEFORE, AFTER = "\ue000", "\ue001"  # around a hit; a renderer replaces them

_IN_TITLE, _IN_SUMMARY, _IN_TEXT = 1.0, 0.8, 0.6
_HALF_LIFE = timedelta(days=365)
_SHOWN = 50  # what is listed where nothing else was asked for
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
    chosen = queries.newest(store, query, limit=query.cap)
    found = {row[0]: row[1] for row in store.rows(chosen.text, chosen.params)}
    expression = phrases.expression(query.text)
    in_title = _hits(store, f"{{title}} : ({expression})", found)
    in_summary = _hits(store, f"{{title summary forms}} : ({expression})", found)
    scores = {}
    for number, effective in found.items():
        where = _IN_TITLE if number in in_title else _IN_SUMMARY if number in in_summary else _IN_TEXT
        scores[number] = where * _freshness(datetime.fromisoformat(effective), now)
    best = sorted(scores, key=lambda number: (-scores[number], -number))
    kept = best[: 4 * (query.filters.limit or _SHOWN)]
    items = listing.by_numbers(store, sorted(kept))
    hits = [Hit(item=item, score=round(scores[number], 4)) for number, item in items.items()]
    return tuple(sorted(hits, key=lambda hit: (-hit.score, -hit.item.effective.timestamp(), hit.item.id)))


def found_in_text(store: Store, items: Sequence[Item], wanted: tuple[str, ...]) -> frozenset[str]:
    """Return the ids of the items that have one of these phrases anywhere, their full text included."""
    expression = phrases.any_phrase(wanted)
    if not expression or not items:
        return frozenset()
    ids: dict[int, str] = dict(
        store.rows(
            "SELECT number, id FROM items WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps([item.id for item in items]),),
        )
    )
    return frozenset(ids[number] for number in _hits(store, expression, ids))


def contexts(store: Store, typed: str, ids: Iterable[str]) -> dict[str, str]:
    """Return for each item the place of its text that a query hits, the words between BEFORE and AFTER."""
    expression = phrases.expression(typed)
    texts = store.rows(
        "SELECT i.id, i.title, i.summary, coalesce(t.content, ''), coalesce(t.forms, '') FROM items AS i"
        " LEFT JOIN texts AS t ON t.item = i.number WHERE i.id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    )
    snippets = _snippets(expression, texts)
    return {row[0]: _context(row, typed, snippets.get(at, ())) for at, row in enumerate(texts)}


def _snippets(expression: str, texts: Sequence[Row]) -> dict[int, tuple[str, ...]]:
    """Cut the hits out of these texts: in an index of their own, for in the large one it takes longer."""
    marks = f"char({ord(BEFORE)}), char({ord(AFTER)}), '…', {_CONTEXT_WORDS}"
    with closing(sqlite3.connect(":memory:")) as apart:
        apart.execute(f"CREATE VIRTUAL TABLE search USING fts5(title, summary, content, forms, {TOKENIZER})")
        apart.executemany(
            "INSERT INTO search (rowid, title, summary, content, forms) VALUES (?, ?, ?, ?, ?)",
            [(at, *row[1:]) for at, row in enumerate(texts)],
        )
        rows = apart.execute(
            f"SELECT rowid, snippet(search, 2, {marks}), snippet(search, 1, {marks})"
            " FROM search WHERE search MATCH ?",
            (expression,),
        )
        return {row[0]: row[1:] for row in rows}


def _context(row: Row, typed: str, snippets: tuple[str, ...]) -> str:
    for snippet in snippets:
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


def _hits(store: Store, expression: str, numbers: Collection[int]) -> frozenset[int]:
    if not numbers:
        return frozenset()
    rows = store.rows(
        "SELECT rowid FROM search WHERE search MATCH ? AND rowid BETWEEN ? AND ?",
        (expression, min(numbers), max(numbers)),
    )
    return frozenset(row[0] for row in rows if row[0] in numbers)
