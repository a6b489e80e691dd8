"""The sources as OPML, for another reader."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

from hubwatch.models import Source
from hubwatch.text import plain, urls


def render(sources: Sequence[Source]) -> str:
    """Write the sources as an OPML 2.0 document."""
    lines = "".join(_outline(source) for source in sources)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n'
        f"<head><title>hubwatch sources</title></head>\n<body>\n{lines}</body>\n</opml>\n"
    )


def _outline(source: Source) -> str:
    name = quoteattr(plain.strip_controls(source.name or source.id))
    address = quoteattr(urls.mask(source.url))
    # OPML knows only feeds; readers leave out an outline of another type.
    kind = "rss" if source.kind in ("feed", "auto") else "link"
    where = "xmlUrl" if kind == "rss" else "url"
    return f"  <outline type={quoteattr(kind)} text={name} title={name} {where}={address}/>\n"
