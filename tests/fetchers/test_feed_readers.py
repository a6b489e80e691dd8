"""The fast and the lenient reader give the same items, and the fast one knows what it must not read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hubwatch import normalize
from hubwatch.errors import ParseError
from hubwatch.fetchers import feed, feed_fast, feed_lenient
from hubwatch.models import Document, Page, Source

FEEDS = sorted((Path(__file__).parent.parent / "data" / "feeds").glob("*.xml"))
# Feeds of real sites that are kept beside the repository, where somebody has them.
REAL = sorted((Path(__file__).parents[2] / ".." / "shared" / "pages").glob("*/feed.xml"))
SOURCE = Source(id="hub", name="Hub", url="https://site.example/feed/")


def document(body: bytes | str, content_type: str | None = None) -> Document:
    raw = body.encode() if isinstance(body, str) else body
    url, now = "https://site.example/feed/", datetime(2026, 10, 6, tzinfo=UTC)
    return Document(
        url=url, requested_url=url, status=200, body=raw, content_type=content_type, fetched_at=now
    )


def rss(items: str) -> str:
    return f'<rss version="2.0"><channel><title>T</title>{items}</channel></rss>'


def both(body: bytes | str) -> tuple[Page | None, Page]:
    return feed_fast.read(document(body)), feed_lenient.read(document(body))


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.stem)
def test_both_readers_agree_on_the_samples(path: Path) -> None:
    fast, lenient = both(path.read_bytes())
    assert fast is not None
    assert replace(fast, how="") == replace(lenient, how="")


@pytest.mark.skipif(not REAL, reason="the feeds of real sites are not beside this checkout")
def test_both_readers_agree_on_feeds_of_real_sites() -> None:
    for path in REAL:
        fast, lenient = both(path.read_bytes())
        assert fast is not None, path
        assert replace(fast, how="") == replace(lenient, how=""), path


@pytest.mark.skipif(not REAL, reason="the feeds of real sites are not beside this checkout")
def test_every_item_of_real_feeds_has_title_address_and_date() -> None:
    for path in REAL:
        for item in feed.parse(document(path.read_bytes()), SOURCE).items:
            assert item.title, path
            assert item.url, path
            assert item.published, path


@pytest.mark.parametrize(
    ("item", "why"),
    [
        pytest.param("<title>A & B</title>", "bare ampersand", id="ampersand"),
        pytest.param("<title>Open", "unclosed", id="unclosed"),
        pytest.param("<title>R&eacute;sum&eacute;</title>", "HTML entity", id="HTML entity"),
        pytest.param("<title>Don\x92t</title>", "C1 control", id="C1 control"),
        pytest.param("<title>Don&#146;t</title>", "numeric C1", id="numeric C1"),
        pytest.param("<title>Ã©tude</title>", "encoded twice", id="encoded twice"),
        pytest.param("<body>x</body>", "xhtml:body", id="body"),
    ],
)
def test_the_fast_reader_declines_what_feedparser_mends(item: str, why: str) -> None:
    assert feed_fast.read(document(rss(f"<item>{item}</item>"))) is None, why


@pytest.mark.parametrize(
    ("item", "title"),
    [
        ("<title>A & B</title>", "A & B"),
        ("<title>Automating R&D at AT&T, Q&A</title>", "Automating R&D at AT&T, Q&A"),
        ("<title><![CDATA[R&D]]> &copy 2026 & more</title>", "R&D © 2026 & more"),
        ("<title>M&S; R&D</title><oops>", "M&S; R&D"),
        ("<title>R&eacute;sum&eacute;</title>", "Résumé"),
        ("<title>Don\x92t</title>", "Don’t"),
        ("<title>Don&#146;t</title>", "Don’t"),
        ("<title>Ã©tude</title>", "étude"),
    ],
)
def test_the_lenient_reader_mends_it(item: str, title: str) -> None:
    assert feed.parse(document(rss(f"<item>{item}</item>")), SOURCE).items[0].title == title


def test_items_in_an_element_of_their_own_are_not_lost() -> None:
    body = rss("<items><item><title>A</title></item><item><title>B</title></item></items>")
    assert [item.title for item in feed.parse(document(body), SOURCE).items] == ["A", "B"]


def test_rss_0_90_is_read_under_both_its_names() -> None:
    head = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://{}.netscape.com/rdf/simple/0.9/'>"
    items = (
        "<channel><title>T</title></channel><item><title>A</title><link>https://site.example/a</link></item>"
    )
    for host in ("my", "channel"):
        page = feed.parse(document(head.format(host) + items + "</rdf:RDF>"), SOURCE)
        assert (page.how, [item.title for item in page.items]) == ("RSS 0.90", ["A"])


def test_rdf_that_is_no_feed_is_refused() -> None:
    head = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:skos='urn:skos'>"
    with pytest.raises(ParseError) as caught:
        feed.parse(document(f"{head}<skos:Concept>Forging</skos:Concept></rdf:RDF>"), SOURCE)
    assert caught.value.code == "not-a-feed"


@pytest.mark.parametrize("broken", [False, True], ids=["well-formed", "broken"])
def test_fields_wrapped_in_elements_are_found(broken: bool) -> None:
    item = (
        "<item><title>A</title><pubDate><time datetime='2026-05-04T19:00:00Z'>Mon, 05/04/2026 - 15:00</time>"
        "</pubDate><categories><category>Casting</category><category>Forging</category></categories></item>"
    )
    (made,) = normalize.normalize_all(
        feed.parse(document(rss(item + "<oops>" * broken)), SOURCE),
        SOURCE,
        now=datetime(2026, 10, 6, tzinfo=UTC),
        first_reading=True,
    )
    assert made.published == datetime(2026, 5, 4, 15, tzinfo=UTC)
    assert made.categories == ("Casting", "Forging")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_base_of_links_is_found_in_every_encoding(encoding: str) -> None:
    body = "<rss version='2.0' xml:base='https://base.example/'><channel><item><title>A</title><link>a</link></item>"
    page = feed.parse(document((body + "</channel></rss>").encode(encoding)), SOURCE)
    assert page.items[0].url == "https://base.example/a"


def test_a_broken_feed_that_declares_a_namespace_on_every_element_is_read() -> None:
    creator = "<dc:creator xmlns:dc='http://purl.org/dc/elements/1.1/'>Jane</dc:creator>"
    page = feed.parse(document(rss(f"<item><title>A</title>{creator}</item>" * 600 + "<oops>")), SOURCE)
    assert (len(page.items), page.items[-1].authors) == (600, ("Jane",))


def test_a_prefix_that_is_not_declared_costs_no_item() -> None:
    body = (
        "<rss rss:version=2.0><rss:channel><rss:item><rss:title>A</rss:title></rss:item></rss:channel></rss>"
    )
    assert [item.title for item in feed.parse(document(body), SOURCE).items] == ["A"]


@pytest.mark.parametrize(
    ("inside", "is_quiet"),
    [
        ("<a:feed xmlns:a='urn:a'><a:item><a:title>A</a:title></a:item></a:feed>", False),
        ("<!-- <item> -->", True),
    ],
    ids=["items of another sort", "a comment"],
)
def test_a_feed_whose_items_cannot_be_read_is_no_quiet_feed(inside: str, is_quiet: bool) -> None:
    body = document(rss(f"{inside}<oops>"))
    if is_quiet:
        assert feed.parse(body, SOURCE).items == ()
        return
    with pytest.raises(ParseError) as caught:
        feed.parse(body, SOURCE)
    assert caught.value.code == "unreadable"


@pytest.mark.parametrize("fault", ["", "<title>A & B</title>", "<oops>"], ids=["none", "mended", "broken"])
def test_a_guid_is_the_same_in_a_broken_feed(fault: str) -> None:
    guid = "<guid isPermaLink='false'>https://site.example/?p=1&amp;type=news</guid>"
    page = feed.parse(document(rss(f"<item>{guid}<title>A</title></item><item>{fault}</item>")), SOURCE)
    assert page.items[0].guid == "https://site.example/?p=1&type=news"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(
            "\n\n" + '<?xml version="1.0"?>' + rss("<item><title>X</title></item>"), None, id="blank lines"
        ),
        pytest.param(
            "<br/>Warning: x\n<?xml version='1.0'?>" + rss("<item><title>X</title></item>"), None, id="junk"
        ),
        pytest.param(rss("<item><title>X\x1b\x0b&#27;&#x0;</title></item>"), None, id="controls"),
        pytest.param(rss("<item><title>X</title></item>").encode("utf-16"), None, id="UTF-16"),
        pytest.param(
            rss("<item><title>X</title></item>"),
            "text/xml; charset=iso-8859-1",
            id="header of another charset",
        ),
        pytest.param(
            '<!DOCTYPE rss SYSTEM "http://dtd.example/x.dtd">' + rss("<item><title>X</title></item>"),
            None,
            id="DTD",
        ),
    ],
)
def test_small_faults_do_not_need_feedparser(body: bytes | str, content_type: str | None) -> None:
    page = feed_fast.read(document(body, content_type))
    assert page is not None
    assert page.items[0].title == "X"


def test_the_fast_path_loads_neither_feedparser_nor_bs4() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from hubwatch.fetchers import parse; from hubwatch.models import *;"
        "from datetime import datetime, UTC;"
        "d = Document(url='https://x.example/', requested_url='https://x.example/', status=200,"
        " body=b'<rss version=\"2.0\"><channel><item><title>A</title></item></channel></rss>',"
        " fetched_at=datetime(2026, 1, 1, tzinfo=UTC));"
        "assert len(parse(d, Source(id='x', name='x', url='https://x.example/'), 'feed').items) == 1;"
        "assert not {'feedparser', 'bs4', 'httpx'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
