"""What has been read waits its turn packed small; nothing is lost, and nobody waits for ever."""

from __future__ import annotations

import asyncio
import gzip
import os
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hubwatch.models import Document, Unchanged
from hubwatch.workflows.line import Line, Place

NOW = datetime(2026, 1, 5, tzinfo=UTC)


def document(body: bytes) -> Document:
    return Document(
        url="https://hub.example/feed", requested_url="https://hub.example/feed", status=200, body=body,
        fetched_at=NOW,
    )  # fmt: skip


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def line(told: list[str]) -> Line:
    return Line(
        lambda: told.append("hold back"), lambda: told.append("go on"), small_room_bytes=100,
        large_room_bytes=500, large_bytes=99, packed_bytes=50,
    )  # fmt: skip


def run(work: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(work(), timeout=5))  # type: ignore[arg-type]


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def taken(place: Place, body: bytes, order: list[bytes]) -> None:
    answer = await place.take(document(body))
    assert isinstance(answer, Document)
    order.append(answer.body)


def test_what_fits_goes_straight_on(line: Line, told: list[str]) -> None:
    async def work() -> None:
        order: list[bytes] = []
        await taken(line.place(), b"a" * 60, order)
        await taken(line.place(), b"b" * 40, order)
        assert order == [b"a" * 60, b"b" * 40]

    run(work)
    assert told == []


def test_others_wait_in_the_order_they_came_and_lose_nothing(line: Line) -> None:
    async def work() -> None:
        first, order = line.place(), list[bytes]()
        await taken(first, b"a" * 90, order)
        waiting = [asyncio.create_task(taken(line.place(), b * 30, order)) for b in (b"b", b"c", b"d", b"e")]
        await settle()
        assert order == [b"a" * 90]
        first.leave()
        await settle()
        assert order[1:] == [b"b" * 30, b"c" * 30, b"d" * 30]  # a fourth would be too much
        waiting.pop().cancel()

    run(work)


def test_what_came_packed_waits_as_it_came(line: Line) -> None:
    async def work() -> None:
        packed = gzip.compress(b"a" * 60)
        came = replace(document(b"a" * 60), packed=packed)
        first, second = line.place(), line.place()
        assert await first.take(came) == document(b"a" * 60)
        waiting = asyncio.create_task(second.take(came))
        await settle()
        assert not waiting.done()
        assert line._packed == len(packed)
        first.leave()
        assert await waiting == document(b"a" * 60)

    run(work)


def test_large_ones_are_no_hindrance_to_others(line: Line) -> None:
    async def work() -> None:
        order: list[bytes] = []
        await taken(line.place(), b"a" * 1000, order)
        waits = asyncio.create_task(taken(line.place(), b"b" * 400, order))
        await settle()
        await taken(line.place(), b"c" * 90, order)
        assert len(order) == 2
        waits.cancel()

    run(work)


def test_one_that_is_larger_than_all_room_goes_alone(line: Line) -> None:
    async def work() -> None:
        first, order = line.place(), list[bytes]()
        await taken(first, b"a" * 100, order)
        large = asyncio.create_task(taken(line.place(), b"b" * 1000, order))
        await settle()
        assert len(order) == 1
        first.leave()
        await large
        assert order[1] == b"b" * 1000

    run(work)


def test_a_place_is_left_before_more_is_asked(line: Line) -> None:
    async def work() -> None:
        place, order = line.place(), list[bytes]()
        for body in (b"a" * 90, b"b" * 90):  # else the second would wait for the first, for ever
            place.leave()
            await taken(place, body, order)
        assert len(order) == 2

    run(work)


def test_what_has_no_body_waits_for_nothing(line: Line) -> None:
    async def work() -> None:
        await taken(line.place(), b"a" * 99, [])
        await line.place().take(Unchanged(url="u", requested_url="u", fetched_at=NOW))

    run(work)


def test_requests_are_held_back_while_too_much_waits(line: Line, told: list[str]) -> None:
    async def work() -> None:
        first = line.place()
        await taken(first, b"a" * 99, [])
        places = [line.place() for _ in range(3)]
        waiting = [asyncio.create_task(taken(place, os.urandom(40), [])) for place in places]
        await settle()
        assert told == ["hold back"]
        first.leave()
        for place in places:
            await settle()
            place.leave()
        await asyncio.gather(*waiting)

    run(work)
    assert told == ["hold back", "go on"]


def test_who_gives_up_waiting_blocks_nobody(line: Line, told: list[str]) -> None:
    async def work() -> None:
        first, order = line.place(), list[bytes]()
        await taken(first, b"a" * 99, order)
        gone, stays = (asyncio.create_task(taken(line.place(), os.urandom(70), order)) for _ in "ab")
        await settle()
        gone.cancel()
        first.leave()
        await stays
        assert len(order) == 2

    run(work)
    assert told == ["hold back", "go on"]


def test_who_gives_up_just_as_its_turn_comes_leaves_the_room(line: Line) -> None:
    async def work() -> None:
        first, order = line.place(), list[bytes]()
        await taken(first, b"a" * 99, order)
        gone, stays = (asyncio.create_task(taken(line.place(), b"b" * 70, order)) for _ in "ab")
        await settle()
        first.leave()  # the turn is given ...
        gone.cancel()  # ... and not taken
        await stays
        assert len(order) == 2

    run(work)
