"""Tag the whole store anew, in batches that survive an interruption, when the words have changed."""

from __future__ import annotations

from collections.abc import Callable

from hubwatch import facts
from hubwatch.models import Vocabulary
from hubwatch.store import retagging
from hubwatch.store.db import Store

_BATCH = 500


def run_if_changed(
    store: Store, vocabulary: Vocabulary, *, on_progress: Callable[[int, int, str], None]
) -> int:
    """Tag anew only when the vocabulary's fingerprint differs from the one the store was tagged with."""
    mark = facts.fingerprint(vocabulary)
    if retagging.fingerprint(store) in (mark, None) and not retagging.is_under_way(store, mark):
        retagging.finish(store, mark)
        return 0
    return run(store, vocabulary, on_progress=on_progress)


def run(store: Store, vocabulary: Vocabulary, *, on_progress: Callable[[int, int, str], None]) -> int:
    """Tag every item anew and return how many there were; an interrupted run goes on where it stopped."""
    rules = facts.compile_rules(vocabulary)
    mark = rules.fingerprint
    total = retagging.count(store)
    done = 0
    for batch in retagging.batches(store, mark, size=_BATCH):
        retagging.save_tags(store, mark, [facts.tag(item, rules) for item in batch])
        done += len(batch)
        on_progress(done, total, "")
    retagging.finish(store, mark)
    return done
