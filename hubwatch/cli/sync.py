"""hubwatch sync: fetch what is due, and say what came of it."""

from typing import Annotated

import typer

from hubwatch.cli import completion
from hubwatch.cli.context import Shared, shared, tell_nothing_followed
from hubwatch.cli.numbers import finite
from hubwatch.errors import UsageError
from hubwatch.models import SyncReport

app = typer.Typer(rich_markup_mode=None)


@app.command(
    epilog="Exit codes: 0 done, 3 some sources failed, 4 every source failed, 5 another sync is running. "
    "--json keys: started, finished, sources (of these: source, status, http_status, found, new, updated, "
    "seconds, bytes, error, notices), new, updated, failed."
)
def sync(
    ctx: typer.Context,
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SOURCE...]", help="Only these, disabled ones too.", autocompletion=completion.sources
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Ask also what is not due yet.")] = False,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, max=1000, help="Requests at once.")
    ] = None,
    wait: Annotated[
        float,
        typer.Option(
            "--wait",
            min=0,
            metavar="S",
            callback=finite,
            help="Wait S seconds at most for another sync to end.",
        ),
    ] = 0,
    timeout: Annotated[
        float | None,
        typer.Option("--timeout", min=0.1, metavar="S", callback=finite, help="Seconds for one request."),
    ] = None,
    backfill: Annotated[
        bool, typer.Option("--backfill", help="Read each source's history, as far as the site gives it.")
    ] = False,
    since: Annotated[
        str | None, typer.Option("--since", help="With --backfill: back to this date or age only.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as one JSON object.")] = False,
) -> None:
    """Fetch what is due, tag it and store it."""
    if since is not None and not backfill:
        raise UsageError("--since goes with --backfill", hint=f"add it: --backfill --since {since}")
    common = shared(ctx)
    from hubwatch.cli import syncing

    options = syncing.Options(
        names=tuple(sources or ()), force=force, jobs=jobs, wait_s=wait, timeout_s=timeout,
        backfill=backfill, since=since,
    )  # fmt: skip
    report = syncing.run(common, options, show_progress=not as_json)
    _print(common, report, as_json=as_json)
    if options.names:
        _tell_not_due(common, report)
    else:
        tell_nothing_followed(common)
    raise typer.Exit(exit_code(report))


def exit_code(report: SyncReport) -> int:
    """Return 0, 3 (some sources failed) or 4 (every source asked failed).

    What was never reached counts only where nothing else was reached: in this run, or lately.
    """
    asked = [o for o in report.outcomes if o.status != "skipped"]
    failed = [o for o in asked if o.status == "failed"]
    reached = [o for o in asked if o.status in ("ok", "unchanged")]
    if reached or not asked:
        return 3 if failed else 0
    return 4 if failed or not any(o.is_fresh for o in report.outcomes) else 0


def _tell_not_due(common: Shared, report: SyncReport) -> None:
    """Say so of sources that were named, and yet not asked."""
    for outcome in report.outcomes:
        if outcome.status == "skipped" and outcome.fault is None:
            common.say(
                f"{outcome.source} is not due; to ask it all the same: hubwatch sync --force {outcome.source}"
            )


def _print(common: Shared, report: SyncReport, *, as_json: bool) -> None:
    if as_json:
        from hubwatch.render import json

        typer.echo(json.report(report), nl=False)
        return
    from hubwatch.render import report as report_text

    for line in report_text.lines(report, verbose=common.verbose > 0, quiet=common.quiet):
        typer.echo(line, err=True)
