"""The three standard streams as they may be found: closed, full, or in an encoding that lacks letters."""

from __future__ import annotations

import codecs
import errno
import io
import os
import sys
import unicodedata
from contextlib import suppress
from typing import TextIO

from hubwatch.errors import OutputError

_STAND_INS = "hubwatch-stand-ins"  # the name by which the codecs know what follows
_ASCII = "hubwatch_ascii"
_QUOTES, _DASHES = dict.fromkeys("“”„«»", '"') | dict.fromkeys("‘’‚", "'"), dict.fromkeys("·‐‑‒–—―−", "-")
_PLAIN = str.maketrans({**_QUOTES, **_DASHES, "•": "*", "…": ".", "→": ">", "×": "x", "µ": "u"})  # as wide


def _with_stand_ins(error: UnicodeError) -> tuple[str, int]:
    """Give what a terminal can show instead of letters that its encoding lacks: plain ones, else `?`."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    plain = error.object[error.start : error.end].translate(_PLAIN)
    return "".join(map(_stand_in, plain)), error.end


def _stand_in(letter: str) -> str:
    spelled = unicodedata.normalize("NFKD", letter).replace("\u2044", "/")  # of a fraction
    bare = spelled.encode("ascii", "ignore").decode()
    return bare or ("" if unicodedata.combining(letter) else "?")


class _Closed(io.TextIOBase):
    """A stdout that whoever started us has closed: what is written there must not pass for shown."""

    encoding = "utf-8"
    errors = "replace"

    def write(self, text: str) -> int:
        if text:
            hint = "leave it open; digest, search and calls also take --output FILE"
            raise OutputError("there is nowhere to write to: stdout is closed", hint=hint)
        return 0


class _Heedless(io.TextIOWrapper):
    """A stderr that may be full, or read by nobody: the work goes on, and keeps its exit code."""

    def write(self, text: str) -> int:
        """Write what can be written."""
        with suppress(OSError):
            super().write(text)
        return len(text)

    def flush(self) -> None:
        """Write out what can be written."""
        with suppress(OSError):
            super().flush()


def prepare() -> None:
    """Make the standard streams fit to be written to, whoever started us."""
    codecs.register_error(_STAND_INS, _with_stand_ins)
    _fill_closed()
    for name in ("stdout", "stderr"):
        stream: TextIO | None = getattr(sys, name)
        if stream is None:  # closed by whoever started us
            sought = _Closed() if name == "stdout" else open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
            setattr(sys, name, sought)  # for the whole run
        elif hasattr(stream, "reconfigure"):
            # Programs read UTF-8; a person's terminal shows what it can, and nothing fails for one letter.
            encoding = _terminals(stream.encoding) if stream.isatty() else "utf-8"
            # Ends of lines as we write them: Windows would make CR CR LF of those of a calendar.
            newline = "\n" if name == "stdout" and not stream.isatty() else None
            raw = getattr(stream, "buffer", None)
            if stream is sys.__stderr__ and raw is not None:
                sys.stderr = _Heedless(raw, encoding=encoding, errors=_STAND_INS, line_buffering=True)
            elif isinstance(raw, io.RawIOBase):
                setattr(sys, name, _whole(raw, encoding, newline))
            elif newline is None:
                stream.reconfigure(encoding=encoding, errors=_STAND_INS)
            else:
                stream.reconfigure(encoding=encoding, errors=_STAND_INS, newline=newline)


def _terminals(encoding: str) -> str:
    """Return the encoding by a name under which it is left alone: over ASCII's, click writes UTF-8."""
    codec = codecs.lookup(encoding)
    if codec.name != "ascii":
        return encoding
    known_as = codecs.CodecInfo(
        codec.encode, codec.decode, incrementalencoder=codec.incrementalencoder,
        incrementaldecoder=codec.incrementaldecoder, name=_ASCII,
    )  # fmt: skip
    codecs.register(lambda name: known_as if name == _ASCII else None)
    return _ASCII


def _whole(raw: io.RawIOBase, encoding: str, newline: str | None) -> TextIO:
    """Return a stream that writes all or fails.

    With PYTHONUNBUFFERED, Python takes what a reader that went away, or a full disk, cut short for written.
    """
    buffer = io.BufferedWriter(raw)
    return io.TextIOWrapper(
        buffer, encoding=encoding, errors=_STAND_INS, newline=newline, line_buffering=True
    )


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
