"""Read a source's history: page after page of its list, or of what the site has beyond its feed.

Each page is stored with where to go on, so that an interrupted walk is resumed and no page is asked twice.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from hubwatch.errors import SourceError
from hubwatch.fetchers.discovery import Proposal
from hubwatch.models import Candidate, Document, Item, Page, RawItem, Source, SourceState
from hubwatch.models.dataclass import dataclass
from hubwatch.text import dates, urls
from hubwatch.text.numbers import counted
from hubwatch.workflows import details, taking_in
from hubwatch.workflows.reading import Budget, Reader, Reading

PAGES = 1000  # of one source in one run
_CHUNK = 20  # articles of a sitemap that are stored together
_MOST_LEFT = 200  # articles that are remembered to be asked last
_WORDPRESS_FEED = re.compile(rb"<generator>[^<]{0,60}wordpress", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One page of the history: what stood in it, how it was read, and where the next older one is."""

    page: Page
    kind: str
    next_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """How far a walk came: the state to go on from, what was read and new, and what was in the way."""

    state: SourceState
    found: int
    new: int
    left: int = 0  # articles that could not answer now
    fault: SourceError | None = None
    is_through: bool = False  # it came to its end, but for those articles

    @property
    def words(self) -> str:
        """Say it in words."""
        words = f"read {counted(self.new, 'older item')} of its history"
        if self.left:
            words += f"; left out {counted(self.left, 'article')} that cannot be read now"
        if self.fault is not None:
            return f"{words}{'' if self.is_through else '; stopped'}: {self.fault.message}"
        return words if self.state.backfilled else f"{words}; there is more"


Fetch = Callable[[Candidate], Awaitable[Document | None]]
Save = Callable[[Page, str, SourceState], Awaitable[taking_in.TakenIn]]  # page, how it is read, state


