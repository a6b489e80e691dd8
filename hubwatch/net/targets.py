"""An address taken apart, once, so that what is judged and what is asked cannot be two things."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes, urljoin

from hubwatch.errors import FetchError
from hubwatch.net.addresses import plain_host
from hubwatch.net.engine import httpx
from hubwatch.text.urls import mask

PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9._:-]+")


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
    def host_header(self) -> bytes:
        """The value of the Host header."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return (name if self.port == PORTS[self.scheme] else f"{name}:{self.port}").encode("ascii")

    @property
    def authorization(self) -> bytes | None:
        """The value of the Authorization header, if the address carried credentials."""
        return None if self.credentials is None else b"Basic " + base64.b64encode(self.credentials)


def parse(url: str) -> Target:
    """Take an http or https address apart; raise FetchError with code bad-scheme or bad-url."""
    shown = mask(url)
    try:
        parsed = httpx.URL(url.strip())
        host = parsed.raw_host.decode("ascii").lower()
    except (httpx.InvalidURL, UnicodeError) as error:
        raise FetchError("bad-url", f"{shown} is not an address", url=shown) from error
    if parsed.scheme not in PORTS:
        kind = f"{parsed.scheme}: addresses" if parsed.scheme else "addresses without http:// or https://"
        raise FetchError("bad-scheme", f"{kind} are not read, only http and https", url=shown)
    port = parsed.port or PORTS[parsed.scheme]
    # Browsers take a backslash for a slash, libraries do not: the two would mean different hosts.
    authority = url.strip().partition("://")[2].partition("/")[0]
    if not _HOST.fullmatch(host) or port > 65535 or "\\" in authority:
        raise FetchError("bad-url", f"{shown} is not an address", url=shown)
    userinfo = parsed.userinfo
    bare = parsed.copy_with(fragment=None, userinfo=b"") if userinfo or parsed.fragment else parsed
    return Target(
        scheme=parsed.scheme,
        host=plain_host(host),
        port=port,
        path=parsed.raw_path,
        url=str(bare) if userinfo or parsed.fragment else url.strip(),
        credentials=unquote_to_bytes(userinfo) if userinfo else None,
    )


def follow(target: Target, location: str) -> Target:
    """Return where a redirect leads; credentials go along only within the host, never to plain http."""
    there = parse(urljoin(target.url, location.strip()))
    if target.scheme == "https" and there.scheme == "http":
        raise FetchError(
            "downgrade",
            f"{mask(target.url)} leads from https to plain http, which is not followed",
            url=mask(there.url),
        )
    if there.credentials is not None:
        return there
    same = there.host == target.host and (there.port == target.port or (target.port, there.port) == (80, 443))
    if target.credentials is None or not same:
        return there
    return Target(
        scheme=there.scheme,
        host=there.host,
        port=there.port,
        path=there.path,
        url=there.url,
        credentials=target.credentials,
    )
