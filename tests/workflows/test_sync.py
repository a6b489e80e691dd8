"""Whole syncs against sites on loopback, through the real downloader, parsers and store."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from hubwatch import facts, politeness
from hubwatch.models import (
    Candidate,
    FetchSettings,
    Filters,
    PageSelectors,
    Source,
    SourceOutcome,
    SyncReport,
)
from hubwatch.net.clock import SystemClock
from hubwatch.store import listing, organizations, query, sources
from hubwatch.store.db import Store
from hubwatch.workflows import sync

FAST = FetchSettings(delay_s=0.0, timeout_s=0.6)
EVERYTHING = query.ItemQuery(filters=Filters(since=datetime(1900, 1, 1, tzinfo=UTC)), limit=100_000)


@pytest.fixture
def run(store: Store, rules: facts.Rules) -> Callable[..., SyncReport]:
    def run(*chosen: Source, force: bool = False, settings: FetchSettings = FAST, **more: Any) -> SyncReport:
        plan = sync.Plan(
            sources=chosen,
            hubs={},
            settings=settings,
            user_agent="hubwatch/test",
            force=force,
            jitter=lambda: 0.0,
            **more,
        )
        return sync.run(store, plan, clock=SystemClock(), load_rules=lambda: rules)

    return run


def rss(*titles: str, day: int = 3, link: str = "https://example.org/{0}") -> str:
    items = "".join(
        f"<item><title>{title}</title><link>{link.format(title.replace(' ', '-'))}</link>"
        f"<guid isPermaLink='false'>{title}</guid><pubDate>Tue, {day:02} Nov 2026 10:00:00 GMT</pubDate>"
        f"<description>About {title}.</description></item>"
        for title in titles
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>Feed</title>{items}</channel></rss>"


def source(url: str, id: str = "one", **changes: Any) -> Source:
    return replace(Source(id=id, name=id.title(), url=url, kind="feed"), **changes)


def titles(store: Store) -> set[str]:
    return {item.title for item in listing.select(store, EVERYTHING)}


def outcomes(report: SyncReport) -> dict[str, SourceOutcome]:
    return {outcome.source: outcome for outcome in report.outcomes}


def test_a_feed_is_stored_tagged_and_not_asked_again_before_it_is_due(
    site: Any, store: Store, run: Any
) -> None:
    url = site.feed("/feed", rss("Aluminum casting project call", "Second"), etag='"v1"')
    report = run(source(url))
    assert (report.new, report.failed) == (2, 0)
    found = {item.title: item for item in listing.select(store, EVERYTHING)}
    assert [tag.topic for tag in found["Aluminum casting project call"].tags if tag.score >= 0.5] == [
        "lightweight"
    ]
    again = run(source(url))
    assert outcomes(again)["one"].status == "skipped"
    assert outcomes(again)["one"].is_fresh
    assert len(site.log) == 1


def test_what_is_waited_for_is_told_at_the_start_and_after_each_source(site: Any, run: Any) -> None:
    feeds = [
        source(site.answer(f"/{name}", rss(name), delay_s=delay_s), id=name)
        for name, delay_s in (("read", 0.0), ("slow", 0.05), ("quick", 0.0))
    ]
    run(feeds[0])  # so that it is not due: nobody waits for it
    told: list[tuple[tuple[str, ...], int]] = []
    run(*feeds, on_progress=lambda waiting, total: told.append((waiting, total)))
    assert told == [(("slow", "quick"), 2), (("slow",), 2), ((), 2)]
    told.clear()
    run(*feeds, on_progress=lambda waiting, total: told.append((waiting, total)))
    assert told == []  # nothing is due: nobody waits


def test_force_asks_conditionally_and_stores_nothing(site: Any, store: Store, run: Any) -> None:
    url = site.feed("/feed", rss("First"), etag='W/"v1"', last_modified="Sun, 01 Nov 2026 00:00:00 GMT")
    run(source(url))
    report = run(source(url), force=True)
    assert outcomes(report)["one"].status == "unchanged"
    assert outcomes(report)["one"].http_status == 304
    assert site.log[1].headers["if-none-match"] == 'W/"v1"'
    assert site.log[1].headers["if-modified-since"] == "Sun, 01 Nov 2026 00:00:00 GMT"
    assert titles(store) == {"First"}


def test_an_equal_body_counts_as_unchanged_where_the_server_ignores_validators(site: Any, run: Any) -> None:
    url = site.answer("/feed", rss("First"), content_type="application/rss+xml")
    run(source(url))
    assert outcomes(run(source(url), force=True))["one"].status == "unchanged"


def test_new_and_edited_items(site: Any, store: Store, run: Any, answer: Any) -> None:
    first, second = rss("A", "B"), rss("A", "B", "C").replace("About A.", "About A, in other words.")
    url = site.answers("/feed", answer(body=first.encode()), answer(body=second.encode()))
    run(source(url))
    report = run(source(url), force=True)
    assert (report.new, report.updated) == (1, 1)
    assert titles(store) == {"A", "B", "C"}


def test_a_feed_that_breaks_off_takes_nothing_from_its_last_item(
    site: Any, store: Store, run: Any, answer: Any
) -> None:
    whole = rss("A", "B", "C").replace("About A.", "About A, in other words.")
    cut = whole[: whole.index("About B.")]
    url = site.answers("/feed", answer(body=rss("A", "B").encode()), answer(body=cut.encode()))
    run(source(url))
    report = run(source(url), force=True)
    assert (report.new, report.updated) == (0, 1)
    found = {item.title: item for item in listing.select(store, EVERYTHING)}
    assert found["A"].summary == "About A, in other words."
    assert found["B"].summary == "About B."
    assert outcomes(report)["one"].found == 2


def test_a_hundred_feeds_of_which_fifteen_are_bad(loopback: Any, store: Store, run: Any) -> None:
    chosen = []
    for number in range(100):
        place = loopback()
        if number % 20 == 0:
            url = place.answer("/feed", hang=True)
        elif number % 20 == 1:
            url = place.answer("/feed", "<h1>busy</h1>", status=503)
        elif number % 20 == 2:
            url = place.answer("/feed", b"\x00\x01garbage\xff" * 50, content_type="application/rss+xml")
        else:
            url = place.feed("/feed", rss(f"Story {number}"))
        chosen.append(source(url, f"s{number}"))
    limit_s = 2.0
    report = run(*chosen, settings=replace(FAST, timeout_s=limit_s))
    bad = [outcome for outcome in report.outcomes if outcome.status == "failed"]
    assert report.new == 85
    assert len(bad) == report.failed == 15
    assert all(outcome.fault and outcome.fault.message for outcome in bad)
    assert {outcome.fault.code for outcome in bad if outcome.fault} >= {"timeout", "http-503"}
    assert (report.finished - report.started).total_seconds() < limit_s + 1 + 2  # two for a loaded machine
    assert len(titles(store)) == 85


def test_a_bot_wall_is_a_failure_and_changes_no_validator(
    site: Any, store: Store, run: Any, answer: Any
) -> None:
    wall = b"<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>"
    good = answer(body=rss("First").encode(), headers=(("ETag", '"v1"'),))
    url = site.answers("/feed", good, answer(body=wall, headers=(("ETag", '"wall"'),)))
    run(source(url))
    report = run(source(url), force=True)
    assert outcomes(report)["one"].fault is not None
    assert sources.load_states(store)["one"].etag == '"v1"'
    assert titles(store) == {"First"}


@pytest.mark.parametrize(
    ("how", "code"),
    [
        (
            {"body": b"<html><body>Please log in <form><input type=password></form></body></html>"},
            "not-a-feed",
        ),
        ({"body": b""}, "empty"),
        ({"body": b"x" * 3000}, "too-large"),
        ({"body": b"x", "headers": (("Content-Encoding", "br"),)}, "bad-encoding"),
        ({"status": 503}, "http-503"),
    ],
)
def test_a_failure_names_the_status_of_the_answer(
    site: Any, run: Any, answer: Any, how: dict[str, Any], code: str
) -> None:
    url = site.answers("/feed", answer(**how))
    feed = replace(source(url), kind="feed")
    outcome = outcomes(run(feed, settings=replace(FAST, max_bytes=2000)))["one"]
    assert outcome.fault is not None
    assert (outcome.fault.code, outcome.http_status) == (code, how.get("status", 200))


def test_two_sources_at_one_address_share_one_request(site: Any, run: Any) -> None:
    url = site.feed("/feed", rss("First"), etag='"v1"')
    report = run(source(url, "one"), source(url, "two"))
    assert len(site.log) == 1
    assert report.new == 2
    again = run(source(url, "one"), source(url, "two"), force=True)
    assert len(site.log) == 2
    assert site.log[1].headers["if-none-match"] == '"v1"'
    assert {o.status for o in again.outcomes} == {"unchanged"}


def test_permanent_move_is_remembered_and_told_once(site: Any, store: Store, run: Any) -> None:
    new = site.feed("/new", rss("First"), etag='"v1"')
    old = site.redirect("/old", new, status=301)
    report = run(source(old))
    assert any("moved for good" in notice for notice in outcomes(report)["one"].notices)
    again = run(source(old), force=True)
    assert [asked.path for asked in site.log] == ["/old", "/new", "/new"]
    assert outcomes(again)["one"].status == "unchanged"
    assert outcomes(again)["one"].notices == ()


@pytest.mark.parametrize("status", [301, 308])
def test_permanent_move_is_remembered_although_nothing_new_is_there(
    site: Any, store: Store, run: Any, answer: Any, status: int
) -> None:
    new = site.feed("/new", rss("First"), etag='"v1"')
    moved = answer(status=status, headers=(("Location", new),))
    old = site.answers("/old", answer(body=rss("First").encode()), moved)
    run(source(old))
    report = run(source(old), force=True)
    assert [(o.status, len(o.notices)) for o in report.outcomes] == [("unchanged", 1)]
    assert "moved for good" in report.outcomes[0].notices[0]
    again = run(source(old), force=True)
    assert [asked.path for asked in site.log] == ["/old", "/old", "/new", "/new"]
    assert [(o.status, o.notices) for o in again.outcomes] == [("unchanged", ())]


def test_the_configured_address_is_asked_again_when_where_it_had_moved_stops_working(
    site: Any, store: Store, run: Any, answer: Any
) -> None:
    site.answers("/new", answer(body=rss("First").encode()), answer(status=404))
    url = site.redirect("/feed", "/new", 301)
    run(source(url))
    site.feed("/feed", rss("First", "Second"))
    back = run(source(url), force=True)
    assert (outcomes(back)["one"].status, back.new) == ("ok", 1)
    assert sources.load_states(store)["one"].url == url
    assert "stopped working" in outcomes(back)["one"].notices[0]


def test_a_temporary_move_that_becomes_permanent_is_remembered(site: Any, run: Any, answer: Any) -> None:
    new = site.feed("/new", rss("First"), etag='"v1"')
    old = site.answers(
        "/old", *(answer(status=status, headers=(("Location", new),)) for status in (302, 301))
    )
    run(source(old))
    assert "moved for good" in run(source(old), force=True).outcomes[0].notices[0]
    run(source(old), force=True)
    assert [asked.path for asked in site.log] == ["/old", "/new", "/old", "/new", "/new"]


def test_temporary_move_is_followed_each_time_and_stays_conditional(site: Any, run: Any) -> None:
    new = site.feed("/new", rss("First"), etag='"v1"')
    old = site.redirect("/old", new, status=302)
    run(source(old))
    again = run(source(old), force=True)
    assert [asked.path for asked in site.log] == ["/old", "/new", "/old", "/new"]
    assert "if-none-match" not in site.log[2].headers
    assert outcomes(again)["one"].status == "unchanged"


def test_validators_stay_with_the_address_that_gave_them_when_another_breaks_off(
    site: Any, run: Any, answer: Any
) -> None:
    whole = site.feed("/whole", rss("First"), etag='"v1"')
    broken = site.answer("/broken", rss("First", "Second")[:-60])
    url = site.answers(
        "/feed", *(answer(status=302, headers=(("Location", to),)) for to in (whole, broken, broken))
    )
    for _ in range(3):
        run(source(url), force=True)
    asked = site.asked("/broken")
    assert len(asked) == 2
    assert not any("if-none-match" in each.headers for each in asked)


def test_gone_ends_a_source_with_one_notice(site: Any, run: Any) -> None:
    url = site.answer("/feed", status=410)
    report = run(source(url))
    assert any("410" in notice for notice in outcomes(report)["one"].notices)
    ended = outcomes(run(source(url)))["one"]
    assert (ended.status, ended.is_fresh) == ("skipped", False)
    run(source(url), force=True)
    assert len(site.log) == 2


def test_two_sources_that_end_at_one_address_are_told_once(site: Any, run: Any) -> None:
    feed = site.feed("/feed", rss("First"), etag='"v1"')
    sources = source(feed), source(site.redirect("/old", "/feed"), "two")
    report = run(*sources)
    assert [asked.path for asked in site.log].count("/feed") == 1
    notices = [notice for outcome in report.outcomes for notice in outcome.notices]
    assert [notice for notice in notices if "same address" in notice] in (
        [f"ends at the same address as one: {feed}"], [f"ends at the same address as two: {feed}"],
    )  # fmt: skip
    site.feed("/feed", rss("First", "Second"), etag='"v2"')
    again = run(*sources, force=True)
    assert {outcome.found for outcome in again.outcomes} == {2}
    assert not any(outcome.notices for outcome in again.outcomes)


def test_an_expired_feed_is_read_and_then_left_alone(site: Any, store: Store, run: Any) -> None:
    item = {"id": "1", "url": "https://example.org/1", "title": "The last one"}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "J", "expired": True, "items": [item]}
    url = site.answer("/feed", json.dumps(feed), content_type="application/feed+json")
    report = run(source(url))
    assert titles(store) == {"The last one"}
    assert any("ended" in notice for notice in outcomes(report)["one"].notices)
    assert outcomes(run(source(url)))["one"].status == "skipped"


def test_auto_finds_the_feed_that_a_page_names_and_goes_straight_there(
    site: Any, store: Store, run: Any
) -> None:
    site.feed("/news.xml", rss("First", "Second"))
    url = site.answer(
        "/",
        '<html><head><link rel="alternate" type="application/rss+xml" href="/news.xml"></head></html>',
        content_type="text/html",
    )
    report = run(source(url, kind="auto"))
    assert report.new == 2
    site.log.clear()
    run(source(url, kind="auto"), force=True)
    assert [asked.path for asked in site.log] == ["/news.xml"]


@pytest.mark.parametrize(
    ("now", "title"),
    [
        ({"kind": "page"}, "A title on the page, number 3"),
        (
            {"kind": "page", "page": PageSelectors(item="article", title="p", link="a@href")},
            "What it is about 3",
        ),
    ],
    ids=["another kind", "selectors"],
)
def test_a_source_is_read_anew_when_it_is_configured_anew(
    site: Any, store: Store, run: Any, now: dict[str, Any], title: str
) -> None:
    head = '<head><link rel="alternate" type="application/rss+xml" href="/feed"></head>'
    blocks = "".join(
        f"<article><h3><a href='/news/{n}'>A title on the page, number {n}</a></h3><time>2026-11-0{n}</time>"
        f"<p>What it is about {n}</p></article>"
        for n in range(1, 7)
    )
    site.feed("/feed", rss("First"), etag='"1"')
    page = f"<html>{head}<body><main>{blocks}</main></body></html>"
    url = site.feed("/", page, etag='"2"', content_type="text/html")
    run(source(url, kind="auto"))
    assert titles(store) == {"First"}
    report = run(source(url, **now))  # due at once
    assert outcomes(report)["one"].new == 6
    assert title in titles(store)


def test_a_chain_is_walked_to_the_candidate_that_works(site: Any, store: Store, run: Any) -> None:
    good = site.feed("/right/feed", rss("First"))
    chain = tuple(
        Candidate(url=site.url(path), kind="feed") for path in ("/wrong/feed", "/old/feed", "/right/feed")
    )
    chosen = source(chain[0].url, candidates=chain, builtin=True, homepage=site.url("/"))
    allowed = replace(FAST, allow_private=("127.0.0.1",))
    report = run(chosen, settings=allowed)
    assert report.new == 1
    site.log.clear()
    run(chosen, force=True, settings=allowed)
    assert [asked.path for asked in site.log] == ["/right/feed"]
    assert sources.load_states(store)["one"].url == good


def test_a_built_in_source_never_reached_is_no_failure(site: Any, run: Any) -> None:
    chain = (Candidate(url=site.url("/nowhere"), kind="feed"),)
    chosen = source(chain[0].url, candidates=chain, builtin=True, homepage=site.url("/"))
    report = run(chosen, settings=replace(FAST, allow_private=("127.0.0.1",)))
    assert outcomes(report)["one"].status == "unreached"
    assert report.failed == 0


def test_a_private_address_is_refused_to_a_built_in_source(site: Any, run: Any) -> None:
    chain = (Candidate(url=site.feed("/feed", rss("First")), kind="feed"),)
    report = run(source(chain[0].url, candidates=chain, builtin=True))
    assert outcomes(report)["one"].status == "unreached"
    assert site.log == []


def test_two_hosts_carry_one_story(loopback: Any, store: Store, run: Any) -> None:
    a, b = loopback(), loopback("127.0.0.2")
    text = rss("LIFT opens a project call on aluminum-lithium sheet for hypersonic vehicles")
    run(source(a.feed("/feed", text), "one"), source(b.feed("/feed", text), "two"))
    stories = {item.story for item in listing.select(store, EVERYTHING)}
    assert len(stories) == 1


ARTICLE = (
    "<html><head><title>{0} | Site</title><meta property='article:published_time' content='{1}'></head>"
    "<body><h1>{0}</h1><p>All of it.</p></body></html>"
)


def test_dates_missing_from_a_list_come_from_the_items_own_pages_once(
    site: Any, store: Store, run: Any
) -> None:
    names = [f"Casting story number {n}" for n in range(4)]
    blocks = "".join(
        f"<article><h3><a href='/news/{n}'>{t}</a></h3><p>Words.</p></article>" for n, t in enumerate(names)
    )
    url = site.answer("/news/", f"<html><body><main>{blocks}</main></body></html>", content_type="text/html")
    for number, name in enumerate(names):
        site.answer(
            f"/news/{number}", ARTICLE.format(name, f"2026-11-0{number + 1}"), content_type="text/html"
        )
    report = run(source(url, kind="page"))
    assert report.new == 4
    assert {item.published.day for item in listing.select(store, EVERYTHING) if item.published} == {
        1,
        2,
        3,
        4,
    }
    site.log.clear()
    again = run(source(url, kind="page"), force=True)
    assert (again.new, again.updated) == (0, 0)
    assert [asked.path for asked in site.log] == ["/robots.txt", "/news/"]


def test_a_list_whose_own_pages_hang_waits_for_one_of_them(site: Any, run: Any) -> None:
    blocks = "".join(
        f"<article><h3><a href='{address}'>Casting story number {n}</a></h3></article>"
        for n, address in enumerate([site.answer(f"/news/{n}", hang=True) for n in range(4)])
    )
    url = site.answer("/news/", f"<html><body><main>{blocks}</main></body></html>", content_type="text/html")
    report = run(source(url, kind="page"), settings=replace(FAST, timeout_s=0.2))
    assert report.new == 4
    assert [asked.path for asked in site.log] == ["/robots.txt", "/news/", "/news/0"]


def test_a_sitemap_gives_its_articles_with_titles_from_their_pages(site: Any, store: Store, run: Any) -> None:
    paths = ["/about/", "/news/first-story", "/news/second-story"]
    entries = "".join(
        f"<url><loc>{site.url(path)}</loc><lastmod>2026-11-02</lastmod></url>" for path in paths
    )
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    site.answer("/post-sitemap.xml", f"<urlset {space}>{entries}</urlset>", content_type="text/xml")
    index = (
        f"<sitemapindex {space}><sitemap><loc>{site.url('/post-sitemap.xml')}</loc></sitemap></sitemapindex>"
    )
    url = site.answer("/sitemap.xml", index, content_type="text/xml")
    for path in paths[1:]:
        site.answer(
            path, ARTICLE.format(f"The headline of {path[6:]}", "2026-11-01"), content_type="text/html"
        )
    report = run(source(url, kind="sitemap"))
    assert report.new == 2
    assert titles(store) == {"The headline of first-story", "The headline of second-story"}
    again = run(source(url, kind="sitemap"), force=True)
    assert (again.new, again.updated) == (0, 0)


def test_a_sitemap_that_an_index_begins_anew_is_found(site: Any, store: Store, run: Any) -> None:
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    news = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'

    def month(number: int, title: str) -> str:
        entry = (
            f"<loc>{site.url(f'/news/{number}')}</loc><news:news><news:title>{title}</news:title></news:news>"
        )
        path = f"/news-2026-{number}.xml"
        return site.feed(path, f"<urlset {space} {news}><url>{entry}</url></urlset>", etag=f'"{number}"')

    def index(*months: int) -> str:
        named = "".join(
            f"<sitemap><loc>{site.url(f'/news-2026-{n}.xml')}</loc><lastmod>2026-{n}-28</lastmod></sitemap>"
            for n in months
        )
        return site.feed("/sitemap.xml", f"<sitemapindex {space}>{named}</sitemapindex>", etag=f'"{months}"')

    def asked() -> list[str]:
        paths = [each.path for each in site.log if each.path != "/robots.txt"]
        site.log.clear()
        return paths

    month(10, "What October brought")
    month(11, "What November brought")
    chosen = source(index(10), kind="sitemap")
    for _ in range(4):
        run(chosen, force=True)
    assert site.log[-1].headers["if-none-match"] == '"(10,)"'
    assert asked()[-2:] == ["/news-2026-10.xml", "/sitemap.xml"]
    index(10, 11)
    report = run(chosen, force=True)
    assert asked() == ["/news-2026-10.xml", "/sitemap.xml", "/news-2026-11.xml"]
    assert (outcomes(report)["one"].status, report.new) == ("ok", 1)
    assert titles(store) == {"What October brought", "What November brought"}
    for known in (None, '"(10, 11)"'):
        assert outcomes(run(chosen, force=True))["one"].status == "unchanged"
        assert site.log[-1].path == "/sitemap.xml"
        assert site.log[-1].headers.get("if-none-match") == known
    site.answer("/news-2026-11.xml", status=404)
    assert outcomes(run(chosen, force=True))["one"].status == "ok"


def test_an_index_is_asked_for_the_whole_while_a_newer_sitemap_of_it_is_empty(
    site: Any, store: Store, run: Any
) -> None:
    """It may fill up without a change of the index."""
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    news = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'

    def month(number: int, *titles: str) -> str:
        entries = "".join(
            f"<url><loc>{site.url(f'/news/{number}-{n}')}</loc><news:news><news:title>{title}</news:title>"
            "</news:news></url>"
            for n, title in enumerate(titles)
        )
        body = f"<urlset {space} {news}>{entries}</urlset>"
        address = site.feed(f"/news-2026-{number}.xml", body, etag=f'"{len(body)}"')
        return f"<sitemap><loc>{address}</loc></sitemap>"

    named = month(11) + month(10, "What October brought")
    chosen = source(
        site.feed("/sitemap.xml", f"<sitemapindex {space}>{named}</sitemapindex>", etag='"1"'), kind="sitemap"
    )
    for _ in range(3):
        run(chosen, force=True)
    assert titles(store) == {"What October brought"}
    month(11, "What November brought")
    run(chosen, force=True)
    assert titles(store) == {"What October brought", "What November brought"}


@pytest.mark.parametrize("kind", ["page", "auto"])
def test_a_members_page_is_kept_as_memberships(site: Any, store: Store, run: Any, kind: str) -> None:
    names = ["Boeing", "Lockheed Martin", "Alcoa", "University of Michigan", "GE Aerospace", "Eaton"]
    items = "".join(f"<li><a href='https://example.com/{n}'>{name}</a></li>" for n, name in enumerate(names))
    page = f"<html><body><main><h1>Our members</h1><ul>{items}</ul></main></body></html>"
    url = site.answer("/members/", page, content_type="text/html")
    report = run(source(url, kind=kind, what="members", hub="lift"))
    assert outcomes(report)["one"].status == "ok"
    assert [asked.path for asked in site.log] == ["/robots.txt", "/members/"]
    assert {each.organization for each in organizations.members(store, hub="lift")} == set(names)
    assert report.new == 0


@pytest.mark.parametrize("chain", [False, True])
def test_a_members_page_without_members_is_a_failure_and_its_news_no_substitute(
    site: Any, store: Store, run: Any, answer: Any, chain: bool
) -> None:
    items = "".join(f"<li><a href='https://example.com/{n}'>Maker {n} Corporation</a></li>" for n in range(9))
    blocks = "".join(f"<article><h3><a href='/n/{n}'>News number {n}</a></h3></article>" for n in range(9))
    html = (("Content-Type", "text/html"),)
    site.answers(
        "/members/",
        answer(body=f"<main><h1>Our members</h1><ul>{items}</ul></main>".encode(), headers=html),
        answer(body=f"<html><body><main>{blocks}</main></body></html>".encode(), headers=html),
    )
    url = site.url("/members/")
    candidates = (Candidate(url=url, kind="page"),) if chain else ()
    chosen = source(url, kind="auto", what="members", hub="lift", builtin=chain, candidates=candidates)
    allowed = replace(FAST, allow_private=("127.0.0.1",))
    assert outcomes(run(chosen, settings=allowed))["one"].found == 9
    failed = outcomes(run(chosen, settings=allowed, force=True))["one"]
    assert (failed.status, failed.fault and failed.fault.code) == ("failed", "list-gone")
    assert not sources.load_states(store)["one"].ended
    assert len(organizations.members(store, hub="lift")) == 9


def _forget(store: Store, *titles: str) -> None:
    """Leave the store as a version would have that could not read these items."""
    marks = ", ".join("?" * len(titles))
    numbers = [row[0] for row in store.rows(f"SELECT number FROM items WHERE title IN ({marks})", titles)]
    with store.transaction():
        for number in numbers:
            for table, column in (("item_keys", "item"), ("texts", "item"), ("items", "number")):
                store.write(f"DELETE FROM {table} WHERE {column} = ?", (number,))
        store.write("UPDATE sources SET items = items - ?", (len(numbers),))


@pytest.mark.parametrize("etag", ['"v1"', None])
def test_what_an_older_version_read_is_read_once_more(
    site: Any, store: Store, run: Any, monkeypatch: pytest.MonkeyPatch, etag: str | None
) -> None:
    feed = rss("Known", "Later readable", "Undated")
    undated = feed.rpartition("<pubDate>")
    url = site.feed("/feed", undated[0] + undated[2].partition("</pubDate>")[2], etag=etag)
    run(source(url))
    known = store.rows("SELECT id, first_seen FROM items WHERE title = 'Known'")
    _forget(store, "Later readable", "Undated")
    assert outcomes(run(source(url), force=True))["one"].status == "unchanged"
    monkeypatch.setattr(politeness, "READERS", politeness.READERS + 1)
    again = outcomes(run(source(url), force=True))["one"]
    assert (again.status, again.found, again.new, again.updated) == ("ok", 3, 2, 0)
    assert "if-none-match" not in site.log[-1].headers
    assert store.rows("SELECT id, first_seen FROM items WHERE title = 'Known'") == known
    assert titles(store) == {"Known", "Later readable", "Undated"}
    # The very same document: when it was published nobody knows, but not just now.
    (effective,) = store.rows("SELECT effective FROM items WHERE title = 'Undated'")
    assert effective[0].startswith("1900")
    asked = len(site.log)
    assert outcomes(run(source(url), force=True))["one"].status == "unchanged"
    assert site.log[-1].headers.get("if-none-match") == etag
    assert len(site.log) == asked + 1


def test_an_older_versions_validators_do_not_answer_for_another_source(
    site: Any, store: Store, run: Any
) -> None:
    url = site.feed("/feed", rss("First"), etag='"v1"')
    one, two = source(url, "one"), source(url, "two")
    run(one, two)
    with store.transaction():
        store.write("UPDATE source_states SET more = NULL WHERE source = 'two'")
    before = len(site.log)
    statuses = [each.status for each in run(one, two, force=True).outcomes]
    assert sorted(statuses) == ["ok", "unchanged"]
    assert len(site.log) == before + 1
    assert "if-none-match" not in site.log[-1].headers


def test_robots_do_not_keep_us_from_a_feed_that_the_user_names(site: Any, store: Store, run: Any) -> None:
    site.robots("User-agent: *\nDisallow: /private/\n")
    url = site.feed("/private/feed", rss("First"))
    page = site.answer("/private/news/", "<html><body>News</body></html>", content_type="text/html")
    report = outcomes(run(source(url, "feed", kind="auto"), source(page, "page", kind="auto")))
    assert report["feed"].new == 1
    assert report["page"].fault is not None
    assert report["page"].fault.code == "robots"
    assert not site.asked("/private/news/")
