"""Full-text search: hits with how well they fit and the words in their surroundings."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

from hubwatch import digest
from hubwatch.models import Item
from hubwatch.models.dataclass import dataclass
from hubwatch.store import candidates, indexing, listing, phrases, values
from hubwatch.store.db import Row, Store
from hubwatch.store.migrations import TOKENIZER
from hubwatch.store.query import ItemQuery
from hubwatch.text import wordings

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found: everything that tells the first stories, and how many stories there are."""

    hits: tuple[Hit, ...] = ()
    stories: int = 0
    is_all: bool = True  # False: more items match than were looked at


def search(store: Store, query: ItemQuery, *, now: datetime) -> Found:
    """Return what matches `query.text` and its filters, in the order that the filters ask for.

    The score tells where the words stand and how old the item is.
    """
    if query.text is None:
        raise ValueError("a search needs ItemQuery.text")
    if store.writable:
        indexing.catch_up(store)
    filters = query.filters
    found = _look_through(store, query)
    scores = _scores(store, phrases.expression(query.text), found, now=now)
    least = filters.min_score or 0.0
    stories: dict[str, list[int]] = {}
    for number, row in found.items():
        if scores[number] >= least:
            stories.setdefault(row.story, []).append(number)
    first = sorted(
        stories.values(), key=lambda members: _rank([found[n] for n in members], scores, query, now=now)
    )
    kept = [number for members in first[: filters.limit or _SHOWN] for number in members]
    items = listing.by_numbers(store, sorted(kept))
    return Found(
        hits=tuple(Hit(item=items[number], score=scores[number]) for number in kept),
        stories=len(stories),
        is_all=len(found) < query.cap,
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the order of the hits goes by."""

    number: int
    id: str
    story: str
    hub: str | None
    effective: datetime
    deadline: str | None


def _look_through(store: Store, query: ItemQuery) -> dict[int, _Seen]:
    by_deadline = query.filters.sort == "deadline"
    chosen = (
        candidates.soonest(store, query) if by_deadline else candidates.newest(store, query, limit=query.cap)
    )
    rows = store.rows(
        "SELECT i.number, i.id, coalesce(i.story, i.id), s.hub, i.effective, i.deadline"
        f" FROM ({chosen.text}) AS c CROSS JOIN items AS i ON i.number = c.number"
        " CROSS JOIN sources AS s ON s.id = i.source",
        chosen.params,
    )
    time = datetime.fromisoformat
    return {row[0]: _Seen(row[0], row[1], row[2], row[3], time(row[4]), row[5]) for row in rows}


def _scores(store: Store, expression: str, found: dict[int, _Seen], *, now: datetime) -> dict[int, float]:
    in_title = _hits(store, f"{{title}} : ({expression})", found)
    in_summary = _hits(store, f"{{title summary forms}} : ({expression})", found)
    scores = {}
    for number, seen in found.items():
        where = _IN_TITLE if number in in_title else _IN_SUMMARY if number in in_summary else _IN_TEXT
        scores[number] = round(where * _freshness(seen.effective, now), 4)
    return scores


def _rank(
    members: Sequence[_Seen], scores: dict[int, float], query: ItemQuery, *, now: datetime
) -> tuple[Any, ...]:
    """Return the place of a story, the same that a digest will give it."""
    leader = min(
        members, key=lambda m: digest.precedence(m.id, story=m.story, hub=m.hub, effective=m.effective)
    )
    return digest.rank(
        leader.id,
        sort=query.filters.sort,
        score=max(scores[m.number] for m in members),
        effective=leader.effective,
        deadline=values.from_date(leader.deadline),
        today=now.date(),
    )


def found_in_text(store: Store, items: Sequence[Item], wanted: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Return for the ids of items which of these phrases their full text has; none where it has none."""
    expression = phrases.any_phrase(wanted)
    if not expression or not items:
        return {}
    ids: dict[int, str] = dict(
        store.rows(
            "SELECT number, id FROM items WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps([item.id for item in items]),),
        )
    )
    texts = store.rows(
        "SELECT item, content FROM texts WHERE item IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(_hits(store, expression, ids))),),
    )
    found = {ids[number]: tuple(w for w in wanted if wordings.has(text, w)) for number, text in texts}
    return {item: had for item, had in found.items() if had}


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
    text = _told_once(" ".join(row[2].split()), " ".join(row[3].split()))
    marked = phrases.mark_compounds(text, typed, BEFORE, AFTER)
    return _around(marked, max(marked.find(BEFORE), 0))


def _told_once(summary: str, content: str) -> str:
    """Join both, but for a summary that is the text's beginning, or all of it: as most feeds give it."""
    if content.startswith(summary.rstrip(".… []")):
        return content
    return summary if summary.startswith(content) else f"{summary} {content}"


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
