"""A digest as an Atom feed (RFC 4287), for feed readers. Ids stay the same from one digest to the next."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from hubwatch import __version__
from hubwatch.models import Digest, Match
from hubwatch.render import safe, words
from hubwatch.render.json import moment

NAMESPACE = "http://www.w3.org/2005/Atom"
# What XML 1.0 has no place for, beyond what cleaning takes out.
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(digest: Digest) -> str:
    """Write a digest as an Atom feed, best first."""
    ET.register_namespace("", NAMESPACE)
    clean = safe.digest(digest)
    feed = ET.Element(_name("feed"))
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", "en")
    _add(feed, "id", urn("feed", clean.profile or "", clean.title))
    _add(feed, "title", clean.title or "hubwatch")
    # Not the time of the digest: the same items make the same bytes, and readers see no change.
    _add(feed, "updated", _moment(max((m.item.updated for m in clean.ranked), default=clean.created)))
    _add(_add(feed, "author"), "name", "hubwatch")
    _add(feed, "generator", "hubwatch", version=__version__)
    for match in clean.ranked:
        _entry(feed, match)
    ET.indent(feed)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(feed, encoding="unicode") + "\n"


def urn(*parts: str) -> str:
    """Return an id that is the same for the same parts, everywhere and always."""
    return uuid5(NAMESPACE_URL, "\n".join(("hubwatch", *parts))).urn


def _entry(feed: ET.Element, match: Match) -> None:
    item = match.item
    entry = _add(feed, "entry")
    _add(entry, "id", urn("item", item.id))
    _add(entry, "title", item.title or "Untitled")
    _add(entry, "updated", _moment(item.updated))
    if item.published:
        _add(entry, "published", _moment(item.published))
    _add(_add(entry, "author"), "name", words.publisher(item) or "unknown")
    if item.url:
        _add(entry, "link", rel="alternate", href=item.url)
    for carried in match.also:
        if carried.url:
            _add(entry, "link", rel="related", href=carried.url, title=carried.source_name or carried.source)
    _add(entry, "category", term=item.kind, label=item.kind)
    for tag in item.tags:
        if tag.is_given:
            _add(entry, "category", term=tag.topic)
    # An entry without a link of its own must have its content with it (RFC 4287, 4.1.2).
    _add(entry, "summary" if item.url else "content", _summary(match))


def _summary(match: Match) -> str:
    """Put what Atom has no element for into the text; no "in 5 days", which changes by tomorrow."""
    item = match.item
    facts: list[str] = [item.kind] if item.kind != "other" else []
    if item.deadline:
        facts.append(f"due {item.deadline:%B} {item.deadline.day}, {item.deadline.year}")
    if item.money_usd:
        facts.append(words.money(item.money_usd))
    why = f"Why: {'; '.join(match.reasons)}" if match.reasons else ""
    return "\n".join(line for line in (" · ".join(facts), item.summary, why) if line)


def _add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    made = ET.SubElement(parent, _name(tag), {key: _xml(value) for key, value in attributes.items()})
    if text is not None:
        made.text = _xml(text)
    return made


def _name(tag: str) -> str:
    return f"{{{NAMESPACE}}}{tag}"


def _xml(text: str) -> str:
    return _NOT_XML.sub("", text)


def _moment(when: datetime) -> str:
    return moment(when) or ""
