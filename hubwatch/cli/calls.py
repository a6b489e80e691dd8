"""hubwatch calls: open project calls and funding opportunities by deadline."""

from typing import Annotated

import typer

from hubwatch.cli import digesting, filters
from hubwatch.cli.context import shared
from hubwatch.cli.digest import Format, Output, ProfileName, find_profile

app = typer.Typer(rich_markup_mode=None)

DEFAULT_LIMIT = 200


@app.command(
    epilog="A call is open while its deadline has not passed, or, without a known deadline, for 90 days. "
    f"Unless told: {DEFAULT_LIMIT} calls; every score, with --profile its min_score. "
    f"{filters.ITEM_KEYS} (deadline or recency)."
)
def calls(
    ctx: typer.Context,
    topic: filters.Topics = None,
    hub: filters.Hubs = None,
    source: filters.Sources = None,
    state: filters.States = None,
    kind: filters.Kinds = None,
    org: filters.Orgs = None,
    keyword: filters.Keywords = None,
    exclude: filters.Exclude = None,
    since: filters.Since = None,
    until: filters.Until = None,
    min_score: filters.MinScore = None,
    limit: filters.Limit = None,
    sort: filters.SortBy = None,
    profile: ProfileName = None,
    every: Annotated[bool, typer.Option("--all", help="Also those that are closed.")] = False,
    format: Format = None,
    as_json: filters.AsJson = False,
    output: Output = None,
) -> None:
    """List open project calls and funding opportunities by deadline; also as a calendar (--format ics)."""
    common = shared(ctx)
    chosen = filters.build(
        common, topics=topic, hubs=hub, sources=source, states=state, kinds=kind, orgs=org, keywords=keyword,
        exclude=exclude, since=since, until=until, min_score=min_score, limit=limit, sort=sort or "deadline",
        default_limit=DEFAULT_LIMIT,
    )  # fmt: skip
    order = digesting.Order(
        filters=chosen, profile=find_profile(common, profile), calls="all" if every else "open",
        output=output,
        format=digesting.format_name(format, as_json=as_json, output=output),
        title="Project calls" if every else "Open project calls",
    )  # fmt: skip
    digesting.run(common, order)
