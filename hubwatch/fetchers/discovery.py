"""What could be read at an address, best first: feeds, WordPress, structured data, a news list, links to one.

Only looks at the one page that it is given; asking what it proposes is somebody else's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from hubwatch.errors import ParseError
from hubwatch.fetchers import news_list, structured
from hubwatch.fetchers.outline import base_of, fold, lay_out, parse_html, resolve
from hubwatch.fetchers.page_links import fold_url, is_news_list
from hubwatch.models import Document, Page, Source
from hubwatch.models.dataclass import dataclass

MAX_PROPOSALS = 24
MAX_FEEDS = 6  # of those that a page names in its head, and of those that it links to
MAX_LINKS = 3000
_LONGEST_NAME = 300  # of a feed, as far as it is looked at
_FEED_TYPES = {
    "application/rss+xml": 0,
    "application/atom+xml": 0,
    "application/feed+json": 1,
    "application/rdf+xml": 1,
    "application/xml": 2,
    "text/xml": 2,
    "application/json": 3,
}
_FEED_ROOT = re.compile(rb"<(?:\w+:)?(?:rss|feed|RDF)[\s>]|<rss\b", re.IGNORECASE)
_SITEMAP_ROOT = re.compile(rb"<(?:\w+:)?(?:urlset|sitemapindex)[\s>]")
_JSON_FEED = re.compile(rb'^\s*\{.{0,2000}?"version"\s*:\s*"https?://(?:www\.)?jsonfeed\.org', re.DOTALL)
_FEED_ADDRESS = re.compile(
    r"(?:\.(?:rss|atom|rdf)|/(?:feed|rss|atom)(?:\.xml|\.json)?|/(?:index|feeds?|rss\d?|atom|news"
    r"|blog)\.xml|/feed\.json|[?&](?:feed|format)=(?:rss2?|atom|feed))/?$",
    re.IGNORECASE,
)
_COMMENTS = re.compile(
    r"comments?(?:/feed|[-_/]|\b.*feed)|/comments\b|feed=comments|» comments|comments feed", re.IGNORECASE
)
# Feeds of something else than news, by their address or the last part of their title.
_ASIDE = re.compile(
    r"(?<![^\W_])(?:jobs?|careers?|vacanc(?:y|ies)|podcasts?|episodes?|products?|shop|store|collections|properties)"
    r"(?![^\W_])",
    re.IGNORECASE,
)
_EVENTS = re.compile(r"(?<![^\W_])(?:events?|calendar)(?![^\W_])", re.IGNORECASE)
_NEWS = re.compile(r"(?<![^\W_])(?:news|press|blog|posts?|stories|articles)(?![^\W_])", re.IGNORECASE)
# In this order a link names the news of a site.
_NEWS_NAMES = (
    re.compile(
        r"^(?:(?:the |our |all |latest |recent |company |institute |view (?:all |more )?|see all |more "
        r"|read (?:all |more )?)*news(?: (?:&|and) (?:events|media|updates|insights|press|announcements"
        r"|stories|views))?|latest news|news ?(?:room|feed|page|archive|items|stories|articles))\W*$",
        re.IGNORECASE,
    ),
    re.compile(
        r"^(?:all |view (?:all )?|our |latest )*press(?: ?releases?| ?room| (?:&|and) media| center)?\W*$"
        r"|^media(?: releases?| center| room)?\W*$",
        re.IGNORECASE,
    ),
    re.compile(r"^news ?room\W*$|^press ?room\W*$|^media ?room\W*$", re.IGNORECASE),
    re.compile(
        r"^(?:latest |all |our )*(?:updates|announcements|headlines|what['’]s new|bulletins?|aktuelles"
        r"|actualités|noticias)\W*$",
        re.IGNORECASE,
    ),
    re.compile(
        r"^(?:the |our |visit (?:the |our )?|read (?:the |our )?)*(?:blog|stories|articles|insights)\W*$",
        re.IGNORECASE,
    ),
)
MAX_TITLE = 80
_TITLE_PARTS = re.compile(r"\s+[|\u2013\u2014\u00bb\u00b7:-]\s+")
_PAGE_NAME = re.compile(
    r"(?:home(?: ?page)?|start|index|welcome|latest news|news.{0,12}|blog|press.{0,12})", re.IGNORECASE
)
MAX_REFRESH_S = 10  # later than that a page is made to be read
_META_REFRESH = re.compile(
    r"<meta\b[^>]{0,400}\bhttp-equiv\s*=\s*[\"']?refresh\b[^>]{0,1000}>", re.IGNORECASE
)
_REFRESH = re.compile(
    r"content\s*=\s*[\"']?\s*(\d{1,4})(?:\.\d+)?\s*[;,]\s*url\s*=\s*([^>]+?)[\"']?\s*(?:/?>|[\"'])",
    re.IGNORECASE,
)
_PLATFORMS = {
    "wordpress": re.compile(r"wordpress|wp-content|wp-includes", re.IGNORECASE),
    "squarespace": re.compile(r"squarespace", re.IGNORECASE),
    "wix": re.compile(r"wix\.com|wixstatic|wixsite|parastorage", re.IGNORECASE),
    "drupal": re.compile(r"drupal|/sites/default/files", re.IGNORECASE),
    "webflow": re.compile(r"webflow|data-wf-site", re.IGNORECASE),
    "ghost": re.compile(r"\bghost\b", re.IGNORECASE),
    "hugo": re.compile(r"\bhugo\b", re.IGNORECASE),
    "jekyll": re.compile(r"\bjekyll\b", re.IGNORECASE),
    "blogger": re.compile(r"blogger|blogspot", re.IGNORECASE),
    "joomla": re.compile(r"joomla", re.IGNORECASE),
    "hubspot": re.compile(r"hubspot|hs-scripts", re.IGNORECASE),
    "mkdocs": re.compile(r"mkdocs", re.IGNORECASE),
    "docusaurus": re.compile(r"docusaurus", re.IGNORECASE),
    "typo3": re.compile(r"typo3", re.IGNORECASE),
    "medium": re.compile(r"medium\.com", re.IGNORECASE),
}
# Paths at the site's root (leading slash) or below the page's own address, most likely first.
_PATHS = {
    "wordpress": ("feed/", "/feed/", "/?feed=rss2"),
    "squarespace": ("?format=rss", "/blog?format=rss", "/news?format=rss"),
    "wix": ("/blog-feed.xml",),
    "drupal": ("/rss.xml", "feed", "rss.xml"),
    "webflow": ("rss.xml", "/blog/rss.xml", "/news/rss.xml"),
    "ghost": ("rss/", "/rss/"),
    "hugo": ("index.xml", "/index.xml"),
    "jekyll": ("/feed.xml",),
    "blogger": ("/feeds/posts/default",),
    "joomla": ("?format=feed&type=rss",),
    "hubspot": ("rss.xml", "/blog/rss.xml", "/news/rss.xml"),
    "mkdocs": ("/feed_rss_created.xml",),
    "docusaurus": ("rss.xml", "/blog/rss.xml"),
    "typo3": ("rss.xml", "?type=100"),
    "medium": ("/feed",),
    "": ("feed/", "/feed/", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One way to read a site: where, as what kind of source, why, and the page where it was read already.

    Kinds beside a source's: `structured` and `page` were read in the document itself; `follow` is a page
    that may name or hold the news.
    """

    url: str
    kind: str
    why: str
    page: Page | None = None


