"""Two sources that end at one address share one request, whichever of them comes first."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from hubwatch.errors import FetchError
from hubwatch.models import Document, FetchSettings, Request, Unchanged
from hubwatch.net.download import Downloader
from hubwatch.net.landings import Landings

Answer = Document | Unchanged | FetchError
OWN = frozenset({"127.0.0.1"})


def ask(*requests: Request, at_once: bool, settings: FetchSettings | None = None) -> list[Answer]:
    """Ask for several addresses in one run."""

    async def one(downloader: Downloader, request: Request) -> Answer:
        try:
            return await downloader.get(request)
        except FetchError as error:
            return error

    async def run() -> list[Answer]:
        chosen = settings or FetchSettings(delay_s=0, timeout_s=10)
        async with Downloader(chosen, "hubwatch/test", env={}) as downloader:
            if at_once:
                return await asyncio.gather(*(one(downloader, request) for request in requests))
            return [await one(downloader, request) for request in requests]

    return asyncio.run(run())


@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "in turn"])
@pytest.mark.parametrize("order", [("/a", "/b", "/feed"), ("/feed", "/a", "/b")], ids=lambda order: order[0])
def test_what_redirects_lead_to_is_asked_once(site: Any, order: tuple[str, ...], at_once: bool) -> None:
    site.answer("/feed", "the feed", headers={"ETag": '"1"'})
    site.redirect("/a", "/feed", 302)
    site.redirect("/b", "/feed", 301)

    got = ask(*(Request(url=site.url(path), private_ok=OWN) for path in order), at_once=at_once)

    assert len(site.asked("/feed")) == 1
    by_path = dict(zip(order, got, strict=True))
    for path in order:
        document = by_path[path]
        assert isinstance(document, Document)
        assert (document.body, document.url, document.etag) == (b"the feed", site.url("/feed"), '"1"')
        assert document.requested_url == site.url(path)
        assert document.permanent_url == (site.url("/feed") if path == "/b" else None)


def test_who_may_not_be_led_there_gets_nothing_of_it(site: Any, loopback: Any) -> None:
    private = loopback("127.0.0.2")
    there = private.answer("/feed", "inside")
    site.redirect("/a", there, 302)
    may = Request(url=site.url("/a"), private_ok=OWN | {"127.0.0.2"})
    may_not = Request(url=site.url("/a"), private_ok=OWN)

    first, second = ask(may, may_not, at_once=False)

    assert isinstance(first, Document)
    assert isinstance(second, FetchError)
    assert second.code == "refused-address"


def test_a_failure_is_not_shared(site: Any, answer: Any) -> None:
    site.answers("/feed", answer(status=500, body=b""), answer(body=b"the feed"))
    site.redirect("/a", "/feed")
    site.redirect("/b", "/feed")

    first, second = ask(
        *(Request(url=site.url(path), private_ok=OWN) for path in ("/a", "/b")), at_once=False
    )

    assert isinstance(first, FetchError)
    assert isinstance(second, Document)


def test_validators_of_ones_own_are_still_of_use(site: Any) -> None:
    feed = site.feed("/feed", "the feed", etag='"1"')
    site.redirect("/a", "/feed")
    known = Request(url=feed, etag='"1"', private_ok=OWN)
    led = Request(url=site.url("/a"), etag='"1"', validators_url=feed, private_ok=OWN)

    assert all(isinstance(each, Unchanged) for each in ask(known, led, at_once=False))


def test_what_is_too_much_to_keep_is_asked_again() -> None:
    async def run() -> list[bool]:
        landings = Landings(kept_bytes=10)
        for url, size in (("a", 6), ("b", 4), ("c", 3), ("d", 11)):
            with landings.claim(url, redirected=False) as landing:
                now = datetime(2026, 1, 1, tzinfo=UTC)
                body = Document(url=url, requested_url=url, status=200, body=b"x" * size, fetched_at=now)
                landing.share(body, "127.0.0.1")
        return [landings.find(url) is not None for url in "abcd"]

    assert asyncio.run(run()) == [False, True, True, False]
