"""One sync: the sources that are due, read at once, each stored whole; a report at the end.

The only place that turns a source's failure into a result.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from hubwatch import politeness
from hubwatch.errors import FetchError, HubwatchError, SourceError, StoreError
from hubwatch.models import (
    Document,
    Fault,
    FetchSettings,
    Hub,
    Page,
    Robots,
    Source,
    SourceOutcome,
    SourceState,
    Status,
    SyncReport,
    Unchanged,
)
from hubwatch.models.dataclass import dataclass
from hubwatch.store import sources as source_store
from hubwatch.text import urls
from hubwatch.workflows import interruption
from hubwatch.workflows.answers import Answers
from hubwatch.workflows.line import Line
from hubwatch.workflows.parsing import Parsers
from hubwatch.workflows.reading import Budget, Reader, Reading, learned, without_body

if TYPE_CHECKING:
    from hubwatch.facts import Rules
    from hubwatch.identity import Resolution
    from hubwatch.models import Topic
    from hubwatch.net.clock import Clock
    from hubwatch.store.db import Store
    from hubwatch.workflows.tagging import Tagging
    from hubwatch.workflows.taking_in import Saving

_EXPIRED = "the publisher has ended this feed; it will not be asked again"
_FLUSH_S = 0.5  # the states of unchanged sources are written together, at least this often


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one sync is to do, and with what."""

    sources: tuple[Source, ...]
    hubs: Mapping[str, Hub]
    settings: FetchSettings
    user_agent: str
    force: bool = False
    backfill: bool = False
    backfill_since: datetime | None = None
    extra_topics: tuple[Topic, ...] = ()  # the user's own, for the process apart of a large first sync
    jitter: Callable[[], float] = field(default=random.random)
    # Told at the start, after each source and each page of a history what is still waited for, of how many.
    on_progress: Callable[[Sequence[str], int], None] = lambda waiting, total: None


def run(store: Store, plan: Plan, *, clock: Clock, load_rules: Callable[[], Rules]) -> SyncReport:
    """Read every source of the plan that is due and return what came of each."""
    return interruption.run(_Sync(store, plan, clock, load_rules).run(), clock)


