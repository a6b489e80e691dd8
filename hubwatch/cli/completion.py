"""What the shell offers after an option: topics, hubs, profiles, formats, other names. Silent on faults."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from hubwatch.errors import HubwatchError

if TYPE_CHECKING:
    from hubwatch.config import Config


def topics(incomplete: str) -> list[str]:
    """Offer topic ids."""
    from hubwatch import catalog

    return _starting(incomplete, catalog.topic_names())


def hubs(incomplete: str) -> list[str]:
    """Offer hub ids."""
    from hubwatch import catalog

    return _starting(incomplete, (hub.id for hub in catalog.hubs()))


def sources(incomplete: str) -> list[str]:
    """Offer the ids of the sources that are followed."""
    return _starting(incomplete, (source.id for source in _config().sources))


def profiles(incomplete: str) -> list[str]:
    """Offer the names of the profiles."""
    return _starting(incomplete, _config().profiles)


def states(incomplete: str) -> list[str]:
    """Offer two-letter states."""
    from hubwatch import catalog

    return _starting(incomplete.upper(), catalog.STATES)


def groups(incomplete: str) -> list[str]:
    """Offer the groups of the directory."""
    from hubwatch import catalog

    return _starting(incomplete, catalog.GROUPS)


def kinds(incomplete: str) -> list[str]:
    """Offer the kinds of items."""
    from hubwatch.models import ITEM_KINDS

    return _starting(incomplete, ITEM_KINDS)


def formats(incomplete: str) -> list[str]:
    """Offer the formats of digest, search and calls."""
    from hubwatch.cli.digesting import FORMATS

    return _starting(incomplete, FORMATS)


def one_of(*words: str) -> Callable[[str], list[str]]:
    """Make what offers these words."""

    def offer(incomplete: str) -> list[str]:
        return _starting(incomplete, words)

    return offer


def _config() -> Config:
    from hubwatch import config

    try:
        return config.load(None, os.environ)
    except HubwatchError:
        return config.Config(catalog=())


def _starting(incomplete: str, names: Iterable[str]) -> list[str]:
    return sorted(name for name in names if name.startswith(incomplete))
