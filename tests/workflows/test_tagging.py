"""Tagging in worker processes gives what tagging here gives, whatever becomes of the workers."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from hubwatch import facts
from hubwatch.catalog import vocabulary
from hubwatch.identity import Resolution
from hubwatch.models import Hub, Item, Topic
from hubwatch.workflows import taking_in
from hubwatch.workflows.tagging import MANY, Tagging, workers_for

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


@pytest.fixture
def tagging(rules: facts.Rules) -> Iterator[Tagging]:
    made = Tagging(lambda: rules, OWN, workers=1)
    yield made
    made.close()


def prepare(tagging: Tagging, count: int) -> list[taking_in.Prepared]:
    async def run() -> list[taking_in.Prepared]:
        return await asyncio.gather(*(tagging.prepare(found(n), HUB) for n in range(count)))

    return asyncio.run(run())


def test_a_worker_gives_what_is_given_here(tagging: Tagging, rules: facts.Rules) -> None:
    assert prepare(tagging, 8) == [taking_in.prepare(found(n), rules, HUB) for n in range(8)]


def test_without_its_workers_it_goes_on_here(tagging: Tagging, rules: facts.Rules) -> None:
    pids = [int(tagging._pool.submit(os.getpid).result(30))] if tagging._pool else []
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    assert pids
    assert prepare(tagging, 5) == [taking_in.prepare(found(n), rules, HUB) for n in range(5)]


@pytest.mark.parametrize("first_readings", [0, 1, MANY - 1])
def test_a_few_sources_start_no_worker(first_readings: int) -> None:
    assert workers_for(first_readings) == 0
