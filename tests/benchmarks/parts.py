"""What each part costs by itself, in milliseconds, least of several passes: parse, normalize, tag, store."""

from __future__ import annotations

import argparse
import contextlib
import io
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import feeds
import measure

from hubwatch import facts, identity, likeness, normalize, stories
from hubwatch.catalog import vocabulary
from hubwatch.fetchers import feed_fast, feed_lenient
from hubwatch.models import Document, Source, SourceState
from hubwatch.store import items as item_store
from hubwatch.store.db import open_for_writing
from hubwatch.text import plain

_NOW = datetime.now(UTC)


def least(work: Callable[[], Any], passes: int = 5) -> float:
    """Return the least CPU time of several passes, in milliseconds."""
    times = []
    for _ in range(passes):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times) * 1000


def _documents(count: int) -> list[tuple[Document, Source]]:
    found = []
    for number in range(count):
        url = f"https://s{number}.example.org/feed/"
        body = feeds.feed(url[:-6], number)
        document = Document(
            url=url, requested_url=url, status=200, body=body, fetched_at=_NOW,
            content_type="application/rss+xml; charset=UTF-8",
        )  # fmt: skip
        found.append((document, Source(id=f"s{number}", name=f"Site {number}", url=url, kind="feed")))
    return found


def figures(count: int) -> dict[str, tuple[float, str]]:
    """Measure every part on so many feeds; returns milliseconds with what they are per."""
    documents = _documents(count)
    pages = [feed_fast.read(document) for document, _ in documents]
    made = [
        normalize.normalize_all(page, source, now=_NOW, first_reading=True)
        for page, (_, source) in zip(pages, documents, strict=True)
        if page is not None
    ]
    flat = [item for some in made for item in some]
    n = len(flat)
    found: dict[str, tuple[float, str]] = {}

    def take(name: str, per: str, divided_by: int, work: Callable[[], Any], passes: int = 5) -> None:
        found[name] = (least(work, passes) / divided_by, per)

    take("ElementTree, fields only", "feed", count, lambda: [_bare(d.body) for d, _ in documents])
    take("parse, fast path", "feed", count, lambda: [feed_fast.read(d) for d, _ in documents])
    few = documents[:4]
    take(
        "parse, feedparser",
        "feed",
        len(few),
        lambda: [feed_lenient.read(d, max_items=500) for d, _ in few],
        2,
    )
    bodies = [raw.content for page in pages if page for raw in page.items]
    take("markup to text", "item", n, lambda: [plain.to_paragraphs(b) for b in bodies])
    take(
        "normalize", "item", n,
        lambda: [
            normalize.normalize_all(p, s, now=_NOW, first_reading=True)
            for p, (_, s) in zip(pages, documents, strict=True) if p
        ],
    )  # fmt: skip
    take("load the rules", "run", 1, vocabulary.rules)
    rules = vocabulary.rules()
    take("tag", "item", n, lambda: _tag(flat, rules), 3)
    short = [_shortened(item) for item in flat]
    take("tag, title and summary only", "item", n, lambda: _tag(short, rules), 3)
    take("story keys", "item", n, lambda: (_forget(), [stories.keys(item) for item in flat]))
    tagged = _tag(flat, rules)
    keys = {item.id: stories.keys(item) for item in tagged}
    take("stories of one feed", "item", n, lambda: [_stories(some) for some in made])
    take("save", "item", n, lambda: _save(tagged, keys), 3)
    return found


def _bare(body: bytes) -> list[tuple[str | None, ...]]:
    names = ("guid", "title", "link", "pubDate", "description")
    return [tuple(map(item.findtext, names)) for item in ElementTree.fromstring(body).iter("item")]


def _tag(items: list[Any], rules: facts.Rules) -> list[Any]:
    """Tag items as a sync does, a feed's at a time."""
    return [
        tagged
        for at in range(0, len(items), feeds.ITEMS)
        for tagged in facts.tag_all([(item, None) for item in items[at : at + feeds.ITEMS]], rules)
    ]


def _shortened(item: Any) -> Any:
    from dataclasses import replace

    return replace(item, content="")


def _stories(items: list[Any]) -> dict[str, str]:
    return stories.find(items, {}, {item.id: stories.keys(item) for item in items})


def _forget() -> None:
    likeness.look_at.cache_clear()


def _save(tagged: list[Any], keys: dict[str, tuple[str, ...]]) -> None:
    by_source: dict[str, list[Any]] = {}
    for item in tagged:
        by_source.setdefault(item.source, []).append(item)
    with tempfile.TemporaryDirectory() as folder, open_for_writing(Path(folder) / "s.db") as store:
        for source, some in by_source.items():
            resolution = identity.Resolution(new=tuple(some))
            state = SourceState(source=source)
            item_store.save(store, source, resolution, state, now=_NOW, story_keys=keys)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", "--feeds", type=int, default=20)
    count = parser.parse_args().feeds
    with contextlib.redirect_stderr(io.StringIO()):
        found = figures(count)
    base = found["ElementTree, fields only"][0]
    rows = [[name, f"{ms:.3f}", per, f"{ms / base:.2f}"] for name, (ms, per) in found.items()]
    print(f"\n## Parts, CPU ms, least of several passes, {count} feeds\n")
    print(measure.table(["", "ms", "per", "x of one feed by ElementTree"], rows), flush=True)


if __name__ == "__main__":
    main()
