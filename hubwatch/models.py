"""The frozen values that pass between modules. No behavior beyond trivial properties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

ItemKind = Literal[
    "call", "award", "membership", "event", "workforce", "policy", "research", "facility", "people", "other"
]
ITEM_KINDS: tuple[ItemKind, ...] = (
    "call",
    "award",
    "membership",
    "event",
    "workforce",
    "policy",
    "research",
    "facility",
    "people",
    "other",
)
SourceKind = Literal["auto", "feed", "page", "wordpress", "sitemap", "grants-gov"]
SOURCE_KINDS: tuple[SourceKind, ...] = ("auto", "feed", "page", "wordpress", "sitemap", "grants-gov")
What = Literal["news", "project-calls", "events", "members", "press", "policy"]
WHATS: tuple[What, ...] = ("news", "project-calls", "events", "members", "press", "policy")


# --- hubs and sources -------------------------------------------------------------------------


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
    platform: str | None = None
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One address of a chain: what may be read there, and how sure that is (0..1)."""

    url: str
    kind: str = "auto"  # of a source, or a parser's finer one (structured, news-list)
    confidence: float = 1.0
    evidence: str | None = None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What we remember of a source between runs. Kept over errors, 304s and upgrades."""

    source: str
    configured_url: str | None = None  # the Source.url this state was learned for
    url: str | None = None  # the address that is asked (learned, moved to, or configured)
    kind: str | None = None  # how that address is read: feed, page, wordpress, sitemap, ...
    etag: str | None = None  # byte for byte (latin-1) as received from `validators_url`
    last_modified: str | None = None
    validators_url: str | None = None  # None: `url` itself
    body_hash: str | None = None
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
    ended: bool = False  # 410
    item_count: int = 0  # items in the last document that had some
    backfill_url: str | None = None  # where an unfinished backfill goes on
    backfilled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """One line of `hubwatch sources`: the source's state with counts over its items."""

    source: Source
    state: SourceState
    items: int = 0
    newest: datetime | None = None  # newest published (or first seen)
    silent_for_s: int | None = None  # set when it has been silent for far longer than it used to be


# --- fetching ---------------------------------------------------------------------------------


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
class Document:
    """A body that came, inflated and complete, with what its answer said."""

    url: str  # after redirects
    requested_url: str
    status: int
    body: bytes
    content_type: str | None = None  # the header as it came
    etag: str | None = None
    last_modified: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)  # lower-case names
    permanent_url: str | None = None  # set when every hop so far was 301 or 308
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
    money: str | None = None
    organizations: tuple[str, ...] = ()  # where the format has a field for it (agency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a parser found in one document."""

    items: tuple[RawItem, ...] = ()
    next_url: str | None = None  # the next older page of the same list
    problems: tuple[str, ...] = ()  # notices in plain words: truncated, items left out
    title: str | None = None
    ttl_s: int | None = None  # the publisher's own pace (ttl, sy:updatePeriod)
    complete: bool = True  # False: truncated or broken, so validators must not advance
    ended: bool = False  # the publisher says that nothing will ever come again (JSON Feed's `expired`)
    members: tuple[str, ...] = ()  # of a source of what = "members": the organizations listed
    is_page: bool = False  # read from HTML: one address is one item
    how: str = ""  # in words: "RSS 2.0", "news list: 12 blocks div.post with <time>"


