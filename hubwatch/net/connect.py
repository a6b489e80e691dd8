"""Opens connections: the one place that does, so that every hop's address is judged before a byte is sent.

httpx reads addresses and makes the TLS settings; its engine, httpcore, speaks HTTP on what is opened here.
The client and the pool of httpx are left out on purpose: a pool would hand a connection that one source
was allowed to another that is not, and they cost a fifth more time a request.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from typing import Any

import httpcore

from hubwatch.errors import FetchError
from hubwatch.models.dataclass import dataclass
from hubwatch.net.addresses import Resolver, choose
from hubwatch.net.engine import httpx
from hubwatch.net.proxies import Proxies
from hubwatch.net.targets import Target, show

_HIGH_WATER = 256 * 1024  # bytes that wait to be read before the sender is held
_MOST_HEAD = 192 * 1024  # bytes; the engine itself refuses one header block over 100 KB
_IDLE_S = 15.0  # an idle connection is kept that long for the next request
_ADDRESS_S = 4.0  # for one of several addresses of a host, before the next is tried


class _Pipe(asyncio.Protocol):
    """What came in and was not read yet."""

    def __init__(self) -> None:
        self.buffer = bytearray()
        self.ended = False
        self.error: Exception | None = None
        self.transport: asyncio.Transport | None = None
        self._reader: asyncio.Future[None] | None = None
        self._paused = False
        self.head_left: int | None = None  # bytes that may come before the answer's head is whole

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if len(self.buffer) > _HIGH_WATER and not self._paused and self.transport is not None:
            self._paused = True
            self.transport.pause_reading()
        self._wake()

    def eof_received(self) -> bool:
        self.ended = True
        self._wake()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended = True
        self.error = exc
        self._wake()

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    async def read(self, max_bytes: int) -> bytes:
        while not self.buffer:
            if self.error is not None:
                raise httpcore.ReadError(str(self.error)) from self.error
            if self.ended:
                return b""
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
        data = bytes(self.buffer[:max_bytes])
        del self.buffer[:max_bytes]
        if self.head_left is not None:
            self.head_left -= len(data)
            if self.head_left < 0:
                raise httpcore.RemoteProtocolError("no end of headers")
        if self._paused and len(self.buffer) < _HIGH_WATER // 2 and self.transport is not None:
            self._paused = False
            self.transport.resume_reading()
        return data


class Stream(httpcore.AsyncNetworkStream):
    """One open connection, as httpcore wants it. Time limits are around it, not in it."""

    def __init__(self, pipe: _Pipe, transport: asyncio.Transport, address: str) -> None:
        self._pipe = pipe
        self._transport = transport
        self.address = address
        self._on_sent: Callable[[], None] | None = None

    def begin_head(self, on_sent: Callable[[], None] | None = None) -> None:
        """Bound what may come from here to the end of the answer's head (endless 1xx answers, too).

        `on_sent` is told when the request goes out.
        """
        self._on_sent = on_sent
        self._pipe.head_left = _MOST_HEAD

    def end_head(self) -> None:
        """Lift that bound: the body has its own."""
        self._pipe.head_left = None

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what came, b"" at the end."""
        return await self._pipe.read(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send. Requests are small: nothing waits for the other side to take them."""
        if self._transport.is_closing():
            raise httpcore.WriteError("the connection is closed")
        self._transport.write(buffer)
        if self._on_sent is not None:
            self._on_sent()
            self._on_sent = None

    async def aclose(self) -> None:
        """Close at once, without a farewell that a hostile server could draw out."""
        self._transport.abort()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> Stream:
        """Turn to TLS; the certificate is checked against the name that was asked for."""
        loop = asyncio.get_running_loop()
        try:
            transport = await loop.start_tls(
                self._transport, self._pipe, ssl_context, server_hostname=server_hostname
            )
        except BaseException:
            self._transport.abort()
            raise
        if transport is None:  # closed while shaking hands
            raise ConnectionResetError("closed during the TLS handshake")
        self._pipe.transport = transport
        return Stream(self._pipe, transport, self.address)

    def get_extra_info(self, info: str) -> Any:
        """Tell whether an idle connection has something to read, which means that it is over."""
        if info == "is_readable":
            return bool(self._pipe.buffer) or self._pipe.ended or self._transport.is_closing()
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Where one source may be led in private address space."""

    own: frozenset[str] = frozenset()  # its configured host
    allowed: frozenset[str] = frozenset()  # what the user allows every source


class Connection:
    """One open connection to one host, and how requests are put to it."""

    def __init__(
        self,
        stream: Stream,
        target: Target,
        *,
        proxy: Target | None = None,
        address: str | None = None,
    ) -> None:
        self._origin = _origin(proxy or target)
        self._stream = stream
        self._http = httpcore.AsyncHTTP11Connection(
            origin=self._origin, stream=stream, keepalive_expiry=_IDLE_S
        )
        self._proxy = proxy
        self.address = address  # None where a proxy stands between: then it serves one request only

    async def ask(
        self,
        method: bytes,
        target: Target,
        headers: list[tuple[bytes, bytes]],
        body: bytes | None,
        on_sent: Callable[[], None],
    ) -> httpcore.Response:
        """Send one request and return the answer's head; its body waits on the stream."""
        path = target.path
        if self._proxy is not None:  # plain http through a proxy: the whole address is the path
            path = b"http://" + target.host_header + target.path
            if self._proxy.authorization is not None:
                headers = [*headers, (b"Proxy-Authorization", self._proxy.authorization)]
        url = httpcore.URL(
            scheme=self._origin.scheme, host=self._origin.host, port=self._origin.port, target=path
        )
        request = httpcore.Request(method, url, headers=headers, content=body)
        self._stream.begin_head(on_sent)
        response = await self._http.handle_async_request(request)
        self._stream.end_head()
        return response

    @property
    def is_reusable(self) -> bool:
        """Tell whether another request can be put to it."""
        return self.address is not None and self._http.is_available() and not self._http.has_expired()

    async def close(self) -> None:
        """Close it."""
        await self._http.aclose()


class Connector:
    """Opens connections for a run: one resolver, one set of TLS settings, the environment's proxies."""

    def __init__(self, proxies: Proxies) -> None:
        self._proxies = proxies
        self._resolver = Resolver()
        self._tls: ssl.SSLContext | None = None

    async def connect(self, target: Target, reach: Reach) -> Connection:
        """Connect to the host of an address, or to the proxy before it, if that may be."""
        proxy = self._proxies.find(target)
        if proxy is None:
            opened = await self._open(await self._judge(target, reach), target)
            stream = await self._secure(opened, target) if target.scheme == "https" else opened
            return Connection(stream, target, address=opened.address)
        try:
            await self._judge(target, reach)
        except FetchError as error:
            if error.code != "dns":  # a name that only the proxy knows is for the proxy to judge
                raise
        opened = await self._open(await self._resolver.resolve(proxy.host), proxy)
        stream = await self._secure(opened, proxy) if proxy.scheme == "https" else opened
        if target.scheme == "http":
            return Connection(stream, target, proxy=proxy)
        return Connection(await self._tunnel(stream, target, proxy), target)

    def may_reuse(self, connection: Connection, target: Target, reach: Reach) -> bool:
        """Tell whether an open connection, maybe opened for another source, may serve this one."""
        return connection.is_reusable and self.may_reach(connection.address, target, reach)

    def may_reach(self, address: str | None, target: Target, reach: Reach) -> bool:
        """Tell whether this one may connect to an address; of what a proxy reached that is not known."""
        if address is None:
            return False
        try:
            choose((address,), target.host, own=reach.own, allowed=reach.allowed)
        except FetchError:
            return False
        return True

    async def _judge(self, target: Target, reach: Reach) -> tuple[str, ...]:
        try:
            found = await self._resolver.resolve(target.host)
            return choose(found, target.host, own=reach.own, allowed=reach.allowed)
        except FetchError as error:
            error.url = show(target.url)
            raise

    async def _open(self, addresses: tuple[str, ...], target: Target) -> Stream:
        """Connect to the first of the addresses that answers."""
        loop = asyncio.get_running_loop()
        failure: OSError | None = None
        for number, address in enumerate(addresses, 1):
            try:
                async with asyncio.timeout(None if number == len(addresses) else _ADDRESS_S):
                    transport, pipe = await loop.create_connection(_Pipe, address, target.port)
                return Stream(pipe, transport, address)
            except OSError as error:  # TimeoutError is one
                failure = error
        reason = (
            "refused the connection" if isinstance(failure, ConnectionRefusedError) else "cannot be reached"
        )
        raise FetchError("connect", f"{target.key} {reason}", url=show(target.url)) from failure

    async def _secure(self, stream: httpcore.AsyncNetworkStream, target: Target) -> Stream:
        if self._tls is None:
            self._tls = httpx.create_ssl_context()  # 30 ms: only when the first https address is asked
            self._tls.set_alpn_protocols(["http/1.1"])
        try:
            secured = await stream.start_tls(self._tls, server_hostname=target.host)
            assert isinstance(secured, Stream)
            return secured
        except ssl.SSLCertVerificationError as error:
            raise FetchError(
                "tls",
                f"the certificate of {target.host} is not valid: {error.verify_message}",
                url=show(target.url),
            ) from error
        except OSError as error:  # ssl.SSLError is one
            raise FetchError("tls", f"no secure connection to {target.host}", url=show(target.url)) from error

    async def _tunnel(self, stream: Stream, target: Target, proxy: Target) -> Stream:
        """Have the proxy pass everything through to an https host, and turn to TLS with that host."""
        http = httpcore.AsyncHTTP11Connection(origin=_origin(proxy), stream=stream)
        place = f"{target.name}:{target.port}"
        headers = [(b"Host", place.encode("ascii"))]
        if proxy.authorization is not None:
            headers.append((b"Proxy-Authorization", proxy.authorization))
        url = httpcore.URL(
            scheme=proxy.scheme.encode(), host=proxy.host.encode(), port=proxy.port, target=place.encode()
        )
        stream.begin_head()
        try:
            answer = await http.handle_async_request(httpcore.Request(b"CONNECT", url, headers=headers))
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise FetchError(
                "proxy", f"the proxy did not open a way to {target.key}", url=show(target.url)
            ) from error
        if not 200 <= answer.status < 300:
            await http.aclose()
            raise FetchError(
                "proxy", f"the proxy answered {answer.status} for {target.key}", url=show(target.url)
            )
        stream.end_head()
        tunnel: httpcore.AsyncNetworkStream = answer.extensions["network_stream"]
        return await self._secure(tunnel, target)


def _origin(target: Target) -> httpcore.Origin:
    return httpcore.Origin(target.scheme.encode(), target.host.encode(), target.port)
