"""One address in, a Document, an Unchanged or a FetchError out: time, size, hops and address all bounded."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self

import httpcore

from hubwatch import __version__, politeness
from hubwatch.errors import FetchError
from hubwatch.models import Document, FetchSettings, Request, Robots, Unchanged
from hubwatch.net import targets
from hubwatch.net.bodies import Body, Budget
from hubwatch.net.clock import Clock, SystemClock
from hubwatch.net.connect import Connection, Connector, Reach
from hubwatch.net.gates import Blocks, Gates
from hubwatch.net.idle import Idle
from hubwatch.net.landings import Landings
from hubwatch.net.patience import Patience
from hubwatch.net.permission import Permission
from hubwatch.net.proxies import Proxies
from hubwatch.net.targets import Target

HOMEPAGE = "https://github.com/hubwatch/hubwatch"
MAX_REDIRECTS = 5
_PERMANENT = (301, 308)
_TEMPORARY = (302, 303, 307)
_ONCE = ("etag", "last-modified", "content-type", "location", "content-length", "date", "retry-after")
_ACCEPT = (
    b"application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, "
    b"application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, text/html;q=0.7, */*;q=0.5"
)


def user_agent(contact: str | None = None) -> str:
    """Return how we introduce ourselves: name, version, where to read about it, whom to write to."""
    words = "".join(char for char in contact or "" if " " <= char <= "~" and char not in "()\\").strip()
    return f"hubwatch/{__version__} (+{HOMEPAGE}{'; ' + words if words else ''})"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Redirect:
    """Where an answer leads, and whether for good."""

    target: Target
    is_permanent: bool
    keeps_method: bool


@dataclass(slots=True, kw_only=True)
class _Walk:
    """One request on its way through its redirects."""

    request: Request
    reach: Reach
    target: Target
    left_s: float  # of its time limit
    cut: bool  # take the beginning of a body that is too large
    limit_s: float
    spent_s: float = 0.0
    sitemaps: tuple[str, ...] = ()
    robots_s: float = 0.0  # spent on robots.txt: requests of their own, with a limit of their own
    permanent_url: str | None = None
    is_permanent: bool = True  # every hop so far was
    method: bytes = b"GET"
    validated_url: str | None = None  # where the request's validators belong
    hop_began: float = 0.0
    hops: int = 0  # redirects followed
    address: str | None = None  # that the last hop connected to; None through a proxy

    @property
    def shown(self) -> str:
        """The address, as messages may show it."""
        return targets.show(self.target.url)


class Downloader:
    """Asks for addresses, for the length of one run, as a good guest does."""

    def __init__(
        self,
        settings: FetchSettings,
        user_agent: str,
        *,
        clock: Clock | None = None,
        host_blocks: Mapping[str, datetime] | None = None,
        robots: Mapping[str, Robots] | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock or SystemClock()
        self._allowed = frozenset(settings.allow_private)
        self.gates = Gates(
            jobs=settings.jobs, per_host=settings.per_host, delay_s=settings.delay_s, clock=self._clock
        )
        self._blocks = Blocks(host_blocks or {}, self._clock)
        self._budget = Budget()
        self._patience = Patience()
        self._connector = Connector(Proxies.of(os.environ if env is None else env))
        self._idle = Idle(self._connector)
        self._landings = Landings()
        self._permission = Permission(
            lambda request, reach: self._walk(request, reach, cut=True),
            self._allowed,
            known=robots or {},
            clock=self._clock,
        )
        self._headers = [
            (b"User-Agent", user_agent.encode("ascii", "replace")),
            (b"Accept", _ACCEPT),
            (b"Accept-Encoding", b"gzip"),
        ]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._permission.close()
        await self._idle.close()
        await asyncio.sleep(0)  # lets the transports close their sockets while the loop still runs

    def host_blocks(self) -> dict[str, datetime]:
        """Return the hosts (name:port) that are to be left alone, and until when."""
        return self._blocks.current()

    def robots_learned(self) -> dict[str, Robots]:
        """Return what each robots.txt that was asked for says, by its address."""
        return self._permission.learned

    async def get(self, request: Request) -> Document | Unchanged:
        """Ask for one address and everything it redirects to; raise FetchError when nothing usable comes."""
        return await self._walk(request, Reach(own=request.private_ok, allowed=self._allowed))

    async def _walk(self, request: Request, reach: Reach, *, cut: bool = False) -> Document | Unchanged:
        limit_s = request.timeout_s or self._settings.timeout_s
        first = targets.parse(request.url)
        is_conditional = request.etag is not None or request.last_modified is not None
        given_by = targets.parse(request.validators_url).url if request.validators_url else first.url
        walk = _Walk(
            request=request,
            reach=reach,
            target=first,
            validated_url=given_by if is_conditional else None,
            left_s=limit_s,
            limit_s=limit_s,
            cut=cut,
            method=b"GET" if request.json_body is None else b"POST",
        )
        try:
            return await self._follow(walk)
        except FetchError as error:
            error.elapsed_s = walk.spent_s + walk.robots_s
            raise

    async def _follow(self, walk: _Walk) -> Document | Unchanged:
        for _ in range(MAX_REDIRECTS + 1):
            answer = await self._hop(walk)
            if not isinstance(answer, _Redirect):
                return answer
            walk.target = answer.target
            walk.hops += 1
            walk.is_permanent = walk.is_permanent and answer.is_permanent and not answer.target.credentials
            if walk.is_permanent:
                walk.permanent_url = answer.target.url
            if not answer.keeps_method:
                walk.method = b"GET"
        raise FetchError(
            "too-many-redirects",
            f"{targets.show(walk.request.url)} redirects more than {MAX_REDIRECTS} times",
            url=targets.show(walk.request.url),
        )

    async def _hop(self, walk: _Walk) -> Document | Unchanged | _Redirect:
        """Wait for a turn with the host, then ask within what is left of the time limit."""
        self._blocks.check(walk.target.key, url=walk.target.url)
        if walk.request.obey_robots:
            await self._obey_robots(walk)
        shared = await self._shared(walk)
        if shared is not None:
            return shared
        with self._landings.claim(walk.target.url, redirected=walk.hops > 0) as landing:
            answer = await self._turn(walk)
            if isinstance(answer, Document) and not walk.cut and walk.method == b"GET":
                landing.share(answer, walk.address)
            return answer

    async def _turn(self, walk: _Walk) -> Document | Unchanged | _Redirect:
        async with self.gates.turn(walk.target.key):
            self._blocks.check(walk.target.key, url=walk.target.url)  # another's answer meanwhile
            loop = asyncio.get_running_loop()
            walk.hop_began = loop.time()
            stalled_s = self._patience.stalled_s()
            try:
                async with self._patience.limit(max(walk.left_s, 0)):
                    return await self._exchange(walk)
            except TimeoutError as error:
                raise FetchError(
                    "timeout", f"{walk.shown} took longer than {walk.limit_s:g} s", url=walk.shown
                ) from error
            finally:
                stalled_s = self._patience.stalled_s() - stalled_s
                walk.spent_s += max(loop.time() - walk.hop_began - stalled_s, 0)
                walk.left_s = walk.limit_s - walk.spent_s

    async def _exchange(self, walk: _Walk) -> Document | Unchanged | _Redirect:
        connection, response = await self._ask(walk)
        walk.address = connection.address
        try:
            return await self._read(walk, response)
        finally:
            await response.aclose()
            if connection.is_reusable:
                await self._idle.keep(connection, walk.target)
            else:
                await connection.close()

    async def _ask(self, walk: _Walk) -> tuple[Connection, httpcore.Response]:
        """Put the request to an idle connection to the host, else to a new one."""
        body = (walk.request.json_body or "").encode() if walk.method == b"POST" else None
        headers = self._request_headers(walk)
        if body is not None:
            headers += [(b"Content-Type", b"application/json"), (b"Content-Length", str(len(body)).encode())]
        on_sent = partial(self.gates.sent, walk.target.key)
        connection = self._idle.take(walk.target, walk.reach)
        if connection is not None:
            try:
                return connection, await connection.ask(walk.method, walk.target, headers, body, on_sent)
            except (httpcore.NetworkError, httpcore.ProtocolError):
                # The host closed it while it was idle: the only case in which anything is asked again.
                await connection.close()
        connection = await self._connector.connect(walk.target, walk.reach)
        try:
            return connection, await connection.ask(walk.method, walk.target, headers, body, on_sent)
        except httpcore.RemoteProtocolError as error:
            silent = "without sending" in str(error)
            what = "closed the connection without an answer" if silent else "does not answer in valid HTTP"
            raise FetchError("protocol", f"{walk.shown} {what}", url=walk.shown) from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise FetchError("connect", f"{walk.shown} broke the connection", url=walk.shown) from error
        except BaseException:
            await connection.close()
            raise

    def _request_headers(self, walk: _Walk) -> list[tuple[bytes, bytes]]:
        request, target = walk.request, walk.target
        headers = [(b"Host", target.host_header), *self._headers]
        if target.url == walk.validated_url:  # nowhere but at the address that gave them
            if request.etag is not None:
                headers.append((b"If-None-Match", request.etag.encode("latin-1", "replace")))
            if request.last_modified is not None:
                headers.append((b"If-Modified-Since", request.last_modified.encode("latin-1", "replace")))
        if target.authorization is not None:
            headers.append((b"Authorization", target.authorization))
        return headers

    async def _read(self, walk: _Walk, response: httpcore.Response) -> Document | Unchanged | _Redirect:
        headers = _plain_headers(response.headers)
        status = response.status
        if status in _PERMANENT + _TEMPORARY and "location" in headers:
            return _Redirect(
                target=targets.follow(walk.target, headers["location"]),
                is_permanent=status in _PERMANENT,
                keeps_method=status in (307, 308),
            )
        if status == 304 and walk.target.url == walk.validated_url:
            async for _ in response.aiter_stream():
                pass  # nothing comes, but the connection can serve again
            return Unchanged(**self._facts(walk, headers, 0))
        if not 200 <= status < 300 or status == 206:
            raise self._refusal(walk, status, headers)
        body = Body(
            self._budget,
            max_bytes=walk.request.max_bytes or self._settings.max_bytes,
            url=walk.target.url,
            status=status,
            cut=walk.cut,
        )
        announced = headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > body.max_bytes and not walk.cut:
            raise body.too_large()
        data = await self._read_body(walk, response, headers, body)
        return Document(
            status=status,
            body=data,
            packed=body.packed,
            content_type=headers.get("content-type"),
            sitemaps=walk.sitemaps,
            **self._facts(walk, headers, body.wire_bytes),
        )

    async def _read_body(
        self, walk: _Walk, response: httpcore.Response, headers: Mapping[str, str], body: Body
    ) -> bytes:
        encoding = headers.get("content-encoding", "").strip().lower()
        try:
            return await body.read(response.aiter_stream(), encoding)
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise FetchError(
                "short-body",
                f"{walk.shown} broke off before the whole answer had come",
                url=walk.shown,
                status=response.status,
                size_bytes=body.wire_bytes,
            ) from error

    def _facts(self, walk: _Walk, headers: Mapping[str, str], size_bytes: int) -> dict[str, Any]:
        """Return what a Document and an Unchanged have in common."""
        return {
            "url": walk.target.url,
            "requested_url": walk.request.url,
            "etag": headers.get("etag"),
            "last_modified": headers.get("last-modified"),
            "headers": headers,
            "permanent_url": walk.permanent_url,
            "fetched_at": self._clock.now(),
            "size_bytes": size_bytes,
            "elapsed_s": walk.robots_s + walk.spent_s + asyncio.get_running_loop().time() - walk.hop_began,
        }

    def _refusal(self, walk: _Walk, status: int, headers: Mapping[str, str]) -> FetchError:
        """Return the error for a status that is none of success, and note what it asks of everyone."""
        retry_at = politeness.retry_after(headers, now=self._clock.now())
        if status in (429, 503) and retry_at is not None:
            self._blocks.add(walk.target.key, retry_at)
        try:
            words = f"{status} {HTTPStatus(status).phrase}"  # not the host's own words, which may be anything
        except ValueError:
            words = str(status)
        code = "gone" if status == 410 else f"http-{status}"
        return FetchError(
            code, f"{walk.shown} answered {words}", url=walk.shown, status=status, retry_at=retry_at
        )

    async def _obey_robots(self, walk: _Walk) -> None:
        """Raise FetchError with code robots where robots.txt keeps us out."""
        loop = asyncio.get_running_loop()
        began, took_s = loop.time(), 0.0
        try:
            rules, took_s = await self._permission.rules(walk.target, walk.reach)
        except FetchError as error:
            took_s = error.elapsed_s
            raise
        finally:
            # Waiting for a turn with the host is our own choice; only the request itself is counted.
            walk.robots_s += min(loop.time() - began, took_s)
        walk.sitemaps = rules.sitemaps
        if rules.crawl_delay_s is not None:
            self.gates.slow_down(walk.target.key, rules.crawl_delay_s)
        if not rules.allow(walk.target.path):
            raise FetchError("robots", f"robots.txt asks not to read {walk.shown}", url=walk.shown)

    async def _shared(self, walk: _Walk) -> Document | None:
        """Return what came where a redirect leads, if somebody asked there in this run and we might, too."""
        landing = self._landings.find(walk.target.url)
        if landing is None or walk.method != b"GET" or not (walk.hops or landing.redirected):
            return None
        came = await asyncio.shield(landing.came)
        if came is None or not self._connector.may_reach(landing.address, walk.target, walk.reach):
            return None
        return replace(
            came,
            requested_url=walk.request.url,
            permanent_url=walk.permanent_url,
            sitemaps=walk.sitemaps,
            size_bytes=0,
            elapsed_s=walk.robots_s + walk.spent_s,
        )


def _plain_headers(raw: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """Decode headers byte for byte; of those that may come once only, the first counts."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in raw:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        if name not in headers:
            headers[name] = value
        elif name not in _ONCE:
            headers[name] += f", {value}"
    return headers
