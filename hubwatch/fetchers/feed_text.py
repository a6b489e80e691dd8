"""The bytes of a feed or sitemap to text that an XML parser may be given: decoded, without a DOCTYPE, with
declared entities put in within bounds and characters that XML forbids taken out. Pure."""

from __future__ import annotations

import re
from html.entities import html5
from typing import AnyStr

from hubwatch.errors import ParseError
from hubwatch.models import Document
from hubwatch.text import bytes as text_bytes

MAX_ENTITIES = 300  # HTML's own list of Latin-1 and symbol entities has 253
MAX_ENTITY_LENGTH = 2_000
SHORTEST_ITEM = 30  # characters; shorter ones are counted once they are read
MAX_GROWTH = 1_000_000  # characters that all declared entities together may add

_MARK = re.compile(r"[\"'\[\]>]|<!--")
_CLOSING = {'"': '"', "'": "'", "<!--": "-->"}
_ENTITY = re.compile(r"<!ENTITY\s+([A-Za-z_][\w.-]*)\s+(?:\"([^\"<]*)\"|'([^'<]*)')\s*>")
_REFERENCE = re.compile(r"&([A-Za-z_][\w.-]*);")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NUMBER = re.compile(r"&#(x[0-9a-fA-F]+|[0-9]+);")
# Where markup is none.
ASIDE = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL)
_BARE = re.compile(rf"{ASIDE.pattern}|&(?!#\d+;|#[xX][0-9a-fA-F]+;|\w+;)(?=(\w*=?))", re.DOTALL)
_START = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>/]")
_END = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>")
_START_BYTES = re.compile(_START.pattern.encode())
_END_BYTES = re.compile(_END.pattern.encode())


def clean(document: Document) -> str:
    """Give the document as text from its root element on."""
    text = text_bytes.decode(document.body, document.content_type)
    text = _FORBIDDEN.sub("", text)
    start, doctype = _prolog(text)
    text = text[start:]
    if "<!ENTITY" in doctype:
        text = _put_in(text, _entities(doctype))
    return _NUMBER.sub(_allowed_number, text) if "&#" in text else text


def escape_bare(text: str) -> str:
    """Escape ampersands that begin no reference (`R&D`: feedparser makes `R&D;` of it), within bounds."""
    return _BARE.sub(_escaped, text) if text.count("&") * len("amp;") <= MAX_GROWTH else text


def _escaped(found: re.Match[str]) -> str:
    # HTML lets some names stand without their semicolon: `&copy 2026`, but not `?a=1&copy=2`.
    return "&amp;" if found[0] == "&" and found[1] not in html5 else found[0]


def limit_items(data: AnyStr, limit: int) -> tuple[AnyStr, int]:
    """Cut out the items after the first `limit`, so that no parser has to build them; say how many."""
    if len(data) <= limit * SHORTEST_ITEM:
        return data, 0
    start, end = (_START, _END) if isinstance(data, str) else (_START_BYTES, _END_BYTES)
    starts = [match.start() for match in start.finditer(data)]
    if len(starts) <= limit:
        return data, 0
    cut = starts[limit]
    closed = max((match.end() for match in end.finditer(data, starts[-1])), default=cut)
    rest = data[closed:] if closed > cut else data[:0]
    return data[:cut] + rest, len(starts) - limit


def _prolog(text: str) -> tuple[int, str]:
    """Where the root element starts, and the DOCTYPE that stood before it.

    What stands before the XML declaration (blank lines, a warning that the server printed) is passed over.
    """
    declaration = text.find("<?xml ", 0, 20_000)
    position, doctype = max(declaration, 0), ""
    while True:
        while position < len(text) and text[position] in " \t\r\n\ufeff":
            position += 1
        if text.startswith("<?", position):
            end = text.find("?>", position)
            end = end + 2 if end >= 0 else -1
        elif text.startswith("<!--", position):
            end = text.find("-->", position)
            end = end + 3 if end >= 0 else -1
        elif text[position : position + 9].upper() == "<!DOCTYPE":
            end = _doctype_end(text, position)
            doctype = text[position:end]
        else:
            return position, doctype
        if end < 0:
            return len(text), doctype  # it never ends: nothing is left to be read
        position = end


def _doctype_end(text: str, start: int) -> int:
    """Where a DOCTYPE ends, its internal subset included; -1 if it does not."""
    inside = False
    position = start
    while match := _MARK.search(text, position):
        mark, position = match.group(), match.end()
        if mark in _CLOSING:
            closing = text.find(_CLOSING[mark], position)
            if closing < 0:
                return -1
            position = closing + len(_CLOSING[mark])
        elif mark in "[]":
            inside = mark == "["
        elif not inside:
            return position
    return -1


def _entities(doctype: str) -> dict[str, str]:
    """The internal general entities, flat. Parameter and external ones are left out."""
    found = {name: first or second for name, first, second in _ENTITY.findall(doctype)}
    if len(found) > MAX_ENTITIES:
        raise _bomb()
    for _ in range(8):
        if not any(name in found for value in found.values() for name in _REFERENCE.findall(value)):
            return found
        found = {name: _flatter(value, found) for name, value in found.items()}
    raise _bomb()


def _flatter(value: str, entities: dict[str, str]) -> str:
    size = len(value) + sum(len(entities.get(name, "")) for name in _REFERENCE.findall(value))
    if size > MAX_ENTITY_LENGTH:
        raise _bomb()
    return _REFERENCE.sub(lambda match: entities.get(match[1], match[0]), value)


def _put_in(text: str, entities: dict[str, str]) -> str:
    growth = sum(len(entities.get(match[1], "")) for match in _REFERENCE.finditer(text))
    if growth > MAX_GROWTH:
        raise _bomb()
    return _REFERENCE.sub(lambda match: entities.get(match[1], match[0]), text)


def _bomb() -> ParseError:
    return ParseError(
        "unreadable", "it declares entities that grow out of bounds (an XML bomb), so it was not read"
    )


def _allowed_number(match: re.Match[str]) -> str:
    digits = match[1]
    if len(digits) > 9:
        return ""
    number = int(digits[1:], 16) if digits[0] == "x" else int(digits)
    allowed = (
        number in (9, 10, 13)
        or 0x20 <= number < 0xD800
        or 0xE000 <= number < 0xFFFE
        or 0x10000 <= number < 0x110000
    )
    return match[0] if allowed else ""
