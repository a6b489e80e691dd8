"""What hosts ask of guests: Retry-After, robots.txt, spacing; through the Downloader, by a fake clock."""

from __future__ import annotations

import asyncio
import socket
from datetime import timedelta
from typing import Any

import httpcore
import pytest

from hubwatch.errors import FetchError
from hubwatch.models import FetchSettings, Request
from hubwatch.net.clock import SystemClock
from hubwatch.net.download import Downloader

OWN = frozenset({"127.0.0.1"})
SETTINGS = FetchSettings(delay_s=0, timeout_s=10)


def visit(
    clock: Any,
    *requests: Request,
    together: bool = False,
    settings: FetchSettings = SETTINGS,
    host_blocks: Any = None,
) -> tuple[list[Any], dict[str, Any]]:
    """Ask in one run; returns status or code of each, and the hosts to be left alone."""

    async def run() -> tuple[list[Any], dict[str, Any]]:
        async with Downloader(
            settings, "hubwatch/0", clock=clock, env={}, host_blocks=host_blocks
        ) as downloader:

            async def one(request: Request) -> Any:
                try:
                    answer = await downloader.get(request)
                except FetchError as error:
                    return error.code
                return getattr(answer, "status", 304)

            if together:
                found = list(await asyncio.gather(*(one(request) for request in requests)))
            else:
                found = [await one(request) for request in requests]
            return found, downloader.host_blocks()

    return asyncio.run(run())


def ask(url: str, *, robots: bool = False, **how: Any) -> Request:
    return Request(url=url, private_ok=OWN, obey_robots=robots, **how)


# --- Retry-After ------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("value", ["7200", "Sun, 22 Nov 2026 14:00:00 GMT"], ids=["seconds", "date"])
def test_retry_after_blocks_the_whole_host(
    site: Any, loopback: Any, clock: Any, status: int, value: str
) -> None:
    other = loopback()
    other.answer("/c", "x")
    site.answer("/a", status=status, headers={"Retry-After": value})
    site.answer("/b", "x")

    codes, blocks = visit(clock, ask(site.url("/a")), ask(site.url("/b")), ask(other.url("/c")))

    assert codes == [f"http-{status}", "host-blocked", 200]
    assert blocks == {site.name: clock.now() + timedelta(hours=2)}
    assert len(site.log) == 1


def test_a_block_lasts_into_the_next_run_and_ends(site: Any, clock: Any) -> None:
    site.answer("/b", "x")
    blocks = {site.name: clock.now() + timedelta(hours=1)}

    assert visit(clock, ask(site.url("/b")), host_blocks=blocks) == (["host-blocked"], blocks)
    clock.advance(3600)
    assert visit(clock, ask(site.url("/b")), host_blocks=blocks) == ([200], {})


def test_a_block_for_longer_than_any_host_is_left_alone_came_of_a_wrong_clock(site: Any, clock: Any) -> None:
    site.answer("/b", "x")
    week = clock.now() + timedelta(days=7)
    assert visit(clock, ask(site.url("/b")), host_blocks={site.name: week})[0] == ["host-blocked"]
    later = {site.name: week + timedelta(seconds=1)}
    assert visit(clock, ask(site.url("/b")), host_blocks=later) == ([200], {})


@pytest.mark.parametrize("value", ["soon", "-5", "0", ""])
def test_garbage_in_retry_after_blocks_nobody(site: Any, clock: Any, value: str) -> None:
    site.answer("/a", status=503, headers={"Retry-After": value})
    site.answer("/b", "x")

    assert visit(clock, ask(site.url("/a")), ask(site.url("/b"))) == (["http-503", 200], {})


def test_those_already_waiting_for_the_host_are_turned_away_too(site: Any, clock: Any) -> None:
    site.answer("/a", status=429, headers={"Retry-After": "60"}, delay_s=0.02)
    one_by_one = FetchSettings(delay_s=0, per_host=1, timeout_s=10)

    codes, _ = visit(clock, *[ask(site.url("/a"))] * 5, together=True, settings=one_by_one)

    assert sorted(codes) == ["host-blocked"] * 4 + ["http-429"]
    assert len(site.log) == 1


# --- spacing ----------------------------------------------------------------------------------


def test_requests_to_one_host_are_spaced_redirects_too(site: Any, clock: Any) -> None:
    site.redirect("/a", "/b")
    site.answer("/b", "x")
    site.answer("/c", "y")

    codes, _ = visit(
        clock, ask(site.url("/a")), ask(site.url("/c")), settings=FetchSettings(delay_s=1.0, timeout_s=10)
    )

    assert codes == [200, 200]
    assert clock.elapsed_s == pytest.approx(2.0)


def test_waiting_for_a_turn_costs_no_time_limit(site: Any, clock: Any) -> None:
    site.answer("/a", "x", delay_s=0.04)
    settings = FetchSettings(delay_s=0, per_host=1, timeout_s=0.6)

    codes, _ = visit(clock, *[ask(site.url("/a"))] * 20, together=True, settings=settings)

    assert codes == [200] * 20
    assert site.most_at_once == 1


# --- robots.txt -------------------------------------------------------------------------------


def test_robots_txt_is_obeyed_where_asked_for(site: Any, clock: Any) -> None:
    site.robots("User-agent: *\nDisallow: /private")
    for path in ("/private", "/open"):
        site.answer(path, "x")

    codes, _ = visit(
        clock,
        ask(site.url("/private"), robots=True),
        ask(site.url("/open"), robots=True),
        ask(site.url("/private")),
    )

    assert codes == ["robots", 200, 200]
    assert [each.path for each in site.log] == ["/robots.txt", "/open", "/private"]


