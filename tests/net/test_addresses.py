"""Which addresses may be connected to."""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import Any

import pytest

from hubwatch.errors import FetchError
from hubwatch.net import addresses


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255",
        "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.1", "192.0.2.1",
        "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1",
        "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "ff02::1",
        "fec0::1", "2001:db8::1", "64:ff9b:1::1", "100::1",
        # IPv4 inside IPv6
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "::10.0.0.1",
        "2002:7f00:1::", "2002:a00:1::1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
        "2001:0:7f00:1::", "2001:0:808:808::f5ff:fffe",
    ],
)  # fmt: skip
def test_what_is_not_the_open_internet(address: str) -> None:
    assert not addresses.is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.167.1.1",
        "223.255.255.255", "2606:4700::1111", "2a00:1450:4001::1", "::ffff:8.8.8.8", "64:ff9b::808:808",
        "2002:808:808::1",
    ],
)  # fmt: skip
def test_what_is(address: str) -> None:
    assert addresses.is_public(address)


@pytest.mark.parametrize(
    ("found", "host", "how", "kept"),
    [
        (["8.8.8.8"], "a.org", {}, ["8.8.8.8"]),
        (["8.8.8.8", "10.0.0.1"], "a.org", {}, ["8.8.8.8"]),
        (["10.0.0.1"], "a.org", {}, None),
        (["10.0.0.1"], "a.org", {"own": ["a.org"]}, ["10.0.0.1"]),
        (["10.0.0.1"], "A.org.", {"own": ["a.ORG"]}, ["10.0.0.1"]),
        (["8.8.8.8", "10.0.0.1"], "a.org", {"own": ["a.org"]}, ["8.8.8.8"]),
        (["10.0.0.1"], "b.a.org", {"own": ["a.org"]}, None),
        (["10.0.0.1"], "a.org", {"allowed": ["a.org"]}, ["10.0.0.1"]),
        (["8.8.8.8", "10.0.0.1"], "a.org", {"allowed": ["a.org"]}, ["8.8.8.8", "10.0.0.1"]),
        (["10.0.0.1", "10.0.0.2"], "a.org", {"allowed": ["10.0.0.2"]}, ["10.0.0.2"]),
        (["127.0.0.1"], "127.0.0.1", {"own": ["127.0.0.1"]}, ["127.0.0.1"]),
        (["127.0.0.2"], "127.0.0.2", {"own": ["127.0.0.1"]}, None),
        (["127.0.0.1"], "localhost", {"own": ["127.0.0.1"]}, None),
        (["127.0.0.1"], "2130706433", {"own": ["127.0.0.1"]}, None),
        (["::1"], "::1", {"own": ["[::1]"]}, ["::1"]),
        (["::1"], "::1", {"own": ["0:0:0:0:0:0:0:1"]}, ["::1"]),
    ],
    ids=[
        "public", "mixed answer", "private", "own private name", "spelled otherwise", "own name gone public",
        "below the own name", "allowed name", "allowed name, all its addresses", "allowed address",
        "own address", "another loopback", "localhost is another", "odd spelling", "IPv6", "IPv6 spelled out",
    ],
)  # fmt: skip
def test_what_is_kept_of_an_answer(
    found: list[str], host: str, how: dict[str, list[str]], kept: list[str] | None
) -> None:
    if kept is not None:
        assert addresses.choose(found, host, **how) == tuple(kept)
        return
    with pytest.raises(FetchError) as caught:
        addresses.choose(found, host, **how)
    assert caught.value.code == "refused-address"
    assert host in caught.value.message


# --- looking names up -------------------------------------------------------------------------


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A name server of our own; a list is popped, an Event is waited for, an error raised."""
    table: dict[str, Any] = {"asked": []}

    def look_up(host: str, port: object, **how: object) -> list[Any]:
        table["asked"].append(host)
        found = table.get(host)
        if isinstance(found, threading.Event):
            found.wait(5)
            found = "8.8.8.8"
        if isinstance(found, Exception):
            raise found
        if found is None:
            raise socket.gaierror(-2, "Name or service not known")
        return [(2, 1, 6, "", (each, 0)) for each in found.split()]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return table


def test_a_name_is_looked_up_once_a_run(names: dict[str, Any]) -> None:
    names["a.org"] = "8.8.8.8 8.8.8.8 2606:4700::1111"

    async def run() -> list[tuple[str, ...]]:
        resolver = addresses.Resolver()
        together = await asyncio.gather(*(resolver.resolve("a.org") for _ in range(5)))
        names["a.org"] = "127.0.0.1"  # a name server that answers otherwise the second time
        return [*together, await resolver.resolve("a.org")]

    assert asyncio.run(run()) == [("8.8.8.8", "2606:4700::1111")] * 6
    assert names["asked"] == ["a.org"]


def test_a_literal_address_is_not_looked_up(names: dict[str, Any]) -> None:
    async def run() -> tuple[tuple[str, ...], tuple[str, ...]]:
        resolver = addresses.Resolver()
        return await resolver.resolve("127.0.0.1"), await resolver.resolve("::1")

    assert asyncio.run(run()) == (("127.0.0.1",), ("::1",))
    assert names["asked"] == []


@pytest.mark.parametrize(
    "error",
    [None, socket.gaierror(-3, "Temporary failure"), UnicodeError("label too long")],
    ids=["unknown", "temporary", "label too long"],
)
def test_a_name_that_is_not_found_says_so(names: dict[str, Any], error: Exception | None) -> None:
    names["a.org"] = error

    async def run() -> None:
        await addresses.Resolver().resolve("a.org")

    with pytest.raises(FetchError, match=r"a\.org") as caught:
        asyncio.run(run())
    assert caught.value.code == "dns"


def test_a_name_server_that_hangs_holds_up_nobody_else(
    names: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "_LOOKUPS_AT_ONCE", 2)
    gate = threading.Event()
    names |= {"slow.org": gate, "quick.org": "1.1.1.1", "third.org": "1.0.0.1"}

    async def run() -> tuple[str, ...]:
        resolver = addresses.Resolver()
        slow = asyncio.create_task(resolver.resolve("slow.org"))
        await asyncio.sleep(0)
        assert await resolver.resolve("quick.org") == ("1.1.1.1",)
        assert await resolver.resolve("third.org") == ("1.0.0.1",)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.02):
                await resolver.resolve("slow.org")  # given up; the first asker still waits
        gate.set()
        return await slow

    assert asyncio.run(run()) == ("8.8.8.8",)


def test_a_lookup_that_outlives_the_run_does_no_harm(names: dict[str, Any]) -> None:
    gate = names["slow.org"] = threading.Event()

    async def run() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.02):
                await addresses.Resolver().resolve("slow.org")

    asyncio.run(run())
    (thread,) = [each for each in threading.enumerate() if each.name == "lookup"]
    gate.set()
    thread.join(5)
    assert not thread.is_alive()
