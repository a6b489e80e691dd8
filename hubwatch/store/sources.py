"""Sources as the store knows them: names for readers, what is remembered between runs, health."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from hubwatch.models import Robots
from hubwatch.store import values
from hubwatch.store.db import Row, Store

if TYPE_CHECKING:
    from hubwatch.models import Hub, Source, SourceState

_LEFT = timedelta(days=30)  # a robots.txt that nobody wanted for so long is forgotten
_STATE_COLUMNS = (
    "source",
    "configured_url",
    "url",
    "kind",
    "etag",
    "last_modified",
    "validators_url",
    "body_hash",
    "last_asked",
    "last_success",
    "last_new",
    "last_failure",
    "failures",
    "error_code",
    "error_message",
    "next_due",
    "interval_s",
    "fresh_until",
    "ended",
    "item_count",
    "backfill_url",
    "backfilled",
)
# What the state has and the table has no column for yet stands in `more`.

_SELECT_STATES = f"SELECT {', '.join(_STATE_COLUMNS)}, more FROM source_states"
_SAVE_STATE = (
    f"INSERT INTO source_states ({', '.join(_STATE_COLUMNS)}, more)"
    f" VALUES ({', '.join('?' * (len(_STATE_COLUMNS) + 1))})"
    f" ON CONFLICT (source) DO UPDATE SET {', '.join(f'{c} = excluded.{c}' for c in _STATE_COLUMNS[1:])},"
    " more = excluded.more"
)

_SILENT_AT_LEAST_S = 30 * 86_400
_SILENT_TIMES = 4  # as long as it usually is between two items
_RECENT = 20  # items that a source's pace is learned from
_ENOUGH_GAPS = 4
_DATED = "1950"  # what came undated with a first reading stands at 1900


def register(store: Store, sources: Sequence[Source], hubs: Sequence[Hub]) -> None:
    """Tell the store the names, hubs and states of the sources; only what changed is written."""
    by_id = {hub.id: hub for hub in hubs}
    known = {
        row[0]: row[1:] for row in store.rows("SELECT id, name, url, what, hub, hub_name, state FROM sources")
    }
    changed = []
    for source in sources:
        hub = by_id.get(source.hub or "")
        row = (
            values.to_text(source.name),
            values.to_text(source.url),
            source.what,
            source.hub,
            hub.name if hub else None,
            source.state or (hub.state if hub else None),
        )
        if known.get(source.id) != row:
            changed.append((source.id, *row))
    if not changed:
        return
    with store.transaction():
        store.write_many(
            "INSERT INTO sources (id, name, url, what, hub, hub_name, state) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET name = excluded.name, url = excluded.url, what = excluded.what,"
            " hub = excluded.hub, hub_name = excluded.hub_name, state = excluded.state",
            changed,
        )


def load_states(store: Store) -> dict[str, SourceState]:
    """Return what is remembered of every source."""
    return {row[0]: _to_state(row) for row in store.rows(_SELECT_STATES)}


def failing(store: Store, *, at_least: int, own: Collection[str] = ()) -> tuple[str, ...]:
    """Return the ids of the sources that failed so often in a row: of those that ever worked, and `own`."""
    rows = store.rows(
        "SELECT source FROM source_states WHERE failures >= ? AND (last_success IS NOT NULL"
        " OR source IN (SELECT value FROM json_each(?))) ORDER BY source",
        (at_least, json.dumps(sorted(own))),
    )
    return tuple(row[0] for row in rows)


def save_states(
    store: Store,
    states: Iterable[SourceState],
    *,
    hosts: Mapping[str, datetime] | None = None,
    robots: Mapping[str, Robots] | None = None,
) -> None:
    """Remember states, hosts to leave alone, and what robots.txt said, in one transaction."""
    with store.transaction():
        store.write_many(_SAVE_STATE, [_to_row(state) for state in states])
        if hosts:
            store.write_many(
                "INSERT INTO hosts (host, blocked_until) VALUES (?, ?)"
                " ON CONFLICT (host) DO UPDATE SET blocked_until = excluded.blocked_until",
                [(values.to_text(host), values.to_time(until)) for host, until in hosts.items()],
            )

        if robots:
            left = min(each.asked for each in robots.values()) - _LEFT  # by sources that are followed no more
            store.write("DELETE FROM robots WHERE asked < ?", (values.to_time(left),))
            store.write_many(
                "INSERT INTO robots (address, text, asked) VALUES (?, ?, ?)"
                " ON CONFLICT (address) DO UPDATE SET text = excluded.text, asked = excluded.asked",
                [
                    (values.to_text(address), values.to_text(each.text), values.to_time(each.asked))
                    for address, each in robots.items()
                ],
            )


def load_robots(store: Store) -> dict[str, Robots]:
    """Return what each site's robots.txt said when it was asked for last, by its address."""
    return {
        address: Robots(text=text, asked=datetime.fromisoformat(asked))
        for address, text, asked in store.rows("SELECT address, text, asked FROM robots")
    }