class _Sync:
    """The run under way: its answers, the states learned so far, and the outcomes."""

    def __init__(self, store: Store, plan: Plan, clock: Clock, load_rules: Callable[[], Rules]) -> None:
        self.store = store
        self.plan = plan
        self.clock = clock
        self.load_rules = load_rules
        self.tagging: Tagging | None = None  # started when there is something to tag
        self.saving: Saving | None = None
        self.line = Line(lambda: None, lambda: None)
        self.first_at: dict[str, Source] = {}  # by the address that its reading ended at
        self.outcomes: list[SourceOutcome] = []
        self.pending: list[SourceState] = []  # states to write with the next flush
        self.flushed_at = clock.monotonic()
        self.waiting: dict[str, str] = {}  # of the due sources those still being read: how each is named
        self.total = 0

    async def run(self) -> SyncReport:
        from hubwatch.net.download import Downloader

        started = self.clock.now()
        source_store.register(self.store, self.plan.sources, tuple(self.plan.hubs.values()))
        states = source_store.load_states(self.store)
        due = self._due(states, now=started)
        self.waiting = {source.id: source.id for source, _ in due}
        self.total = len(due)
        downloader = Downloader(
            self.plan.settings, self.plan.user_agent, clock=self.clock,
            host_blocks=source_store.load_hosts(self.store),
            robots={} if self.plan.force else source_store.load_robots(self.store),
        )  # fmt: skip
        self.line = Line(downloader.gates.shut, downloader.gates.reopen)
        try:
            if first := sum(state.last_success is None for _, state in due):
                await self._begin_tagging(first)
            async with downloader:
                reader = Reader(
                    Answers(downloader.get, _shared_urls(due)),
                    Parsers(max_items=self.plan.settings.max_items),
                    self.plan.settings,
                )
                if due:
                    self._tell()
                await self._read_all(reader, due)
        finally:
            if self.tagging is not None:
                await self.tagging.end()
            # Also when interrupted: what was learned of the sources already read is kept.
            self._flush(hosts=downloader.host_blocks(), robots=downloader.robots_learned())
        return SyncReport(started=started, finished=self.clock.now(), outcomes=tuple(self.outcomes))

    def _due(self, states: Mapping[str, SourceState], *, now: datetime) -> list[tuple[Source, SourceState]]:
        """Pick what is due, the slow and failing first so that their waiting overlaps the rest."""
        due = []
        for source in self.plan.sources:
            state = politeness.remembered(states.get(source.id), source)
            if not source.enabled:
                continue
            history = self.plan.backfill and not state.backfilled and not state.ended
            if self.plan.force or history or politeness.is_due(state, source, now=now):
                due.append((source, state))
            else:
                is_fresh = state.last_success is not None and not state.failures
                self.outcomes.append(SourceOutcome(source=source.id, status="skipped", is_fresh=is_fresh))
        return sorted(due, key=lambda pair: -pair[1].failures)

    async def _read_all(self, reader: Reader, due: Sequence[tuple[Source, SourceState]]) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for source, state in due:
                    group.create_task(self._one(reader, source, state))
        except* StoreError as group_of_one:
            raise group_of_one.exceptions[0] from None

    async def _one(self, reader: Reader, source: Source, state: SourceState) -> None:
        before = self.clock.monotonic()
        place = self.line.place()
        budget = Budget.of(self.plan.settings, place)
        try:
            history = self.plan.backfill and not state.backfilled and source.what != "members"
            asked = _unconditional(state) if history and not state.backfill_url else state
            reading = await reader.read(source, asked, budget)
            step = self._take_in(reader, source, state, reading, budget)
            newest = reading if history else None
            del reading  # what was read is let go of in there, part by part
            outcome, state = await step
            place.leave()
            if newest is not None:
                outcome = await self._backfill(reader, source, state, newest, outcome)
        except StoreError:
            raise  # the store itself is at fault: nothing more can be kept
        except HubwatchError as error:
            outcome = self._failed(source, state, error, budget)
        except Exception as error:  # noqa: BLE001 - one bad source never stops the rest
            # Even where our own code, or a library, stumbles over what it sent.
            words = f"stumbled over what the source sent ({type(error).__name__})"
            outcome = self._failed(source, state, SourceError("internal", words, url=source.url), budget)
        finally:
            place.leave()
        elapsed = self.clock.monotonic() - before
        outcome = replace(outcome, seconds=round(elapsed, 3), size_bytes=budget.size_bytes)
        self.outcomes.append(outcome)
        if self.clock.monotonic() - self.flushed_at > _FLUSH_S:
            self._flush()
        del self.waiting[source.id]
        self._tell()

    def _tell(self) -> None:
        self.plan.on_progress(tuple(self.waiting.values()), self.total)

    async def _take_in(
        self, reader: Reader, source: Source, state: SourceState, reading: Reading, budget: Budget
    ) -> tuple[SourceOutcome, SourceState]:
        now = self.clock.now()
        answer = reading.answer
        http_status = 304 if isinstance(answer, Unchanged) else answer.status
        page = reading.page
        if page is None:
            state = self._succeeded(source, state, reading, new=0, found=state.item_count, now=now)
            self.pending.append(state)
            outcome = SourceOutcome(
                source=source.id, status="unchanged", http_status=http_status, notices=reading.notices
            )
            return outcome, state
        from hubwatch import normalize
        from hubwatch.workflows import taking_in

        if source.what == "members":
            return self._take_in_members(source, state, reading, page.members), state
        first = state.last_success is None
        hub = self.plan.hubs.get(source.hub or "")
        tagging = self._tag_with()
        if not self.plan.backfill:
            reading = without_body(reading)
        del answer
        # What another version did not find in this very document came at an unknown time, too.
        is_known = reading.body_hash == state.body_hash
        items = normalize.normalize_all(page, source, now=now, first_reading=first or is_known)
        resolution = taking_in.recognize(
            self.store, source, items, is_page=page.is_page, is_whole=page.complete
        )
        if resolution.new and (page.is_page or reading.kind == "sitemap"):
            resolution = await self._with_details(reader, source, resolution, reading, budget)
        new_state = self._succeeded(
            source, state, reading, new=len(resolution.new), found=len(page.items), now=now
        )
        reading = replace(reading, page=replace(page, items=()))  # what they became may wait a while
        notices = (*reading.notices, *page.problems)
        preparing = tagging.prepare(resolution, hub)
        del page, items, resolution
        self.saving = self.saving or taking_in.Saving(self.store)
        taken = await self.saving.save(source, preparing, new_state, now=now)
        outcome = SourceOutcome(
            source=source.id, status="ok", http_status=http_status, found=taken.found, new=taken.new,
            updated=taken.updated,
            notices=(*notices, *taken.notices, *self._remarks(source, reading, first=first)),
        )  # fmt: skip
        return outcome, new_state

    def _remarks(self, source: Source, reading: Reading, *, first: bool) -> Iterator[str]:
        """Say what a person may want to change in the configuration."""
        if reading.page is not None and reading.page.ended:
            yield _EXPIRED
        other = self.first_at.setdefault(reading.answer.url, source)
        if first and other.url != source.url:
            yield f"ends at the same address as {other.id}: {urls.mask(reading.answer.url)}"

    async def _backfill(
        self, reader: Reader, source: Source, state: SourceState, reading: Reading, outcome: SourceOutcome
    ) -> SourceOutcome:
        """Read the source's history after its newest page; what was stored before a fault is kept."""
        from hubwatch import normalize
        from hubwatch.workflows import backfill, taking_in

        walk = backfill.Walk(reader, source, since=self.plan.backfill_since, now=self.clock.now())
        hub = self.plan.hubs.get(source.hub or "")

        async def save(page: Page, kind: str, at: SourceState) -> taking_in.TakenIn:
            now = self.clock.now()
            items = normalize.normalize_all(page, source, now=now, first_reading=True)
            found = taking_in.recognize(self.store, source, items, is_page=page.is_page)
            found = replace(found, new=await backfill.fill_in(walk, kind, page, found.new))
            prepared = await self._tag_with().prepare(found, hub)
            return taking_in.save(self.store, source, prepared, at, now=now)

        def tell(pages: int) -> None:
            self.waiting[source.id] = f"{source.id} (page {pages})"
            self._tell()

        walked = await walk.run(state, reading, save, tell)
        self.pending = [each for each in self.pending if each.source != source.id]
        self.pending.append(walked.state)
        return replace(
            outcome,
            status="ok" if walked.found else outcome.status,
            found=outcome.found + walked.found,
            new=outcome.new + walked.new,
            notices=(*outcome.notices, walked.words),
        )

    def _take_in_members(
        self, source: Source, state: SourceState, reading: Reading, names: tuple[str, ...]
    ) -> SourceOutcome:
        """Store who is listed as a hub's member, with the source's state in one transaction."""
        from hubwatch.store import organizations

        now = self.clock.now()
        with self.store.transaction():
            new = organizations.save_members(self.store, source.hub or source.id, names, now=now)
            state = self._succeeded(source, state, reading, new=new, found=len(names), now=now)
            source_store.save_states(self.store, (state,))
        status = reading.answer.status if isinstance(reading.answer, Document) else None
        return SourceOutcome(
            source=source.id, status="ok", http_status=status, found=len(names), notices=reading.notices
        )

    async def _with_details(
        self, reader: Reader, source: Source, resolution: Resolution, reading: Reading, budget: Budget
    ) -> Resolution:
        """Fill in what a list does not say of its new items from their own pages."""
        from hubwatch.workflows import details

        assert reading.page is not None
        chosen = details.wanted(resolution.new, reading.kind, reading.page)
        if not chosen:
            return resolution
        titles = reading.kind == "sitemap"
        budget.requests = max(budget.requests, len(chosen))  # finding the list may have taken all there was
        filled = await details.fill_in(reader, source, chosen, budget, titles=titles, now=self.clock.now())
        return replace(resolution, new=tuple(filled.items.get(item.id, item) for item in resolution.new))

    def _succeeded(
        self, source: Source, state: SourceState, reading: Reading, *, new: int, found: int, now: datetime
    ) -> SourceState:
        return politeness.after_success(
            _remember(state, reading), source, reading.answer, page=reading.page, new=new, found=found,
            now=now, jitter=self.plan.jitter(),
        )  # fmt: skip

    def _failed(
        self, source: Source, state: SourceState, error: HubwatchError, budget: Budget
    ) -> SourceOutcome:
        now = self.clock.now()
        if not isinstance(error, SourceError):
            error = SourceError("failed", error.message, source=source.id)
        status: Status = "failed"
        if source.builtin and state.last_success is None:
            status = "unreached"
        elif error.code == "host-blocked":
            status = "skipped"
        known = learned(source, state)
        state = replace(state, url=known.url if known else None)
        state = politeness.after_failure(state, source, error, now=now, jitter=self.plan.jitter())
        self.pending.append(state)
        notices = ("the source is gone for good (410) and will not be asked again",) if state.ended else ()
        return SourceOutcome(
            source=source.id,
            status=status,
            http_status=error.status if isinstance(error, FetchError) else budget.http_status,
            fault=Fault(code=error.code, message=urls.mask(error.message)),
            notices=notices,
        )

    def _tag_with(self) -> Tagging:
        from hubwatch.workflows.tagging import Tagging

        if self.tagging is None:
            self.tagging = Tagging(self.load_rules, self.plan.extra_topics)
        return self.tagging

    async def _begin_tagging(self, first_readings: int) -> None:
        """Have the rules loaded, apart where there is much to tag."""
        from hubwatch.workflows.tagging import pays_apart

        if pays_apart(first_readings):
            await self._tag_with().begin_apart()
        else:
            self._tag_with().rules()  # better now than while answers wait and their time runs

    def _flush(
        self, *, hosts: Mapping[str, datetime] | None = None, robots: Mapping[str, Robots] | None = None
    ) -> None:
        if self.pending or hosts or robots:
            source_store.save_states(self.store, tuple(self.pending), hosts=hosts, robots=robots)
        self.pending.clear()
        self.flushed_at = self.clock.monotonic()


