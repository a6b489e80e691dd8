"""Matches to a digest: the same story once, the best first, grouped for reading, capped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from hubwatch.models import Carried, Digest, Match, Section, Sort
from hubwatch.profiles import is_open

CALLS = "Open calls"
PLACES = "From the hubs and states you follow"
WATCHED = "Organizations and keywords you watch"
REST = "More"
SOON_DAYS = 14  # a deadline that is nearer stands out
SOON, LATER, UNDATED, CLOSED = "Due within two weeks", "Due later", "No deadline known", "Past the deadline"
_FAR = date.max


def build(
    matches: Sequence[Match],
    *,
    title: str,
    now: datetime,
    limit: int | None = None,
    sort: Sort = "relevance",
    wanted_topics: Sequence[str] = (),
    topic_names: Mapping[str, str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    health: Sequence[str] = (),
    profile: str | None = None,
) -> Digest:
    """Return the digest of these matches: each story once, the best `limit` of them, grouped."""
    ranked = sorted(one_per_story(matches), key=_order(sort, today=now.date()))
    chosen = tuple(ranked if limit is None else ranked[:limit])
    if sort == "relevance":
        sections = _grouped(chosen, wanted_topics, topic_names or {}, today=now.date())
    elif sort == "deadline":
        sections = _by_deadline(chosen, today=now.date())
    else:
        sections = (Section(title="Newest first", matches=chosen),) if chosen else ()
    return Digest(
        title=title,
        created=now,
        sections=sections,
        ranked=chosen,
        since=since,
        until=until,
        left_out=len(ranked) - len(chosen),
        health=tuple(health),
        profile=profile,
        sort=sort,
    )


def one_per_story(matches: Sequence[Match]) -> list[Match]:
    """Keep one match of each story; the others stand under its `also`, and the best of them scores for it."""
    stories: dict[str, list[Match]] = {}
    for match in matches:
        stories.setdefault(match.item.story or match.item.id, []).append(match)
    return [_leader(members) for members in stories.values()]


def precedence(item_id: str, *, story: str | None, hub: str | None, effective: datetime) -> tuple[Any, ...]:
    """Return what the teller of a story is chosen by: a hub's before others, the story's first, the earlier.

    No score is in it, so that the same item stands for its story whatever was asked for.
    """
    return (hub is None, story != item_id, effective, item_id)


def rank(
    item_id: str, *, sort: Sort, score: float, effective: datetime, deadline: date | None, today: date
) -> tuple[Any, ...]:
    """Return what stories are ordered by, the first to be read first."""
    if sort == "newest":
        return (-effective.timestamp(), item_id)
    if sort == "deadline":
        return (*_distance(deadline, today=today), -score, item_id)
    return (-score, -effective.timestamp(), item_id)


def _leader(members: list[Match]) -> Match:
    if len(members) == 1:
        return members[0]
    leader, *others = sorted(members, key=_precedence)
    best = max(members, key=lambda m: m.score)
    if best.score > leader.score:
        leader = replace(leader, score=best.score, reasons=best.reasons, ground=best.ground)
    known = {(carried.source, carried.url) for carried in leader.also}
    also = [
        Carried(source=m.item.source, url=m.item.url, source_name=m.item.source_name, item=m.item.id)
        for m in others
        if (m.item.source, m.item.url) not in known
    ]
    return replace(leader, also=(*leader.also, *also))


def _precedence(match: Match) -> tuple[Any, ...]:
    item = match.item
    return precedence(item.id, story=item.story, hub=item.hub, effective=item.effective)


def _order(sort: Sort, *, today: date) -> Callable[[Match], Any]:
    return lambda m: rank(
        m.item.id,
        sort=sort,
        score=m.score,
        effective=m.item.effective,
        deadline=m.item.deadline,
        today=today,
    )


def _distance(deadline: date | None, *, today: date) -> tuple[int, int]:
    """Order what is open by its deadline, then what has none, then what is over, the latest first."""
    left = ((deadline or _FAR) - today).days
    return (0, left) if left >= 0 else (1, -left)


def _by_deadline(matches: Sequence[Match], *, today: date) -> tuple[Section, ...]:
    groups: dict[str, list[Match]] = {}
    for match in matches:
        groups.setdefault(_urgency(match.item.deadline, today=today), []).append(match)
    return tuple(Section(title=title, matches=tuple(found)) for title, found in groups.items())


def _urgency(deadline: date | None, *, today: date) -> str:
    if deadline is None:
        return UNDATED
    left = (deadline - today).days
    if left < 0:
        return CLOSED
    return SOON if left <= SOON_DAYS else LATER


def _grouped(
    matches: Sequence[Match], wanted: Sequence[str], names: Mapping[str, str], *, today: date
) -> tuple[Section, ...]:
    """Group for reading: open calls, then by its best match what is watched and each topic, then the rest."""
    groups: dict[str, list[Match]] = {}
    for match in matches:
        groups.setdefault(_heading(match, wanted, names, today=today), []).append(match)
    last = {PLACES: 1, REST: 2}
    titles = sorted(groups, key=lambda t: (t != CALLS, last.get(t, 0)))  # stable: else by the best match
    return tuple(Section(title=title, matches=tuple(groups[title])) for title in titles)


def _heading(match: Match, wanted: Sequence[str], names: Mapping[str, str], *, today: date) -> str:
    item = match.item
    if is_open(item, today=today):
        return CALLS
    given = [tag.topic for tag in item.tags if tag.is_given]
    for topic in given:
        if topic in wanted:
            return names.get(topic, topic)
    if match.ground in ("organization", "keyword"):
        return WATCHED
    if given and not wanted:
        return names.get(given[0], given[0])
    return PLACES if match.ground == "place" else REST
