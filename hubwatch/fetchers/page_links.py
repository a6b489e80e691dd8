"""What a link on a page is: a title, a "Read more", a page number, a tag, a share button."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from hubwatch.fetchers.outline import fold, resolve
from hubwatch.text import urls

_MORE = re.compile(
    r"^\W*(?:(?:click )?here(?: (?:for|to) .{1,30})?|(?:read|learn|see|find out|discover|view|show"
    r"|know)(?: (?:the|this|on|it|full|entire|complete|whole|our|a|an))*"
    r"(?: (?:more|all|now|post|article|story|release|press release|pdf|details?|here|full|entry|news"
    r"|further|item|document|file|report|blog|online|announcement|publication|video))*"
    r"(?: (?:about|on|at|in|of|>|»|→).{0,60})?|more(?: (?:info|information|details|news|about .{1,60}"
    r"|»|→))?|continue(?: reading)?.{0,80}"
    r"|(?:full|entire) (?:story|article|post|release)|details?|download(?: (?:the )?(?:pdf|file"
    r"|release|here|now))?|pdf|docx?|html?|xlsx?|pptx?|rtf|txt|open|link|go|view"
    r"|(?:(?:visit|official|event|conference|workshop|project)(?: the)? )?(?:web ?site|web ?page|home ?page)"
    r"|(?:visit|official|event|conference|workshop|project)(?: the)? site"
    r"|permalink|permanent link.{0,60}|source|source article|weiterlesen|mehr(?: lesen| erfahren)?"
    r"|lire la suite|en savoir plus|leer más|seguir leyendo|leggi(?: tutto)?|lees (?:meer|verder)"
    r"|watch(?: (?:now|video|the video))?|listen(?: now)?"
    r"|register(?: (?:here|now|today))?|rsvp|apply(?: (?:here|now))?|sign up|subscribe|buy now"
    r"|join(?: us| now)?|(?:leave|post|add) a (?:comment|reply)|no comments?|\d+ comments?"
    r"|comments?(?: off)?|reply|edit|print|e-?mail|share|tweet|(?:share )?on (?:facebook|twitter"
    r"|linkedin|x)"
    r"|\d+ min(?:ute)?s?(?: read)?|facebook|twitter|linkedin|instagram|youtube|next|previous|prev"
    r"|(?:all|more|older|past|previous|other)(?: (?:of|the|our|latest|recent))*(?: (?:news|press|media|blog"
    r"|releases?|stories|articles|posts|updates|announcements|headlines|archives?))+"
    r"|(?:news|press(?: releases?)?|media|blog) archives?"
    r"|older(?: posts| entries)?|newer(?: posts| entries)?|load more|show more|(?:last"
    r"|first)(?: page)?|back(?: to .{1,20})?|top|home|\d{1,3})\W*$",
    re.IGNORECASE,
)
_NEWS_PATH = re.compile(
    r"/(?:news(?:room)?|press(?:-?releases?|room)?|media(?:-center)?|updates|announcements"
    r"|blog)/?(?:index\.\w+)?$",
    re.IGNORECASE,
)
_SERVICE = re.compile(
    r"/(?:tags?|categor(?:y|ies)|topics?|authors?|users?|members?|page|search|login|feed|wp-admin"
    r"|wp-json|taxonomy/term|comments?)(?:/|$|\?)"
    r"|[?&](?:page|paged|replytocom|share|cat|tag|author)=|/(?:sharer|intent|share)(?:\.php|/|\?)"
    r"|#(?:comments?|respond|disqus)",
    re.IGNORECASE,
)
# A host's first page, or one of those that stand for good: of a service, a product, a person.
_STANDING = re.compile(
    r"^/?(?:index\.\w+)?$"
    r"|/(?:our-)?(?:services?|solutions?|products?|product-categor(?:y|ies)|industries|team|people|staff|faculty"
    r"|leadership|directors|distributors|locations|shop|store)(?:/[^/]+)?/?(?:index\.\w+)?$"
    r"|/(?:about(?:-us)?|contact(?:-us)?|careers|donate)/?(?:index\.\w+)?$",
    re.IGNORECASE,
)
_OLDER = re.compile(
    r"^\W*(?:older(?: (?:posts|entries|news|articles|items|stories))?|next(?: (?:page|posts|entries|»"
    r"|›))?(?: page)?|previous (?:posts|entries)|more (?:posts|news)|load more"
    r"|weiter|ältere beiträge|nächste(?: seite)?|suivant|siguiente)\W*$|^[»›→]$",
    re.IGNORECASE,
)
_PAGE_NUMBER = re.compile(
    r"(?:[?&](?:page|paged|p|pg|start|offset|from|skip)=|/page[/-]?|/p/?|/index-?|[/_-]page-?)(\d{1,5})"
    r"(?=$|[/&#]|\.\w{2,5}$)",
    re.IGNORECASE,
)
_BOTTOM = re.compile(r"\b(?:next|older|previous)\b", re.IGNORECASE)


def is_more(text: str) -> bool:
    """Tell whether a text is a button's ("Read more", "2 comments") and no title."""
    return not text or len(text) < 2 or bool(_MORE.match(text[:160]))


