"""Find out what can be read at an address: ask in the contract's order, within a budget of requests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubwatch.errors import FetchError, ParseError, SourceError
from hubwatch.fetchers import discovery
from hubwatch.fetchers.discovery import Proposal
from hubwatch.models import Candidate, Document, Source
from hubwatch.workflows.reading import Budget, Reading

if TYPE_CHECKING:
    from hubwatch.workflows.reading import Reader

REQUESTS = 10  # of one discovery, all in all
GUESSES = 4  # of these at well-known paths that the page does not name


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One thing that can be read: where, how, and what stood in it."""

    reading: Reading
    why: str


async def discover(reader: Reader, source: Source, url: str, budget: Budget) -> Reading:
    """Return the first thing found that can be read; raise where there is none."""
    found = await first(reader, source, url, budget)
    return found.reading


async def first(reader: Reader, source: Source, url: str, budget: Budget) -> Found:
    """Return the best thing that can be read at or from an address."""
    budget.requests = min(budget.requests, REQUESTS)
    search = _Search(reader, source, budget)
    return await search.at(url, follow=True)


class _Search:
    """One discovery under way: what was asked already, and why it was no use."""

    def __init__(self, reader: Reader, source: Source, budget: Budget) -> None:
        self.reader = reader
        self.source = source
        self.budget = budget
        self.asked: set[str] = set()

    async def at(self, url: str, *, follow: bool) -> Found:
        """Look at one page: what it is, what it names, what it holds; then where its news is."""
        document = await self._fetch(url, "auto")
        proposals = await self.reader.parsers.propose(document)
        readable = [p for p in proposals if p.kind != "follow"]
        guesses = discovery.well_known(document.url, discovery.platforms(document)) if follow else ()
        for proposal in _in_order(readable, guesses[:GUESSES]):
            found = await self._try(proposal, document)
            if found is not None:
                return found
        if follow:
            for link in (p for p in proposals if p.kind == "follow"):
                try:
                    return await self.at(link.url, follow=False)
                except SourceError:
                    if self.budget.requests <= 0:
                        break
        raise ParseError(
            "nothing-found",
            "no feed, WordPress, news list or sitemap was found there",
            url=url,
            hint="name the list's page itself, or give selectors: hubwatch help sources",
        )

    async def _try(self, proposal: Proposal, document: Document) -> Found | None:
        """Read one proposal; None where it is not what it promised."""
        page, answer = proposal.page, document
        at = Candidate(url=proposal.url, kind=proposal.kind)
        if page is None:
            if proposal.url in self.asked:
                return None
            try:
                answer = await self._fetch(proposal.url, proposal.kind)
                page, at = await self.reader.parse(answer, self.source, at, self.budget)
            except SourceError:
                return None
        if not page.items:
            return None
        digest = hashlib.sha256(answer.body).hexdigest()[:32]
        reading = Reading(
            answer=answer, url=at.url, kind=proposal.kind, page=replace(page, how=page.how or proposal.why),
            body_hash=digest, size_bytes=self.budget.size_bytes,
        )  # fmt: skip
        return Found(reading=reading, why=proposal.why)

    async def _fetch(self, url: str, kind: str) -> Document:
        self.asked.add(url)
        answer = await self.reader.ask(self.source, url, self.budget, kind=kind, keep=True)
        if not isinstance(answer, Document):
            raise FetchError("http-304", "the server said 'not modified' to a plain request", status=304)
        return answer


def _in_order(named: Iterable[Proposal], guessed: Iterable[Proposal]) -> Iterator[Proposal]:
    """Named feeds first, then feeds at well-known paths, then the rest: the contract's order."""
    named = tuple(named)
    yield from (p for p in named if p.kind == "feed")
    yield from (p for p in guessed if p.kind == "feed")
    yield from (p for p in named if p.kind != "feed")
    yield from (p for p in guessed if p.kind != "feed")
