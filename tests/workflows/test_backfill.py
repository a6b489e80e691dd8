"""Reading the history of sites on loopback: lists with pages, WordPress, archived feeds, sitemaps."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from hubwatch import facts
from hubwatch.models import FetchSettings, Filters, Source, SyncReport
from hubwatch.net.clock import SystemClock
from hubwatch.store import listing, query, sources
from hubwatch.store.db import Store
from hubwatch.workflows import sync

EVERYTHING = query.ItemQuery(filters=Filters(since=datetime(1900, 1, 1, tzinfo=UTC)), limit=100_000)
PER_PAGE = 5


@pytest.fixture
def run(store: Store, rules: facts.Rules) -> Callable[..., SyncReport]:
    def run(source: Source, *, since: datetime | None = None, backfill: bool = True) -> SyncReport:
        plan = sync.Plan(
            sources=(source,), hubs={}, settings=FetchSettings(delay_s=0.0, timeout_s=5.0),
            user_agent="hubwatch/test", backfill=backfill, backfill_since=since, force=True,
        )  # fmt: skip
        return sync.run(store, plan, clock=SystemClock(), load_rules=lambda: rules)

    return run


def titles(store: Store) -> list[str]:
    return sorted(item.title for item in listing.select(store, EVERYTHING))


def names(first: int, last: int) -> list[str]:
    return sorted(f"Announcement number {n} of the institute" for n in range(first, last + 1))


def day(number: int) -> str:
    return f"2026-{10 - number // 28:02}-{28 - number % 28:02}"


def rss(numbers: range, extra: str = "") -> str:
    items = "".join(
        f"<item><title>Announcement number {n} of the institute</title><link>https://example.org/news/{n}</link>"
        f"<pubDate>{day(n)}T10:00:00Z</pubDate></item>"
        for n in numbers
    )
    return f"<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>F</title>{extra}{items}</channel></rss>"


def news_page(numbers: range, more: str | None, link: str = "https://example.org/news/{0}") -> str:
    blocks = "".join(
        f"<article><h3><a href='{link.format(n)}'>Announcement number {n} of the institute</a></h3>"
        f"<time datetime='{day(n)}'>{day(n)}</time><p>What was announced in number {n}.</p></article>"
        for n in numbers
    )
    older = f"<nav class='pagination'><a rel='next' href='{more}'>Older posts</a></nav>" if more else ""
    return (
        f"<html><head><title>News</title></head><body><main><h1>News</h1>{blocks}{older}</main></body></html>"
    )


def test_a_paginated_list_is_read_to_its_end_and_no_page_twice(site: Any, store: Store, run: Any) -> None:
    for page in range(4):
        numbers = range(1 + page * PER_PAGE, 1 + (page + 1) * PER_PAGE)
        more = f"/news/page/{page + 2}/" if page < 3 else None
        path = "/news/" if page == 0 else f"/news/page/{page + 1}/"
        site.answer(path, news_page(numbers, more), content_type="text/html")
    source = Source(id="one", name="One", url=site.url("/news/"), kind="page")
    report = run(source)
    assert titles(store) == names(1, 20)
    assert [(o.found, o.new) for o in report.outcomes] == [(20, 20)]
    paths = [asked.path for asked in site.log if asked.path != "/robots.txt"]
    assert len(paths) == len(set(paths)) == 4
    site.log.clear()
    run(source)
    assert {asked.path for asked in site.log} <= {"/robots.txt", "/news/"}


def test_wordpress_pages(site: Any, store: Store, run: Any, answer: Any) -> None:
    def posts(numbers: range) -> str:
        return json.dumps(
            [
                {
                    "id": n, "link": f"https://example.org/news/{n}", "date_gmt": f"{day(n)}T10:00:00",
                    "title": {"rendered": f"Announcement number {n} of the institute"},
                    "excerpt": {"rendered": ""}, "content": {"rendered": ""},
                }
                for n in numbers
            ]
        )  # fmt: skip

    route = "/wp-json/wp/v2/posts?per_page=5"
    for page in range(1, 4):
        path = route if page == 1 else f"{route}&page={page}"
        numbers = range(1 + (page - 1) * PER_PAGE, 1 + page * PER_PAGE)
        site.answer(
            path,
            posts(numbers),
            content_type="application/json",
            headers={"X-WP-TotalPages": "3", "X-WP-Total": "15"},
        )
    run(Source(id="one", name="One", url=site.url(route), kind="wordpress"))
    assert titles(store) == names(1, 15)


def test_an_archived_feed_is_walked_by_its_links(site: Any, store: Store, run: Any) -> None:
    site.answer("/old.xml", rss(range(6, 11)), content_type="application/rss+xml")
    extra = f"<atom:link rel='prev-archive' href='{site.url('/old.xml')}'/>"
    url = site.answer("/feed", rss(range(1, 6), extra), content_type="application/rss+xml")
    run(Source(id="one", name="One", url=url, kind="feed"))
    assert titles(store) == names(1, 10)


def test_a_wordpress_feed_is_paged(site: Any, store: Store, run: Any) -> None:
    generator = "<generator>https://wordpress.org/?v=6.5</generator>"
    url = site.answer("/feed/", rss(range(1, 6), generator), content_type="application/rss+xml")
    site.answer("/feed/?paged=2", rss(range(6, 11), generator), content_type="application/rss+xml")
    run(Source(id="one", name="One", url=url, kind="feed"))
    assert titles(store) == names(1, 10)
    assert site.asked("/feed/?paged=3")
    assert not site.asked("/feed/?paged=4")


def test_a_short_feed_is_followed_by_the_sites_list(site: Any, store: Store, run: Any) -> None:
    url = site.answer("/feed.xml", rss(range(1, 4)), content_type="application/rss+xml")
    site.answer("/", "<html><body><a href='/news/'>News</a></body></html>", content_type="text/html")
    site.answer("/news/", news_page(range(1, 6), "/news/2/"), content_type="text/html")
    site.answer("/news/2/", news_page(range(6, 11), None), content_type="text/html")
    run(Source(id="one", name="One", url=url, kind="feed"))
    assert titles(store) == names(1, 10)


def test_a_short_feed_is_followed_by_the_sites_sitemap(site: Any, store: Store, run: Any) -> None:
    source = short_feed(site)
    entries = ""
    for n in range(4, 8):
        name = f"Announcement number {n} of the institute"
        address = site.answer(
            f"/news/announcement-{n}", f"<html><h1>{name}</h1></html>", content_type="text/html"
        )
        entries += f"<url><loc>{address}</loc><lastmod>{day(n)}</lastmod></url>"
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    site.answer("/sitemap.xml", f"<urlset {space}>{entries}</urlset>", content_type="text/xml")
    run(source)
    assert titles(store) == names(1, 7)


def test_a_search_has_no_history(site: Any, store: Store, run: Any) -> None:
    hits = {"oppHits": [{"id": "1", "title": "Casting of magnesium alloys", "openDate": "11/01/2026"}]}
    url = site.answer("/v1/api/search2", json.dumps({"data": hits}), content_type="application/json")
    run(Source(id="one", name="One", url=url, kind="grants-gov", query="magnesium"))
    assert [asked.path for asked in site.log] == ["/v1/api/search2"]
    assert sources.load_states(store)["one"].backfilled is True


def short_feed(site: Any) -> Source:
    """Give a site a feed of its newest three, and a home page without news."""
    url = site.answer("/feed.xml", rss(range(1, 4)), content_type="application/rss+xml")
    site.answer("/", "<html><body><p>Welcome.</p></body></html>", content_type="text/html")
    return Source(id="one", name="One", url=url, kind="feed")


def index_of(site: Any, sitemaps: Iterable[str]) -> None:
    """Give a site an index of these sitemaps."""
    entries = "".join(f"<sitemap><loc>{address}</loc></sitemap>" for address in sitemaps)
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    site.answer("/sitemap.xml", f"<sitemapindex {space}>{entries}</sitemapindex>", content_type="text/xml")


def sitemap_of(site: Any, numbers: range, first_said: dict[int, Any], place: str = "/sitemap.xml") -> None:
    """Give a site a sitemap of these articles; `first_said` has what some of them answer the first time."""
    entries = ""
    for n in numbers:
        article = f"/news/announcement-number-{n}"
        usual = {"body": f"<html><h1>Announcement number {n} of the institute</h1></html>".encode()}
        site.answers(article, *([first_said[n]] if n in first_said else []), usual)
        entries += f"<url><loc>{site.url(article)}</loc></url>"
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    site.answer(place, f"<urlset {space}>{entries}</urlset>", content_type="text/xml")


@pytest.mark.parametrize(
    ("status", "busy"), [pytest.param(429, (84,), id="429"), pytest.param(503, (84, 85), id="503 twice")]
)
def test_a_site_that_wants_no_more_requests_is_left_alone_and_its_sitemap_finished_later(
    site: Any, store: Store, run: Any, status: int, busy: tuple[int, ...]
) -> None:
    source = short_feed(site)
    sitemap_of(site, range(4, 130), {number: {"status": status} for number in busy})
    report = run(source)
    assert titles(store) == names(1, 83)
    assert "stopped" in report.outcomes[0].notices[-1]
    assert not site.asked(f"/news/announcement-number-{busy[-1] + 1}")
    assert sources.load_states(store)["one"].backfilled is False
    run(source)
    assert titles(store) == names(1, 129)
    assert len(site.asked("/news/announcement-number-83")) == 1
    assert sources.load_states(store)["one"].backfilled is True


@pytest.mark.parametrize("retry_after", [None, "120"])
def test_an_article_that_never_answers_does_not_keep_the_others_away(
    site: Any, store: Store, run: Any, retry_after: str | None
) -> None:
    """Where it also asks for a pause, the others follow in the next run."""
    source = short_feed(site)
    sitemap_of(site, range(4, 50), {})
    headers = (("Retry-After", retry_after),) if retry_after else ()
    site.answers("/news/announcement-number-8", {"status": 503, "headers": headers})
    report = run(source)
    if retry_after:
        assert titles(store) == names(1, 7)
        with store.transaction():
            store.write("DELETE FROM hosts")  # the pause is over
        site.log.clear()
        report = run(source)
    assert titles(store) == sorted({*names(1, 49)} - {*names(8, 8)})
    (outcome,) = report.outcomes
    assert outcome.status == "ok"
    assert "left out 1 article" in outcome.notices[-1]
    assert "/news/announcement-number-8 answered 503" in outcome.notices[-1]
    assert site.log[-1].path == "/news/announcement-number-8" or not retry_after  # asked last
    with store.transaction():
        store.write("DELETE FROM hosts")
    site.answer(
        "/news/announcement-number-8", "<html><h1>Announcement number 8 of the institute</h1></html>",
        content_type="text/html",
    )  # fmt: skip
    report = run(source)
    assert titles(store) == names(1, 49)
    assert sources.load_states(store)["one"].backfilled is True
    assert sources.load_states(store)["one"].backfill_left is None


def test_one_article_that_leads_to_a_dead_host_does_not_end_a_sitemap(
    site: Any, store: Store, run: Any
) -> None:
    source = short_feed(site)
    sitemap_of(site, range(4, 50), {8: {"status": 302, "headers": (("Location", "http://127.0.0.1:1/"),)}})
    run(source)
    assert titles(store) == sorted({*names(1, 49)} - {*names(8, 8)})
    assert sources.load_states(store)["one"].backfilled is True


def test_one_sitemap_of_an_index_that_cannot_be_read_does_not_end_it(
    site: Any, store: Store, run: Any
) -> None:
    source = short_feed(site)
    sitemap_of(site, range(4, 50), {}, place="/last.xml")
    site.answers("/broken.xml", {"status": 500}, {"status": 404})
    index_of(site, ("http://10.0.0.1/news.xml", site.url("/broken.xml"), site.url("/last.xml")))
    (outcome,) = run(source).outcomes
    assert titles(store) == names(1, 49)
    assert "/broken.xml answered 500" in outcome.notices[-1]
    assert "stopped" not in outcome.notices[-1]
    assert sources.load_states(store)["one"].backfilled is False  # it is looked for again
    index_of(site, ())
    run(source)
    assert sources.load_states(store)["one"].backfilled is True


@pytest.mark.parametrize("status", [401, 403, 500])
@pytest.mark.parametrize("route", [False, True], ids=["home page", "WordPress route"])
def test_a_site_whose_list_is_refused_has_its_sitemap_still(
    site: Any, store: Store, run: Any, status: int, route: bool
) -> None:
    url = site.answer("/feed.xml", rss(range(1, 4)), content_type="application/rss+xml")
    link = f"<link rel='https://api.w.org/' href='{site.url('/wp-json/')}'>"
    home = f"<html><head>{link}</head><body><p>Welcome.</p></body></html>"
    site.answer("/", home, status=200 if route else status, content_type="text/html")
    site.answer("/wp-json/wp/v2/posts", "{}", status=status, content_type="application/json")
    sitemap_of(site, range(4, 8), {})
    run(Source(id="one", name="One", url=url, kind="feed"))
    assert titles(store) == names(1, 7)


def test_a_site_that_is_down_is_asked_for_no_more_than_two_places(site: Any, store: Store, run: Any) -> None:
    source = short_feed(site)
    children = [site.answer(f"/posts-{number}.xml", status=503) for number in range(5)]
    index_of(site, children)
    (outcome,) = run(source).outcomes
    assert "stopped" in outcome.notices[-1]
    assert len([asked for asked in site.log if asked.path.startswith("/posts-")]) == 2


def test_items_that_share_a_guid_are_no_page_that_is_repeated(site: Any, store: Store, run: Any) -> None:
    for page in range(3):
        more = (
            f"<atom:link rel='prev-archive' href='{site.url(f'/feed-{page + 1}.xml')}'/>" if page < 2 else ""
        )
        body = rss(range(1 + page * 5, 6 + page * 5), more).replace("<item>", "<item><guid>news</guid>")
        site.answer(f"/feed-{page}.xml", body, content_type="application/rss+xml")
    run(Source(id="one", name="One", url=site.url("/feed-0.xml"), kind="feed"))
    assert titles(store) == names(1, 15)


def test_what_was_followed_for_long_does_not_hide_what_is_older(site: Any, store: Store, run: Any) -> None:
    for page in range(8):
        numbers = range(1 + page * PER_PAGE, 1 + (page + 1) * PER_PAGE)
        more = f"/news/{page + 2}/" if page < 7 else None
        site.answer(f"/news/{page + 1}/", news_page(numbers, more), content_type="text/html")
    source = Source(id="one", name="One", url=site.url("/news/"), kind="page")
    for newest in (5, 4, 3, 2, 1):
        first = 1 + (newest - 1) * PER_PAGE
        site.answer("/news/", news_page(range(first, first + PER_PAGE), "/news/2/"), content_type="text/html")
        run(source, backfill=False)
    assert titles(store) == names(1, 25)
    run(source)
    assert titles(store) == names(1, 40)
    assert sources.load_states(store)["one"].backfilled is True


def test_a_site_that_repeats_its_last_page_has_no_more(site: Any, store: Store, run: Any) -> None:
    generator = "<generator>https://wordpress.org/?v=6.5</generator>"
    url = site.answer("/feed/", rss(range(1, 6), generator), content_type="application/rss+xml")
    for page in range(2, 9):
        site.answer(f"/feed/?paged={page}", rss(range(6, 11), generator), content_type="application/rss+xml")
    run(Source(id="one", name="One", url=url, kind="feed"))
    assert titles(store) == names(1, 10)
    assert not site.asked("/feed/?paged=4")
    assert sources.load_states(store)["one"].backfilled is True


def test_a_walk_that_breaks_off_is_resumed_where_it_stopped(
    site: Any, store: Store, run: Any, answer: Any
) -> None:
    site.answer("/news/", news_page(range(1, 6), "/news/2/"), content_type="text/html")
    site.answer("/news/2/", news_page(range(6, 11), "/news/3/"), content_type="text/html")
    html = (("Content-Type", "text/html"),)
    site.answers(
        "/news/3/", answer(status=500), answer(body=news_page(range(11, 16), None).encode(), headers=html)
    )
    source = Source(id="one", name="One", url=site.url("/news/"), kind="page")
    run(source)
    assert titles(store) == names(1, 10)
    assert sources.load_states(store)["one"].backfilled is False
    site.log.clear()
    run(source)
    assert titles(store) == names(1, 15)
    assert not site.asked("/news/2/")
    assert sources.load_states(store)["one"].backfilled is True


def test_a_source_whose_history_brought_something_is_not_unchanged(site: Any, store: Store, run: Any) -> None:
    for page in range(4):
        older = f"<atom:link rel='prev-archive' href='{site.url(f'/feed/{page + 1}')}'/>" if page < 3 else ""
        numbers = range(1 + page * PER_PAGE, 1 + (page + 1) * PER_PAGE)
        site.answer(f"/feed/{page}", rss(numbers, older), content_type="application/rss+xml")
    source = Source(id="one", name="One", url=site.url("/feed/0"), kind="feed")
    run(source, since=datetime.fromisoformat(f"{day(8)}T00:00:00+00:00"))
    (outcome,) = run(source).outcomes
    assert (outcome.status, outcome.found > 0, outcome.new > 0) == ("ok", True, True)
    (outcome,) = run(source, backfill=False).outcomes
    assert (outcome.status, outcome.found, outcome.new) == ("unchanged", 0, 0)


def test_since_stops_the_walk(site: Any, store: Store, run: Any) -> None:
    for page in range(5):
        numbers = range(1 + page * PER_PAGE, 1 + (page + 1) * PER_PAGE)
        path = "/news/" if page == 0 else f"/news/{page + 1}/"
        site.answer(
            path, news_page(numbers, f"/news/{page + 2}/" if page < 4 else None), content_type="text/html"
        )
    since = datetime.fromisoformat(f"{day(11)}T00:00:00+00:00")
    run(Source(id="one", name="One", url=site.url("/news/"), kind="page"), since=since)
    assert not site.asked("/news/5/")
    assert set(names(1, 11)) <= set(titles(store))


def test_since_goes_by_the_day_of_change_where_there_is_no_other(site: Any, store: Store, run: Any) -> None:
    for page in range(4):
        entry = f"<entry><title>Announcement number {page} of the institute</title><id>urn:{page}</id>"
        entry += f"<updated>2026-0{9 - page}-01T00:00:00Z</updated></entry>"
        older = f"<link rel='prev-archive' href='/feed/{page + 1}'/>" if page < 3 else ""
        site.answer(
            f"/feed/{page}",
            f"<feed xmlns='http://www.w3.org/2005/Atom'><title>F</title>{older}{entry}</feed>",
        )
    run(
        Source(id="one", name="One", url=site.url("/feed/0"), kind="feed"),
        since=datetime(2026, 8, 15, tzinfo=UTC),
    )
    assert not site.asked("/feed/2")


def test_history_is_not_this_weeks_news(site: Any, store: Store, run: Any) -> None:
    undated = (
        news_page(range(1, 6), None).replace("<time", "<span hidden data-x").replace("</time>", "</span>")
    )
    url = site.answer("/news/", undated, content_type="text/html")
    run(Source(id="one", name="One", url=url, kind="page"))
    assert {item.effective.year for item in listing.select(store, EVERYTHING) if item.published is None} <= {
        1900
    }


def test_articles_that_can_never_be_read_do_not_end_a_sitemap_for_ever(
    site: Any, store: Store, run: Any
) -> None:
    source = short_feed(site)
    sitemap_of(site, range(4, 50), {})
    for number in (8, 9):
        site.redirect(f"/news/announcement-number-{number}", "http://127.0.0.1:1/")
    for _ in range(2):
        run(source)
    assert titles(store) == sorted({*names(1, 49)} - {*names(8, 9)})


def test_a_check_against_robots_is_no_article(site: Any, store: Store, run: Any) -> None:
    source = short_feed(site)
    wall = b"<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>"
    sitemap_of(site, range(4, 50), {8: {"body": wall}})
    (outcome,) = run(source).outcomes
    assert titles(store) == sorted({*names(1, 49)} - {*names(8, 8)})
    assert "check against robots" in outcome.notices[-1]
    run(source)
    assert titles(store) == names(1, 49)


def test_an_index_that_names_other_places_is_read_all_the_same(site: Any, store: Store, run: Any) -> None:
    source = short_feed(site)
    sitemap_of(site, range(4, 9), {}, "/post-sitemap.xml")
    places = ("http://10.0.0.1/post-sitemap.xml", site.url("/sitemap.xml"), site.url("/post-sitemap.xml"))
    index_of(site, places)
    run(source)
    assert titles(store) == names(1, 8)
