"""OPML: the feeds that another reader exported. Only reads; what may be followed is decided elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from hubwatch.errors import ParseError
from hubwatch.text import plain

_MOST = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One feed of an OPML file, as it stands there."""

    url: str
    title: str


def parse(body: bytes, name: str) -> tuple[Outline, ...]:
    """Return the feeds of an OPML document; `name` says in an error which file it was."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ParseError("not-opml", f"{name} is not OPML: {error}") from error
    if root is None or etree.QName(root).localname.lower() != "opml":
        raise ParseError(
            "not-opml", f"{name} is not OPML", hint="export the list of feeds from your reader as OPML"
        )
    found: list[Outline] = []
    for outline in root.iter("outline", "{*}outline"):
        url = (outline.get("xmlUrl") or outline.get("xmlurl") or "").strip()
        if url and len(found) < _MOST:
            title = outline.get("title") or outline.get("text") or ""
            found.append(
                Outline(url=plain.strip_controls(url), title=plain.to_line(title, is_html=False, limit=120))
            )
    return tuple(found)
