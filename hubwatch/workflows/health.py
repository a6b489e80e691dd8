"""The sources with what is remembered of them: one row each for `hubwatch sources`."""

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
