"""OPML: the feeds that another reader exported. Only reads; what may be followed is decided elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field

from lxml import etree

from hubwatch.errors import ParseError
from hubwatch.models.dataclass import dataclass
from hubwatch.text import controls, plain

NAMESPACE = "https://github.com/hubwatch/hubwatch#opml"  # of attributes that only hubwatch writes and reads
_MOST = 5000
_OWN = ("id", "kind", "what", "hub", "state", "every", "query")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One feed of an OPML file, as it stands there."""

    url: str
    title: str
    own: Mapping[str, str] = field(default_factory=dict)  # what hubwatch wrote beside it


def parse(body: bytes, name: str) -> tuple[Outline, ...]:
    """Return the feeds of an OPML document; `name` says in an error which file it was."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ParseError("not-opml", f"{name} is not OPML: {error}") from error
    # Not by QName: it refuses the names with an undeclared prefix that `recover` lets through.
    if root is None or re.split("[}:]", str(root.tag))[-1].lower() != "opml":
        raise ParseError(
            "not-opml", f"{name} is not OPML", hint="export the list of feeds from your reader as OPML"
        )
    found: list[Outline] = []
    for outline in root.iter("outline", "{*}outline"):
        own = {key: value for key in _OWN if (value := _said(outline, f"{{{NAMESPACE}}}{key}"))}
        url = (_said(outline, "xmlUrl") or _said(outline, "xmlurl")).strip()
        url = url or _said(outline, "url").strip() if own else url
        if url and len(found) < _MOST:
            title = _said(outline, "title") or _said(outline, "text")
            found.append(
                Outline(
                    url=controls.strip_controls(url),
                    title=plain.to_line(title, is_html=False, limit=120),
                    own=own,
                )
            )
    return tuple(found)


def _said(outline: etree._Element, attribute: str) -> str:
    try:
        return outline.get(attribute) or ""
    except UnicodeDecodeError:  # half a character by its number (`&#xD800;`), which `recover` lets through
        return ""
