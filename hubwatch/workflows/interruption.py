"""A run that Ctrl-C ends in good order, also where it is pressed twice, or reaches us by two ways."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from hubwatch.net.clock import Clock

_SETTLES_S = 1.0  # from the first press: by then a run that can be tidied up is
T = TypeVar("T")


def run(work: Coroutine[Any, Any, T], clock: Clock) -> T:
    """Run to the end; what is pressed while a first Ctrl-C takes effect is that one.

    A second one breaks asyncio's loop off wherever it is: the process apart was then waited for without end,
    with the store held, or ended with a line of asyncio's own.
    """
    before = signal.getsignal(signal.SIGINT)

    async def heedful() -> T:
        told = signal.getsignal(signal.SIGINT)  # asyncio's: it cancels at first, and breaks off then
        if callable(told) and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, _once(told, clock))
        return await work

    try:
        return asyncio.run(heedful())
    finally:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, before)


def _once(told: Callable[..., Any], clock: Clock) -> Callable[..., None]:
    first_at: float | None = None

    def pressed(number: int, frame: Any) -> None:
        nonlocal first_at
        now = clock.monotonic()
        if first_at is None or now - first_at >= _SETTLES_S:
            first_at = now if first_at is None else first_at
            told(number, frame)

    return pressed
