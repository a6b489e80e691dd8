"""Parse a document where it costs least and harms nobody: the fast path here, large odd ones apart.

A document that the fast path cannot take and that is large is parsed in a process of its own, which is
ended when it takes too long.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from hubwatch.errors import ParseError
from hubwatch.models import Document, Page, Source
from hubwatch.workflows import one_document

if TYPE_CHECKING:
    from hubwatch.fetchers.discovery import Proposal

LIMIT_S = 10.0  # a document that takes longer is given up
FAST_BYTES = 1_000_000  # up to this size the fast path runs here: it takes ten times as much memory
HERE_BYTES = 256_000  # up to this size the slow parsers run here: starting a process costs about 0.3 s
_TOO_MUCH = "the document could not be parsed within the memory allowed"
T = TypeVar("T")


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
                return one_document.read_members(document)
            return await self._apart(document, one_document.read_members)
        if kind == "feed" and size <= FAST_BYTES:
            from hubwatch.fetchers import feed_fast

            page = feed_fast.read(document, max_items=self._max_items)
            if page is not None:
                return page
        if size <= HERE_BYTES:
            return one_document.parse(document, source, kind, self._max_items)
        return await self._apart(document, one_document.parse, source, kind, self._max_items)

    async def propose(self, document: Document) -> tuple[Proposal, ...]:
        """Return what could be read at or from a page, best first."""
        if len(document.body) <= HERE_BYTES:
            return one_document.propose(document, self._max_items)
        return await self._apart(document, one_document.propose, self._max_items)

    async def _apart(self, document: Document, work: Callable[..., T], *args: Any) -> T:
        """Do a piece of work on a document in a process of its own, which is ended when it takes too long."""
        from hubwatch.workflows.apart import Apart

        async with self._one_apart:
            try:
                process = await Apart.start()
                try:
                    async with asyncio.timeout(self._limit_s):
                        return await process.do(one_document.bounded, work, document, *args)
                finally:
                    await process.end()
            except TimeoutError as error:
                message = f"parsing took longer than {self._limit_s:.0f} s and was given up"
                raise ParseError("parse-timeout", message, url=document.url) from error
            except (OSError, MemoryError, RecursionError) as error:
                raise ParseError("unreadable", _TOO_MUCH, url=document.url) from error
