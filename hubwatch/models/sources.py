"""Sources: what is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubwatch.models.dataclass import dataclass

if TYPE_CHECKING:
    from hubwatch.models.words import SourceKind, What


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One address of a chain, and how it may be read."""

    url: str
    kind: str = "auto"  # of a source, or a parser's finer one (structured, news-list)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSelectors:
    """CSS selectors of a `[sources.x.page]` table; `a@href` names an attribute."""

    item: str
    title: str | None = None
    link: str | None = None
    date: str | None = None
    summary: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One address (or chain of addresses) that is read; belongs to a hub or another publisher."""

    id: str
    name: str
    url: str  # the configured address; of a chain, the first candidate's
    kind: SourceKind = "auto"
    what: What = "news"
    hub: str | None = None
    state: str | None = None  # its own, else its hub's
    every_s: int | None = None  # None: adaptive
    enabled: bool = True
    page: PageSelectors | None = None
    query: str | None = None  # kind grants-gov: the words to search for
    candidates: tuple[Candidate, ...] = ()  # a built-in chain, most trusted first; empty for the user's own
    homepage: str | None = None  # where discovery starts when the chain is dead
    builtin: bool = False

    @property
    def configured_as(self) -> str:
        """How the address is to be read, in words that change when anything of it does."""
        page = self.page
        selectors = (page.item, page.title, page.link, page.date, page.summary) if page else ()
        return "\n".join(part or "" for part in (self.kind, self.what, self.query, *selectors))
