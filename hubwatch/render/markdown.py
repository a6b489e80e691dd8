"""A digest as Markdown for newsletters: headings, links, one paragraph an item."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hubwatch.models import Digest, Match
from hubwatch.render import safe, words

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!])")
# Lists, rules and underlines of headings: what would turn a line that begins so into something else.
_LINE_START = re.compile(r"^([-+=]|\d+[.)](?=\s|$))")
_ENTITY = re.compile(r"&(?=#?\w+;)")


def render(digest: Digest) -> str:
    """Write a digest as Markdown (CommonMark)."""
    return "\n".join(_lines(safe.digest(digest))) + "\n"


def escape(text: str) -> str:
    """Write text so that Markdown and the HTML made from it show it as it stands."""
    text = _ENTITY.sub("&amp;", _SPECIAL.sub(r"\\\1", " ".join(text.split())))
    return _LINE_START.sub(lambda start: f"{start[0][:-1]}\\{start[0][-1]}", text)


def link(title: str, url: str | None) -> str:
    """Write a link; an address with characters that end one is escaped."""
    if not url:
        return f"**{escape(title)}**"
    target = re.sub(r"[\s<>()\\\[\]`\"']", lambda m: f"%{ord(m[0]):02X}", url)
    target = _ENTITY.sub("&amp;", target)
    return f"[**{escape(title)}**]({target})"


def _lines(digest: Digest) -> Iterator[str]:
    yield f"# {escape(words.heading(digest))}"
    for section in digest.sections:
        yield ""
        yield f"## {escape(section.title)}"
        for match in section.matches:
            yield ""
            yield from _entry(match, digest)
    nothing = words.nothing(digest)
    if nothing:
        yield ""
        yield escape(nothing)
    tail = [line for line in (words.left_out(digest), words.open_calls(digest), *digest.health) if line]
    if tail:
        yield ""
        yield "---"
        yield ""
        yield from (f"*{escape(line)}*  " for line in tail)


def _hit(piece: str, is_hit: bool) -> str:
    # Escaping joins white space, but here what stands at the seams parts the words.
    lead, trail = piece[: len(piece) - len(piece.lstrip())], piece[len(piece.rstrip()) :]
    return f"**{escape(piece)}**" if is_hit else f"{lead}{escape(piece)}{trail}" if piece.strip() else " "


def _entry(match: Match, digest: Digest) -> Iterator[str]:
    item = match.item
    yield f"### {link(item.title, item.url)}"
    yield ""
    yield f"*{escape(' · '.join(words.facts(match, now=digest.created)))}*"
    if match.context:
        yield ""
        yield "".join(_hit(*piece) for piece in safe.hits(match.context))
    else:
        for paragraph in filter(None, item.summary.split("\n")):
            yield ""
            yield escape(paragraph)
    if match.reasons:
        yield ""
        yield f"Why: {escape('; '.join(match.reasons))}"
    if match.also:
        others = ", ".join(link(c.source_name or c.source, c.url).replace("**", "") for c in match.also)
        yield ""
        yield f"Also at {others}"
