"""An address is asked once in a run, unless the answer to one says nothing to another."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hubwatch.models import Document, Request, Unchanged
from hubwatch.workflows.answers import Answer, Answers

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
URL = "https://lift.example/sitemap_index.xml"
NEW, OLD = Request(url=URL, etag='"new"'), Request(url=URL, etag='"old"')


class Site:
    """A site whose page has the ETag `"new"`, and that says so slowly."""

    def __init__(self) -> None:
        self.asked: list[str | None] = []

    async def answer(self, request: Request) -> Answer:
        self.asked.append(request.etag)
        for _ in range(3):
            await asyncio.sleep(0)
        if request.etag == '"new"':
            return Unchanged(url=URL, requested_url=URL, etag='"new"', fetched_at=NOW)
        return Document(url=URL, requested_url=URL, status=200, body=b"<sitemapindex/>", fetched_at=NOW)


async def _ask_at_once(site: Site, *requests: Request) -> list[Answer]:
    answers = Answers(site.answer)
    return await asyncio.gather(*(answers.get(request) for request in requests))


@pytest.mark.parametrize("other", [OLD, Request(url=URL)], ids=["of another version", "of none"])
def test_what_is_unchanged_for_one_is_asked_for_by_who_knows_another_version(other: Request) -> None:
    site = Site()
    first, second, third = asyncio.run(_ask_at_once(site, NEW, other, replace(other)))
    assert isinstance(first, Unchanged)
    assert isinstance(second, Document)
    assert isinstance(third, Document)
    assert site.asked == ['"new"', other.etag]


@pytest.mark.parametrize("requests", [(NEW, NEW), (OLD, NEW)], ids=["the same version", "a whole answer"])
def test_what_says_something_to_both_is_asked_for_once(requests: tuple[Request, Request]) -> None:
    site = Site()
    first, second = asyncio.run(_ask_at_once(site, *requests))
    assert first is second
    assert site.asked == [requests[0].etag]
