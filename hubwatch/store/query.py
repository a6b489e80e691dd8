"""What to look for in the store, and the pieces of SQL that statements for it are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field
from datetime import datetime
from typing import Any, NamedTuple

from hubwatch.models import Filters, Profile, Sort
from hubwatch.models.dataclass import dataclass
from hubwatch.store import values

_MOST = 1 << 60  # SQLite takes no longer whole number than 63 bits


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemQuery:
    """What a list is to hold: AND between the parts, OR within a filter and within the profile."""

    filters: Filters = field(default_factory=Filters)
    profile: Profile | None = None
    text: str | None = None  # a query of `search`, as it was typed
    new_for: str | None = None  # the profile ('' without one) that must not have been shown the item
    now: datetime | None = None  # needed with new_for and with the order by relevance
    order: Sort = "newest"  # which ones, where there are more than the limit; the others need now
    limit: int = 1000  # items at most, unless filters.limit asks for more

    @property
    def cap(self) -> int:
        """How many items at most: enough to choose the filters' limit from, after stories became one."""
        return min(max(self.limit, 4 * (self.filters.limit or 0)), _MOST)


class Sql(NamedTuple):
    """A piece of SQL with the values bound in it."""

    text: str
    params: tuple[Any, ...] = ()


def joined_by(between: str, pieces: Iterable[Sql]) -> Sql:
    """Join pieces of SQL by a word between them."""
    pieces = list(pieces)
    return Sql(between.join(p.text for p in pieces), tuple(v for p in pieces for v in p.params))


def all_of(pieces: Iterable[Sql]) -> Sql:
    """Join conditions by AND."""
    return joined_by(" AND ", list(pieces) or [Sql("1")])


def any_of(column: str, wanted: Sequence[Any]) -> Sql:
    """Return the condition that a column holds one of these values."""
    unique = tuple(dict.fromkeys(wanted))
    if not unique:
        # Nothing fulfils it. A plain 0 would do, but SQLite finds no plan for it with a given index.
        return Sql(f"{column} <> {column}")
    return Sql(f"{column} IN ({', '.join('?' * len(unique))})", unique)


def within(effective: str, filters: Filters) -> list[Sql]:
    """Return the conditions that a column of times lies within --since and --until."""
    found = []
    if filters.since is not None:
        found.append(Sql(f"{effective} >= ?", (values.to_time(filters.since),)))
    if filters.until is not None:
        found.append(Sql(f"{effective} <= ?", (values.to_time(filters.until),)))
    return found
