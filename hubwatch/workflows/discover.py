"""Find out what can be read at an address: ask in the contract's order, within a budget of requests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hubwatch.errors import FetchError, ParseError, SourceError
from hubwatch.fetchers import discovery
from hubwatch.fetchers.discovery import Proposal
from hubwatch.models import Candidate, Document, Page, Source
from hubwatch.text import urls
from hubwatch.workflows.reading import Budget, Reading, body_hash

if TYPE_CHECKING:
    from hubwatch.workflows.reading import Reader

REQUESTS = 10  # of one discovery, all in all: robots.txt and what redirects lead to included
NAMED = 3  # of these at feeds that a page names
GUESSES = 3  # and at well-known paths that it does not name
FEW = 3  # described items that do not make a list where the page shows a longer one
TEASER = 6  # items at most, of a home page that shows the latest only
_HOME = re.compile(r"^/?(?:[a-z]{2}(?:-[a-z]{2})?/?|(?:index|home|default)\.\w{2,5})?$", re.IGNORECASE)


async def discover(reader: Reader, source: Source, url: str, budget: Budget) -> Reading:
    """Return the best thing that can be read at or from an address; raise where there is none."""
    return await _Search(reader, source, budget).at(url, follow=True)


class _Search:
    """One discovery under way: what was asked already, and why it was no use."""

    def __init__(self, reader: Reader, source: Source, budget: Budget) -> None:
        self.reader = reader
        self.source = source
        self.budget = budget
        self.asked: set[str] = set()
        self.hosts: set[str] = set()
        self.left = REQUESTS
        self.title: str | None = None  # of the first page, for what is read from pages without one
        self.refreshed = False  # a page that leads on by itself is followed once
        self.broken: dict[str, ParseError] = {}  # addresses that are a feed, but not a readable one
        self.unread: ParseError | None = None  # why the page that a link names as the news was no use

    async def at(self, url: str, *, follow: bool) -> Reading:
        """Look at one page: what it is, what it names, what it holds; then where its news is."""
        # robots.txt is for what we look for; a feed that the user names is asked for like any other.
        named = url == self.source.url and not self.source.builtin and discovery.looks_like_feed(url)
        document = await self._fetch(url, "feed" if named else "auto", obey_robots=not named)
        self.title = self.title or discovery.site_title(document)
        elsewhere = discovery.refresh(document)
        if elsewhere is not None and elsewhere not in self.asked and not self.refreshed:
            self.refreshed = True
            return await self.at(elsewhere, follow=follow)
        proposals = await self.reader.parsers.propose(document)
        found = await self._first_of(document, _in_order(document, proposals, guess=follow))
        if follow and (found is None or _is_teaser(document, found)):
            found = _better(found, await self._followed(proposals))
        if found is None and follow:
            found = await self._first_of(document, _sitemaps(document, proposals))
        if found is not None:
            return found
        raise (
            self._reason(document)
            or self.unread
            or ParseError(
                "nothing-found",
                "no feed, WordPress, news list or sitemap was found there",
                url=url,
                hint="name the list's page itself, or give selectors: hubwatch help sources",
            )
        )

    async def _first_of(self, document: Document, proposals: Iterable[Proposal]) -> Reading | None:
        for proposal in proposals:
            found = await self._try(proposal, document)
            if found is not None:
                return found
        return None

    async def _followed(self, proposals: Iterable[Proposal]) -> Reading | None:
        """Read the page that a link names as the site's news, the plainest name first."""
        for link in (p for p in proposals if p.kind == "follow" and p.url not in self.asked):
            if self.left <= 0:
                break
            try:
                return await self.at(link.url, follow=False)
            except SourceError as error:
                if isinstance(error, ParseError) and error.code != "nothing-found":
                    self.unread = self.unread or error
        return None

    def _reason(self, document: Document) -> ParseError | None:
        """Find what a person should be told before 'nothing was found': it is broken, or we are kept out."""
        if document.url in self.broken:
            return self.broken[document.url]
        from hubwatch.fetchers import refusals

        return refusals.obstacle(document, "a list of news") or refusals.by_script(document)

    async def _try(self, proposal: Proposal, document: Document) -> Reading | None:
        """Read one proposal; None where it is not what it promised."""
        page, answer = proposal.page, document
        is_itself = proposal.url == document.url  # has been read just now
        # Where a temporary redirect led is not where to begin the next time.
        lasting = document.permanent_url or document.requested_url
        at = Candidate(url=lasting if is_itself else proposal.url, kind=proposal.kind)
        if page is None:
            if proposal.url in self.asked and not is_itself:
                return None
            try:
                if not is_itself:
                    answer = await self._fetch(proposal.url, proposal.kind)
                page, at = await self.reader.parse(answer, self.source, at, self.budget)
            except SourceError as error:
                if is_itself and isinstance(error, ParseError):
                    self.broken[document.url] = error
                return None
            if is_itself and at.kind == "feed":
                return self._found(page, answer, at, proposal.why)  # also one that is empty for now
        return self._found(page, answer, at, proposal.why) if page.items else None

    def _found(self, page: Page, answer: Document, at: Candidate, why: str) -> Reading:
        page = replace(page, how=page.how or why, title=page.title or self.title)
        return Reading(
            answer=answer, url=at.url, kind=at.kind, page=page,
            body_hash=body_hash(answer), size_bytes=self.budget.size_bytes,
        )  # fmt: skip

    async def _fetch(self, url: str, kind: str, *, obey_robots: bool = True) -> Document:
        self.asked.add(url)
        self.left -= 1 if urls.host(url) in self.hosts else 2  # robots.txt comes first
        self.hosts.add(urls.host(url))
        if self.left < 0:
            raise FetchError(
                "budget", "gave up: looking for something to read took too many requests", url=url
            )
        answer = await self.reader.ask(
            self.source, url, self.budget, kind=kind, keep=True, obey_robots=obey_robots
        )
        if not isinstance(answer, Document):
            raise FetchError("http-304", "the server said 'not modified' to a plain request", status=304)
        if answer.url != url:
            self.left -= 1  # at least one redirect
            self.asked.add(answer.url)
        return answer


