"""Read one source: ask the address that worked, else walk its chain, else look for what can be read.

Knows nothing of the store. Whatever goes wrong rises as a SourceError.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice, takewhile

from hubwatch import politeness
from hubwatch.errors import FetchError, ParseError, SourceError
from hubwatch.models import Candidate, Document, FetchSettings, Page, Request, Source, SourceState, Unchanged
from hubwatch.models.dataclass import dataclass
from hubwatch.text import urls
from hubwatch.text.numbers import counted
from hubwatch.workflows.answers import Answer, Answers
from hubwatch.workflows.line import Place
from hubwatch.workflows.parsing import Parsers

# What says that an address is no longer (or never was) the right one, so that it pays to look elsewhere.
STRUCTURAL = frozenset(
    {
        "http-400", "http-401", "http-403", "http-404", "http-405", "http-406", "http-410", "gone",
        "dns", "tls", "connect", "refused-address", "too-many-redirects",
        "not-a-feed", "not-json", "no-list", "list-gone", "soft-404", "login-page", "empty", "unreadable",
        "bot-wall", "selector", "robots",
    }
)  # fmt: skip
_PAGE_KINDS = frozenset({"page", "news-list", "structured", "sitemap"})
SITEMAPS = 3  # of an index that are looked into
SHARE = 3  # a source with all its requests may take this many times one request's limit
USUAL_DELAY_S = 1.0
CHAIN_REQUESTS = 24  # all requests of one source in one run, discovery included


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What reading a source came to: `page` is None where nothing has changed."""

    answer: Answer
    url: str
    kind: str
    page: Page | None = None
    index: Answer | None = None  # of a sitemap without news: what its index answered, where that has no newer
    body_hash: str | None = None
    notices: tuple[str, ...] = ()
    size_bytes: int = 0


class Budget:
    """What one source may still spend in this run, seconds and requests, and its place in line."""

    def __init__(self, *, seconds: float, requests: int = CHAIN_REQUESTS, place: Place | None = None) -> None:
        self.seconds = seconds
        self.requests = requests
        self.place = place
        self.size_bytes = 0
        self.http_status: int | None = None  # of the last answer that came

    @classmethod
    def of(cls, settings: FetchSettings, place: Place | None = None) -> Budget:
        """Give what one source may spend; with a long delay between requests, the time to wait for it too."""
        waits_s = CHAIN_REQUESTS * max(0.0, settings.delay_s - USUAL_DELAY_S)
        return cls(seconds=SHARE * settings.timeout_s + waits_s, place=place)

    def spend(self, asking_s: float, all_s: float, delay_s: float) -> None:
        """Count what a request took, with the pause after the source's own last one, not after others'."""
        self.seconds -= asking_s + min(max(all_s - asking_s, 0.0), delay_s)

    def take(self) -> None:
        """Count one request, or raise when the source has had its share."""
        if self.requests <= 0 or self.seconds <= 0.05:
            raise FetchError("budget", "gave up: the source had used up its time and requests for this run")
        self.requests -= 1


