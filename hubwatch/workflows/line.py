"""The line between the network and the parsers: what has been read waits its turn packed small.

So every host is asked at once, the slow ones too, while no more is in hand than memory allows.
"""

from __future__ import annotations

import asyncio
import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from hubwatch.models import Document
from hubwatch.workflows.answers import Answer

_IN_HAND_BYTES = 1_500_000  # of bodies; what is made of them takes about four times as much memory
_PACKED_BYTES = 12_000_000  # of those that wait, some 300 feeds; when there are more, no request starts


class Line:
    """Lets answers in by their size, first come first served, and holds requests back when it is long."""

    def __init__(
        self,
        hold_back: Callable[[], None],
        go_on: Callable[[], None],
        *,
        in_hand_bytes: int = _IN_HAND_BYTES,
        packed_bytes: int = _PACKED_BYTES,
    ) -> None:
        self._hold_back = hold_back
        self._go_on = go_on
        self._room = in_hand_bytes
        self._most_packed = packed_bytes
        self._in_hand = self._packed = 0
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    def place(self) -> Place:
        """Give a place of one's own in the line."""
        return Place(self)

    def enter(self, size_bytes: int) -> bool:
        """Count an answer as in hand, if there is room for it and nobody waits."""
        has_room = not self._waiting and self._fits(size_bytes)
        if has_room:
            self._in_hand += size_bytes
        return has_room

    async def wait(self, size_bytes: int, packed_bytes: int) -> None:
        """Wait until there is room for an answer, and count it as in hand."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((size_bytes, turn))
        self._pack(packed_bytes)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                self.free(size_bytes)
            raise
        finally:
            self._pack(-packed_bytes)

    def free(self, size_bytes: int) -> None:
        """Count so much as taken in, and let in who has room now."""
        self._in_hand -= size_bytes
        while self._waiting:
            size, turn = self._waiting[0]
            if not turn.cancelled():
                if not self._fits(size):
                    return
                self._in_hand += size
                turn.set_result(None)
            self._waiting.popleft()

    def _fits(self, size: int) -> bool:
        return not self._in_hand or self._in_hand + size <= self._room

    def _pack(self, size: int) -> None:
        was_long = self._packed > self._most_packed
        self._packed += size
        is_long = self._packed > self._most_packed
        if is_long and not was_long:
            self._hold_back()
        elif was_long and not is_long:
            self._go_on()


class Place:
    """One source's place: what it has in hand. It is given up before the next request, or all would wait."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._held = 0

    async def take(self, answer: Answer) -> Answer:
        """Wait for room for an answer, and hold it until `leave`; the caller keeps no reference to it."""
        if not isinstance(answer, Document) or not answer.body:
            return answer
        size = len(answer.body)
        if not self._line.enter(size):
            packed = zlib.compress(answer.body, 1)
            answer = replace(answer, body=b"")
            await self._line.wait(size, len(packed))
            answer = replace(answer, body=zlib.decompress(packed))
        self._held += size
        return answer

    def leave(self) -> None:
        """Give up what is in hand."""
        held, self._held = self._held, 0
        if held:
            self._line.free(held)
