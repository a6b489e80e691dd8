"""Well-formed RSS 0.9x to 2.0, RSS 1.0 and Atom by the standard library's parser, in about a millisecond.

Declines (None) whatever is odd, so that feedparser reads it; on all it takes, both give the same items.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urljoin
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from hubwatch.fetchers import feed_entry, feed_names, feed_text, limit
from hubwatch.fetchers.feed_entry import NOTHING, Link, Text
from hubwatch.models import Document, Page, RawItem

_ROOTS = frozenset({"rss", "rdf:rdf", "feed"})
_CHARSET = re.compile(r"charset\s*=\s*[\"']?utf-?8\b", re.IGNORECASE)
_PROLOG = re.compile(rb"<\?xml\s[^>]*?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
# C1 controls that stand for Windows-1252 characters; UTF-8 that was taken for Latin-1 and encoded again:
# feedparser mends both.
_MENDABLE = re.compile(rb"\xc2[\x80-\x9f]|\xc3[\x82-\xb4]\xc2[\x80-\xbf]")
_ASCII = bytes(range(128))
_MENDABLE_NUMBER = re.compile(rb"&#(?:0*1[2-5][0-9]|[xX]0*[89][0-9a-fA-F]);")
_TYPES = {
    "": "text/plain",
    "text": "text/plain",
    "plain": "text/plain",
    "html": "text/html",
    "xhtml": "xhtml",
}
_QUOTE = {'"': "&quot;"}
_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
_DEEPEST = 3  # of an item's children: those of a media:content in a media:group
_ATOM_03 = "http://purl.org/atom/ns#"


class _Odd(Exception):
    """Not an error, but the sign that feedparser should read this: it has rules for it, and we have not."""


def read(document: Document, *, max_items: int = limit.MAX_ITEMS) -> Page | None:
    """Read a feed if it is well-formed and ordinary; None if it should be read leniently."""
    data, left_out = feed_text.limit_items(document.body, max_items)
    page = _read(document.url, data, max_items, left_out) if _is_plain_utf8(document) else None
    if page is not None:
        return page
    # An odd encoding, a DOCTYPE or a stray control character alone do not need feedparser.
    text, left_out = feed_text.limit_items(feed_text.clean(document), max_items)
    if not text.startswith("<") or text.startswith("<!"):
        return None
    return _read(document.url, text.encode("utf-8", "replace"), max_items, left_out)


def _is_plain_utf8(document: Document) -> bool:
    header = document.content_type or ""
    if "charset" in header.lower() and not _CHARSET.search(header):
        return False
    prolog = _PROLOG.match(document.body.removeprefix(b"\xef\xbb\xbf")[:300])
    if prolog and prolog[1].lower() not in (b"utf-8", b"utf8"):
        return False
    start = document.body[:4].lstrip(b"\xef\xbb\xbf")
    # A NUL is half a character of UTF-16.
    return start[:1] == b"<" and b"\0" not in start and b"<!ENTITY" not in document.body


def _read(url: str, data: bytes, max_items: int, left_out: int) -> Page | None:
    if _is_mendable(data):
        return None
    try:
        root = ElementTree.XML(data)  # without a DTD: nothing to expand or to load
    except (ElementTree.ParseError, ValueError, LookupError):
        return None
    kind = feed_names.short(root.tag)
    if kind not in _ROOTS:
        return None
    base = _base(root, "") if b"xml:base" in data else None
    try:
        meanings = feed_names.Meanings(data[:4096].decode("utf-8", "replace"))
        reader = _Reader(url, meanings, is_atom=kind == "feed")
        return _page(reader, root, kind, base, max_items, left_out)
    except _Odd:
        return None


def _is_mendable(data: bytes) -> bool:
    if _MENDABLE_NUMBER.search(data):
        return True
    if data.isascii():
        return False
    # Only the rest that is not ASCII is searched at first: it is short, and the search is slow.
    return bool(_MENDABLE.search(data.translate(None, _ASCII)) and _MENDABLE.search(data))


def _page(
    reader: _Reader, root: ElementTree.Element, kind: str, base: str | None, max_items: int, left_out: int
) -> Page:
    channels = [root] if kind == "feed" else [c for c in root if feed_names.short(c.tag) == "channel"]
    items = [(element, base) for element in root if feed_names.short(element.tag) in ("item", "entry")]
    for channel in channels if kind != "feed" else ():
        inner = base if base is None else _base(channel, base)
        items += [(e, inner) for e in channel if feed_names.short(e.tag) in ("item", "entry")]
    if not items and ((kind == "rdf:rdf" and not channels) or any(map(_is_item, root.iter()))):
        raise _Odd  # some other RDF, or items where they do not belong
    left_out += max(0, len(items) - max_items)
    found = tuple(reader.item(element, inner) for element, inner in items[:max_items])
    head = _Head(channels, base)
    return Page(
        items=found,
        title=feed_entry.feed_title(head.title),
        ttl_s=feed_entry.ttl_s(head.ttl, head.period, head.frequency),
        quiet_hours=feed_entry.quiet_hours(head.skipped["skiphours"], head.skipped["skipdays"]),
        next_url=feed_entry.older_url(reader.url, head.links),
        problems=limit.notice(left_out, max_items),
        how=_how(root, kind),
    )


def _is_item(element: ElementTree.Element) -> bool:
    return element.tag.endswith(("item", "entry"))


def _how(root: ElementTree.Element, kind: str) -> str:
    if kind == "feed":
        return "Atom 0.3" if feed_names.split(root.tag)[0] == _ATOM_03 else "Atom 1.0"
    if kind == "rss":
        return f"RSS {root.get('version') or '(version not said)'}"[:30]
    return "RSS 0.90" if any("netscape" in child.tag for child in root) else "RSS 1.0"


class _Head:
    """What the feed says of itself, apart from its items."""

    def __init__(self, channels: Iterable[ElementTree.Element], base: str | None) -> None:
        self.title = NOTHING
        self.ttl = self.period = self.frequency = ""
        self.skipped: dict[str, list[str]] = {"skiphours": [], "skipdays": []}
        self.links: list[Link] = []
        for channel in channels:
            for child in channel:
                self._take(feed_names.short(child.tag), child, base)

    def _take(self, name: str, child: ElementTree.Element, base: str | None) -> None:
        if name == "title":
            self.title = Text(_text(child), _TYPES.get(child.get("type", "").lower(), "text/html"))
            if "{" not in child.tag:
                self.title = Text(self.title.value)  # RSS does not say; it is markup as often as not
        elif name == "ttl":
            self.ttl = _text(child)
        elif name == "sy:updateperiod":
            self.period = _text(child)
        elif name == "sy:updatefrequency":
            self.frequency = _text(child)
        elif name in self.skipped:
            self.skipped[name] += [_text(each) for each in child]
        elif name == "link" and child.get("href"):
            self.links.append(_link(child, base))


class _Reader:
    """Reads the items of one document; holds nothing but what is the same for all of them."""

    def __init__(self, url: str, meanings: feed_names.Meanings, *, is_atom: bool) -> None:
        self.url = url
        self.meanings = meanings
        self.is_atom = is_atom

    def item(self, element: ElementTree.Element, base: str | None) -> RawItem:
        """Read one item or entry; `base` is None when the document has no xml:base at all."""
        if base is not None:
            base = _base(element, base)
        found: dict[str, list[ElementTree.Element]] = {}
        bodies: list[tuple[str, ElementTree.Element, int]] = []
        self._sort(element, 1, found, bodies)
        if "odd" in found:
            raise _Odd
        summary, contents = self._bodies(bodies)
        updated = _last(found, "updated")
        published = _last(found, "published") or _last(found, "created") or ("" if self.is_atom else updated)
        guid, guid_is_link = self._guid(element, found.get("guid", ()), base)
        links = [_link(child, base) for child in found.get("link", ())]
        return feed_entry.raw_item(
            self.url,
            guid=guid,
            guid_is_link=guid_is_link or any(link.rel == "alternate" for link in links),
            links=links,
            original_link=_last(found, "original link"),
            title=self._title(found),
            summary=summary,
            contents=contents,
            published=published,
            updated=updated,
            authors=[_author(child) for child in found["author"]] if "author" in found else (),
            categories=_categories(found),
        )

    def _sort(
        self,
        element: ElementTree.Element,
        depth: int,
        found: dict[str, list[ElementTree.Element]],
        bodies: list[tuple[str, ElementTree.Element, int]],
    ) -> None:
        """Lay an item's children out by what they mean; those of media:group, categories... as well."""
        meanings = self.meanings
        for child in element:
            meaning = meanings[child.tag]
            if not meaning:
                continue
            if meaning == "summary" or meaning == "content":
                bodies.append((meaning, child, depth))
            elif meaning == "group":
                if depth < _DEEPEST:
                    self._sort(child, depth + 1, found, bodies)
            elif meaning in found:
                found[meaning].append(child)
            else:
                found[meaning] = [child]

    def _title(self, found: dict[str, list[ElementTree.Element]]) -> Text:
        for child in (*found.get("title", ()), *found.get("media title", ())):
            text = self._text(child)
            if text.value:
                return text
        return NOTHING

    def _text(self, child: ElementTree.Element) -> Text:
        if not self.is_atom:
            return Text(_text(child))
        # Elements that come from RSS are markup if they do not say.
        said = child.get("type", "html" if child.tag.endswith(("description", "encoded")) else "").lower()
        type_ = _TYPES.get(said, said)
        if len(child) or type_.endswith("xml"):
            type_ = "xhtml"
        elif not type_.startswith("text/") and type_ != "xhtml":
            raise _Odd  # base64, or a media type of its own
        if child.get("mode", "escaped") == "base64":
            raise _Odd
        return Text(_text(child, unwrap=type_ == "xhtml"), type_)

    def _bodies(self, bodies: list[tuple[str, ElementTree.Element, int]]) -> tuple[Text, list[Text]]:
        """Tell summary from content as feedparser does, by order: a second description is content."""
        summary: Text | None = None
        deepest = 0
        contents: list[Text] = []
        for meaning, child, depth in bodies:
            text = self._text(child)
            if meaning == "content" or (summary is not None and not contents):
                contents.append(text)
                if summary is None:
                    summary, deepest = text, 99
            elif summary is None or depth <= deepest:
                summary, deepest = text, depth
        return summary or NOTHING, contents

    def _guid(
        self, element: ElementTree.Element, guids: Iterable[ElementTree.Element], base: str | None
    ) -> tuple[str, bool]:
        guid, is_link = element.get(feed_names.RDF_ABOUT, "").strip(), False
        for child in guids:
            guid, is_link = _text(child), child.get("isPermaLink", "true").lower() == "true"
            if is_link and base and guid:
                guid = _join(base, guid)
        return guid, is_link


