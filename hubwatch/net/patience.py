"""Time limits for requests that do not run while this process itself is busy with something else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_BEAT_S = 0.1  # a beat that comes later than the next was held up


class Patience:
    """Limits for requests under way. What a large document costs to take in is put on top of each.

    Without it a request whose answer has long arrived would be given up because another source's list
    took seconds to store.
    """

    def __init__(self, beat_s: float = _BEAT_S) -> None:
        self._beat_s = beat_s
        self._limits: set[asyncio.Timeout] = set()
        self._beat: asyncio.TimerHandle | None = None
        self._due = 0.0
        self._stalled_s = 0.0  # in all

    @asynccontextmanager
    async def limit(self, seconds: float) -> AsyncIterator[None]:
        """Raise TimeoutError when the block takes longer, not counting what we held up ourselves."""
        self._start()
        try:
            async with asyncio.timeout(seconds) as timeout:
                self._limits.add(timeout)
                try:
                    yield
                finally:
                    self._limits.discard(timeout)
        finally:
            if not self._limits and self._beat is not None:
                self._beat.cancel()
                self._beat = None

    def stalled_s(self) -> float:
        """Return for how long, in all, requests were held up by ourselves."""
        return self._stalled_s

    def _start(self) -> None:
        if self._beat is None:
            loop = asyncio.get_running_loop()
            self._due = loop.time() + self._beat_s
            self._beat = loop.call_at(self._due, self._on_beat)

    def _on_beat(self) -> None:
        # Timers run in the order they are due: this one comes before any limit that a stall made late.
        loop = asyncio.get_running_loop()
        late_s = loop.time() - self._due
        if late_s > self._beat_s:
            self._stalled_s += late_s
            for timeout in self._limits:
                when = timeout.when()
                if when is not None and not timeout.expired():
                    timeout.reschedule(when + late_s)
        self._due = loop.time() + self._beat_s
        self._beat = loop.call_at(self._due, self._on_beat)
