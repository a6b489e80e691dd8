"""Bodies as they come over the wire: inflated piece by piece, bounded before, during and after."""

from __future__ import annotations

import asyncio
import io
import zlib
from collections.abc import AsyncIterable

from hubwatch.errors import FetchError
from hubwatch.net.targets import show
from hubwatch.text.controls import strip_controls

MEGABYTE = 1 << 20
_BUDGET_BYTES = 32 * MEGABYTE  # what all bodies under way may hold beyond their first megabyte
_PIECE = 64 * 1024  # what is inflated at once: a bomb is noticed this early
_FIRST = b"\x1f"  # of a gzip member
_MOST_PACKED = 256 * 1024  # of a body as it came; a larger one is not kept twice
_MOST_MEMBERS = 1000  # parts of one gzip body; each honest one has one
_MOST_PIECES = 30_000  # chunks of one body, about 0.5 s of work; an honest megabyte has 20 to 10,000
_BREATH = 500  # after so many, others have a turn


class Budget:
    """Memory that all bodies under way share, handed out in blocks, first come first served.

    Should every body that holds some wait for more, the largest may overdraw: one goes on, none is stuck.
    """

    def __init__(self, size_bytes: int = _BUDGET_BYTES) -> None:
        self._free = size_bytes // MEGABYTE
        self._held: dict[object, int] = {}
        self._waiting: dict[object, asyncio.Future[None]] = {}

    async def take(self, holder: object) -> None:
        """Wait for one more block."""
        if self._free > 0 and not self._waiting:
            self._grant(holder)
            return
        self._waiting[holder] = asyncio.get_running_loop().create_future()
        self._serve()
        try:
            await self._waiting[holder]
        finally:
            self._waiting.pop(holder, None)

    def give_back(self, holder: object) -> None:
        """Return all that a holder took."""
        self._free += self._held.pop(holder, 0)
        if self._waiting:
            self._serve()

    def _grant(self, holder: object) -> None:
        self._free -= 1
        self._held[holder] = self._held.get(holder, 0) + 1

    def _serve(self) -> None:
        unserved = [holder for holder, place in self._waiting.items() if not place.done()]
        while unserved:
            if self._free > 0:
                lucky = unserved.pop(0)
            elif all(holder in unserved for holder in self._held):
                lucky = max(unserved, key=lambda holder: self._held.get(holder, 0))
                unserved.remove(lucky)
            else:
                return
            self._grant(lucky)
            self._waiting[lucky].set_result(None)


class Body:
    """One body under way: what came, inflated, within its bounds and its share of the budget."""

    def __init__(
        self, budget: Budget, *, max_bytes: int, url: str, status: int = 200, cut: bool = False
    ) -> None:
        self._budget = budget
        self._status = status
        self.max_bytes = max_bytes
        self._url = url
        self._cut = cut  # keep the beginning of one that is too large, instead of refusing it
        self._kept = io.BytesIO()
        self._blocks = 1  # the first megabyte is everyone's own
        self._pieces = 0
        self._came: list[bytes] = []
        self.wire_bytes = 0
        self.packed = b""  # as it came, where that is one piece of gzip: what waits need not be packed anew

    async def read(self, chunks: AsyncIterable[bytes], encoding: str) -> bytes:
        """Read it to its end; raise FetchError with code too-large, bad-encoding or bad-gzip."""
        try:
            if encoding in ("", "identity"):
                async for chunk in chunks:
                    await self._count(chunk)
                    if not await self._keep(chunk):
                        break
            elif encoding in ("gzip", "x-gzip"):
                await self._read_gzip(chunks)
            else:
                named = strip_controls(encoding[:40])
                raise self._fault("bad-encoding", f"came as '{named}', though only gzip was asked for")
            return self._kept.getvalue()
        finally:
            self._budget.give_back(self)

    async def _read_gzip(self, chunks: AsyncIterable[bytes]) -> None:
        member = zlib.decompressobj(31)
        begun = 0
        is_over = False
        async for chunk in chunks:
            await self._count(chunk)
            if self.wire_bytes <= _MOST_PACKED:
                self._came.append(chunk)
            data = chunk
            while data:
                if member.eof:
                    # Padding, as some archivers leave it, or junk: what came before it is whole, and browsers
                    # and curl take it so.
                    data = data.lstrip(b"\0")
                    is_over = is_over or data[:1] not in (b"", _FIRST)
                    if is_over or not data:
                        if not await self._keep(b""):
                            return
                        break
                    member = zlib.decompressobj(31)
                    begun += 1
                begun = begun or 1
                if begun > _MOST_MEMBERS:
                    raise self._fault("bad-gzip", "sent gzip in thousands of parts")
                try:
                    piece = member.decompress(data, _PIECE)
                except zlib.error as error:
                    raise self._fault("bad-gzip", "sent gzip that is damaged") from error
                if not await self._keep(piece):
                    return
                data = member.unconsumed_tail or member.unused_data
        if begun and not member.eof:
            raise self._fault("bad-gzip", "sent gzip that ends too early")
        if begun == 1 and self.wire_bytes <= _MOST_PACKED:
            self.packed = b"".join(self._came)

    async def _count(self, chunk: bytes) -> None:
        """Count what came; a body in crumbs would cost everyone's time rather than its own."""
        self.wire_bytes += len(chunk)
        self._pieces += 1
        if self._pieces > _MOST_PIECES:
            raise self._fault("protocol", f"sends its body in more than {_MOST_PIECES:,} pieces")
        if self._pieces % _BREATH == 0:
            await asyncio.sleep(0)

    async def _keep(self, piece: bytes) -> bool:
        """Add a piece; False when no more is wanted."""
        size = self._kept.tell() + len(piece)
        if size > self.max_bytes or self.wire_bytes > self.max_bytes:
            if not self._cut:
                raise self.too_large()
            self._kept.write(piece[: max(self.max_bytes - self._kept.tell(), 0)])
            return False
        while size > self._blocks * MEGABYTE:
            await self._budget.take(self)
            self._blocks += 1
        self._kept.write(piece)
        return True

    def too_large(self) -> FetchError:
        """Return the error for a body over the limit."""
        return self._fault("too-large", f"sends more than {self.max_bytes:,} bytes")

    def _fault(self, code: str, what: str) -> FetchError:
        shown = show(self._url)
        return FetchError(code, f"{shown} {what}", url=shown, status=self._status, size_bytes=self.wire_bytes)
