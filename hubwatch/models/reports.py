"""What came of a sync, and how sources fare."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from hubwatch.models.dataclass import dataclass

if TYPE_CHECKING:
    from hubwatch.models.items import Item
    from hubwatch.models.sources import Source
    from hubwatch.models.states import SourceState
    from hubwatch.models.words import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why a source failed: a stable code and one sentence."""

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceOutcome:
    """What one sync did with one source: one line of the report."""

    source: str
    status: Status
    http_status: int | None = None
    found: int = 0
    new: int = 0
    updated: int = 0
    seconds: float = 0.0
    size_bytes: int = 0
    fault: Fault | None = None
    notices: tuple[str, ...] = ()
    is_fresh: bool = False  # not asked, since it was read well and is not due


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncReport:
    """What one sync did with all of them."""

    started: datetime
    finished: datetime
    outcomes: tuple[SourceOutcome, ...] = ()

    @property
    def new(self) -> int:
        """Items that are new."""
        return sum(o.new for o in self.outcomes)

    @property
    def updated(self) -> int:
        """Items that were updated in place."""
        return sum(o.updated for o in self.outcomes)

    @property
    def failed(self) -> int:
        """Sources that failed."""
        return sum(o.status == "failed" for o in self.outcomes)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """One line of `hubwatch sources`: the source's state with counts over its items."""

    source: Source
    state: SourceState
    items: int = 0
    newest: datetime | None = None  # newest published (or first seen)
    silent_for_s: int | None = None  # set when it has been silent for far longer than it used to be


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What was seen of one source when it was looked at without storing."""

    source: Source
    url: str | None = None  # where it can be read
    kind: str | None = None
    how: str = ""
    title: str | None = None
    items: tuple[Item, ...] = ()
    newest: datetime | None = None
    problems: tuple[str, ...] = ()
    suggestion: str | None = None  # what should be corrected
    error_code: str | None = None
    error: str | None = None
    http_status: int | None = None
