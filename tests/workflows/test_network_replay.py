"""The catalog's own chains, pointed at sixty small sites on loopback: each is read by its right link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from hubwatch import catalog, facts
from hubwatch.catalog import vocabulary
from hubwatch.models import FetchSettings, Source
from hubwatch.net.clock import SystemClock
from hubwatch.store import sources as source_store
from hubwatch.store.db import open_for_writing
from hubwatch.workflows import look, sync

SETTINGS = FetchSettings(delay_s=0.0, timeout_s=20.0, allow_private=("127.0.0.1",))
NUMBER = 60


def rss(name: str) -> str:
    items = "".join(
        f"<item><title>{name} announces result number {n}</title><link>https://example.org/{n}</link>"
        f"<pubDate>Tue, 0{n} Nov 2026 10:00:00 GMT</pubDate></item>"
        for n in (1, 2, 3)
    )
    return f"<rss version='2.0'><channel><title>{name}</title>{items}</channel></rss>"


def listing(name: str) -> str:
    blocks = "".join(
        f"<article><h2><a href='/{n}'>{name} announces result number {n}</a></h2>"
        f"<time datetime='2026-11-0{n}'>November {n}, 2026</time><p>What was announced.</p></article>"
        for n in (1, 2, 3)
    )
    return f"<html><body><main><h1>News</h1>{blocks}</main></body></html>"


class Played:
    """One source of the catalog, moved to a site of its own, with where it must be found."""

    def __init__(self, source: Source, site: Any, case: str) -> None:
        self.site = site
        self.case = case
        candidates = tuple(replace(c, url=self._moved(c.url)) for c in source.candidates)
        self.source = replace(
            source,
            url=candidates[0].url,
            kind=candidates[0].kind,
            candidates=candidates,
            homepage=site.url("/"),
        )
        self.expected: str | None = getattr(self, f"_{case.replace(' ', '_')}")()

    def _moved(self, url: str) -> str:
        parts = urlsplit(url)
        return str(self.site.url((parts.path or "/") + (f"?{parts.query}" if parts.query else "")))

    def _path(self, url: str) -> str:
        return url.removeprefix(self.site.url(""))

    def _serve(self, url: str, kind: str) -> str:
        if kind == "page":
            self.site.answer(self._path(url), listing(self.source.name), content_type="text/html")
        else:
            self.site.answer(self._path(url), rss(self.source.name), content_type="application/rss+xml")
        return url

    def _feeds(self) -> list[str]:
        return [c.url for c in self.source.candidates if c.kind == "feed"]

    def _first_works(self) -> str:
        first = self.source.candidates[0]
        if first.kind not in ("feed", "page"):
            self.source = replace(
                self.source, candidates=tuple(replace(c, kind="page") for c in self.source.candidates)
            )
        return self._serve(first.url, self.source.candidates[0].kind)

    def _later_works(self) -> str:
        last = [c for c in self.source.candidates if c.kind in ("feed", "page")][-1]
        return self._serve(last.url, last.kind)

    def _feed_moved(self) -> str:
        first = self.source.candidates[0].url
        target = self._serve(self.site.url("/moved/feed.xml"), "feed")
        self.source = replace(self.source, candidates=(replace(self.source.candidates[0], kind="feed"),))
        self.site.redirect(self._path(first), target, status=301)
        return target

    def _homepage_names_feed(self) -> str:
        link = "<link rel='alternate' type='application/rss+xml' href='/hidden/updates.rss'>"
        self.site.answer(
            "/", f"<html><head>{link}</head><body>Welcome</body></html>", content_type="text/html"
        )
        return self._serve(self.site.url("/hidden/updates.rss"), "feed")

    def _page_only(self) -> str:
        self.site.answer("/", listing(self.source.name), content_type="text/html")
        return str(self.site.url("/"))

    def _nothing(self) -> None:
        self.site.answer(
            "/", "<html><body><p>Under construction.</p></body></html>", content_type="text/html"
        )


CASES = ("first works", "later works", "feed moved", "homepage names feed", "page only", "nothing")


@pytest.fixture
def played(loopback: Callable[..., Any]) -> list[Played]:
    chosen = [
        s
        for s in catalog.all_sources()
        if s.enabled and s.what == "news" and s.homepage and len(s.candidates) > 1
    ]
    return [Played(s, loopback(), CASES[n % len(CASES)]) for n, s in enumerate(chosen[:NUMBER])]


def test_each_is_read_by_the_right_link_and_the_second_run_goes_straight_there(
    played: list[Played], tmp_path: Path
) -> None:
    assert len(played) == NUMBER
    rules = facts.compile_rules(vocabulary.load())
    plan = sync.Plan(
        sources=tuple(each.source for each in played), hubs={h.id: h for h in catalog.hubs()},
        settings=SETTINGS,
        user_agent="hubwatch/test", force=True, jitter=lambda: 0.0,
    )  # fmt: skip
    with open_for_writing(tmp_path / "x.db") as store:
        report = sync.run(store, plan, clock=SystemClock(), load_rules=lambda: rules)
        states = source_store.load_states(store)
        wrong = [
            (each.source.id, each.case, states[each.source.id].url, each.expected)
            for each in played
            if each.expected is not None and states[each.source.id].url != each.expected
        ]
        assert wrong == []
        assert {o.source for o in report.outcomes if o.status == "unreached"} == {
            each.source.id for each in played if each.expected is None
        }
        assert report.failed == 0
        for each in played:
            each.site.log.clear()
        again = sync.run(store, plan, clock=SystemClock(), load_rules=lambda: rules)
    assert again.new == 0
    for each in played:
        if each.expected is not None:
            asked = [a.path for a in each.site.log if a.path != "/robots.txt"]
            assert asked == [each._path(each.expected)], each.source.id


def test_a_look_at_the_whole_network_goes_on_at_once_and_tells_how_far_it_is(played: list[Played]) -> None:
    told: list[tuple[int, int]] = []
    order = look.Look(
        settings=SETTINGS,
        user_agent="hubwatch/test",
        on_progress=lambda waiting, total: told.append((total - len(waiting), total)),
    )
    sights = look.at([each.source for each in played], order, clock=SystemClock())
    assert told == [(number, NUMBER) for number in range(NUMBER + 1)]
    assert [sight.source.id for sight in sights] == [each.source.id for each in played]
    for sight, each in zip(sights, played, strict=True):
        assert (sight.error is None) == (each.expected is not None), each.source.id
        assert sight.error is not None or sight.url == each.expected
        assert len(sight.items) == (0 if sight.error else 3)
    assert sum(sight.suggestion is not None for sight in sights) >= NUMBER // 2
