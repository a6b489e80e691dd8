"""Which addresses may be connected to: names are looked up here, and what they stand for is judged.

Text checks on an address stop nobody (`127.1`, `0x7f000001`, `[::ffff:127.0.0.1]`, a name that answers
differently the second time), so the judgment is on the very address that is connected to afterward.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections import deque
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from hubwatch.errors import FetchError

# Lookups block a thread each and cannot be cancelled; a resolver that hangs may hold so many.
_LOOKUPS_AT_ONCE = 64

_SHARED = IPv4Network("100.64.0.0/10")  # carrier-grade NAT: not "private" to the standard library
_REFUSED_V6 = (
    IPv6Network("64:ff9b:1::/48"),  # NAT64 for local use
    IPv6Network("fec0::/10"),  # site-local, outlived but still routed in places
)
_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")  # an IPv4 address in the low bits, outlived


def is_public(address: str) -> bool:
    """Tell whether an address is one of the open internet, also where IPv6 wraps an IPv4 address."""
    parsed = ip_address(address.partition("%")[0])
    if isinstance(parsed, IPv6Address):
        inner = _embedded(parsed)
        if inner:
            return all(is_public(str(each)) for each in inner)
        if any(parsed in network for network in _REFUSED_V6):
            return False
    elif parsed in _SHARED:
        return False
    return (
        parsed.is_global
        and not parsed.is_private
        and not parsed.is_multicast
        and not parsed.is_reserved
        and not parsed.is_unspecified
        and not parsed.is_loopback
        and not parsed.is_link_local
    )


def _embedded(address: IPv6Address) -> tuple[IPv4Address, ...]:
    """The IPv4 addresses that a connection to this IPv6 address would end at."""
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    if address.teredo is not None:
        return address.teredo
    if address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    return ()


def plain_host(host: str) -> str:
    """Bring a host's name to the form in which names are compared."""
    bare = host.strip().strip("[]").rstrip(".").lower()
    try:
        return str(ip_address(bare))
    except ValueError:
        return bare


def is_literal(host: str) -> bool:
    """Tell whether a host is written as an IP address rather than as a name."""
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def choose(
    found: Sequence[str],
    host: str,
    *,
    own: Iterable[str] = (),
    allowed: Iterable[str] = (),
) -> tuple[str, ...]:
    """Keep the addresses of a host that may be connected to; raise FetchError if none may.

    `own` are hosts whose private addresses are fine as long as the name has no public one (the source's
    configured host); `allowed` are hosts or addresses that the user named as fine in any case.
    """
    named = {plain_host(each) for each in allowed}
    name = plain_host(host)
    if name in named:
        return tuple(found)
    public = tuple(each for each in found if is_public(each) or plain_host(each) in named)
    if public:
        return public
    if name in {plain_host(each) for each in own}:
        return tuple(found)
    shown = f"{host} ({found[0]})" if found[0] != host else host
    raise FetchError(
        "refused-address",
        f"{shown} lies in private address space, where this source may not lead",
        hint="name the host in [fetch] allow_private if it is meant",
    )


class Resolver:
    """Looks names up, each once a run, in threads that a hanging name server cannot multiply."""

    def __init__(self) -> None:
        self._lookups: dict[str, asyncio.Future[tuple[str, ...]]] = {}
        self._waiting: deque[str] = deque()
        self._running = 0

    async def resolve(self, host: str) -> tuple[str, ...]:
        """Return the addresses of a host, best first; raise FetchError with code dns."""
        if is_literal(host):
            return (host,)
        if host not in self._lookups:
            self._lookups[host] = asyncio.get_running_loop().create_future()
            self._waiting.append(host)
            self._start_some()
        try:
            # Shielded: that one asker's time is up ends nobody else's lookup.
            return await asyncio.shield(self._lookups[host])
        except OSError as error:
            raise FetchError("dns", f"the name {host} cannot be found") from error

    def _start_some(self) -> None:
        while self._waiting and self._running < _LOOKUPS_AT_ONCE:
            host = self._waiting.popleft()
            self._running += 1
            # A daemon thread of its own: a pool's threads are waited for at the end of the process, and
            # a lookup in a dead network takes as long as the resolver likes.
            threading.Thread(
                target=self._work, args=(host, asyncio.get_running_loop()), name="lookup", daemon=True
            ).start()

    def _work(self, host: str, loop: asyncio.AbstractEventLoop) -> None:
        found = _look_up(host)
        with contextlib.suppress(RuntimeError):  # the run is over, its loop closed
            loop.call_soon_threadsafe(self._settle, host, found)

    def _settle(self, host: str, found: tuple[str, ...] | OSError) -> None:
        self._running -= 1
        lookup = self._lookups[host]
        if isinstance(found, OSError):
            lookup.set_exception(found)
            lookup.exception()  # counts as seen, also when every asker has gone
        else:
            lookup.set_result(found)
        self._start_some()


def _look_up(host: str) -> tuple[str, ...] | OSError:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:  # UnicodeError: a label too long for the codec
        return error if isinstance(error, OSError) else OSError(str(error))
    return tuple(dict.fromkeys(str(each[4][0]) for each in found))
