"""Turns: how many requests at once, how many to one host, how far apart, and which host wants none now."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from hubwatch import politeness
from hubwatch.errors import FetchError
from hubwatch.net.clock import Clock
from hubwatch.net.targets import show


@dataclass(slots=True)
class _Host:
    slots: asyncio.Semaphore
    delay_s: float
    next_start: float = float("-inf")


class Gates:
    """Lets requests through. Waiting here is our own choice and costs a request none of its time limit."""

    def __init__(self, *, jobs: int, per_host: int, delay_s: float, clock: Clock) -> None:
        self._jobs = asyncio.Semaphore(max(jobs, 1))
        self._open = asyncio.Event()
        self._open.set()
        self._clock = clock
        self._hosts: defaultdict[str, _Host] = defaultdict(
            lambda: _Host(slots=asyncio.Semaphore(max(per_host, 1)), delay_s=delay_s)
        )

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for a turn with a host (name and port), and hold it."""
        place = self._hosts[host]
        async with place.slots:
            # The job is taken last, so that a queue before one host holds up nobody else; and the spacing
            # looked at again then, since the wait for a job may have brought two of one host together.
            while True:
                await self._open.wait()
                wait_s = place.next_start - self._clock.monotonic()
                if wait_s > 0:
                    await self._clock.sleep(wait_s)
                await self._jobs.acquire()
                now = self._clock.monotonic()
                if now >= place.next_start and self._open.is_set():
                    break
                self._jobs.release()
            place.next_start = now + place.delay_s
            try:
                yield
            finally:
                self._jobs.release()

    def sent(self, host: str) -> None:
        """Count the space to the next request from now: the host does not see what came before, the opening
        of the connection, or in a run's first request the loading of what writes it.
        """
        place = self._hosts[host]
        place.next_start = max(place.next_start, self._clock.monotonic() + place.delay_s)

    def shut(self) -> None:
        """Let no further request start; those under way go on."""
        self._open.clear()

    def reopen(self) -> None:
        """Let requests start again."""
        self._open.set()

    def slow_down(self, host: str, delay_s: float) -> None:
        """Keep requests to a host at least so far apart from now on (Crawl-delay)."""
        place = self._hosts[host]
        grown = delay_s - place.delay_s
        if grown > 0:
            place.delay_s = delay_s
            place.next_start += grown


class Blocks:
    """Hosts that asked to be left alone (Retry-After), and until when."""

    def __init__(self, until: Mapping[str, datetime], clock: Clock) -> None:
        # No host is left alone for longer: a clock was wrong when such a time was written.
        latest = clock.now() + timedelta(seconds=politeness.LONGEST_PAUSE_S)
        self._until = {host: when for host, when in until.items() if when <= latest}
        self._clock = clock

    def check(self, host: str, *, url: str) -> None:
        """Raise FetchError with code host-blocked while the host wants no requests."""
        until = self._until.get(host)
        if until is not None and until > self._clock.now():
            raise FetchError(
                "host-blocked",
                f"{host} asked for no requests before {until:%Y-%m-%d %H:%M} UTC",
                url=show(url),
                retry_at=until,
            )

    def add(self, host: str, until: datetime) -> None:
        """Leave a host alone until then."""
        self._until[host] = max(until, self._until.get(host, until))

    def current(self) -> dict[str, datetime]:
        """Return the hosts that are still to be left alone."""
        now = self._clock.now()
        return {host: until for host, until in self._until.items() if until > now}
