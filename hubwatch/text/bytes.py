"""Bytes to text: byte order mark, then UTF-8 where it fits, then what header, prolog or meta declare.

Never raises: what cannot be read becomes U+FFFD, so that one bad byte costs one character.
"""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:+-]+)", re.IGNORECASE)
_PROLOG = re.compile(rb"^\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*[\"']([\w.:-]+)[\"']", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
# As browsers read them: labels that in practice mean the Windows code page.
_ALIASES = {
    "utf8": "utf-8",
    "ascii": "windows-1252",
    "us-ascii": "windows-1252",
    "latin1": "windows-1252",
    "latin-1": "windows-1252",
    "iso-8859-1": "windows-1252",
    "iso8859-1": "windows-1252",
    "iso-8859-9": "windows-1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "tis-620": "cp874",
    "unicode": "utf-16",
}
# Text codecs that no site means, and that could be abused (utf-7) or are no encodings of pages.
_REFUSED = frozenset({"utf-7", "unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined"})
# Encodings whose bytes may all be valid UTF-8 although they mean something else.
_SEVEN_BIT = ("iso2022", "hz", "utf-16", "utf-32")
_HIGH = bytes(range(128, 256))
_NULS = re.compile(rb"^(?:(?P<be>\x00[^\x00]\x00[^\x00])|(?P<le>[^\x00]\x00[^\x00]\x00))", re.DOTALL)


def decode(body: bytes, content_type: str | None) -> str:
    """Read a body as text by its byte order mark, its declarations and its bytes."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    declared = _declared(body, content_type)
    if (nuls := _NULS.match(body)) and (declared is None or not declared.startswith(("utf-16", "utf-32"))):
        return body.decode("utf-16-be" if nuls["be"] else "utf-16-le", "replace")
    if declared is not None and declared.startswith(_SEVEN_BIT):
        if nuls is None and declared.startswith("utf-"):
            declared = "utf-8"  # a document cannot be UTF-16 and start with plain ASCII
        elif declared in ("utf-16", "utf-32"):
            declared += "-be" if nuls and nuls["be"] else "-le"
        return body.decode(declared, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode(_fallback(body, declared), "replace")


def _fallback(body: bytes, declared: str | None) -> str:
    """Choose the encoding of bytes that are not all UTF-8."""
    if declared not in (None, "windows-1252", "utf-8"):
        return declared or "utf-8"
    text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    high = len(body) - len(body.translate(None, _HIGH))
    good = len(text) - (len(body) - high) - bad
    if declared == "utf-8":
        # Not one character of UTF-8, and the bytes are not what is left of some that were cut.
        return "windows-1252" if not good and bad > 1 and 2 * high <= 3 * bad else declared
    # Undeclared, or only by a server's default: UTF-8 with a few bad bytes, or a Western code page?
    return "utf-8" if good > 2 * bad else "windows-1252"


def _declared(body: bytes, content_type: str | None) -> str | None:
    header = _HEADER.search(content_type) if content_type else None
    said = _known(header[1]) if header else None
    if said not in (None, "windows-1252"):
        return said
    # Servers send the Latin default for whatever lies there: the document knows better.
    head = body[:4096]
    match = _PROLOG.search(head) or _META.search(head)
    inner = _known(match[1].decode("ascii", "replace")) if match else None
    return inner or said


def _known(label: str) -> str | None:
    label = label.strip().lower()
    label = _ALIASES.get(label, label)
    try:
        name = codecs.lookup(label).name
        b"".decode(label)
    except (LookupError, ValueError):
        return None
    if name in _REFUSED or label in _REFUSED or name.startswith(("mbcs", "oem")):
        return None
    return "windows-1252" if name == "cp1252" else name
