"""How well topics are found in real announcements: prints the table and holds what was reached."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path

import pytest

from hubwatch.catalog import vocabulary
from hubwatch.facts import kind
from hubwatch.facts.kind import KindRules
from hubwatch.facts.topic_rules import TopicRules
from hubwatch.facts.topics import score

GOLD = Path(__file__).parent.parent / "data" / "gold"
CORE = ("lightweight", "additive", "nanomaterials")
# What was reached, less 0.01. Raise them when the vocabulary gets better.
FLOOR_CORE = 0.977
FLOOR_ALL = 0.952
FLOOR_MACRO = 0.942
# The same on the third of the items that is not to be read while writing words: what to expect of new ones.
FLOOR_UNREAD_CORE = 0.965
FLOOR_UNREAD_ALL = 0.927
FLOOR_UNREAD_MACRO = 0.905


class Count:
    """Right, invented and missed, of one topic or of several."""

    def __init__(self, right: int, invented: int, missed: int) -> None:
        self.right, self.invented, self.missed = right, invented, missed

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.invented)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, 2 * self.right + self.invented + self.missed)


Counts = dict[str, Count]


def _is_unread(id_: str) -> bool:
    """Say whether an item is of the third, by a hash of its id, that is kept apart from writing words."""
    return int(hashlib.sha256(f"hubwatch:{id_}".encode()).hexdigest(), 16) % 3 == 0


@pytest.fixture(scope="module")
def counts() -> Counts:
    return _count(only_unread=False)


@pytest.fixture(scope="module")
def unread_counts() -> Counts:
    return _count(only_unread=True)


def _count(*, only_unread: bool) -> Counts:
    words = vocabulary.load()
    rules, kinds = TopicRules(words.topics), KindRules(words.kinds, words.kind_weights)
    right: Counter[str] = Counter()
    invented: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for path in sorted(GOLD.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            gold = json.loads(line)
            if only_unread and not _is_unread(gold["id"]):
                continue
            title, summary = gold["title"], gold["summary"]
            found_kind, _ = kind.decide(title, summary, kinds)
            tags = score(title, summary, "", rules, kind=found_kind)
            given, wanted = {tag.topic for tag in tags if tag.score >= 0.5}, set(gold["topics"])
            right.update(given & wanted)
            invented.update(given - wanted)
            missed.update(wanted - given)
    return {id_: Count(right[id_], invented[id_], missed[id_]) for id_ in rules.ids}


def _sum(counts: Counts, ids: tuple[str, ...]) -> Count:
    chosen = [counts[id_] for id_ in ids]
    return Count(
        sum(count.right for count in chosen),
        sum(count.invented for count in chosen),
        sum(count.missed for count in chosen),
    )


def _print_table(counts: Counts, heading: str) -> tuple[float, float, float]:
    """Print the rates of each topic; give F1 over the first three, over all, and the mean of the topics."""
    core, everything = _sum(counts, CORE), _sum(counts, tuple(counts))
    macro = sum(count.f1 for count in counts.values()) / len(counts)
    print(f"\n{heading:22} {'right':>5} {'invented':>8} {'missed':>6} {'P':>6} {'R':>6} {'F1':>6}")
    for name, c in [*counts.items(), ("first three", core), ("all", everything)]:
        rates = f"{c.precision:6.3f} {c.recall:6.3f} {c.f1:6.3f}"
        print(f"{name:22} {c.right:5} {c.invented:8} {c.missed:6} {rates}")
    print(f"{'mean of the topics':22} {'':35} {macro:6.3f}")
    return core.f1, everything.f1, macro


def test_gold_topics_reach_what_was_reached(counts: Counts, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        core, everything, macro = _print_table(counts, "all items")
    assert core >= FLOOR_CORE
    assert everything >= FLOOR_ALL
    assert macro >= FLOOR_MACRO


def test_gold_topics_of_unread_items(unread_counts: Counts, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        core, everything, macro = _print_table(unread_counts, "unread third")
    assert core >= FLOOR_UNREAD_CORE
    assert everything >= FLOOR_UNREAD_ALL
    assert macro >= FLOOR_UNREAD_MACRO


def test_gold_has_every_topic(counts: Counts) -> None:
    assert all(count.right + count.missed >= 6 for count in counts.values())
