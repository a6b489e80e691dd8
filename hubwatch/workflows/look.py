"""Look at sources or addresses without storing anything: what answers, what it is, what it would give."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import TYPE_CHECKING

from hubwatch import normalize
from hubwatch.errors import FetchError, HubwatchError
from hubwatch.models import FetchSettings, Sight, Source, SourceState
from hubwatch.models.dataclass import dataclass
from hubwatch.text import urls
from hubwatch.workflows import interruption
from hubwatch.workflows.answers import Answers
from hubwatch.workflows.parsing import Parsers
from hubwatch.workflows.reading import Budget, Reader, Reading

if TYPE_CHECKING:
    from hubwatch.net.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How to look: with which settings, and whom to tell how far it is."""

    settings: FetchSettings
    user_agent: str
    host_blocks: Mapping[str, datetime] = field(default_factory=dict)  # until when hosts are left alone
    # Told at the start and after each source what is still waited for, of how many.
    on_progress: Callable[[Sequence[str], int], None] = field(default=lambda waiting, total: None)


def at(sources: Sequence[Source], look: Look, *, clock: Clock) -> tuple[Sight, ...]:
    """Look at all of them at once, each as a first sync would, and return what was seen."""
    return interruption.run(_at(sources, look, clock), clock)


async def _at(sources: Sequence[Source], look: Look, clock: Clock) -> tuple[Sight, ...]:
    from hubwatch.net.download import Downloader

    waiting = dict.fromkeys(source.id for source in sources)
    async with Downloader(
        look.settings, look.user_agent, clock=clock, host_blocks=look.host_blocks
    ) as downloader:
        reader = Reader(Answers(downloader.get), Parsers(max_items=look.settings.max_items), look.settings)

        async def one(source: Source) -> Sight:
            sight = await _see(reader, source, look.settings, now=clock.now())
            waiting.pop(source.id, None)
            look.on_progress(tuple(waiting), len(sources))
            return sight

        if sources:
            look.on_progress(tuple(waiting), len(sources))
        return tuple(await asyncio.gather(*(one(source) for source in sources)))


async def _see(reader: Reader, source: Source, settings: FetchSettings, *, now: datetime) -> Sight:
    budget = Budget.of(settings)
    try:
        reading = await reader.read(source, SourceState(source=source.id), budget)
    except HubwatchError as error:
        code = getattr(error, "code", "failed")
        suggestion = "find the right address" if source.builtin else "check the address"
        return Sight(
            source=source,
            error_code=code,
            error=urls.mask(error.message),
            http_status=error.status if isinstance(error, FetchError) else None,
            suggestion=None if code == "host-blocked" else suggestion,
        )
    return _sight(source, reading, now=now)


def _sight(source: Source, reading: Reading, *, now: datetime) -> Sight:
    page = reading.page
    assert page is not None  # without validators nothing can be unchanged
    items = normalize.normalize_all(page, source, now=now, first_reading=True)
    # What is found from a page that works is no reason to change the user's address: the page leads there.
    is_own = source.builtin or getattr(reading.answer, "requested_url", None) == source.url
    moved = is_own and urls.key(reading.url) != urls.key(source.url)
    return Sight(
        source=source,
        url=reading.url,
        kind=reading.kind,
        how=page.how,
        title=page.title,
        items=items,
        newest=max((item.published for item in items if item.published), default=None),
        suggestion=f"use {urls.mask(reading.url)} ({reading.kind})" if moved else None,
        problems=(*page.problems, *reading.notices),
        http_status=getattr(reading.answer, "status", None),
    )
