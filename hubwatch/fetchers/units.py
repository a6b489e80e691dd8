"""The lines of one block of a page, with what each looks like: a heading, a link, a date, a label."""

from __future__ import annotations

import re
from datetime import datetime

from hubwatch.fetchers import page_dates
from hubwatch.fetchers.blocks import Block
from hubwatch.fetchers.outline import HEADINGS, Link, Outline, fold
from hubwatch.fetchers.page_dates import FoundDate
from hubwatch.fetchers.page_links import is_service
from hubwatch.models.dataclass import dataclass

MAX_UNITS = 60  # a full post has many lines; title and date stand among the first and last ones
MAX_PIECE = 120  # characters of a title's line, where it has several: more is a summary
_LABEL_NAME = re.compile(
    r"(?<![a-z])(?:cat(?:egor(?:y|ies))?|tags?|label|badge|meta|author|byline|eyebrow|kicker|date"
    r"|time|posted|published|"
    r"button|btn|more|comments?|share|social|hidden|screen-reader-text|sr-only|visually-hidden|icon"
    r"|breadcrumbs?|credit)(?![a-z])",
    re.IGNORECASE,
)
_DATE_NAME = re.compile(
    r"(?<![a-z])(?:date|time|datum|posted|published|publish|pub|created|meta|day|timestamp)(?![a-z])",
    re.IGNORECASE,
)
LETTERS = re.compile(r"[^\W\d_]")
_DATE_COMPANY = re.compile(
    r"\b(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?|posted|published|created"
    r"|updated|date|on|at|am|pm|by|the|"
    r"written|added|submitted|release[ds]?|[ecmp][ds]?t|utc|gmt|\d+ min(?:ute)?s? read|\d+ comments?"
    r"|no comments|views?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Unit:
    """One line of a block: a heading, a link's text, or what stands between block-level breaks."""

    text: str
    spaced: str  # the same with its pieces apart: dates are looked for in this
    owner: int
    heading: int  # the heading element around it, or -1
    link: int  # the position in page.links of the link around it, or -1
    dates: tuple[FoundDate, ...]
    names: str  # classes and ids of it and of what is around it within the block
    position: int

    @property
    def date_length(self) -> int:
        """How many characters of it are dates."""
        return sum(found.end - found.start for found in self.dates)

    @property
    def is_date(self) -> bool:
        """Whether it is a date and next to nothing else."""
        return _is_only_date(self.spaced, self.dates)

    @property
    def is_mostly_date(self) -> bool:
        """Whether a date takes up much of it, as in "Amsterdam, 9 May 2019 | 4 min read"."""
        return bool(self.dates) and (
            self.is_date or self.date_length * 3 >= len(self.spaced) or len(self.spaced) <= 60
        )


@dataclass(frozen=True, slots=True)
class Marks:
    """For each element the nearest heading and link around it (or itself), -1 where there is none."""

    headings: list[int]
    links: list[int]


def marks(page: Outline) -> Marks:
    """Look up headings and links around every element once for the whole page."""
    numbers = {link.element: number for number, link in enumerate(page.links)}
    headings: list[int] = []
    links: list[int] = []
    for index, tag in enumerate(page.tags):
        parent = page.parents[index]
        above = headings[parent] if parent >= 0 else -1
        headings.append(index if tag in HEADINGS and above < 0 else above)
        links.append(numbers.get(index, links[parent] if parent >= 0 else -1))
    return Marks(headings, links)


def units(page: Outline, marked: Marks, block: Block, *, now: datetime) -> tuple[Unit, ...]:
    """Cut a block into its lines."""
    spans: list[tuple[int, int, tuple[object, ...]]] = []
    for position in range(block.first, block.behind):
        owner = page.owners[position]
        heading, link = marked.headings[owner], marked.links[owner]
        line = page.lines[position]
        key: tuple[object, ...] = ("h", heading) if heading >= 0 else ("l", link, line)
        if heading < 0 and spans and _goes_on(page, position, now):
            key = spans[-1][2]
        if (heading >= 0 or link >= 0) and _is_own_date(page, position, now):
            key = ("d", position)
        elif heading >= 0 and link >= 0 and _is_beside_title(page, page.links[link], heading):
            key = ("s", position)
        if spans and spans[-1][2] == key:
            spans[-1] = (spans[-1][0], position + 1, key)
        else:
            spans.append((position, position + 1, key))
    if len(spans) > MAX_UNITS:
        spans = spans[: MAX_UNITS // 2] + spans[-MAX_UNITS // 2 :]
    result: list[Unit] = []
    for lo, hi, key in spans:
        text = page.text(lo, hi)
        if not text:
            continue
        owner = marked.headings[page.owners[lo]] if key[0] == "h" else page.owners[lo]
        spaced = page.spaced(lo, hi)[:400]
        found = page_dates.find(spaced, now=now)
        link = max(marked.links[page.owners[at]] for at in range(lo, hi))
        names = _names(page, owner, block)
        heading = -1 if key[0] in ("d", "s") else marked.headings[owner]
        result.append(Unit(text, spaced, owner, heading, link, found, names, len(result)))
    return tuple(result)


def _goes_on(page: Outline, position: int, now: datetime) -> bool:
    """Whether a link's text goes on after a mere line break: a title on two lines, and no date."""
    owner = page.owners[position]
    if page.tags[owner] != "a" or page.owners[position - 1] != owner:
        return False
    pair = page.texts[position - 1 : position + 1]
    return all(len(text) <= MAX_PIECE and not page_dates.find(text, now=now) for text in pair)


def _is_own_date(page: Outline, position: int, now: datetime) -> bool:
    """Whether a text in a heading or link is a date with an element to itself: no part of the title."""
    text = fold(page.texts[position][:200])
    if not 6 <= len(text) <= 40 or page.tags[page.owners[position]] in ("a", *HEADINGS):
        return False
    found = page_dates.find(text, now=now)
    return any(one.day is not None or one.is_open for one in found) and _is_only_date(text, found)


def _is_beside_title(page: Outline, link: Link, heading: int) -> bool:
    """Whether a link in a heading leads to a category or comments, and the title stands beside it."""
    return is_service(link.url) and link.text != page.text_of(heading)


def _is_only_date(text: str, dates: tuple[FoundDate, ...]) -> bool:
    if not dates:
        return False
    rest, at = "", 0
    for found in dates:
        rest += text[at : found.start] + " "
        at = found.end
    return len(LETTERS.findall(_DATE_COMPANY.sub("", rest + text[at:400]))) <= 2


def _names(page: Outline, owner: int, block: Block) -> str:
    parts: list[str] = []
    index = owner
    # What the block itself is called ("status-publish tag-events") says nothing of one of its lines.
    while index >= block.lo and index >= 0 and (index != block.top or index == owner):
        element = page.elements[index]
        parts += [element.get("class") or "", element.get("id") or "", element.get("itemprop") or ""]
        if len(parts) >= 9:
            break
        index = page.parents[index]
    return " ".join(part for part in parts if part)[:400]


def names_a_date(names: str) -> bool:
    """Whether classes say that something is a date."""
    return bool(_DATE_NAME.search(names))


def is_label(names: str) -> bool:
    """Whether classes say that something is a label, a byline or a button."""
    return bool(_LABEL_NAME.search(names))
