"""The organizations that a members page lists: names from logos, links, table cells or list lines."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from hubwatch.fetchers import outline, regions
from hubwatch.fetchers.groups import shape
from hubwatch.fetchers.outline import HEADINGS, Outline, fold
from hubwatch.fetchers.page_links import is_more
from hubwatch.models import Document
from hubwatch.text import plain

MAX_MEMBERS = 5000
_ORGANIZATION = re.compile(
    r"\b(?:inc|llc|l\.l\.c|ltd|corp(?:oration)?|co|company|companies|gmbh|plc|lp|llp|pllc|ag|sa"
    r"|university|college|institute"
    r"|laborator(?:y|ies)|labs?|school|center|centre|association|council|foundation|technolog(?:y"
    r"|ies)|systems|industries"
    r"|manufacturing|engineering|materials|solutions|group|international|aerospace|composites|metals"
    r"|steel|aluminum"
    r"|motors?|electronics|consulting|partners|services|society|department|agency|commission"
    r"|authority|works|products"
    r"|research|energy|tooling|dynamics|instruments|enterprises|robotics|additive|additiv|precision"
    r"|machine|software)\b\.?",
    re.IGNORECASE,
)
_LOGO = re.compile(
    r"[\s_-]*\b(?:logo(?:type)?s?|icon|image|img|thumbnail|banner|photo)\b(?: (?:of|for))?|\.(?:png"
    r"|jpe?g|gif|svg|webp)$"
    r"|\s*\((?:opens|link opens)[^)]*\)$|^link to\s+|^visit\s+(?=[A-Z])|\s*[-–]\s*(?:opens in|external).*$",
    re.IGNORECASE,
)
_NOT_A_NAME = re.compile(
    r"^(?:home|about(?: us)?|contact(?: us)?|news|events?|blog|login|log in|join(?: us| now)?"
    r"|member(?:s|ship)?(?: .{0,20})?"
    r"|our members|become a member|search|menu|close|skip to .*|privacy(?: policy)?|terms.*|website"
    r"|visit website|phone|email"
    r"|facebook|twitter|linkedin|youtube|instagram|x|next|previous|all|[a-z]|\d+|back to top"
    r"|view (?:profile|website|more)"
    r"|name|company|organization|state|city|type|tier|platinum|gold|silver|bronze|academia|industry"
    r"|government|nonprofit|careers)\W*$",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"[a-z]{2}[.!?] [A-Z]|\b(?:we|our|you|your|please|click|is the|are the|has been"
    r"|will be)\b",
    re.IGNORECASE,
)
_EDGES = re.compile(r"^[\s,;:|•·–—*]+|[\s,;:|•·–—*]+$")
_WORD = re.compile(r"[^\W_]+")


def parse(document: Document) -> tuple[str, ...]:
    """Return the names of the organizations that a members page lists, in page order."""
    page = outline.read(document)
    weights = regions.weights(page)
    host = (urlsplit(page.url).hostname or "").removeprefix("www.")
    lists: dict[tuple[str, ...], list[tuple[int, str]]] = defaultdict(list)
    external: Counter[tuple[str, ...]] = Counter()
    for index, form, name, leaves in _names(page, host):
        if weights[index] >= 0.3:  # logos and partners weigh that much; menus and footers less
            clean = _clean(name)
            if clean:
                lists[form].append((index, clean))
                external[form] += leaves
    scored = sorted(
        ((_score(names, external[form]), form) for form, names in lists.items() if len(names) >= 3),
        key=lambda one: -one[0],
    )
    if not scored or scored[0][0] < 1.2:
        return ()
    best = scored[0][1]
    # The same list goes on in other groups: one table or row of logos for each tier.
    found = list(lists[best])
    for score, form in scored[1:]:
        if form[0] == best[0] and score >= 0.5 * scored[0][0] and external[form] * 2 >= len(lists[form]):
            found += lists[form]
    found.sort()
    kept: dict[str, str] = {}
    for _, name in found:
        kept.setdefault(" ".join(_WORD.findall(name.lower())), name)
    return tuple(kept.values())[:MAX_MEMBERS]


def _names(page: Outline, host: str) -> Iterator[tuple[int, tuple[str, ...], str, bool]]:
    """Yield what may be a name: element, form, text, and whether it links to another site."""
    for link in page.links:
        other = (urlsplit(link.url).hostname or "").removeprefix("www.")
        text = link.text
        if is_more(text):
            text = _picture_name(page, link.element) or page.elements[link.element].get("title") or ""
        if text:
            yield link.element, ("link", *_around(page, link.element)), text, other != host
    cells: Counter[int] = Counter()
    for index, tag in enumerate(page.tags):
        if tag in ("td", "th"):
            cells[page.parents[index]] += 1
        if tag == "img":
            yield index, ("img", *_around(page, index)), page.elements[index].get("alt") or "", False
        elif tag in HEADINGS or tag in ("li", "td", "th", "dt", "strong", "figcaption", "p", "summary"):
            lo, hi = page.first[index], page.behind[index]
            if lo < hi and page.lines[lo] == page.lines[hi - 1]:
                column = str(cells[page.parents[index]]) if tag in ("td", "th") else ""
                yield index, (tag, column, *_around(page, index)), page.text_of(index), False


def _around(page: Outline, element: int) -> tuple[str, ...]:
    near = [element, *page.ancestors(element)][:4]
    return tuple(
        shape(page, index) if position < 2 else page.tags[index] for position, index in enumerate(near)
    )


def _picture_name(page: Outline, element: int) -> str:
    for index in range(element, page.after[element]):
        if page.tags[index] == "img":
            return page.elements[index].get("alt") or page.elements[index].get("title") or ""
    return ""


def _clean(name: str) -> str | None:
    """Return a name without what belongs to its picture or button; None when it is no name."""
    text = plain.to_line(_LOGO.sub("", fold(name[:300])), is_html=False)
    text = _EDGES.sub("", text)
    if not 2 <= len(text) <= 90 or _NOT_A_NAME.match(text) or is_more(text):
        return None
    words = _WORD.findall(text)
    if not words or len(words) > 12 or _SENTENCE.search(text) or "@" in text or "://" in text:
        return None
    return None if text.islower() and not text[0].isdigit() else text  # many scripts have no capitals


def _score(names: Sequence[tuple[int, str]], leaving: int) -> float:
    """Say how much a list of texts looks like organizations."""
    texts = [name for _, name in names]
    count = len(texts)
    different = len(set(texts)) / count
    marked = sum(bool(_ORGANIZATION.search(text)) for text in texts) / count
    capital = sum(_is_capitalized(text) for text in texts) / count
    short = sum(len(text) <= 45 for text in texts) / count
    plausible = 0.1 + 1.2 * marked + 0.9 * leaving / count + 0.3 * capital * short
    return float(min(count, 40) ** 0.5 * plausible * different**2)


def _is_capitalized(text: str) -> bool:
    words = [word for word in _WORD.findall(text) if len(word) > 3]
    return all(word[0].isupper() or word[0].isdigit() for word in words)
