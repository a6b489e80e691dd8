"""Prepare what a source said for the store: tags and story keys. Knows neither the store nor the network.

A large first sync has this done in a process apart, which loads the rules once.
"""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from dataclasses import replace

from hubwatch import facts, identity, stories
from hubwatch.models import Hub, Topic
from hubwatch.models.dataclass import dataclass

_ALLOCATIONS = 50_000  # as in the command line's own process
_rules: facts.Rules | None = None  # of the process apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What a source said, tagged, with the keys by which stories are found."""

    resolution: identity.Resolution
    story_keys: Mapping[str, tuple[str, ...]]


def prepare(resolution: identity.Resolution, rules: facts.Rules, hub: Hub | None) -> Prepared:
    """Tag what is new or changed, and make its story keys. Needs no store."""
    new, changed = (
        tuple(facts.tag_all([(item, hub) for item in items], rules))
        for items in (resolution.new, resolution.changed)
    )
    keys = {item.id: stories.keys(item) for item in (*new, *changed)}
    return Prepared(resolution=replace(resolution, new=new, changed=changed), story_keys=keys)


def begin(extra_topics: Sequence[Topic]) -> None:
    """Load the rules in a process apart."""
    from hubwatch.workflows import rules

    gc.set_threshold(_ALLOCATIONS)  # what is made here refers to nothing that refers back
    global _rules
    _rules = rules.load(extra_topics)


def prepare_here(resolution: identity.Resolution, hub: Hub | None) -> Prepared:
    """Prepare by the rules that `begin` loaded."""
    assert _rules is not None
    return prepare(resolution, _rules, hub)
