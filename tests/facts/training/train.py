"""Make the learned weights of kinds and organizations from labeled announcements: the standard library alone.

Run `python tests/facts/training/train.py` after a change of kinds.toml, organizations.toml, the labeled
items or the code that reads signs; it writes hubwatch/catalog/learned/*.json. `--check` trains on two thirds
of the items (by a hash of their ids) and prints how the rest comes out: what to expect of items never seen.
"""

from __future__ import annotations

import hashlib
import json
import math
import random
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent.parent.parent
sys.path.insert(0, str(ROOT))

from hubwatch.catalog import vocabulary  # noqa: E402
from hubwatch.facts import kind, organizations  # noqa: E402

LEARNED = ROOT / "hubwatch" / "catalog" / "learned"
Example = tuple[Mapping[str, float], int, float]  # signs, class, how much the example counts
ORGANIZATION_BIAS = 0.5  # a name too many is less bad than one too few, by the measure of both


def gold() -> list[dict[str, Any]]:
    """Read the labeled items."""
    lines: list[dict[str, Any]] = []
    for path in sorted((ROOT / "tests" / "data" / "gold").glob("*.jsonl")):
        lines += [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return lines


def is_set_aside(item: Mapping[str, Any]) -> bool:
    """Say whether an item is of the third that is kept apart while rules are written."""
    return int(hashlib.sha256(item["id"].encode()).hexdigest(), 16) % 3 == 0


def kind_examples(items: Iterable[Mapping[str, Any]]) -> list[Example]:
    """Turn items and our own examples into signs for the kinds, each also without its summary."""
    rules = kind.KindRules(vocabulary.kinds(), {})
    place = {name: index for index, name in enumerate(kind.ORDER)}
    examples: list[Example] = []
    texts = [(item["kind"], item["title"], item["summary"]) for item in items]
    for line in (HERE / "kind_examples.tsv").read_text(encoding="utf-8").splitlines():
        label, title, summary = line.split("\t")
        texts.append((label, title, summary))
    for label, title, summary in texts:
        if summary:
            examples.append((kind.features(title, summary, rules), place[label], 1.0))
        examples.append((kind.features(title, "", rules), place[label], 0.3 if summary else 1.0))
    return examples


def organization_examples(items: Iterable[Mapping[str, Any]]) -> list[Example]:
    """Turn the stretches of text that may be names into examples: 1 for a name, 0 for none."""
    rules = organizations.OrganizationRules(vocabulary.organizations(), vocabulary.organization_words(), {})
    examples: list[Example] = []
    for item in items:
        named = {organizations.fold_name(name) for name in item["orgs"]}
        for candidate in organizations.candidates(item["title"], item["summary"], rules):
            is_name = organizations.fold_name(candidate.name) in named
            examples.append((dict.fromkeys(candidate.features, 1.0), int(is_name), 1.0))
    return examples


def fit(
    examples: Sequence[Example], classes: int, *, rounds: int, decay: float = 0.0, penalty: float = 0.0
) -> dict[str, list[float]]:
    """Fit a multinomial logistic regression by stochastic gradient descent with a rate for each weight.

    `decay` draws a weight to zero each time its sign is seen, so frequent signs most; `penalty` draws each
    weight alike, so that signs with little support stay small.
    """
    seen: Counter[str] = Counter(sign for signs, _, _ in examples for sign in signs)
    decays = {sign: decay + penalty / count for sign, count in seen.items()} | {"bias": decay}
    order = list(range(len(examples)))
    chance = random.Random(1)
    weights: dict[str, list[float]] = {}
    slopes: dict[str, list[float]] = {}
    for turn in range(rounds):
        chance.shuffle(order)
        rate = 0.35 / (1 + 0.15 * turn)
        for index in order:
            signs, label, counts = examples[index]
            _step({**signs, "bias": 1.0}, label, counts, classes, rate, decays, weights, slopes)
    return weights


def _step(
    signs: Mapping[str, float],
    label: int,
    counts: float,
    classes: int,
    rate: float,
    decays: Mapping[str, float],
    weights: dict[str, list[float]],
    slopes: dict[str, list[float]],
) -> None:
    sums = [0.0] * classes
    for sign, value in signs.items():
        row = weights.setdefault(sign, [0.0] * classes)
        for index in range(classes):
            sums[index] += row[index] * value
    top = max(sums)
    shares = [math.exp(total - top) for total in sums]
    whole = sum(shares)
    errors = [counts * (share / whole - (index == label)) for index, share in enumerate(shares)]
    for sign, value in signs.items():
        row = weights[sign]
        slope = slopes.setdefault(sign, [1.0] * classes)
        decay = decays[sign]
        for index in range(classes):
            gradient = errors[index] * value + decay * row[index]
            slope[index] += gradient * gradient
            row[index] -= rate * gradient / math.sqrt(slope[index])


def kind_weights(items: Iterable[Mapping[str, Any]]) -> dict[str, list[float]]:
    """Learn what each sign says of each kind."""
    fitted = fit(kind_examples(items), len(kind.ORDER), rounds=25, penalty=10.0)
    rows = {}
    for sign, row in sorted(fitted.items()):
        mean = sum(row) / len(row)
        rounded = [round(weight - mean, 2) for weight in row]
        if max(map(abs, rounded)) >= 0.05 or sign == "bias":
            rows[sign] = rounded
    return rows


def organization_weights(items: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """Learn what each sign says for a name being an organization's."""
    fitted = fit(organization_examples(items), 2, rounds=15, decay=0.001)
    weights = {sign: round(row[1] - row[0], 2) for sign, row in sorted(fitted.items())}
    kept = {sign: weight for sign, weight in weights.items() if abs(weight) >= 0.05 or sign == "bias"}
    kept["bias"] = round(kept["bias"] + ORGANIZATION_BIAS, 2)
    return kept


def check() -> None:
    """Print how items come out whose labels took no part in the training."""
    items = gold()
    seen = [item for item in items if not is_set_aside(item)]
    aside = [item for item in items if is_set_aside(item)]
    words = vocabulary.load()
    kinds = kind.KindRules(words.kinds, kind_weights(seen))
    right = sum(kind.decide(item["title"], item["summary"], kinds)[0] == item["kind"] for item in aside)
    print(f"kind right: {right / len(aside):.3f} of {len(aside)}")
    names = organizations.OrganizationRules(
        words.organizations, words.organization_words, organization_weights(seen)
    )
    hits = given = wanted = 0
    for item in aside:
        found = {
            organizations.fold_name(n) for n in organizations.find(item["title"], item["summary"], names)
        }
        named = {organizations.fold_name(name) for name in item["orgs"]}
        hits, given, wanted = hits + len(found & named), given + len(found), wanted + len(named)
    print(f"organizations: F1 {2 * hits / (given + wanted):.3f}")


def main() -> None:
    """Write the learned weights."""
    items = gold()
    LEARNED.mkdir(exist_ok=True)
    for name, data in (
        ("kinds", {"order": list(kind.ORDER), "weights": kind_weights(items)}),
        ("organizations", {"weights": organization_weights(items)}),
    ):
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        (LEARNED / f"{name}.json").write_text(text.replace("],", "],\n") + "\n", encoding="utf-8")


if __name__ == "__main__":
    check() if "--check" in sys.argv else main()
