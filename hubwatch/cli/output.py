"""Where an answer goes: to stdout, or to what --output names, a file whole or not at all."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import typer

from hubwatch.errors import OutputError


def write(text: str, output: Path | None) -> None:
    """Write text to stdout, to a file whole or not at all, or into what there is that is no file."""
    if output is None or str(output) == "-":
        _to_stdout(text)
        return
    try:
        there = _what_is_there(output)
        if there is not None and _is_stdout(there):
            _to_stdout(text)
        elif there is not None and not stat.S_ISREG(there.st_mode):
            _into(output, text)
        else:
            # A link stays a link: what it leads to is written anew.
            _replace(Path(os.path.realpath(output)), text, there)
    except OSError as error:
        raise OutputError(f"cannot write {output}: {error.strerror}", hint="name another --output") from error


def _to_stdout(text: str) -> None:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except UnicodeEncodeError:
        encoding = sys.stdout.encoding or "ascii"
        typer.echo(text.encode(encoding, "replace").decode(encoding), nl=False)


def _what_is_there(output: Path) -> os.stat_result | None:
    try:
        return output.stat()
    except FileNotFoundError:
        return None


def _is_stdout(there: os.stat_result) -> bool:
    """Tell whether this is what stdout leads to already: /dev/stdout, or a file named twice."""
    try:
        ours = os.fstat(sys.stdout.fileno())
    except (OSError, ValueError):  # not a stream of the system's
        return False
    return bool(there.st_ino) and os.path.samestat(there, ours)


def _into(output: Path, text: str) -> None:
    """Write into a device or a pipe, which a file put in its place would end."""
    with open(output, "w", encoding="utf-8", newline="", opener=_open_what_exists) as opened:
        opened.write(text)


def _open_what_exists(path: str, flags: int) -> int:
    return os.open(path, flags & ~os.O_CREAT)


def _replace(file: Path, text: str, there: os.stat_result | None) -> None:
    # With the process's number: two that write one file at once must not write into each other's.
    unfinished = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        unfinished.write_text(text, encoding="utf-8", newline="")
        if there is not None:
            unfinished.chmod(stat.S_IMODE(there.st_mode))
        os.replace(unfinished, file)
    except BaseException:
        if unfinished.exists():
            unfinished.unlink()
        raise
