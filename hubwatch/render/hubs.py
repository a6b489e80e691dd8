"""The directory of hubs as a table that fits the width, one hub in full, and both as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from hubwatch.models import Fact, Hub, Item, SourceHealth
from hubwatch.render import json, lists, tables, words
from hubwatch.store.hubs import HubRow, HubView
from hubwatch.text import urls
from hubwatch.text.numbers import counted

_KINDS = {
    "institute": "institute",
    "national": "national body",
    "agency": "federal agency",
    "center": "center",
    "state-association": "state association",
    "mep-center": "MEP center",
}
_HALF_A_YEAR = timedelta(days=180)
_WIDE = 110  # from here on names are written in full
_SHORT_NAME = 23
_GAP = 2
_ENDS = re.compile(r", [A-Z]{2}$| \((?:ended|closed)\)$")  # what a shortened cell keeps: its state, its end
_MOST = 10  # a hub of so many areas is one of all of them


def table(rows: Sequence[HubRow], *, now: datetime) -> str:
    """Write one line a hub: name, place, sponsor, technology, last item; with its distance where known."""
    if not rows:
        return ""
    width = tables.room()
    columns = _columns(rows, width, now=now)
    for dispensable in ("sponsor", "technology", "place"):
        sizes = _sizes(columns, width)
        if sum(sizes.values()) + _GAP * (len(sizes) - 1) <= width:
            break
        del columns[dispensable]
    sizes = _sizes(columns, width)
    if "technology" in columns:
        columns["technology"] = [_topics(row.hub.topics, sizes["technology"]) for row in rows]
    lines = [_line(columns, sizes, None), *(_line(columns, sizes, number) for number in range(len(rows)))]
    return "".join(f"{line}\n" for line in lines)


def _columns(rows: Sequence[HubRow], width: int, *, now: datetime) -> dict[str, list[str]]:
    columns = {
        "name": [_name(row.hub, width) for row in rows],
        "place": [_place(row.hub) for row in rows],
        "sponsor": [row.hub.sponsor or "-" for row in rows],
        "technology": [_topics(row.hub.topics, width) for row in rows],
        "last item": [_age(row.newest, now=now) for row in rows],
    }
    if all(row.miles is None for row in rows):
        return columns
    far = [f"{row.miles:,.0f}" if row.miles is not None else "-" for row in rows]
    size = max(map(len, (*far, "miles")))
    return {"miles".rjust(size): [cell.rjust(size) for cell in far], **columns}


def _sizes(columns: dict[str, list[str]], width: int) -> dict[str, int]:
    """Share out the width: where it does not suffice, first the names give way, then the rest."""
    sizes = {name: max(len(name), *map(tables.size, cells)) for name, cells in columns.items()}
    wide = width >= _WIDE
    least = {"name": 34, "sponsor": 12, "place": 18} if wide else {"sponsor": 7, "place": 16, "name": 18}
    # So many columns of the technology are worth more than the ends of the others.
    least = {"technology": 40 if wide else 18, **least, "technology ": 10}
    for name, size in least.items():
        over = sum(sizes.values()) + _GAP * (len(sizes) - 1) - width
        column = name.strip()
        if over > 0 and column in sizes:
            sizes[column] -= min(over, max(sizes[column] - size, 0))
    return sizes


def _line(columns: dict[str, list[str]], sizes: dict[str, int], number: int | None) -> str:
    cells = {name: name if number is None else column[number] for name, column in columns.items()}
    fitted = (_fit(cell, sizes[name]) for name, cell in cells.items())
    return (" " * _GAP).join(fitted).rstrip()


def _fit(cell: str, size: int) -> str:
    if tables.size(cell) <= size:
        return tables.fit(cell, size)
    end = _ENDS.search(cell)
    kept = end[0] if end and size > 2 * len(end[0]) else ""
    return (cell[: size - 1 - len(kept)].rstrip(" ,(") + "…" + kept).ljust(size)


def _name(hub: Hub, width: int) -> str:
    """Write the name, a long one by its short form where columns are few; say it of those that are over."""
    over = {"ended": " (ended)", "closed": " (closed)"}.get(hub.status, "")
    bare = re.sub(r"^The |\s*\([^()]*\)", "", hub.name).strip()
    if width >= _WIDE:
        return bare + over
    short = bare if len(bare) <= _SHORT_NAME or not hub.acronym else hub.acronym
    return short + over


def _place(hub: Hub) -> str:
    return ", ".join(part for part in (hub.city, hub.state) if part) or "-"


def _age(when: datetime | None, *, now: datetime) -> str:
    """Say how long ago in at most eleven characters."""
    if when is None:
        return "-"
    if now - when < _HALF_A_YEAR:
        return words.age(when, now=now).partition(",")[0]  # without the year
    return f"{when:%b %Y}"


def _topics(topics: Sequence[str], size: int) -> str:
    """Write as many topics as have room, and how many more there are."""
    if len(topics) >= _MOST:
        return f"{len(topics)} areas"
    return tables.some(topics or ("-",), size)


# --- one hub ------------------------------------------------------------------------------------


def view_text(view: HubView, *, now: datetime) -> str:
    """Write everything known of one hub."""
    parts = (_head(view), _names(view.row.hub), _facts(view.row.hub), _sources(view, now=now))
    news = (_items("Open calls", view.calls, now=now), _items("Last items", view.latest, now=now))
    return "\n\n".join(text for text in ("\n".join(part) for part in (*parts, *news)) if text) + "\n"


def _head(view: HubView) -> Iterator[str]:
    hub = view.row.hub
    yield from tables.wrap(hub.name)
    place = f" in {_place(hub)}" if hub.city or hub.state else ""
    facts = [_KINDS[hub.kind] + place, f"sponsor {hub.sponsor}" if hub.sponsor else "", _years(hub)]
    yield from tables.wrap(", ".join(filter(None, facts)))
    if view.row.miles is not None:
        yield f"{view.row.miles:,.0f} miles away"
    if hub.topics:
        yield from tables.wrap(", ".join(hub.topics))
    if hub.homepage:
        yield hub.homepage


def _years(hub: Hub) -> str:
    if hub.ended:
        return f"{hub.founded} to {hub.ended}" if hub.founded else f"until {hub.ended}"
    return f"since {hub.founded}" if hub.founded else ""


def _names(hub: Hub) -> Iterator[str]:
    named = (
        ("id", (hub.id,)),
        ("also called", dict.fromkeys((*([hub.acronym] if hub.acronym else ()), *hub.aliases))),
        ("formerly", hub.former_names),
        ("status", (hub.status,) if hub.status != "active" else ()),
        ("role", (hub.role,) if hub.role else ()),
        ("members", (hub.members_url,) if hub.members_url else ()),
        ("note", (hub.note,) if hub.note else ()),
    )
    for label, values in named:
        text = "; ".join(value for value in values if value != hub.name)
        if text:
            yield from tables.wrap(text, first=f"{label:<12} ")


def _facts(hub: Hub) -> Iterator[str]:
    if hub.facts:
        yield "Facts"
    for fact in sorted(hub.facts, key=lambda fact: fact.as_of or ""):
        yield from tables.wrap(f"{_what(fact)}: {_value(fact)}", first=f"  {fact.as_of or 'undated':<10}  ")
        if fact.evidence:
            yield from tables.wrap(f"({fact.evidence})", first=" " * 14)


def _what(fact: Fact) -> str:
    return re.sub(r"_usd$", "", fact.what).replace("_", " ")


def _value(fact: Fact) -> str:
    if isinstance(fact.value, str):
        return fact.value
    if fact.what.endswith("_usd"):
        return words.money(float(fact.value))
    # A year is not a number of anything.
    is_year = isinstance(fact.value, int) and 1900 <= fact.value < 2100
    return str(fact.value) if is_year else f"{fact.value:,}"


def _sources(view: HubView, *, now: datetime) -> Iterator[str]:
    if not view.sources:
        return
    yield "Sources"
    for row in view.sources:
        health = lists.health_word(row) if row.source.id in view.followed else "not followed"
        newest = f", newest {words.age(row.newest, now=now)}" if row.newest else ""
        count = f", {counted(row.items, 'item')}{newest}" if row.items else ""
        yield from tables.wrap(f"{row.source.id} ({row.source.what}): {health}{count}", first="  ")
        if row.state.failures and row.state.error_message:
            yield from tables.wrap(row.state.error_message, first="    ")
        yield f"    {urls.mask(row.state.url or row.source.url)}"
    if view.members:
        members = counted(view.members, "organization")
        listed = f"{members} in its list of members: hubwatch orgs --hub {view.row.hub.id}"
        yield from tables.wrap(listed, first="  ")


def _items(heading: str, items: Sequence[Item], *, now: datetime) -> Iterator[str]:
    if not items:
        return
    yield heading
    for item in items:
        when = words.dated(item, now=now)
        if heading == "Open calls":
            when = words.deadline(item.deadline, today=now.date()) if item.deadline else "no deadline known"
        yield from tables.wrap(f"{item.title} · {when}", first="  ", rest="    ")
        if item.url:
            yield f"    {item.url}"


# --- JSON ---------------------------------------------------------------------------------------


def rows_json(rows: Sequence[HubRow]) -> str:
    """Write the hubs as a JSON array."""
    return json.array(_object(row) for row in rows)


def view_json(view: HubView) -> str:
    """Write everything known of one hub as a JSON array of one object."""
    hub = view.row.hub
    more = {
        "note": hub.note,
        "members_url": hub.members_url,
        "members": view.members,
        "facts": [
            {"what": f.what, "value": f.value, "as_of": f.as_of, "evidence": f.evidence} for f in hub.facts
        ],
        "sources": [_source(row, followed=row.source.id in view.followed) for row in view.sources],
        "last_items": [json.item(item) for item in view.latest],
        "open_calls": [json.item(item) for item in view.calls],
    }
    return json.array([{**_object(view.row), **more}])


def _object(row: HubRow) -> dict[str, Any]:
    hub = row.hub
    return {
        "hub": hub.id,
        "name": hub.name,
        "kind": hub.kind,
        "acronym": hub.acronym,
        "former_names": list(hub.former_names),
        "aliases": list(hub.aliases),
        "city": hub.city,
        "state": hub.state,
        "latitude": hub.latitude,
        "longitude": hub.longitude,
        "sponsor": hub.sponsor,
        "founded": hub.founded,
        "ended": hub.ended,
        "status": hub.status,
        "role": hub.role,
        "topics": list(hub.topics),
        "homepage": hub.homepage,
        "items": row.items,
        "last_item": json.moment(row.newest),
        "distance_miles": round(row.miles, 1) if row.miles is not None else None,
    }


def _source(row: SourceHealth, *, followed: bool) -> dict[str, Any]:
    source, state = row.source, row.state
    return {
        "source": source.id,
        "name": source.name,
        "what": source.what,
        "url": urls.mask(state.url or source.url),
        "followed": followed,
        "health": lists.health_word(row),
        "items": row.items,
        "newest": json.moment(row.newest),
        "error": state.error_message if state.failures else None,
    }
