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
from hubwatch.facts.tokens import fold  # noqa: E402

LEARNED = ROOT / "hubwatch" / "catalog" / "learned"
Example = tuple[Mapping[str, float], int, float]  # signs, class, how much the example counts
# Our own examples, all invented, and what each counts where a labeled item counts 1.
KIND_EXAMPLES = {"kind_examples.tsv": 1.0, "more_kind_examples.tsv": 0.4}
# What the signs of kinds count in the training, found by cross-validation.
TITLE_ALONE = 0.3  # an item without its summary
CUE = 0.7  # a cue by itself; its group counts 1
SHARE = 0.3  # a group, for what all groups of its kind share
PENALTY = 15.0
ROUNDS = 8
LEAST = 5  # hundredths; what weighs less for every kind is left out
FIRST_NAMES = frozenset(  # as a group they tell of people, but none more than another
    fold(cue.lstrip("=")) for group in vocabulary.kinds() if group.name == "name" for cue in group.cues
)
GENERAL_WORDS = frozenset(
    fold(word)
    for line in (HERE / "general_words.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for word in line.split()
)
OWN = 0.5  # what an example of our own counts for organizations, where the labeled items count 1
CAPITALS = 0.5  # and what a title counts once more, put in Title Case as most feeds have it
SMALL_WORDS = frozenset(
    {"a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "into", "its",
     "of", "on", "or", "over", "per", "the", "to", "up", "via", "vs", "with"}
)  # fmt: skip


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
    texts = [((item["kind"], item["title"], item["summary"]), 1.0) for item in items]
    for name, counts in KIND_EXAMPLES.items():
        for line in (HERE / name).read_text(encoding="utf-8").splitlines():
            label, title, summary = line.split("\t")
            texts.append(((label, title, summary), counts))
    examples: list[Example] = []
    for (label, title, summary), whole in texts:
        for text in (summary, "") if summary else ("",):
            counts = whole * (TITLE_ALONE if summary and not text else 1.0)
            signs = with_shared(kind.features(title, text, rules), rules)
            examples.append((signs, place[label], counts))
    return examples


def with_shared(signs: Iterable[str], rules: kind.KindRules) -> dict[str, float]:
    """Add to signs what they share with others, so that one learns from the other.

    A cue in the title and in the text share `b=cue`, a word `b+word`; the groups made for a kind share
    `t#kind`, `s#kind` and `b#kind`. `without_shared` adds the weights of these to those that share them.
    """
    kinds = {group.name: group.kind for group in rules.groups}
    found: dict[str, float] = Counter()
    for sign in signs:
        part, sort, name = sign[0], sign[1], sign[2:]
        if (sort == "+" and name not in GENERAL_WORDS) or (sort == "=" and name in FIRST_NAMES):
            continue
        found[sign] += CUE if sort in "=+" else 1.0
        if sort in "=+":
            found[f"b{sort}{name}"] += CUE
        elif sort == "~" and part in "ts":
            found[f"{part}#{kinds[name]}"] += SHARE
            found[f"b#{kinds[name]}"] += SHARE
    return found


def without_shared(weights: Mapping[str, list[float]], rules: kind.KindRules) -> dict[str, list[float]]:
    """Give the weights of signs that are there or not, by those of `with_shared`."""

    def row(*parts: tuple[str, float]) -> list[float]:
        rows = [(weights[sign], strength) for sign, strength in parts if sign in weights]
        return [sum(each[index] * strength for each, strength in rows) for index in range(len(kind.ORDER))]

    kinds = {group.name: group.kind for group in rules.groups}
    gathered = {sign: row((sign, 1.0)) for sign in weights if sign[1] not in "=+#"}
    for part in "ts":
        for name, made_for in kinds.items():
            gathered[f"{part}~{name}"] = row(
                (f"{part}~{name}", 1.0), (f"{part}#{made_for}", SHARE), (f"b#{made_for}", SHARE)
            )
        for shared in weights:
            if shared.startswith(("b=", "b+")):
                own = part + shared[1:]
                gathered[own] = row((own, CUE), (shared, CUE))
    return gathered


def organization_examples(items: Iterable[Mapping[str, Any]]) -> list[Example]:
    """Turn what may be a name, in items and our own examples, into examples: 1 for a name, 0 for none."""
    rules = organizations.OrganizationRules(vocabulary.organizations(), vocabulary.organization_words(), {})
    lines = (HERE / "organization_examples.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [(item, 1.0) for item in items] + [(json.loads(line), OWN) for line in lines]
    examples: list[Example] = []
    for item, counts in texts:
        named = {organizations.fold_name(name) for name in item["orgs"]}
        whole = organizations.candidates(item["title"], item["summary"], rules)
        title = in_title_case(item["title"])
        again = organizations.candidates(title, "", rules) if title != item["title"] else ()
        for candidate, share in (*((each, 1.0) for each in whole), *((each, CAPITALS) for each in again)):
            is_name = organizations.fold_name(candidate.name) in named
            signs = dict.fromkeys(rules.signs(candidate.look), 1.0)
            examples.append((signs, int(is_name), counts * share))
    return examples


def in_title_case(title: str) -> str:
    """Give each word of a title a capital but the small ones."""
    words = title.split(" ")
    return " ".join(
        "-".join(part[:1].upper() + part[1:] if part.islower() else part for part in word.split("-"))
        if index == 0 or word not in SMALL_WORDS
        else word
        for index, word in enumerate(words)
    )


def fit(
    examples: Sequence[Example], classes: int, *, rounds: int, decay: float = 0.0, penalty: float = 0.0
) -> dict[str, list[float]]:
    """Fit a multinomial logistic regression by stochastic gradient descent with a rate for each weight.

    `decay` draws a weight to zero each time its sign is seen, so frequent signs most; `penalty` draws each
    weight once a round, less where its sign is rare and so tells more.
    """
    seen: Counter[str] = Counter(sign for signs, _, _ in examples for sign in signs)
    pulls = {sign: penalty * _commonness(count, len(examples)) / count for sign, count in seen.items()}
    pulls["bias"] = 0.0
    order = list(range(len(examples)))
    chance = random.Random(1)
    weights = {sign: [0.0] * classes for sign in pulls}
    slopes = {sign: [1.0] * classes for sign in pulls}
    for turn in range(rounds):
        chance.shuffle(order)
        rate = 0.35 / (1 + 0.15 * turn)
        for index in order:
            signs, label, counts = examples[index]
            _step([*signs.items(), ("bias", 1.0)], label, counts, rate, decay, pulls, weights, slopes)
    return weights


def _commonness(count: int, examples: int) -> float:
    return 3 / math.log(1 + examples / count)


def _step(
    signs: Sequence[tuple[str, float]],
    label: int,
    counts: float,
    rate: float,
    decay: float,
    pulls: Mapping[str, float],
    weights: dict[str, list[float]],
    slopes: dict[str, list[float]],
) -> None:
    rows = [[value * weight for weight in weights[sign]] for sign, value in signs]
    sums = list(map(sum, zip(*rows, strict=True)))
    top = max(sums)
    shares = [math.exp(total - top) for total in sums]
    whole = sum(shares)
    errors = [counts * (share / whole - (index == label)) for index, share in enumerate(shares)]
    for sign, value in signs:
        row, slope, pull = weights[sign], slopes[sign], pulls[sign]
        for index, error in enumerate(errors):
            gradient = error * value + decay * row[index]
            slope[index] += gradient * gradient
            pace = rate / math.sqrt(slope[index])
            row[index] = (row[index] - pace * gradient) / (1 + pace * pull)


def kind_weights(items: Iterable[Mapping[str, Any]]) -> dict[str, list[int]]:
    """Learn what each sign says of each kind, in hundredths."""
    rules = kind.KindRules(vocabulary.kinds(), {})
    fitted = fit(kind_examples(items), len(kind.ORDER), rounds=ROUNDS, penalty=PENALTY)
    rows = {}
    for sign, row in sorted(without_shared(fitted, rules).items()):
        mean = sum(row) / len(row)
        rounded = [round(100 * (weight - mean)) for weight in row]
        if max(map(abs, rounded)) >= LEAST or sign == "bias":
            rows[sign] = rounded
    return rows


def organization_weights(items: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """Learn what each sign says for a name being an organization's."""
    fitted = fit(organization_examples(items), 2, rounds=15, decay=0.001)
    weights = {sign: round(row[1] - row[0], 2) for sign, row in sorted(fitted.items())}
    return {sign: weight for sign, weight in weights.items() if abs(weight) >= 0.15 or sign == "bias"}


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
