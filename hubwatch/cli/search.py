"""hubwatch search: full-text search over everything kept."""

from typing import Annotated

import typer

from hubwatch.cli import digesting, filters
from hubwatch.cli.context import shared
from hubwatch.cli.digest import DEFAULT_LIMIT, Format, Output, ProfileName, find_profile
from hubwatch.errors import UsageError

app = typer.Typer(rich_markup_mode=None)


@app.command(
    epilog='Examples: "aluminum casting", titanium OR magnesium, alloy NOT steel, "alloy -steel", weld*, '
    f"Ti-6Al-4V. Unless told: everything kept; {DEFAULT_LIMIT} items; every score, with --profile its "
    f"min_score. {filters.ITEM_KEYS}."
)
@filters.options()
def search(
    ctx: typer.Context,
    *,
    query: Annotated[
        list[str], typer.Argument(metavar="QUERY", help="Words, phrases, AND, OR, NOT, prefix*.")
    ],
    asked: filters.Asked,
    profile: ProfileName = None,
    format: Format = None,
    as_json: filters.AsJson = False,
    output: Output = None,
) -> None:
    """Search everything kept: phrases, AND, OR, NOT, prefix*."""
    common = shared(ctx)
    text = " ".join(query)
    if not text.strip():
        raise UsageError("there is nothing to search for", hint='hubwatch search "aluminum casting"')
    chosen = filters.build(common, asked, default_limit=DEFAULT_LIMIT)
    name = digesting.format_name(format, as_json=as_json, output=output)
    order = digesting.Order(
        filters=chosen, profile=find_profile(common, profile), format=name, output=output, text=text,
        title=f"Search for {text}",
    )  # fmt: skip
    digesting.run(common, order)