class Walk:
    """The history of one source, from where an earlier walk stopped or from the newest page on."""

    def __init__(self, reader: Reader, source: Source, *, since: datetime | None, now: datetime) -> None:
        self.reader = reader
        self.source = source
        self.since = since
        self.now = now
        self.asked: set[str] = set()
        self.budget = Budget(seconds=float("inf"), requests=PAGES + 200)
        self.hindered: SourceError | None = None  # why articles of a sitemap could not be asked now
        self.busy: dict[str, SourceError] = {}  # those that could not answer now, by address
        self.fault: SourceError | None = None  # why one place of several could not be read
        self.last: frozenset[str] = frozenset()  # keys of those that could not before: they are asked last
        self.put_off: list[RawItem] = []

    async def run(
        self, state: SourceState, reading: Reading, save: Save, on_page: Callable[[int], None]
    ) -> Walked:
        """Walk to the end, to `since`, or until something is in the way; what was stored by then is kept."""
        found, new, pages, is_through = 0, 0, 0, False
        fault: SourceError | None = None
        left = (state.backfill_left or "").split()
        self.last = frozenset(map(urls.key, left))
        try:
            async for step in self._steps(state, reading):
                goes_on = step.next_url is not None
                state = replace(state, backfill_url=_mark(step) if goes_on else None)
                taken = await save(step.page, step.kind, state)
                found += taken.found
                new += taken.new
                pages += 1
                on_page(pages)
                if self.hindered is not None:
                    raise self.hindered
                if pages >= PAGES or self._is_past(step.page):
                    break
            else:
                left, is_through = [], True  # they were asked again, and some are busy still
                fault = next(iter(self.busy.values()), self.fault)
                state = replace(state, backfill_url=None, backfilled=fault is None)
        except SourceError as error:
            fault = error
        left = list(dict.fromkeys((*left, *self.busy)))[:_MOST_LEFT]
        state = replace(state, backfill_left=" ".join(left) or None)
        busy = len(self.busy)
        return Walked(state=state, found=found, new=new, left=busy, fault=fault, is_through=is_through)

    async def _steps(self, state: SourceState, reading: Reading) -> AsyncIterator[Step]:
        start = _resumed(state) or self._after(reading)
        if start is None:
            async for step in self._beyond(reading):
                yield step
            return
        async for step in self._list(start, self._fetch):
            yield step

    async def _list(self, at: Candidate, fetch: Fetch) -> AsyncIterator[Step]:
        """Read a list from its first page on."""
        if at.url in self.asked:
            return
        document = await fetch(at)
        page = await self._parse(document, at)
        if document is not None and page is not None:
            async for step in self._walk(document, page, at):
                yield step

    async def _walk(self, document: Document, page: Page, at: Candidate) -> AsyncIterator[Step]:
        """Follow a list from a page that was read to the next older one; a page that was seen ends it."""
        seen: set[tuple[str | None, str | None]] = set()
        # Some sites give their last page for whatever number is beyond it; others all items one guid.
        while not seen.issuperset(names := {(raw.guid or raw.url, raw.title) for raw in page.items}):
            seen |= names
            following = next_page(document, page, at)
            goes_on = following is not None and following.url not in self.asked
            yield Step(page=page, kind=at.kind, next_url=following.url if following and goes_on else None)
            if following is None or not goes_on:
                return
            at = following
            next_document = await self._fetch(at)
            next_read = await self._parse(next_document, at)
            if next_document is None or next_read is None:
                return
            document, page = next_document, next_read

    async def _parse(self, document: Document | None, at: Candidate) -> Page | None:
        """Read a page of the history; None where it is none."""
        if document is None:
            return None
        try:
            return await self.reader.parsers.parse(document, self.source, at.kind)
        except SourceError:
            return None

    async def _fetch(self, at: Candidate) -> Document | None:
        self.asked.add(at.url)
        try:
            answer = await self.reader.ask(
                self.source, at.url, self.budget, kind="page" if at.kind == "feed" else at.kind
            )
        except SourceError as error:
            if error.code in ("http-404", "http-400", "http-410", "gone", "robots", "refused-address"):
                return None  # beyond the last page, or where nobody may go
            raise
        return answer if isinstance(answer, Document) else None

    async def _try(self, at: Candidate) -> Document | None:
        """Fetch one place of several: what is in its way keeps nobody from the others."""
        try:
            return await self._fetch(at)
        except SourceError as error:
            # A second one that is not reached: probably the others are not either.
            if error.code in details.ENOUGH or (self.fault and error.code in details.UNREACHED):
                raise
            self.fault = self.fault or error
            return None

    def _after(self, reading: Reading) -> Candidate | None:
        """Where the list goes on after the page that was just read."""
        if reading.page is None or not isinstance(reading.answer, Document):
            return None
        self.asked.update((reading.url, reading.answer.url))
        return next_page(reading.answer, reading.page, Candidate(url=reading.url, kind=reading.kind))

    async def _beyond(self, reading: Reading) -> AsyncIterator[Step]:
        """What the site has beyond what was read: WordPress, a list, what only its sitemap names."""
        if reading.kind in ("sitemap", "grants-gov"):
            return
        known = {raw.url for raw in reading.page.items if raw.url} if reading.page else set()
        places = self._places(reading) if reading.kind == "feed" else ()
        has_pages = False
        async for step in self._first_list(places):
            known.update(raw.url for raw in step.page.items if raw.url)
            has_pages = has_pages or step.next_url is not None or step.kind == "wordpress"
            yield step
        if not has_pages:
            async for step in self._sitemap(urljoin(reading.url, "/sitemap.xml"), frozenset(known)):
                yield step
            for step in _in_chunks(Page(), self.put_off):
                yield step

    def _places(self, reading: Reading) -> tuple[str, ...]:
        """Where a feed's site may list its items: the address the user gave, the hub's, the site's own."""
        given = (self.source.url, self.source.homepage, urljoin(reading.url, "/"))
        return tuple(dict.fromkeys(url for url in given if url))

    async def _first_list(self, places: Sequence[str]) -> AsyncIterator[Step]:
        """Walk the first list that one of these pages is or names."""
        for place in places:
            document = await self._try(Candidate(url=place, kind="page")) if place not in self.asked else None
            proposals = await self._proposals(document)
            found = False
            for proposal in sorted(proposals, key=lambda proposal: proposal.kind != "wordpress"):
                if document is not None and proposal.page is not None and proposal.page.items:
                    steps = self._walk(document, proposal.page, Candidate(url=place, kind="page"))
                elif proposal.kind in ("wordpress", "follow"):
                    kind = "page" if proposal.kind == "follow" else proposal.kind
                    steps = self._list(Candidate(url=proposal.url, kind=kind), self._try)
                else:
                    continue
                async for step in steps:
                    found = True
                    yield step
                # A home page shows the latest only: what it names goes on where it stops.
                if found and (proposal.page is None or proposal.page.next_url):
                    return
            if found:
                return

    async def _proposals(self, document: Document | None) -> tuple[Proposal, ...]:
        try:
            return await self.reader.parsers.propose(document) if document else ()
        except SourceError:
            return ()

    async def _sitemap(self, url: str, known: frozenset[str]) -> AsyncIterator[Step]:
        """Read the articles of a sitemap (or of an index) that are built like the known ones."""
        from hubwatch.fetchers import siblings, sitemap

        document = await self._try(Candidate(url=url, kind="sitemap")) if url not in self.asked else None
        if document is None:
            return
        try:
            page = await self.reader.parsers.parse(document, self.source, "sitemap")
            page = sitemap.without_build_days(page)
            children = () if page.items else sitemap.news_children(document)
        except SourceError:
            return
        for child in children:
            async for step in self._sitemap(child, known):
                yield step
        alike = siblings.like(known, (raw.url for raw in page.items if raw.url))
        if alike is None:
            alike = tuple(raw.url for raw in sitemap.articles(page) if raw.url)
        wanted = set(alike)
        items = [raw for raw in page.items if raw.url in wanted and not self._is_old(raw)]
        self.put_off += (raw for raw in items if urls.key(raw.url or "") in self.last)
        for step in _in_chunks(page, [raw for raw in items if urls.key(raw.url or "") not in self.last]):
            yield step

    def _is_old(self, raw: RawItem) -> bool:
        """Tell whether a sitemap's article was last changed before what was asked for."""
        changed = dates.parse(raw.updated, now=self.now) if self.since and raw.updated else None
        return changed is not None and self.since is not None and changed < self.since

    def _is_past(self, page: Page) -> bool:
        """Tell whether a page is older than what was asked for."""
        if self.since is None:
            return False
        found = [dates.parse(raw.published or raw.updated, now=self.now) for raw in page.items]
        days = [day for day in found if day is not None]
        return bool(days) and max(days) < self.since


