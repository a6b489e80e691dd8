"""Turns: how many at once, how far apart."""

from __future__ import annotations

import asyncio
import itertools
from datetime import timedelta
from typing import Any

import pytest

from hubwatch.errors import FetchError
from hubwatch.net.gates import Blocks, Gates


def run_turns(gates: Gates, clock: Any, hosts: list[str]) -> list[tuple[str, float]]:
    """Take a turn with each host, all at once, and return when each began."""
    begun: list[tuple[str, float]] = []

    async def one(host: str) -> None:
        async with gates.turn(host):
            begun.append((host, clock.monotonic()))
            await asyncio.sleep(0)

    async def run() -> None:
        await asyncio.gather(*(one(host) for host in hosts))

    asyncio.run(run())
    return begun


def test_requests_to_one_host_begin_apart(clock: Any) -> None:
    gates = Gates(jobs=9, per_host=2, delay_s=1.0, clock=clock)
    begun = [when for _, when in run_turns(gates, clock, ["a:80"] * 5)]

    assert begun == sorted(begun)
    assert all(later - earlier >= 1.0 for earlier, later in itertools.pairwise(begun))


def test_the_space_begins_when_the_host_hears_of_a_request(clock: Any) -> None:
    gates = Gates(jobs=9, per_host=2, delay_s=1.0, clock=clock)

    async def run() -> float:
        async with gates.turn("a:80"):
            await clock.sleep(0.4)  # the connection is opened
            gates.sent("a:80")
            async with gates.turn("a:80"):
                begun: float = clock.monotonic()
        return begun

    assert asyncio.run(run()) == 1.4


def test_other_hosts_do_not_wait(clock: Any) -> None:
    gates = Gates(jobs=9, per_host=2, delay_s=1.0, clock=clock)

    assert run_turns(gates, clock, ["a:80", "b:80", "a:443"]) == [("a:80", 0), ("b:80", 0), ("a:443", 0)]
    assert clock.slept == []


def test_a_crawl_delay_spaces_from_the_next_request_on(clock: Any) -> None:
    gates = Gates(jobs=9, per_host=2, delay_s=1.0, clock=clock)
    run_turns(gates, clock, ["a:80"])
    gates.slow_down("a:80", 10.0)
    gates.slow_down("a:80", 5.0)  # less than before changes nothing

    assert [when for _, when in run_turns(gates, clock, ["a:80", "a:80"])] == [10.0, 20.0]


@pytest.mark.parametrize(("jobs", "per_host", "most"), [(3, 9, 3), (9, 2, 2), (0, 0, 1)])
def test_no_more_at_once_than_told(clock: Any, jobs: int, per_host: int, most: int) -> None:
    gates = Gates(jobs=jobs, per_host=per_host, delay_s=0, clock=clock)
    now, peak = 0, 0

    async def one() -> None:
        nonlocal now, peak
        async with gates.turn("a:80"):
            now += 1
            peak = max(peak, now)
            await asyncio.sleep(0)
            now -= 1

    async def run() -> None:
        await asyncio.gather(*(one() for _ in range(12)))

    asyncio.run(run())
    assert peak == most


def test_a_queue_before_one_host_holds_up_nobody_else(clock: Any) -> None:
    gates = Gates(jobs=2, per_host=1, delay_s=0, clock=clock)

    async def run() -> None:
        stuck = asyncio.Event()

        async def hang() -> None:
            async with gates.turn("slow:80"):
                await stuck.wait()

        tasks = [asyncio.create_task(hang()) for _ in range(9)]
        await asyncio.sleep(0)
        async with asyncio.timeout(1), gates.turn("quick:80"):
            pass
        stuck.set()
        await asyncio.gather(*tasks)

    asyncio.run(run())


def test_a_turn_given_up_is_passed_on(clock: Any) -> None:
    gates = Gates(jobs=1, per_host=1, delay_s=0, clock=clock)

    async def run() -> None:
        async def hang() -> None:
            async with gates.turn("a:80"):
                await asyncio.Event().wait()

        task = asyncio.create_task(hang())
        await asyncio.sleep(0)
        task.cancel()
        async with asyncio.timeout(1), gates.turn("a:80"):
            pass

    asyncio.run(run())


def test_a_host_that_asked_for_it_is_left_alone_until_then(clock: Any) -> None:
    blocks = Blocks({"a:80": clock.now() + timedelta(hours=1)}, clock)
    blocks.add("b:80", clock.now() + timedelta(hours=2))
    blocks.add("b:80", clock.now() + timedelta(hours=1))  # the longer one holds

    for host in ("a:80", "b:80"):
        with pytest.raises(FetchError, match=host) as caught:
            blocks.check(host, url="http://x/")
        assert caught.value.code == "host-blocked"
    blocks.check("a:443", url="http://x/")

    clock.advance(3600)
    blocks.check("a:80", url="http://x/")
    assert list(blocks.current()) == ["b:80"]


def test_nothing_starts_while_the_gates_are_shut(clock: Any) -> None:
    gates = Gates(jobs=2, per_host=2, delay_s=0, clock=clock)
    order: list[str] = []

    async def one(name: str) -> None:
        async with gates.turn("a:80"):
            order.append(name)

    async def run() -> None:
        async with gates.turn("a:80"):
            gates.shut()
            waiting = asyncio.create_task(one("waiting"))
            await asyncio.sleep(0)
            order.append("under way")
        await asyncio.sleep(0)
        order.append("reopened")
        gates.reopen()
        await waiting

    asyncio.run(run())
    assert order == ["under way", "reopened", "waiting"]
