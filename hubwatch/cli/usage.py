"""typer's usage errors in our own two lines: what is wrong, and what to type next."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from hubwatch.text.nearest import nearest

_PLAINER = (
    (r"^Invalid value for '(?:-\w' / ')?(-[\w-]+)'(?: / '-\w')?: ", r"\1: "),
    (r"^Invalid value for '(.*?)': ", r"\1: "),
    (r"^Missing (?:argument|option) '(.*?)'(?: / '-\w')?\.?", r"\1 is missing"),
    (r"^Option '(.*?)' requires an argument\.?", r"\1 needs a value"),
    (r"^Option '(.*?)' does not take a value\.?", r"\1 takes no value"),
    (r"^Got unexpected extra arguments?(?:\(s\))? \((.*)\)$", r"too much was typed: \1"),
    (r"is not a valid int(?:eger)?(?: range)?\.?$", "is not a whole number"),
    (r"is not a valid float(?: range)?\.?$", "is not a number"),
    (r"(\S+?)(?:\.0)? is not in the range (\S+?)(?:\.0)?<=x<=(\S+?)(?:\.0)?\.?$", r"\1 is not from \2 to \3"),
    (r"(\S+?)(?:\.0)? is not in the range x>=(\S+?)(?:\.0)?\.?$", r"\1 is less than \2"),
    (r"(\S+?)(?:\.0)? is not in the range x<=(\S+?)(?:\.0)?\.?$", r"\1 is more than \2"),
)
_NO_COMMAND = re.compile(r"No such command '(.*?)'")


def usage_lines(error: Exception, args: Sequence[str] = ()) -> tuple[str, str] | None:
    """Return what follows `error:` and `hint:`; None where the error is the help itself, or no usage error.

    `args` are those of the command line: where typer forgets the command, they tell it.
    """
    found: Any = error
    say = getattr(error, "format_message", None)
    if say is None or type(error).__name__ == "NoArgsIsHelpError":
        return None
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else _typed(args)
    message = " ".join(say().split())
    unknown = _NO_COMMAND.match(message)
    if unknown and context is not None:
        return _unknown_command(unknown[1], context)
    if type(error).__name__ == "NoSuchOption" and context is not None:
        return _unknown_option(found.option_name, found.possibilities or (), context)
    return _plain(message), f"{path} --help"


def _typed(args: Sequence[str]) -> str:
    from hubwatch.cli.main import COMMANDS

    return " ".join(("hubwatch", *[word for word in args if word in COMMANDS][:1]))


def _unknown_command(name: str, context: Any) -> tuple[str, str]:
    commands = context.command.list_commands(context)
    meant = nearest(name, commands)
    message = f"unknown command '{name}' of {context.command_path}"
    return message + (f"; did you mean {meant}?" if meant else ""), f"one of: {', '.join(commands)}"


def _unknown_option(option: str, near: Any, context: Any) -> tuple[str, str]:
    root, path = context.find_root(), context.command_path
    if context is not root and option in _options(root):
        value = "" if _is_flag(root, option) else " ..."
        rest = path.removeprefix(root.command_path).strip()
        return f"put {option} before the command", f"{root.command_path} {option}{value} {rest}"
    meant = nearest(option.lstrip("-"), [each.lstrip("-") for each in (*near, *_options(context))])
    suggestion = f"; did you mean --{meant}?" if meant and len(meant) > 1 else ""
    return f"unknown option {option}{suggestion}", f"{path} --help"


def _options(context: Any) -> list[str]:
    return [
        name for option in context.command.params for name in getattr(option, "opts", ()) if name[:1] == "-"
    ]


def _is_flag(context: Any, name: str) -> bool:
    return any(
        name in option.opts and (option.is_flag or getattr(option, "count", False))
        for option in context.command.params
    )


def _plain(message: str) -> str:
    """Say typer's sentence as ours are said: in lower case, without a period."""
    for theirs, ours in _PLAINER:
        message = re.sub(theirs, ours, message)
    message = message.rstrip(".")
    return message[:1].lower() + message[1:] if message[1:2].islower() else message
