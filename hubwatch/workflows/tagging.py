"""Tag what a sync has found: on every core in a large first sync, else right here.

Tagging is two thirds of the work of a first sync. The workers are processes of their own that know the rules
and nothing else; whatever becomes of them, the items are tagged here then.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor
from typing import TYPE_CHECKING

from hubwatch.workflows import taking_in
from hubwatch.workflows.taking_in import Prepared

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

    from hubwatch.facts import Rules
    from hubwatch.identity import Resolution
    from hubwatch.models import Hub, Topic

MANY = 16  # sources read for the first time from which on workers pay: starting one takes about 0.4 s
_MOST = 3  # workers: the store is written by one, who keeps no more of them busy
_ALLOCATIONS = 50_000  # as in the command line's own process
_WAITING = 3  # sources that are handed to each worker at once; the others wait with what they read
_rules: Rules | None = None  # of a worker


def workers_for(first_readings: int) -> int:
    """Return how many workers a sync should have that reads so many sources for the first time."""
    if first_readings < MANY:
        return 0
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores - 1, _MOST)


class Tagging:
    """The way from what was found to what is stored, for the length of one sync."""

    def __init__(
        self, load_rules: Callable[[], Rules], extra_topics: Sequence[Topic] = (), *, workers: int = 0
    ) -> None:
        """`load_rules` gives the rules here, `extra_topics` make the same ones in the workers."""
        self._load_rules = load_rules
        self._own: Rules | None = None
        self._room = asyncio.Semaphore(workers * _WAITING or 1)
        self._pool = _start(workers, tuple(extra_topics)) if workers else None
        if self._pool is None:
            self.rules()  # better now than while answers wait and their time runs

    def rules(self) -> Rules:
        """Return the rules, loaded when first needed."""
        if self._own is None:
            self._own = self._load_rules()
        return self._own

    async def prepare(self, resolution: Resolution, hub: Hub | None) -> Prepared:
        """Tag what is new or changed, and make its story keys."""
        if not (resolution.new or resolution.changed):
            return Prepared(resolution=resolution, story_keys={})
        async with self._room:
            prepared = await self._in_worker(resolution, hub)
        return prepared or taking_in.prepare(resolution, self.rules(), hub)

    async def _in_worker(self, resolution: Resolution, hub: Hub | None) -> Prepared | None:
        """Let a worker do it; None when there is none, or no longer."""
        if self._pool is None:
            return None
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, _prepare, resolution, hub)
        except (BrokenExecutor, OSError):  # a worker was killed, or there is no memory for one
            self.close()
        return None

    def close(self) -> None:
        """End the workers."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True)


def _start(workers: int, extra_topics: tuple[Topic, ...]) -> Executor:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    pool = ProcessPoolExecutor(
        workers, multiprocessing.get_context("spawn"), initializer=_begin, initargs=(extra_topics,)
    )
    for _ in range(workers):
        pool.submit(os.getpid)  # so that all of them start now, while the first answers are on their way
    return pool


def _begin(extra_topics: tuple[Topic, ...]) -> None:
    """Get a worker ready. An interruption is the parent's matter; without a parent there is nothing to do."""
    import gc
    import multiprocessing
    import signal
    import threading

    from hubwatch.workflows import rules

    gc.set_threshold(_ALLOCATIONS)  # what is made here refers to nothing that refers back

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    global _rules
    _rules = rules.load(extra_topics)


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


def _prepare(resolution: Resolution, hub: Hub | None) -> Prepared:
    assert _rules is not None
    return taking_in.prepare(resolution, _rules, hub)
