"""The frozen values that pass between modules. No behavior beyond trivial properties.

Making a dataclass costs about half a millisecond, so each file of them is loaded when one of its names
is first asked for: `from hubwatch.models import Item` loads items.py and no other.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hubwatch.models.digests import (
        Carried,
        Digest,
        Match,
        Section,
        Trend,
    )
    from hubwatch.models.directory import (
        Fact,
        Hub,
        Place,
    )
    from hubwatch.models.fetching import (
        Document,
        Request,
        Robots,
        Unchanged,
    )
    from hubwatch.models.items import (
        CALL_OPEN_DAYS,
        GIVEN,
        Evidence,
        Item,
        Revision,
        Tag,
    )
    from hubwatch.models.pages import (
        Page,
        RawItem,
    )
    from hubwatch.models.reports import (
        Fault,
        Sight,
        SourceHealth,
        SourceOutcome,
        SyncReport,
    )
    from hubwatch.models.settings import (
        EmailSettings,
        FetchSettings,
    )
    from hubwatch.models.sources import (
        Candidate,
        PageSelectors,
        Source,
    )
    from hubwatch.models.states import SourceState
    from hubwatch.models.topics import Topic
    from hubwatch.models.vocabulary import (
        KindGroup,
        OrganizationName,
        Vocabulary,
    )
    from hubwatch.models.wishes import (
        Filters,
        Profile,
    )
    from hubwatch.models.words import (
        ITEM_KINDS,
        SORTS,
        SOURCE_KINDS,
        WHATS,
        ItemKind,
        Sort,
        SourceKind,
        Status,
        What,
    )

__all__ = [
    "CALL_OPEN_DAYS",
    "GIVEN",
    "ITEM_KINDS",
    "SORTS",
    "SOURCE_KINDS",
    "WHATS",
    "Candidate",
    "Carried",
    "Digest",
    "Document",
    "EmailSettings",
    "Evidence",
    "Fact",
    "Fault",
    "FetchSettings",
    "Filters",
    "Hub",
    "Item",
    "ItemKind",
    "KindGroup",
    "Match",
    "OrganizationName",
    "Page",
    "PageSelectors",
    "Place",
    "Profile",
    "RawItem",
    "Request",
    "Revision",
    "Robots",
    "Section",
    "Sight",
    "Sort",
    "Source",
    "SourceHealth",
    "SourceKind",
    "SourceOutcome",
    "SourceState",
    "Status",
    "SyncReport",
    "Tag",
    "Topic",
    "Trend",
    "Unchanged",
    "Vocabulary",
    "What",
]

_NAMES = {
    "words": (
        "ItemKind",
        "ITEM_KINDS",
        "SourceKind",
        "SOURCE_KINDS",
        "What",
        "WHATS",
        "Sort",
        "SORTS",
        "Status",
    ),
    "directory": ("Fact", "Hub", "Place"),
    "sources": ("Candidate", "PageSelectors", "Source"),
    "states": ("SourceState",),
    "fetching": ("Request", "Robots", "Document", "Unchanged"),
    "pages": ("RawItem", "Page"),
    "items": ("CALL_OPEN_DAYS", "GIVEN", "Evidence", "Tag", "Item", "Revision"),
    "topics": ("Topic",),
    "vocabulary": ("KindGroup", "OrganizationName", "Vocabulary"),
    "settings": ("FetchSettings", "EmailSettings"),
    "wishes": ("Profile", "Filters"),
    "digests": ("Carried", "Match", "Section", "Trend", "Digest"),
    "reports": ("Fault", "SourceOutcome", "SyncReport", "SourceHealth", "Sight"),
}
_HOME = {name: module for module, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> Any:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{home}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
