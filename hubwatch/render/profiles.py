"""Profiles as a list, one in full, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from hubwatch.models import Profile
from hubwatch.render import json, tables


def table(profiles: Sequence[Profile]) -> str:
    """Write one line a profile."""
    if not profiles:
        return ""
    rows = [(profile.name, _wants(profile), profile.email or "-") for profile in profiles]
    return "".join(f"{line}\n" for line in tables.table(rows, ("profile", "wants", "e-mail"), stretch=1))


def full(profile: Profile) -> str:
    """Write one profile in full."""
    return "".join(f"{line}\n" for line in _lines(profile))


def as_json(profiles: Sequence[Profile]) -> str:
    """Write the profiles as a JSON array."""
    return json.array(value(profile) for profile in profiles)


def value(profile: Profile) -> dict[str, Any]:
    """Return one profile as an object."""
    lists = {key: list(value) for key, value in profile.lists.items()}
    return {"profile": profile.name, **lists, "min_score": profile.min_score, "email": profile.email}


def _lines(profile: Profile) -> Iterator[str]:
    yield profile.name
    for key, value in profile.lists.items():
        if value:
            yield from _labeled(key, ", ".join(value))
    if not any(profile.lists.values()):
        yield from _labeled("wants", "everything")
    yield from _labeled("min_score", f"{profile.min_score:g}")
    if profile.email:
        yield from _labeled("email", profile.email)


def _labeled(label: str, text: str) -> list[str]:
    return tables.wrap(text, first=f"  {label:<13} ")


def _wants(profile: Profile) -> str:
    wanted = (*profile.topics, *profile.hubs, *profile.states, *profile.keywords, *profile.organizations)
    narrowed = f"; only {', '.join(profile.kinds)}" if profile.kinds else ""
    without = f"; without {', '.join(profile.exclude)}" if profile.exclude else ""
    return (", ".join(wanted) or "everything") + narrowed + without
