"""Where this run's requests came to: whoever is redirected to one of these places shares what came there."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from hubwatch.models import Document

_KEPT_BYTES = 2_000_000  # bodies of one run, the latest; what was dropped is asked for again


@dataclass(eq=False, slots=True)
class Landing:
    """One place: what came from there (None: nothing that another could use), and from which address."""

    redirected: bool = False  # whoever asked was led there
    came: asyncio.Future[Document | None] = field(default_factory=asyncio.Future)
    address: str | None = None

    def share(self, document: Document, address: str | None) -> None:
        """Let others have what came, and know which address it came from."""
        self.address = address
        self.came.set_result(replace(document, packed=b""))


class Landings:
    """The places that requests of this run came to or are on their way to."""

    def __init__(self, kept_bytes: int = _KEPT_BYTES) -> None:
        self._most = self._free = kept_bytes
        self._found: dict[str, Landing] = {}

    def find(self, url: str) -> Landing | None:
        """Return the place where somebody has been, or is about to be."""
        return self._found.get(url)

    @contextmanager
    def claim(self, url: str, *, redirected: bool) -> Iterator[Landing]:
        """Have others wait for what comes of asking this address; without `share` they ask themselves."""
        landing = self._found[url] = Landing(redirected=redirected)
        try:
            yield landing
        finally:
            document = landing.came.result() if landing.came.done() else None
            if not landing.came.done():
                landing.came.set_result(None)
            self._keep(url, landing, document)

    def _keep(self, url: str, landing: Landing, document: Document | None) -> None:
        if self._found.get(url) is not landing:
            return
        if document is None or len(document.body) > self._most:
            del self._found[url]
            return
        self._free -= len(document.body)
        for old, place in list(self._found.items()):
            if self._free >= 0:
                break
            kept = place.came.result() if place.came.done() else None
            if kept is not None:
                self._free += len(kept.body)
                del self._found[old]
