"""The names of feed elements: XML namespaces and tags, under all their spellings, to one short name each."""

from __future__ import annotations

import re

# Lower case and without a closing slash: publishers get both wrong. The prefixes are those feedparser uses.
NAMESPACES = {
    "": "",
    "http://www.w3.org/2005/atom": "",
    "http://purl.org/atom/ns#": "",
    "http://purl.org/rss/1.0": "",
    "http://my.netscape.com/rdf/simple/0.9": "",
    "http://channel.netscape.com/rdf/simple/0.9": "",
    "http://backend.userland.com/rss": "",
    "http://backend.userland.com/rss2": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://purl.org/rss/1.0/modules/rss091#": "",
    "http://purl.org/rss/1.0/modules/content": "content",
    "http://purl.org/dc/elements/1.1": "dc",
    "http://purl.org/dc/terms": "dcterms",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://search.yahoo.com/mrss": "media",
    "http://www.rssboard.org/media-rss": "media",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://purl.org/rss/1.0/modules/syndication": "sy",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.w3.org/xml/1998/namespace": "xml",
}
XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"

# What a child of an entry is for. Elements with the same meaning share a word.
MEANINGS = {
    "title": "title",
    "dc:title": "title",
    "media:title": "media title",
    "link": "link",
    "feedburner:origlink": "original link",
    "guid": "guid",
    "id": "guid",
    "description": "summary",
    "dc:description": "summary",
    "media:description": "summary",
    "abstract": "summary",
    "summary": "summary",
    "itunes:summary": "summary",
    "content": "content",
    "content:encoded": "content",
    "fullitem": "content",
    "body": "odd",
    "xhtml:body": "odd",
    "pubdate": "published",
    "published": "published",
    "issued": "published",
    "dcterms:issued": "published",
    "updated": "updated",
    "modified": "updated",
    "lastbuilddate": "updated",
    "dc:date": "updated",
    "dcterms:modified": "updated",
    "created": "created",
    "dcterms:created": "created",
    "author": "author",
    "dc:author": "author",
    "dc:creator": "author",
    "itunes:author": "author",
    "category": "category",
    "keywords": "category",
    "dc:subject": "category",
    "media:category": "category",
    "itunes:category": "itunes category",
    "itunes:keywords": "keywords",
    "media:keywords": "keywords",
    "tags": "keywords",
    "categories": "group",
    "media:group": "group",
    "media:content": "group",
}

_DECLARATION = re.compile(r"xmlns:([\w.-]+)\s*=\s*[\"']([^\"']*)[\"']")


def split(tag: str) -> tuple[str, str]:
    """Part a tag in ElementTree's notation into its namespace (folded) and local name (lower case)."""
    if tag[0] != "{":
        return "", tag.lower()
    namespace, _, local = tag[1:].partition("}")
    return _folded(namespace), local.lower()


def short(tag: str) -> str:
    """Name a tag by prefix and local name, `?` for the prefix of a namespace that we do not know."""
    namespace, local = split(tag)
    prefix = NAMESPACES.get(namespace, "?")
    return f"{prefix}:{local}" if prefix else local


class Meanings(dict[str, str]):
    """From tag to meaning, worked out at the first sight of a tag; make one for each document."""

    def __init__(self, head: str) -> None:
        """Take over the document's own bindings of well-known prefixes to addresses that we do not know."""
        super().__init__()
        known = set(NAMESPACES.values())
        self._prefixes = {
            _folded(uri): prefix.lower()
            for prefix, uri in _DECLARATION.findall(head)
            if prefix.lower() in known and _folded(uri) not in NAMESPACES
        }

    def __missing__(self, tag: str) -> str:
        """Work out what a tag means; the empty string where nothing is taken from it."""
        name = short(tag)
        if name.startswith("?:"):
            namespace, local = split(tag)
            name = f"{self._prefixes.get(namespace, '?')}:{local}"
        meaning = self[tag] = MEANINGS.get(name, "")
        return meaning


def _folded(uri: str) -> str:
    return uri.strip().lower().rstrip("/")
