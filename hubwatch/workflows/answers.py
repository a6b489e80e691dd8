"""Ask each address once in a run: sources that share one share its answer, and a failure is not repeated."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from hubwatch.errors import FetchError
from hubwatch.models import Document, Request, Unchanged

Answer = Document | Unchanged
Ask = Callable[[Request], Awaitable[Answer]]

_KEPT_BYTES = 4_000_000  # packed bodies that chains and discovery may want again; the rest is dropped at once
_ANY_WRAPPER = 47  # for zlib: gzip's or its own, whichever it is


class Answers:
    """The answers of one run, by address. Bodies are kept only while somebody may ask again."""

    def __init__(self, ask: Ask, shared_urls: Mapping[str, bool] | None = None) -> None:
        """`shared_urls`: addresses that several of the run's sources are read at, and whether all of
        them hold the same validators, so that one conditional request can serve them all.
        """
        self._ask = ask
        self._shared = shared_urls or {}
        self._under_way: dict[tuple[str, str | None], tuple[Request, asyncio.Future[Answer]]] = {}
        # Each without its body, that packed.
        self._kept: dict[tuple[str, str | None], tuple[Answer, bytes]] = {}
        self._failed: dict[tuple[str, str | None], FetchError] = {}
        self._kept_bytes = 0

    async def get(self, request: Request, *, keep: bool = False) -> Answer:
        """Return the answer of an address, asking it unless that was done in this run already."""
        if request.url in self._shared:
            keep = True
            if not self._shared[request.url]:
                # What one source has seen the other may not have: ask for the whole once, for all of them.
                request = replace(request, etag=None, last_modified=None)
        key = (request.url, request.json_body)
        if key in self._failed:
            raise self._failed[key]
        if key in self._kept:
            kept, packed = self._kept[key]
            return unpack(kept, packed) if isinstance(kept, Document) else kept
        while key in self._under_way:
            asked, waiting = self._under_way[key]
            answer = await asyncio.shield(waiting)
            if isinstance(answer, Document) or _validators(asked) == _validators(request):
                return answer
            # Unchanged since another source read it: that says nothing to this one.
        return await self._fetch(key, request, keep=keep)

    def keep(self, url: str, answer: Answer) -> None:
        """Keep an answer that was of no use to its asker, who may come back for it to look further."""
        self._keep((url, None), answer)

    async def _fetch(self, key: tuple[str, str | None], request: Request, *, keep: bool) -> Answer:
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._under_way[key] = request, future
        try:
            answer = await self._ask(request)
        except BaseException as error:
            if isinstance(error, FetchError):
                self._failed[key] = error
            future.set_exception(error if isinstance(error, FetchError) else asyncio.CancelledError())
            future.exception()  # nobody else may be waiting; that is no fault
            raise
        finally:
            del self._under_way[key]
        future.set_result(answer)
        if keep:
            self._keep(key, answer)
        return answer

    def _keep(self, key: tuple[str, str | None], answer: Answer) -> None:
        packed = b""
        if isinstance(answer, Document):
            answer, packed = pack(answer)
        if self._kept_bytes + len(packed) <= _KEPT_BYTES:
            self._kept[key] = answer, packed
            self._kept_bytes += len(packed)


def _validators(request: Request) -> tuple[str | None, str | None]:
    return request.etag, request.last_modified


def pack(document: Document) -> tuple[Document, bytes]:
    """Part a document from its body, and make that small; nearly all came so and are left as they came."""
    packed = document.packed or zlib.compress(document.body, 1)
    return replace(document, body=b"", packed=b""), packed


def unpack(document: Document, packed: bytes) -> Document:
    """Put a body back where it was taken from."""
    return replace(document, body=zlib.decompress(packed, _ANY_WRAPPER))
