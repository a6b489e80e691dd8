"""hubwatch show: one item in full, and why each tag was given."""

from dataclasses import replace
from typing import Annotated

import typer

from hubwatch.cli.context import shared

app = typer.Typer(rich_markup_mode=None)


@app.command(
    epilog="--json keys: id, url, title, summary, published, first_seen, updated, source, source_name, hub, "
    "state, topics (of these: topic, score, matches), kind, organizations, money_usd, deadline, also, score, "
    "reasons, open, open_by, content, kind_reason, authors, categories, evidence (of these: topic, score, "
    "words, where, weight), revisions (of these: seen, title, summary, url)."
)
def show(
    ctx: typer.Context,
    id: Annotated[str, typer.Argument(metavar="ID", help="The item's id, or its beginning.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show one item in full: text, link, tags and why each was given, duplicates, revisions."""
    from hubwatch.models import Filters, Match
    from hubwatch.profiles import match
    from hubwatch.render import item as item_text
    from hubwatch.render import json
    from hubwatch.store import items
    from hubwatch.workflows.matching import with_deadlines

    common = shared(ctx)
    with common.open_store() as store:
        (item,) = with_deadlines(store, [items.get(store, id)])
        also = items.carried(store, {item.story}).get(item.story, ()) if item.story else ()
        others = tuple(carried for carried in also if carried.item != item.id)
        revisions = items.revisions(store, item.id)
    if as_json:
        # By no wish in particular: what a digest says of it that is not asked for anything.
        shown = match(item, None, Filters(), now=common.now) or Match(item=item, score=0.0)
        typer.echo(json.dumps(json.full(replace(shown, also=others), revisions)))
        return
    for line in item_text.lines(item, others, revisions, now=common.now):
        typer.echo(line)