def test_robots_txt_is_asked_once_for_many(site: Any, clock: Any) -> None:
    site.answer("/robots.txt", "User-agent: *\nAllow: /", delay_s=0.02)
    site.answer("/a", "x")

    codes, _ = visit(clock, *[ask(site.url("/a"), robots=True)] * 6, together=True)

    assert codes == [200] * 6
    assert len(site.asked("/robots.txt")) == 1


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({"status": 404}, 200),
        ({"status": 401}, 200),
        ({"status": 403}, 200),
        ({"status": 410}, 200),
        ({"status": 429}, "robots-unavailable"),
        ({"status": 500}, "robots-unavailable"),
        ({"status": 503}, "robots-unavailable"),
        ({"reset": True}, "robots-unavailable"),
        ({"hang": True}, "robots-unavailable"),
        ({"status": 302, "headers": {"Location": "/robots.txt"}}, 200),
        ({"status": 302, "headers": {"Location": "/real"}}, "robots"),
        ({"status": 302, "headers": {"Location": "http://127.0.0.2:1/"}}, "refused-address"),
        ({"body": "User-agent: *\nDisallow: /\n" + "# filler\n" * 90_000}, "robots"),
        ({"body": "<html>not found</html>"}, 200),
        ({"body": ""}, 200),
    ],
    ids=[
        "404", "401", "403", "410", "429", "500", "503", "reset", "hangs", "loops", "moved", "led astray",
        "huge", "a page", "empty",
    ],
)  # fmt: skip
def test_what_an_odd_robots_txt_means(site: Any, clock: Any, how: dict[str, Any], expected: Any) -> None:
    site.answer("/robots.txt", **how)
    site.answer("/real", "User-agent: *\nDisallow: /a")
    site.answer("/a", "x")

    codes, _ = visit(
        clock, ask(site.url("/a"), robots=True), settings=FetchSettings(delay_s=0, timeout_s=0.2)
    )

    assert codes == [expected]


def test_a_host_that_is_not_there_is_not_said_to_have_a_robots_txt(
    clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    async def run() -> None:
        async with Downloader(SETTINGS, "hubwatch/0", clock=clock, env={}) as downloader:
            await downloader.get(ask("http://nowhere.example/news/", robots=True))

    with pytest.raises(FetchError, match=r"the name nowhere\.example cannot be found") as caught:
        asyncio.run(run())
    assert caught.value.code == "dns"
    assert "robots" not in caught.value.message


def test_the_robots_txt_of_a_redirects_target_counts(site: Any, loopback: Any, clock: Any) -> None:
    other = loopback()
    other.robots("User-agent: *\nDisallow: /")
    other.answer("/x", "x")
    site.redirect("/a", other.url("/x"))

    assert visit(clock, ask(site.url("/a"), robots=True))[0] == ["robots"]
    assert [each.path for each in other.log] == ["/robots.txt"]


def test_a_crawl_delay_is_kept(site: Any, clock: Any) -> None:
    site.robots("User-agent: hubwatch\nCrawl-delay: 7\n")
    site.answer("/a", "x")

    visit(clock, *[ask(site.url("/a"), robots=True)] * 3)

    assert clock.elapsed_s == pytest.approx(21.0)


def test_an_asker_that_is_given_up_does_not_take_robots_txt_along(site: Any, clock: Any) -> None:
    site.answer("/robots.txt", "User-agent: *\nDisallow: /a", delay_s=0.04)

    async def run() -> str:
        async with Downloader(SETTINGS, "hubwatch/0", clock=clock, env={}) as downloader:
            request = ask(site.url("/a"), robots=True)
            first = asyncio.create_task(downloader.get(request))
            second = asyncio.create_task(downloader.get(request))
            await asyncio.sleep(0.01)
            first.cancel()
            with pytest.raises(FetchError) as caught:
                await second
            return caught.value.code

    assert asyncio.run(run()) == "robots"


def test_a_run_that_is_interrupted_ends_at_once(site: Any, clock: Any) -> None:
    site.answer("/robots.txt", hang=True)
    site.answer("/a", hang=True)

    async def run() -> None:
        async with Downloader(SETTINGS, "hubwatch/0", clock=clock, env={}) as downloader:
            urls = [ask(site.url("/a")), ask(site.url("/a"), robots=True)]
            tasks = [asyncio.create_task(downloader.get(request)) for request in urls]
            while len(site.log) < 2:  # until both hang
                await asyncio.sleep(0.005)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def bounded() -> None:
        async with asyncio.timeout(5):
            await run()

    asyncio.run(bounded())
    assert {each.path for each in site.log} == {"/a", "/robots.txt"}


def test_requests_are_spaced_by_when_they_went_out(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first of a run is late: what writes it is loaded then."""
    site.answer("/a", "x")
    send = httpcore.AsyncHTTP11Connection.handle_async_request
    waits = [0.05, 0.0]

    async def send_late(connection: Any, request: Any) -> Any:
        await asyncio.sleep(waits.pop(0))
        return await send(connection, request)

    monkeypatch.setattr(httpcore.AsyncHTTP11Connection, "handle_async_request", send_late)
    settings = FetchSettings(delay_s=0.1, per_host=2, timeout_s=10)
    visit(SystemClock(), ask(site.url("/a?1")), ask(site.url("/a?2")), together=True, settings=settings)
    first, second = (asked.time for asked in site.log)
    assert second - first > 0.09
