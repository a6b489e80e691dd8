"""What a parser found in one document."""

from __future__ import annotations

from hubwatch.models.dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RawItem:
    """What the publisher said, untouched. `*_is_html` tells markup from text that only looks like it."""

    guid: str | None = None
    url: str | None = None  # absolute already, tracking still on it
    title: str = ""
    title_is_html: bool = True
    summary: str = ""
    content: str = ""
    body_is_html: bool = True  # of summary and content
    published: str | None = None
    updated: str | None = None
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    deadline: str | None = None  # where the format has a field for it (Grants.gov)
    organizations: tuple[str, ...] = ()  # where the format has a field for it (agency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a parser found in one document."""

    items: tuple[RawItem, ...] = ()
    next_url: str | None = None  # the next older page of the same list
    problems: tuple[str, ...] = ()  # notices in plain words: truncated, items left out
    title: str | None = None
    ttl_s: int | None = None  # the publisher's own pace (ttl, sy:updatePeriod)
    quiet_hours: tuple[int, ...] = ()  # of the week from Monday 00 GMT, 0 to 167: skipHours and skipDays
    complete: bool = True  # False: truncated or broken, so validators must not advance
    ended: bool = False  # the publisher says that nothing will ever come again (JSON Feed's `expired`)
    members: tuple[str, ...] = ()  # of a source of what = "members": the organizations listed
    is_page: bool = False  # read from HTML: one address is one item
    says_empty: bool = False  # of a page without items: it says that there are none at the moment
    index_url: str | None = None  # of a sitemap: the index that named it, which may name another later
    how: str = ""  # in words: "RSS 2.0", "news list: 12 blocks div.post with <time>"
