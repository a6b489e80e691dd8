"""Lists of feeds that other readers exported, whole and broken."""

from __future__ import annotations

import pytest

from hubwatch.errors import ParseError
from hubwatch.fetchers import opml


def one(attributes: str) -> list[tuple[str, str]]:
    body = f"<opml version='2.0'><body><outline {attributes}/></body></opml>"
    return [(each.url, each.title) for each in opml.parse(body.encode(), "feeds.opml")]


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ("title='One' xmlUrl=' https://a.example.org/feed '", [("https://a.example.org/feed", "One")]),
        ("text='One' xmlurl='https://a.example.org/feed'", [("https://a.example.org/feed", "One")]),
        ("text='A folder'", []),
        ("text='AT&amp;T' xmlUrl='https://a.example.org/'", [("https://a.example.org/", "AT&T")]),
        ("text='&#xD800;' xmlUrl='https://a.example.org/'", [("https://a.example.org/", "")]),
        ("text='One' xmlUrl='https://a.example.org/&#xDFFF;'", []),
    ],
    ids=["OPML 2", "lower case", "a folder", "an entity", "half a character", "half a character in the link"],
)
def test_outlines_that_name_a_feed_are_found(attributes: str, expected: list[tuple[str, str]]) -> None:
    assert one(attributes) == expected


@pytest.mark.parametrize("body", [b"", b"words", b"<rss/>", b"\x00\xff"], ids=str)
def test_what_is_no_opml_is_told(body: bytes) -> None:
    with pytest.raises(ParseError, match=r"feeds\.opml is not OPML") as caught:
        opml.parse(body, "feeds.opml")
    assert caught.value.code == "not-opml"
