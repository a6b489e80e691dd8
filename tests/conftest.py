"""Fixtures for every test: sites on loopback that can be told to misbehave, and a clock that stands still."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http import HTTPStatus
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples each time, and no clock: what fails, fails everywhere.
# `pytest --hypothesis-profile=default` looks for others.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")

_DEAF_S = 20.0  # how long a hanging site holds on: longer than any test waits


@dataclass(frozen=True)
class Asked:
    """One request as a site saw it."""

    method: str
    path: str  # with the query, as it came over the wire
    headers: dict[str, str]  # lower-case names
    body: bytes
    time: float  # monotonic


@dataclass(frozen=True)
class Answer:
    """What a site says at one path."""

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    delay_s: float = 0.0  # before anything is said
    drip_s: float | None = None  # one byte of the body each so many seconds
    drip_head_s: float | None = None  # one byte of everything each so many seconds
    hang: bool = False  # takes the request and says nothing
    hang_body: bool = False  # says the head, sends the body given, and then nothing
    endless: bool = False  # the body again and again, without end
    cut: bool = False  # promises one byte more than it sends
    reset: bool = False  # closes without a word
    close: bool = False  # closes after the answer
    raw: bytes | None = None  # exactly this, whatever it is


Handler = Callable[[Asked], Answer]


@dataclass
class Site:
    """A server of one address and port. Paths that nobody set answer 404."""

    host: str
    port: int = 0
    log: list[Asked] = field(default_factory=list)
    tls: bool = False
    connections: int = 0
    most_at_once: int = 0  # requests being answered at the same time
    _at_once: int = 0
    _handlers: dict[str, Handler] = field(default_factory=dict)
    _server: asyncio.Server | None = None

    @property
    def name(self) -> str:
        """The host with its port, as limits count it."""
        return f"{self.host}:{self.port}"

    def url(self, path: str = "/") -> str:
        """The address of a path."""
        return f"{'https' if self.tls else 'http'}://{self.name}{path}"

    def asked(self, path: str | None = None) -> list[Asked]:
        """The requests that came, or those for one path."""
        return [each for each in self.log if path is None or each.path == path]

    def on(self, path: str, handler: Handler) -> str:
        """Have a function answer a path; returns the path's address."""
        self._handlers[path] = handler
        return self.url(path)

    def answer(
        self,
        path: str,
        body: bytes | str = b"",
        *,
        status: int = 200,
        headers: dict[str, str] | list[tuple[str, str]] | None = None,
        content_type: str | None = None,
        **how: object,
    ) -> str:
        """Have a path answer this each time; `how` takes the fields of Answer. Returns its address."""
        pairs = list(headers.items()) if isinstance(headers, dict) else list(headers or [])
        if content_type is not None:
            pairs.append(("Content-Type", content_type))
        content = body.encode() if isinstance(body, str) else body
        answer = Answer(body=content, status=status, headers=tuple(pairs), **how)  # type: ignore[arg-type]
        return self.on(path, lambda asked: answer)

    def answers(self, path: str, *answers: Answer | dict[str, object]) -> str:
        """Have a path answer these one after the other, the last again and again."""
        left = [each if isinstance(each, Answer) else Answer(**each) for each in answers]  # type: ignore[arg-type]
        return self.on(path, lambda asked: left.pop(0) if len(left) > 1 else left[0])

    def feed(
        self,
        path: str,
        body: bytes | str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        content_type: str = "application/rss+xml",
        headers: dict[str, str] | None = None,
    ) -> str:
        """Have a path answer conditional requests as a good server does."""
        content = body.encode() if isinstance(body, str) else body
        marks = tuple(
            (name, value) for name, value in (("ETag", etag), ("Last-Modified", last_modified)) if value
        ) + tuple((headers or {}).items())

        def handle(asked: Asked) -> Answer:
            if etag is not None and "if-none-match" in asked.headers:
                same = asked.headers["if-none-match"] == etag
            else:
                same = last_modified is not None and asked.headers.get("if-modified-since") == last_modified
            if same:
                return Answer(status=304, headers=marks)
            return Answer(body=content, headers=(("Content-Type", content_type), *marks))

        return self.on(path, handle)

    def redirect(self, path: str, to: str, status: int = 302, **how: object) -> str:
        """Have a path lead elsewhere."""
        return self.answer(path, status=status, headers={"Location": to}, **how)

    def bomb(self, path: str, size_bytes: int, layers: int = 1, **how: object) -> str:
        """Have a path answer with zeros that gzip made small."""
        return self.answer(
            path, _bomb(size_bytes, layers), headers={"Content-Encoding": ", ".join(["gzip"] * layers)}, **how
        )

    def robots(self, text: str) -> str:
        """Give the site a robots.txt."""
        return self.answer("/robots.txt", text, content_type="text/plain")

    async def open(self, ssl_context: ssl.SSLContext | None = None) -> None:
        """Start listening."""
        self._server = await asyncio.start_server(self._serve, self.host, self.port, ssl=ssl_context)
        self.tls = ssl_context is not None
        self.port = self._server.sockets[0].getsockname()[1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while await self._one(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass  # the guest has gone, or the test is over
        finally:
            writer.transport.abort()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        asked = await _read_request(reader)
        self.log.append(asked)
        handler = self._handlers.get(asked.path)
        answer = handler(asked) if handler else Answer(status=404, body=b"nothing here")
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            return await _say(answer, asked, reader, writer)
        finally:
            self._at_once -= 1


async def _read_request(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, path, _ = first.split(" ", 2)
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Asked(method, path, headers, body, asyncio.get_running_loop().time())


async def _until_gone(reader: asyncio.StreamReader) -> None:
    with contextlib.suppress(TimeoutError, OSError):
        async with asyncio.timeout(_DEAF_S):
            await reader.read()


async def _say(
    answer: Answer, asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> bool:
    """Say an answer; returns whether the connection goes on."""
    if answer.delay_s:
        await asyncio.sleep(answer.delay_s)
    if answer.reset:
        return False
    if answer.hang:
        await _until_gone(reader)
        return False
    if answer.raw is not None:
        writer.write(answer.raw)
        await writer.drain()
        return False
    head = _head(answer)
    if answer.drip_head_s is not None:
        await _drip(head + answer.body, answer.drip_head_s, writer)
        return False
    writer.write(head)
    if answer.status in (204, 304) or asked.method == "HEAD":
        await writer.drain()
        return not answer.close
    if answer.drip_s is not None:
        await _drip(answer.body, answer.drip_s, writer)
    else:
        writer.write(answer.body)
        await writer.drain()
    while answer.endless:
        writer.write(answer.body)
        await writer.drain()
    if answer.hang_body:
        await _until_gone(reader)
    return not (answer.close or answer.cut or answer.hang_body)


async def _drip(data: bytes, wait_s: float, writer: asyncio.StreamWriter) -> None:
    for byte in data:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(wait_s)


def _head(answer: Answer) -> bytes:
    try:
        phrase = HTTPStatus(answer.status).phrase
    except ValueError:
        phrase = "Odd"
    lines = [f"HTTP/1.1 {answer.status} {phrase}"]
    given = {name.lower() for name, _ in answer.headers}
    lines += [f"{name}: {value}" for name, value in answer.headers]
    if "date" not in given:
        lines.append("Date: Sun, 22 Nov 2026 12:00:00 GMT")
    if answer.endless or answer.hang_body:
        lines.append("Connection: close")
    elif answer.status not in (204, 304) and "content-length" not in given:
        lines.append(f"Content-Length: {len(answer.body) + answer.cut}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


@cache
def _bomb(size_bytes: int, layers: int) -> bytes:
    body = bytes(size_bytes)
    for _ in range(layers):
        body = gzip.compress(body, 6, mtime=0)
    return body


@dataclass
class FakeClock:
    """A clock that moves only when it is told to, or when somebody sleeps by it."""

    time: datetime = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    elapsed_s: float = 0.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        """The time of day."""
        return self.time

    def monotonic(self) -> float:
        """Seconds since the test began."""
        return self.elapsed_s

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.time += timedelta(seconds=seconds)
        self.elapsed_s += seconds

    async def sleep(self, seconds: float) -> None:
        """Let the time pass at once, giving other tasks a turn."""
        self.slept.append(seconds)
        self.advance(seconds)
        await asyncio.sleep(0)


@pytest.fixture
def clock() -> FakeClock:
    """A clock at 2026-11-22 12:00 UTC that stands still."""
    return FakeClock()


@pytest.fixture(scope="session")
def _server_loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="loopback", daemon=True)
    thread.start()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def loopback(_server_loop: asyncio.AbstractEventLoop) -> Iterator[Callable[..., Site]]:
    """Make sites: `loopback()`, `loopback("127.0.0.2")`, `loopback(port=8123)`, `loopback(tls=context)`."""
    sites: list[Site] = []

    def make(host: str = "127.0.0.1", *, port: int = 0, tls: ssl.SSLContext | None = None) -> Site:
        site = Site(host=host, port=port)
        asyncio.run_coroutine_threadsafe(site.open(tls), _server_loop).result(5)
        sites.append(site)
        return site

    yield make

    async def close() -> None:
        for site in sites:
            if site._server is not None:
                site._server.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)

    asyncio.run_coroutine_threadsafe(close(), _server_loop).result(5)


@pytest.fixture
def site(loopback: Callable[..., Site]) -> Site:
    """One site at 127.0.0.1 on a port of its own. `site.answer("/feed", "...")`, `site.log`."""
    return loopback()


@pytest.fixture
def answer() -> type[Answer]:
    """The class of answers, for `site.answers` and `site.on`."""
    return Answer


@pytest.fixture
def tls(monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """TLS for a server at 127.0.0.1 or localhost; clients of this test trust its certificate."""
    data = Path(__file__).parent / "data" / "tls"
    monkeypatch.setenv("SSL_CERT_FILE", str(data / "trusted.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(data / "loopback.pem")
    return context


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the proxies of the machine that runs the tests out of them."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
