"""All the words that tagging goes by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from hubwatch.models.dataclass import dataclass

if TYPE_CHECKING:
    from hubwatch.models.topics import Topic
    from hubwatch.models.words import ItemKind


@dataclass(frozen=True, slots=True, kw_only=True)
class KindGroup:
    """Cues that are made for one kind: phrases in the notation of catalog/topics.toml, or pairs of groups."""

    name: str
    kind: ItemKind
    cues: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()  # names of two groups whose cues follow each other
    mark: bool = False  # never given as a reason
    idioms: bool = False  # they only keep the cues inside them from counting


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationName:
    """An organization as it is printed, and the other ways in which texts write it."""

    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """All the words that tagging goes by, as loaded from the catalog and the user's config."""

    topics: tuple[Topic, ...] = ()
    kinds: tuple[KindGroup, ...] = ()
    kind_weights: Mapping[str, tuple[float, ...]] = field(default_factory=dict)  # learned: a sign -> by kind
    organizations: tuple[OrganizationName, ...] = ()
    organization_words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # word lists by name
    organization_weights: Mapping[str, float] = field(default_factory=dict)  # learned: a sign -> its weight