def propose(document: Document) -> tuple[Proposal, ...]:
    """Return what could be read at this page or from it, best first."""
    itself = _itself(document)
    if itself:
        return (itself,)
    try:
        root = parse_html(document)
    except ParseError:
        return ()
    base = base_of(root, document.url)
    found = list(islice(_named_feeds(root, base, document.url), MAX_FEEDS))
    found += islice(_feed_links(root, base, document.url), MAX_FEEDS)
    found += _wordpress(root, base, document)
    found += _on_the_page(document, root)
    found += _news_links(root, base, document.url)
    found += _sitemaps(root, base, document.url)
    return _distinct(found)


def site_title(document: Document) -> str | None:
    """Return what a page calls its site: og:site_name, else the last part of its title."""
    try:
        root = parse_html(document)
    except ParseError:
        return None
    for element in root.iter("meta"):
        if (element.get("property") or "").lower() == "og:site_name" and fold(element.get("content") or ""):
            return fold(element.get("content") or "")[:MAX_TITLE]
    title = root.find(".//title")
    parts = _TITLE_PARTS.split(fold("".join(title.itertext()))) if title is not None else []
    named = [part for part in parts if part and not _PAGE_NAME.fullmatch(part)]
    return named[-1][:MAX_TITLE] if named else None


def refresh(document: Document) -> str | None:
    """Return where a page leads on by itself (meta refresh), at once or nearly so."""
    head = document.body[:20_000].replace(b"\x00", b"").decode("utf-8", "replace")
    for tag in _META_REFRESH.findall(head):
        found = _REFRESH.search(tag)
        if found and int(found[1]) <= MAX_REFRESH_S:
            target = resolve(document.url, found[2].strip("'\" "))
            if target is not None and fold_url(target) != fold_url(document.url):
                return target
    return None


