"""Parse a document where it costs least and harms nobody: the fast path here, large odd ones apart.

A document that the fast path cannot take and that is large is parsed in a process of its own, which is
ended when it takes too long.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, TypeVar, cast

from hubwatch.errors import ParseError
from hubwatch.models import Document, Page, Source
from hubwatch.text.numbers import counted

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

    from hubwatch.fetchers.discovery import Proposal

LIMIT_S = 10.0  # a document that takes longer is given up
FAST_BYTES = 1_000_000  # up to this size the fast path runs here: it takes ten times as much memory
HERE_BYTES = 256_000  # up to this size the slow parsers run here: starting a process costs about 0.3 s
_TOO_MUCH = "the document could not be parsed within the memory allowed"
T = TypeVar("T")
_MEMORY_BYTES = 1_500_000_000  # address space of the process, where the system can bound it


class Parsers:
    """The way from a document to what stands in it."""

    def __init__(self, *, max_items: int, limit_s: float = LIMIT_S) -> None:
        self._max_items = max_items
        self._limit_s = limit_s
        self._one_apart = asyncio.Semaphore(1)  # the memory of a run is bounded: one at a time

    async def parse(self, document: Document, source: Source, kind: str) -> Page:
        """Return what the document holds, or raise ParseError."""
        size = len(document.body)
        if source.what == "members":
            if size <= HERE_BYTES:
                return _members(document)
            async with self._one_apart:
                return await self._apart(_members, (document,), document.url)
        if kind == "feed" and size <= FAST_BYTES:
            from hubwatch.fetchers import feed

            page = feed.read_fast(document, source)
            if page is not None:
                return _cut(page, self._max_items)
        if size <= HERE_BYTES:
            return _parse(document, source, kind, self._max_items)
        async with self._one_apart:
            return await self._apart(_parse, (document, source, kind, self._max_items), document.url)

    async def propose(self, document: Document) -> tuple[Proposal, ...]:
        """Return what could be read at or from a page, best first."""
        from hubwatch.fetchers import discovery

        if len(document.body) <= HERE_BYTES:
            return discovery.propose(document)
        async with self._one_apart:
            return await self._apart(discovery.propose, (document,), document.url)

    async def _apart(self, work: Callable[..., T], args: tuple[Any, ...], url: str) -> T:
        """Do a piece of work in a process of its own, which is ended when it takes too long."""
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_work_and_send, args=(theirs, work, args), daemon=True)
        process.start()
        theirs.close()
        try:
            done, result = await asyncio.to_thread(_receive, ours, self._limit_s, url)
        finally:
            _end(process)
            ours.close()
        if done:
            return cast(T, result)
        code, message, hint = result
        raise ParseError(code, message, url=url, hint=hint)


def _parse(document: Document, source: Source, kind: str, max_items: int) -> Page:
    from hubwatch import fetchers

    return _cut(fetchers.parse(document, source, kind), max_items)


def _cut(page: Page, max_items: int) -> Page:
    over = len(page.items) - max_items
    if over <= 0:
        return page
    notice = f"{counted(over, 'item')} over the limit of {max_items:,} left out"
    return replace(page, items=page.items[:max_items], problems=(*page.problems, notice))


def _members(document: Document) -> Page:
    """Read a page that lists a hub's members."""
    from hubwatch.fetchers import members

    names = members.parse_members(document)
    if not names:
        raise ParseError("no-list", "the page shows no list of members", url=document.url)
    return Page(members=names, is_page=True, how=counted(len(names), "member"))


def _receive(pipe: Connection, limit_s: float, url: str) -> tuple[bool, Any]:
    try:
        answer: tuple[bool, Any] | None = pipe.recv() if pipe.poll(limit_s) else None
    except EOFError as error:
        raise ParseError("unreadable", _TOO_MUCH, url=url) from error
    if answer is None:
        raise ParseError(
            "parse-timeout", f"parsing took longer than {limit_s:.0f} s and was given up", url=url
        )
    return answer


def _end(process: SpawnProcess) -> None:
    if process.is_alive():
        process.kill()
    process.join()
    process.close()


def _work_and_send(pipe: Connection, work: Callable[..., Any], args: tuple[Any, ...]) -> None:
    """Run in the process apart: answer (True, the result), or (False, what a ParseError says)."""
    _bound_memory()
    try:
        pipe.send((True, work(*args)))
    except ParseError as error:
        pipe.send((False, (error.code, error.message, error.hint)))
    except (MemoryError, RecursionError):
        pipe.send((False, ("unreadable", _TOO_MUCH, None)))


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
