"""Parse one document by its source's kind; all that a process apart needs for it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from hubwatch.errors import ParseError
from hubwatch.models import Document, Page, Source
from hubwatch.text.numbers import counted

if TYPE_CHECKING:
    from hubwatch.fetchers.discovery import Proposal

T = TypeVar("T")
_MEMORY_BYTES = 1_500_000_000  # address space of the process, where the system can bound it
_CPU_S = 60  # should nobody be left to end it: who asked for it was killed


def parse(document: Document, source: Source, kind: str, max_items: int) -> Page:
    """Return what a document holds, so many items at most, or raise ParseError."""
    from hubwatch import fetchers

    return fetchers.parse(document, source, kind, max_items=max_items)


def propose(document: Document, max_items: int) -> tuple[Proposal, ...]:
    """Return what could be read at or from a page, best first, so many items of each at most."""
    from hubwatch.fetchers import discovery
    from hubwatch.fetchers.limit import cut

    found = discovery.propose(document)
    return tuple(replace(each, page=cut(each.page, max_items)) if each.page else each for each in found)


def read_members(document: Document) -> Page:
    """Read a page that lists a hub's members."""
    from hubwatch.fetchers import members

    names = members.parse(document)
    if not names:
        raise ParseError("no-list", "the page shows no list of members", url=document.url)
    return Page(members=names, is_page=True, how=counted(len(names), "member"))


def bounded(work: Callable[..., T], *args: Any) -> T:
    """Do a piece of work in a process apart, within the memory and time allowed."""
    _bound()
    return work(*args)


def _bound() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    for what, most in ((resource.RLIMIT_AS, _MEMORY_BYTES), (resource.RLIMIT_CPU, _CPU_S)):
        with suppress(ValueError, OSError):  # macOS refuses the first; a tighter one may hold already
            resource.setrlimit(what, (most, most))
