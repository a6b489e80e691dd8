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
@filters.options()
def calls(
    ctx: typer.Context,
    *,
    asked: filters.Asked,
    profile: ProfileName = None,
    every: Annotated[bool, typer.Option("--all", help="Also those that are closed.")] = False,
    format: Format = None,
    as_json: filters.AsJson = False,
    output: Output = None,
) -> None:
    """List open project calls and funding opportunities by deadline; also as a calendar (--format ics)."""
    common = shared(ctx)
    chosen = filters.build(common, asked, default_limit=DEFAULT_LIMIT, default_sort="deadline")
    order = digesting.Order(
        filters=chosen, profile=find_profile(common, profile), calls="all" if every else "open",
        output=output,
        format=digesting.format_name(format, as_json=as_json, output=output),
        title="Project calls" if every else "Open project calls",
    )  # fmt: skip
    digesting.run(common, order)
