"""Lists that pages describe for machines."""

# ruff: noqa: E501 - markup is easier to read in one piece
from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from hubwatch.errors import ParseError
from hubwatch.fetchers import structured
from hubwatch.models import Document, Page, Source

URL = "https://hub.example.org/news/"


def _parse(html: str, what: str = "news") -> Page:
    document = Document(
        url=URL,
        requested_url=URL,
        status=200,
        body=html.encode(),
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    return structured.parse(document, Source(id="x", name="x", url=URL, what=what))  # type: ignore[arg-type]


def _script(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return (
        f"<html><head><script type='application/ld+json'>{text}</script></head><body><p>x</p></body></html>"
    )


def _post(number: int, kind: str = "BlogPosting", **more: Any) -> dict[str, Any]:
    return {
        "@type": kind,
        "headline": f"Post {number}",
        "url": f"/p/{number}",
        "datePublished": f"2025-11-0{number}",
        "author": {"@type": "Person", "name": "Staff"},
    } | more


LISTS = {
    "array": [_post(1), _post(2)],
    "graph": {
        "@context": "https://schema.org",
        "@graph": [{"@type": "WebSite", "name": "Hub"}, _post(1), _post(2)],
    },
    "blog": {"@type": "Blog", "name": "News", "blogPost": [_post(1), _post(2)]},
    "item list": {
        "@type": "ItemList",
        "itemListElement": [
            {"@type": "ListItem", "position": n, "item": _post(n, "NewsArticle")} for n in (1, 2)
        ],
    },
    "collection page": {
        "@type": "CollectionPage",
        "mainEntity": {"@type": "ItemList", "hasPart": [_post(1), _post(2)]},
    },
    "several types": [_post(1, kind=["Article", "NewsArticle"]), _post(2)],  # type: ignore[arg-type]
    "mainEntityOfPage": [
        _post(n, url=None, mainEntityOfPage={"@type": "WebPage", "@id": f"/p/{n}"}) for n in (1, 2)
    ],
}


@pytest.mark.parametrize("name", LISTS)
def test_json_ld_lists(name: str) -> None:
    found = _parse(_script(LISTS[name]))
    assert [(item.title, item.url, item.published) for item in found.items] == [
        ("Post 1", "https://hub.example.org/p/1", "2025-11-01"),
        ("Post 2", "https://hub.example.org/p/2", "2025-11-02"),
    ]
    assert found.is_page
    assert found.items[0].authors == ("Staff",)
    assert found.how == "JSON-LD: 2 articles"


NO_LISTS = {
    "nothing": "<html><body><p>x</p></body></html>",
    "the page's own article": _script(_post(1)),
    "the page itself twice": _script([_post(1, url=URL), _post(2)]),
    "breadcrumbs": _script(
        {"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "name": "A", "item": "/a"}] * 3}
    ),
    "jobs": _script([_post(1, kind="JobPosting"), _post(2, kind="JobPosting")]),
    "events are not news": _script([_post(1, kind="Event"), _post(2, kind="BusinessEvent")]),
    "broken JSON": _script("{'a': "),
    "deeply nested": _script("[" * 50_000),
    "no addresses": _script([_post(1, url="javascript:x"), _post(2, url="mailto:x")]),
}


@pytest.mark.parametrize("name", NO_LISTS)
def test_what_is_no_list(name: str) -> None:
    with pytest.raises(ParseError) as caught:
        _parse(NO_LISTS[name])
    assert caught.value.code == "no-list"


def test_events_are_read_for_a_source_of_events() -> None:
    events = [
        _post(
            n, kind="Event", name=f"Event {n}", headline=None, datePublished=None, startDate=f"2026-05-0{n}"
        )
        for n in (1, 2)
    ]
    found = _parse(_script(events), what="events")
    assert [(item.title, item.published) for item in found.items] == [
        ("Event 1", "2026-05-01"),
        ("Event 2", "2026-05-02"),
    ]


def test_control_characters_in_json_do_not_spoil_it() -> None:
    text = json.dumps([_post(1), _post(2)]).replace("Post 1", "Post\n1")
    assert [item.title for item in _parse(_script(text)).items] == ["Post 1", "Post 2"]


def test_microdata_list() -> None:
    entry = (
        "<article itemscope itemtype='https://schema.org/BlogPosting'><h2 itemprop='headline'><a itemprop='url' "
        "href='/p/{n}'>Post {n}</a></h2><span itemprop='author' itemscope itemtype='https://schema.org/Person'><b "
        "itemprop='name'>Someone</b></span><time itemprop='datePublished' datetime='2025-11-0{n}'>Nov</time><p "
        "itemprop='description'>About {n}</p></article>"
    )
    found = _parse("<html><body>" + entry.format(n=1) + entry.format(n=2) + "</body></html>")
    assert [(item.title, item.url, item.published, item.summary) for item in found.items] == [
        ("Post 1", "https://hub.example.org/p/1", "2025-11-01", "About 1"),
        ("Post 2", "https://hub.example.org/p/2", "2025-11-02", "About 2"),
    ]
    assert found.how == "microdata: 2 articles"


def test_h_entry_list() -> None:
    entry = (
        "<div class='h-entry'><a class='u-url p-name' href='/p/{n}'>Post {n}</a> <time class='dt-published' "
        "datetime='2025-11-0{n}'>Nov</time><p class='p-summary'>About {n}</p></div>"
    )
    found = _parse("<html><body>" + entry.format(n=1) + entry.format(n=2) + "</body></html>")
    assert [(item.title, item.url, item.published) for item in found.items] == [
        ("Post 1", "https://hub.example.org/p/1", "2025-11-01"),
        ("Post 2", "https://hub.example.org/p/2", "2025-11-02"),
    ]
    assert found.how == "h-entry: 2 articles"


@pytest.mark.parametrize(
    ("site", "title", "expected"),
    [
        ("Hub", "News - Hub", "Post {0} - Part"),
        ("Hub of Metals", "Hub of Metals | News", "Post {0} - Part"),
        ("Webinar", "News - Hub", "Post {0} - Part - Webinar"),
    ],
)
def test_the_name_of_the_site_behind_every_headline_is_none_of_it(
    site: str, title: str, expected: str
) -> None:
    posts = [_post(n, headline=f"Post {n} - Part - {site}") for n in (1, 2, 3)]
    page = _parse(_script(posts).replace("<head>", f"<head><title>{title}</title>"))
    assert [item.title for item in page.items] == [expected.format(n) for n in (1, 2, 3)]
