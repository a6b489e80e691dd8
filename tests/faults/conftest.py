"""Whole syncs against hostile sites, and the program as a process of its own: what every fault test needs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hubwatch import facts
from hubwatch.catalog import vocabulary
from hubwatch.models import Digest, FetchSettings, Filters, Item, Source, SourceOutcome, SyncReport
from hubwatch.store import deliveries, listing, query
from hubwatch.store.db import Store, open_for_writing
from hubwatch.workflows import digest as digests
from hubwatch.workflows import sync

FAST = FetchSettings(delay_s=0.0, timeout_s=2.0)
EVERYTHING = query.ItemQuery(filters=Filters(since=datetime(1900, 1, 1, tzinfo=UTC)), limit=100_000)


@pytest.fixture(scope="session")
def rules() -> facts.Rules:
    return facts.compile_rules(vocabulary.load())


class Watch:
    """A store, a clock that is moved by hand, and what a person does with them day after day."""

    def __init__(self, path: Path, rules: facts.Rules, clock: Any) -> None:
        self.path = path
        self.rules = rules
        self.clock = clock
        self.store: Store = open_for_writing(path)

    def sync(
        self, *chosen: Source, force: bool = False, backfill: bool = False, settings: FetchSettings = FAST
    ) -> SyncReport:
        """Sync these sources, as a process of its own would: only the store goes from one to the next."""
        self.store.close()
        self.store = open_for_writing(self.path)
        plan = sync.Plan(
            sources=chosen, hubs={}, settings=settings, user_agent="hubwatch/test", force=force,
            backfill=backfill, jitter=lambda: 0.0,
        )  # fmt: skip
        return sync.run(self.store, plan, clock=self.clock, load_rules=lambda: self.rules)

    def one(self, source: Source, **how: Any) -> SourceOutcome:
        """Sync one source, due or not, and return what came of it."""
        how.setdefault("force", True)
        (outcome,) = self.sync(source, **how).outcomes
        return outcome

    def items(self) -> list[Item]:
        """Everything in the store."""
        return list(listing.select(self.store, EVERYTHING))

    def titles(self) -> set[str]:
        return {item.title for item in self.items()}

    def digest(self, *, peek: bool = False) -> Digest:
        """What `digest --new` shows now; it is marked as shown."""
        wanted = digests.Wanted(title="New", filters=Filters(), new_for="")
        found = digests.collect(self.store, wanted, now=self.clock.now())
        if not peek:
            shown = tuple(match.item.id for match in found.ranked)
            deliveries.mark(self.store, "", shown, now=self.clock.now())
        return found

    def news(self) -> list[str]:
        """The titles that `digest --new` shows now."""
        return [match.item.title for match in self.digest().ranked]

    def later(self, **time: float) -> None:
        """Let time pass."""
        self.clock.advance(timedelta(**time).total_seconds())


@pytest.fixture
def watch(tmp_path: Path, rules: facts.Rules, clock: Any) -> Iterator[Watch]:
    made = Watch(tmp_path / "hubwatch.db", rules, clock)
    yield made
    made.store.close()


@pytest.fixture
def source() -> Callable[..., Source]:
    """Make a source: `source(url, "id", kind="auto")`."""

    def make(url: str, id: str = "one", **changes: Any) -> Source:
        return replace(Source(id=id, name=id.title(), url=url, kind="feed"), **changes)

    return make


@pytest.fixture
def rss() -> Callable[..., str]:
    """Write a feed of entries given as dictionaries (title, link, guid, date, text) or titles."""

    def entry(given: dict[str, Any] | str, place: int) -> str:
        fields = {"title": given} if isinstance(given, str) else given
        title = fields["title"]
        link = fields.get("link", f"https://example.org/{'-'.join(title.lower().split())}")
        guid = fields.get("guid", title)
        date = fields.get("date", f"Fri, {20 - place % 15:02} Nov 2026 10:00:00 GMT")
        return (
            f"<item><title>{title}</title>"
            + (f"<link>{link}</link>" if link else "")
            + (f"<guid isPermaLink='false'>{guid}</guid>" if guid else "")
            + (f"<pubDate>{date}</pubDate>" if date else "")
            + f"<description>{fields.get('text', f'About {title}.')}</description></item>"
        )

    def make(*entries: dict[str, Any] | str, head: str = "") -> str:
        items = "".join(entry(each, place) for place, each in enumerate(entries))
        top = f"<rss version='2.0'><channel><title>Feed</title>{head}"
        return f"<?xml version='1.0' encoding='utf-8'?>{top}{items}</channel></rss>"

    return make


@pytest.fixture
def listing_page() -> Callable[..., str]:
    """Write a page with a list of news."""

    def make(*titles: str, dated: bool = True) -> str:
        blocks = "".join(
            f"<article><h3><a href='/news/{'-'.join(title.lower().split())}'>{title}</a></h3>"
            + (f"<time datetime='2026-11-{20 - place % 15:02}'></time>" if dated else "")
            + "<p>A few words about it.</p></article>"
            for place, title in enumerate(titles)
        )
        return f"<html><head><title>News</title></head><body><main>{blocks}</main></body></html>"

    return make


@dataclass(frozen=True)
class Home:
    """A folder with a configuration and a store, and the program to be run on them."""

    folder: Path

    @property
    def db(self) -> Path:
        return self.folder / "hubwatch.db"

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    def configure(self, *sources: str, head: str = "", fetch: str = "") -> None:
        """Write the configuration: `sources` are tables as text."""
        text = f'[hubwatch]\ndatabase = "{self.db.as_posix()}"\ncatalog = []\n{head}\n'
        text += f"[fetch]\ndelay = 0.0\ntimeout = 10\n{fetch}\n" + "\n".join(sources)
        self.config.write_text(text, encoding="utf-8")

    def feed(self, url: str, id: str = "one", kind: str = "feed", more: str = "") -> str:
        """Write the table of one source."""
        return f'[sources.{id}]\nurl = "{url}"\nkind = "{kind}"\n{more}\n'

    def command(self, *args: str) -> list[str]:
        return [sys.executable, "-m", "hubwatch", "--config", str(self.config), *args]

    def run(
        self, *args: str, env: dict[str, str] | None = None, **how: Any
    ) -> subprocess.CompletedProcess[bytes]:
        """Run hubwatch as others do."""
        how.setdefault("stdout", subprocess.PIPE)
        how.setdefault("stderr", subprocess.PIPE)
        return subprocess.run(
            self.command(*args), timeout=120, check=False, env=clean_env() if env is None else env, **how
        )


def clean_env(**more: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "HOME") if name in os.environ}
    return {**kept, "PYTHONUTF8": "1", **more}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    folder = tmp_path / "home"
    folder.mkdir()
    made = Home(folder)
    made.configure()
    return made
