"""Bodies: the budget they share, and what is kept of them as it came."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator

import pytest

from hubwatch.errors import FetchError
from hubwatch.net.bodies import MEGABYTE, Body, Budget


def body(budget: Budget, *, max_bytes: int = 10 * MEGABYTE, cut: bool = False) -> Body:
    return Body(budget, max_bytes=max_bytes, url="http://x/", cut=cut)


async def stream(size_bytes: int, gate: asyncio.Event | None = None) -> AsyncIterator[bytes]:
    """Half a megabyte at a time; the last piece only when the gate opens."""
    piece = bytes(MEGABYTE // 2)
    for _ in range(size_bytes // len(piece) - 1):
        yield piece
        await asyncio.sleep(0)
    if gate is not None:
        await gate.wait()
    yield piece


def test_small_bodies_need_nothing_of_the_budget() -> None:
    async def run() -> list[bytes]:
        budget = Budget(0)
        return await asyncio.gather(*(body(budget).read(stream(MEGABYTE), "") for _ in range(9)))

    assert [len(each) for each in asyncio.run(run())] == [MEGABYTE] * 9


def test_a_large_body_waits_for_its_turn() -> None:
    async def run() -> tuple[bool, int]:
        budget, gate = Budget(2 * MEGABYTE), asyncio.Event()
        holding = asyncio.create_task(body(budget).read(stream(3 * MEGABYTE, gate), ""))
        await asyncio.sleep(0.02)
        waiting = asyncio.create_task(body(budget).read(stream(2 * MEGABYTE), ""))
        await asyncio.sleep(0.02)
        waited = not waiting.done()
        gate.set()
        return waited, len(await holding) + len(await waiting)

    assert asyncio.run(run()) == (True, 5 * MEGABYTE)


def test_bodies_that_all_wait_for_each_other_get_through() -> None:
    async def run() -> list[bytes]:
        budget = Budget(3 * MEGABYTE)
        async with asyncio.timeout(5):
            return await asyncio.gather(*(body(budget).read(stream(6 * MEGABYTE), "") for _ in range(6)))

    assert [len(each) for each in asyncio.run(run())] == [6 * MEGABYTE] * 6


@pytest.mark.parametrize("holder_gives_up", [True, False], ids=["holder", "waiter"])
def test_one_that_gives_up_leaves_its_share_to_the_others(holder_gives_up: bool) -> None:
    async def run() -> int:
        budget, gate = Budget(MEGABYTE), asyncio.Event()
        holding = asyncio.create_task(body(budget).read(stream(2 * MEGABYTE, gate), ""))
        await asyncio.sleep(0.01)
        waiting = asyncio.create_task(body(budget).read(stream(2 * MEGABYTE), ""))
        await asyncio.sleep(0.01)
        (holding if holder_gives_up else waiting).cancel()
        await asyncio.sleep(0)
        gate.set()
        async with asyncio.timeout(5):
            rest = await asyncio.gather(holding, waiting, return_exceptions=True)
            last = await body(budget).read(stream(2 * MEGABYTE), "")
        assert [isinstance(each, asyncio.CancelledError) for each in rest] == [
            holder_gives_up,
            not holder_gives_up,
        ]
        return len(last)

    assert asyncio.run(run()) == 2 * MEGABYTE


def test_a_body_that_fails_gives_its_share_back() -> None:
    async def run() -> int:
        budget = Budget(2 * MEGABYTE)
        with pytest.raises(FetchError, match="more than"):
            await body(budget, max_bytes=2 * MEGABYTE).read(stream(5 * MEGABYTE), "")
        async with asyncio.timeout(5):
            return len(await body(budget).read(stream(3 * MEGABYTE), ""))

    assert asyncio.run(run()) == 3 * MEGABYTE


def test_the_beginning_of_one_that_is_too_large_can_be_had() -> None:
    async def run() -> bytes:
        return await body(Budget(), max_bytes=1000, cut=True).read(stream(MEGABYTE), "")

    assert len(asyncio.run(run())) == 1000


@pytest.mark.parametrize(
    ("sent", "is_kept"),
    [
        ([gzip.compress(b"news" * 90)], True),
        ([gzip.compress(b"news" * 90)[:20], gzip.compress(b"news" * 90)[20:], b"\0" * 9], True),
        ([gzip.compress(b"news" * 90) + b"junk"], True),
        ([gzip.compress(b"news" * 45), gzip.compress(b"news" * 45)], False),
        ([gzip.compress(b"news" * 90, 0), gzip.compress(b"")], False),
    ],
    ids=["in one piece", "padded", "with junk behind", "in two parts", "with an empty part"],
)
def test_what_came_as_one_piece_of_gzip_is_kept_so(sent: list[bytes], is_kept: bool) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for each in sent:
            yield each

    one = body(Budget())
    assert asyncio.run(one.read(chunks(), "gzip")) == b"news" * 90
    assert bool(one.packed) == is_kept
    if is_kept:
        assert zlib.decompress(one.packed, 47) == b"news" * 90


def test_a_large_body_is_not_kept_twice() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield gzip.compress(bytes(MEGABYTE), 0)

    one = body(Budget())
    assert len(asyncio.run(one.read(chunks(), "gzip"))) == MEGABYTE
    assert one.packed == b""
