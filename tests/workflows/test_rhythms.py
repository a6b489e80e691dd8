"""One history of feeds read at different rhythms, through outages, retags, prunes and merges: one outcome."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from hubwatch import facts
from hubwatch.models import FetchSettings, Filters, Source
from hubwatch.store import maintenance
from hubwatch.store.db import open_for_reading, open_for_writing
from hubwatch.workflows import deliver, digest, merge, retag, sync
from tests.conftest import Answer, FakeClock

START = datetime(2026, 1, 5, 7, 0, tzinfo=UTC)
DAY = timedelta(days=1)
LIFE = 21 * DAY
LISTED = 40  # posts of a list: more than come in a week
NOTHING = frozenset[str]()
KINDS = {"rss": "feed", "atom": "feed", "page": "page", "undated": "feed"}
WORDS = [
    "alloy", "bridge", "casting", "detector", "engine", "furnace", "gearbox", "harbor", "jacket", "kiln",
    "laser", "magnet", "nozzle", "oven", "pump", "rotor", "sensor", "turbine", "valve", "welder",
    "yarn", "antenna", "boiler", "chassis", "drone", "fiber", "gasket", "impeller", "joist", "lathe",
]  # fmt: skip


@dataclass(frozen=True)
class Post:
    """What one source says of one announcement, and what it corrects later."""

    number: int  # of the announcement
    at: datetime
    title: str
    text: str
    name: str  # its guid and the end of its link
    corrected: datetime
    changes: dict[str, Any] = field(default_factory=dict)

    def said(self, now: datetime) -> dict[str, Any]:
        """How it reads at a time."""
        first = {"title": self.title, "text": self.text, "at": self.at, "guid": self.name, "link": self.name}
        return first | (self.changes if now >= self.corrected else {})


def _history(seed: int) -> dict[str, list[Post]]:
    """Announcements from before the first reading on, some told by a second source, some corrected."""
    chance = random.Random(seed)
    told: dict[str, list[Post]] = {kind: [] for kind in KINDS}
    at, number = START - 18 * DAY, 0
    while at < START + LIFE - 3 * DAY:
        at += timedelta(minutes=chance.randrange(60, 900))
        number += 1
        one, two, three, four = chance.sample(WORDS, 4)
        title = f"Plant{number:03}x unveils {one} {two} for {three} {four}"
        text = f"Plant{number:03}x said that {' '.join(chance.choices(WORDS, k=40))}."
        sources = chance.sample(list(KINDS), 2 if chance.random() < 0.4 else 1)
        for place, source in enumerate(sources):
            when = at + place * timedelta(hours=chance.randrange(1, 60))
            again = chance.choice((title, f"News: {title}", f"{title} - Harbor Times"))
            told[source].append(
                Post(
                    number,
                    when,
                    again if place else title,
                    text,
                    f"{number}-{source}",
                    when + timedelta(hours=chance.randrange(1, 200)),
                    _correction(chance, source, title, text, when),
                )
            )
    return told


def _correction(chance: random.Random, source: str, title: str, text: str, at: datetime) -> dict[str, Any]:
    changes: list[dict[str, Any]] = [{}, {"title": f"{title} today"}, {"text": f"{text} Corrected."}]
    if source in ("rss", "atom"):
        changes += [{"guid": f"{title[:9]}-2"}, {"link": f"{title[:9]}-2"}, {"at": at + timedelta(hours=9)}]
    return chance.choice(changes)


def _listed(kind: str, posts: list[Post], now: datetime) -> Answer:
    latest = sorted((post for post in posts if post.at <= now), key=lambda post: post.at)[-LISTED:]
    body = "".join(_SHOWN[kind](post.said(now)) for post in reversed(latest))
    if kind == "page":
        return Answer(f"<main><h1>News</h1>{body}</main>".encode(), headers=(("Content-Type", "text/html"),))
    if kind == "atom":
        head = "<feed xmlns='http://www.w3.org/2005/Atom'><title>F</title><id>f</id>"
        return Answer(f"{head}{body}</feed>".encode())
    return Answer(f"<rss version='2.0'><channel><title>F</title>{body}</channel></rss>".encode())


def _rss(said: dict[str, Any], *, dated: bool = True) -> str:
    date = f"<pubDate>{format_datetime(said['at'])}</pubDate>" if dated else ""
    return (
        f"<item><title>{said['title']}</title><link>https://one.example/{said['link']}</link>{date}"
        f"<guid isPermaLink='false'>{said['guid']}</guid><description>{said['text']}</description></item>"
    )


def _atom(said: dict[str, Any]) -> str:
    return (
        f"<entry><title>{said['title']}</title><link href='https://two.example/{said['link']}'/>"
        f"<id>{said['guid']}</id><updated>{said['at'].isoformat()}</updated>"
        f"<summary>{said['text']}</summary></entry>"
    )


def _block(said: dict[str, Any]) -> str:
    return (
        f"<article><h3><a href='/n/{said['link']}'>{said['title']}</a></h3>"
        f"<time datetime='{said['at'].isoformat()}'>{said['at']:%B %d, %Y}</time>"
        f"<p>{said['text']}</p></article>"
    )


_SHOWN: dict[str, Callable[[dict[str, Any]], str]] = {
    "rss": _rss, "atom": _atom, "page": _block, "undated": lambda said: _rss(said, dated=False),
}  # fmt: skip


class Life:
    """One store through the whole history, and what its digests showed."""

    def __init__(self, site: Any, told: dict[str, list[Post]], path: Path, rules: facts.Rules) -> None:
        self.path, self.other, self.rules = path, path.with_suffix(".other"), rules
        self.now, self.down = START, NOTHING
        self.shown: Counter[str] = Counter()
        self.sources = tuple(
            Source(id=kind, name=kind, url=site.on(f"/{kind}", self._site(kind, posts)), kind=KINDS[kind])  # type: ignore[arg-type]
            for kind, posts in told.items()
        )

    def _site(self, kind: str, posts: list[Post]) -> Callable[[Any], Answer]:
        return lambda _: Answer(status=503) if kind in self.down else _listed(kind, posts, self.now)

    def sync(self, path: Path) -> None:
        plan = sync.Plan(
            sources=self.sources, hubs={}, settings=FetchSettings(delay_s=0.0), user_agent="hubwatch/test",
            force=True, jitter=lambda: 0.0,
        )  # fmt: skip
        with open_for_writing(path) as store:
            sync.run(store, plan, clock=FakeClock(time=self.now), load_rules=lambda: self.rules)

    def show(self) -> None:
        wanted = digest.Wanted(title="New", filters=Filters(limit=10_000), new_for="")
        with open_for_reading(self.path) as store:
            found = digest.collect(store, wanted, now=self.now)
        deliver.deliver(lambda: open_for_writing(self.path), found, lambda _: None, record="", now=self.now)
        self.shown.update(_name(match.item.title) for match in found.ranked)

    def trouble(self, turn: int) -> None:
        """Do what may be done to a store between two readings."""
        if turn % 3 == 0:
            self.sync(self.other)
        with open_for_writing(self.path) as store:
            if turn % 5 == 1 and self.other.exists():
                merge.run(store, self.other)
            if turn % 5 == 2:
                retag.run(store, f"words {turn}", self.rules, {}, lambda *_: None)
            if turn % 5 == 4:
                maintenance.prune(store, older_than=self.now - 20 * DAY)

    def kept(self) -> set[tuple[str, str]]:
        """The source and announcement of every item, those pruned too; each is there once."""
        with open_for_reading(self.path) as store:
            assert maintenance.check(store) == ()
            rows = [
                *store.rows("SELECT source, title FROM items"),
                *store.rows("SELECT source, title FROM pruned"),
            ]
        found = Counter((source, _name(title)) for source, title in rows)
        assert set(found.values()) == {1}
        return set(found)

    def stories(self) -> dict[str, set[str]]:
        """The announcements of each story."""
        found = defaultdict(set)
        with open_for_reading(self.path) as store:
            for story, title in store.rows("SELECT story, title FROM items"):
                found[story].add(_name(title))
        return found


def _name(title: str) -> str:
    """What tells an announcement in each of its titles."""
    return next(word for word in title.split() if word.startswith("Plant"))


def _outage(at: datetime) -> frozenset[str]:
    """Each source in its turn is down for some days."""
    turn = (at - START).days // 3
    return frozenset(kind for place, kind in enumerate(KINDS) if (turn + place) % 3 == 0)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    ("rhythm", "shows", "down", "is_troubled"),
    [
        pytest.param(timedelta(hours=12), 1, lambda _: NOTHING, False, id="twice a day"),
        pytest.param(DAY, 3, lambda _: NOTHING, False, id="daily"),
        pytest.param(7 * DAY, 1, lambda _: NOTHING, False, id="weekly"),
        pytest.param(DAY, 2, _outage, False, id="with outages"),
        pytest.param(DAY, 3, _outage, True, id="with retags, prunes and merges"),
    ],
)
def test_every_rhythm_ends_with_the_same_and_shows_each_once(
    site: Any,
    tmp_path: Path,
    rules: facts.Rules,
    seed: int,
    rhythm: timedelta,
    shows: int,
    down: Callable[[datetime], frozenset[str]],
    is_troubled: bool,
) -> None:
    told = _history(seed)
    life = Life(site, told, tmp_path / "store.db", rules)
    for turn in range(LIFE // rhythm):
        life.now = START + turn * rhythm
        life.down = down(life.now) if turn else NOTHING  # all begin with the same first reading
        life.sync(life.path)
        if is_troubled:
            life.trouble(turn)
        if turn % shows == 0:
            life.show()
    life.now, life.down = START + LIFE, NOTHING
    life.sync(life.path)
    life.show()
    life.show()
    posts = {(kind, f"Plant{post.number:03}x"): post for kind, some in told.items() for post in some}
    assert life.kept() == set(posts)
    stories = life.stories()
    assert {len(names) for names in stories.values()} == {1}  # none holds two announcements,
    assert len(stories) == len(set().union(*stories.values()))  # and none is told in two
    # Undated ones of the first reading are of no known day, and count as old.
    news = {
        name
        for (kind, name), post in posts.items()
        if post.at > START - (14 * DAY if kind != "undated" else timedelta(0))
    }
    assert {name for name in news if life.shown[name] != 1} == set()
    assert max(life.shown.values()) == 1