def looks_like_feed(url: str) -> bool:
    """Tell whether an address reads like a feed's: /feed/, rss.xml, ?format=rss."""
    return bool(_FEED_ADDRESS.search(url.split("#")[0]))


def well_known(url: str, platforms: tuple[str, ...] = ()) -> tuple[Proposal, ...]:
    """Return where common systems keep a feed, most likely first, those of `platforms` before."""
    guesses = [path for name in (*platforms, "") for path in _PATHS.get(name, ())]
    here = urlsplit(url)
    folder = f"{here.scheme}://{here.netloc}{here.path if here.path.endswith('/') else _as_folder(here.path)}"
    found = []
    for path in guesses:
        target = (
            urljoin(url, path)
            if path.startswith("/")
            else f"{folder.rstrip('/') if path[0] == '?' else folder}{path}"
        )
        found.append(Proposal(url=target, kind="feed", why=f"a usual place for a feed: {path}"))
    if "wordpress" in platforms:
        route = urljoin(url, "/wp-json/wp/v2/posts")
        found.insert(
            min(2, len(found)), Proposal(url=route, kind="wordpress", why="the usual WordPress route")
        )
    return _distinct(found)


def platforms(document: Document) -> tuple[str, ...]:
    """Name the publishing systems that a page looks to be made with, the one it declares first."""
    head = document.body[:400_000].decode("utf-8", "replace")
    declared = " ".join(
        tag
        for tag in re.findall(r"<meta\b[^>]{0,400}>", head[:100_000], re.IGNORECASE)
        if "generator" in tag.lower()
    )
    first = [name for name, mark in _PLATFORMS.items() if mark.search(declared)]
    # Short names occur as ordinary words; only the marks of these stand in addresses and attributes.
    others = ("wordpress", "squarespace", "wix", "drupal", "webflow", "hubspot")
    addresses = " ".join(re.findall(r"(?:src|href|data-wf-\w+)\s*=\s*[\"']?[^\"'\s>]{1,300}", head))
    return tuple(dict.fromkeys([*first, *(name for name in others if _PLATFORMS[name].search(addresses))]))


def _as_folder(path: str) -> str:
    last = path.rsplit("/", 1)[-1]
    return path[: len(path) - len(last)] if "." in last else f"{path}/"


def _itself(document: Document) -> Proposal | None:
    start = document.body[:4000].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\x00", b"")
    if start[:15].lower().startswith((b"<!doctype html", b"<html")):
        return None
    if _FEED_ROOT.search(start) or _JSON_FEED.search(start):
        return Proposal(url=document.url, kind="feed", why="the address is a feed")
    if _SITEMAP_ROOT.search(start):
        return Proposal(url=document.url, kind="sitemap", why="the address is a sitemap")
    return None


def _named_feeds(root: HtmlElement, base: str, here: str) -> Iterator[Proposal]:
    """Feeds that the page names in its head; comments feeds are not the news."""
    found: list[tuple[int, int, Proposal]] = []
    for element in root.iter("link"):
        kind = (element.get("type") or "").split(";")[0].strip().lower()
        if "alternate" not in (element.get("rel") or "").lower().split() or kind not in _FEED_TYPES:
            continue
        href = element.get("href") or ""
        url = resolve(base, href)
        title = fold(element.get("title") or "")[:_LONGEST_NAME]
        if (
            url is None
            or _COMMENTS.search(f"{urlsplit(url).path} {title}")
            or "oembed" in url
            or "/wp-json/" in url
        ):
            continue
        if (_FEED_TYPES[kind] >= 2 and not _FEED_ADDRESS.search(url)) or _is_aside(url, title, here):
            continue
        rank = _FEED_TYPES[kind] + (
            0 if re.search(r"news|press|blog|post", f"{url} {title}", re.IGNORECASE) else 1
        )
        rank += 2 * bool(_is_of(_EVENTS, url, title) and not _EVENTS.search(urlsplit(here).path))
        found.append(
            (rank, len(found), Proposal(url=url, kind="feed", why=f"the page names its feed{_quoted(title)}"))
        )
    for _, _, proposal in sorted(found, key=lambda one: one[:2]):
        yield proposal


def _is_aside(url: str, title: str, here: str) -> bool:
    """Whether a feed is of jobs, podcasts or products, and the page that names it is not."""
    return _is_of(_ASIDE, url, title) and not _ASIDE.search(urlsplit(here).path)