def _text(element: ElementTree.Element, *, unwrap: bool = False) -> str:
    """The text of an element; its inner markup where the publisher did not escape it."""
    if not len(element):
        return (element.text or "").strip()
    if (
        unwrap
        and len(element) == 1
        and not (element.text or "").strip()
        and not (element[0].tail or "").strip()
    ):
        only = element[0]
        if feed_names.split(only.tag)[1] == "div":
            element = only
    return _inner_markup(element)


def _inner_markup(element: ElementTree.Element) -> str:
    """Write the markup inside an element, without recursion: its depth is the publisher's."""
    pieces = [escape(element.text or "")]
    open_: list[tuple[str, ElementTree.Element | None, Iterator[ElementTree.Element]]] = [
        ("", None, iter(element))
    ]
    while open_:
        name, current, rest = open_[-1]
        child = next(rest, None)
        if child is None:
            open_.pop()
            if current is not None:
                pieces.append(f"</{name}>{escape(current.tail or '')}")
            continue
        name = feed_names.split(child.tag)[1]
        attributes = "".join(f' {feed_names.split(k)[1]}="{escape(v, _QUOTE)}"' for k, v in child.items())
        if name in _VOID and not len(child) and not child.text:
            pieces.append(f"<{name}{attributes}/>{escape(child.tail or '')}")
            continue
        pieces.append(f"<{name}{attributes}>{escape(child.text or '')}")
        open_.append((name, child, iter(child)))
    return "".join(pieces).strip()


