"""Collect what a digest, a search or a list of calls is made of: candidates, matches, the same story once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from hubwatch import digest as digests
from hubwatch.models import Digest, Filters, Item, Match, Profile
from hubwatch.models.dataclass import dataclass
from hubwatch.profiles import open_by
from hubwatch.store import items, listing, query, sources
from hubwatch.store.db import Store
from hubwatch.workflows import matching
from hubwatch.workflows.health import name_some

CANDIDATES = 400  # items that are ranked here; the store has chosen them by nearly the same formula
LOOKED_AT = 1000  # where what is left out can only be counted by looking at each
_OPEN_CALLS = 100  # of more than that only so many are counted
_COUNTED = 10_000  # of more than that only the least number is told
_LOWEST = 0.24  # what the formulas give at the least: a followed place, long ago
FAILING_AFTER = 3  # failures in a row before a source is named in the digest's footer
_NAMED = 4  # sources named in the footer; the rest is counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a digest is to hold."""

    title: str
    filters: Filters
    profile: Profile | None = None
    new_for: str | None = None  # --new: the record of deliveries that counts
    text: str | None = None  # search: the query
    calls: Literal["open", "all"] | None = None  # calls only, by what is open
    topic_names: Mapping[str, str] | None = None
    trends: bool = False  # also how its topics went over the last year
    open_calls: bool = False  # also how many calls are open that it does not show
    own_sources: frozenset[str] = frozenset()  # the user's: the footer names them if they never worked too
    followed: Callable[[], Collection[str]] | None = None  # only these sources are named; None: all


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """What was looked at: the matches among it, and what is known of how many there are."""

    matches: list[Match]
    is_all: bool  # nothing else in the store can match
    stories: int | None = None  # where more is known than the matches say


def collect(store: Store, wanted: Wanted, *, now: datetime) -> Digest:
    """Return the digest of everything in the store that is wanted."""
    looked = _look(store, wanted, now=now)
    profile = wanted.profile
    topics = wanted.filters.topics or (profile.topics if profile else ())
    built = digests.build(
        looked.matches,
        title=wanted.title,
        now=now,
        limit=wanted.filters.limit,
        sort=wanted.filters.sort,
        wanted_topics=topics,
        topic_names=wanted.topic_names,
        since=wanted.filters.since,
        until=wanted.filters.until,
        health=health(store, now=now, own=wanted.own_sources, followed=wanted.followed),
        profile=profile.name if profile else None,
    )
    built = with_carried(store, _counted(store, wanted, looked, built, now=now))
    if wanted.new_for is not None:
        built = _with_filtered_out(store, wanted, built, now=now)
    if wanted.open_calls:
        built = _with_open_calls(store, wanted, built, now=now)
    if wanted.trends:
        from hubwatch.workflows import trends

        charted = trends.of_digest(store, built, topics, names=wanted.topic_names)
        built = replace(built, trends=charted)
    return _with_contexts(store, built, wanted.text) if wanted.text is not None else built


def _with_open_calls(store: Store, wanted: Wanted, built: Digest, *, now: datetime) -> Digest:
    """Count the calls that are open and match, but were announced before its time or shown before."""
    filters = replace(wanted.filters, since=None, until=None, sort="deadline", limit=1)
    asked = query.ItemQuery(filters=filters, profile=wanted.profile, now=now, limit=_OPEN_CALLS)
    calls = listing.calls(store, asked, now=now)
    shown = {m.item.story or m.item.id for m in built.ranked}
    found: dict[str, Item] = {}
    for match in matching.matches(store, calls, filters, wanted.profile, now=now):
        story = match.item.story or match.item.id
        if match.open_by and story not in shown:
            found.setdefault(story, match.item)
    next_due = min((item.deadline for item in found.values() if item.deadline), default=None)
    is_all = len(calls) < asked.cap
    return replace(built, open_calls=len(found), open_calls_at_least=not is_all, next_due=next_due)


def _counted(store: Store, wanted: Wanted, looked: _Looked, built: Digest, *, now: datetime) -> Digest:
    """Tell how many announcements there are beside those shown, those that were not looked at included."""
    shown = len(built.ranked)
    stories, is_exact = _count(store, wanted, looked, shown + built.left_out, now=now)
    return replace(built, left_out=stories - shown, left_out_at_least=not is_exact)


def _count(store: Store, wanted: Wanted, looked: _Looked, found: int, *, now: datetime) -> tuple[int, bool]:
    """Count the announcements that match, `found` among what was looked at; and whether these are all."""
    stories, is_exact = looked.stories or found, looked.is_all
    if not looked.is_all and _is_counted_by_store(wanted):
        counted, is_exact = listing.count_stories(store, _asked(wanted, now=now), at_most=_COUNTED)
        stories = max(stories, counted)
    return stories, is_exact


def _with_filtered_out(store: Store, wanted: Wanted, built: Digest, *, now: datetime) -> Digest:
    """Count what is new to the profile too, but not what the filters ask for: it stays new."""
    bare = replace(wanted, filters=Filters(limit=wanted.filters.limit, sort=wanted.filters.sort))
    if bare == wanted or built.left_out_at_least:
        return built
    looked = _look(store, bare, now=now)
    found = len(digests.one_per_story(looked.matches))
    stories, is_exact = _count(store, bare, looked, found, now=now)
    # Never below zero: a lower --min-score finds what nothing else does.
    more = max(stories - len(built.ranked) - built.left_out, 0)
    return replace(built, filtered_out=more, filtered_out_at_least=not is_exact)


