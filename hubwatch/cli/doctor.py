"""hubwatch doctor: whether everything is in order, and what to do where it is not."""

import os

import typer

from hubwatch.cli.context import AsJson, shared

app = typer.Typer(rich_markup_mode=None)


@app.command(
    epilog="Exit codes: 0 all in order, warnings included; 1 something is wrong. "
    "--json keys: check, status (ok, warning, fault), detail, hint."
)
def doctor(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Check the installation: versions, configuration, files, database, clock, the last sync."""
    from hubwatch import config
    from hubwatch.render import json, tables
    from hubwatch.text.controls import strip_controls
    from hubwatch.workflows import doctor as workflow

    common = shared(ctx)
    named = common.db_option or os.environ.get("HUBWATCH_DB")
    place = workflow.Place(
        config=common.config_path,
        database=config.database_path(common.db_option, os.environ, config.Config()) if named else None,
        env=os.environ,
    )
    found = tuple(workflow.look(place, now=common.now))
    if as_json:
        rows = ({"check": f.check, "status": f.status, "detail": f.detail, "hint": f.hint} for f in found)
        typer.echo(json.array(rows), nl=False)
    for finding in () if as_json else found:
        first = f"{finding.status:<8} {finding.check:<13} "
        said = [finding.detail] if finding.status == "ok" else [finding.detail, finding.hint or ""]
        for text in filter(None, map(strip_controls, said)):
            for line in tables.wrap(text, first=first):
                typer.echo(line)
            first = " " * len(first)
    raise typer.Exit(1 if any(finding.status == "fault" for finding in found) else 0)