def _remember(state: SourceState, reading: Reading) -> SourceState:
    """Remember where and how the source was read; what was learned of another address goes."""
    state = replace(state, kind=reading.kind)
    if state.url != reading.url:
        index = reading.page.index_url if reading.page else state.index_url
        state = replace(
            state, url=reading.url, index_url=index, etag=None, last_modified=None, validators_url=None,
            index_etag=None, index_last_modified=None,
        )  # fmt: skip
    if reading.index is not None:
        state = politeness.after_index(state, reading.index)
    if reading.page is not None and not reading.page.complete:
        return state  # the same broken body again must not pass for one that was read
    read_by = state.read_by if reading.page is None else politeness.READERS
    return replace(state, body_hash=reading.body_hash, read_by=read_by)


def _unconditional(state: SourceState) -> SourceState:
    """Forget the validators for one reading: the history begins at the end of the newest page."""
    return replace(state, etag=None, last_modified=None, body_hash=None)


def _shared_urls(due: Sequence[tuple[Source, SourceState]]) -> dict[str, bool]:
    """Return the addresses that several due sources are read at, and whether their validators agree."""
    count: Counter[str] = Counter()
    validators: dict[str, set[tuple[str | None, str | None]]] = {}
    for source, state in due:
        known = learned(source, state)
        addresses = {known.url} if known else {c.url for c in source.candidates} or {source.url}
        for url in addresses:
            count[url] += 1
            validators.setdefault(url, set()).add((state.etag, state.last_modified))
    return {url: len(validators[url]) == 1 for url, number in count.items() if number > 1}
