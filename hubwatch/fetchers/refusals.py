"""Why a document is not what was asked for, in plain words: empty, bot check, login page, page not found,
HTML where a feed was, a list that only a script builds. Pure; looks at the first part of a document only."""

from __future__ import annotations

import html
import re
from urllib.parse import urlsplit

from hubwatch.errors import ParseError
from hubwatch.models import Document
from hubwatch.text import bytes as text_bytes
from hubwatch.text import controls, plain

_HEAD_BYTES = 200_000
_FEW_WORDS = 2_500  # characters of visible text: more than that is a real page, whatever scripts it carries
_HARDLY_ANY = 400

_TITLE = re.compile(r"<title\b[^>]{0,200}>([^<]{0,500})", re.IGNORECASE)
_HEADING = re.compile(r"<h[12]\b[^>]{0,300}>([^<]{0,300})", re.IGNORECASE)
_PASSWORD = re.compile(r"<input\b[^>]{0,500}?type\s*=\s*[\"']?password", re.IGNORECASE)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|title|div|p|meta|script)\b", re.IGNORECASE)
_XML = re.compile(r"<(?:[\w.-]+:)?(?:rss|rdf|feed|urlset|sitemapindex)[\s>]", re.IGNORECASE)
_HIDDEN = re.compile(r"<(script|style|noscript)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)

_BOT_TITLES = re.compile(
    r"^(?:just a moment\b|attention required\b|one moment,? please|checking your browser|access denied\b"
    r"|access to this page has been denied|pardon our interruption|request rejected|request unsuccessful"
    r"|verif(?:y|ying) (?:that )?you are (?:a )?human|are you (?:a )?(?:human|robot)|robot or human"
    r"|human verification|bot verification|robot challenge|security check(?:point)?\b|ddos-guard"
    r"|sucuri website firewall|you have been blocked|vercel security checkpoint|unauthorized activity"
    r"|(?:error )?403\b|(?:please wait|blocked|forbidden)\b.{0,20}$)",
    re.IGNORECASE,
)
_BOT_MARKERS = (
    "_cf_chl_opt",
    "cf-browser-verification",
    "cf-challenge",
    "cf-error-details",
    "_Incapsula_Resource",
    "Incapsula incident ID",
    "captcha-delivery.com",
    "sgcaptcha",
    "awsWafCookieDomainList",
    "Sucuri WebSite Firewall",
    "DDoS protection by",
    "The requested URL was rejected. Please consult with your administrator",
    "errors.edgesuite.net",
    "Enable JavaScript and cookies to continue",
    "Please enable JS and disable any ad blocker",
    "Checking if the site connection is secure",
)
# Contact forms have these too: they count on a page that says next to nothing else.
_CAPTCHAS = ("g-recaptcha", "h-captcha", "cf-turnstile", "px-captcha")
_LOGIN_TITLES = re.compile(
    r"\b(?:log ?in|log ?on|sign ?in|sign ?on|member login|single sign-on|authentication required)\b",
    re.IGNORECASE,
)
_LOGIN_PATHS = re.compile(
    r"(?:^|[/._-])(?:wp-login|log-?in|log-?on|sign-?in|sso|saml2?|oauth2?|adfs)(?:[/._-]|$)", re.IGNORECASE
)
_GONE_TITLES = re.compile(
    r"^\W*(?:error\W*)?404\b|\b(?:page|file|site|url|content|resource|document) (?:was |is |could |can|has )?"
    r"(?:not|n[o']t)(?: be)? (?:found|available|exist)|^not found\b|\bpage (?:doesn.?t|does not) exist"
    r"|^oops\b.{0,40}(?:found|exist|gone)|\b(?:page|site) no longer (?:exists|available)",
    re.IGNORECASE,
)
# Where scripts put what they build, what stands there until they have, and what is said where none run.
_MOUNT = re.compile(
    r"<div\b[^>]{0,200}?\bid\s*=\s*[\"']?(?:root|app|__next|__nuxt|___gatsby|q-app)\b[^>]{0,200}>\s*</div>",
    re.IGNORECASE,
)
_LOADING = re.compile(
    r">\s{0,200}loading(?: (?:the |our |latest |more )*(?:news|articles|posts|stories|events"
    r"|(?:press )?releases|updates|announcements|items|content))?\s*(?:\.{3}|…|&hellip;)\s{0,200}<",
    re.IGNORECASE,
)
_NO_SCRIPTS = re.compile(
    r"<noscript\b[^>]{0,200}>\s{0,200}(?:<[^>]{0,200}>)?[^<]{0,200}?\bjavascript\b", re.IGNORECASE
)
_PARKED = re.compile(
    r"\b(?:this )?domain (?:name )?(?:is|may be) (?:for sale|parked|available for purchase)"
    r"|\bbuy this domain\b|sedoparking|parkingcrew|hugedomains",
    re.IGNORECASE,
)


def not_a_feed(document: Document, wanted: str = "a feed") -> ParseError:
    """Say why a document that was to be `wanted` is not, as the error to raise."""
    error = obstacle(document, wanted)
    if error is not None:
        return error
    text = _head(document)
    title = _title(text)
    named = f' ("{controls.shorten(title, 60)}")' if title else ""
    if _HTML.search(text[:5_000]):
        return _error(document, "not-a-feed", f"an HTML page{named} came instead of {wanted}")
    start = plain.to_line(text[:400], is_html=False, limit=60)
    return _error(document, "not-a-feed", f'what came is not {wanted}; it begins with "{start}"')


def obstacle(document: Document, wanted: str = "the page") -> ParseError | None:
    """Find what stands between us and the content: nothing came, a bot check, a login, a page not found."""
    text = _head(document)
    if not text.strip(" \t\r\n\x00\ufeff"):
        return _error(document, "empty", f"the answer is empty; {wanted} was expected")
    if _XML.search(text[:2_000]) or not _HTML.search(text[:20_000]):
        return None
    title = _title(text)
    shown = f' ("{controls.shorten(title, 60)}")' if title else ""
    visible = len(plain.to_line(_HIDDEN.sub(" ", text)))
    little = visible <= _FEW_WORDS
    markers = _BOT_MARKERS + (_CAPTCHAS if visible <= _HARDLY_ANY else ())
    challenged = document.headers.get("cf-mitigated", "").lower() == "challenge"
    if challenged or (little and (_BOT_TITLES.search(title) or any(mark in text for mark in markers))):
        message = f"the site shows a check against robots{shown} instead of {wanted}"
        return _error(document, "bot-wall", message)
    if _is_login(document, text, title, little=little):
        return _error(document, "login-page", f"the site asks for a login{shown} instead of {wanted}")
    lines = [title, *map(_folded, _HEADING.findall(text)[:3])] if little else [title]
    if any(_GONE_TITLES.search(line) for line in lines):
        message = f"the site says that the page was not found{shown}, though with status {document.status}"
        return _error(document, "soft-404", message)
    if little and _PARKED.search(text):
        return _error(document, "soft-404", f"a parked domain{shown} is at the address instead of {wanted}")
    return None


def by_script(document: Document, *, surely: bool = False) -> ParseError | None:
    """Say that a page without news leaves building it to scripts, where it looks like that (or says so)."""
    text = _head(document)
    visible = _HIDDEN.sub(" ", text)
    is_built = bool(_LOADING.search(visible))
    if not surely and not is_built:
        is_bare = len(plain.to_line(visible)) <= _HARDLY_ANY
        is_built = bool(_MOUNT.search(visible) or (is_bare and _NO_SCRIPTS.search(text)))
    message = "a script builds what the page lists, and scripts are not run here"
    return _error(document, "no-list", message) if is_built and "<script" in text.lower() else None


def _is_login(document: Document, text: str, title: str, *, little: bool) -> bool:
    if not _PASSWORD.search(text):
        return False
    path = urlsplit(document.url).path if document.url != document.requested_url else ""
    return bool(_LOGIN_PATHS.search(path) or (little and _LOGIN_TITLES.search(title)))


def _head(document: Document) -> str:
    return text_bytes.decode(document.body[:_HEAD_BYTES], document.content_type)


def _title(text: str) -> str:
    found = _TITLE.search(text)
    return _folded(found[1]) if found else ""


def _folded(text: str) -> str:
    return plain.to_line(html.unescape(text), is_html=False)


def _error(document: Document, code: str, message: str) -> ParseError:
    return ParseError(code, message, url=document.url)
