"""Documents that the fast path cannot take: parsed apart when large, ended when slow."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime

import pytest

from hubwatch.errors import ParseError
from hubwatch.models import Document, Source
from hubwatch.workflows.parsing import HERE_BYTES, Parsers

SOURCE = Source(id="one", name="One", url="https://example.org/news/")


def document(body: str, content_type: str = "text/html") -> Document:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    return Document(
        url=SOURCE.url,
        requested_url=SOURCE.url,
        status=200,
        body=body.encode(),
        content_type=content_type,
        fetched_at=now,
    )


def large_page() -> str:
    blocks = "".join(
        f"<article><h3><a href='/news/{n}'>Announcement number {n} of the institute</a></h3>"
        f"<time datetime='2026-10-{n:02}'></time><p>{'What it says. ' * 1000}</p></article>"
        for n in range(1, 21)
    )
    return f"<html><body><main>{blocks}</main></body></html>"


def test_a_large_page_is_parsed_apart_with_the_same_result() -> None:
    page = document(large_page())
    assert len(page.body) > HERE_BYTES
    found = asyncio.run(Parsers(max_items=5000).parse(page, SOURCE, "page"))
    assert len(found.items) == 20
    proposals = asyncio.run(Parsers(max_items=5000).propose(page))
    assert any(proposal.page and len(proposal.page.items) == 20 for proposal in proposals)


def test_an_error_from_apart_says_the_same() -> None:
    page = document(f"<html><body><p>{'No list here. ' * 30_000}</p></body></html>")
    with pytest.raises(ParseError) as caught:
        asyncio.run(Parsers(max_items=5000).parse(page, SOURCE, "news-list"))
    assert caught.value.code == "no-list"


def test_what_takes_too_long_is_given_up() -> None:
    with pytest.raises(ParseError) as caught:
        asyncio.run(Parsers(max_items=5000, limit_s=0.01).parse(document(large_page()), SOURCE, "page"))
    assert caught.value.code == "parse-timeout"


def test_without_a_process_to_have_the_document_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(ParseError) as caught:
        asyncio.run(Parsers(max_items=5000).parse(document(large_page()), SOURCE, "page"))
    assert caught.value.code == "unreadable"


def test_what_is_over_the_limit_is_left_out_with_a_notice() -> None:
    found = asyncio.run(Parsers(max_items=3).parse(document(large_page()), SOURCE, "page"))
    assert len(found.items) == 3
    assert found.problems == ("17 items over the limit of 3 left out",)


def test_a_list_that_is_found_in_a_page_is_cut_at_the_limit_too() -> None:
    proposals = asyncio.run(Parsers(max_items=3).propose(document(large_page())))
    assert [len(proposal.page.items) for proposal in proposals if proposal.page] == [3]


@pytest.mark.parametrize("limit", [3, 7000])
def test_the_limit_of_the_config_is_the_only_one(limit: int) -> None:
    items = "".join(f"<item><link>https://example.org/{n}</link></item>" for n in range(6000))
    feed = f'<rss version="2.0"><channel><title>News</title>{items}</channel></rss>'
    found = asyncio.run(Parsers(max_items=limit).parse(document(feed, "text/xml"), SOURCE, "feed"))
    assert len(found.items) == min(limit, 6000)
    assert found.problems == (("5,997 items over the limit of 3 left out",) if limit == 3 else ())
