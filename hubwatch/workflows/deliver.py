"""Write or send a digest, and only then mark it as shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from hubwatch.models import Digest, Item
from hubwatch.store import deliveries
from hubwatch.store.db import Store


def deliver(
    open_store: Callable[[], Store],
    digest: Digest,
    put: Callable[[Digest], None],
    *,
    record: str | None,
    now: datetime,
    shows: Callable[[Item], bool] = lambda _: True,
) -> None:
    """Put the digest out, then mark its items as shown to `record` (None: mark nothing).

    When putting it out fails, nothing is marked, so that the next run shows it again; and what the format
    has no place for, by `shows`, is not.
    """
    put(digest)
    if record is None:
        return
    with open_store() as store:
        deliveries.mark(store, record, tuple(m.item.id for m in digest.ranked if shows(m.item)), now=now)
