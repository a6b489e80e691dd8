"""Work done in a process of its own, piece by piece: on another core, or where it can be ended.

The process knows only what it is sent, over its standard input and output, and ends with them.
"""

from __future__ import annotations

import asyncio
import json
import pickle
import sys
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar, cast

from hubwatch.workflows.piecework import LENGTH_BYTES, pack

_CHUNK = 1 << 20  # bytes read ahead
# Of each pipe, where the system (Linux) can be asked for so much: work and answers lie ready there while the
# loop here is busy with other things, and the process is not kept waiting.
_PIPE_BYTES = 1 << 19
# What the process is started with: where modules lie comes first, then frames. `-P` keeps the folder it is
# started in from counting as such a place.
_PROGRAM = (
    "import json, sys; sys.path[:] = json.loads(sys.stdin.buffer.readline());"
    " from hubwatch.workflows.piecework import serve; serve()"
)
T = TypeVar("T")


class Apart:
    """A process that does one piece of work after the other, in the order in which they are asked for."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._waiting: deque[asyncio.Future[Any]] = deque()
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def start(cls) -> Apart:
        """Start the process, or raise OSError where the system has none to give."""
        places = json.dumps([each for each in sys.path if isinstance(each, str)])  # as importing takes it
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-I" if sys.flags.isolated else "-P", "-c", _PROGRAM,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL, limit=_CHUNK, pipesize=_PIPE_BYTES,
        )  # fmt: skip
        assert process.stdin is not None
        process.stdin.write(places.encode() + b"\n")
        return cls(process)

    async def do(self, work: Callable[..., T], *args: Any) -> T:
        """Have a function of a module called there; raise what it raises, OSError when the process ends."""
        assert self._process.stdin is not None
        if self._listening.done():
            raise BrokenPipeError("the process has ended")
        self._process.stdin.write(pack((work, args)))  # what cannot be packed gets no answer to wait for
        answer = asyncio.get_running_loop().create_future()
        self._waiting.append(answer)
        try:
            await self._process.stdin.drain()
            return cast(T, await answer)
        finally:
            answer.cancel()

    async def end(self) -> None:
        """End the process, whatever it is at."""
        if self._process.returncode is None:
            self._process.kill()
        await asyncio.wait([self._listening])  # who is canceled here does not cancel that
        await self._process.wait()

    async def _listen(self) -> None:
        assert self._process.stdout is not None
        try:
            while True:
                length = await self._process.stdout.readexactly(LENGTH_BYTES)
                done, result = pickle.loads(
                    await self._process.stdout.readexactly(int.from_bytes(length, "big"))
                )
                answer = self._waiting.popleft()
                if answer.done():  # nobody waits for it any more
                    continue
                if done:
                    answer.set_result(result)
                else:
                    answer.set_exception(result)
        except Exception:  # noqa: BLE001 - it has ended, or says what cannot be read
            for answer in self._waiting:
                if not answer.done():
                    answer.set_exception(BrokenPipeError("the process has ended"))
