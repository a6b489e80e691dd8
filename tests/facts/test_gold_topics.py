"""How well topics are found in real announcements: prints the table and holds what was reached."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from hubwatch.catalog import vocabulary
from hubwatch.facts import kind
from hubwatch.facts.kind import KindRules
from hubwatch.facts.topics import TopicRules, score

GOLD = Path(__file__).parent.parent / "data" / "gold"
CORE = ("lightweight", "additive", "nanomaterials")
# What was reached, less 0.01. Raise them when the vocabulary gets better.
FLOOR_CORE = 0.965
FLOOR_ALL = 0.942
FLOOR_MACRO = 0.933


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


@pytest.fixture(scope="module")
def counts() -> dict[str, Count]:
    words = vocabulary.load()
    rules, kinds = TopicRules(words.topics), KindRules(words.kinds, words.kind_weights)
    right: Counter[str] = Counter()
    invented: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for path in sorted(GOLD.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            gold = json.loads(line)
            title, summary = gold["title"], gold["summary"]
            found_kind, _ = kind.decide(title, summary, kinds)
            tags = score(title, summary, "", rules, kind=found_kind)
            given, wanted = {tag.topic for tag in tags if tag.score >= 0.5}, set(gold["topics"])
            right.update(given & wanted)
            invented.update(given - wanted)
            missed.update(wanted - given)
    return {id_: Count(right[id_], invented[id_], missed[id_]) for id_ in rules.ids}


def _sum(counts: dict[str, Count], ids: tuple[str, ...]) -> Count:
    chosen = [counts[id_] for id_ in ids]
    return Count(
        sum(count.right for count in chosen),
        sum(count.invented for count in chosen),
        sum(count.missed for count in chosen),
    )


def test_gold_topics_reach_what_was_reached(
    counts: dict[str, Count], capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [*counts.items(), ("first three", _sum(counts, CORE)), ("all", _sum(counts, tuple(counts)))]
    macro = sum(count.f1 for count in counts.values()) / len(counts)
    with capsys.disabled():
        print(f"\n{'topic':22} {'right':>5} {'invented':>8} {'missed':>6} {'P':>6} {'R':>6} {'F1':>6}")
        for name, c in rows:
            rates = f"{c.precision:6.3f} {c.recall:6.3f} {c.f1:6.3f}"
            print(f"{name:22} {c.right:5} {c.invented:8} {c.missed:6} {rates}")
        print(f"{'mean of the topics':22} {'':35} {macro:6.3f}")
    assert _sum(counts, CORE).f1 >= FLOOR_CORE
    assert _sum(counts, tuple(counts)).f1 >= FLOOR_ALL
    assert macro >= FLOOR_MACRO


def test_gold_has_every_topic(counts: dict[str, Count]) -> None:
    assert all(count.right + count.missed >= 6 for count in counts.values())
