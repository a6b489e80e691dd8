"""Match an item against a profile and filters: how well it fits (0..1), and why, in words.

The formula (documented for users in `hubwatch help ranking`):

    fit      = the best of
                 the score of a wanted topic's tag (0.5 to 1)
                 0.80 for a watched organization, 0.70 for a keyword in the title, 0.60 elsewhere
                 0.30 for a followed hub or state alone
                 0.40 (0.50 for an open call) when nothing in particular was wanted, or the best tag's score
    score    = fit x age + bonuses, at most 1
    age      = 0.8 + 0.2 x 2^(-days / 14)
    bonuses  = 0.08 open call, 0.04 wanted words in the title, 0.04 followed hub, 0.04 watched organization

A hub's or state's item that fits by nothing else gets no bonus, so it stays below any topic match of
equal age; neither it nor one that names a profile's organization falls below the profile's minimum.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Literal

from hubwatch.models import CALL_OPEN_DAYS, GIVEN, Filters, Item, Match, Profile, Tag
from hubwatch.models.dataclass import dataclass
from hubwatch.text import ages

_ORGANIZATION = 0.80
_KEYWORD_IN_TITLE = 0.70
_KEYWORD_ELSEWHERE = 0.60
_PLACE_ONLY = 0.30
_ANYTHING = 0.40
_ANY_CALL = 0.50
_HALF_LIFE_DAYS = 14.0
_HAIR = 0.001
_WORD = re.compile(r"\w+")

Ground = Literal["topic", "organization", "keyword", "place", "any"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fit:
    """One ground on which an item fits: its weight, the words for it, whether the title says so."""

    weight: float
    reason: str | None
    ground: Ground = "any"
    in_title: bool = False


def match(
    item: Item,
    profile: Profile | None,
    filters: Filters,
    *,
    now: datetime,
    in_text: Collection[str] = (),
    other_names: Mapping[str, tuple[str, ...]] | None = None,
) -> Match | None:
    """Return how well the item fits, or None where it does not.

    `in_text` names the wanted keywords that the store found in text that was not loaded with the item;
    `other_names` by which names else a wanted organization goes.
    """
    if _is_excluded(item, profile, filters):
        return None
    fits = _fits(item, profile, filters, now=now, in_text=in_text, other_names=other_names or {})
    if not fits:
        return None
    is_narrowed = bool(filters.topics or filters.organizations or filters.keywords)
    if profile is not None and profile.is_union and is_narrowed:
        # What the profile alone would not show, no filter on the command line brings in.
        alone = replace(filters, topics=(), organizations=(), keywords=())
        if not match(item, profile, alone, now=now, in_text=in_text, other_names=other_names):
            return None
    best = max(fits, key=lambda fit: fit.weight)
    minimum = _minimum(profile, filters)
    age = age_factor(item.effective, now=now)
    score = best.weight * age
    if best.ground != "place":
        score += _bonuses(item, fits, now=now)
    if profile is not None:
        if _is_always_shown(item, profile, fits, other_names or {}):
            # Below any topic match of this age, also where the command line asks for less than the profile.
            score = max(score, min(profile.min_score, max(minimum, GIVEN * age - _HAIR)))
        if best.ground != "place" and score >= minimum:
            # A hair above what a followed place alone is given, so that the order between both is plain.
            score = max(score, minimum + _HAIR)
        if profile.is_union and is_narrowed and filters.min_score is None:
            score = max(score, minimum)  # nor does a filter lose what it names, and the profile shows
    score = round(min(score, 1.0), 4)
    if score < round(minimum, 4):
        return None
    return Match(
        item=item,
        score=score,
        reasons=_reasons(item, fits, now=now),
        ground=best.ground,
        open_by=open_by(item, today=now.date()),
    )


def _is_always_shown(
    item: Item, profile: Profile, fits: tuple[_Fit, ...], other_names: Mapping[str, tuple[str, ...]]
) -> bool:
    grounds = {fit.ground for fit in fits}
    return "place" in grounds or (
        "organization" in grounds and bool(_organization_fits(item, profile.organizations, other_names))
    )


def age_factor(effective: datetime, *, now: datetime) -> float:
    """Return what an item's age leaves of its fit: 1.0 today, 0.9 after two weeks, 0.8 in the end."""
    days = max((now - effective) / timedelta(days=1), 0.0)
    return 0.8 + 0.2 * float(2.0 ** (-days / _HALF_LIFE_DAYS))


def is_open(item: Item, *, today: date) -> bool:
    """Tell whether a call can still be answered: by its deadline, else for 90 days.

    These begin with the arrival of what a list of calls shows without a date: it lists what is open.
    """
    if item.kind != "call":
        return False
    if item.deadline is not None:
        return item.deadline >= today
    is_listed = item.published is None and item.what == "project-calls"
    begin = item.first_seen if is_listed else item.effective
    return begin.date() >= today - timedelta(days=CALL_OPEN_DAYS)


def open_by(item: Item, *, today: date) -> Literal["deadline", "recency"] | None:
    """Say by what a call counts as open: its deadline, or that it is recent; None where it is not open."""
    if not is_open(item, today=today):
        return None
    return "deadline" if item.deadline is not None else "recency"


def mentions(text: str, phrase: str) -> bool:
    """Tell whether a text has a phrase as whole words, whatever its case, spelling, hyphens and plural."""
    if not text:
        return False
    from hubwatch.text import wordings  # its patterns cost some ms, and most lists need none

    return wordings.has(text, phrase)


def is_named(organizations: tuple[str, ...], wanted: str, other_names: tuple[str, ...] = ()) -> bool:
    """Tell whether one of the organizations is the wanted one, or has its name within its own.

    Other names, which are often short, count only in full.
    """
    return any(name in other_names or mentions(name, wanted) for name in organizations)


