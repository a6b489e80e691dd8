"""Assemble the commands, read the global options, and turn errors into one line and an exit code."""

import importlib
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from hubwatch import __version__
from hubwatch.cli import streams
from hubwatch.cli.context import Shared, shared
from hubwatch.errors import HubwatchError, UnknownNameError

# Name -> what `hubwatch --help` says of it; the module is hubwatch.cli.<name>, imported only when it runs.
COMMANDS: dict[str, str] = {
    "sync": "Fetch what is due, tag it and store it.",
    "digest": "Print the items that match, best first, grouped for reading.",
    "search": "Search everything kept: phrases, AND, OR, NOT, prefix*.",
    "calls": "List open project calls and funding opportunities by deadline.",
    "orgs": "List the organizations named in the news, and with which hubs.",
    "hubs": "Show the directory of hubs, or one of them, or those near a place.",
    "topics": "List the technology areas, or show one in full.",
    "trends": "Draw items per topic, hub, kind or state over time.",
    "show": "Show one item in full, and why each tag was given.",
    "open": "Open an item's link in the browser.",
    "sources": "List the sources and their health; check, add, remove, import, export.",
    "profiles": "List the profiles; add or show one.",
    "init": "Answer three questions, and have a profile and a first digest.",
    "tag": "Tag items read as JSON Lines from standard input.",
    "retag": "Tag the whole store anew.",
    "schedule": "Print or install a timer for sync and for a digest by mail.",
    "config": "Show, check or start the configuration file.",
    "db": "Check, back up, prune or merge the database.",
    "doctor": "Check the installation: versions, files, clock, database.",
    "demo": "Try it without a network: a small set of hub sites, synced and printed.",
    "help": "Read the longer pages: recipes, schema, writing topics, scale.",
}

_COMPLETION = ("install_completion", "show_completion")
EXAMPLES = """Examples:

  hubwatch sync                        read every hub that is due
  hubwatch digest --topic lightweight  what is new in lightweight metals
  hubwatch calls                       open calls by deadline
  hubwatch demo                        try it without a network

Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 some sources
failed, 4 every source failed, 5 another one is running, 130 interrupted.
"""


class _ReaderGone(Exception):
    """Whoever read our output has closed it (`| head`)."""


@contextmanager
def _before_typer_does() -> Iterator[None]:
    """Meet a closed pipe and Ctrl-C here: typer would end them with code 1, and without a word."""
    try:
        yield
    except OSError as error:
        if streams.is_gone(error):
            raise _ReaderGone from None
        raise
    except KeyboardInterrupt:
        typer.echo("interrupted; what was stored is kept", err=True)
        raise typer.Exit(130) from None


class LazyGroup(TyperGroup):
    """A group whose commands are imported when they run, so that each pays only for its own imports."""

    _names_only = False

    def list_commands(self, ctx: Any) -> list[str]:
        """Name every command, in the table's order."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import one command."""
        if cmd_name not in COMMANDS:
            return None
        if self._names_only:
            return TyperCommand(cmd_name, help=COMMANDS[cmd_name])
        # These modules do without `from __future__ import annotations`: as strings typer would compile the
        # annotations of all options, twice, on every call.
        module = importlib.import_module(f"hubwatch.cli.{_module(cmd_name)}")
        command = typer.main.get_command(module.app)
        command.name = cmd_name
        # Each command would offer to install completion for itself; the group's own is for all of them.
        command.params = [p for p in command.params if p.name not in _COMPLETION]
        return command

    def make_context(self, *args: Any, **more: Any) -> Any:
        """Read the options; --help prints here."""
        with _before_typer_does():
            return super().make_context(*args, **more)

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        with _before_typer_does():
            try:
                result = super().invoke(ctx)
            except UnknownNameError:
                common = ctx.find_object(Shared)  # there is none yet where the command itself is unknown
                if common is not None:
                    common.tell_empty_store()
                raise
            shared(ctx).tell_empty_store()
            return result

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that was typed, or say which one was probably meant."""
        name = args[0]
        if not name.startswith("-") and name not in COMMANDS:
            from hubwatch.cli import pages
            from hubwatch.text.nearest import nearest

            meant = nearest(name, COMMANDS)
            is_page = name in pages.titles()
            hint = f"to read it: hubwatch help {name}" if is_page else "hubwatch --help lists them all"
            raise UnknownNameError("command", name, None if is_page else meant, hint=hint)
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: Any, incomplete: str) -> Any:
        """Offer the commands to the shell from the table, without importing any of them."""
        self._names_only = True
        try:
            return super().shell_complete(ctx, incomplete)
        finally:
            self._names_only = False

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands from the table, without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Print the examples as they stand."""
        formatter.write("\n" + EXAMPLES)


