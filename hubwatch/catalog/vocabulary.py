"""Load the words that tagging goes by: the built-in topics, kinds and organizations, and the user's own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from hubwatch import facts
from hubwatch.catalog import COMPILED, read
from hubwatch.models import KindGroup, OrganizationName, Topic, Vocabulary

_LEARNED = Path(__file__).parent / "learned"  # weights, made by tests/facts/training/
_BRACKETS = re.compile(r"\s*\(.*?\)")


def load(extra_topics: Sequence[Topic] = ()) -> Vocabulary:
    """Load the whole vocabulary; an extra topic of a built-in id adds its words to that one."""
    learned_kinds, learned_organizations = read("kinds", _LEARNED), read("organizations", _LEARNED)
    return Vocabulary(
        topics=merge(topics(), extra_topics),
        kinds=kinds(),
        kind_weights={sign: tuple(row) for sign, row in learned_kinds["weights"].items()},
        organizations=organizations(),
        organization_words=organization_words(),
        organization_weights=learned_organizations["weights"],
    )


def rules(extra_topics: Sequence[Topic] = ()) -> facts.Rules:
    """Load the same, compiled; an extra topic of a built-in id adds its words to that one."""
    return facts.restore_rules(
        read("tagging"),
        read("kinds", _LEARNED)["weights"],
        read("organizations", _LEARNED)["weights"],
        extra_topics,
    )


def fingerprint(extra_topics: Sequence[Topic] = ()) -> str:
    """Return what changes whenever items may be tagged otherwise, without compiling anything."""
    digest = hashlib.sha256(repr((facts.REVISION, tuple(extra_topics))).encode())
    for folder, names in (
        (COMPILED, ("topics", "kinds", "organizations")),
        (_LEARNED, ("kinds", "organizations")),
    ):
        for name in names:
            digest.update((folder / f"{name}.json").read_bytes())
    return digest.hexdigest()[:16]


def topics() -> tuple[Topic, ...]:
    """Load the built-in technology areas in the order in which they are listed."""
    data = read("topics")
    everywhere = _terms(data.get("everywhere", {}).get("not", ""))
    return tuple(
        Topic(
            id=id_,
            name=table["name"],
            description=table["description"],
            terms=_terms(table.get("terms", "")),
            names=_terms(table.get("names", "")),
            weak=_terms(table.get("weak", "")),
            context=_terms(table.get("context", "")),
            yields_to=tuple(table.get("yields_to", ())),
            cross_cutting=bool(table.get("cross_cutting", False)),
            cancels=_terms(table.get("not", "")) + everywhere,
        )
        for id_, table in data["topics"].items()
    )


def kinds() -> tuple[KindGroup, ...]:
    """Load the groups of cues that tell an item's kind."""
    return tuple(
        KindGroup(
            name=group["name"],
            kind=group["kind"],
            cues=_once(tuple(group.get("cues", ()))),
            pairs=tuple(_pair(text) for text in group.get("pairs", ())),
            mark=group.get("mark", False),
            idioms=group.get("idioms", False),
        )
        for group in read("kinds")["groups"]
    )


def _pair(text: str) -> tuple[str, str]:
    first, second = text.split(" > ")
    return first, second


def organizations() -> tuple[OrganizationName, ...]:
    """Load the known organizations: those of organizations.toml, then the directory's hubs."""
    return (*listed_organizations(), *hub_organizations())


def listed_organizations() -> tuple[OrganizationName, ...]:
    """Load the organizations of organizations.toml."""
    return tuple(
        OrganizationName(name=names[0], aliases=tuple(names[1:]))
        for group in read("organizations")["names"].values()
        for line in group.strip().splitlines()
        if (names := [name.strip() for name in line.split(" | ")])
    )


def hub_organizations() -> tuple[OrganizationName, ...]:
    """Load the directory's hubs as organizations."""
    listed = []
    for file in ("hubs", "associations"):
        for hub in read(file)["hub"]:
            others = [hub.get("acronym"), *hub.get("aliases", ()), *hub.get("former_names", ())]
            names = [_BRACKETS.sub("", name).strip() for name in (hub["name"], *filter(None, others))]
            listed.append(OrganizationName(name=names[0], aliases=_once(tuple(names[1:]))))
    return tuple(listed)


def organization_words() -> Mapping[str, tuple[str, ...]]:
    """Load the word lists by which the form of a name is read."""
    return {name: tuple(words.split()) for name, words in read("organizations")["words"].items()}


def merge(built_in: Sequence[Topic], extra: Sequence[Topic]) -> tuple[Topic, ...]:
    """Add the user's topics to the built-in ones; equal ids become one topic with the words of both."""
    merged = {topic.id: topic for topic in built_in}
    for topic in extra:
        known = merged.get(topic.id)
        merged[topic.id] = topic if known is None else _extended(known, topic)
    return tuple(merged.values())


def _extended(known: Topic, topic: Topic) -> Topic:
    from hubwatch.facts.topic_rules import without_terms

    return replace(
        known,
        name=topic.name or known.name,
        description=topic.description or known.description,
        terms=_once(known.terms + topic.terms),
        names=_once(known.names + topic.names),
        weak=_once(known.weak + topic.weak),
        context=_once(known.context + topic.context),
        yields_to=_once(known.yields_to + topic.yields_to),
        cancels=_once(without_terms(known.cancels, topic.terms + topic.weak) + topic.cancels),
    )


def _once(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def _terms(value: str | Sequence[str] | Mapping[str, Any]) -> tuple[str, ...]:
    """Read terms from a list, from text (one a line or parted by commas), or from named groups of these."""
    if isinstance(value, str):
        parts = [part.strip() for line in value.splitlines() for part in line.split(",")]
    elif isinstance(value, Mapping):
        parts = [term for group in value.values() for term in _terms(group)]
    else:
        parts = list(value)
    return _once(tuple(part for part in parts if part))