def _fits(
    item: Item,
    profile: Profile | None,
    filters: Filters,
    *,
    now: datetime,
    in_text: Collection[str],
    other_names: Mapping[str, tuple[str, ...]],
) -> tuple[_Fit, ...]:
    wanted = profile or Profile(name="")
    fits = [
        *_topic_fits(item, filters.topics or wanted.topics),
        *_organization_fits(item, (*filters.organizations, *wanted.organizations), other_names),
        *_keyword_fits(item, (*filters.keywords, *wanted.keywords), in_text=in_text),
        *_place_fits(item, wanted),
    ]
    if profile is not None and profile.is_union:
        return tuple(fits)
    if not fits or not (filters.topics or filters.organizations or filters.keywords):
        fits.append(_general_fit(item, now=now))
    return tuple(fits)


def _general_fit(item: Item, *, now: datetime) -> _Fit:
    tag = _best(item.tags)
    floor = _ANY_CALL if is_open(item, today=now.date()) else _ANYTHING
    if tag is None:
        return _Fit(weight=floor, reason=None)
    return _Fit(weight=max(floor, tag.score), reason=tag_reason(tag))


def _best(tags: tuple[Tag, ...]) -> Tag | None:
    given = [tag for tag in tags if tag.is_given]
    return max(given, key=lambda tag: tag.score) if given else None


def _topic_fits(item: Item, topics: tuple[str, ...]) -> list[_Fit]:
    return [
        _Fit(
            weight=tag.score,
            reason=tag_reason(tag),
            ground="topic",
            in_title=any(e.where == "title" for e in tag.evidence),
        )
        for tag in item.tags
        if tag.topic in topics and tag.is_given
    ]


def _organization_fits(
    item: Item, organizations: tuple[str, ...], other_names: Mapping[str, tuple[str, ...]]
) -> list[_Fit]:
    return [
        _Fit(
            weight=_ORGANIZATION,
            reason=f"names {wanted}",
            ground="organization",
            in_title=mentions(item.title, wanted),
        )
        for wanted in dict.fromkeys(organizations)
        if is_named(item.organizations, wanted, other_names.get(wanted, ()))
        or mentions(item.title, wanted)
        or mentions(item.summary, wanted)
    ]


def _keyword_fits(item: Item, keywords: tuple[str, ...], *, in_text: Collection[str]) -> list[_Fit]:
    fits = []
    for keyword in dict.fromkeys(keywords):
        if mentions(item.title, keyword):
            fits.append(
                _Fit(
                    weight=_KEYWORD_IN_TITLE,
                    reason=f"“{keyword}” in the title",
                    ground="keyword",
                    in_title=True,
                )
            )
        elif mentions(item.summary, keyword):
            fits.append(_Fit(weight=_KEYWORD_ELSEWHERE, reason=f"“{keyword}”", ground="keyword"))
        elif keyword in in_text or mentions(item.content, keyword):
            reason = f"“{keyword}” in the text"
            fits.append(_Fit(weight=_KEYWORD_ELSEWHERE, reason=reason, ground="keyword"))
    return fits


def _place_fits(item: Item, profile: Profile) -> list[_Fit]:
    fits = []
    if item.hub and item.hub in profile.hubs:
        fits.append(_Fit(weight=_PLACE_ONLY, reason=f"from {item.source_name or item.hub}", ground="place"))
    if item.state and item.state in profile.states:
        fits.append(_Fit(weight=_PLACE_ONLY, reason=f"from {item.state}", ground="place"))
    return fits


def _bonuses(item: Item, fits: tuple[_Fit, ...], *, now: datetime) -> float:
    bonus = 0.08 if is_open(item, today=now.date()) else 0.0
    if any(fit.in_title for fit in fits):
        bonus += 0.04
    if any(fit.ground == "place" for fit in fits):
        bonus += 0.04
    if any(fit.ground == "organization" for fit in fits) and len(fits) > 1:
        bonus += 0.04
    return bonus


def _minimum(profile: Profile | None, filters: Filters) -> float:
    if filters.min_score is not None:
        return filters.min_score
    return profile.min_score if profile else 0.0


def _is_excluded(item: Item, profile: Profile | None, filters: Filters) -> bool:
    phrases = (*filters.exclude, *(profile.exclude if profile else ()))
    if any(mentions(text, phrase) for phrase in phrases for text in (item.title, item.summary, item.content)):
        return True
    return bool(profile and profile.kinds and item.kind not in profile.kinds)


def tag_reason(tag: Tag) -> str:
    """Say in words why a tag was given: `lightweight 0.92: aluminum casting, AZ31B`."""
    words = ", ".join(islice(_telling(tag.matches), 4))
    return f"{tag.topic} {tag.score:.2f}: {words}" if words else f"{tag.topic} {tag.score:.2f}"


def _telling(matches: Sequence[str]) -> Iterator[str]:
    """Leave out what only repeats words before it: in other letters, in part, or apart (`cast … alloy`)."""
    told: list[str] = []
    for words in matches:
        parts = [f" {' '.join(_WORD.findall(part))} " for part in words.casefold().split("…")]
        if not all(any(part in each for each in told) for part in parts):
            told += parts
            yield words


def _reasons(item: Item, fits: tuple[_Fit, ...], *, now: datetime) -> tuple[str, ...]:
    reasons = [fit.reason for fit in fits if fit.reason]
    if is_open(item, today=now.date()):
        reasons.append(
            f"open until {ages.name_day(item.deadline, today=now.date())}"
            if item.deadline
            else f"open: no deadline known, under {CALL_OPEN_DAYS} days old"
        )
    return tuple(dict.fromkeys(reasons))