def is_service(url: str) -> bool:
    """Tell whether an address is a tag, category, author, share or paging one."""
    return bool(_SERVICE.search(url))


def is_news_list(url: str) -> bool:
    """Tell whether an address is that of a site's news, as /news/ or /press-releases/ are."""
    return bool(_NEWS_PATH.search(urlsplit(url).path))


def is_standing(url: str) -> bool:
    """Tell whether an address is no announcement's: a site's first page, a service's, a person's."""
    parts = urlsplit(url)
    return not (parts.query or parts.fragment) and bool(_STANDING.search(parts.path))


@lru_cache(maxsize=20_000)
def fold_url(url: str) -> str:
    """Fold an address for comparing within a page."""
    return urls.key(url)


def next_page(root: HtmlElement, base: str, url: str) -> str | None:
    """Return the next older page of a list: rel=next, "Older posts", or the number after this one's."""
    here = fold_url(url)
    host = urlsplit(url).hostname
    current = page_number(url)
    found: dict[int, str] = {}
    for element in root.iter("link", "a"):
        href = element.get("href") or ""
        if not href or href.startswith("#"):
            continue
        target = resolve(base, href)
        rank = _rank_as_next(element, page_number(target), current) if target else None
        if target is None or rank is None or rank in found:
            continue
        if fold_url(target) != here and urlsplit(target).hostname == host:
            found[rank] = target.split("#")[0]
    return found[min(found)] if found else None


def _rank_as_next(element: HtmlElement, number: int | None, current: int | None) -> int | None:
    """Say how surely a link leads to the next page, 0 best; None when it does not look like it."""
    is_rel = "next" in (element.get("rel") or "").lower().split()
    if number is not None and current is not None and number <= current:
        # Nikola numbers its old pages upward: index-2 is newer than index-1, and its link says so.
        return 0 if is_rel and "older" in fold("".join(element.itertext())).lower() else None
    if element.tag == "link":
        # Without a number it may lead to the next page of a manual instead.
        return None if not is_rel or number is None else 0
    text = fold("".join(element.itertext("a", "span", "i", "b", "strong", "em")))[:80]
    label = f"{element.get('aria-label') or ''} {element.get('title') or ''} {element.get('class') or ''}"
    if number is not None:
        if is_rel:
            return 0
        if _OLDER.match(text) or (not text and _BOTTOM.search(label)):
            return 1
        # A first page without a number may be followed by 1 or by 2.
        if text.isdigit():
            return 2 if int(text) == (current or 1) + 1 else None
        # Themes draw the arrow to the next page in many ways (Pelican: U+27E9); only the number tells.
        is_arrow = bool(text) and not any(letter.isalnum() for letter in text)
        return 2 if is_arrow and number == (current or 1) + 1 else None
    if is_service(element.get("href") or ""):
        return None
    if is_rel:
        return 3
    return 4 if _OLDER.match(text) and ("older" in text.lower() or "entries" in text.lower()) else None


def page_number(url: str) -> int | None:
    """Return the page number that an address carries, as in /page/2/ or ?page=2."""
    match = _PAGE_NUMBER.search(url[:2000])
    return int(match[1]) if match else None
