"""Hubs and places: what the directory knows."""

from __future__ import annotations

from typing import Literal

from hubwatch.models.dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One dated statement about a hub, with where it was read."""

    what: str
    value: str | int | float
    as_of: str | None = None
    evidence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """An organization behind sources: institute, national body, agency, center, association, MEP center."""

    id: str
    kind: Literal["institute", "national", "agency", "center", "state-association", "mep-center"]
    name: str
    former_names: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()  # short forms that people type: LM3I, NAMII
    acronym: str | None = None
    city: str | None = None
    state: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    founded: int | None = None
    ended: int | None = None
    sponsor: str | None = None
    topics: tuple[str, ...] = ()
    homepage: str | None = None
    members_url: str | None = None
    status: Literal["active", "uncertain", "closed", "ended"] = "active"
    role: str | None = None
    facts: tuple[Fact, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place of the gazetteer: where somebody is, to find what is near."""

    name: str
    state: str
    latitude: float
    longitude: float
