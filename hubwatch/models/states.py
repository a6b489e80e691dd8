"""What is remembered of a source between runs."""

from __future__ import annotations

from datetime import datetime

from hubwatch.models.dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What we remember of a source between runs. Kept over errors, 304s and upgrades."""

    source: str
    configured_url: str | None = None  # the Source.url this state was learned for
    configured_as: str | None = None  # and how that was to be read; None in states older than this
    url: str | None = None  # the address that is asked (learned, moved to, or configured)
    kind: str | None = None  # how that address is read: feed, page, wordpress, sitemap, ...
    index_url: str | None = None  # where `url` is a sitemap that an index named
    index_etag: str | None = None  # of an answer of `index_url` that named nothing before `url`
    index_last_modified: str | None = None
    etag: str | None = None  # byte for byte (latin-1) as received from `validators_url`
    last_modified: str | None = None
    validators_url: str | None = None  # None: `url` itself
    body_hash: str | None = None
    read_by: int | None = None  # politeness.READERS when that body was read; None in states older than this
    last_asked: datetime | None = None
    last_success: datetime | None = None
    last_new: datetime | None = None  # when an item was last new
    last_failure: datetime | None = None
    failures: int = 0  # in a row
    error_code: str | None = None
    error_message: str | None = None
    next_due: datetime | None = None
    interval_s: int | None = None  # learned pace
    fresh_until: datetime | None = None  # the publisher's lower bound
    ttl_s: int | None = None  # what the document itself said of its pace when it was last read
    quiet_hours: str | None = None  # when the document wants no visits: hours of the week, "0 1 2 167"
    ended: bool = False  # 410, or the publisher says so
    item_count: int = 0  # items in the last document that had some
    backfill_url: str | None = None  # where an unfinished backfill goes on
    backfill_left: str | None = None  # articles that could not answer then: asked last, parted by spaces
    backfilled: bool = False
