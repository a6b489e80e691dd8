"""The manual page in roff, made of the same texts as --help: `hubwatch help man`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from hubwatch import __version__
from hubwatch.cli.main import COMMANDS, EXAMPLES, app

_FILES = (
    (
        "$HUBWATCH_CONFIG, --config FILE",
        "The configuration; else config.toml in the platform's config folder.",
    ),
    ("$HUBWATCH_DB, --db FILE", "The database; else hubwatch.db in the platform's data folder."),
    ("$HUBWATCH_SMTP_PASSWORD", "The password for the mail server."),
    ("$NO_COLOR, $FORCE_COLOR, $COLUMNS", "Are obeyed."),
)


def page() -> str:
    """Write the manual page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    group: Any = typer.main.get_command(app)
    context = group.make_context("hubwatch", [], resilient_parsing=True)
    yield f'.TH HUBWATCH 1 "" "hubwatch {__version__}" "User Commands"'
    yield ".SH NAME"
    yield f"hubwatch \\- {_text(group.help[:1].lower() + group.help[1:].rstrip('.'))}"
    yield ".SH SYNOPSIS"
    yield ".B hubwatch"
    yield "[OPTIONS] COMMAND [ARGS]..."
    yield ".SH OPTIONS"
    yield from _options(group, context)
    yield ".SH COMMANDS"
    for name in group.list_commands(context):
        yield from _command(group.get_command(context, name), name, context)
    yield from (".SH EXAMPLES", ".nf")
    yield from (_text(line) for line in EXAMPLES.partition("\n\nExit codes")[0].splitlines()[2:])
    yield ".fi"
    yield ".SH EXIT STATUS"
    yield _text(" ".join(EXAMPLES.partition("Exit codes: ")[2].split()))
    yield ".SH ENVIRONMENT AND FILES"
    for name, text in _FILES:
        yield from (".TP", f".B {_text(name)}", _text(text))
    yield ".SH SEE ALSO"
    yield "The longer pages: hubwatch help"


def _command(command: Any, name: str, parent: Any, above: str = "") -> Iterator[str]:
    context = command.make_context(name, [], parent=parent, resilient_parsing=True)
    usage = " ".join(command.collect_usage_pieces(context))
    yield f".SS {_text(f'hubwatch {above}{name} {usage}')}"
    yield _text(COMMANDS.get(name, "") if not above and not command.help else command.help or "")
    yield from _options(command, context)
    if command.epilog:
        yield ".PP"
        yield _text(" ".join(command.epilog.split()))
    if hasattr(command, "list_commands"):
        for inner in command.list_commands(context):
            yield from _command(command.get_command(context, inner), inner, context, f"{above}{name} ")


def _options(command: Any, context: Any) -> Iterator[str]:
    for option in command.get_params(context):
        record = option.get_help_record(context)
        if record is not None:
            yield from (".TP", f".B {_text(record[0])}", _text(" ".join(record[1].split())) or r"\&")


def _text(text: str) -> str:
    """Write text so that roff prints it as it stands."""
    escaped = text.replace("\\", r"\e").replace("-", r"\-")
    return rf"\&{escaped}" if escaped.startswith((".", "'")) else escaped
