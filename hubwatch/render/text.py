"""A digest as plain text for pipes and files: nothing is cut, nothing is colored."""

from __future__ import annotations

from collections.abc import Iterator

from hubwatch.models import Digest, Match
from hubwatch.render import safe, words

_GUTTER = 10  # columns that the time left takes in a list by deadline


def render(digest: Digest) -> str:
    """Write a digest as plain text."""
    return "\n".join(_lines(safe.digest(digest))) + "\n"


def _lines(digest: Digest) -> Iterator[str]:
    yield words.heading(digest)
    for section in digest.sections:
        yield ""
        yield section.title.upper()
        for match in section.matches:
            yield ""
            yield from _entry(match, digest)
    nothing = words.nothing(digest)
    if nothing:
        yield ""
        yield nothing
    tail = [line for line in (words.left_out(digest), words.open_calls(digest), *digest.health) if line]
    if tail:
        yield ""
        yield from tail


def _entry(match: Match, digest: Digest) -> Iterator[str]:
    if digest.sort == "deadline":
        left = words.time_left(match, today=digest.created.date())
        lead, facts = f"{left:>{_GUTTER}}  ", words.call_facts(match, now=digest.created)
    else:
        facts = [*words.facts(match, now=digest.created), f"score {match.score:.2f}"]
        lead = "* "
    yield f"{lead}{match.item.title}"
    indent = " " * len(lead)
    yield indent + " | ".join(facts)
    yield from (indent + line for line in _details(match))


def _details(match: Match) -> Iterator[str]:
    item = match.item
    if match.reasons:
        yield f"why: {'; '.join(match.reasons)}"
    if match.context:
        yield "".join(f"**{piece}**" if hit else piece for piece, hit in safe.hits(match.context))
    elif item.summary:
        yield " ".join(item.summary.split())
    if item.url:
        yield item.url
    for carried in match.also:
        yield f"also: {carried.source_name or carried.source} {carried.url or ''}".rstrip()
    yield f"id: {item.id}"
