"""hubwatch sources: the sources and their health; check, add, remove, enable, disable, import, export."""

from pathlib import Path
from typing import Annotated

import typer

from hubwatch.cli import completion
from hubwatch.cli.context import AsJson, Shared, shared, tell_nothing_followed
from hubwatch.models import WHATS

_KEYS = (
    "--json keys: source, name, url, kind, what, hub, state, enabled, builtin, health, read_at, read_as, "
    "items, newest, last_success, last_failure, failures, error (of this: code, message), next_due."
)
app = typer.Typer(
    rich_markup_mode=None,
    invoke_without_command=True,
    epilog=_KEYS,
)

Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID...]", autocompletion=completion.sources)]
Id = Annotated[str, typer.Argument(metavar="ID", autocompletion=completion.sources)]
Every = Annotated[bool, typer.Option("--all", help="Also those that are disabled.")]


@app.callback()
def sources(
    ctx: typer.Context,
    as_json: AsJson = False,
    every: Every = False,
) -> None:
    """List the sources and their health: last success, last error, items, next due."""
    if ctx.invoked_subcommand is None:
        _list(shared(ctx), as_json=as_json, every=every)


@app.command("list", epilog=_KEYS)
def list_(ctx: typer.Context, as_json: AsJson = False, every: Every = False) -> None:
    """List the sources and their health, as without a command."""
    _list(shared(ctx), as_json=as_json, every=every)


def _list(common: Shared, *, as_json: bool, every: bool) -> None:
    from hubwatch.render import lists
    from hubwatch.workflows import health

    tell_nothing_followed(common)
    chosen = [s for s in common.config.sources if every or s.enabled]
    with common.open_store(is_needed=False) as store:
        rows = health.rows(store, chosen, now=common.now)
    if as_json:
        typer.echo(lists.sources_json(rows), nl=False)
        return
    for line in lists.sources_table(rows, now=common.now):
        typer.echo(line)


@app.command(epilog=f"{_KEYS[:-1]}, followed, every, candidates (of these: url, kind), homepage.")
def show(ctx: typer.Context, id: Id, as_json: AsJson = False) -> None:
    """Show one source in full: address, how it is read, last success, last error, next due, items."""
    from hubwatch.cli import adding
    from hubwatch.render import source as render
    from hubwatch.workflows import health

    common = shared(ctx)
    source, followed = adding.find(common, id)
    with common.open_store(is_needed=False) as store:
        row = health.rows(store, (source,), now=common.now)[0]
    if as_json:
        typer.echo(render.as_json(row, followed=followed), nl=False)
        return
    for line in render.lines(row, followed=followed, now=common.now):
        typer.echo(line)


@app.command(
    epilog="--json keys: source, url, read_at, kind, how, http_status, items, newest, first (of these: "
    "title, url, published), problems, suggestion, error (of this: code, message)."
)
def check(ctx: typer.Context, ids: Ids = None, as_json: AsJson = False) -> None:
    """Fetch without storing, and say what is there: sources by id, or any address."""
    from hubwatch.cli import checking

    raise typer.Exit(checking.run(shared(ctx), tuple(ids or ()), as_json=as_json))


@app.command()
def add(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL")],
    id: Annotated[str | None, typer.Option("--id", help="The id; else made from the address.")] = None,
    name: Annotated[str | None, typer.Option("--name", help="The name; else the site's own title.")] = None,
    hub: Annotated[
        str | None, typer.Option("--hub", help="The hub it belongs to.", autocompletion=completion.hubs)
    ] = None,
    state: Annotated[
        str | None, typer.Option("--state", help="State: OH, or Ohio.", autocompletion=completion.states)
    ] = None,
    what: Annotated[
        str,
        typer.Option(
            "--what",
            help="news, project-calls, events, members, press, policy.",
            autocompletion=completion.one_of(*WHATS),
        ),
    ] = "news",
) -> None:
    """Look for feeds, WordPress, a news list or sitemaps at URL, and write the source to the config."""
    from hubwatch.cli import adding

    adding.run(shared(ctx), url, id=id, name=name, hub=hub, state=state, what=what)


@app.command()
def remove(ctx: typer.Context, id: Id) -> None:
    """Remove a source of your own from the config; its items stay."""
    from hubwatch import config_edit

    common = shared(ctx)
    config_edit.remove_source(common.config_path, id)
    common.say(f"removed {id}; its items stay in the database")


@app.command()
def enable(ctx: typer.Context, id: Id) -> None:
    """Follow a source again."""
    from hubwatch.cli import adding

    adding.switch(shared(ctx), id, enabled=True)


@app.command()
def disable(ctx: typer.Context, id: Id) -> None:
    """Stop following a source; its items stay."""
    from hubwatch.cli import adding

    adding.switch(shared(ctx), id, enabled=False)


@app.command("import")
def import_(
    ctx: typer.Context, file: Annotated[str, typer.Argument(metavar="FILE.opml", help="'-' for stdin.")]
) -> None:
    """Take the feeds of an OPML file into the config; http and https only."""
    from hubwatch.cli import adding

    adding.import_opml(shared(ctx), file)


@app.command()
def export(
    ctx: typer.Context,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file; else the screen.")] = None,
) -> None:
    """Print the sources as OPML."""
    from hubwatch.cli.output import write
    from hubwatch.render import opml

    write(opml.render([s for s in shared(ctx).config.sources if s.enabled]), output)