def _is_of(subject: re.Pattern[str], url: str, title: str) -> bool:
    parts = urlsplit(url)
    named = f"{parts.path} {parts.query} {_TITLE_PARTS.split(title)[-1]}"
    return bool(subject.search(named)) and not _NEWS.search(named)


def _quoted(title: str) -> str:
    return f": {title[:80]}" if title else ""


def _feed_links(root: HtmlElement, base: str, here: str) -> Iterator[Proposal]:
    for element in islice(root.iter("a"), MAX_LINKS):
        url = resolve(base, element.get("href") or "")
        if url is None or not _FEED_ADDRESS.search(url.split("#")[0]) or _COMMENTS.search(url):
            continue
        text = fold("".join(element.itertext()))[:_LONGEST_NAME]
        if fold_url(url) != fold_url(here) and _same_site(url, here) and not _is_aside(url, text, here):
            yield Proposal(url=url, kind="feed", why=f"a link on the page{_quoted(text)}")


def _wordpress(root: HtmlElement, base: str, document: Document) -> Iterator[Proposal]:
    for element in root.iter("link"):
        if "https://api.w.org/" in (element.get("rel") or ""):
            url = resolve(base, element.get("href") or "")
            if url:
                route = (
                    url.replace("rest_route=/", "rest_route=/wp/v2/posts")
                    if "rest_route=/" in url
                    else url.rstrip("/") + "/wp/v2/posts"
                )
                yield Proposal(url=route, kind="wordpress", why="the page names its WordPress route")
                return
    if "wordpress" in platforms(document):
        yield Proposal(
            url=urljoin(document.url, "/wp-json/wp/v2/posts"),
            kind="wordpress",
            why="the page is made with WordPress",
        )


def _on_the_page(document: Document, root: HtmlElement) -> Iterator[Proposal]:
    source = Source(id="discovery", name="discovery", url=document.url)
    described = structured.find(root, document.url)
    if described:
        yield Proposal(url=document.url, kind="structured", why=described.how, page=described)
    try:
        listed = news_list.read(lay_out(root, document.url), source, now=document.fetched_at)
    except ParseError:
        return
    if listed.items:
        yield Proposal(url=document.url, kind="page", why=listed.how, page=listed)


def _news_links(root: HtmlElement, base: str, here: str) -> Iterator[Proposal]:
    """Links that name the site's news, those with the plainest name first."""
    found: list[tuple[int, int, Proposal]] = []
    for element in islice(root.iter("a"), MAX_LINKS):
        text = (
            fold("".join(element.itertext()))[:80]
            or fold(element.get("title") or element.get("aria-label") or "")[:80]
        )
        rank = next((number for number, name in enumerate(_NEWS_NAMES) if name.match(text)), None)
        url = resolve(base, element.get("href") or "")
        if url is None or not _same_site(url, here) or fold_url(url) == fold_url(here):
            continue
        if rank is None:
            rank = len(_NEWS_NAMES) if is_news_list(url) and len(text) < 40 else None
        if rank is not None and not _FEED_ADDRESS.search(url):
            why = f"a link named {text[:60]}" if text else "a link to a news address"
            found.append((rank, len(found), Proposal(url=url.split("#")[0], kind="follow", why=why)))
    for _, _, proposal in sorted(found, key=lambda one: one[:2])[:6]:
        yield proposal


def _sitemaps(root: HtmlElement, base: str, here: str) -> Iterator[Proposal]:
    for element in islice(root.iter("link", "a"), MAX_LINKS):
        href = element.get("href") or ""
        if "sitemap" in href.lower() and re.search(
            r"sitemap[\w-]{0,80}\.xml(?:\.gz)?$", href.split("?")[0], re.IGNORECASE
        ):
            url = resolve(base, href)
            if url and _same_site(url, here):
                yield Proposal(url=url, kind="sitemap", why="the page names its sitemap")
    yield Proposal(url=urljoin(here, "/sitemap.xml"), kind="sitemap", why="the usual place of a sitemap")


def _same_site(url: str, here: str) -> bool:
    """Whether two addresses are of one site: same host, or one a subdomain of the other's."""
    a = (urlsplit(url).hostname or "").removeprefix("www.")
    b = (urlsplit(here).hostname or "").removeprefix("www.")
    return a == b or a.endswith("." + b) or (b.endswith("." + a) and a.count(".") > 0)


def _distinct(found: list[Proposal]) -> tuple[Proposal, ...]:
    kept: dict[tuple[str, str], Proposal] = {}
    for proposal in found:
        kept.setdefault((proposal.kind, proposal.url), proposal)
    return tuple(kept.values())[:MAX_PROPOSALS]
