"""Kind, money, deadline and organizations on the labeled announcements, with what was reached pinned.

The learned weights saw all of these items, so the figures on the whole say only that nothing broke.
`test_items_set_aside` trains without a third of them: that third shows what to expect of new items.
"""

from __future__ import annotations

import importlib.util
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from hubwatch.catalog import vocabulary
from hubwatch.facts import Rules, compile_rules, kind, organizations, tag
from hubwatch.models import ITEM_KINDS, Item
from hubwatch.normalize import LONG_AGO

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def training() -> ModuleType:
    path = Path(__file__).parent / "training" / "train.py"
    spec = importlib.util.spec_from_file_location("train", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def rules() -> Rules:
    return compile_rules(vocabulary.load())


@pytest.fixture(scope="module")
def pairs(training: ModuleType, rules: Rules) -> list[tuple[dict[str, Any], Item]]:
    return [(gold, tag(_item(gold), rules)) for gold in training.gold()]


def _item(gold: dict[str, Any]) -> Item:
    published = gold["published"]
    day = datetime.fromisoformat(published).replace(tzinfo=UTC) if published else None
    return Item(
        id=gold["id"],
        source="gold",
        title=gold["title"],
        summary=gold["summary"],
        published=day,
        first_seen=day or LONG_AGO,  # of what is undated nothing is known, not even when it came
        updated=NOW,
        effective=day or NOW,
    )


def _f1(found: Iterable[tuple[set[str], set[str]]]) -> float:
    hits = given = wanted = 0
    for names, named in found:
        hits, given, wanted = hits + len(names & named), given + len(names), wanted + len(named)
    return 2 * hits / (given + wanted)


def _folded(names: Iterable[str]) -> set[str]:
    return {organizations.fold_name(name) for name in names}


def test_gold_kinds(pairs: list[tuple[dict[str, Any], Item]]) -> None:
    wanted = Counter(gold["kind"] for gold, _ in pairs)
    given = Counter(item.kind for _, item in pairs)
    right = Counter(item.kind for gold, item in pairs if gold["kind"] == item.kind)
    print(f"\n{'kind':12} {'items':>5} {'precision':>9} {'recall':>6}")
    for name in ITEM_KINDS:
        precision, recall = right[name] / max(given[name], 1), right[name] / wanted[name]
        print(f"{name:12} {wanted[name]:5} {precision:9.2f} {recall:6.2f}")
    assert sum(right.values()) / len(pairs) >= 0.959


def test_gold_organizations(pairs: list[tuple[dict[str, Any], Item]]) -> None:
    figure = _f1((_folded(item.organizations), _folded(gold["orgs"])) for gold, item in pairs)
    print(f"\norganizations: F1 {figure:.3f}")
    assert figure >= 0.942


def test_gold_money(pairs: list[tuple[dict[str, Any], Item]]) -> None:
    with_money = [
        (gold["money_usd"], item.money_usd) for gold, item in pairs if gold["money_usd"] is not None
    ]
    right = sum(wanted == found for wanted, found in with_money) / len(with_money)
    others = [item.money_usd for gold, item in pairs if gold["money_usd"] is None]
    invented = sum(found is not None for found in others) / len(others)
    print(f"\nmoney: right {right:.3f} of {len(with_money)}, invented {invented:.3f} of {len(others)}")
    assert right >= 0.966
    assert invented <= 0.03


def test_gold_deadlines(pairs: list[tuple[dict[str, Any], Item]]) -> None:
    dated = [
        (gold["deadline"], item.deadline.isoformat() if item.deadline else None)
        for gold, item in pairs
        if gold["deadline"]
    ]
    right = sum(wanted == found for wanted, found in dated) / len(dated)
    others = [item.deadline for gold, item in pairs if not gold["deadline"]]
    invented = sum(found is not None for found in others) / len(others)
    print(f"\ndeadline: right {right:.3f} of {len(dated)}, invented {invented:.3f} of {len(others)}")
    assert right >= 0.959
    assert invented <= 0.01


def test_items_set_aside(training: ModuleType) -> None:
    items = training.gold()
    seen = [item for item in items if not training.is_set_aside(item)]
    aside = [item for item in items if training.is_set_aside(item)]
    words = vocabulary.load()
    kinds = kind.KindRules(words.kinds, training.kind_weights(seen))
    right = [kind.decide(item["title"], item["summary"], kinds)[0] == item["kind"] for item in aside]
    names = organizations.OrganizationRules(
        words.organizations, words.organization_words, training.organization_weights(seen)
    )
    figure = _f1(
        (_folded(organizations.find(item["title"], item["summary"], names)), _folded(item["orgs"]))
        for item in aside
    )
    print(f"\nset aside: kind right {sum(right) / len(right):.3f}, organizations F1 {figure:.3f}")
    assert sum(right) / len(right) >= 0.783
    assert figure >= 0.835


def test_facts_of_the_format_stay(rules: Rules) -> None:
    item = _item(
        {"id": "x", "title": "Boeing wins $5 million", "summary": "Apply by May 5, 2025.", "published": None}
    )
    given = tag(item, rules)
    kept = tag(
        Item(
            **{
                name: getattr(item, name)
                for name in ("id", "source", "title", "first_seen", "updated", "effective")
            },
            organizations=("Agency",),
            deadline=NOW.date(),
        ),
        rules,
    )
    assert given.money_usd == kept.money_usd == 5_000_000
    assert (kept.organizations, kept.deadline) == (("Agency",), NOW.date())


def test_equal_words_give_equal_facts(rules: Rules) -> None:
    again = compile_rules(vocabulary.load())
    item = _item({"id": "x", "title": "Purdue University joins LIFT", "summary": "", "published": None})
    assert tag(item, again) == tag(item, rules)


def test_the_tables_loaded_give_the_facts_of_the_words(
    pairs: list[tuple[dict[str, Any], Item]],
) -> None:
    loaded = vocabulary.rules()
    assert [tag(_item(gold), loaded) for gold, _ in pairs] == [item for _, item in pairs]
