"""An address taken apart, once, so that what is judged and what is asked cannot be two things."""

from __future__ import annotations

import base64
import contextlib
import re
from dataclasses import replace
from urllib.parse import unquote_to_bytes, urljoin

from hubwatch.errors import FetchError
from hubwatch.models.dataclass import dataclass
from hubwatch.net.addresses import plain_host
from hubwatch.net.engine import httpx
from hubwatch.text.urls import mask

PORTS = {"http": 80, "https": 443}
_LONGEST = 8192  # characters of an address; what is longer is an attack or an accident
_SHOWN = 300  # of these in a message
_HOST = re.compile(r"[a-z0-9._:-]{1,254}")  # no name is longer, nor does a lookup take one that is


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where one request goes."""

    scheme: str
    host: str  # ASCII, lower case, IPv6 without brackets
    port: int
    path: bytes  # with the query, as it goes over the wire
    url: str  # without fragment and credentials
    credentials: bytes | None = None  # user:password, for this host only

    @property
    def key(self) -> str:
        """The host as limits count it: name and port."""
        return f"{self.host}:{self.port}"

    @property
    def name(self) -> str:
        """The host as an address has it: IPv6 in brackets."""
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def host_header(self) -> bytes:
        """The value of the Host header."""
        return (self.name if self.port == PORTS[self.scheme] else f"{self.name}:{self.port}").encode("ascii")

    @property
    def authorization(self) -> bytes | None:
        """The value of the Authorization header, if the address carried credentials."""
        return None if self.credentials is None else b"Basic " + base64.b64encode(self.credentials)


def show(url: str) -> str:
    """Write an address, which may come from anyone, for a message: one line, no secrets, not endless."""
    from hubwatch.text.controls import shorten, strip_controls  # for messages only: most runs need none

    return shorten(" ".join(strip_controls(mask(url[:_LONGEST])).split()), _SHOWN)


def parse(url: str) -> Target:
    """Take an http or https address apart; raise FetchError with code bad-scheme or bad-url."""
    url = url.strip()
    try:
        parsed = httpx.URL(url) if len(url) <= _LONGEST else None
        target = None if parsed is None else _target(parsed, url)
    except (httpx.InvalidURL, UnicodeError):
        target = None
    if target is None:
        raise FetchError("bad-url", f"{show(url)} is not an address", url=show(url))
    return target


def _target(parsed: httpx.URL, url: str) -> Target | None:
    if parsed.scheme not in PORTS:
        kind = f"{parsed.scheme}: addresses" if parsed.scheme else "addresses without http:// or https://"
        raise FetchError("bad-scheme", f"{kind} are not read, only http and https", url=show(url))
    host = parsed.raw_host.decode("ascii").lower()
    port = PORTS[parsed.scheme] if parsed.port is None else parsed.port
    # Browsers take a backslash for a slash, libraries do not: the two would mean different hosts.
    authority = url.partition("://")[2].partition("/")[0]
    if not _HOST.fullmatch(host) or not 0 < port <= 65535 or "\\" in authority:
        return None
    userinfo = parsed.userinfo
    is_bare = not userinfo and not parsed.fragment
    return Target(
        scheme=parsed.scheme,
        host=plain_host(host),
        port=port,
        path=parsed.raw_path,
        url=url if is_bare else str(parsed.copy_with(fragment=None, userinfo=b"")),
        credentials=unquote_to_bytes(userinfo) if userinfo else None,
    )


def follow(target: Target, location: str) -> Target:
    """Return where a redirect leads; credentials go along only within the host, never to plain http."""
    with contextlib.suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")  # headers are bytes; many mean UTF-8
    try:
        joined = urljoin(target.url, location.strip())
    except ValueError:  # brackets that are no IPv6 address
        joined = ""
    if not joined:
        raise FetchError(
            "bad-url", f"{show(target.url)} redirects to what is not an address", url=show(target.url)
        )
    there = parse(joined)
    if target.scheme == "https" and there.scheme == "http":
        raise FetchError(
            "downgrade",
            f"{show(target.url)} leads from https to plain http, which is not followed",
            url=show(there.url),
        )
    if there.credentials is not None:
        return there
    same = there.host == target.host and (there.port == target.port or (target.port, there.port) == (80, 443))
    if target.credentials is None or not same:
        return there
    return replace(there, credentials=target.credentials)
