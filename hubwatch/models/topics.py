"""Technology areas."""

from __future__ import annotations

from hubwatch.models.dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A technology area and its vocabulary (see catalog/topics.toml for the notation of terms)."""

    id: str
    name: str
    description: str = ""
    terms: tuple[str, ...] = ()  # strong: enough alone
    weak: tuple[str, ...] = ()  # count only beside another term
    names: tuple[str, ...] = ()  # firms, bodies and journals: strong in the title, weak elsewhere
    context: tuple[str, ...] = ()  # everyday words: they only add to the others, never to each other
    yields_to: tuple[str, ...] = ()  # areas beside which this one is a side matter unless it weighs more
    cross_cutting: bool = False  # counts beside another area even if it is named but once
    cancels: tuple[str, ...] = ()  # the config's `not`: phrases whose words then do not count
