"""Requests, and the answers that come over the wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from hubwatch.models.dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One address to ask for, with what makes it conditional."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    validators_url: str | None = None  # the address that gave them, if a redirect led there; else `url`
    json_body: str | None = None  # POST this instead of GET
    private_ok: frozenset[str] = frozenset()  # hosts in private address space it may lead to
    obey_robots: bool = False
    max_bytes: int | None = None
    timeout_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Robots:
    """What a site's robots.txt asks of us, as the shortest robots.txt that says the same, and since when."""

    text: str
    asked: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A body that came, inflated and complete, with what its answer said."""

    url: str  # after redirects
    requested_url: str
    status: int
    body: bytes
    packed: bytes = b""  # the same as gzip, where it came so
    content_type: str | None = None  # the header as it came
    etag: str | None = None
    last_modified: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)  # lower-case names
    permanent_url: str | None = None  # set when every hop so far was 301 or 308
    sitemaps: tuple[str, ...] = ()  # as the host's robots.txt names them, where it was read
    fetched_at: datetime
    size_bytes: int = 0  # on the wire
    elapsed_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """A 304: the validators to keep from now on are the new ones where it gave some."""

    url: str
    requested_url: str
    etag: str | None = None
    last_modified: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    permanent_url: str | None = None
    fetched_at: datetime
    size_bytes: int = 0
    elapsed_s: float = 0.0
