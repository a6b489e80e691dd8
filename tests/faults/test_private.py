"""No source, redirect, discovered link, sitemap entry or next page leads a sync into private space."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from hubwatch.models import Candidate, FetchSettings, Source

FAST = FetchSettings(delay_s=0.0, timeout_s=2.0)


@pytest.fixture
def inside(loopback: Callable[..., Any]) -> Any:
    """A machine in private space that no source names; whatever it is asked is a failure."""
    site = loopback("127.0.0.9")
    for path in ("/", "/feed", "/rss.xml", "/news/", "/sitemap.xml", "/feed.xml"):
        site.answer(path, "<rss version='2.0'><channel><title>x</title></channel></rss>")
    return site


@pytest.mark.parametrize("status", [301, 302, 307])
@pytest.mark.parametrize("kind", ["feed", "page", "auto"])
def test_no_redirect_leads_inside(
    site: Any, inside: Any, watch: Any, source: Any, status: int, kind: str
) -> None:
    url = site.redirect("/f", inside.url("/feed"), status=status)
    outcome = watch.one(source(url, kind=kind))
    assert outcome.fault.code == "refused-address"
    assert inside.connections == 0


SPELLINGS = (
    "http://2130706441/feed", "http://0x7f000009/feed", "http://127.9/feed", "http://0177.0.0.011/feed",
    "http://[::ffff:127.0.0.9]/feed", "http://[::127.0.0.9]/feed", "http://0/feed", "http://[::]/feed",
    "http://169.254.169.254/latest/meta-data", "http://10.0.0.1/", "http://100.64.0.1/", "http://[fe80::1]/",
    "http://[fc00::1]/", "http://[2002:7f00:9::]/", "http://[64:ff9b::7f00:9]/", "http://192.168.1.1/",
    "http://localhost:1/", "http://x.localhost:1/", "http://example.com\\@127.0.0.9/", "file:///etc/passwd",
    "ftp://127.0.0.9/x", "gopher://127.0.0.9:70/_x", "data:text/xml,<rss/>", "jar:http://127.0.0.9!/x",
)  # fmt: skip


@pytest.mark.parametrize("to", SPELLINGS)
def test_no_spelling_of_an_inside_address_is_followed(site: Any, watch: Any, source: Any, to: str) -> None:
    url = site.redirect("/f", to.replace("127.0.0.9", "127.0.0.9"), status=302)
    outcome = watch.one(source(url))
    assert outcome.fault.code in ("refused-address", "bad-scheme", "bad-url", "dns")
    assert [asked.path for asked in site.log] == ["/f"]


LINKS: dict[str, str] = {
    "a feed it names": "<link rel='alternate' type='application/rss+xml' href='{0}'>",
    "a feed it links to": "<a href='{0}'>RSS</a>",
    "its news list": "<a href='{0}'>News</a><a href='{0}'>Press releases</a>",
    "its WordPress route": "<link rel='https://api.w.org/' href='{0}'>",
    "its sitemap": "<link rel='sitemap' href='{0}'>",
    "its base": "<base href='{0}'><a href='news/'>News</a><a href='feed'>RSS</a>",
}


@pytest.mark.parametrize("what", LINKS)
def test_no_link_of_a_page_leads_inside(site: Any, inside: Any, watch: Any, source: Any, what: str) -> None:
    link = LINKS[what].format(inside.url("/rss.xml"))
    url = site.answer("/", f"<html><head>{link}</head><body>{link}</body></html>", content_type="text/html")
    assert watch.one(source(url, kind="auto")).status == "failed"
    assert inside.connections == 0


def test_no_entry_of_a_sitemap_leads_inside(site: Any, inside: Any, watch: Any, source: Any) -> None:
    space = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
    index = f"<sitemapindex {space}><sitemap><loc>{inside.url('/sitemap.xml')}</loc></sitemap></sitemapindex>"
    articles = "".join(f"<url><loc>{inside.url(f'/news/{n}-story')}</loc></url>" for n in range(5))
    watch.one(source(site.answer("/index.xml", index, content_type="text/xml"), kind="sitemap"))
    listed = site.answer("/s.xml", f"<urlset {space}>{articles}</urlset>", content_type="text/xml")
    watch.one(source(listed, kind="sitemap"))
    assert inside.connections == 0


def test_no_item_of_a_list_leads_inside(site: Any, inside: Any, watch: Any, source: Any) -> None:
    blocks = "".join(
        f"<article><h3><a href='{inside.url(f'/news/{n}')}'>A story of some length, {n}</a></h3></article>"
        for n in range(5)
    )
    url = site.answer("/news/", f"<html><body><main>{blocks}</main></body></html>", content_type="text/html")
    watch.one(source(url, kind="page"))
    assert inside.connections == 0


def test_no_next_page_leads_inside(site: Any, inside: Any, watch: Any, source: Any, rss: Any) -> None:
    head = f"<atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='next' href='{inside.url('/feed')}'/>"
    url = site.feed("/feed", rss("First", head=head))
    watch.one(source(url), backfill=True)
    assert watch.titles() == {"First"}
    assert inside.connections == 0


def test_robots_txt_does_not_lead_inside(site: Any, inside: Any, watch: Any, source: Any) -> None:
    site.redirect("/robots.txt", inside.url("/robots.txt"))
    url = site.answer("/news/", "<html></html>", content_type="text/html")
    assert watch.one(source(url, kind="page")).status == "failed"
    assert inside.connections == 0


def test_a_built_in_source_may_not_name_private_space_at_all(inside: Any, watch: Any, source: Any) -> None:
    chain = (Candidate(url=inside.url("/feed"), kind="feed"),)
    built_in = source(chain[0].url, candidates=chain, builtin=True, homepage=inside.url("/"))
    assert watch.one(built_in).status == "unreached"
    assert inside.connections == 0


def test_allow_private_names_what_any_source_may_reach(
    site: Any, inside: Any, watch: Any, source: Any, rss: Any
) -> None:
    url = site.redirect("/f", inside.feed("/feed", rss("First")))
    allowed = replace(FAST, allow_private=("127.0.0.9",))
    assert watch.one(source(url), settings=allowed).new == 1


def test_one_sources_leave_is_not_anothers(site: Any, inside: Any, watch: Any, source: Any, rss: Any) -> None:
    inside.feed("/feed", rss("Inside"))
    shared = site.redirect("/f", inside.url("/feed"))
    its_own: Source = source(inside.url("/feed"), "own")
    other: Source = source(shared, "other")
    report = watch.sync(its_own, other)
    by_id = {outcome.source: outcome for outcome in report.outcomes}
    assert by_id["own"].new == 1
    assert by_id["other"].fault.code == "refused-address"
