"""Posts of the WordPress REST API."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from hubwatch.errors import ParseError
from hubwatch.fetchers import wordpress
from hubwatch.models import Document, RawItem, Source

SOURCE = Source(id="hub", name="Hub", url="https://hub.example/wp-json/wp/v2/posts")
POST: dict[str, Any] = {
    "id": 4711,
    "date": "2026-10-06T09:00:00",
    "date_gmt": "2026-10-06T13:00:00",
    "modified": "2026-10-06T10:00:00",
    "modified_gmt": "2026-10-06T14:00:00",
    "guid": {"rendered": "https://hub.example/?p=4711"},
    "status": "publish",
    "link": "https://hub.example/2026/10/call/",
    "title": {"rendered": "R&#038;D call &#8211; open"},
    "excerpt": {"rendered": "<p>Short.</p>\n", "protected": False},
    "content": {"rendered": "<p>Long.</p>\n", "protected": False},
    "categories": [3, 9],
}


def document(value: Any, url: str = SOURCE.url, **headers: str) -> Document:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    now = datetime(2026, 10, 6, tzinfo=UTC)
    known = {name.replace("_", "-"): text for name, text in headers.items()}
    return Document(url=url, requested_url=url, status=200, body=body, headers=known, fetched_at=now)


def test_a_post_becomes_an_item() -> None:
    page = wordpress.parse(document([POST]), SOURCE)
    assert page.items == (
        RawItem(
            guid="https://hub.example/?p=4711",
            url="https://hub.example/2026/10/call/",
            title="R&#038;D call &#8211; open",
            summary="<p>Short.</p>",
            content="<p>Long.</p>",
            published="2026-10-06T13:00:00Z",
            updated="2026-10-06T14:00:00Z",
        ),
    )
    assert page.next_url is None


def test_embedded_names_are_used() -> None:
    embedded = {"author": [{"name": "Staff"}], "wp:term": [[{"name": "News"}], [{"name": "AM"}], "odd"]}
    read = wordpress.parse(document([POST | {"_embedded": embedded}]), SOURCE).items[0]
    assert read.authors == ("Staff",)
    assert read.categories == ("News", "AM")


@pytest.mark.parametrize(
    ("fields", "published"),
    [
        ({"date_gmt": "0000-00-00T00:00:00"}, "2026-10-06T09:00:00"),
        ({"date_gmt": None}, "2026-10-06T09:00:00"),
        ({"date_gmt": None, "date": None}, None),
        ({"date_gmt": "2026-10-06T13:00:00+00:00"}, "2026-10-06T13:00:00+00:00"),
    ],
)
def test_dates_that_are_not_set(fields: dict[str, Any], published: str | None) -> None:
    assert wordpress.parse(document([POST | fields]), SOURCE).items[0].published == published


def test_a_post_without_bodies_and_one_that_is_a_draft() -> None:
    bare = {"id": 5, "link": "https://hub.example/5", "title": "Plain title"}
    page = wordpress.parse(document([bare, POST | {"status": "draft"}, "odd"]), SOURCE)
    assert [(read.guid, read.title) for read in page.items] == [("5", "Plain title")]


@pytest.mark.parametrize(
    ("url", "total", "next_url"),
    [
        ("https://h.example/wp-json/wp/v2/posts", "3", "https://h.example/wp-json/wp/v2/posts?page=2"),
        ("https://h.example/p?per_page=100&page=2", "3", "https://h.example/p?per_page=100&page=3"),
        ("https://h.example/?rest_route=%2Fwp%2Fv2%2Fposts", "2", "https://h.example/?rest_route=%2Fwp%2Fv2%2Fposts&page=2"),
        ("https://h.example/p?page=3", "3", None),
        ("https://h.example/p", "1", None),
        ("https://h.example/p", "many", None),
        ("https://h.example/p?page=x", "3", None),
    ],
)  # fmt: skip
def test_the_next_page(url: str, total: str, next_url: str | None) -> None:
    page = wordpress.parse(document([POST], url, x_wp_totalpages=total), SOURCE)
    assert page.next_url == next_url


@pytest.mark.parametrize(
    ("value", "code", "said"),
    [
        (
            {
                "code": "rest_no_route",
                "message": "No route was found matching the URL.",
                "data": {"status": 404},
            },
            "no-list",
            '"No route was found matching the URL" (rest_no_route)',
        ),
        ({"code": "rest_cannot_access", "message": "<b>DRA</b>: only users"}, "no-list", "DRA: only users"),
        ({"name": "Hub", "routes": {}}, "no-list", "no list of WordPress posts"),
        ([{"a": 1}], "no-list", "no WordPress posts"),
        (b"<html><title>Attention Required! | Cloudflare</title></html>", "bot-wall", "robots"),
        (b"<html><title>Hub</title><p>Hi</p></html>", "not-json", "not JSON"),
        (b"", "empty", "empty"),
    ],
)
def test_faults_are_told_in_plain_words(value: Any, code: str, said: str) -> None:
    with pytest.raises(ParseError) as caught:
        wordpress.parse(document(value), SOURCE)
    assert caught.value.code == code
    assert said in caught.value.message


def test_no_posts_yet_is_no_fault() -> None:
    assert wordpress.parse(document([]), SOURCE).items == ()
