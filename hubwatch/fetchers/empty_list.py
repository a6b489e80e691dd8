"""Tells a list that is there but empty ("No posts found", an empty <ul>) from one that is gone."""

from __future__ import annotations

import re

from hubwatch.fetchers.outline import Outline

_EMPTY = re.compile(
    r"\b(?:no (?:news|posts?|articles?|items?|entries|results?|press releases?|announcements?"
    r"|updates?|events?|stories|records?|content)"
    r"(?: items?| posts?| articles?| releases?)?(?: (?:were|was|have been|are|is))?(?: (?:yet|found"
    r"|available|at this time|currently|to (?:show|display)|published|here|matching))"
    r"|(?:there (?:are|is) )(?:currently |presently )?(?:no|nothing)\b[^.]{0,40}"
    r"|nothing (?:found|to (?:show|see|display)|here yet)|check back (?:soon|later)|keine (?:beiträge"
    r"|artikel|einträge|meldungen)|aucun (?:article|résultat))",
    re.IGNORECASE,
)
# Of the very thing that is listed, and for now: other parts of a page say "no upcoming events", "no results".
_LISTED = {
    "events": r"events?",
    "project-calls": r"(?:project )?calls?(?: for \w+)?|solicitations?|(?:funding )?opportunities|rfps?",
}
_NEWS = r"news|posts?|articles?|press releases?|announcements?|updates?|stories"
_NOTHING_NOW = (
    r"\bno (?:(?:current|open|active|upcoming|recent|new) )?(?:{})(?: (?:items?|articles?|releases?|posts?))?"
    r"(?: (?:are|is|have been))?(?: (?:available|posted|listed|scheduled))?"
    r" (?:at (?:this time|the moment|present)|right now|currently|yet|available)\b"
)
_LIST_NAME = re.compile(
    r"(?<![a-z])(?:news|posts?|blog|articles?|press|releases|entries|listing|archive|results"
    r"|view-content|updates|announcements)(?![a-z])",
    re.IGNORECASE,
)
_CONTAINERS = frozenset({"ul", "ol", "div", "section", "tbody", "table", "main"})


def says_empty(text: str) -> bool:
    """Tell whether a page's text says that there is nothing to list."""
    return bool(_EMPTY.search(text))


def says_nothing_now(text: str, what: str) -> bool:
    """Tell whether a page says in so many words that it lists nothing of its kind at the moment."""
    return bool(re.search(_NOTHING_NOW.format(_LISTED.get(what, _NEWS)), text, re.IGNORECASE))


def has_empty_list(page: Outline) -> bool:
    """Tell whether the page says that its list is empty, or has an empty container that names news."""
    if says_empty(page.text(0, len(page.texts))[:300_000]):
        return True
    for index, tag in enumerate(page.tags):
        if tag in _CONTAINERS and page.first[index] == page.behind[index] and page.after[index] - index <= 3:
            element = page.elements[index]
            names = f"{element.get('class') or ''} {element.get('id') or ''}"
            if tag in ("ul", "ol", "tbody", "main") and _LIST_NAME.search(names):
                return True
    return False
