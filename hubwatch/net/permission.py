"""Ask each host's robots.txt once a day, and say what it allows; its reading is robots.py."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from hubwatch.errors import FetchError
from hubwatch.models import Document, Request, Robots, Unchanged
from hubwatch.net import robots, targets
from hubwatch.net.addresses import plain_host
from hubwatch.net.clock import Clock
from hubwatch.net.connect import Reach
from hubwatch.net.targets import Target

_KEPT = timedelta(hours=24)  # RFC 9309, 2.4: no longer than that
_KEPT_CHARACTERS = 20_000  # of one file; what is longer is asked for in each run
Ask = Callable[[Request, Reach], Awaitable[Document | Unchanged]]


class Permission:
    """What the robots.txt of this run's hosts say, each asked for when first needed."""

    def __init__(
        self, ask: Ask, allowed: frozenset[str], *, known: Mapping[str, Robots], clock: Clock
    ) -> None:
        """`ask` brings a document, cut where it is too large; `allowed` names private hosts open to all.

        `known` is what earlier runs learned, by the address of the file; `learned` is what this one did.
        """
        self.learned: dict[str, Robots] = {}
        self._known = known
        self._clock = clock
        self._ask = ask
        self._allowed = allowed
        self._files: dict[tuple[str, frozenset[str]], asyncio.Task[tuple[robots.Rules, float]]] = {}

    async def rules(self, target: Target, reach: Reach) -> tuple[robots.Rules, float]:
        """Return a host's rules and the seconds that asking took; FetchError where they cannot be had now."""
        # Shielded: when one asker is given up, the others still want the answer.
        return await asyncio.shield(self._file(target, reach))

    async def close(self) -> None:
        """Give up what is still under way."""
        for task in self._files.values():
            task.cancel()
        await asyncio.gather(*self._files.values(), return_exceptions=True)

    def _file(self, target: Target, reach: Reach) -> asyncio.Task[tuple[robots.Rules, float]]:
        address = f"{target.scheme}://{target.name}:{target.port}/robots.txt"
        own = frozenset(each for each in reach.own if plain_host(each) == target.host)
        key = (address, own)
        if key not in self._files:
            self._files[key] = asyncio.create_task(
                self._fetch(address, Reach(own=own, allowed=self._allowed))
            )
        return self._files[key]

    async def _fetch(self, address: str, reach: Reach) -> tuple[robots.Rules, float]:
        known = self._known.get(address)
        if known is not None and timedelta(0) <= self._clock.now() - known.asked < _KEPT:
            return robots.parse(known.text.encode()), 0.0
        rules, took_s = await self._ask_for(address, reach)
        text = robots.write(rules)
        if len(text) <= _KEPT_CHARACTERS:
            self.learned[address] = Robots(text=text, asked=self._clock.now())
        return rules, took_s

    async def _ask_for(self, address: str, reach: Reach) -> tuple[robots.Rules, float]:
        request = Request(url=address, private_ok=reach.own, max_bytes=robots.MAX_BYTES)
        try:
            answer = await self._ask(request, reach)
        except FetchError as error:
            if error.code in ("host-blocked", "refused-address", "dns"):
                raise  # it says nothing of robots.txt: there is no such host, or none that may be asked
            # RFC 9309: a host without one allows everything; one that fails now may forbid everything.
            if error.code == "too-many-redirects" or (
                400 <= (error.status or 0) < 500 and error.status != 429
            ):
                return robots.ALLOW_ALL, error.elapsed_s
            shown = targets.show(address)
            raise FetchError(
                "robots-unavailable",
                f"{shown} cannot be read now, so nothing else is asked there: {error.message}",
                url=shown,
                status=error.status,
                retry_at=error.retry_at,
                elapsed_s=error.elapsed_s,
            ) from error
        rules = robots.parse(answer.body) if isinstance(answer, Document) else robots.ALLOW_ALL
        return rules, answer.elapsed_s
