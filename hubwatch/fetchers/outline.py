"""An HTML page as flat arrays: elements in document order, texts with their lines, links.

Whatever looks for lists on pages works on these arrays, so that no page, however deep, costs recursion.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urldefrag

from lxml import etree
from lxml.html import HtmlElement, HTMLParser

from hubwatch.errors import ParseError
from hubwatch.models import Document
from hubwatch.text import bytes as text_bytes
from hubwatch.text import urls

MAX_ELEMENTS = 60_000
MAX_LINKS = 8_000  # the largest archives of real sites have a tenth of that
MAX_TEXT = 20_000  # characters kept of one text; what a title or a date needs is at its start
_SKIPPED = frozenset({"script", "style", "svg", "noscript", "template", "select", "iframe", "object", "math"})
_INLINE_NAMES = (
    "a abbr acronym b bdi bdo big cite code del dfn em font i img ins kbd label mark nobr"
    " picture q s samp small source span strike strong sub sup time tt u var wbr"
)
INLINE = frozenset(_INLINE_NAMES.split())
_SPACES = re.compile(r"[\s\u00ad\u200b\u200c\u2060\ufeff]+")
_XML_PROLOG = re.compile(r"^\s*<\?xml[^>]*\?>")
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the page: where it stands, where it leads, and what it shows."""

    element: int
    url: str
    text: str


@dataclass(frozen=True)
class Outline:
    """The arrays. Element `i` holds the elements up to `after[i]`, the texts `first[i]` to `behind[i]`."""

    url: str
    base: str
    elements: list[HtmlElement] = field(repr=False)
    tags: list[str] = field(repr=False)
    parents: list[int] = field(repr=False)
    after: list[int] = field(repr=False)
    first: list[int] = field(repr=False)
    behind: list[int] = field(repr=False)
    texts: list[str] = field(repr=False)
    owners: list[int] = field(repr=False)
    lines: list[int] = field(repr=False)
    root: HtmlElement = field(repr=False)

    @property
    def is_cut(self) -> bool:
        """Whether the page was larger than what is looked at."""
        return len(self.elements) >= MAX_ELEMENTS or len(self.links) >= MAX_LINKS

    def text(self, lo: int, hi: int) -> str:
        """Join the texts `lo` to `hi` as a reader sees them, on one line."""
        parts: list[str] = []
        line = -1
        for position in range(lo, hi):
            if self.lines[position] != line:
                parts.append(" ")
                line = self.lines[position]
            parts.append(self.texts[position])
        return fold("".join(parts))

    def spaced(self, lo: int, hi: int) -> str:
        """Join the texts `lo` to `hi` with a space between any two, as boxes side by side are read."""
        return fold(" ".join(self.texts[lo:hi]))

    def text_of(self, element: int) -> str:
        """Return what an element shows, on one line."""
        return self.text(self.first[element], self.behind[element])

    def classes(self, element: int) -> str:
        """Return the class attribute of an element."""
        return self.elements[element].get("class") or ""

    def ancestors(self, element: int) -> Iterator[int]:
        """Yield the elements around one, nearest first."""
        element = self.parents[element]
        while element >= 0:
            yield element
            element = self.parents[element]

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Every link to a page or file on the web, in document order."""
        here = urldefrag(self.url).url
        found: list[Link] = []
        for index, tag in enumerate(self.tags):
            if tag != "a":
                continue
            if len(found) >= MAX_LINKS:
                break
            href = self.elements[index].get("href") or ""
            url = resolve(self.base, href)
            if url is None or (urldefrag(url).url == here and ("#" in href or url == here)):
                continue
            found.append(Link(index, url, self.text_of(index)))
        return tuple(found)


def fold(text: str) -> str:
    """Fold white space to single spaces."""
    if text.isascii():
        return " ".join(text.split())
    return _SPACES.sub(" ", text).strip()


def resolve(base: str, href: str) -> str | None:
    """Make a link absolute; None when it does not lead to another page."""
    href = href.strip()
    return None if not href or href.startswith("#") else urls.absolute(base, href)


def parse_html(document: Document) -> HtmlElement:
    """Parse a document's body into a tree; raise ParseError when there is none."""
    text = _XML_PROLOG.sub("", text_bytes.decode(document.body, document.content_type))
    body = text.replace("\x00", "").encode("utf-8", "replace")
    root = None
    if body.strip():
        # Without huge_tree libxml2 stops at its own depth limit; what was read until then is kept.
        parser = HTMLParser(encoding="utf-8", huge_tree=False, remove_comments=True, remove_pis=True)
        try:
            root = etree.fromstring(body, parser)
        except etree.LxmlError:
            root = None
    if root is None:
        raise ParseError("empty", "the page is empty", url=document.url)
    return root


