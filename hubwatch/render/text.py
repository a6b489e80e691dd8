"""A digest as plain text for pipes and files: nothing is cut, nothing is colored."""

from __future__ import annotations

from collections.abc import Iterator

from hubwatch.models import Digest, Match
from hubwatch.render import words


def render(digest: Digest) -> str:
    """Write a digest as plain text."""
    return "\n".join(_lines(digest)) + "\n"


def _lines(digest: Digest) -> Iterator[str]:
    yield words.heading(digest)
    for section in digest.sections:
        yield ""
        yield section.title.upper()
        for match in section.matches:
            yield ""
            yield from _entry(match, digest)
    tail = [line for line in (words.left_out(digest), *digest.health) if line]
    if tail:
        yield ""
        yield from tail


def _entry(match: Match, digest: Digest) -> Iterator[str]:
    item = match.item
    yield f"* {item.title}"
    yield f"  {' | '.join(words.facts(match, now=digest.created))} | score {match.score:.2f}"
    if match.reasons:
        yield f"  why: {'; '.join(match.reasons)}"
    if match.context:
        yield f"  … {match.context.replace(HIT_START, '**').replace(HIT_END, '**')}"
    elif item.summary:
        yield f"  {' '.join(item.summary.split())}"
    if item.url:
        yield f"  {item.url}"
    for carried in match.also:
        yield f"  also: {carried.source_name or carried.source} {carried.url or ''}".rstrip()
    yield f"  id: {item.id}"


# How the store marks a hit in Match.context: characters that clean text never holds.
HIT_START, HIT_END = "\ue000", "\ue001"
