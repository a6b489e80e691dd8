"""hubwatch digest: what matches, best first, in the format asked for."""

import shlex
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from hubwatch.cli import completion, filters
from hubwatch.cli.context import Shared, shared
from hubwatch.errors import UnknownNameError
from hubwatch.models import Profile
from hubwatch.text.nearest import nearest

app = typer.Typer(rich_markup_mode=None)

DEFAULT_WINDOW = timedelta(days=14)
DEFAULT_LIMIT = 50
ProfileName = Annotated[
    str | None,
    typer.Option("--profile", "-p", help="A profile of the config.", autocompletion=completion.profiles),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        help="rich, text, markdown, html, json, ndjson, csv, atom or ics.",
        autocompletion=completion.formats,
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", help="Write to this file, by its ending if no format is given ('-': the screen)."
    ),
]


@app.command(
    epilog=f"Unless told: the last {DEFAULT_WINDOW.days} days, with --source everything kept; "
    f"{DEFAULT_LIMIT} items; every score, with --profile its min_score. "
    f"{filters.ITEM_KEYS}; --schema says more of each."
)
@filters.options()
def digest(
    ctx: typer.Context,
    *,
    asked: filters.Asked,
    profile: ProfileName = None,
    new: Annotated[bool, typer.Option("--new", help="Only what was not shown yet; marks it shown.")] = False,
    peek: Annotated[bool, typer.Option("--peek", help="With --new: do not mark.")] = False,
    format: Format = None,
    as_json: filters.AsJson = False,
    output: Output = None,
    email: Annotated[bool, typer.Option("--email", help="Send it to the profile's address.")] = False,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of one item.")] = False,
) -> None:
    """Print the items that match, best first, grouped for reading."""
    from hubwatch.cli import digesting

    if schema:
        from hubwatch.render.schema import text

        typer.echo(text(), nl=False)
        return
    common = shared(ctx)
    person = find_profile(common, profile)
    chosen = filters.build(
        common, asked, default_since=None if new else DEFAULT_WINDOW, default_limit=DEFAULT_LIMIT
    )
    order = digesting.Order(
        filters=chosen, profile=person, new=new, peek=peek, email=email, output=output,
        format=digesting.format_name(format, as_json=as_json, output=output),
    )  # fmt: skip
    digesting.run(common, order)


def find_profile(common: Shared, name: str | None) -> Profile | None:
    """Return the profile of this name, or None where none was asked for."""
    if name is None:
        return None
    profiles = common.config.profiles
    if name not in profiles:
        add = f"add one: hubwatch profiles add {shlex.quote(name)}"
        hint = f"profiles are: {', '.join(profiles)}" if profiles else add
        raise UnknownNameError("profile", name, nearest(name, profiles), hint=hint)
    return profiles[name]
