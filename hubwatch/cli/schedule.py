"""hubwatch schedule: a timer for sync, or for a profile's digest by mail; printed, or installed."""

from pathlib import Path
from typing import Annotated

import typer

from hubwatch.cli import completion
from hubwatch.cli.context import shared
from hubwatch.errors import UsageError

app = typer.Typer(rich_markup_mode=None)

_HOURLY, _MONDAY = "1h", "Mon 07:00"


@app.command(
    epilog="Printed unless --install is given, which works for systemd and launchd and is undone by "
    "--uninstall. One timer at a time: run it once for sync, and once for each digest."
)
def schedule(
    ctx: typer.Context,
    kind: Annotated[
        str | None,
        typer.Option("--for", help="systemd, cron, launchd or windows; else this machine's.",
                     autocompletion=completion.one_of("systemd", "cron", "launchd", "windows")),
    ] = None,
    every: Annotated[
        str | None,
        typer.Option("--every", help="How often to sync; only what is due is asked.", show_default=_HOURLY),
    ] = None,
    digest: Annotated[
        str | None,
        typer.Option("--digest", metavar="NAME", help="Mail this profile's digest instead.",
                     autocompletion=completion.profiles),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option("--on", help='When to mail it: "Mon 07:00", "Mon,Thu 07:00", "daily 07:00".',
                     show_default=_MONDAY),
    ] = None,
    install: Annotated[bool, typer.Option("--install", help="Put it in place for this user.")] = False,
    uninstall: Annotated[bool, typer.Option("--uninstall", help="Remove what --install put there.")] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FOLDER", help="Write the files there.")
    ] = None,
) -> None:  # fmt: skip
    """Print or install a timer for sync, or for a profile's digest by mail."""
    from hubwatch.cli import scheduling

    if install + uninstall + (output is not None) > 1:
        raise UsageError("--install, --uninstall and --output do not go together")
    if on is not None and digest is None:
        raise UsageError(
            "--on goes with --digest", hint=f'hubwatch schedule --digest NAME --on "{on or _MONDAY}"'
        )
    if every is not None and digest is not None:
        raise UsageError("--every is for sync, --digest has --on", hint="run it once for each of the two")
    common = shared(ctx)
    chosen = scheduling.kind_of(kind)
    if uninstall:
        scheduling.uninstall(common, chosen, profile=digest)
        return
    every_, on_ = _HOURLY if every is None else every, _MONDAY if on is None else on
    job = scheduling.job(common, chosen, every=every_, digest=digest, on=on_)
    typed = {"--digest": digest, "--every": every, "--on": on, "--for": kind}
    if install:
        scheduling.install(common, chosen, job, typed=typed)
    elif output is not None:
        scheduling.write(common, chosen, job, output)
    else:
        scheduling.show(common, chosen, job, typed=typed)
