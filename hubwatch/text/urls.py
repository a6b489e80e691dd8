"""Addresses: absolute, free of tracking, comparable, and safe to show. Only http and https are any."""

from __future__ import annotations

import functools
import re
from urllib.parse import urljoin, urlsplit

_SCHEMES = ("http", "https")
_PORTS = {"http": 80, "https": 443}
_MAX_LENGTH = 4096

_TRACKING_PREFIXES = (
    "utm_", "utm-", "hsa_", "pk_", "mtm_", "matomo_", "piwik_", "wt_", "ns_", "vero_", "oly_", "fb_",
    "__hs", "_hs", "__s",
)  # fmt: skip
_TRACKING_NAMES = """
    fbclid gclid gclsrc dclid gbraid wbraid msclkid mc_cid mc_eid mkt_tok igshid igsh yclid ysclid twclid
    ttclid li_fat_id epik s_cid ncid cmpid cmp_id xtor trk trkcampaign trk_contact trk_msg trk_module trk_sid
    hsctatracking elqtrackid elqtrack elqaid elqat elqcampaignid sc_campaign sc_channel sc_content sc_medium
    sc_outcome sc_geo sc_country at_medium at_campaign _ga _gl _openstat rb_clickid ml_subscriber
    ml_subscriber_hash cvid ocid sr_share guccounter guce_referrer guce_referrer_sig ref_src ref_url
    spm scm sfmc_id sfmc_activityid emci emdi ceid smid smtyp share_id amp_js_v usqp
"""
_TRACKING = frozenset(_TRACKING_NAMES.split())
# Parameters that carry news addresses on some sites and only say where the reader came from on others.
_ORIGIN = frozenset({"ref", "source", "src", "from", "via", "rss", "feed", "referrer", "referer", "medium"})
_ORIGIN_VALUES = """
    rss rss1 rss2 rss2.0 atom feed feeds feedburner twitter facebook linkedin newsletter email mail social
    share homepage instagram x t.co 1
"""
_ORIGINS = frozenset(_ORIGIN_VALUES.split())
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|xhtml|php|aspx?|jsp|cfm)$", re.IGNORECASE)
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# What must not stand bare in a printed link: white space, quotes, brackets, controls, all beyond ASCII.
_UNSAFE = re.compile(r"[^!#$%&'()*+,\-./0-9:;=?@A-Z_a-z~\[\]]")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
_HOST = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.?"
)
_IPV6 = re.compile(r"[0-9a-f:.]+(?:%25[\w.~-]+)?")
# Nearly every link that comes: absolute, plain, lower case; nothing to resolve, escape or check.
_PLAIN = re.compile(
    r"(https?://(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,24}|[0-9]{1,3})"
    r"(?::(?!80/|443/)(?:[1-9][0-9]{1,3}|[1-5][0-9]{4}))?)(/(?!/)[A-Za-z0-9_~%+,;=@&!$'()*\-./:]*+)"
    r"((?:\?[A-Za-z0-9_~%+,;=@&!$'()*\-./:?]*+)?)"
)
# `http://` alone stands in forms that nobody filled in; urljoin takes it for the page itself.
_NO_HOST = re.compile(r"(?:https?:)?//(?:[/?#]|\Z)", re.IGNORECASE)
# Also without a scheme, as proxies are named, and with what a password ought to escape: `me:p/w#1@host`.
# A number before a slash is a port, and the `@` behind it part of a path.
_USER = re.compile(
    r"(?<=//)[^\s/?#\"'<>]{1,256}@"
    r"|(?<![^\s\"'<(=/])[^\s:/?#@\"'<>]{1,256}:(?![/\\]|\d{0,5}[/?#])[^\s\"'<>]{1,256}@"
)
_SECRET = re.compile(
    r"((?:^|[^\w-])(?:[\w-]{0,40}(?:token|secret|passw(?:or)?d|signature)|[\w-]{0,20}api[_-]?key|key|sig|auth"
    r"|authorization|pwd|pass|session(?:id)?|sid)=)[^&#;\s\"'<>]+",
    re.IGNORECASE,
)