def read(document: Document) -> Outline:
    """Parse a document and lay it out."""
    return lay_out(parse_html(document), document.url)


def base_of(root: HtmlElement, url: str) -> str:
    """Return the address that the page's links are relative to."""
    for element in root.iter("base"):
        href = (element.get("href") or "").strip()
        if href:
            return resolve(url, href) or url
    return url


class _Writer:
    """Fills the arrays during the one walk over the tree."""

    def __init__(self) -> None:
        self.elements: list[HtmlElement] = []
        self.tags: list[str] = []
        self.parents: list[int] = []
        self.after: list[int] = []
        self.first: list[int] = []
        self.behind: list[int] = []
        self.texts: list[str] = []
        self.owners: list[int] = []
        self.lines: list[int] = []
        self.line = 0
        self.last_heading = -1

    def open(self, element: HtmlElement, tag: str, parent: int) -> int:
        index = len(self.elements)
        self.elements.append(element)
        self.tags.append(tag)
        self.parents.append(parent)
        self.after.append(index + 1)
        if tag not in INLINE:
            self.line += 1
        if tag in HEADINGS:
            self.last_heading = index
        self.first.append(len(self.texts))
        self.behind.append(len(self.texts))
        return index

    def close(self, index: int) -> None:
        self.after[index] = len(self.elements)
        self.behind[index] = len(self.texts)
        if self.tags[index] in HEADINGS and self.last_heading > index:
            self.tags[index] = "div"  # "<h2>News</h1>" ends where a browser sees it, and not for libxml2
        if self.tags[index] not in INLINE:
            self.line += 1

    def write(self, text: str | None, owner: int) -> None:
        if not text:
            return
        if text.isspace():
            # A space between two inline pieces parts words, as it does on the screen.
            if self.texts and self.lines[-1] == self.line:
                self.texts[-1] += " "
            return
        self.texts.append(text[:MAX_TEXT])
        self.owners.append(owner)
        self.lines.append(self.line)


def lay_out(root: HtmlElement, url: str) -> Outline:
    """Lay a tree out as arrays, leaving out what is never shown."""
    top = root.find("body")
    top = root if top is None else top
    writer = _Writer()
    stack = [(top, writer.open(top, "body", -1), iter(top))]
    writer.write(top.text, 0)
    while stack:
        parent, index, children = stack[-1]
        child = next(children, None)
        if child is None:
            writer.close(index)
            stack.pop()
            if stack:
                writer.write(parent.tail, stack[-1][1])
            continue
        tag = child.tag
        if not isinstance(tag, str) or tag in _SKIPPED or len(writer.elements) >= MAX_ELEMENTS:
            writer.write(child.tail, index)
            continue
        stack.append((child, writer.open(child, tag, index), iter(child)))
        writer.write(child.text, stack[-1][1])
    return Outline(
        url=url,
        base=base_of(root, url),
        elements=writer.elements,
        tags=writer.tags,
        parents=writer.parents,
        after=writer.after,
        first=writer.first,
        behind=writer.behind,
        texts=writer.texts,
        owners=writer.owners,
        lines=writer.lines,
        root=root,
    )
