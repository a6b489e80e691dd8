"""Tag an item by the whole vocabulary, compiled: what is behind `facts.tag`. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from hubwatch.facts import deadlines, kind, money, organizations, topics
from hubwatch.facts.kind import KindRules
from hubwatch.facts.organization_rules import OrganizationRules
from hubwatch.facts.tokens import PhraseBook
from hubwatch.facts.topic_rules import TopicRules
from hubwatch.models import Hub, Item, KindGroup, Topic, Vocabulary
from hubwatch.models.dataclass import dataclass

_SUMMARY_FROM_CONTENT = 700  # letters of a body that stand for the summary where a feed gives none


@dataclass(frozen=True, slots=True)
class Rules:
    """The whole vocabulary, compiled."""

    topics: TopicRules
    kinds: KindRules
    organizations: OrganizationRules


def compile_rules(vocabulary: Vocabulary) -> Rules:
    """Compile a vocabulary for `tag`."""
    return Rules(
        topics=TopicRules(vocabulary.topics),
        kinds=KindRules(vocabulary.kinds, vocabulary.kind_weights),
        organizations=OrganizationRules(
            vocabulary.organizations, vocabulary.organization_words, vocabulary.organization_weights
        ),
    )


def tables(rules: Rules) -> dict[str, Any]:
    """Return all that `restore_rules` needs but the learned weights, ready for JSON."""
    return {
        "topics": rules.topics.tables(),
        "kinds": [
            {"name": group.name, "kind": group.kind, "pairs": group.pairs, "mark": group.mark,
             "idioms": group.idioms}
            for group in rules.kinds.groups
        ],
        "cues": rules.kinds.book.tables(),
        "organizations": rules.organizations.names,
        "words": {name: " ".join(sorted(words)) for name, words in rules.organizations.words.items()},
    }  # fmt: skip


def restore_rules(
    tables: Mapping[str, Any],
    kind_weights: Mapping[str, Sequence[float]],
    organization_weights: Mapping[str, float],
    extra_topics: Sequence[Topic] = (),
) -> Rules:
    """Make of `tables` the rules they are of, with more topics added; it takes a tenth of compiling."""
    groups = [
        KindGroup(**{**group, "pairs": tuple((first, second) for first, second in group["pairs"])})
        for group in tables["kinds"]
    ]
    return Rules(
        topics=TopicRules(extra_topics, tables["topics"]),
        kinds=KindRules(groups, kind_weights, PhraseBook(tables["cues"])),
        organizations=OrganizationRules(
            (),
            {name: words.split() for name, words in tables["words"].items()},
            organization_weights,
            tables["organizations"],
        ),
    )


def tag(item: Item, rules: Rules, hub: Hub | None = None) -> Item:
    """Fill in an item's facts; deadline and organizations that its format gave stay."""
    return tag_all([(item, hub)], rules)[0]


def tag_all(items: Sequence[tuple[Item, Hub | None]], rules: Rules) -> list[Item]:
    """Fill in the facts of items, each given with the hub that it is from.

    One fact of all before the next of any: each has a vocabulary of its own, which then stays in the
    processor's cache. That takes a fifth off the time of going item by item.
    """
    texts = [item.summary or item.content[:_SUMMARY_FROM_CONTENT] for item, _ in items]
    kinds = [kind.decide(item.title, text, rules.kinds) for (item, _), text in zip(items, texts, strict=True)]
    tags = [
        topics.score(
            item.title,
            item.summary,
            item.content,
            rules.topics,
            hub_topics=hub.topics if hub else (),
            kind=found,
        )
        for (item, hub), (found, _) in zip(items, kinds, strict=True)
    ]
    named = [
        item.organizations or organizations.find(item.title, text, rules.organizations, hub_names=_names(hub))
        for (item, hub), text in zip(items, texts, strict=True)
    ]
    return [
        replace(
            item,
            tags=tags[at],
            kind=found,
            kind_reason=reason,
            organizations=named[at],
            money_usd=money.find(item.title, texts[at], kind=found),
            deadline=item.deadline
            or deadlines.find(
                item.title,
                item.summary,
                item.content,
                published=item.published.date() if item.published else None,
                seen=_seen(item),
                kind=found,
            ),
        )
        for at, ((item, _), (found, reason)) in enumerate(zip(items, kinds, strict=True))
    ]


def _seen(item: Item) -> date | None:
    """Give the day on which something undated arrived, where it was current then.

    So it is by a list of calls, and by any list that it was added to since the first reading.
    """
    is_current = item.effective == item.first_seen or item.what == "project-calls"
    return item.first_seen.date() if item.published is None and is_current else None


def _names(hub: Hub | None) -> tuple[str, ...]:
    """Give the names by which a hub speaks of itself."""
    if hub is None:
        return ()
    return (hub.name, hub.acronym) if hub.acronym else (hub.name,)
