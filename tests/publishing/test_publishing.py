"""Sites made by real publishing systems, on loopback: with their feed and without, the same items come out.

Pelican's is built for the test; the others are read from the cache folder, where
`python tests/publishing/build.py --install` puts them.
"""

from __future__ import annotations

import json
import mimetypes
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hubwatch import facts
from hubwatch.catalog import vocabulary
from hubwatch.models import FetchSettings, Filters, Item, Source, SyncReport
from hubwatch.net.clock import SystemClock
from hubwatch.store import listing, query, sources
from hubwatch.store.db import Store, open_for_writing
from hubwatch.workflows import sync

BUILD = Path(__file__).parent / "build.py"
SYSTEMS = ("pelican", "mkdocs", "nikola", "hugo", "jekyll", "hexo", "hexo-next", "eleventy", "docusaurus")
BUILT_HERE = "pelican"  # small enough to be a dependency of the tests
EVERYTHING = query.ItemQuery(filters=Filters(since=datetime(1900, 1, 1, tzinfo=UTC)), limit=100_000)
FEED = re.compile(
    rb"\A\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,500}?-->\s*|<\?xml-stylesheet[^>]*>\s*)*<(?:rss|feed|rdf)\b"
    rb'|\A\s*\{\s*"version":\s*"https://jsonfeed',
    re.DOTALL | re.IGNORECASE,
)
FEED_LINK = re.compile(
    rb"<link\b[^>]*\b(?:application/(?:rss|atom)\+xml|application/(?:feed\+)?json)\b[^>]*>"
)
STRAIGHT = str.maketrans("‘’“”", "''\"\"")


@dataclass(frozen=True)
class Made:
    """One built site: its files, and what it was made of."""

    folder: Path
    about: dict[str, Any]


def cache_folder() -> Path:
    named = os.environ.get("HUBWATCH_TEST_SITES")
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(named) if named else home / "hubwatch-test-sites"


@pytest.fixture(scope="session", params=SYSTEMS)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    name = request.param
    cache = cache_folder()
    if not (cache / "sites" / f"{name}.json").exists():
        if name != BUILT_HERE:
            pytest.skip(f"{name} is not built: python tests/publishing/build.py --install {name}")
        cache = tmp_path_factory.mktemp(name)
        command = [sys.executable, str(BUILD), name, "--into", str(cache)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        if "is not installed" in done.stderr:
            pytest.skip(f"{name} is not installed")
        assert done.returncode == 0, done.stderr
    about = json.loads((cache / "sites" / f"{name}.json").read_text(encoding="utf-8"))
    return Made(folder=cache / "sites" / name, about=about)


def serve(site: Any, made: Made, *, with_feed: bool) -> None:
    """Have a site on loopback answer with the files; without a feed nothing names one or is one."""
    placeholder, own = made.about["placeholder"].encode(), site.url("").rstrip("/").encode()
    for path in sorted(made.folder.rglob("*")):
        if not path.is_file():
            continue
        body = path.read_bytes()
        if path.suffix in (".html", ".xml", ".json", ".atom", ".rss", ".txt"):
            body = body.replace(placeholder, own)
            if not with_feed:
                if FEED.match(body):
                    continue
                body = FEED_LINK.sub(b"", body)
        address = "/" + path.relative_to(made.folder).as_posix()
        content_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        names = [address]
        if path.name == "index.html":
            names += [address.removesuffix("index.html"), address.removesuffix("/index.html")]
        for name in filter(None, names):
            site.answer(name, body, content_type=content_type)


@dataclass
class Follower:
    """Syncs one source into a store of its own."""

    store: Store
    rules: facts.Rules
    source: Source

    def sync(self, *, backfill: bool = False) -> SyncReport:
        plan = sync.Plan(
            sources=(self.source,), hubs={}, settings=FetchSettings(delay_s=0.0, timeout_s=20.0),
            user_agent="hubwatch/test", force=True, backfill=backfill, jitter=lambda: 0.0,
        )  # fmt: skip
        return sync.run(self.store, plan, clock=SystemClock(), load_rules=lambda: self.rules)

    def items(self) -> list[Item]:
        return sorted(listing.select(self.store, EVERYTHING), key=lambda item: item.effective, reverse=True)

    def read_as(self) -> str | None:
        return sources.load_states(self.store)[self.source.id].kind


@pytest.fixture
def follow(tmp_path: Path) -> Iterator[Callable[..., Follower]]:
    rules = facts.compile_rules(vocabulary.load())
    opened: list[Store] = []

    def start(url: str) -> Follower:
        opened.append(open_for_writing(tmp_path / f"{len(opened)}.db"))
        return Follower(opened[-1], rules, Source(id="one", name="One", url=url))

    yield start
    for store in opened:
        store.close()


def said(item: Item, site: Any) -> tuple[str, str, str]:
    """What a person sees of an item, wherever the site lies: title, link, day."""
    day = f"{item.published:%Y-%m-%d}" if item.published else "undated"
    title = item.title.translate(STRAIGHT)  # some systems set typographic quotes in one place only
    return title, (item.url or "").removeprefix(site.url("/").rstrip("/")).rstrip("/"), day


def test_the_same_items_come_with_the_feed_and_without(made: Made, loopback: Any, follow: Any) -> None:
    seen = []
    for with_feed in (True, False):
        site = loopback()
        serve(site, made, with_feed=with_feed)
        follower = follow(site.url(made.about["news"]))
        report = follower.sync()
        assert report.failed == 0, report.outcomes
        assert (follower.read_as() == "feed") is with_feed
        seen.append([said(item, site) for item in follower.items()])
    with_it, without = seen
    number = min(len(with_it), len(without))
    assert number >= 10
    assert without[:number] == with_it[:number]
    expected = [(post["title"], post["day"]) for post in made.about["posts"]]
    assert [(title, day) for title, _, day in without] == expected[: len(without)]


@pytest.mark.parametrize("with_feed", [True, False], ids=["with feed", "feed removed"])
def test_backfill_brings_all_of_them(made: Made, with_feed: bool, site: Any, follow: Any) -> None:
    serve(site, made, with_feed=with_feed)
    follower = follow(site.url(made.about["news"]))
    follower.sync(backfill=True)
    expected = [(post["title"], post["day"]) for post in made.about["posts"]]
    got = [said(item, site) for item in follower.items()]
    assert [(title, day) for title, _, day in got] == expected
    paths = [asked.path for asked in site.log]
    assert len(paths) == len(set(paths)), "an address was asked twice"


def test_a_home_page_without_a_feed_leads_to_the_news(made: Made, site: Any, follow: Any) -> None:
    serve(site, made, with_feed=False)
    follower = follow(site.url("/"))
    follower.sync()
    expected = [(post["title"], post["day"]) for post in made.about["posts"]]
    got = [said(item, site) for item in follower.items()]
    assert [(title, day) for title, _, day in got] == expected[: len(got)]
    assert len(got) >= 10
