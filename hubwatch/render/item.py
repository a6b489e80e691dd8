"""One item in full, as plain lines: everything known of it, and why it was tagged as it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from hubwatch.models import Carried, Evidence, Item, Revision, Tag
from hubwatch.render import words
from hubwatch.render.tables import wrap
from hubwatch.text.controls import strip_controls


def lines(
    item: Item, also: Sequence[Carried], revisions: Sequence[Revision], *, now: datetime
) -> Iterator[str]:
    """Write an item for reading, harmless whatever stands in the store."""
    return map(strip_controls, _lines(item, also, revisions, now=now))


def _lines(
    item: Item, also: Sequence[Carried], revisions: Sequence[Revision], *, now: datetime
) -> Iterator[str]:
    yield from wrap(item.title)
    if item.url:
        yield item.url
    yield ""
    for name, value in _fields(item, now=now):
        if value:
            yield from wrap(value, first=f"{name:<12} ")
    yield from _tags(item)
    if also:
        yield ""
        yield "Also at"
        yield from (f"  {c.source_name or c.source}: {c.url or ''} ({(c.item or '')[:8]})" for c in also)
    if revisions:
        yield ""
        yield "Earlier versions"
        for revision in revisions:
            yield from wrap(f"{revision.seen:%Y-%m-%d %H:%M}: {revision.title}", first="  ", rest="    ")
    text = item.content or item.summary
    if text:
        yield ""
        for paragraph in text.split("\n"):
            yield from wrap(paragraph)


def _fields(item: Item, *, now: datetime) -> tuple[tuple[str, str | None], ...]:
    source = f"{words.publisher(item)} ({item.source})" if item.source_name else item.source
    return (
        ("id", item.id),
        ("source", source),
        ("hub", item.hub),
        ("state", item.state),
        ("published", f"{item.published:%Y-%m-%d %H:%M} UTC" if item.published else "not said"),
        ("first seen", f"{item.first_seen:%Y-%m-%d %H:%M} UTC"),
        ("kind", item.kind + (f": {item.kind_reason}" if item.kind_reason else "")),
        ("deadline", words.deadline(item.deadline, today=now.date()) if item.deadline else None),
        ("money", f"${item.money_usd:,.0f}" if item.money_usd else None),
        ("names", "; ".join(item.organizations) or None),
        ("authors", "; ".join(item.authors) or None),
        ("categories", "; ".join(item.categories) or None),
    )


def _tags(item: Item) -> Iterator[str]:
    given = [tag for tag in item.tags if tag.is_given]
    close = [tag for tag in item.tags if not tag.is_given]
    yield ""
    yield "Topics" if given else "Topics: none"
    for tag in given:
        yield f"  {tag.topic} {tag.score:.2f}"
        yield from (f"    {_because(evidence)}" for evidence in tag.evidence)
    if close:
        yield from wrap(f"not given: {', '.join(_close(tag) for tag in close[:4])}", first="  ", rest="    ")


def _because(evidence: Evidence) -> str:
    if evidence.where == "hub":
        return f"{evidence.weight:+.2f} its hub works in this area"
    return f"{evidence.weight:+.2f} “{evidence.words}” in the {evidence.where}"


def _close(tag: Tag) -> str:
    return f"{tag.topic} {tag.score:.2f}" + (f" ({', '.join(tag.matches[:3])})" if tag.matches else "")
