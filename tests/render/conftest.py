"""One fixed digest that uses everything a digest can hold, and golden files to compare with."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from hubwatch import __version__
from hubwatch import digest as digests
from hubwatch.models import Carried, Digest, Evidence, Item, Match, Profile, Tag, Trend
from hubwatch.profiles import match as match_item
from hubwatch.profiles import open_by

NOW = datetime(2026, 3, 16, 7, 0, tzinfo=UTC)
GOLDEN = Path(__file__).parent / "golden"
NAMES = {"lightweight": "Lightweight metals", "additive": "Additive manufacturing"}


def make_tag(topic: str, score: float, *words: str) -> Tag:
    evidence = tuple(Evidence(words=word, where="title", weight=0.5) for word in words)
    return Tag(topic=topic, score=score, evidence=evidence)


def make_item(name: str, title: str, *, days: float = 1, **given: object) -> Item:
    when = NOW - timedelta(days=days)
    values: dict[str, object] = {
        "id": f"{name:0<16}",
        "source": "lift",
        "source_name": "LIFT news",
        "hub": "lift",
        "state": "MI",
        "title": title,
        "url": f"https://lift.example/news/{name}/",
        "published": when,
        "first_seen": when + timedelta(hours=3),
        "updated": when + timedelta(hours=3),
        "effective": when,
    }
    return Item(**(values | given))  # type: ignore[arg-type]


def _items() -> tuple[Item, ...]:
    return (
        make_item(
            "ca11", "Project Call 26-02: Casting of AZ31B & “thin” Walls < 2 mm", days=2, kind="call",
            summary="Proposals on thin-wall castings are due March 27, 2026.\nUp to $2.5 million per team.",
            deadline=date(2026, 3, 27), money_usd=2_500_000.0, organizations=("Boeing", "Eck Industries"),
            tags=(make_tag("lightweight", 0.92, "Casting", "AZ31B"),),
        ),
        make_item(
            "ca12", "Open Call for LPBF Process Data", days=20, kind="call", source="am",
            source_name="America Makes", hub="america-makes", state="OH",
            url="https://am.example/calls?id=7&lang=en",
            summary="Share machine data; join any time.", tags=(make_tag("additive", 0.88, "LPBF"),),
        ),
        make_item(
            "a1fa", "[2026] *Aluminum* extrusions with _no_ dies: `6xxx` + 30 %", days=0.2, kind="research",
            summary="= not a formula, but 5 < 6 and AT&T; prices fell 3 % – see <press> for more.",
            tags=(make_tag("lightweight", 0.81, "Aluminum", "6xxx"), make_tag("additive", 0.31, "dies")),
            organizations=("Ohio State University",),
        ),
        make_item(
            "a2ab", "日本の軽量金属 🚀 Lightweight steel with Tōhoku University", days=4, kind="membership",
            tags=(make_tag("lightweight", 0.7, "Lightweight steel"),), url=None,
        ),
        make_item(
            "e0e1", "Members’ meeting in Detroit", days=9, kind="event", published=None,
            summary="Registration closes April 2.", deadline=date(2026, 4, 2),
        ),
    )  # fmt: skip


def _trend(topic: str, *counts: int) -> Trend:
    starts = tuple(date(2025 + (3 + n) // 12, (3 + n) % 12 + 1, 1) for n in range(12))
    return Trend(key=topic, name=NAMES[topic], starts=starts, counts=counts)


def make_digest() -> Digest:
    profile = Profile(
        name="alice", topics=("lightweight", "additive"), hubs=("lift",), organizations=("Boeing",)
    )
    from hubwatch.models import Filters

    matches = [match_item(item, profile, Filters(), now=NOW) for item in _items()]
    also = (
        Carried(source="musa", source_name="Manufacturing USA", url="https://musa.example/n/1", item="ffff"),
        Carried(source="wire", url=None),
    )
    found = [replace(m, also=also) if m.item.id.startswith("ca11") else m for m in matches if m is not None]
    built = digests.build(
        found,
        title="Hub digest for alice",
        now=NOW,
        limit=50,
        wanted_topics=profile.topics,
        topic_names=NAMES,
        since=NOW - timedelta(days=14),
        health=("sources failing: nextflex, oh-mep (see hubwatch sources)",),
        profile="alice",
    )
    trends = (
        _trend("lightweight", 3, 5, 8, 2, 0, 4, 9, 12, 7, 6, 11, 4),
        _trend("additive", 0, 0, 1, 0, 2, 1, 0, 3, 1, 0, 0, 1),
    )
    return replace(built, left_out=3, trends=trends)


@pytest.fixture
def digest() -> Digest:
    return make_digest()


@pytest.fixture
def empty() -> Digest:
    return Digest(title="Hub digest", created=NOW, since=NOW - timedelta(days=14))


@pytest.fixture
def calls() -> Digest:
    """The same items as `hubwatch calls --all` has them: by deadline, one of them closed."""
    found = [
        Match(item=item, score=0.5, open_by=open_by(item, today=NOW.date()))
        for item in _items()
        if item.kind == "call"
    ]
    closed = replace(
        found[0].item, id="c105ed0000000000", title="Project Call 26-01", deadline=date(2026, 2, 27)
    )
    later = replace(
        found[0].item,
        id="1a7e400000000000",
        title="Project Call 26-03",
        deadline=date(2026, 7, 1),
        money_usd=560_000.0,
    )
    return digests.build(
        [*found, Match(item=closed, score=0.5), Match(item=later, score=0.5)],
        title="Project calls",
        now=NOW,
        sort="deadline",
    )


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compare a text with a golden file; HUBWATCH_WRITE_GOLDEN=1 writes the file instead."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        text = text.replace(__version__, "VERSION")
        if os.environ.get("HUBWATCH_WRITE_GOLDEN"):
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text.encode())
        assert text == path.read_bytes().decode(), f"{name} differs; look at it, then write it anew"

    return compare
