"""hubwatch db: where the database is, whether it is sound; back up, prune, merge."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from hubwatch.cli.context import shared
from hubwatch.cli.numbers import finite
from hubwatch.errors import UsageError
from hubwatch.text.numbers import counted

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

FRESH = timedelta(days=30)  # what is younger is not pruned without a question

Wait = Annotated[
    float,
    typer.Option(
        "--wait", min=0, metavar="S", callback=finite, help="Wait S seconds at most for a sync to end."
    ),
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
    with common.open_store(is_needed=False) as store:
        faults = maintenance.check(store)
    for fault in faults:
        typer.echo(fault)
    if not faults:
        typer.echo(f"{common.db_path}: sound")
    raise typer.Exit(1 if faults else 0)


@app.command()
def backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it is there already.")] = False,
) -> None:
    """Copy the database to FILE; safe while a sync runs."""
    from hubwatch.store import maintenance

    with shared(ctx).open_store(is_needed=False) as store:
        maintenance.back_up(store, file, replace=force)
    shared(ctx).say(f"wrote {file}")


@app.command()
def prune(
    ctx: typer.Context,
    older_than: Annotated[str, typer.Option("--older-than", metavar="AGE", help="An age such as 2y.")],
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Do not ask, even where fresh items would go.")
    ] = False,
    wait: Wait = 0,
) -> None:
    """Remove items older than an age for good. Asks before any of the last 30 days go."""
    from hubwatch.cli.syncing import held_store
    from hubwatch.store import maintenance
    from hubwatch.text import ages

    common = shared(ctx)
    try:
        before = ages.parse_since(older_than, now=common.now)
    except ValueError as error:
        raise UsageError(f"--older-than {error}", hint="write an age such as 2y or 18m") from error
    with held_store(common, wait_s=wait, purpose="to prune") as store:
        fresh = maintenance.younger(store, older_than=before, than=common.now - FRESH)
        if fresh and not yes:
            _confirm(fresh, before)
        number = maintenance.prune(store, older_than=before)
    common.say(f"removed {counted(number, 'item')} older than {before:%Y-%m-%d}")


def _confirm(fresh: int, before: datetime) -> None:
    """Ask before items are removed that nobody may have read yet; where nobody can answer, refuse."""
    from hubwatch.cli import asking

    items = counted(fresh, "item")
    if not asking.is_possible():
        raise UsageError(
            f"{items} of the last {FRESH.days} days would be removed with what is older than"
            f" {before:%Y-%m-%d}",
            hint="repeat it with --yes, or name a longer age: --older-than 2y",
        )
    if not asking.yes(f"Remove {items} of the last {FRESH.days} days, and all older ones?", default=False):
        typer.echo("nothing was removed", err=True)
        raise typer.Exit(1)


@app.command()
def merge(
    ctx: typer.Context, other: Annotated[Path, typer.Argument(metavar="OTHER.db")], wait: Wait = 0
) -> None:
    """Take in what another database has; doing it twice changes nothing."""
    from hubwatch.cli.syncing import held_store
    from hubwatch.workflows import merge as workflow

    with held_store(shared(ctx), wait_s=wait) as store:
        merged = workflow.run(store, other)
    shared(ctx).say(
        f"took in {counted(merged.added, 'new item')} and {counted(merged.updated, 'newer one')} from {other}"
    )
