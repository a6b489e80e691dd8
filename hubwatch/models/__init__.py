"""The frozen values that pass between modules. No behavior beyond trivial properties.

Making a dataclass costs about half a millisecond, so each file of them is loaded when one of its names
is first asked for: `from hubwatch.models import Item` loads items.py and no other.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hubwatch.models.digests import (
        Carried as Carried,
        Digest as Digest,
        Match as Match,
        Section as Section,
        Trend as Trend,
    )
    from hubwatch.models.directory import (
        Fact as Fact,
        Hub as Hub,
        Place as Place,
    )
    from hubwatch.models.fetching import (
        Document as Document,
        Request as Request,
        Unchanged as Unchanged,
    )
    from hubwatch.models.items import (
        Evidence as Evidence,
        Item as Item,
        Revision as Revision,
        Tag as Tag,
    )
    from hubwatch.models.pages import (
        Page as Page,
        RawItem as RawItem,
    )
    from hubwatch.models.reports import (
        Fault as Fault,
        Sight as Sight,
        SourceHealth as SourceHealth,
        SourceOutcome as SourceOutcome,
        SyncReport as SyncReport,
    )
    from hubwatch.models.settings import (
        EmailSettings as EmailSettings,
        FetchSettings as FetchSettings,
    )
    from hubwatch.models.sources import (
        Candidate as Candidate,
        PageSelectors as PageSelectors,
        Source as Source,
    )
    from hubwatch.models.states import SourceState as SourceState
    from hubwatch.models.topics import Topic as Topic
    from hubwatch.models.vocabulary import (
        KindGroup as KindGroup,
        OrganizationName as OrganizationName,
        Vocabulary as Vocabulary,
    )
    from hubwatch.models.wishes import (
        Filters as Filters,
        Profile as Profile,
    )
    from hubwatch.models.words import (
        ITEM_KINDS as ITEM_KINDS,
        SOURCE_KINDS as SOURCE_KINDS,
        WHATS as WHATS,
        ItemKind as ItemKind,
        Sort as Sort,
        SourceKind as SourceKind,
        Status as Status,
        What as What,
    )

_NAMES = {
    "words": ("ItemKind", "ITEM_KINDS", "SourceKind", "SOURCE_KINDS", "What", "WHATS", "Sort", "Status"),
    "directory": ("Fact", "Hub", "Place"),
    "sources": ("Candidate", "PageSelectors", "Source"),
    "states": ("SourceState",),
    "fetching": ("Request", "Document", "Unchanged"),
    "pages": ("RawItem", "Page"),
    "items": ("Evidence", "Tag", "Item", "Revision"),
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
