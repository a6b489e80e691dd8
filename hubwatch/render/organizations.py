"""Organizations as a table, one of them in full, and both as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from hubwatch.models import Item
from hubwatch.render import json, safe, tables, words

if TYPE_CHECKING:
    from hubwatch.store.organizations import HubTie, OrganizationCount, OrganizationView

_SHOWN = 3  # hubs in the table, topics of a tie


def table(
    found: Sequence[OrganizationCount], hub_names: Mapping[str, str], *, now: datetime
) -> Iterator[str]:
    """Write organizations with how often they were named, when last, and with which hubs."""
    rows = [
        (
            safe.line(one.name),
            f"{one.items:,}",
            words.age(one.latest, now=now),
            _some([hub_names.get(hub, hub) for hub in one.hubs]),
        )
        for one in found
    ]
    yield from tables.table(rows, ("organization", "items", "latest", "hubs"), stretch=3)


def table_json(found: Sequence[OrganizationCount]) -> str:
    """Write organizations as a JSON array."""
    return "".join(
        json.array(
            {"name": one.name, "items": one.items, "hubs": list(one.hubs), "latest": json.moment(one.latest)}
            for one in found
        )
    )


def view_lines(
    view: OrganizationView, hub_names: Mapping[str, str], *, now: datetime, limit: int
) -> Iterator[str]:
    """Write one organization in full: its hubs, then the items that name it, the newest first."""
    yield safe.line(view.name)
    if len(view.names) > 1:
        yield f"also as {safe.line('; '.join(view.names[1:]))}"
    yield ""
    if view.ties:
        rows = [_tie(tie, hub_names, now=now) for tie in view.ties]
        yield from tables.table(
            rows, ("hub", "items", "since", "latest", "listed member", "topics"), stretch=5, spare=(2, 3)
        )
    else:
        yield "No hub's news or list of members has this name; other publishers' news do."
    shown = view.items[:limit]
    if shown:
        yield ""
    for item in shown:
        yield from _item(safe.item(item), hub_names, now=now)
    if len(view.items) > len(shown):
        yield f"{len(view.items) - len(shown)} more; --limit shows more"


def view_json(view: OrganizationView, *, limit: int | None) -> str:
    """Write one organization in full as a JSON array of one object."""
    return "".join(
        json.array(
            [
                {
                    "name": view.name,
                    "names": list(view.names),
                    "items": len(view.items),
                    "hubs": [tie.hub for tie in view.ties],
                    "latest": json.moment(view.latest),
                    "memberships": [_tie_json(tie) for tie in view.ties],
                    "announcements": [json.item(item) for item in view.items[:limit]],
                }
            ]
        )
    )


def _tie(tie: HubTie, hub_names: Mapping[str, str], *, now: datetime) -> tuple[str, ...]:
    listed = f"since {words.day(tie.listed_since.date(), today=now.date())}" if tie.listed_since else "-"
    if tie.listed_since and tie.listed_until and (now - tie.listed_until).days > 90:
        listed += f", last seen {words.day(tie.listed_until.date(), today=now.date())}"
    return (
        hub_names.get(tie.hub, tie.hub),
        str(tie.items),
        f"{tie.since:%b %Y}" if tie.since and tie.since.year >= words.LONG_AGO else "-",
        words.age(tie.latest, now=now) if tie.latest else "-",
        listed,
        _some(tie.topics) or "-",
    )


def _tie_json(tie: HubTie) -> dict[str, Any]:
    return {
        "hub": tie.hub,
        "items": tie.items,
        "since": json.moment(tie.since),
        "latest": json.moment(tie.latest),
        "topics": list(tie.topics),
        "listed_member": tie.listed_since is not None,
        "listed_since": json.moment(tie.listed_since),
        "listed_until": json.moment(tie.listed_until),
    }


def _item(item: Item, hub_names: Mapping[str, str], *, now: datetime) -> Iterator[str]:
    facts = [words.dated(item, now=now), hub_names.get(item.hub or "", words.publisher(item))]
    if item.kind != "other":
        facts.append(item.kind)
    if item.money_usd:
        facts.append(words.money(item.money_usd))
    yield f"* {item.title}"
    yield f"  {' | '.join(facts)}"
    if item.url:
        yield f"  {item.url}"


def _some(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" +{more}" if more > 0 else "")
