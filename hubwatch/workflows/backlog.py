"""What has been read and waits to be taken in: while that is too much, no further request starts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

_MOST_BYTES = 4_000_000  # of bodies; what is made of them takes about four times as much memory


class Backlog:
    """Counts the bodies in hand. Nobody in it may need a request to get on, else all would wait for ever."""

    def __init__(
        self, hold_back: Callable[[], None], go_on: Callable[[], None], *, most_bytes: int = _MOST_BYTES
    ) -> None:
        self._hold_back = hold_back
        self._go_on = go_on
        self._most_bytes = most_bytes
        self._bytes = 0

    @contextmanager
    def holding(self, size_bytes: int) -> Iterator[None]:
        """Count a body for as long as it is in hand."""
        self._add(size_bytes)
        try:
            yield
        finally:
            self._add(-size_bytes)

    def _add(self, size_bytes: int) -> None:
        was_full = self._bytes > self._most_bytes
        self._bytes += size_bytes
        is_full = self._bytes > self._most_bytes
        if is_full and not was_full:
            self._hold_back()
        elif was_full and not is_full:
            self._go_on()
