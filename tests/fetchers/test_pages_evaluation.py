"""Real listing pages with hand-checked lists: how much of them is found, with which titles and dates.

The pages belong to their publishers and are no part of the project; where they are absent, this is skipped.
Run with -s to see the table.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import pytest

from hubwatch.errors import ParseError
from hubwatch.fetchers import news_list
from hubwatch.models import Document, RawItem, Source

PAGES = Path(__file__).parents[3] / "shared" / "pages"
# Pages that are two of one site: an average over sites counts them together.
PARTNERS = {
    "vampblog": "vamp",
    "srtnews": "srt",
    "pacsernews": "pacser",
    "bbiccat": "bbic",
    "biolnews": "biolutions",
}
PINNED = {"found": 0.99, "titles": 0.99, "dates": 0.99}

pytestmark = pytest.mark.skipif(not PAGES.is_dir(), reason="the real listing pages are not on this machine")


@dataclass(frozen=True)
class Result:
    """How one page was read."""

    site: str
    found: float
    titles: float
    dates: float | None
    milliseconds: float
    how: str


def _key(url: str) -> str:
    """Fold scheme, www., index file, closing slash, fragment, percent-encoding and utm_*."""
    parts = urlsplit(unquote(url))
    path = re.sub(r"/(?:index\.\w+)?$", "", parts.path)
    query = urlencode(
        [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0][:4] != "utm_"]
    )
    return f"{parts.netloc.lower().removeprefix('www.')}{path}{'?' + query if query else ''}"


def _read(folder: Path, url: str) -> tuple[dict[str, RawItem], float, str]:
    document = Document(
        url=url,
        requested_url=url,
        status=200,
        body=(folder / "index.html").read_bytes(),
        content_type="text/html",
        fetched_at=datetime(2026, 11, 22, tzinfo=UTC),
    )
    started = time.perf_counter()
    try:
        page = news_list.parse(document, Source(id=folder.name, name=folder.name, url=url))
    except ParseError as error:
        return {}, (time.perf_counter() - started) * 1000, str(error)
    spent = (time.perf_counter() - started) * 1000
    return {_key(item.url or ""): item for item in page.items}, spent, page.how


def _judge(folder: Path) -> Result:
    labels: Mapping[str, Any] = json.loads((folder / "expected.json").read_text())
    expected = {_key(item["url"]): item for item in labels["items"]}
    neutral = {_key(url) for url in labels["neutral"]}
    found, spent, how = _read(folder, labels["page_url"])
    hits = [key for key in found if key in expected]
    wrong = [key for key in found if key not in expected and key not in neutral]
    score = 2 * len(hits) / max(1, len(hits) + len(wrong) + len(expected))
    titles = mean([found[key].title == expected[key]["title"] for key in hits] or [0])
    dated = [key for key in hits if expected[key]["date"]]
    dates = mean(found[key].published == expected[key]["date"] for key in dated) if dated else None
    return Result(PARTNERS.get(folder.name, folder.name), score, titles, dates, spent, how)


def _results() -> Iterator[tuple[str, Result]]:
    for folder in sorted(PAGES.iterdir()):
        if (folder / "expected.json").is_file():
            yield folder.name, _judge(folder)


def _averages(results: list[Result]) -> dict[str, float]:
    return {
        "found": mean(one.found for one in results),
        "titles": mean(one.titles for one in results),
        "dates": mean(one.dates for one in results if one.dates is not None),
    }


def test_real_pages_are_read() -> None:
    results = dict(_results())
    for name, one in results.items():
        dates = "   -" if one.dates is None else f"{one.dates:.2f}"
        measures = f"F1 {one.found:.2f} titles {one.titles:.2f} dates {dates} {one.milliseconds:4.0f} ms"
        print(f"{name:15} {measures}  {one.how}")
    by_page = _averages(list(results.values()))
    sites: dict[str, list[Result]] = {}
    for one in results.values():
        sites.setdefault(one.site, []).append(one)
    by_site = mean(mean(one.found for one in pages) for pages in sites.values())
    print(f"{len(results)} pages: {by_page}; by site: {by_site:.3f}")
    assert len(results) == 25
    for measure, least in PINNED.items():
        assert by_page[measure] >= least, measure
