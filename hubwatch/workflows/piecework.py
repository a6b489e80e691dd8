"""The work of a process apart: one piece after the other, read from standard input, answered on its output.

Loads nothing that a piece does not need: the process is started for what little it takes.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from typing import Any, BinaryIO

LENGTH_BYTES = 8  # before each frame: how long it is


def serve() -> None:
    """Do what is asked for on standard input until it ends. Runs in the process apart."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interruption is the parent's matter
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints stays out of the answers
    while frame := _read(sys.stdin.buffer):
        work, args = pickle.loads(frame)
        try:
            answer = pack((True, work(*args)))
        except Exception as error:  # noqa: BLE001 - raised again where the work was asked for
            answer = pack((False, _portable(error)))
        answers.write(answer)
        answers.flush()


def _portable(error: Exception) -> Exception:
    """Return an error that can be sent, that one if possible."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # noqa: BLE001 - some libraries' errors cannot be made anew from what they hold
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def pack(content: Any) -> bytes:
    """Pack a piece of work, or its answer, for the other side."""
    data = pickle.dumps(content, pickle.HIGHEST_PROTOCOL)
    return len(data).to_bytes(LENGTH_BYTES, "big") + data


def _read(stream: BinaryIO) -> bytes:
    """Read one frame; nothing at the end."""
    return stream.read(int.from_bytes(stream.read(LENGTH_BYTES), "big"))
