"""hubwatch config: where the configuration is, whether it is sound, what holds."""

import os
import sys

import typer

from hubwatch.cli.context import AsJson, shared

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def config() -> None:
    """Show, check or start the configuration file."""


@app.command()
def path(ctx: typer.Context) -> None:
    """Print where the configuration is looked for."""
    typer.echo(shared(ctx).config_path)


@app.command()
def init(ctx: typer.Context) -> None:
    """Write a commented configuration file; never overwrites one."""
    from hubwatch import config_edit

    target = shared(ctx).config_path
    config_edit.init(target)
    typer.echo(f"wrote {target}", err=True)


@app.command(epilog="--json keys: path, line, key, message, hint.")
def check(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Check the configuration: each fault with file, line and what to write instead."""
    from hubwatch import config
    from hubwatch.render import json
    from hubwatch.text import urls

    target = shared(ctx).config_path
    faults = config.check(target)
    if as_json:
        rows = [
            {"path": f.path, "line": f.line, "key": f.key, "message": urls.mask(f.message), "hint": f.hint}
            for f in faults
        ]
        typer.echo(json.array(rows), nl=False)
    elif faults:
        for fault in faults:
            typer.echo(urls.mask(fault.message) + (f"\n  hint: {fault.hint}" if fault.hint else ""))
    else:
        typer.echo(f"{target}: no faults" if target.exists() else f"{target}: not there; the defaults hold")
    raise typer.Exit(2 if faults else 0)


@app.command(epilog="--json keys: key, value, origin.")
def show(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Print the effective values and where each comes from."""
    from hubwatch import config_show
    from hubwatch.render import json

    common = shared(ctx)
    # HUBWATCH_DB fills the option too; only what was typed counts as --db.
    source = ctx.find_root().get_parameter_source("db")
    typed = common.db_option if source is not None and source.name == "COMMANDLINE" else None
    settings = config_show.settings(common.config, os.environ, database=typed)
    if as_json:
        rows = [{"key": s.key, "value": s.value, "origin": s.origin} for s in settings]
        typer.echo(json.array(rows), nl=False)
        return
    width = max(len(setting.key) for setting in settings)
    for setting in settings:
        for line in _set_out(f"{setting.key:<{width}}", config_show.written(setting.value), setting.origin):
            typer.echo(line)


def _set_out(key: str, value: str, origin: str) -> list[str]:
    """Write a setting on one line, or on as many as the terminal wants: a path stays in one piece."""
    from hubwatch.render import tables

    lines = [key]
    for part in (value, f"({origin})"):
        longer = f"{lines[-1]}  {part}"
        if not sys.stdout.isatty() or tables.size(longer) <= tables.room():
            lines[-1] = longer
        else:
            lines.append(f"    {part}")
    return [line.rstrip() for line in lines]
