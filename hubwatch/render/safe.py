"""A digest whose every text is harmless: what all formats start from, whatever stands in the store.

Escaping is each format's own matter; here goes what none of them may pass on: control and bidi characters,
lone surrogates, links that are no links.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, TypeVar

from hubwatch.models import ITEM_KINDS, Carried, Digest, Item, Match, Section, Tag, Trend
from hubwatch.text.controls import strip_controls

# How the store marks a hit in Match.context: characters that clean text never holds.
HIT_START, HIT_END = "\ue000", "\ue001"
_MARKS = re.compile(f"([{HIT_START}{HIT_END}])")
_MAIL = re.compile(r"mailto:[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
# No user, no port, nothing that ends an attribute, a link or a line.
_PLAIN = re.compile(r"https?://[a-z0-9.-]+/[\w~%+,;=&$*!./?-]*", re.ASCII)
_Text = TypeVar("_Text", str, str | None)
_Value = TypeVar("_Value", Carried, Item, Tag)


def line(text: _Text) -> _Text:
    """Return the text on one line, without anything that steers a terminal or deceives a reader."""
    return " ".join(strip_controls(text).split()) if text else text


def paragraphs(text: str) -> str:
    """Return the text with its paragraphs parted by single newlines."""
    lines = (" ".join(part.split()) for part in strip_controls(text).split("\n"))
    return "\n".join(part for part in lines if part)


def link(url: str | None) -> str | None:
    """Return the address if it is one that may be opened: http, https or mailto; else None."""
    if not url:
        return None
    if _PLAIN.fullmatch(url) or _MAIL.fullmatch(url):
        return url
    from hubwatch.text.urls import absolute  # 3 ms, and the store's own addresses hardly ever need it

    return absolute(url, url)


def digest(digest: Digest) -> Digest:
    """Return the digest with every text made harmless."""
    return replace(
        digest,
        title=line(digest.title),
        sections=tuple(
            Section(title=line(section.title), matches=tuple(match(m) for m in section.matches))
            for section in digest.sections
        ),
        ranked=tuple(match(m) for m in digest.ranked),
        health=tuple(line(text) for text in digest.health),
        profile=line(digest.profile),
        narrowed=tuple(line(option) for option in digest.narrowed),
        trends=tuple(trend(each) for each in digest.trends),
    )


def match(match: Match) -> Match:
    """Return the match with every text made harmless."""
    return replace(
        match,
        item=item(match.item),
        reasons=tuple(line(reason) for reason in match.reasons),
        also=tuple(_carried(carried) for carried in match.also),
        context=_context(match.context),
    )


def item(item: Item) -> Item:
    """Return the item, without its full text, made harmless."""
    return _with(
        item,
        id=line(item.id),
        source=line(item.source),
        title=line(item.title),
        url=link(item.url),
        summary=paragraphs(item.summary),
        content="",
        tags=tuple(_tag(tag) for tag in item.tags),
        kind=item.kind if item.kind in ITEM_KINDS else "other",
        kind_reason=line(item.kind_reason),
        organizations=tuple(line(name) for name in item.organizations),
        source_name=line(item.source_name),
        hub=line(item.hub),
        state=line(item.state),
    )


def trend(trend: Trend) -> Trend:
    """Return the trend with its names made harmless."""
    return replace(trend, key=line(trend.key), name=line(trend.name))


def hits(context: str) -> list[tuple[str, bool]]:
    """Cut a hit's surroundings into pieces, and say of each whether it is the hit."""
    pieces = []
    is_hit = False
    for piece in _MARKS.split(context):
        if piece in (HIT_START, HIT_END):
            is_hit = piece == HIT_START
        elif piece:
            pieces.append((piece, is_hit))
    return pieces


def _with(value: _Value, **texts: Any) -> _Value:
    """Return the value with these fields, or itself where they are what they were: nearly always."""
    changed = {name: text for name, text in texts.items() if getattr(value, name) != text}
    return replace(value, **changed) if changed else value


def _tag(tag: Tag) -> Tag:
    evidence = tag.evidence
    if any(line(each.words) != each.words for each in evidence):
        evidence = tuple(replace(each, words=line(each.words)) for each in evidence)
    return _with(tag, topic=line(tag.topic), evidence=evidence)


def _carried(carried: Carried) -> Carried:
    return _with(
        carried,
        source=line(carried.source),
        url=link(carried.url),
        source_name=line(carried.source_name),
        item=line(carried.item),
    )


def _context(context: str | None) -> str | None:
    if context is None:
        return None
    # The marks are private-use characters, which cleaning takes out; the spaces at the seams are kept.
    pieces = (
        piece if piece in (HIT_START, HIT_END) else re.sub(r"\s+", " ", strip_controls(piece))
        for piece in _MARKS.split(context)
    )
    return "".join(pieces).strip()