def _link(element: ElementTree.Element, base: str | None) -> Link:
    if base is None and not element.attrib:
        return Link(_text(element).replace("&amp;", "&"))
    href = element.get("url") or element.get("uri") or element.get("href")
    if href is None:
        # Written as if for HTML (`?a=1&amp;amp;b=2`) in more feeds than one.
        href = _text(element).replace("&amp;", "&")
    if base is not None and href:
        href = _join(_base(element, base), href)
    return Link(href, element.get("rel", "alternate").lower(), element.get("type", "text/html").lower())


def _author(element: ElementTree.Element) -> str:
    if not len(element):
        return feed_entry.author_name(element.text or "")
    parts = {feed_names.short(child.tag): (child.text or "").strip() for child in element}
    return feed_entry.author_name(parts.get("name") or parts.get("email") or "")


def _categories(found: dict[str, list[ElementTree.Element]]) -> list[str]:
    names: list[str] = []
    for child in found.get("category", ()):
        if child.attrib:
            term, text = child.get("term"), _text(child)
            names += [child.get("label") or term or text, text if term else ""]
        else:
            names.append(_text(child))
    names += [child.get("text", "") for child in found.get("itunes category", ())]
    for child in found.get("keywords", ()):
        names += _text(child).split(",")
    return names


def _last(found: dict[str, list[ElementTree.Element]], meaning: str) -> str:
    return "".join(found[meaning][-1].itertext()).strip() if meaning in found else ""


def _base(element: ElementTree.Element, base: str) -> str:
    own = element.get(feed_names.XML_BASE)
    return _join(base, own) if own else base


def _join(base: str, href: str) -> str:
    try:
        return urljoin(base, href)
    except ValueError:
        return href