def absolute(base: str, href: str) -> str | None:
    """Resolve a link as a browser would; None unless it is a safe http or https address."""
    if _PLAIN.fullmatch(href) and "/." not in href and len(href) <= _MAX_LENGTH:
        return href
    href = _CONTROLS.sub("", href[: 2 * _MAX_LENGTH]).strip()
    if not href or len(href) > _MAX_LENGTH:
        return None
    cut = min((href.find(c) for c in "?#" if c in href), default=len(href))
    href = href[:cut].replace("\\", "/") + href[cut:]
    if _NO_HOST.match(href):
        return None
    try:
        joined = urljoin(base, href)
        parts = urlsplit(joined)
        scheme = parts.scheme.lower()
        if scheme not in _SCHEMES:
            return None
        netloc = _netloc(scheme, parts.hostname, parts.port)
    except ValueError:
        return None
    if netloc is None:
        return None
    path = urljoin("http://h/", parts.path)[8:] if "/." in parts.path else parts.path
    path = _escape(path) or "/"
    query = f"?{_escape(parts.query)}" if parts.query else ""
    fragment = f"#{_escape(parts.fragment)}" if parts.fragment else ""
    return f"{scheme}://{netloc}{path}{query}{fragment}"


def canonical(url: str) -> str:
    """Write an address without default port, fragment and tracking; one that is no address stays as it is."""
    clean = absolute(url, url)
    if clean is None:
        return url
    head, _, fragment = clean.partition("#")
    head, _, query = head.partition("?")
    kept = "&".join(part for part in query.split("&") if part and not _is_tracking(part)) if query else ""
    # Hash routes (`#!/news/1`, `#/news/1`) are addresses of their own; anchors and tracking are not.
    route = f"#{fragment}" if fragment.startswith(("!/", "/")) else ""
    return head + (f"?{kept}" if kept else "") + route


@functools.lru_cache(maxsize=2048)  # a list's items are asked several times, stage after stage
def key(url: str) -> str:
    """Fold an address to what two spellings of it share: no scheme, `www.`, index file or closing slash."""
    clean = canonical(url)
    _, found, rest = clean.partition("://")
    if not found:
        return clean
    rest, mark, tail = _split_tail(rest)
    netloc, slash, path = rest.partition("/")
    if netloc.startswith("www."):
        netloc = netloc[4:]
    netloc = netloc.removesuffix(".")
    path = slash + path
    if "%" in path:
        path = _ESCAPE.sub(_fold_escape, path)
    if "//" in path:
        path = re.sub("/{2,}", "/", path)
    path = _INDEX.sub("/", path).rstrip("/")
    if "%" in tail:
        tail = _ESCAPE.sub(_fold_escape, tail)
    return netloc + path + mark + tail


def host(url: str) -> str:
    """Name the host with its port, the unit of politeness: `example.org:443`."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme.lower(), 443)
        return f"{_ascii_host(parts.hostname or '') or ''}:{port}"
    except ValueError:
        return ""


def mask(text: str) -> str:
    """Hide user names, passwords and tokens of the addresses in a text."""
    if "@" in text:
        text = _USER.sub("***@", text)
    return _SECRET.sub(r"\1***", text) if "=" in text else text


def _netloc(scheme: str, hostname: str | None, port: int | None) -> str | None:
    name = _ascii_host(hostname or "")
    if not name:
        return None
    return name if port in (None, _PORTS[scheme]) else f"{name}:{port}"


def _ascii_host(hostname: str) -> str | None:
    """Write a host name as it goes over the wire; None if it cannot be one."""
    name = hostname.lower()
    if not name.isascii():
        try:
            name = name.encode("idna").decode("ascii").lower()
        except UnicodeError:
            return None
    if ":" in name:
        return f"[{name}]" if _IPV6.fullmatch(name) else None
    return name if len(name) <= 253 and _HOST.fullmatch(name) else None


def _escape(text: str) -> str:
    if _UNSAFE.search(text) is None:
        return text
    return _UNSAFE.sub(lambda found: "".join(f"%{b:02X}" for b in found[0].encode("utf-8", "replace")), text)


def _fold_escape(found: re.Match[str]) -> str:
    byte = int(found[1], 16)
    return chr(byte) if byte in _UNRESERVED else found[0].upper()


def _split_tail(rest: str) -> tuple[str, str, str]:
    for mark in "?#":
        head, found, tail = rest.partition(mark)
        if found:
            return head, mark, tail
    return rest, "", ""


def _is_tracking(part: str) -> bool:
    name, _, value = part.partition("=")
    name = name.lower().removeprefix("amp;")
    if name in _TRACKING or name.startswith(_TRACKING_PREFIXES):
        return True
    return name in _ORIGIN and value.lower() in _ORIGINS
