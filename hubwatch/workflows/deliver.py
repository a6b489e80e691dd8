"""Write or send a digest, and only then mark it as shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from hubwatch.models import Digest
from hubwatch.store import deliveries
from hubwatch.store.db import Store


def deliver(
    open_store: Callable[[], Store],
    digest: Digest,
    put: Callable[[Digest], None],
    *,
    record: str | None,
    now: datetime,
) -> None:
    """Put the digest out, then mark its items as shown to `record` (None: mark nothing).

    When putting it out fails, nothing is marked, so that the next run shows it again.
    """
    put(digest)
    if record is None:
        return
    with open_store() as store:
        deliveries.mark(store, record, tuple(m.item.id for m in digest.ranked), now=now)
