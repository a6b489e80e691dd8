"""Completion for a shell that is named: `--show-completion zsh`; without a name typer finds it out."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from hubwatch.errors import UnknownNameError, UsageError
from hubwatch.text.nearest import nearest

SHELLS = ("bash", "zsh", "fish", "powershell", "pwsh")
_INSTALL, _SHOW = "--install-completion", "--show-completion"
_WITH_VALUE = ("--config", "--db")
_VARIABLE = "_HUBWATCH_COMPLETE"


def answer(args: Sequence[str]) -> bool:
    """Show or install the completion that these arguments ask for by the shell's name; tell if they did."""
    asked = _asked(args)
    if asked is None:
        return False
    option, name = asked
    shell = name.lower()
    if shell not in SHELLS:
        raise UnknownNameError("shell", name, nearest(name, SHELLS), hint=f"shells are: {', '.join(SHELLS)}")
    from typer._completion_shared import get_completion_script, install

    if option == _SHOW:
        typer.echo(get_completion_script(prog_name="hubwatch", complete_var=_VARIABLE, shell=shell))
        return True
    try:
        _, path = install(shell=shell, prog_name="hubwatch", complete_var=_VARIABLE)
    except FileNotFoundError as error:  # powershell is asked where its profile is
        raise UsageError(f"{shell} is not on this machine", hint=f"hubwatch {_SHOW} {shell}") from error
    typer.echo(f"completion for {shell} is in {path}; it holds in the next shell that is opened", err=True)
    return True


def _asked(args: Sequence[str]) -> tuple[str, str] | None:
    """Find the option with its shell among the options before the command."""
    words = iter(args)
    for word in words:
        option, equals, value = word.partition("=")
        if option in (_INSTALL, _SHOW):
            name = value if equals else next(words, "")
            return (option, name) if name and not name.startswith("-") else None
        if word in _WITH_VALUE:
            next(words, None)
        elif not word.startswith("-"):
            return None
    return None
