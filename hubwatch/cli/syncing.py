"""What sync, demo and a first run share: the plan from the config, the lock, the progress on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from hubwatch.cli.context import Shared
from hubwatch.errors import UnknownNameError, UsageError
from hubwatch.models import FetchSettings, Source, SyncReport
from hubwatch.models.dataclass import dataclass
from hubwatch.text.nearest import nearest

if TYPE_CHECKING:
    from hubwatch.facts import Rules
    from hubwatch.store.db import Store
    from hubwatch.workflows.sync import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of `hubwatch sync`."""

    names: tuple[str, ...] = ()
    force: bool = False
    jobs: int | None = None
    wait_s: float = 0
    timeout_s: float | None = None
    backfill: bool = False
    since: str | None = None


@contextmanager
def held_store(common: Shared, *, wait_s: float = 0, purpose: str | None = None) -> Iterator[Store]:
    """Open the store for writing, held against every other sync.

    It is made where it is not there yet, unless a purpose ("to prune") needs one that is.
    """
    from hubwatch.store import lock
    from hubwatch.store.db import open_for_writing, require

    if purpose is not None:
        require(common.db_path, purpose)
    with lock.hold(common.db_path, wait_s=wait_s), open_for_writing(common.db_path) as store:
        yield store


def run(common: Shared, options: Options, *, show_progress: bool) -> SyncReport:
    """Run one sync as the options say, and return its report."""
    from hubwatch.catalog import vocabulary
    from hubwatch.cli.progress import by_waiting, progress
    from hubwatch.net.clock import SystemClock
    from hubwatch.workflows import retag, rules, sync

    sources = chosen(common, options.names)
    with held_store(common, wait_s=options.wait_s) as store:
        extra = common.config.topics
        plan = make_plan(common, sources, options)

        def load_rules() -> Rules:
            return rules.load(extra)

        with progress(common, "tagging anew", enabled=show_progress) as advance:
            retag.run_if_changed(store, vocabulary.fingerprint(extra), load_rules, plan.hubs, advance)
        with progress(common, "reading", enabled=show_progress) as advance:
            plan = replace(plan, on_progress=by_waiting(advance))
            return sync.run(store, plan, clock=SystemClock(), load_rules=load_rules)


def make_plan(common: Shared, sources: tuple[Source, ...], options: Options) -> Plan:
    """Return the plan of a sync over these sources."""
    from hubwatch import catalog
    from hubwatch.cli.filters import moment
    from hubwatch.net.download import user_agent
    from hubwatch.workflows.sync import Plan

    return Plan(
        sources=sources,
        hubs={hub.id: hub for hub in catalog.hubs()},
        settings=settings(common.config.fetch, options),
        user_agent=user_agent(common.config.contact),
        force=options.force,
        backfill=options.backfill,
        extra_topics=common.config.topics,
        backfill_since=moment("--since", options.since, common.now) if options.since is not None else None,
    )


def settings(fetch: FetchSettings, options: Options) -> FetchSettings:
    """Return the config's settings with what the command line says otherwise."""
    return replace(
        fetch,
        jobs=options.jobs or fetch.jobs,
        timeout_s=options.timeout_s or fetch.timeout_s,
    )


def chosen(common: Shared, names: tuple[str, ...]) -> tuple[Source, ...]:
    """Return the sources of these ids, or all that are enabled; an unknown id is an error."""
    sources = {source.id: source for source in common.config.sources}
    if not names:
        return tuple(source for source in sources.values() if source.enabled)
    for name in names:
        if name not in sources:
            raise _unknown(name, tuple(sources))
    return tuple(replace(sources[name], enabled=True) for name in dict.fromkeys(names))


def _unknown(name: str, followed: tuple[str, ...]) -> UsageError:
    """Say what is wrong with the name of a source that is not followed."""
    from hubwatch import catalog

    built_in = catalog.source_ids()
    if name in built_in:
        hint = f"follow it with: hubwatch sources enable {name}"
        return UsageError(f"'{name}' is built in, but not followed", hint=hint)
    near = nearest(name, followed) or nearest(name, built_in)
    return UnknownNameError("source", name, near, hint="hubwatch sources lists them all")
