"""Organizations as a table, one of them in full, and both as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from hubwatch.models import Digest, Filters, Match
from hubwatch.render import json, safe, tables, words
from hubwatch.text.numbers import counted

if TYPE_CHECKING:
    from hubwatch.store.organizations import HubTie, OrganizationCount, OrganizationView

_SHOWN = 3  # hubs in the table, topics of a tie
_NAMED = 8  # organizations to choose from
_ID = 8  # characters of an item's id, which suffice for `show`
_NARROW = 60  # columns in which hubs beside the names leave no room for these
_NOTHING = "nothing found"
_KEPT = "\N{NO-BREAK SPACE}"


def table_lines(
    found: Sequence[OrganizationCount],
    hub_names: Mapping[str, str],
    *,
    title: str,
    filters: Filters,
    now: datetime,
    limit: int | None,
) -> Iterator[str]:
    """Write organizations with how often they were named, when last, and with which hubs."""
    number = counted(len(found), "organization") if found else _NOTHING
    yield from _heading(title, number, filters, now=now)
    rows = [
        (
            _called(one),
            f"{one.stories:,}",
            _latest(one, now=now),
            partial(tables.some, [hub_names.get(hub, hub) for hub in one.hubs], most=_SHOWN),
        )
        for one in found[:limit]
    ]
    if rows:
        yield ""
        headings = ("organization", "items", "latest", "hubs")
        # Names that begin alike (U.S. Department of ...) are told apart before their hubs are.
        spare = (3,) if tables.room() < _NARROW else ()
        yield from tables.table(rows, headings, stretch=3, spare=spare)


def names_lines(found: Sequence[OrganizationCount], typed: str) -> Iterator[str]:
    """Write which organizations have a word in their name, to choose one of them."""
    names = sorted(safe.line(one.name) for one in found)
    more = f"; and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    yield from tables.wrap(
        f"{len(names):,} organizations have “{typed}” in their name, name one:"
        f" {'; '.join(names[:_NAMED])}{more}",
        rest="  ",
    )


def table_json(found: Sequence[OrganizationCount]) -> str:
    """Write organizations as a JSON array."""
    return json.array(
        {
            "name": one.name,
            "items": one.items,
            "stories": one.stories,
            "hubs": list(one.hubs),
            "latest": json.moment(one.latest),
        }
        for one in found
    )


def view_lines(
    view: OrganizationView, hub_names: Mapping[str, str], *, filters: Filters, now: datetime, limit: int
) -> Iterator[str]:
    """Write one organization in full: its hubs, then what names it, each story once, the newest first."""
    yield from _heading(safe.line(view.name), _numbers(view, filters), filters, now=now)
    if len(view.names) > 1:
        yield from tables.wrap(f"also as {safe.line('; '.join(view.names[1:]))}", rest="  ")
    if view.ties:
        yield ""
        rows = [_tie(tie, hub_names, now=now) for tie in view.ties]
        headings = ("hub", "items", "first item", "latest", "listed member", "topics")
        # The latest is the first to go: the items below begin with it.
        yield from tables.table(rows, headings, stretch=5, spare=(3, 2, 5))
    remark = _remark(view)
    if remark:
        yield ""
        yield from tables.wrap(remark)
    shown = view.told[:limit]
    if shown:
        yield ""
    for match in shown:
        yield from _told(safe.match(match), now=now)
    left_out = words.left_out(
        Digest(
            title=view.name,
            created=now,
            ranked=shown,
            left_out=len(view.told) - len(shown),
            left_out_at_least=not view.is_all,
        )
    )
    if left_out:
        yield ""
        yield left_out


def view_json(view: OrganizationView, *, limit: int | None) -> str:
    """Write one organization in full as a JSON array of one object."""
    return json.array(
        [
            {
                "name": view.name,
                "names": list(view.names),
                "items": view.items,
                "stories": len(view.told),
                "hubs": [tie.hub for tie in view.ties],
                "latest": json.moment(view.latest),
                "memberships": [_tie_json(tie) for tie in view.ties],
                "announcements": [json.match(match) for match in view.told[:limit]],
            }
        ]
    )


def _heading(title: str, said: str, filters: Filters, *, now: datetime) -> Iterator[str]:
    """Say the time as a digest does; what is counted is said here."""
    of_digest = words.heading(Digest(title=title, created=now, since=filters.since, until=filters.until))
    yield from tables.wrap(f"{of_digest.rpartition(' · ')[0]} · {said}", rest="  ")


def _numbers(view: OrganizationView, filters: Filters) -> str:
    """Say how many items there are; without a time also how many of the last year, which `orgs` counts."""
    number = len(view.told)
    if not number:
        return _NOTHING
    items = ("" if view.is_all else "at least ") + counted(number, "item")
    if filters.since or filters.until:
        return items
    lately = "" if view.lately == number else f", {view.lately:,} in the last year"
    return f"{items} of all time{lately}"


def _remark(view: OrganizationView) -> str | None:
    """Say what the table does not: why it is empty, or why nothing stands below it."""
    if not view.told:
        if not view.without_filters:
            return "No item names it."
        return f"No item matches these filters ({view.without_filters:,} without them)."
    if view.ties:
        return None
    if view.is_narrowed:
        return "None of these items is from a hub."
    return "No hub's news or list of members has this name; other publishers' news do."


def _tie(tie: HubTie, hub_names: Mapping[str, str], *, now: datetime) -> tuple[tables.Cell, ...]:
    return (
        hub_names.get(tie.hub, tie.hub),
        f"{tie.stories:,}",
        f"{tie.since:%b %Y}" if tie.since else "-",
        _latest(tie, now=now),
        _listed(tie, now=now),
        partial(tables.some, tie.topics or ("-",), most=_SHOWN),
    )


def _latest(named: OrganizationCount | HubTie, *, now: datetime) -> str:
    if named.latest is None:
        return "undated" if named.items else "-"
    return words.age(named.latest, now=now)


def _listed(tie: HubTie, *, now: datetime) -> str:
    if tie.listed_since is None or tie.listed_until is None:
        return "-"
    if tie.is_listed:
        return f"yes (seen since {words.day(tie.listed_since.date(), today=now.date())})"
    return f"no longer (until {words.day(tie.listed_until.date(), today=now.date())})"


def _tie_json(tie: HubTie) -> dict[str, Any]:
    return {
        "hub": tie.hub,
        "items": tie.items,
        "stories": tie.stories,
        "since": json.moment(tie.since),
        "latest": json.moment(tie.latest),
        "topics": list(tie.topics),
        "listed_member": tie.listed_since is not None,
        "listed_since": json.moment(tie.listed_since),
        "listed_until": json.moment(tie.listed_until),
    }


def _told(match: Match, *, now: datetime) -> Iterator[str]:
    yield from tables.wrap(match.item.title, first="* ")
    publisher, *facts = words.facts(match, now=now)
    facts.append(f"id {match.item.id[:_ID]}")
    # A fact is short and stays on one line: no space that a line may end at, until it is set out.
    kept = f"{publisher}{_KEPT}| " + f"{_KEPT}| ".join(fact.replace(" ", _KEPT) for fact in facts)
    yield from (line.replace(_KEPT, " ") for line in tables.wrap(kept, first="  "))
    also = words.also(match)
    if also:
        yield from tables.wrap(f"also {also}", first="  ")
    if match.item.url:
        yield f"  {match.item.url}"


def _called(one: OrganizationCount) -> str:
    name = f"{one.name} ({one.known_as})" if one.known_as else one.name
    return safe.line(name)
