"""Which parts of a page are not its news: menus, footers, sidebars, related and popular boxes.

Goes by landmark elements, roles and widely used words in class and id, never by one site's names.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from hubwatch.fetchers.outline import HEADINGS, Outline

# How much of its weight a list keeps inside such a part.
_BY_TAG = {
    "nav": 0.1,
    "footer": 0.15,
    "aside": 0.3,
    "form": 0.4,
    "address": 0.3,
    "dialog": 0.1,
    "option": 0.05,
}
_BY_ROLE = {
    "navigation": 0.1,
    "contentinfo": 0.15,
    "complementary": 0.3,
    "banner": 0.3,
    "search": 0.2,
    "dialog": 0.1,
    "menu": 0.1,
    "menubar": 0.1,
    "tablist": 0.3,
}
_BY_WORD = {
    "nav": 0.1, "navbar": 0.1, "navigation": 0.1, "menu": 0.1, "submenu": 0.1, "megamenu": 0.1, "topbar": 0.1,
    "footer": 0.15, "colophon": 0.15, "copyright": 0.15, "sitemap": 0.1,
    "sidebar": 0.3, "aside": 0.3, "rail": 0.3,
    "cookie": 0.1, "consent": 0.1, "offcanvas": 0.1, "drawer": 0.1, "comments": 0.2, "toc": 0.2,
    "calendar": 0.4, "sponsors": 0.3, "partners": 0.3, "staff": 0.3, "logos": 0.3, "blogroll": 0.1,
}  # fmt: skip
# Boxes beside the content: what holds most of the page's letters is its content (justice.gov, 2023).
_BY_BOX_WORD = {
    "related": 0.2, "popular": 0.2, "trending": 0.2, "recommended": 0.3, "mostread": 0.2, "promo": 0.4,
}  # fmt: skip
# Parts that are small by nature: a larger one with headings in it is the list that they belong to.
_BY_SMALL_WORD = {
    "breadcrumb": 0.1, "breadcrumbs": 0.1, "pagination": 0.1, "pager": 0.1, "paginator": 0.1, "pagenavi": 0.1,
    "share": 0.1, "sharing": 0.1, "social": 0.1, "tagcloud": 0.1, "comment": 0.2, "login": 0.2, "search": 0.4,
    "toolbar": 0.2, "logo": 0.3, "skip": 0.2, "filters": 0.3, "filter": 0.4, "lang": 0.2, "language": 0.2,
    "metadata": 0.4, "tags": 0.2, "categories": 0.2,
}  # fmt: skip
_MOST_FRAMES = 3  # headers or footers that a page itself has
# Marks of what the element itself is not: "has-sidebar", "no-footer", "search-results".
_NOT_ITSELF = re.compile(
    r"^(?:has|no|not|with|without|is|hide|show|background|page|body|template|layout|category|tag|type)(?=[-_])"
    r"|results?\b|^js-"
    r"|^(?:content|main)[-_]sidebar[-_]?(?:wrap\w*|container|inner)?$|sidebar[-_](?:wrap|layout)",
    re.IGNORECASE,
)
_WIDGET = re.compile(
    r"^(?:widget|widget[_-]area|textwidget|widget[_-]\w+|block-views-block-.*sidebar.*)$", re.IGNORECASE
)
_BUILDER = re.compile(r"^widget-(?:wrap|inner|content|container|post|loop|blog)", re.IGNORECASE)
_TAG_CLOUD = re.compile(r"(?:tag|label|topic)s?[-_]?cloud", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|[-_:\s]+")
# What certainly is not the news, and what stands above it no less often than above other lists.
_OTHER_HEADING = re.compile(
    r"^\W*(?:(?:related|popular|trending|recommended|recent (?:comments|tweets))\b|most (?:read"
    r"|viewed|shared|popular)"
    r"|you (?:may|might)\b|see also"
    r"|(?:(?:our |meet |the )*(?:staff|team|people|leadership|members|partners|sponsors|faculty"
    r"|board(?: of \w+)?)"
    r"|categories|tags?|tag cloud|topics|follow us|share(?: this)?|quick ?links|contact(?: us)?"
    r"|subscribe|comments"
    r"|navigation|menu|search|authors?|blogroll)\W*$)",
    re.IGNORECASE,
)
_RECENT = re.compile(r"^\W*recent(?:ly)? (?:posts|articles|entries|news|stories|updates)\W*$", re.IGNORECASE)
_WEAK_HEADING = re.compile(
    r"\b(?:archives?|about|links|resources|downloads?|products"
    r"|services|publications?|papers|videos?"
    r"|podcasts?|jobs"
    r"|careers|projects|members?|partners|sponsors|team|staff|contact|subscribe|documents|reports)\b",
    re.IGNORECASE,
)
_EVENT_HEADING = re.compile(
    r"\b(?:events?|webinars?|workshops?|conferences?|calendar|deadlines)\b", re.IGNORECASE
)
_NEWS_HEADING = re.compile(
    r"\b(?:news|press|media|releases?|announcements?|headlines|updates?|latest|blog|stories|articles"
    r"|posts|bulletins?"
    r"|aktuelles|nachrichten|actualités|noticias|newsroom|insights)\b",
    re.IGNORECASE,
)


class _Extent(NamedTuple):
    """How much of the page a part is: what its names say of it depends on that."""

    is_small: bool
    is_titled: bool  # it holds the page's only title
    is_most: bool  # it holds most of the page's letters
    is_built: bool  # it and the widgets like it beside it do


def weights(page: Outline) -> list[float]:
    """Return for each element how much a list inside it counts: 1 in the content, little in a menu."""
    total = max(1, len(page.texts))
    result: list[float] = []
    headings = _count(page, HEADINGS)
    mains = _count(page, frozenset({"h1", "main"}))
    titles = _count(page, frozenset({"h1"}))
    letters = [0, *accumulate(len(text) for text in page.texts)]
    in_widgets = _letters_in_widgets(page, letters)
    of_items = _frames_of_items(page)
    for index, tag in enumerate(page.tags):
        parent = page.parents[index]
        inherited = result[parent] if parent >= 0 else 1.0
        if parent < 0 or tag in HEADINGS:
            result.append(inherited)
            continue
        share = (page.behind[index] - page.first[index]) / total
        is_small = headings[page.after[index]] - headings[index] < 2
        # What holds most of the page or its main heading is a frame, whatever its name.
        is_frame = share > 0.9 or (share > 0.3 and mains[page.after[index]] > mains[index])
        # Site builders call every part of a page a widget, those with its title or most of its text too.
        is_titled = titles[-1] == 1 == titles[page.after[index]] - titles[index]
        is_most = (letters[page.behind[index]] - letters[page.first[index]]) * 2 > letters[-1]
        tag = "div" if index in of_items else tag
        is_built = in_widgets[parent, page.classes(index)] * 2 > letters[-1]
        extent = _Extent(is_small, is_titled, is_most, is_built)
        own = 1.0 if is_frame else _own_weight(page, index, tag, share, extent)
        result.append(min(inherited, own) if own < 1 else inherited)
    return result


def _letters_in_widgets(page: Outline, letters: list[int]) -> Counter[tuple[int, str]]:
    """Return how many letters stand in the widgets of one name in one parent: a sidebar has several."""
    counts: Counter[tuple[int, str]] = Counter()
    for index, parent in enumerate(page.parents):
        names = page.classes(index)
        if any(_WIDGET.match(name) for name in names.split()[:12]):
            counts[parent, names] += letters[page.behind[index]] - letters[page.first[index]]
    return counts


def _frames_of_items(page: Outline) -> set[int]:
    """Return the headers and footers that belong to the cards of a list: a page has few of its own."""
    headers = [index for index, tag in enumerate(page.tags) if tag == "header"]
    footers = [index for index, tag in enumerate(page.tags) if tag == "footer"]
    return {
        *(headers[1:] if len(headers) > _MOST_FRAMES else ()),
        *(footers[:-1] if len(footers) > _MOST_FRAMES else ()),
    }


def _count(page: Outline, tags: frozenset[str]) -> list[int]:
    """Return how many elements with such tags stand before each element."""
    counts = [0]
    for tag in page.tags:
        counts.append(counts[-1] + (tag in tags))
    return counts


def _own_weight(page: Outline, index: int, tag: str, share: float, extent: _Extent) -> float:
    element = page.elements[index]
    weight = _BY_TAG.get(tag, 1.0)
    if tag == "header" and share < 0.5 and not _inside(page, index, ("article", "main", "section", "li")):
        weight = 0.2
    role = element.get("role")
    if role:
        weight = min(weight, _BY_ROLE.get(role.strip().lower(), 1.0))
    names = element.get("class")
    ident = element.get("id")
    if tag == "article":
        return weight  # its classes name its topics
    if tag in ("form", "footer", "aside") and share > 0.35:
        weight = max(weight, 0.6)
    if names or ident:
        weight = min(weight, _weight_of_names(names or "", ident or "", extent))
    return weight


def _inside(page: Outline, index: int, tags: tuple[str, ...]) -> bool:
    return any(page.tags[around] in tags for around in page.ancestors(index))


@lru_cache(maxsize=16384)
def _weight_of_name(name: str, extent: _Extent) -> float:
    weight = 0.1 if _TAG_CLOUD.search(name) else 1.0
    if not _NOT_ITSELF.search(name):
        for word in _CAMEL.split(name):
            word = word.lower()
            weight = min(
                weight,
                _BY_WORD.get(word, 1.0),
                1.0 if extent.is_most else _BY_BOX_WORD.get(word, 1.0),
                _BY_SMALL_WORD.get(word, 1.0) if extent.is_small else 1.0,
            )
    if _WIDGET.match(name) and not _BUILDER.match(name) and not (extent.is_titled or extent.is_built):
        weight = min(weight, 0.35)
    return weight


def _weight_of_names(names: str, ident: str, extent: _Extent) -> float:
    # Utility classes come by the dozen; a part that says what it is says so early.
    weight = _weight_of_name(ident[:80], extent) if ident else 1.0
    for name in names.split()[:12]:
        weight = min(weight, _weight_of_name(name[:80], extent))
    return weight


def heading_weight(text: str, *, events: bool = False) -> float:
    """Return what the heading above a list makes of it: news more, related or popular less."""
    if len(text) > 80:
        return 1.0
    if _OTHER_HEADING.search(text):
        return 0.4
    if _EVENT_HEADING.search(text) and not _NEWS_HEADING.search(text):
        return 1.3 if events else 0.4
    if _RECENT.match(text):
        return 0.6  # as often a box beside the list as the list itself
    if _WEAK_HEADING.search(text):
        return 1.0 if _NEWS_HEADING.search(text) else 0.7
    return 1.2 if _NEWS_HEADING.search(text) else 1.0
