"""hubwatch orgs: who is named in the news and with which hubs, or one organization in full."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from hubwatch.cli import filters
from hubwatch.cli.context import AsJson, Shared, shared
from hubwatch.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubwatch.models import Filters
    from hubwatch.store.db import Store
    from hubwatch.store.organizations import OrganizationCount

app = typer.Typer(rich_markup_mode=None)

_WINDOW = timedelta(days=365)
_ROWS, _ITEMS = 50, 20
_EPILOG = (
    "The list is of the last year unless told; one organization is shown with everything kept. What several "
    "publishers told counts once on the screen. --json keys: name, items (each publisher's), stories (each "
    "once), hubs, latest; with NAME also names, memberships (of these: hub, items, stories, since, latest, "
    "topics, listed_member, listed_since, listed_until) and announcements (as in digest, newest first)."
)


@app.command(epilog=_EPILOG)
@filters.options()
def orgs(
    ctx: typer.Context,
    *,
    name: Annotated[str | None, typer.Argument(help="One organization, in full.")] = None,
    asked: filters.Asked,
    as_json: AsJson = False,
) -> None:
    """List the organizations named in the news with their hubs, or show one: items, hubs, memberships."""
    common = shared(ctx)
    if name is not None and not name.strip():
        raise UsageError("NAME is empty", hint="hubwatch orgs lists those in the news")
    chosen = filters.build(common, asked, default_since=None if name else _WINDOW)
    with common.open_store() as store:
        if name:
            _show(common, store, name, chosen, as_json=as_json)
        else:
            _list(common, store, chosen, as_json=as_json)


def _list(common: Shared, store: "Store", chosen: "Filters", *, as_json: bool) -> None:
    from hubwatch.workflows import organizations as workflow

    found = workflow.collect(store, chosen, now=common.now)
    _put(common, found, chosen, title="In the news", as_json=as_json)
    if not found and not as_json:
        common.say("no organization is named in what matches; try --since 3y or fewer filters")


def _show(common: Shared, store: "Store", name: str, chosen: "Filters", *, as_json: bool) -> None:
    from hubwatch.render import organizations as render
    from hubwatch.workflows import organizations as workflow

    meant = workflow.resolve(store, name)
    if len(meant) > 1 and not workflow.is_meant(name, meant):
        found = workflow.named(store, name, meant, chosen, now=common.now)
        _put(common, found, chosen, title=f"“{name}”", as_json=as_json)
        for line in render.names_lines(found, name):
            common.say(line)
        return
    view = workflow.view(store, meant, chosen, now=common.now, lately=common.now - _WINDOW)
    if as_json:
        typer.echo(render.view_json(view, limit=chosen.limit), nl=False)
        return
    limit = _ITEMS if chosen.limit is None else chosen.limit
    for line in render.view_lines(view, filters.hub_names(), filters=chosen, now=common.now, limit=limit):
        typer.echo(line)


def _put(
    common: Shared, found: "Sequence[OrganizationCount]", chosen: "Filters", *, title: str, as_json: bool
) -> None:
    from hubwatch.render import organizations as render

    limit = chosen.limit if chosen.limit is not None else None if as_json else _ROWS
    if as_json:
        typer.echo(render.table_json(found[:limit]), nl=False)
    else:
        for line in render.table_lines(
            found, filters.hub_names(), title=title, filters=chosen, now=common.now, limit=limit
        ):
            typer.echo(line)
    if limit is not None and len(found) > limit:
        more = "more" if limit else "organizations match" if len(found) > 1 else "organization matches"
        common.say(f"{len(found) - limit:,} {more}; --limit shows more")