class Reader:
    """Reads sources through one set of answers and parsers."""

    def __init__(self, answers: Answers, parsers: Parsers, settings: FetchSettings) -> None:
        self.answers = answers
        self.parsers = parsers
        self.settings = settings

    async def read(self, source: Source, state: SourceState, budget: Budget) -> Reading:
        """Return what the source has now."""
        known = learned(source, state)
        failure: SourceError | None = None
        if known is not None:
            try:
                return await self._read_known(source, state, known, budget)
            except SourceError as error:
                if not _may_look_elsewhere(source, state, error):
                    raise
                failure = error
        try:
            return await self._find(source, state, budget, tried=known.url if known else None)
        except SourceError as error:
            raise _worst(failure, error) from error

    async def ask(
        self,
        source: Source,
        url: str,
        budget: Budget,
        *,
        kind: str,
        state: SourceState | None = None,
        keep: bool = False,
        obey_robots: bool = False,
    ) -> Answer:
        """Ask one address for a source, within its budget; pages always as robots.txt wants it.

        Where the source has a place in line, the answer comes when it is its turn to be parsed.
        """
        budget.take()
        if budget.place is not None:
            budget.place.leave()
        request = Request(
            url=url,
            etag=state.etag if state else None,
            last_modified=state.last_modified if state else None,
            validators_url=state.validators_url if state else None,
            json_body=_json_body(source, kind),
            private_ok=private_ok(source, self.settings),
            obey_robots=obey_robots or kind in _PAGE_KINDS or kind == "auto",
            timeout_s=min(self.settings.timeout_s, budget.seconds),
        )
        if budget.place is None:
            return await self._get(request, budget, keep=keep)
        return await budget.place.take(await self._get(request, budget, keep=keep))

    async def _get(self, request: Request, budget: Budget, *, keep: bool) -> Answer:
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            answer = await self.answers.get(request, keep=keep)
        except FetchError as error:
            budget.spend(error.elapsed_s, loop.time() - began, self.settings.delay_s)
            budget.size_bytes += error.size_bytes
            raise
        budget.spend(answer.elapsed_s, loop.time() - began, self.settings.delay_s)
        budget.size_bytes += answer.size_bytes
        budget.http_status = 304 if isinstance(answer, Unchanged) else answer.status
        return answer

    async def _read_known(
        self, source: Source, state: SourceState, known: Candidate, budget: Budget
    ) -> Reading:
        asked = state if state.url == known.url else None
        answer = await self.ask(source, known.url, budget, kind=known.kind, state=asked)
        digest = state.body_hash if isinstance(answer, Unchanged) else body_hash(answer)
        is_read = asked is not None and state.read_by == politeness.READERS
        if isinstance(answer, Unchanged) or (is_read and digest == state.body_hash and answer.body):
            same = self._reading(answer, None, known, digest, budget)
            return await self._newer_sitemap(source, state, same, budget)
        try:
            page, known = await self.parse(answer, source, known, budget)
        except ParseError as error:
            self.answers.keep(known.url, answer)
            if error.code == "no-list" and state.item_count:
                raise _list_gone(source, state, known.url) from error
            raise
        is_bare = page.is_page and not (page.items or page.members or page.says_empty)
        if is_bare and state.item_count:
            self.answers.keep(known.url, answer)
            raise _list_gone(source, state, known.url)
        return self._reading(answer, page, known, digest, budget)

    async def parse(
        self, answer: Document, source: Source, at: Candidate, budget: Budget
    ) -> tuple[Page, Candidate]:
        """Parse a document; of an index of sitemaps go on to the one that holds the news."""
        page = await self.parsers.parse(answer, source, at.kind)
        if at.kind != "sitemap":
            return page, at
        from hubwatch.fetchers import sitemap

        named = () if page.items else sitemap.news_children(answer)
        child = await self._first_sitemap(source, at.url, named, budget)
        if child is not None:
            return child[1:]
        return sitemap.news_only(sitemap.without_build_days(page)), at

    async def _first_sitemap(
        self, source: Source, index_url: str, named: Iterable[str], budget: Budget
    ) -> tuple[Document, Page, Candidate] | None:
        """Read the first of an index's sitemaps that has something."""
        from hubwatch.fetchers import sitemap

        failure: SourceError | None = None
        for url in islice(named, SITEMAPS):
            try:
                child = await self.ask(source, url, budget, kind="sitemap", keep=True)
                if not isinstance(child, Document):
                    continue
                page = sitemap.without_build_days(await self.parsers.parse(child, source, "sitemap"))
            except SourceError as error:
                failure = failure or error
                continue
            if page.items:
                page = replace(sitemap.news_only(page), index_url=index_url)
                return child, page, Candidate(url=url, kind="sitemap")
        if failure is not None:
            raise failure
        return None

    async def _newer_sitemap(
        self, source: Source, state: SourceState, same: Reading, budget: Budget
    ) -> Reading:
        """Look whether the index now names another sitemap first: many begin one each month or thousand."""
        if state.index_url is None or same.url != state.url:
            return same
        from hubwatch.fetchers import sitemap

        asked = replace(
            state, etag=state.index_etag, last_modified=state.index_last_modified, validators_url=None
        )
        try:
            index = await self.ask(source, state.index_url, budget, kind="sitemap", state=asked)
            named = sitemap.news_children(index) if isinstance(index, Document) else ()
            newer = tuple(takewhile(lambda url: url != same.url, named))
            found = await self._first_sitemap(source, state.index_url, newer, budget)
        except SourceError:
            return same  # the known one is there: no reason for the source to fail
        if found is None:
            # One that is empty still may have something the next time, whatever the index says of it.
            return same if newer else replace(same, index=index)
        document, page, at = found
        return self._reading(document, page, at, body_hash(document), budget)

    def _reading(
        self, answer: Answer, page: Page | None, at: Candidate, digest: str | None, budget: Budget
    ) -> Reading:
        url = at.url
        notices: tuple[str, ...] = ()
        if answer.permanent_url and answer.permanent_url != at.url:
            # What is there reads as the same kind of source, or is what was read last: it is kept.
            url = answer.permanent_url
            notices = (f"moved for good to {urls.mask(url)}; that address is asked from now on",)
        return Reading(
            answer=answer, url=url, kind=at.kind, page=page, body_hash=digest, notices=notices,
            size_bytes=budget.size_bytes,
        )  # fmt: skip

    async def _find(
        self, source: Source, state: SourceState, budget: Budget, *, tried: str | None
    ) -> Reading:
        """Walk the chain, then discover; say once what was found instead of what was known."""
        failure: SourceError | None = None
        for candidate in _chain(source, tried):
            try:
                reading = await self._try(source, candidate, budget)
            except SourceError as error:
                failure = failure or error
                if error.code in ("budget", "host-blocked"):
                    break
                continue
            return _switched(reading, state)
        if source.what == "members" or (source.kind != "auto" and not source.builtin):
            raise failure or ParseError("nothing-found", "no other address of it is known", url=tried)
        from hubwatch.workflows.discover import discover

        try:
            found = await discover(self, source, source.homepage or source.url, budget)
        except SourceError as error:
            raise _worst(failure, error) from error
        return _switched(found, state)

    async def _try(self, source: Source, candidate: Candidate, budget: Budget) -> Reading:
        answer = await self.ask(source, candidate.url, budget, kind=candidate.kind, keep=source.builtin)
        if not isinstance(answer, Document):
            raise FetchError("http-304", "the server said 'not modified' to a plain request", status=304)
        digest = body_hash(answer)
        page, candidate = await self.parse(answer, source, candidate, budget)
        if not (page.items or page.members) and candidate.kind == "page":
            raise ParseError("no-list", "the page shows no list of news", url=candidate.url)
        return self._reading(answer, page, candidate, digest, budget)


