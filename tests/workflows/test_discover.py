"""Sites of odd shapes on loopback: what is found, with how many requests, and that it is remembered."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from hubwatch import facts
from hubwatch.models import FetchSettings, Filters, Source, SourceOutcome, SourceState, SyncReport
from hubwatch.net.clock import SystemClock
from hubwatch.store import listing, query, sources
from hubwatch.store.db import Store
from hubwatch.workflows import sync

EVERYTHING = query.ItemQuery(filters=Filters(since=datetime(1900, 1, 1, tzinfo=UTC)), limit=100_000)
HTML = "text/html; charset=utf-8"
MOST = 10
FAST = FetchSettings(delay_s=0.0, timeout_s=10.0)


@pytest.fixture
def run(store: Store, rules: facts.Rules) -> Callable[..., SyncReport]:
    def run(*chosen: Source, settings: FetchSettings = FAST) -> SyncReport:
        plan = sync.Plan(
            sources=chosen, hubs={}, settings=settings,
            user_agent="hubwatch/test", force=True, jitter=lambda: 0.0,
        )  # fmt: skip
        return sync.run(store, plan, clock=SystemClock(), load_rules=lambda: rules)

    return run


def auto(url: str, **changes: Any) -> Source:
    return replace(Source(id="one", name="One", url=url), **changes)


def names(first: int, last: int) -> set[str]:
    return {f"The institute makes announcement number {n}" for n in range(first, last + 1)}


def articles(numbers: range, *, dated: bool = True, link: str = "/news/{0}") -> str:
    return "".join(
        f"<article><h3><a href='{link.format(n)}'>The institute makes announcement number {n}</a></h3>"
        + (f"<time datetime='2025-10-{30 - n:02}'>October {30 - n}, 2025</time>" if dated else "")
        + f"<p>What was announced in number {n}, in a sentence that is long enough.</p></article>"
        for n in numbers
    )


def page(main: str, *, head: str = "", nav: str = "<a href='/about/'>About us</a>") -> str:
    return (
        f"<!DOCTYPE html><html><head><title>Made-Up Metals</title>{head}</head><body><nav>{nav}</nav>"
        f"<main>{main}</main><footer>Imprint</footer></body></html>"
    )


WELCOME = "<h1>Welcome</h1><p>We help small manufacturers to work with light metals.</p>"
NEWS = "<h1>News</h1>" + articles(range(1, 9))


def rss(numbers: range) -> str:
    items = "".join(
        f"<item><title>The institute makes announcement number {n}</title><link>https://example.org/news/{n}</link>"
        f"<pubDate>{30 - n:02} Oct 2025 10:00:00 GMT</pubDate></item>"
        for n in numbers
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>F</title>{items}</channel></rss>"


def names_feed(address: str) -> str:
    return f"<link rel='alternate' type='application/rss+xml' href='{address}'>"


def titles(store: Store) -> set[str]:
    return {item.title for item in listing.select(store, EVERYTHING)}


def state(store: Store) -> SourceState:
    return sources.load_states(store)["one"]


def outcome(report: SyncReport) -> SourceOutcome:
    (only,) = report.outcomes
    return only


# --- odd shapes ---------------------------------------------------------------------------------


def home_with_a_link(site: Any, loopback: Any) -> str:
    site.answer("/news/", page(NEWS), content_type=HTML)
    return str(site.answer("/", page(WELCOME, nav="<a href='/news/'>News</a>"), content_type=HTML))


def news_on_another_port(site: Any, loopback: Any) -> str:
    other = loopback()
    other.answer("/", page(NEWS), content_type=HTML)
    link = f"<a href='{other.url('/')}'>News &amp; Events</a>"
    return str(site.answer("/", page(WELCOME, nav=link), content_type=HTML))


def described_in_json_ld(site: Any, loopback: Any) -> str:
    graph = [
        {
            "@type": "NewsArticle", "headline": name, "url": site.url(f"/about/news/{n}"),
            "datePublished": f"2025-10-{n:02}",
        }
        for n, name in enumerate(sorted(names(1, 8)), 1)
    ]  # fmt: skip
    script = f"<script type='application/ld+json'>{json.dumps({'@graph': graph})}</script>"
    site.answer("/about/news/", page("<div id='app'></div>", head=script), content_type=HTML)
    return str(site.answer("/", page(WELCOME, nav="<a href='/about/news/'>Newsroom</a>"), content_type=HTML))


def sitemap_of_articles(site: Any) -> str:
    entries = f"<url><loc>{site.url('/imprint')}</loc></url>"
    for n, name in enumerate(sorted(names(1, 8)), 1):
        head = f"<meta property='article:published_time' content='2025-10-{n:02}'>"
        url = site.answer(f"/news/item-{n}", page(f"<h1>{name}</h1>", head=head), content_type=HTML)
        entries += f"<url><loc>{url}</loc><lastmod>2025-11-01</lastmod></url>"
    return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{entries}</urlset>"


def only_a_sitemap(site: Any, loopback: Any) -> str:
    site.answer("/sitemap.xml", sitemap_of_articles(site), content_type="text/xml")
    return str(site.answer("/", page(WELCOME), content_type=HTML))


def a_sitemap_that_only_robots_txt_names(site: Any, loopback: Any) -> str:
    named = site.answer("/map/of-news.xml", sitemap_of_articles(site), content_type="text/xml")
    site.robots(f"User-agent: *\nDisallow: /x\nSitemap: {named}\n")
    return str(site.answer("/", page(WELCOME), content_type=HTML))


def a_feed_behind_a_redirect(site: Any, loopback: Any) -> str:
    site.redirect("/feed", site.answer("/feeds/real.xml", rss(range(1, 9)), content_type="text/xml"))
    return str(site.answer("/", page(WELCOME, head=names_feed("/feed")), content_type=HTML))


def an_empty_feed_beside_a_list(site: Any, loopback: Any) -> str:
    site.answer("/feed", rss(range(0)), content_type="application/rss+xml")
    return str(site.answer("/news/", page(NEWS, head=names_feed("/feed")), content_type=HTML))


def dead_feeds_beside_a_list(site: Any, loopback: Any) -> str:
    dead = "".join(names_feed(f"/dead/{n}.rss") for n in range(12))
    return str(site.answer("/news/", page(NEWS, head=dead), content_type=HTML))


def written_in_utf_16(site: Any, loopback: Any) -> str:
    body = page(NEWS).encode("utf-16")
    return str(site.answer("/news/", body, content_type="text/html"))


def with_a_base(site: Any, loopback: Any) -> str:
    head = f"<base href='{site.url('/site/')}'>"
    main = "<h1>News</h1>" + articles(range(1, 9), link="news/{0}")
    site.answer("/site/news.html", page(main), content_type=HTML)
    return str(
        site.answer("/", page(WELCOME, head=head, nav="<a href='news.html'>News</a>"), content_type=HTML)
    )


def led_on_by_meta_refresh(site: Any, loopback: Any) -> str:
    site.answer("/en/", page(WELCOME, nav="<a href='/en/news'>News</a>"), content_type=HTML)
    site.answer("/en/news", page(NEWS), content_type=HTML)
    head = "<META HTTP-EQUIV='Refresh' CONTENT='0; URL=/en/'>"
    return str(site.answer("/", f"<html><head>{head}</head><body></body></html>", content_type=HTML))


def home_with_the_latest_three(site: Any, loopback: Any) -> str:
    site.answer("/news/", page(NEWS), content_type=HTML)
    main = f"{WELCOME}<h2>Latest news</h2>{articles(range(1, 4))}<a href='/news/'>All news</a>"
    return str(site.answer("/", page(main, nav="<a href='/news/'>News</a>"), content_type=HTML))


def wordpress_without_a_feed(site: Any, loopback: Any) -> str:
    posts = [
        {"id": n, "link": site.url(f"/news/{n}"), "date_gmt": f"2025-10-{n:02}T10:00:00",
         "title": {"rendered": name}, "excerpt": {"rendered": ""}, "content": {"rendered": ""}}
        for n, name in enumerate(sorted(names(1, 8)), 1)
    ]  # fmt: skip
    site.answer("/wp-json/wp/v2/posts", json.dumps(posts), content_type="application/json")
    head = "<link rel='https://api.w.org/' href='/wp-json/'>"
    return str(site.answer("/", page(WELCOME, head=head), content_type=HTML))


def comments_feed_first(site: Any, loopback: Any) -> str:
    site.answer("/comments/feed/", rss(range(20, 25)), content_type="application/rss+xml")
    site.answer("/all.rss", rss(range(1, 9)), content_type="application/rss+xml")
    head = names_feed("/comments/feed/") + names_feed("/all.rss")
    return str(site.answer("/", page(WELCOME, head=head), content_type=HTML))


SHAPES = (
    home_with_a_link, news_on_another_port, described_in_json_ld, only_a_sitemap,
    a_sitemap_that_only_robots_txt_names, a_feed_behind_a_redirect,
    an_empty_feed_beside_a_list, dead_feeds_beside_a_list, written_in_utf_16, with_a_base,
    led_on_by_meta_refresh, home_with_the_latest_three, wordpress_without_a_feed, comments_feed_first,
)  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__.replace("_", " "))
def test_odd_sites_are_read(shape: Any, site: Any, loopback: Any, store: Store, run: Any) -> None:
    source = auto(shape(site, loopback))
    report = run(source)
    assert outcome(report).fault is None
    assert titles(store) == names(1, 8)
    dated = [item for item in listing.select(store, EVERYTHING) if item.published is not None]
    assert {item.published.month for item in dated} == {10}
    assert len(dated) == 8
    discovery = [asked for asked in site.log if not asked.path.startswith("/news/item-")]
    assert len(discovery) <= MOST
    site.log.clear()
    again = run(source)
    assert (again.new, again.updated, again.failed) == (0, 0, 0)
    assert len([asked for asked in site.log if asked.path != "/robots.txt"]) <= 2, (
        "what was found is asked directly"
    )


# --- bounds and manners -------------------------------------------------------------------------


def test_a_discovery_in_vain_makes_ten_requests_at_most(site: Any, run: Any) -> None:
    head = (
        "".join(names_feed(f"/dead/{n}.rss") for n in range(12))
        + "<meta name='generator' content='WordPress 6'>"
    )
    nav = "".join(
        f"<a href='/{name}/'>{name}</a>" for name in ("News", "Press", "Blog", "Stories", "Updates")
    )
    url = site.answer("/", page(WELCOME, head=head, nav=nav), content_type=HTML)
    report = run(auto(url))
    assert outcome(report).status == "failed"
    assert outcome(report).fault.message.startswith("no feed, WordPress, news list or sitemap was found")
    assert len(site.log) <= MOST


def test_news_that_a_script_builds_is_said_to_be(site: Any, run: Any) -> None:
    built = "<h1>News</h1><p>Loading articles...</p><p>No articles found.</p><script src='/a.js'></script>"
    news = site.answer("/news/", page(built), content_type=HTML)
    home = site.answer("/", page(WELCOME, nav="<a href='/news/'>News</a>"), content_type=HTML)
    for source in (auto(home), auto(news), auto(news, kind="page")):
        fault = outcome(run(source)).fault
        assert fault is not None
        assert "a script builds what the page lists" in fault.message


def test_a_discovery_through_redirects_makes_ten_requests_at_most(site: Any, run: Any) -> None:
    head = "".join(names_feed(f"/dead/{n}.rss") for n in range(12))
    for n in range(12):
        site.redirect(f"/dead/{n}.rss", "/")
    nav = "".join(f"<a href='/{name}/'>{name}</a>" for name in ("News", "Press", "Blog"))
    url = site.answer("/", page(WELCOME, head=head, nav=nav), content_type=HTML)
    run(auto(url))
    assert len(site.log) <= MOST


def test_a_source_whose_every_address_hangs_takes_three_times_the_limit_at_most(
    site: Any, store: Store, run: Any
) -> None:
    head = "".join(names_feed(f"/{n}.rss") for n in range(4))
    for path in [*(f"/{n}.rss" for n in range(4)), "/news/", "/press/", "/feed/", "/rss.xml", "/sitemap.xml"]:
        site.answer(path, hang=True)
    nav = "<a href='/news/'>News</a><a href='/press/'>Press releases</a>"
    url = site.answer("/", page(WELCOME, head=head, nav=nav), content_type=HTML)
    report = run(auto(url), settings=FetchSettings(delay_s=0.1, timeout_s=0.3))
    assert outcome(report).status == "failed"
    assert outcome(report).seconds < 3 * 0.3 + 0.5  # the rest for a loaded machine


def test_the_day_a_site_was_built_is_no_day_of_news(site: Any, store: Store, run: Any) -> None:
    entries = ""
    for n in range(30):
        url = site.answer(f"/news/story-number-{n}", page(f"<h1>Story number {n}</h1>"), content_type=HTML)
        entries += f"<url><loc>{url}</loc><lastmod>{datetime.now(UTC):%Y-%m-%d}</lastmod></url>"
    space = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
    url = site.answer("/sitemap.xml", f"<urlset {space}>{entries}</urlset>", content_type="text/xml")
    run(auto(url))
    assert len(titles(store)) == 30
    assert {item.published for item in listing.select(store, EVERYTHING)} == {None}


def test_robots_txt_keeps_discovery_out_of_pages_and_feeds(site: Any, store: Store, run: Any) -> None:
    site.robots("User-agent: *\nDisallow: /private/\n")
    site.answer("/private/feed.xml", rss(range(20, 29)), content_type="application/rss+xml")
    site.answer("/private/news/", page(NEWS), content_type=HTML)
    nav = "<a href='/private/news/'>News</a><a href='/press/'>Press releases</a>"
    site.answer("/press/", page(NEWS), content_type=HTML)
    url = site.answer("/", page(WELCOME, head=names_feed("/private/feed.xml"), nav=nav), content_type=HTML)
    run(auto(url))
    assert titles(store) == names(1, 8)
    assert not any(asked.path.startswith("/private/") for asked in site.log)


def test_a_site_that_wants_no_robots_is_left_alone(site: Any, store: Store, run: Any) -> None:
    site.robots("User-agent: hubwatch\nDisallow: /\n")
    report = run(auto(site.answer("/news/", page(NEWS), content_type=HTML)))
    assert outcome(report).fault.code == "robots"
    assert {asked.path for asked in site.log} == {"/robots.txt"}


# --- over time ----------------------------------------------------------------------------------


def test_a_page_gives_each_item_once_and_takes_edits_in_place(
    site: Any, store: Store, run: Any, answer: Any
) -> None:
    old = page("<h1>News</h1>" + articles(range(2, 9)))
    more = page("<h1>News</h1>" + articles(range(1, 9)))
    edited = more.replace("announcement number 5<", "a corrected announcement, number 5<")
    headers = (("Content-Type", HTML),)
    each = [answer(body=body.encode(), headers=headers) for body in (old, old + " ", more, edited)]
    source = auto(site.answers("/news/", *each))
    reports = [run(source) for _ in range(4)]
    assert [(report.new, report.updated) for report in reports] == [(7, 0), (0, 0), (1, 0), (0, 1)]
    assert len(titles(store)) == 8
    assert "The institute makes a corrected announcement, number 5" in titles(store)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("There are no news at the moment.", None),
        ("There are currently no press releases available.", None),
        ("There are no upcoming events at this time.", "list-gone"),
        ("No results found.", "list-gone"),
        ("There is no better place than our new home.", "list-gone"),
    ],
)
def test_a_page_that_says_it_has_no_news_now_has_not_lost_its_list(
    site: Any, store: Store, run: Any, answer: Any, said: str, code: str | None
) -> None:
    headers = (("Content-Type", HTML),)
    bare = page(f"<h1>News</h1><p>{said}</p>")
    each = [answer(body=body.encode(), headers=headers) for body in (page(NEWS), bare, page(NEWS))]
    source = auto(site.answers("/news/", *each))
    run(source)
    fault = outcome(run(source)).fault
    assert (fault and fault.code) == code
    again = run(source)
    assert (outcome(again).fault, again.new, len(titles(store))) == (None, 0, 8)


def test_a_page_that_lost_its_list_fails_and_says_so(site: Any, store: Store, run: Any, answer: Any) -> None:
    headers = (("Content-Type", HTML),)
    lost = page("<h1>News</h1><p>We are moving house. Come back soon.</p>")
    source = auto(
        site.answers(
            "/news/",
            answer(body=page(NEWS).encode(), headers=headers),
            answer(body=lost.encode(), headers=headers),
        )
    )
    run(source)
    report = run(source)
    assert outcome(report).status == "failed"
    assert outcome(report).fault.code == "list-gone"
    assert "had 8 items and now shows none" in outcome(report).fault.message
    assert len(titles(store)) == 8
    paths = [asked.path for asked in site.log]
    assert paths.count("/news/") == 2, "the page is asked once in a run"


def test_a_feed_that_disappeared_is_looked_for_again_on_the_page(
    site: Any, store: Store, run: Any, answer: Any
) -> None:
    headers = (("Content-Type", HTML),)
    before, after = (page(WELCOME, head=names_feed(path)) for path in ("/old.xml", "/new.xml"))
    site.answers(
        "/old.xml",
        answer(body=rss(range(1, 5)).encode(), headers=(("Content-Type", "text/xml"),)),
        answer(status=404),
    )
    site.answer("/new.xml", rss(range(1, 9)), content_type="text/xml")
    source = auto(
        site.answers(
            "/", answer(body=before.encode(), headers=headers), answer(body=after.encode(), headers=headers)
        )
    )
    run(source)
    assert state(store).url == site.url("/old.xml")
    report = run(source)
    assert report.new == 4
    assert state(store).url == site.url("/new.xml")
    assert any("instead of" in notice for notice in outcome(report).notices)
    assert not any("instead of" in notice for notice in outcome(run(source)).notices)


def test_a_feed_that_only_fails_for_now_is_not_given_up(
    site: Any, store: Store, run: Any, answer: Any
) -> None:
    good = answer(body=rss(range(1, 5)).encode(), headers=(("Content-Type", "text/xml"),))
    site.answers("/feed.xml", good, answer(status=503), good)
    source = auto(site.answer("/", page(NEWS, head=names_feed("/feed.xml")), content_type=HTML))
    run(source)
    assert outcome(run(source)).fault.code == "http-503"
    run(source)
    assert state(store).url == site.url("/feed.xml")
    assert titles(store) == names(1, 4)
