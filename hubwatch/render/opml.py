"""The sources as OPML, for another reader."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

from hubwatch.fetchers.opml import NAMESPACE
from hubwatch.models import Source
from hubwatch.text import urls
from hubwatch.text.ages import format_duration
from hubwatch.text.controls import strip_controls


def render(sources: Sequence[Source]) -> str:
    """Write the sources as an OPML 2.0 document."""
    lines = "".join(_outline(source) for source in sources)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0" xmlns:hubwatch="{NAMESPACE}">\n'
        f"<head><title>hubwatch sources</title></head>\n<body>\n{lines}</body>\n</opml>\n"
    )


def _outline(source: Source) -> str:
    name = quoteattr(strip_controls(source.name or source.id))
    address = quoteattr(urls.mask(source.url))
    # OPML knows only feeds; readers leave out an outline of another type.
    kind = "rss" if source.kind in ("feed", "auto") else "link"
    where = "xmlUrl" if kind == "rss" else "url"
    own = "".join(
        f" hubwatch:{key}={quoteattr(strip_controls(value))}" for key, value in _own(source).items()
    )
    return f"  <outline type={quoteattr(kind)} text={name} title={name} {where}={address}{own}/>\n"


def _own(source: Source) -> dict[str, str]:
    """What only hubwatch reads: another reader passes over it."""
    values = {
        "id": source.id, "kind": source.kind, "what": source.what, "hub": source.hub, "state": source.state,
        "every": format_duration(source.every_s) if source.every_s else None, "query": source.query,
    }  # fmt: skip
    return {key: value for key, value in values.items() if value}
