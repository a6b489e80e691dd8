"""Connections: kept and reused, TLS, proxies, names that change what they stand for."""

from __future__ import annotations

import ast
import asyncio
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import hubwatch
from hubwatch.errors import FetchError
from hubwatch.models import Document, FetchSettings, Request
from hubwatch.net import addresses, idle
from hubwatch.net.download import Downloader

SETTINGS = FetchSettings(delay_s=0, timeout_s=10)
OWN = frozenset({"127.0.0.1"})


def fetch_all(*requests: Request, settings: FetchSettings = SETTINGS, env: Any = None) -> list[Any]:
    """Ask for several addresses, one after the other in one run; failures are returned."""

    async def run() -> list[Any]:
        found: list[Any] = []
        async with Downloader(settings, "hubwatch/0", env=env or {}) as downloader:
            for request in requests:
                try:
                    found.append(await downloader.get(request))
                except FetchError as error:
                    found.append(error)
        return found

    return asyncio.run(run())


def ask(url: str, **how: Any) -> Request:
    return Request(url=url, **{"private_ok": OWN, **how})


def codes(found: list[Any]) -> list[Any]:
    return [each.code if isinstance(each, FetchError) else each.status for each in found]


# --- reuse ------------------------------------------------------------------------------------


def test_a_connection_is_kept_for_the_next_request(site: Any) -> None:
    site.answer("/a", "x")
    site.answer("/b", status=304)

    found = fetch_all(ask(site.url("/a")), ask(site.url("/b"), etag="x"), ask(site.url("/a")))

    assert [type(each).__name__ for each in found] == ["Document", "Unchanged", "Document"]
    assert site.connections == 1


def test_a_kept_connection_that_the_host_closed_is_replaced_once(site: Any, answer: Any) -> None:
    site.answers("/a", answer(body=b"x"), answer(reset=True), answer(body=b"y"))

    first, second = fetch_all(ask(site.url("/a")), ask(site.url("/a")))

    assert (first.body, second.body) == (b"x", b"y")
    assert len(site.log) == 3


def test_nothing_else_is_ever_asked_twice(site: Any) -> None:
    paths = {
        "/reset": {"reset": True},
        "/503": {"status": 503},
        "/429": {"status": 429},
        "/cut": {"cut": True},
    }
    for path, how in paths.items():
        site.answer(path, "x", **how)

    found = fetch_all(*(ask(site.url(path)) for path in paths))

    assert codes(found) == ["protocol", "http-503", "http-429", "short-body"]
    assert len(site.log) == 4


def test_a_connection_opened_for_one_source_does_not_serve_another(site: Any) -> None:
    """What one source may reach in private address space is not open to the next."""
    url = site.answer("/a", "x")

    assert codes(fetch_all(ask(url), ask(url, private_ok=frozenset()))) == [200, "refused-address"]
    assert len(site.log) == 1


def test_few_idle_connections_are_kept(loopback: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idle, "MOST", 1)
    one, two = loopback(), loopback()
    one.answer("/", "x")
    two.answer("/", "x")
    order = [one, two, two, one]

    assert codes(fetch_all(*(ask(each.url()) for each in order))) == [200] * 4
    assert (one.connections, two.connections) == (2, 1)


# --- names ------------------------------------------------------------------------------------


def _names(monkeypatch: pytest.MonkeyPatch, **table: list[str]) -> None:
    def look_up(host: str, port: object, **how: object) -> list[Any]:
        found = table.get(host.partition(".")[0])
        if found is None:
            raise socket.gaierror(-2, "Name or service not known")
        now = found.pop(0) if len(found) > 1 else found[0]
        return [(2, 1, 6, "", (each, 0)) for each in now.split()]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


