"""Time limits that do not run while this process itself is busy."""

from __future__ import annotations

import asyncio
import time

import pytest

from hubwatch.net.patience import Patience


async def _answer(after_s: float) -> str:
    await asyncio.sleep(after_s)
    return "it came"


def test_what_holds_us_up_ourselves_is_not_counted() -> None:
    async def run() -> str:
        patience = Patience(beat_s=0.005)

        async def ask() -> str:
            async with patience.limit(0.04):
                return await _answer(0.03)

        asked = asyncio.create_task(ask())
        await asyncio.sleep(0)
        time.sleep(0.05)  # a large document is being taken in
        return await asked

    assert asyncio.run(run()) == "it came"


def test_the_limit_holds_all_the_same() -> None:
    async def run() -> None:
        patience = Patience(beat_s=0.005)
        async with patience.limit(0.05):
            await asyncio.sleep(30)

    with pytest.raises(TimeoutError):
        asyncio.run(run())


def test_stalls_do_not_help_one_that_says_nothing() -> None:
    async def run() -> None:
        patience = Patience(beat_s=0.005)

        async def ask() -> None:
            async with patience.limit(0.04):
                await asyncio.sleep(30)

        asked = asyncio.create_task(ask())
        await asyncio.sleep(0)
        time.sleep(0.05)
        await asked

    with pytest.raises(TimeoutError):
        asyncio.run(run())


def test_nothing_keeps_beating_when_no_request_is_under_way() -> None:
    async def run() -> bool:
        patience = Patience(beat_s=0.005)
        async with patience.limit(5):
            await asyncio.sleep(0)
        return patience._beat is None

    assert asyncio.run(run())
