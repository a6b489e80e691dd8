"""The three standard streams as they may be found: closed, full, or in an encoding that lacks letters."""

from __future__ import annotations

import errno
import io
import os
import sys
from contextlib import suppress
from typing import TextIO

from hubwatch.errors import OutputError


class _Closed(io.TextIOBase):
    """A stdout that whoever started us has closed: what is written there must not pass for shown."""

    encoding = "utf-8"
    errors = "replace"

    def write(self, text: str) -> int:
        if text:
            hint = "leave it open; digest, search and calls also take --output FILE"
            raise OutputError("there is nowhere to write to: stdout is closed", hint=hint)
        return 0


def prepare() -> None:
    """Make the standard streams fit to be written to, whoever started us."""
    _fill_closed()
    for name in ("stdout", "stderr"):
        stream: TextIO | None = getattr(sys, name)
        if stream is None:  # closed by whoever started us
            sought = _Closed() if name == "stdout" else open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
            setattr(sys, name, sought)  # for the whole run
        elif hasattr(stream, "reconfigure"):
            # Programs read UTF-8; a person's terminal shows what it can, and nothing fails for one letter.
            encoding = stream.encoding if stream.isatty() else "utf-8"
            # Ends of lines as we write them: Windows would make CR CR LF of those of a calendar.
            newline = "\n" if name == "stdout" and not stream.isatty() else None
            raw = getattr(stream, "buffer", None)
            if isinstance(raw, io.RawIOBase):
                setattr(sys, name, _whole(raw, encoding, newline))
            elif newline is None:
                stream.reconfigure(encoding=encoding, errors="replace")
            else:
                stream.reconfigure(encoding=encoding, errors="replace", newline=newline)


def _whole(raw: io.RawIOBase, encoding: str, newline: str | None) -> TextIO:
    """Return a stream that writes all or fails.

    With PYTHONUNBUFFERED, Python takes what a reader that went away, or a full disk, cut short for written.
    """
    buffer = io.BufferedWriter(raw)
    return io.TextIOWrapper(buffer, encoding=encoding, errors="replace", newline=newline, line_buffering=True)


def _fill_closed() -> None:
    """Occupy the numbers of closed streams, which the next file or socket to be opened would get."""
    with suppress(OSError):
        while (opened := os.open(os.devnull, os.O_RDWR)) <= 2:
            pass
        os.close(opened)


def is_gone(error: OSError) -> bool:
    """Tell whether a fault is that of a stdout that nobody reads any more (`| head`)."""
    if error.errno != errno.EINVAL:
        return error.errno == errno.EPIPE
    # What Windows calls it, and much else beside: what waits to be written must meet it again.
    try:
        sys.stdout.flush()
    except OSError as again:
        return sys.platform == "win32" and again.errno == errno.EINVAL
    return False


def flush() -> None:
    """Write out what waits, while a fault can still be told."""
    sys.stdout.flush()
    sys.stderr.flush()


def give_up() -> None:
    """Point a stdout that cannot be written at nothing, so that the interpreter ends without a word on it."""
    with suppress(OSError, ValueError):
        sys.stdout.flush()
        return
    with suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)