def ids(store: Store) -> tuple[str, ...]:
    """Return the ids of every source that the store knows."""
    return tuple(row[0] for row in store.rows("SELECT id FROM sources ORDER BY id"))


def load_hosts(store: Store) -> dict[str, datetime]:
    """Return the hosts (name:port) that asked to be left alone, and until when."""
    rows = store.rows("SELECT host, blocked_until FROM hosts")
    return {host: datetime.fromisoformat(until) for host, until in rows}


def health(store: Store, *, now: datetime) -> dict[str, tuple[int, datetime | None, int | None]]:
    """Return for each source its items, its newest, and how long it is silent if that is unusual."""
    rows = store.rows("SELECT id, items, newest, usual_gap_s FROM sources")
    found = {}
    for source, items, text, gap in rows:
        newest = values.from_time(text)
        found[source] = (items, newest, _silence(newest, gap, now))
    return found


def count_in(store: Store, source: str, added: int) -> None:
    """Bring a source's counts up to date after items were added or changed."""
    rows = store.rows(
        "SELECT effective FROM items WHERE source = ? AND effective >= ? ORDER BY effective DESC LIMIT ?",
        (source, _DATED, _RECENT),
    )
    times = [datetime.fromisoformat(row[0]) for row in rows]
    store.write(
        "UPDATE sources SET items = items + ?, newest = ?, usual_gap_s = ? WHERE id = ?",
        (added, rows[0][0] if rows else None, _usual_gap_s(times), source),
    )


def count_anew(store: Store) -> None:
    """Bring the counts of all sources up to date after items came over or were deleted."""
    store.write(
        "UPDATE sources SET items = (SELECT count(*) FROM items WHERE source = sources.id),"
        " newest = (SELECT max(effective) FROM items WHERE source = sources.id AND effective >= ?)",
        (_DATED,),
    )


def _usual_gap_s(times: Sequence[datetime]) -> int | None:
    """Return a long but usual time between two items: three of four are not longer."""
    gaps = sorted(int((later - earlier).total_seconds()) for later, earlier in pairwise(times))
    return gaps[len(gaps) * 3 // 4] if len(gaps) >= _ENOUGH_GAPS else None


def _silence(newest: datetime | None, usual_gap_s: int | None, now: datetime) -> int | None:
    if newest is None or usual_gap_s is None:
        return None
    silent_s = int((now - newest).total_seconds())
    return silent_s if silent_s > max(_SILENT_AT_LEAST_S, _SILENT_TIMES * usual_gap_s) else None


def _to_row(state: SourceState) -> Row:
    row = [_to_column(getattr(state, name)) for name in _STATE_COLUMNS]
    more = {name: _to_column(getattr(state, name)) for name in _fields() if name not in _STATE_COLUMNS}
    more = {name: value for name, value in more.items() if value is not None}
    return (*row, json.dumps(more) if more else None)


def _to_column(value: Any) -> Any:
    if isinstance(value, str):
        return values.to_text(value)
    if isinstance(value, datetime):
        return values.to_time(value)
    if isinstance(value, bool):
        return int(value)
    return values.to_integer(value) if isinstance(value, int) else value


@cache
def _fields() -> dict[str, str]:
    from hubwatch.models import SourceState

    return {field.name: str(field.type) for field in fields(SourceState)}


def _to_state(row: Row) -> SourceState:
    from hubwatch.models import SourceState  # 1 ms, and a digest needs none

    known = _fields()
    found = dict(zip(_STATE_COLUMNS, row, strict=False))
    if row[-1]:
        found.update({k: v for k, v in json.loads(row[-1]).items() if k in known})
    return SourceState(**{name: _from_column(known[name], value) for name, value in found.items()})


def _from_column(annotation: str, value: Any) -> Any:
    if value is None:
        return None
    if annotation.startswith("datetime"):
        return datetime.fromisoformat(value)
    return bool(value) if annotation == "bool" else value