def _module(name: str) -> str:
    return {"help": "pages", "open": "open_link", "config": "config_file", "init": "first_run"}.get(
        name, name
    )


app = typer.Typer(
    cls=LazyGroup,
    name="hubwatch",
    no_args_is_help=False,
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},  # which every command takes over
)


@app.callback(help="Follow the announcements of the U.S. manufacturing innovation hubs.")
def _global(
    ctx: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option("--config", envvar="HUBWATCH_CONFIG", readable=False, help="The configuration file."),
    ] = None,
    db: Annotated[
        Path | None, typer.Option("--db", envvar="HUBWATCH_DB", readable=False, help="The database file.")
    ] = None,
    verbose: Annotated[
        int, typer.Option("--verbose", "-v", count=True, help="Say more; tracebacks of faults.")
    ] = 0,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say only what went wrong.")] = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    if version:
        typer.echo(f"hubwatch {__version__}")
        raise typer.Exit
    ctx.obj = Shared.start(config=config, db=db, verbose=verbose, quiet=quiet)
    if ctx.invoked_subcommand is None:
        from hubwatch.cli.welcome import welcome

        typer.echo(welcome())


def run(args: list[str] | None = None) -> int:
    """Run the command line on these arguments (the process's own by default); return the exit code."""
    streams.prepare()
    words = sys.argv[1:] if args is None else args
    try:
        if any(word.startswith(("--show-completion", "--install-completion")) for word in words):
            from hubwatch.cli import shells

            if shells.answer(words):
                return 0
        command = typer.main.get_command(app)
        code = command.main(args=args, prog_name="hubwatch", standalone_mode=False, **_narrow())
        streams.flush()
        return int(code) if isinstance(code, int) else 0
    except _ReaderGone:
        return 0
    except (typer.Abort, EOFError):
        typer.echo("aborted", err=True)
        return 130
    except HubwatchError as error:
        return _explain(error)
    except Exception as error:  # noqa: BLE001 - the last door: one line for people, a traceback with -v
        return 0 if isinstance(error, OSError) and streams.is_gone(error) else _unexpected(error)
    finally:
        streams.give_up()


def _narrow() -> dict[str, Any]:
    """Set help out for a terminal that is narrower than the 50 columns which typer takes at least."""
    columns = max(shutil.get_terminal_size().columns, 40)
    return {"terminal_width": columns - 2} if columns < 52 else {}


def _explain(error: HubwatchError) -> int:
    from hubwatch.text.controls import strip_controls
    from hubwatch.text.urls import mask

    typer.echo(f"error: {strip_controls(mask(error.message))}", err=True)
    if error.hint:
        typer.echo(f"hint: {strip_controls(mask(error.hint))}", err=True)
    return error.exit_code


def _explain_usage(error: Exception) -> None:
    from hubwatch.cli.usage import usage_lines

    lines = usage_lines(error, sys.argv[1:])
    if lines is None:
        show = getattr(error, "show", None)
        if show is not None:
            show()
        return
    message, hint = lines
    typer.echo(f"error: {message}\nhint: {hint}", err=True)


def _unexpected(error: Exception) -> int:
    exit_code = getattr(error, "exit_code", None)
    if isinstance(exit_code, int):  # typer's own: wrong usage, a bad parameter, an asked-for exit
        _explain_usage(error)
        return exit_code
    from hubwatch.text.urls import mask

    if isinstance(error, OSError) and error.errno is not None:
        where = f": {error.filename}" if error.filename else ""
        typer.echo(f"error: {error.strerror}{where}", err=True)
    else:
        words = mask(f"error: unexpected {type(error).__name__}: {error}")
        typer.echo(words.splitlines()[0], err=True)
        typer.echo("hint: run the command again with -v before it for the details", err=True)
    if {"-v", "-vv", "--verbose"} & set(sys.argv[1:]):
        import traceback

        typer.echo(mask("".join(traceback.format_exception(error))), err=True, nl=False)
    return 1