async def fill_in(walk: Walk, kind: str, page: Page, new: tuple[Item, ...]) -> tuple[Item, ...]:
    """Complete what a sitemap's articles lack from their own pages; those that are not there are left out."""
    if kind != "sitemap":
        return new
    untitled = details.wanted(new, kind, page, most=_CHUNK)
    said = await details.fill_in(walk.reader, walk.source, untitled, walk.budget, titles=True, now=walk.now)
    walk.hindered = said.hindered
    walk.busy.update(said.busy)
    names = {item.id for item in untitled}
    filled = said.items
    return tuple(filled.get(item.id, item) for item in new if item.id in filled or item.id not in names)


def _in_chunks(page: Page, items: Sequence[RawItem]) -> Iterator[Step]:
    for start in range(0, len(items), _CHUNK):
        chunk = tuple(items[start : start + _CHUNK])
        yield Step(page=replace(page, items=chunk), kind="sitemap", next_url=None)


def next_page(document: Document, page: Page, at: Candidate) -> Candidate | None:
    """Tell where the next older page of a list is: as it says, else by what WordPress feeds take."""
    if page.next_url:
        return Candidate(url=page.next_url, kind=at.kind)
    if at.kind == "feed" and page.items and _WORDPRESS_FEED.search(document.body[:4000]):
        return Candidate(url=_paged(document.url), kind="feed")
    return None


def _paged(url: str) -> str:
    """Count the parameter `paged` up by one: how a WordPress feed gives what is older."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    number = query.get("paged", "1")
    query["paged"] = str(int(number) + 1 if number.isdigit() else 2)
    return urlunsplit(parts._replace(query=urlencode(query)))


def _mark(step: Step) -> str:
    # How the page is read stands before its address, so that a walk goes on as it began.
    return f"{step.kind} {step.next_url}"


def _resumed(state: SourceState) -> Candidate | None:
    if not state.backfill_url:
        return None
    kind, _, url = state.backfill_url.partition(" ")
    return Candidate(url=url, kind=kind) if urls.absolute(url, url) else None
