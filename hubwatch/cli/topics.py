"""hubwatch topics: the technology areas, their terms and counts."""

from typing import Annotated

import typer

from hubwatch.cli import completion
from hubwatch.cli.context import AsJson, shared, tell_changed_terms
from hubwatch.errors import UnknownNameError

app = typer.Typer(rich_markup_mode=None)


@app.command(epilog="--json keys: topic, name, description, items, terms, weak, not.")
def topics(
    ctx: typer.Context,
    name: Annotated[
        str | None, typer.Argument(help="One area, in full.", autocompletion=completion.topics)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the technology areas with the number of items, or show one with its terms."""
    from hubwatch.catalog import vocabulary
    from hubwatch.catalog.meant import topic_meant, topic_named
    from hubwatch.facts.topic_rules import cancelled_within
    from hubwatch.render import lists
    from hubwatch.store import trends

    common = shared(ctx)
    known = {topic.id: topic for topic in vocabulary.load(common.config.topics).topics}
    if name is not None:
        name = topic_named(name, {topic.id: topic.name for topic in known.values()}) or name
    if name is not None and name not in known:
        meant = topic_meant(name, known, common.config.topics)
        raise UnknownNameError("topic", name, meant, hint="hubwatch topics lists them all")
    chosen = [known[name]] if name is not None else list(known.values())
    with common.open_store(is_needed=False) as store:
        counts = trends.topic_counts(store)
        tell_changed_terms(common, store)
    if as_json:
        typer.echo(lists.topics_json(chosen, counts), nl=False)
        return
    if name is None:
        lines = lists.topics_table(chosen, counts)
    else:
        own = [
            term for topic in common.config.topics if topic.id == name for term in topic.terms + topic.weak
        ]
        lines = lists.topic_lines(chosen[0], counts, cancelled_within(own, chosen[0].cancels))
    for line in lines:
        typer.echo(line)