def body_hash(document: Document) -> str:
    """Hash a body, to tell the next time whether it is the same one."""
    return hashlib.sha256(document.body).hexdigest()[:32]


def without_body(reading: Reading) -> Reading:
    """Drop the bytes of what was read, which may wait a while for its turn."""
    if isinstance(reading.answer, Unchanged):
        return reading
    return replace(reading, answer=replace(reading.answer, body=b""))


def learned(source: Source, state: SourceState) -> Candidate | None:
    """Return the address that is asked first, or None where one is still to be found."""
    if state.url and state.kind:
        return Candidate(url=state.url, kind=state.kind)
    return _own(source)


def private_ok(source: Source, settings: FetchSettings) -> frozenset[str]:
    """Name the hosts in private address space that this source may lead to: its own, and those allowed."""
    own = {urls.host(address).rpartition(":")[0] for address in (source.url, source.homepage) if address}
    return frozenset({*(() if source.builtin else own), *settings.allow_private})


def _list_gone(source: Source, state: SourceState, url: str) -> ParseError:
    return ParseError(
        "list-gone",
        f"the page had {counted(state.item_count, 'item')} and now shows none",
        url=url,
        hint=f"look at it with: hubwatch sources check {source.id}",
    )


def _own(source: Source) -> Candidate | None:
    """Return the configured address, where it is clear how to read it."""
    if source.candidates:
        return None
    if source.what == "members":
        return Candidate(url=source.url, kind="page")  # what is found by itself is news
    return None if source.kind == "auto" else Candidate(url=source.url, kind=source.kind)


def _chain(source: Source, tried: str | None) -> Iterator[Candidate]:
    own = _own(source)
    for candidate in source.candidates if own is None else (own,):
        if candidate.url != tried:
            yield candidate


def _may_look_elsewhere(source: Source, state: SourceState, error: SourceError) -> bool:
    if error.code not in STRUCTURAL:
        return False
    return source.builtin or source.kind == "auto" or state.url not in (None, source.url)


def _switched(reading: Reading, state: SourceState) -> Reading:
    if state.url and state.url != reading.url:
        words = f"reads {urls.mask(reading.url)} instead of {urls.mask(state.url)}, which stopped working"
        return replace(reading, notices=(*reading.notices, words))
    return reading


def _worst(first: SourceError | None, second: SourceError) -> SourceError:
    """Prefer the reason that names the source's own address to that of a later attempt."""
    return first if first is not None and second.code != "gone" else second


def _json_body(source: Source, kind: str) -> str | None:
    if kind != "grants-gov":
        return None
    from hubwatch.fetchers import grants_gov

    return grants_gov.request_body(source.query or "manufacturing")