def test_the_address_that_was_judged_is_the_one_connected_to(
    loopback: Any, site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server that answers with a private address once the name has passed."""
    # 127.0.0.2 stands for the open internet: tests connect nowhere else.
    monkeypatch.setattr(addresses, "is_public", lambda address: address == "127.0.0.2")
    outside = loopback("127.0.0.2", port=site.port)
    outside.answer("/", "x", close=True)
    _names(monkeypatch, evil=["127.0.0.1 127.0.0.2", "127.0.0.1"])
    url = f"http://evil.test:{site.port}/"

    found = fetch_all(ask(url), ask(url), ask(url, private_ok=frozenset({"evil.test"})))

    assert codes(found) == [200] * 3
    assert (outside.connections, site.connections) == (3, 0)


def test_a_name_that_turned_private_is_refused(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _names(monkeypatch, evil=["127.0.0.1"])

    assert codes(fetch_all(ask(f"http://evil.test:{site.port}/"))) == ["refused-address"]
    assert site.connections == 0


def test_the_next_address_of_a_host_is_tried(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _names(monkeypatch, two=["127.0.0.3 127.0.0.1"])
    site.answer("/", "x")

    (got,) = fetch_all(ask(f"http://two.test:{site.port}/", private_ok=frozenset({"two.test"})))

    assert got.body == b"x"
    assert site.log[0].headers["host"] == f"two.test:{site.port}"


# --- TLS --------------------------------------------------------------------------------------


def test_https_is_read_and_its_connection_kept(loopback: Any, tls: Any) -> None:
    site = loopback(tls=tls)
    url = site.answer("/feed", "secret news" * 20_000)

    found = fetch_all(ask(url), ask(url))

    assert [len(each.body) for each in found] == [220_000] * 2
    assert site.connections == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(
    loopback: Any, tls: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    site = loopback(tls=tls)

    (error,) = fetch_all(ask(site.answer("/feed", "x")))

    assert error.code == "tls"
    assert "certificate of 127.0.0.1" in error.message
    assert site.log == []


def test_a_certificate_for_another_name_is_refused(
    loopback: Any, tls: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _names(monkeypatch, other=["127.0.0.1"])
    site = loopback(tls=tls)

    (error,) = fetch_all(ask(f"https://other.test:{site.port}/", private_ok=frozenset({"other.test"})))

    assert error.code == "tls"


def test_a_host_that_speaks_no_tls_is_named(site: Any, tls: Any) -> None:
    (error,) = fetch_all(ask(site.url("/feed").replace("http:", "https:"), timeout_s=0.3))

    assert error.code in ("tls", "timeout")


def test_https_is_not_left_for_http(loopback: Any, site: Any, tls: Any) -> None:
    secure = loopback(tls=tls)
    site.answer("/x", "x")

    (error,) = fetch_all(ask(secure.redirect("/feed", site.url("/x"))))

    assert error.code == "downgrade"
    assert site.connections == 0


def test_http_may_turn_to_https(loopback: Any, site: Any, tls: Any) -> None:
    secure = loopback(tls=tls)
    secure.answer("/x", "x")

    (got,) = fetch_all(ask(site.redirect("/feed", secure.url("/x"), 301)))

    assert (got.body, got.permanent_url) == (b"x", secure.url("/x"))


# --- proxies ----------------------------------------------------------------------------------


def test_a_proxy_is_asked_for_what_only_it_may_know(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _names(monkeypatch)
    site.answer("http://nowhere.invalid/feed?x=1", "by proxy")

    (got,) = fetch_all(
        ask("http://nowhere.invalid/feed?x=1"), env={"HTTP_PROXY": f"http://me:pw@{site.name}"}
    )

    assert isinstance(got, Document)
    assert (got.body, got.url) == (b"by proxy", "http://nowhere.invalid/feed?x=1")
    assert site.log[0].headers["host"] == "nowhere.invalid"
    assert site.log[0].headers["proxy-authorization"] == "Basic bWU6cHc="


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_is_not_asked_for_private_addresses(site: Any, scheme: str) -> None:
    (error,) = fetch_all(
        ask(f"{scheme}://10.0.0.1/"),
        env={"HTTP_PROXY": f"http://{site.name}", "HTTPS_PROXY": f"http://{site.name}"},
    )

    assert error.code == "refused-address"
    assert site.connections == 0


def test_https_goes_through_a_tunnel(loopback: Any, tls: Any) -> None:
    secure = loopback(tls=tls)
    secure.answer("/feed", "through")

    async def run() -> tuple[Any, list[bytes]]:
        heads: list[bytes] = []

        async def tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            heads.append(await reader.readuntil(b"\r\n\r\n"))
            there_reader, there_writer = await asyncio.open_connection("127.0.0.1", secure.port)
            writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")

            async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
                while data := await source.read(65536):
                    sink.write(data)
                sink.transport.abort()

            await asyncio.gather(pump(reader, there_writer), pump(there_reader, writer))

        server = await asyncio.start_server(tunnel, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        env = {"HTTPS_PROXY": f"http://127.0.0.1:{port}"}
        async with Downloader(SETTINGS, "hubwatch/0", env=env) as downloader:
            got = await downloader.get(ask(secure.url("/feed")))
        server.close()
        await asyncio.sleep(0.01)
        return got, heads

    got, (head,) = asyncio.run(run())
    assert got.body == b"through"
    assert head.startswith(f"CONNECT {secure.name} HTTP/1.1\r\n".encode())


def test_a_proxy_that_refuses_is_named(site: Any, answer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _names(monkeypatch)
    site.on("nowhere.invalid:443", lambda asked: answer(status=403))

    (error,) = fetch_all(ask("https://nowhere.invalid/"), env={"HTTPS_PROXY": f"http://{site.name}"})

    assert error.code == "proxy"
    assert "403" in error.message


@pytest.mark.parametrize(
    "how",
    [{"reset": True}, {"raw": b"what?\r\n\r\n"}, {"raw": b"HTTP/1.1 100 Continue\r\n\r\n" * 20_000}],
    ids=["breaks off", "speaks no HTTP", "never comes to the point"],
)
def test_a_proxy_that_breaks_off_is_named(
    site: Any, answer: Any, monkeypatch: pytest.MonkeyPatch, how: dict[str, Any]
) -> None:
    _names(monkeypatch)
    site.on("nowhere.invalid:443", lambda asked: answer(**how))

    (error,) = fetch_all(ask("https://nowhere.invalid/"), env={"HTTPS_PROXY": f"http://{site.name}"})

    assert error.code == "proxy"
    assert "nowhere.invalid:443" in error.message


# --- how it is built --------------------------------------------------------------------------


def test_one_function_opens_connections() -> None:
    """Whatever else opened one would not judge the address."""
    openers = {
        "create_connection", "open_connection", "sock_connect", "create_datagram_endpoint", "urlopen",
        "urlretrieve", "HTTPConnection", "HTTPSConnection", "AsyncClient", "Client", "AsyncConnectionPool",
        "ConnectionPool", "AsyncHTTPTransport", "HTTPTransport", "SMTP", "SMTP_SSL",
    }  # fmt: skip
    package = Path(hubwatch.__file__).parent
    found = {}
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = node.func
                name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
                if name in openers:
                    found.setdefault(path.relative_to(package).as_posix(), set()).add(name)

    assert found == {"net/connect.py": {"create_connection"}, "net/smtp.py": {"SMTP", "SMTP_SSL"}}


def test_httpx_comes_without_its_command_line() -> None:
    code = (
        "import sys, hubwatch.net.download as d; from hubwatch.net.engine import httpx;"
        "print([m for m in ('click', 'rich', 'pygments', 'httpx._main') if m in sys.modules],"
        " httpx.URL('http://x/').host)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "[] x\n"
