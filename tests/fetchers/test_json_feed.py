"""JSON Feed 1 and 1.1."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from hubwatch.errors import ParseError
from hubwatch.fetchers import json_feed
from hubwatch.models import Document, RawItem, Source

SOURCE = Source(id="hub", name="Hub", url="https://site.example/feed.json")


def document(value: Any) -> Document:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    url, now = "https://site.example/feed.json", datetime(2026, 10, 6, tzinfo=UTC)
    return Document(url=url, requested_url=url, status=200, body=body, fetched_at=now)


def item(**fields: Any) -> RawItem:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": [fields]}
    return json_feed.parse(document(feed), SOURCE).items[0]


def test_a_full_feed() -> None:
    page = json_feed.parse(
        document(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "Sample & hub",
                "next_url": "/feed.json?page=2",
                "items": [
                    {
                        "id": "https://site.example/1",
                        "url": "/1",
                        "title": "5 < 6",
                        "content_html": "<p>All</p>",
                        "summary": "a < b",
                        "date_published": "2026-10-01T10:00:00-04:00",
                        "date_modified": "2026-10-02T10:00:00Z",
                        "authors": [{"name": "A"}, {"url": "x"}, "odd"],
                        "tags": ["am", 7, None],
                    }
                ],
            }
        ),
        SOURCE,
    )
    assert (page.title, page.how, page.ended) == ("Sample & hub", "JSON Feed 1.1", False)
    assert page.next_url == "https://site.example/feed.json?page=2"
    assert page.items == (
        RawItem(
            guid="https://site.example/1",
            url="https://site.example/1",
            title="5 < 6",
            title_is_html=False,
            summary="a &lt; b",
            content="<p>All</p>",
            published="2026-10-01T10:00:00-04:00",
            updated="2026-10-02T10:00:00Z",
            authors=("A",),
            categories=("am", "7"),
        ),
    )


@pytest.mark.parametrize(
    ("given", "guid"),
    [
        ("abc", "abc"),
        (17, "17"),
        (17.0, "17"),
        (1.5, "1.5"),
        (True, None),
        (None, None),
        ([], None),
        (10**400, None),
    ],
)
def test_an_id_of_any_scalar_is_text(given: object, guid: str | None) -> None:
    assert item(id=given, title="x").guid == guid


@pytest.mark.parametrize(
    ("fields", "url"),
    [
        ({"url": "https://a.example/1"}, "https://a.example/1"),
        ({"external_url": "https://b.example/1"}, "https://b.example/1"),
        ({"url": "https://a.example/1", "external_url": "https://b.example/1"}, "https://a.example/1"),
        ({"id": "https://c.example/1"}, "https://c.example/1"),
        ({"id": "17"}, None),
        ({"url": "javascript:alert(1)"}, None),
    ],
)
def test_where_the_link_comes_from(fields: dict[str, str], url: str | None) -> None:
    assert item(**fields).url == url


def test_plain_content_is_not_markup() -> None:
    read = item(id="1", content_text="a < b > c")
    assert (read.content, read.body_is_html) == ("a < b > c", False)


def test_the_author_of_version_1() -> None:
    assert item(id="1", author={"name": "Old"}).authors == ("Old",)


def test_line_breaks_within_strings_are_borne() -> None:
    body = b'{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "title": "A\n\tB"}]}'
    assert json_feed.parse(document(body), SOURCE).items[0].title == "A\n\tB"


def test_an_expired_feed_says_so() -> None:
    feed = {"version": "https://jsonfeed.org/version/1", "title": "J", "expired": True, "items": []}
    page = json_feed.parse(document(feed), SOURCE)
    assert page.ended
    assert "ended" in page.problems[0]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ([], "not-a-feed"),
        ({"items": 5}, "not-a-feed"),
        ({"items": []}, "not-a-feed"),
        ({"version": "2.0", "items": []}, "not-a-feed"),
        ("text", "not-a-feed"),
        (b"<html><title>Just a moment...</title>", "bot-wall"),
        (b"{", "not-json"),
        (b"", "empty"),
    ],
)
def test_other_json_is_refused(value: object, code: str) -> None:
    with pytest.raises(ParseError) as caught:
        json_feed.parse(document(value), SOURCE)
    assert caught.value.code == code


def test_items_over_the_limit_are_counted() -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": n} for n in range(10)]}
    page = json_feed.parse(document(feed), SOURCE, max_items=4)
    assert [read.guid for read in page.items] == ["0", "1", "2", "3"]
    assert page.problems == ("6 items over the limit of 4 left out",)
