"""hubwatch db: where the database is, whether it is sound; back up, prune, merge."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hubwatch.cli.context import shared
from hubwatch.errors import UsageError

app = typer.Typer(
    rich_markup_mode=None, context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=True
)

Wait = Annotated[
    float, typer.Option("--wait", min=0, metavar="S", help="Wait up to S seconds for a sync to end.")
]


@app.callback()
def db() -> None:
    """Check, back up, prune or merge the database."""


@app.command()
def path(ctx: typer.Context) -> None:
    """Print where the database is."""
    typer.echo(shared(ctx).db_path)


@app.command()
def check(ctx: typer.Context) -> None:
    """Check the database's integrity and what must always hold of its contents."""
    from hubwatch.store import maintenance

    common = shared(ctx)
    if not common.db_path.exists():
        typer.echo(f"{common.db_path}: not there yet; hubwatch sync makes it")
        return
    with common.open_store() as store:
        faults = maintenance.check(store)
    for fault in faults:
        typer.echo(fault)
    if not faults:
        typer.echo(f"{common.db_path}: sound")
    raise typer.Exit(1 if faults else 0)


@app.command()
def backup(ctx: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE")]) -> None:
    """Copy the database to FILE; safe while a sync runs."""
    from hubwatch.store import maintenance

    with shared(ctx).open_store() as store:
        maintenance.back_up(store, file)
    typer.echo(f"wrote {file}", err=True)


@app.command()
def prune(
    ctx: typer.Context,
    older_than: Annotated[str, typer.Option("--older-than", metavar="AGE", help="An age such as 2y.")],
    wait: Wait = 0,
) -> None:
    """Remove items older than an age; they do not come back as new."""
    from hubwatch.cli.syncing import held_store
    from hubwatch.store import maintenance
    from hubwatch.text import ages

    common = shared(ctx)
    try:
        before = ages.parse_since(older_than, now=common.now)
    except ValueError as error:
        raise UsageError(f"--older-than {error}", hint="write an age such as 2y or 18m") from error
    with held_store(common, wait_s=wait) as store:
        number = maintenance.prune(store, older_than=before)
    typer.echo(f"removed {number} items older than {before:%Y-%m-%d}", err=True)


@app.command()
def merge(
    ctx: typer.Context, other: Annotated[Path, typer.Argument(metavar="OTHER.db")], wait: Wait = 0
) -> None:
    """Take in what another database has; doing it twice changes nothing."""
    from hubwatch.cli.syncing import held_store
    from hubwatch.workflows import merge as workflow

    with held_store(shared(ctx), wait_s=wait) as store:
        merged = workflow.run(store, other)
    typer.echo(f"took in {merged.added} new items and {merged.updated} newer ones from {other}", err=True)
