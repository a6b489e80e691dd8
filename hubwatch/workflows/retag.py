"""Tag the whole store anew, in batches that survive an interruption, when the words have changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from hubwatch import facts
from hubwatch.models import Hub, Item
from hubwatch.store import retagging, sources
from hubwatch.store.db import Store

Progress = Callable[[int, int, str], None]


def run_if_changed(
    store: Store,
    mark: str,
    load_rules: Callable[[], facts.Rules],
    hubs: Mapping[str, Hub],
    on_progress: Progress,
) -> int:
    """Tag anew only when `mark`, the words' fingerprint, is not the one that the store was tagged by."""
    known = retagging.fingerprint(store)
    if known == mark:
        return 0
    if known is None and not retagging.remaining(store, after=0):
        retagging.finish(store, mark)
        return 0
    return run(store, mark, load_rules(), hubs, on_progress, after=retagging.progress(store, mark))


def run(
    store: Store,
    mark: str,
    rules: facts.Rules,
    hubs: Mapping[str, Hub],
    on_progress: Progress,
    *,
    after: int = 0,
) -> int:
    """Tag every item anew, from number `after` on, and return how many there were."""
    # Grants.gov says deadline and agency in fields of their own; those do not come from our rules.
    stated = {s.source for s in sources.load_states(store).values() if s.kind == "grants-gov"}
    total = retagging.remaining(store, after=after)
    done = 0
    while True:
        after, items = retagging.batch(store, after=after)
        if not items:
            break
        bare = [item if item.source in stated else _without_facts(item) for item in items]
        tagged = facts.tag_all([(item, hubs.get(item.hub or "")) for item in bare], rules)
        retagging.save_tags(store, tagged, after=after, fingerprint=mark)
        done += len(items)
        on_progress(done, total, "")
    retagging.finish(store, mark)
    return done


def _without_facts(item: Item) -> Item:
    return replace(item, organizations=(), deadline=None)
