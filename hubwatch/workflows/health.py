"""The sources with what is remembered of them: one row each for `hubwatch sources`, names for a line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from hubwatch.models import Source, SourceHealth, SourceState
from hubwatch.store import sources
from hubwatch.store.db import Store


def rows(store: Store, chosen: Sequence[Source], *, now: datetime) -> tuple[SourceHealth, ...]:
    """Return one row a source, in the order given."""
    states = sources.load_states(store)
    counts = sources.health(store, now=now)
    found = []
    for source in chosen:
        items, newest, silent_for_s = counts.get(source.id, (0, None, None))
        found.append(
            SourceHealth(
                source=source,
                state=states.get(source.id) or SourceState(source=source.id),
                items=items,
                newest=newest,
                silent_for_s=silent_for_s,
            )
        )
    return tuple(found)


def name_some(names: Sequence[str], most: int) -> str:
    """Name so many of the sources, and say how many more there are: `a, b and 2 more`."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
