"""hubwatch help: the longer pages, which lie in the package as Markdown; or a command's own help."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from hubwatch.cli.context import shared
from hubwatch.errors import UnknownNameError
from hubwatch.text.nearest import nearest

app = typer.Typer(rich_markup_mode=None)
_FOLDER = Path(__file__).parent.parent / "docs"
_MAN = "man"  # made from the commands, not a file


def _complete(incomplete: str) -> list[str]:
    return [name for name in (*names(), _MAN) if name.startswith(incomplete)]


@app.command(epilog="hubwatch help man prints the manual page, for man(1). --json keys: page, title.")
def help(
    ctx: typer.Context,
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="A page, or a command.", autocompletion=_complete)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="List the pages as JSON.")] = False,
) -> None:
    """Read the longer pages (recipes, schema, writing topics...), or a command's own help."""
    if name is None:
        _list(as_json=as_json)
        return
    if name == _MAN:
        from hubwatch.cli import man

        typer.echo(man.page(), nl=False)
        return
    if name not in names():
        _command(ctx, name)
        return
    if name in _commands():
        shared(ctx).say(f"(the command's own help: hubwatch {name} --help)")
    typer.echo(_shown((_FOLDER / f"{name}.md").read_text(encoding="utf-8")), nl=False)


def names() -> tuple[str, ...]:
    """Name the pages."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.md")))


def titles() -> dict[str, str]:
    """Return what `hubwatch help` can print, by name: the pages, and the manual page."""
    from hubwatch.render import pages

    found = {name: pages.title((_FOLDER / f"{name}.md").read_text(encoding="utf-8")) for name in names()}
    return {**found, _MAN: "The manual page, for man(1)"}


def _shown(text: str) -> str:
    """Return a page as it is for a pipe, set out for reading on a terminal."""
    if not sys.stdout.isatty():
        return text
    import shutil

    from hubwatch.render import pages

    styled = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return pages.render(text, width=shutil.get_terminal_size((80, 24)).columns, styled=styled)


def _list(*, as_json: bool) -> None:
    from hubwatch.render import json

    listed = titles()
    if as_json:
        rows = ({"page": name, "title": title} for name, title in listed.items())
        typer.echo(json.array(rows), nl=False)
        return
    width = max(map(len, listed))
    for name, title in listed.items():
        typer.echo(f"hubwatch help {name:<{width}}  {title}")


def _commands() -> tuple[str, ...]:
    from hubwatch.cli.main import COMMANDS

    return tuple(COMMANDS)


def _command(ctx: typer.Context, name: str) -> None:
    """Print a command's own help where there is no page of that name."""
    from hubwatch.cli.main import app as whole

    group = typer.main.get_group(whole)
    parent = ctx.parent or ctx
    command = group.get_command(parent, name)
    if command is None:
        known = (*names(), *_commands())
        raise UnknownNameError("page", name, nearest(name, known), hint=f"pages are: {', '.join(names())}")
    with command.make_context(name, [], parent=parent, resilient_parsing=True) as own:
        typer.echo(command.get_help(own))
