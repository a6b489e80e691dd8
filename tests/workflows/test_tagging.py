"""Tagging in a process apart gives what tagging here gives, whatever becomes of the process."""

from __future__ import annotations

import asyncio
import gc
from datetime import UTC, datetime

import pytest

from hubwatch import facts
from hubwatch.catalog import vocabulary
from hubwatch.identity import Resolution
from hubwatch.models import Hub, Item, Topic
from hubwatch.workflows import preparing
from hubwatch.workflows.tagging import MANY, Tagging, pays_apart

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HUB = Hub(id="lift", kind="institute", name="LIFT", topics=("lightweight",))
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


def prepare(rules: facts.Rules, count: int, *, kill: bool = False) -> list[preparing.Prepared]:
    """Prepare items by a tagging apart, that loses its process first if it is to be killed."""

    async def run() -> list[preparing.Prepared]:
        tagging = Tagging(lambda: rules, OWN)
        await tagging.begin_apart()
        try:
            if kill:
                assert tagging._apart is not None
                await tagging._apart.end()
            return await asyncio.gather(*(tagging.prepare(found(n), HUB) for n in range(count)))
        finally:
            await tagging.end()

    return asyncio.run(run())


def test_the_process_apart_gives_what_is_given_here(rules: facts.Rules) -> None:
    assert prepare(rules, 8) == [preparing.prepare(found(n), rules, HUB) for n in range(8)]


def test_without_its_process_it_goes_on_here(rules: facts.Rules) -> None:
    assert prepare(rules, 5, kill=True) == [preparing.prepare(found(n), rules, HUB) for n in range(5)]


def test_a_process_that_was_not_needed_ends_without_a_word() -> None:
    words: list[dict[str, object]] = []

    async def run() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: words.append(context))
        tagging = Tagging(pytest.fail)
        await tagging.begin_apart()
        await asyncio.sleep(0)
        await tagging.end()
        del tagging
        gc.collect()

    asyncio.run(run())
    assert words == []


@pytest.mark.parametrize("first_readings", [0, 1, MANY - 1])
def test_a_few_sources_start_no_process(first_readings: int) -> None:
    assert not pays_apart(first_readings)
