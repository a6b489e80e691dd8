"""hubwatch demo: a small set of hub sites on loopback, synced and printed by the very same code."""

import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import typer

from hubwatch.cli import digesting, filters, syncing
from hubwatch.cli.context import Shared, shared
from hubwatch.cli.digest import DEFAULT_LIMIT, DEFAULT_WINDOW, Format
from hubwatch.models import FetchSettings, Source

app = typer.Typer(rich_markup_mode=None)


@app.command(epilog=f"{filters.ITEM_KEYS}.")
def demo(
    ctx: typer.Context, topic: filters.Topics = None, format: Format = None, as_json: filters.AsJson = False
) -> None:
    """Try hubwatch without a network: a few demo sites are served on this machine, read, and printed."""
    common = shared(ctx)
    name = digesting.format_name(format, as_json=as_json, output=None)
    try:
        _show(common, topic, name)
    except KeyboardInterrupt:  # met here: of this store nothing is kept
        typer.echo("interrupted", err=True)
        raise typer.Exit(130) from None
    common.say(
        "\nThe days are moved to now; the links lead to real pages. Next: hubwatch init, or hubwatch sync."
    )


def _show(common: Shared, topics: "list[str] | None", format: str) -> None:
    """Serve, sync and print the demo's sites."""
    from hubwatch.render import report as report_text

    with tempfile.TemporaryDirectory(prefix="hubwatch-demo-") as folder, ExitStack() as stack:
        trial = _trial(common, Path(folder), _serve(common, stack))
        chosen = filters.build(
            trial, filters.Asked(topics=topics), default_since=DEFAULT_WINDOW, default_limit=DEFAULT_LIMIT
        )
        common.say("Reading five demo sites on this machine (one of them is down on purpose):")
        report = syncing.run(trial, syncing.Options(), show_progress=format != "json")
        for line in report_text.lines(report, verbose=True):
            common.say(f"  {line}")
        common.say("")
        digesting.run(trial, digesting.Order(filters=chosen, format=format, title="Demo digest"))


def _serve(common: Shared, stack: ExitStack) -> tuple[Source, ...]:
    from hubwatch import catalog
    from hubwatch.catalog.demo import sites
    from hubwatch.net.loopback import serve
    from hubwatch.workflows import demo as workflow

    states = {hub.id: hub.state for hub in catalog.hubs()}
    return tuple(
        workflow.source(site, stack.enter_context(serve(workflow.answers(site, now=common.now))), states)
        for site in sites()
    )


def _trial(common: Shared, folder: Path, sources: tuple[Source, ...]) -> Shared:
    """Return the same options over a throw-away store and the demo's sources alone."""
    from hubwatch.config import Config

    trial = replace(common, db_option=folder / "demo.db")
    # Neither the user's config nor the built-in catalog is read: the demo must work whatever they hold.
    config = Config(database_setting=folder / "demo.db", fetch=FetchSettings(delay_s=0.0))
    config.__dict__["sources"] = sources
    trial.__dict__.update(config=config, db_path=folder / "demo.db")
    return trial
