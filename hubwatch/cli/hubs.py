"""hubwatch hubs: the directory of hubs, one of them in full, or those near a place."""

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from hubwatch.cli import completion, filters
from hubwatch.cli.context import AsJson, Shared, shared
from hubwatch.errors import UnknownNameError
from hubwatch.text.nearest import nearest

if TYPE_CHECKING:
    from hubwatch.models import Hub, Place

app = typer.Typer(rich_markup_mode=None)

_FAR_AND_WIDE = ("institute", "national", "agency", "center")  # what the list holds unless told otherwise
_EPILOG = (
    "--json keys: hub, name, kind, acronym, former_names, aliases, city, state, latitude, longitude, "
    "sponsor, founded, ended, status, role, topics, homepage, items, last_item, distance_miles; with NAME "
    "also note, members_url, members, facts, sources, last_items, open_calls."
)
Near = Annotated[
    str | None,
    typer.Option("--near", metavar="PLACE", help='Nearest first: a ZIP code, "City, ST" or a state.'),
]
Group = Annotated[
    list[str] | None,
    typer.Option(
        "--group",
        "--kind",
        help="institutes, national, centers, mep or states (the associations); more than once.",
        autocompletion=completion.groups,
    ),
]


@app.command(epilog=_EPILOG)
def hubs(
    ctx: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(help="One hub in full: id, name, former name.", autocompletion=completion.hubs),
    ] = None,
    near: Near = None,
    topic: filters.Topics = None,
    state: filters.States = None,
    group: Group = None,
    every: Annotated[
        bool, typer.Option("--all", help="Also the states' associations and MEP centers.")
    ] = False,
    limit: Annotated[int | None, typer.Option("--limit", "-n", min=0, help="At most this many.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show the directory of hubs, one of them in full, or those near a place."""
    from hubwatch.render import hubs as render
    from hubwatch.workflows import directory

    common = shared(ctx)
    asked = filters.build(common, filters.Asked(topics=topic, states=state))
    place = _place(common, near) if near is not None else None
    miles = _miles(place) if place else {}
    if name is not None:
        chosen: tuple[Hub, ...] = (filters.find_hub(name),)
    else:
        listed = _chosen(group, every=every or bool(asked.states))
        fitting = (hub for hub in listed if _fits(hub, asked.topics, asked.states))
        chosen = tuple(_by_distance(fitting, miles) if place else fitting)
    with common.open_store(is_needed=False) as store:
        rows = directory.rows(store, chosen[:limit], miles)
        if name and rows:
            view = directory.view(store, rows[0], common.config.sources, now=common.now)
            text = render.view_json(view) if as_json else render.view_text(view, now=common.now)
        else:
            text = render.rows_json(rows) if as_json else render.table(rows, now=common.now)
    typer.echo(text, nl=False)
    if not chosen and not as_json:
        common.say("no hub fits; hubwatch hubs --all lists every one")
    if len(chosen) > len(rows):
        common.say(f"{len(chosen) - len(rows)} more; --limit shows more")
    if place and not (name or every or group or asked.states or as_json):
        _tell_unlisted(common, place.state, asked.topics)


def _chosen(groups: list[str] | None, *, every: bool) -> "tuple[Hub, ...]":
    from hubwatch import catalog

    if not groups:
        return tuple(hub for hub in catalog.hubs() if every or hub.kind in _FAR_AND_WIDE)
    kinds = {kind for group in groups for kind in _kinds(group)}
    return tuple(hub for hub in catalog.hubs() if hub.kind in kinds)


def _kinds(group: str) -> tuple[str, ...]:
    """Return the kinds of hub that a group, or a kind itself, stands for."""
    from hubwatch import catalog

    known = {**{kind: (kind,) for kinds in catalog.GROUPS.values() for kind in kinds}, **catalog.GROUPS}
    if group.lower() not in known:
        hint = filters.one_each("--group", group) or f"groups are: {', '.join(catalog.GROUPS)}"
        raise UnknownNameError("group", group, nearest(group, known), hint=hint)
    return known[group.lower()]


def _fits(hub: "Hub", topics: tuple[str, ...], states: tuple[str, ...]) -> bool:
    return (not topics or bool({*topics} & {*hub.topics})) and (not states or hub.state in states)


def _place(common: Shared, near: str) -> "Place":
    from hubwatch import catalog
    from hubwatch.catalog import places

    place = places.find_place(near)
    is_state = place.name == {**catalog.STATES, **catalog.TERRITORIES}[place.state]
    common.say(f"distances in miles from {place.name if is_state else f'{place.name}, {place.state}'}")
    return place


def _miles(place: "Place") -> dict[str, float]:
    from hubwatch.catalog import places

    return {hub.id: km / places.KM_PER_MILE for hub, km in places.near(place)}


def _tell_unlisted(common: Shared, state: str, topics: tuple[str, ...]) -> None:
    """Name the association and the MEP center of a state: who asks what is near may look for these."""
    from hubwatch import catalog
    from hubwatch.render import tables

    here = (hub for hub in catalog.hubs() if hub.kind not in _FAR_AND_WIDE and _fits(hub, topics, (state,)))
    names = ", ".join(hub.name for hub in here)
    if not names:
        return
    said = f"in {state} also: {names}; --all lists associations and MEP centers by distance too"
    common.say("\n".join(tables.wrap(said, rest="  ")) if sys.stderr.isatty() else said)


def _by_distance(chosen: "Iterable[Hub]", miles: dict[str, float]) -> "list[Hub]":
    order = {id_: number for number, id_ in enumerate(miles)}  # those of one city in a sensible order
    known = (hub for hub in chosen if hub.id in order)
    return sorted(known, key=lambda hub: (round(miles[hub.id], 1), order[hub.id]))
