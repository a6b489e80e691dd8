"""Anything a site sends to plain, safe text: markup, double escapes, control and bidi characters out.

Only tags that HTML knows are markup; what merely looks like it (`5 < 6`, `[2026]`) stays.
"""

from __future__ import annotations

import functools
import html
import re

from hubwatch.text.controls import even_blanks, shorten, strip_controls

# Longer input is cut before it is looked at: no honest field comes near, and the work stays bounded.
_MAX_RAW = 1_000_000

_BLOCK = (
    "address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li "
    "link main menu meta nav ol optgroup option p pre section summary table tbody td template tfoot th thead "
    "title tr ul base"
)
_INLINE = (
    "a abbr acronym applet area audio b bdi bdo big blink button canvas cite code col colgroup data datalist "
    "del dfn em embed font i iframe img input ins kbd label map mark marquee meter noembed noframes noscript "
    "object output param picture progress q rp rt ruby s samp script select slot small source span strike "
    "strong style sub sup svg textarea time track tt u var video wbr math path g"
)
_JOINT = dict.fromkeys(_INLINE.split(), "")
_BREAK = _JOINT | dict.fromkeys(_BLOCK.split(), "\n")
# Possessive, and every part stops at `<`: a flood of unclosed tags costs linear time.
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*+)(?:(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+>|[^<>]*+>)")
_HAS_BLOCK = re.compile(
    r"<(?:p|br|div|li|h[1-6]|tr|ul|ol|td|table|blockquote|section|article|pre)[\s/>]", re.IGNORECASE
)
_DECLARATION = re.compile(r"<!doctype[^<>]*>|<\?xml[^<>]*>|<!\[CDATA\[|\]\]>", re.IGNORECASE)
# Elements whose content is not text for people.
_HIDDEN = re.compile(
    r"<(script|style|template|iframe|object|svg|noscript|canvas|audio|video|select|textarea|noembed|head)"
    r"(?=[\s/>])",
    re.IGNORECASE,
)
_TO_THE_END = frozenset({"script", "style"})  # unclosed ones swallow the rest, as in a browser
# Text that says it is no markup is believed, unless it holds a whole element or what could run.
_IS_MARKUP = re.compile(
    r"</(?:p|div|a|b|i|em|strong|span|u|h[1-6]|li|ul|ol|td|table|font|script|style|iframe|object|svg)\s*>"
    r"|<br\s*/?>|<(?:script|style|iframe|object|embed|svg|img|meta|link|base|form|input|video|audio)[\s/>]",
    re.IGNORECASE,
)
_ENTITY = re.compile(
    r"&(?:#[xX][0-9a-fA-F]{1,6};?|#[0-9]{1,7};?|[A-Za-z][A-Za-z0-9]{1,31};|(?:nbsp|amp|lt|gt|quot)(?![\w;]))"
)


def to_line(value: str | None, *, is_html: bool = True, limit: int | None = None) -> str:
    """Turn markup or text into one line of plain, safe text."""
    if not value:
        return ""
    text = even_blanks(_clean(value, is_html=is_html, newline=" ").replace("\n", " ")).strip()
    return text if limit is None else shorten(text, limit)


def to_paragraphs(value: str | None, *, is_html: bool = True, limit: int | None = None) -> str:
    """Turn markup or text into plain, safe text whose paragraphs are parted by newlines."""
    if not value:
        return ""
    lines = even_blanks(_clean(value, is_html=is_html, newline="\n")).split("\n")
    text = "\n".join(filter(None, map(str.strip, lines)))
    return text if limit is None else shorten(text, limit)


def _clean(value: str, *, is_html: bool, newline: str) -> str:
    text = value[:_MAX_RAW]
    if "<" in text and (is_html or _IS_MARKUP.search(text)):
        text = _strip_markup(text, newline)
    # Escapes come doubled and tripled, and may hide markup: `&amp;lt;b&amp;gt;`, `AT&amp;amp;T`.
    for _ in range(4):
        if "&" not in text:
            break
        bare = _ENTITY.sub(_unescape, text)
        if bare == text:
            break
        text = bare
        if "<" in text and _IS_MARKUP.search(text):
            text = _strip_markup(text, newline)
    # Taking out what is invisible can put a tag together: `<scr\0ipt>`.
    text = strip_controls(text)
    if "<" in text and _IS_MARKUP.search(text):
        text = strip_controls(_strip_markup(text, newline))
    return text


def _unescape(match: re.Match[str]) -> str:
    return _character(match[0])


@functools.lru_cache(maxsize=512)
def _character(entity: str) -> str:
    return html.unescape(entity)


def _strip_markup(text: str, newline: str) -> str:
    text = _drop_hidden(_drop_comments(text))
    if newline == "\n" and _HAS_BLOCK.search(text):
        text = text.replace("\r", " ").replace("\n", " ")
    for _ in range(8):  # a tag inside a tag: `<<b>script>`
        bare = _TAG.sub(_replace_tag, text)
        if bare == text or "<" not in bare:
            text = bare
            break
        text = bare
    return _DECLARATION.sub("", text) if "<" in text or "]]>" in text else text


def _replace_tag(tag: re.Match[str]) -> str:
    name = tag[1]
    found = _BREAK.get(name)
    if found is None:
        found = _BREAK.get(name.lower())
        if found is None:
            return tag[0]  # not a tag of HTML: `<stdin>`, `Vec<T>`
    return found


def _drop_comments(text: str) -> str:
    if "<!--" not in text:
        return text
    parts = []
    position = 0
    while (start := text.find("<!--", position)) >= 0:
        parts.append(text[position:start])
        end = text.find("-->", start + 4)
        if end < 0:  # unclosed: the marker goes, the text stays
            parts.append(text[start + 4 :].replace("<!--", ""))
            return "".join(parts)
        position = end + 3
    parts.append(text[position:])
    return "".join(parts)


def _drop_hidden(text: str) -> str:
    if _HIDDEN.search(text) is None:
        return text
    parts = []
    position = search_from = 0
    unclosed: set[str] = set()
    lower = text.lower() if len(text.lower()) == len(text) else text
    while (start := _HIDDEN.search(text, search_from)) is not None:
        name = start[1].lower()
        end = -1 if name in unclosed else lower.find(f"</{name}", start.end())
        if end < 0:
            unclosed.add(name)
            if name in _TO_THE_END:
                parts.append(text[position : start.start()])
                return " ".join(parts)
            search_from = start.end()  # the tag itself goes with the other tags
            continue
        parts.append(text[position : start.start()])
        close = text.find(">", end)
        position = search_from = close + 1 if close >= 0 else len(text)
    parts.append(text[position:])
    return " ".join(parts)
