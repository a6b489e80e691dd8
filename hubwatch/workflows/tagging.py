"""Tag what a sync has found: on a second core in a large first sync, else right here.

Tagging is half of the work of a first sync. What does it apart knows the rules and nothing else; whatever
becomes of it, the items are tagged here then.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from hubwatch.workflows import preparing
from hubwatch.workflows.preparing import Prepared

if TYPE_CHECKING:
    from hubwatch.facts import Rules
    from hubwatch.identity import Resolution
    from hubwatch.models import Hub, Topic
    from hubwatch.workflows.apart import Apart

MANY = 16  # sources read for the first time from which on a second process pays: it takes 0.4 s to start
# Sources that are handed over at once; the others wait with what they read. With fewer, what is apart has
# nothing to do while several are saved: a first sync of 300 feeds took a seventh longer with three.
_WAITING = 6


def pays_apart(first_readings: int) -> bool:
    """Say if a sync that reads so many sources for the first time should tag in a process apart.

    Never in more than one: who stores what is tagged is as busy as who tags, and each takes 75 MB.
    """
    if first_readings < MANY:
        return False
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores > 1


class Tagging:
    """The way from what was found to what is stored, for the length of one sync."""

    def __init__(self, load_rules: Callable[[], Rules], extra_topics: Sequence[Topic] = ()) -> None:
        """`load_rules` gives the rules here, `extra_topics` make the same ones apart."""
        self._load_rules = load_rules
        self._extra_topics = tuple(extra_topics)
        self._own: Rules | None = None
        self._apart: Apart | None = None
        self._ready: asyncio.Task[None] | None = None
        self._room = asyncio.Semaphore(_WAITING)

    async def begin_apart(self) -> None:
        """Start the process apart; it gets ready while the first answers are on their way."""
        from hubwatch.workflows.apart import Apart

        try:
            self._apart = await Apart.start()
        except OSError:  # there is no memory for one, or no program to start it with
            return
        self._ready = asyncio.create_task(self._apart.do(preparing.begin, self._extra_topics))

    def rules(self) -> Rules:
        """Return the rules, loaded when first needed."""
        if self._own is None:
            self._own = self._load_rules()
        return self._own

    async def prepare(self, resolution: Resolution, hub: Hub | None) -> Prepared:
        """Tag what is new or changed, and make its story keys."""
        if not (resolution.new or resolution.changed):
            return Prepared(resolution=resolution, story_keys={})
        if self._apart is not None and self._ready is not None:
            try:
                await self._ready
                async with self._room:
                    return await self._apart.do(preparing.prepare_here, resolution, hub)
            except (OSError, MemoryError):  # the process was killed, or has too little memory
                pass
        return preparing.prepare(resolution, self.rules(), hub)

    async def end(self) -> None:
        """End the process apart."""
        if self._apart is not None and self._ready is not None:
            await self._apart.end()
            await asyncio.gather(self._ready, return_exceptions=True)  # nobody may have wanted to know
