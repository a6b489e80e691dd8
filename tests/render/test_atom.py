"""The Atom feed: it fits the format's schema, and its ids and bytes stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from lxml import etree

from hubwatch.models import Digest
from hubwatch.render import atom

NAMES = {"a": atom.NAMESPACE}


@pytest.fixture(scope="module")
def schema() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(str(Path(__file__).parent / "atom.rng")))


@pytest.mark.parametrize("which", ["digest", "calls", "empty"])
def test_it_fits_the_schema(which: str, schema: etree.RelaxNG, request: pytest.FixtureRequest) -> None:
    feed = etree.fromstring(atom.render(request.getfixturevalue(which)).encode())
    assert schema.validate(feed), schema.error_log


def test_an_entry_without_a_link_carries_its_content(digest: Digest, schema: etree.RelaxNG) -> None:
    first = digest.ranked[0]
    bare = replace(first, item=replace(first.item, url=None), also=())
    text = atom.render(replace(digest, ranked=(bare, *digest.ranked[1:])))
    assert schema.validate(etree.fromstring(text.encode())), schema.error_log
    entries = ET.fromstring(text).findall("a:entry", NAMES)
    for entry in entries:
        has_link = entry.find("a:link[@rel='alternate']", NAMES) is not None
        assert has_link == (entry.find("a:content", NAMES) is None)
        assert has_link == (entry.find("a:summary", NAMES) is not None)
    assert first.item.summary in (entries[0].findtext("a:content", "", NAMES))


def test_the_schema_would_notice(digest: Digest, schema: etree.RelaxNG) -> None:
    broken = atom.render(digest).replace("<updated>", "<updated>on ", 1)
    assert not schema.validate(etree.fromstring(broken.encode()))


def test_the_same_items_make_the_same_feed_tomorrow(digest: Digest) -> None:
    later = replace(digest, created=digest.created + timedelta(days=1))
    assert atom.render(digest) == atom.render(later)


def test_ids_stay_with_their_items(digest: Digest) -> None:
    def ids(shown: Digest) -> dict[str | None, str | None]:
        feed = ET.fromstring(atom.render(shown))
        return {e.findtext("a:title", None, NAMES): e.findtext("a:id", None, NAMES) for e in feed}

    other = replace(digest, ranked=digest.ranked[::-1], profile="bob", title="Hub digest for bob")
    both = ids(digest).items() & ids(other).items()
    assert {title for title, _ in both} >= {match.item.title for match in digest.ranked}


def test_two_digests_are_two_feeds(digest: Digest) -> None:
    other = replace(digest, title="Hub digest for alice: Lightweight metals")
    feeds = (ET.fromstring(atom.render(each)) for each in (digest, other))
    assert len({feed.findtext("a:id", None, NAMES) for feed in feeds}) == 2


def test_an_edited_item_is_newer(digest: Digest) -> None:
    first = digest.ranked[0]
    edited = replace(first, item=replace(first.item, updated=digest.created))
    feed = ET.fromstring(atom.render(replace(digest, ranked=(edited, *digest.ranked[1:]))))
    assert feed.findtext("a:updated", None, NAMES) == "2026-03-16T07:00:00Z"
    assert feed.findtext("a:entry/a:updated", None, NAMES) == "2026-03-16T07:00:00Z"
