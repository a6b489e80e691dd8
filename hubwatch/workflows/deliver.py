"""Write or send a digest, and only then mark it as shown."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path

from hubwatch.models import Digest, Item
from hubwatch.store import deliveries
from hubwatch.store.db import Store, exists

WAIT_S = 10.0  # for another delivery of the same record: more than a file takes, and most mails


def claimed(path: Path, record: str | None) -> AbstractContextManager[None]:
    """Hold a record from before its items are chosen until they are marked, so that nobody shows them too.

    Nothing is held where nothing will be marked: without a record, or where there is no store yet.
    """
    if record is None or not exists(path):
        return nullcontext()
    from hubwatch.store import lock

    return lock.claim(path, record, wait_s=WAIT_S)


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
