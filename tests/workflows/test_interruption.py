"""Ctrl-C ends a run in good order; pressed again at once it is the same one."""

from __future__ import annotations

import asyncio
import signal
from typing import Any

import pytest

from hubwatch.workflows import interruption


class Clock:
    """Stands still until it is moved."""

    seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.mark.parametrize(("later_s", "is_tidied_up"), [(0.0, True), (0.9, True), (1.0, False)])
def test_a_second_press_breaks_off_only_what_takes_long(later_s: float, is_tidied_up: bool) -> None:
    clock: Any = Clock()
    tidied_up = []

    async def work() -> None:
        try:
            signal.raise_signal(signal.SIGINT)
            await asyncio.sleep(30)
        finally:
            clock.seconds += later_s
            signal.raise_signal(signal.SIGINT)
            await asyncio.sleep(0)
            tidied_up.append(True)

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        interruption.run(work(), clock)
    assert tidied_up == [True] * is_tidied_up
    assert signal.getsignal(signal.SIGINT) is before


def test_a_run_gives_its_result() -> None:
    async def work() -> str:
        return "done"

    clock: Any = Clock()
    assert interruption.run(work(), clock) == "done"
