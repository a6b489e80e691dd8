"""hubwatch open: an item's link in the browser."""

from typing import Annotated

import typer

from hubwatch.cli.context import shared
from hubwatch.errors import HubwatchError

app = typer.Typer(rich_markup_mode=None)


@app.command()
def open_(
    ctx: typer.Context,
    id: Annotated[str, typer.Argument(metavar="ID", help="The item's id, or its beginning.")],
) -> None:
    """Open an item's link in the browser."""
    import webbrowser

    from hubwatch.store import items
    from hubwatch.text import urls

    common = shared(ctx)
    with common.open_store() as store:
        item = items.get(store, id)
    address = urls.absolute(item.url, item.url) if item.url else None
    if address is None:
        raise HubwatchError(f"item {item.id[:8]} has no link", hint=f"hubwatch show {item.id[:8]}")
    typer.echo(address, err=True)
    if not webbrowser.open(address):
        raise HubwatchError("no browser could be opened", hint=f"open {address} yourself")