def _in_order(document: Document, proposals: Sequence[Proposal], *, guess: bool) -> Iterator[Proposal]:
    """Named feeds first, then feeds at well-known paths, WordPress, the page itself: the contract's order."""
    guesses = discovery.well_known(document.url, discovery.platforms(document))[:GUESSES] if guess else ()
    yield from islice((p for p in proposals if p.kind == "feed"), NAMED)
    yield from (p for p in guesses if p.kind == "feed")
    yield from (p for p in proposals if p.kind == "wordpress")
    yield from (p for p in guesses if p.kind == "wordpress")
    yield from _on_the_page(document, proposals)


def _on_the_page(document: Document, proposals: Sequence[Proposal]) -> Iterator[Proposal]:
    """What was read in the page itself: its own description, unless it describes but one of a list."""
    described = next((p for p in proposals if p.kind == "structured"), None)
    listed = next((p for p in proposals if p.kind == "page"), None)
    if described is not None and listed is not None and _size(described) < min(FEW, _size(listed)):
        yield replace(listed, kind="news-list")
        return
    yield from (p for p in (described, listed) if p is not None)
    yield from (p for p in proposals if p.kind == "sitemap" and p.url == document.url)


def _sitemaps(document: Document, proposals: Sequence[Proposal]) -> Iterator[Proposal]:
    """Sitemaps that robots.txt names, those of news first, then those of the page and the usual one."""
    named = [url for each in document.sitemaps if (url := urls.absolute(document.url, each))]
    for url in sorted(named, key=lambda url: "news" not in url.rsplit("/", 1)[-1]):
        yield Proposal(url=url, kind="sitemap", why="robots.txt names its sitemap")
    yield from (p for p in proposals if p.kind == "sitemap" and p.url not in named)


def _size(proposal: Proposal) -> int:
    return len(proposal.page.items) if proposal.page else 0


def _is_teaser(document: Document, found: Reading) -> bool:
    """Tell whether what was found is but the few boxes of a home page, or hardly any news at all."""
    page = found.page
    if not _HOME.match(urlsplit(document.url).path) or page is None or not page.is_page:
        return False
    return len(page.items) < TEASER or 10 * _dated(page) < 6 * len(page.items)


def _better(own: Reading | None, followed: Reading | None) -> Reading | None:
    """Choose between a home page's own few items and what the page has that it names as its news."""
    if own is None or followed is None or own.page is None or followed.page is None:
        return own or followed
    page = followed.page
    if not page.is_page:
        return followed
    here = own.page
    return followed if (_dated(page), len(page.items)) > (_dated(here), len(here.items)) else own


def _dated(page: Page) -> int:
    return sum(raw.published is not None for raw in page.items)