# --- items ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One piece of why a tag was given: the words, where they stand, what they weigh."""

    words: str
    where: Literal["title", "summary", "content", "hub"]
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """One topic on one item, 0..1, with its evidence."""

    topic: str
    score: float
    evidence: tuple[Evidence, ...] = ()

    @property
    def matches(self) -> tuple[str, ...]:
        """The words that gave it, each once, in order of weight."""
        return tuple(dict.fromkeys(e.words for e in self.evidence if e.where != "hub"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One announcement, article, call or event, as we keep it. All text is plain."""

    id: str
    source: str
    title: str
    url: str | None = None
    guid: str | None = None
    summary: str = ""
    content: str = ""
    published: datetime | None = None
    first_seen: datetime
    updated: datetime
    effective: datetime  # the time --since counts by: published, else first_seen, else 1900 (see normalize)
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    tags: tuple[Tag, ...] = ()  # every topic scored above 0, best first; shown are those of 0.5 or more
    kind: ItemKind = "other"
    kind_reason: str | None = None
    organizations: tuple[str, ...] = ()
    money_usd: float | None = None
    deadline: date | None = None
    story: str | None = None  # id of the story's first item; None until stories were looked at
    content_hash: str = ""  # of what the publisher gave, before tagging (identity.content_hash)
    source_name: str | None = None  # from here on: filled by the store when it reads
    hub: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What an item said before it was edited, and when that was seen to be replaced."""

    seen: datetime
    title: str
    summary: str = ""
    url: str | None = None
    published: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A technology area and its vocabulary (see catalog/topics.toml for the notation of terms)."""

    id: str
    name: str
    description: str = ""
    terms: tuple[str, ...] = ()  # strong: enough alone
    weak: tuple[str, ...] = ()  # count only beside another term
    names: tuple[str, ...] = ()  # firms, bodies and journals: strong in the title, weak elsewhere
    context: tuple[str, ...] = ()  # everyday words: they only add to the others, never to each other
    yields_to: tuple[str, ...] = ()  # areas beside which this one is a side matter unless it weighs more
    cross_cutting: bool = False  # counts beside another area even if it is named but once
    cancels: tuple[str, ...] = ()  # the config's `not`: phrases whose words then do not count


@dataclass(frozen=True, slots=True, kw_only=True)
class KindGroup:
    """Cues that are made for one kind: phrases in the notation of catalog/topics.toml."""

    name: str
    kind: ItemKind
    cues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationName:
    """An organization as it is printed, and the other ways in which texts write it."""

    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """All the words that tagging goes by, as loaded from the catalog and the user's config."""

    topics: tuple[Topic, ...] = ()
    kinds: tuple[KindGroup, ...] = ()
    kind_weights: Mapping[str, tuple[float, ...]] = field(default_factory=dict)  # learned: a sign -> by kind
    organizations: tuple[OrganizationName, ...] = ()
    organization_words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # word lists by name
    organization_weights: Mapping[str, float] = field(default_factory=dict)  # learned: a sign -> its weight


# --- settings ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """How sources are asked: `[fetch]` of the config."""

    jobs: int = 64
    per_host: int = 2
    delay_s: float = 1.0
    timeout_s: float = 20.0
    max_bytes: int = 10_000_000
    max_items: int = 5000
    allow_private: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailSettings:
    """How mail is sent: `[email]` of the config. The password never stands here."""

    host: str | None = None
    port: int = 25
    sender: str | None = None  # `from`
    user: str | None = None
    security: Literal["none", "starttls", "tls"] = "none"


# --- profiles, matches, digests ---------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a person wants: a union of topics, hubs, states, keywords, organizations; narrowed by the rest."""

    name: str
    topics: tuple[str, ...] = ()
    hubs: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    min_score: float = 0.3
    email: str | None = None


Sort = Literal["relevance", "newest", "deadline"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """The filters of the command line, checked: OR within one, AND between them."""

    topics: tuple[str, ...] = ()
    hubs: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    min_score: float | None = None
    limit: int | None = None
    sort: Sort = "relevance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """The same announcement at another source."""

    source: str
    url: str | None
    source_name: str | None = None
    item: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An item that fits, how well (0..1), and why, in words."""

    item: Item
    score: float
    reasons: tuple[str, ...] = ()
    ground: Literal["topic", "organization", "keyword", "place", "any"] = "any"  # the strongest of them
    also: tuple[Carried, ...] = ()
    open_by: Literal["deadline", "recency"] | None = None  # an open call: by what it counts as open
    context: str | None = None  # search: the hit in its surroundings, marked with U+E000 and U+E001


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One heading of a digest with its matches, in the order they are read."""

    title: str
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """How many items one topic (hub, kind, state) had in each stretch of time, the oldest first."""

    key: str
    name: str
    starts: tuple[date, ...]  # the first day of each stretch; the same for all trends of one answer
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All items of the time."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Matches grouped for reading, with what the footer tells."""

    title: str
    created: datetime
    sections: tuple[Section, ...] = ()
    ranked: tuple[Match, ...] = ()  # the same matches, best first: the order for programs
    since: datetime | None = None
    until: datetime | None = None
    left_out: int = 0  # matching items that the limit kept out
    health: tuple[str, ...] = ()  # sources failing or silent, one sentence each
    profile: str | None = None
    sort: Sort = "relevance"
    trends: tuple[Trend, ...] = ()  # its topics over the last year; only for formats that draw them


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


# --- reports ----------------------------------------------------------------------------------

Status = Literal["ok", "unchanged", "failed", "skipped", "unreached"]


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
