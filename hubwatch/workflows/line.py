"""The line between the network and the parsers: what has been read waits its turn packed small.

So every host is asked at once, the slow ones too, while no more is in hand than memory allows.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from hubwatch.models import Document
from hubwatch.workflows.answers import Answer, pack, unpack

# Of bodies in hand; what is made of them takes about four times as much memory. Large ones, which may take
# seconds to parse, have a lane of their own and are no hindrance to the many others.
_SMALL_ROOM_BYTES = 1_500_000
_LARGE_ROOM_BYTES = 1_000_000
_LARGE_BYTES = 256_000
_PACKED_BYTES = 12_000_000  # of those that wait, some 300 feeds; when there are more, no request starts


class Line:
    """Lets answers in by their size, first come first served, and holds requests back when it is long."""

    def __init__(
        self,
        hold_back: Callable[[], None],
        go_on: Callable[[], None],
        *,
        small_room_bytes: int = _SMALL_ROOM_BYTES,
        large_room_bytes: int = _LARGE_ROOM_BYTES,
        large_bytes: int = _LARGE_BYTES,
        packed_bytes: int = _PACKED_BYTES,
    ) -> None:
        self._hold_back = hold_back
        self._go_on = go_on
        self._small = _Lane(small_room_bytes)
        self._large = _Lane(large_room_bytes)
        self._large_bytes = large_bytes
        self._most_packed = packed_bytes
        self._packed = 0

    def place(self) -> Place:
        """Give a place of one's own in the line."""
        return Place(self)

    def lane(self, size_bytes: int) -> _Lane:
        """Name the lane for an answer of this size."""
        return self._large if size_bytes > self._large_bytes else self._small

    @contextmanager
    def packed(self, size_bytes: int) -> Iterator[None]:
        """Count a packed answer for as long as it waits."""
        self._pack(size_bytes)
        try:
            yield
        finally:
            self._pack(-size_bytes)

    def _pack(self, size: int) -> None:
        was_long = self._packed > self._most_packed
        self._packed += size
        is_long = self._packed > self._most_packed
        if is_long and not was_long:
            self._hold_back()
        elif was_long and not is_long:
            self._go_on()


class _Lane:
    """Room for so many bytes; one answer that is larger than that has it alone."""

    def __init__(self, room_bytes: int) -> None:
        self._room = room_bytes
        self._in_hand = 0
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    def enter(self, size: int) -> bool:
        """Count an answer as in hand, if there is room for it and nobody waits."""
        has_room = not self._waiting and self._fits(size)
        if has_room:
            self._in_hand += size
        return has_room

    async def wait(self, size: int) -> None:
        """Wait until there is room for an answer, and count it as in hand."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((size, turn))
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                self.free(size)
            raise

    def free(self, size: int) -> None:
        """Count so much as taken in, and let in who has room now."""
        self._in_hand -= size
        while self._waiting:
            following, turn = self._waiting[0]
            if not turn.cancelled():
                if not self._fits(following):
                    return
                self._in_hand += following
                turn.set_result(None)
            self._waiting.popleft()

    def _fits(self, size: int) -> bool:
        return not self._in_hand or self._in_hand + size <= self._room


class Place:
    """One source's place: what it has in hand. It is given up before the next request, or all would wait."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._held: list[tuple[_Lane, int]] = []

    async def take(self, answer: Answer) -> Answer:
        """Wait for room for an answer, and hold it until `leave`; the caller keeps no reference to it."""
        if not isinstance(answer, Document) or not answer.body:
            return answer
        size = len(answer.body)
        lane = self._line.lane(size)
        if lane.enter(size):
            answer = replace(answer, packed=b"")
        else:
            answer, packed = pack(answer)
            with self._line.packed(len(packed)):
                await lane.wait(size)
            answer = unpack(answer, packed)
        self._held.append((lane, size))
        return answer

    def leave(self) -> None:
        """Give up what is in hand."""
        while self._held:
            lane, size = self._held.pop()
            lane.free(size)
