"""hubwatch retag: tag the whole store anew."""

import typer

from hubwatch.cli.context import shared
from hubwatch.cli.db import Wait
from hubwatch.text.numbers import counted

app = typer.Typer(rich_markup_mode=None)


@app.command()
def retag(ctx: typer.Context, wait: Wait = 0) -> None:
    """Tag the whole store anew, as after a change of the terms."""
    from hubwatch import catalog
    from hubwatch.catalog import vocabulary
    from hubwatch.cli.progress import progress
    from hubwatch.cli.syncing import held_store
    from hubwatch.workflows import retag as workflow
    from hubwatch.workflows import rules

    common = shared(ctx)
    with (
        held_store(common, wait_s=wait, purpose="to tag anew") as store,
        progress(common, "tagging anew") as advance,
    ):
        extra = common.config.topics
        hubs = {hub.id: hub for hub in catalog.hubs()}
        number = workflow.run(store, vocabulary.fingerprint(extra), rules.load(extra), hubs, advance)
    common.say(f"tagged {counted(number, 'item')}")
