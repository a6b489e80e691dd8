"""The table of fetchers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

import pytest

from hubwatch import fetchers
from hubwatch.errors import ParseError
from hubwatch.models import Document, Source, SourceKind

SOURCE = Source(id="hub", name="Hub", url="https://hub.example/")


def document(body: str) -> Document:
    now = datetime(2026, 10, 6, tzinfo=UTC)
    return Document(url=SOURCE.url, requested_url=SOURCE.url, status=200, body=body.encode(), fetched_at=now)


def test_every_kind_of_source_has_a_parser() -> None:
    assert set(get_args(SourceKind)) - {"auto"} <= set(fetchers.PARSERS)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("feed", '<rss version="2.0"><channel><item><title>A</title></item></channel></rss>'),
        ("wordpress", '[{"id": 1, "link": "https://hub.example/1", "title": {"rendered": "A"}}]'),
        ("sitemap", "<urlset><url><loc>https://hub.example/1</loc></url></urlset>"),
        ("grants-gov", '{"data": {"oppHits": [{"id": "1", "title": "A"}]}}'),
    ],
)
def test_each_reads_its_kind_and_names_the_source_when_it_cannot(kind: str, body: str) -> None:
    assert len(fetchers.parse(document(body), SOURCE, kind).items) == 1
    with pytest.raises(ParseError) as caught:
        fetchers.parse(document(""), SOURCE, kind)
    assert (caught.value.code, caught.value.source, caught.value.url) == (
        "empty",
        "hub",
        "https://hub.example/",
    )


def test_the_limit_holds_for_every_kind() -> None:
    posts = ",".join(f'{{"id": {n}, "link": "https://hub.example/{n}", "title": "A"}}' for n in range(9))
    page = fetchers.parse(document(f"[{posts}]"), SOURCE, "wordpress", max_items=4)
    assert len(page.items) == 4
    assert page.problems == ("5 items over the limit of 4 left out",)