def _is_counted_by_store(wanted: Wanted) -> bool:
    return wanted.calls is None and not _is_narrowed_by_score(wanted)


def _is_narrowed_by_score(wanted: Wanted) -> bool:
    """Whether something that the store finds may score too little: only its formula would tell."""
    if wanted.filters.min_score is not None:
        return wanted.filters.min_score > _LOWEST
    # A followed place never falls below the profile's minimum, and all else is above the usual one.
    return wanted.profile is not None and wanted.profile.min_score > Profile(name="").min_score


def _look(store: Store, wanted: Wanted, *, now: datetime) -> _Looked:
    """Look at as many items as the limit takes, with copies of one story among them."""
    asked = _asked(wanted, now=now)
    if wanted.text is not None:
        from hubwatch.store import search

        hits = search.search(store, asked, now=now)
        found = matching.with_deadlines(store, [hit.item for hit in hits.hits])
        matches = [_hit(item, hit.score, now=now) for item, hit in zip(found, hits.hits, strict=True)]
        return _Looked(matches=matches, is_all=hits.is_all, stories=hits.stories)
    looked = _ranked(store, wanted, asked, now=now)
    told = {match.item.story or match.item.id for match in looked.matches}
    if looked.is_all or len(told) >= (wanted.filters.limit or 0) or not _is_counted_by_store(wanted):
        return looked
    # What many sources carry took the places of others: look further once.
    return _ranked(store, wanted, replace(asked, limit=_COUNTED), now=now)


def _ranked(store: Store, wanted: Wanted, asked: query.ItemQuery, *, now: datetime) -> _Looked:
    if wanted.calls is not None:
        found = listing.calls(store, asked, now=now, include_closed=wanted.calls == "all")
    else:
        found = listing.select(store, asked)
    matched = list(matching.matches(store, found, wanted.filters, wanted.profile, now=now))
    if wanted.calls == "open":  # by what the whole story says
        matched = [match for match in matched if match.open_by]
    return _Looked(matches=matched, is_all=len(found) < asked.cap)


def _asked(wanted: Wanted, *, now: datetime) -> query.ItemQuery:
    is_quick = wanted.text is None and _is_counted_by_store(wanted)
    return query.ItemQuery(
        filters=wanted.filters,
        profile=wanted.profile,
        text=wanted.text,
        new_for=wanted.new_for,
        now=now,
        order=wanted.filters.sort,
        limit=_candidates(wanted) if is_quick else LOOKED_AT,
    )


def _candidates(wanted: Wanted) -> int:
    # By topic and age alone the store ranks as is done here; what else may fit it ranks only nearly so.
    filters = wanted.filters
    is_near = wanted.profile or filters.keywords or filters.organizations
    return CANDIDATES if is_near else CANDIDATES // 2


def _hit(item: Item, score: float, *, now: datetime) -> Match:
    """A search's score is how well the words fit, so that the best hit leads."""
    return Match(item=item, score=round(score, 4), open_by=open_by(item, today=now.date()))


def with_carried(store: Store, digest: Digest) -> Digest:
    """Fill in where else each story stands, whatever the filters: the reader wants to know."""
    stories = {m.item.story for m in digest.ranked if m.item.story}
    carried = items.carried(store, stories) if stories else {}
    if not carried:
        return digest

    def fill(each: Match) -> Match:
        others = [c for c in carried.get(each.item.story or "", ()) if c.item != each.item.id]
        return replace(each, also=tuple(others)) if others else each

    return _each(digest, fill)


def _with_contexts(store: Store, digest: Digest, text: str) -> Digest:
    """Fill in the surroundings of each hit of a search."""
    from hubwatch.store import search

    contexts = search.contexts(store, text, [m.item.id for m in digest.ranked])
    return _each(digest, lambda each: replace(each, context=contexts.get(each.item.id) or None))


def _each(digest: Digest, change: Callable[[Match], Match]) -> Digest:
    ranked = tuple(change(m) for m in digest.ranked)
    by_id = {m.item.id: m for m in ranked}
    sections = tuple(
        replace(section, matches=tuple(by_id[m.item.id] for m in section.matches))
        for section in digest.sections
    )
    return replace(digest, ranked=ranked, sections=sections)


def health(
    store: Store,
    *,
    now: datetime,
    own: frozenset[str] = frozenset(),
    followed: Callable[[], Collection[str]] | None = None,
) -> tuple[str, ...]:
    """Say in one line which sources have failed several times or gone silent for far longer than usual.

    A built-in source that was never reached is not named; what is followed is asked only where it matters.
    """
    failing: Sequence[str] = sources.failing(store, at_least=FAILING_AFTER, own=own)
    silent = sorted(
        name for name, (_, _, silent_for_s) in sources.health(store, now=now).items() if silent_for_s
    )
    if followed is not None and (failing or silent):
        names = followed()
        failing, silent = ([name for name in some if name in names] for some in (failing, silent))
    parts = []
    if failing:
        parts.append(f"failing: {name_some(failing, _NAMED)}")
    if silent:
        parts.append(f"silent for longer than usual: {name_some(silent, _NAMED)}")
    return (f"sources {'; '.join(parts)} (see hubwatch sources)",) if parts else ()
