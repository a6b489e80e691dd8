"""Tag an item by the whole vocabulary, compiled: the one call behind `facts.tag`. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from hubwatch.facts import REVISION, deadlines, kind, money, organizations, topics
from hubwatch.facts.kind import KindRules
from hubwatch.facts.organizations import OrganizationRules
from hubwatch.facts.topics import TopicRules
from hubwatch.models import Item, Vocabulary
from hubwatch.models.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Rules:
    """The whole vocabulary, compiled. Two of the same fingerprint give the same facts."""

    topics: TopicRules
    kinds: KindRules
    organizations: OrganizationRules
    vocabulary: Vocabulary

    @property
    def fingerprint(self) -> str:
        """Return what tells these rules from others."""
        return hashlib.sha256(repr((REVISION, self.vocabulary)).encode()).hexdigest()[:16]


def compile_rules(vocabulary: Vocabulary) -> Rules:
    """Compile a vocabulary for `tag`."""
    return Rules(
        topics=TopicRules(vocabulary.topics),
        kinds=KindRules(vocabulary.kinds, vocabulary.kind_weights),
        organizations=OrganizationRules(
            vocabulary.organizations, vocabulary.organization_words, vocabulary.organization_weights
        ),
        vocabulary=vocabulary,
    )


def tag(
    item: Item, rules: Rules, *, hub_topics: tuple[str, ...] = (), hub_names: tuple[str, ...] = ()
) -> Item:
    """Fill in an item's facts; deadline, money and organizations that its format gave stay."""
    title, summary, content = item.title, item.summary, item.content
    text = summary or content[:_SUMMARY_FROM_CONTENT]
    found_kind, reason = kind.decide(title, text, rules.kinds)
    published = item.published.date() if item.published else None
    return replace(
        item,
        tags=topics.score(title, summary, content, rules.topics, hub_topics=hub_topics, kind=found_kind),
        kind=found_kind,
        kind_reason=reason,
        organizations=item.organizations
        or organizations.find(title, text, rules.organizations, hub_names=hub_names),
        money_usd=item.money_usd if item.money_usd is not None else money.find(title, text, kind=found_kind),
        deadline=item.deadline
        or deadlines.find(title, summary, content, published=published, kind=found_kind),
    )


_SUMMARY_FROM_CONTENT = 700  # letters of a body that stand for the summary where a feed gives none
