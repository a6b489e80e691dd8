"""Pages read by the user's own selectors, and what is said when one of them finds nothing."""

# ruff: noqa: E501 - markup is easier to read in one piece
from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hubwatch.errors import ParseError
from hubwatch.fetchers import page
from hubwatch.models import Document, Page, PageSelectors, Source

URL = "https://hub.example.org/news/"
HTML = """<html><body><div class="list">
<div class="news"><h3>First <em>title</em></h3><a class="go" href="/a?x=1">More</a><time datetime="2025-11-03T10:00:00Z">Nov</time>
<p>Summary one</p></div>
<div class="news"><h3>Second</h3><a class="go" href="https://other.example.com/b">More</a><i>5 November 2025</i></div>
</div><a rel="next" href="/news/page/2/">older</a></body></html>"""


def _parse(html: str, **selectors: str) -> Page:
    document = Document(
        url=URL,
        requested_url=URL,
        status=200,
        body=html.encode(),
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    chosen = PageSelectors(**selectors)  # type: ignore[arg-type]
    return page.parse(document, Source(id="acme", name="Acme", url=URL, kind="page", page=chosen))


def test_all_selectors_are_applied() -> None:
    found = _parse(HTML, item=".news", title="h3", link="a.go@href", date="time@datetime", summary="p")
    assert [(item.title, item.url, item.published, item.summary) for item in found.items] == [
        ("First title", "https://hub.example.org/a?x=1", "2025-11-03T10:00:00Z", "Summary one"),
        ("Second", "https://other.example.com/b", None, ""),
    ]
    assert found.is_page
    assert found.next_url == "https://hub.example.org/news/page/2/"
    assert found.problems == ("the selector date = 'time@datetime' found nothing in 1 of 2 items",)


def test_item_alone_is_enough() -> None:
    found = _parse(HTML, item=".news")
    assert [(item.title, item.url) for item in found.items] == [
        ("First title", "https://hub.example.org/a?x=1"),
        ("Second", "https://other.example.com/b"),
    ]


def test_a_date_in_text_becomes_a_day() -> None:
    found = _parse(HTML, item=".news", date="time, i")
    assert found.items[1].published == "2025-11-05"


def test_an_item_that_is_itself_the_link() -> None:
    found = _parse("<a class='n' href='/x'>One</a><a class='n' href='/y'>Two</a>", item="a.n", link="@href")
    assert [(item.title, item.url) for item in found.items] == [
        ("One", "https://hub.example.org/x"),
        ("Two", "https://hub.example.org/y"),
    ]


@pytest.mark.parametrize(
    ("selectors", "said"),
    [
        ({"item": ".gone"}, "item = '.gone' found nothing"),
        ({"item": ".missing > li"}, "item = '.missing > li' found nothing"),
        ({"item": ".news", "title": "h9"}, "title = 'h9' found nothing in any of the 2 items"),
        ({"item": ".news:first-child", "title": "h9"}, "title = 'h9' found nothing in the one item"),
        ({"item": ".news", "link": "a.none"}, "link = 'a.none' found nothing in any"),
        ({"item": ".news", "date": "time@nothing"}, "date = 'time@nothing' found nothing in any"),
        ({"item": "div[["}, "item = 'div[[' is not one that can be read"),
        ({"item": ".news", "title": "h3:nope()"}, "title = 'h3:nope()' is not one that can be read"),
    ],
)
def test_the_error_names_the_selector(selectors: dict[str, str], said: str) -> None:
    with pytest.raises(ParseError) as caught:
        _parse(HTML, **selectors)
    assert caught.value.code == "selector"
    assert said in caught.value.message
    assert caught.value.source == "acme"


def test_an_empty_list_is_told_from_a_missing_one() -> None:
    empty = _parse("<div class='list'></div>", item=".list > .news")
    assert empty.items == ()
    assert "the list is there" in empty.problems[0]
    said = _parse("<div><p>No news items found.</p></div>", item=".news")
    assert said.items == ()


def test_bad_links_are_no_addresses() -> None:
    found = _parse("<li class=n><a href='javascript:alert(1)'>One</a></li>", item=".n")
    assert found.items[0].url is None
