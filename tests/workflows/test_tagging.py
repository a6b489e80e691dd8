"""Tagging in worker processes gives what tagging here gives, whatever becomes of the workers."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hubwatch import facts
from hubwatch.catalog import vocabulary
from hubwatch.identity import Resolution
from hubwatch.models import Hub, Item, Page, RawItem, Source, Topic
from hubwatch.workflows import taking_in
from hubwatch.workflows.tagging import MANY, Tagging, workers_for

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HUB = Hub(id="lift", kind="institute", name="LIFT", topics=("lightweight",))
SOURCE = Source(id="lift", name="LIFT", url="https://lift.example.org/feed/", kind="feed", hub="lift")
NOTHING_DONE = taking_in.Made(items=())
OWN = (Topic(id="threads", name="Threads", terms=("thread rolling",)),)


@pytest.fixture(scope="module")
def rules() -> facts.Rules:
    return facts.compile_rules(vocabulary.load(OWN))


def found(number: int) -> Resolution:
    item = Item(
        id=f"{number:016x}", source="lift", title=f"Aluminum casting and thread rolling, award {number}",
        summary=f"Boeing and LIFT put ${number + 1} million into lightweight castings.", content="",
        first_seen=NOW, updated=NOW, effective=NOW,
    )  # fmt: skip
    return Resolution(new=(item,), unchanged=("x",))


@pytest.fixture
def tagging(rules: facts.Rules) -> Iterator[Tagging]:
    made = Tagging(lambda: rules, OWN, workers=1)
    yield made
    made.close()


def prepare(tagging: Tagging, count: int) -> list[taking_in.Prepared]:
    async def run() -> list[taking_in.Prepared]:
        return await asyncio.gather(*(tagging.prepare(found(n), NOTHING_DONE, HUB) for n in range(count)))

    return asyncio.run(run())


def test_a_worker_gives_what_is_given_here(tagging: Tagging, rules: facts.Rules) -> None:
    assert prepare(tagging, 8) == [
        taking_in.prepare(found(n), taking_in.tagger(rules, HUB)) for n in range(8)
    ]


def test_without_its_workers_it_goes_on_here(tagging: Tagging, rules: facts.Rules) -> None:
    pids = [int(tagging._pool.submit(os.getpid).result(30))] if tagging._pool else []
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    assert pids
    assert prepare(tagging, 5) == [
        taking_in.prepare(found(n), taking_in.tagger(rules, HUB)) for n in range(5)
    ]


@pytest.mark.parametrize("first_readings", [0, 1, MANY - 1])
def test_a_few_sources_start_no_worker(first_readings: int) -> None:
    assert workers_for(first_readings) == 0


def page(number: int) -> Page:
    raw = RawItem(
        title=f"Aluminum casting and thread rolling, award {number}", url=f"https://lift.example.org/{number}",
        summary=f"Boeing and LIFT put ${number + 1} million into lightweight castings.", guid=str(number),
    )  # fmt: skip
    other = replace(raw, guid=f"{number} b", url=f"{raw.url}/b", title="A webinar on nanocellulose")
    return Page(items=(raw, other))


def make(tagging: Tagging, pages: Sequence[Page], *, first: bool = True) -> list[taking_in.Made]:
    async def run() -> list[taking_in.Made]:
        some = (tagging.make(page, SOURCE, HUB, now=NOW, first_reading=first) for page in pages)
        return await asyncio.gather(*some)

    return asyncio.run(run())


def test_a_worker_makes_and_tags_the_items_of_a_first_reading(tagging: Tagging, rules: facts.Rules) -> None:
    pages = [page(number) for number in range(6)]
    made = make(tagging, pages)
    tag = taking_in.tagger(rules, HUB)
    assert made == [taking_in.make(p, SOURCE, now=NOW, first_reading=True, tag=tag) for p in pages]
    assert [len(each.story_keys or {}) for each in made] == [2] * 6


@pytest.mark.parametrize(
    ("of_page", "first"), [(False, False), (True, True)], ids=["a later reading", "a page"]
)
def test_where_few_may_be_new_nothing_is_tagged_ahead(tagging: Tagging, of_page: bool, first: bool) -> None:
    [made] = make(tagging, [replace(page(1), is_page=of_page)], first=first)
    assert made.story_keys is None
    assert [item.tags for item in made.items] == [(), ()]


def test_what_was_tagged_is_not_tagged_again(tagging: Tagging) -> None:
    [made] = make(tagging, [page(1)])
    resolution = Resolution(new=made.items[:1], changed=(replace(made.items[1], id="f" * 16),))
    tagging.close()

    async def run() -> taking_in.Prepared:
        return await tagging.prepare(resolution, made, HUB)

    prepared = asyncio.run(run())
    assert prepared.resolution == resolution
    assert sorted(prepared.story_keys) == sorted(["f" * 16, made.items[0].id])
