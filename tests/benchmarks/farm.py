"""Many feeds on loopback, each its own origin, in a process of its own: latency, faults, changes, ETags.

Run it with the number of feeds; it prints one JSON line when it listens, then obeys JSON lines on standard
input: {"changed": 0.05}, {"latency": true}, {"faults": 0.05}, {"reset": true}; each is answered with the
requests and bytes served so far. It ends when its input does.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gzip
import json
import math
import random
import resource
import sys
from typing import Any

import feeds

_MEDIAN_S = 0.15  # of the latency; log-normal, so a few hosts are slow
_SIGMA = 0.5


def address(number: int) -> str:
    """Return the loopback address of feed `number`."""
    return f"127.1.{number // 250}.{number % 250 + 1}"


class Farm:
    """The feeds, what is to be done to them, and what was asked of them."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.port = 0
        self.bodies: list[bytes] = []
        self.generation = [0] * count
        self.delay_s = [0.0] * count
        self.faulty: dict[int, str] = {}
        self.served = {"200": 0, "304": 0, "503": 0, "hung": 0, "bytes": 0}
        self._servers: list[asyncio.Server] = []

    def origin(self, number: int) -> str:
        return f"http://{address(number)}:{self.port}"

    def urls(self) -> list[str]:
        return [f"{self.origin(n)}/feed/" for n in range(self.count)]

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        for number in range(self.count):
            server = await loop.create_server(
                lambda number=number: _Visit(self, number), address(number), self.port, backlog=64
            )
            self.port = self.port or server.sockets[0].getsockname()[1]
            self._servers.append(server)
        self.bodies = feeds.zipped([feeds.feed(self.origin(n), n) for n in range(self.count)])

    def answer(self, number: int, head: bytes) -> tuple[bytes, float] | None:
        """Return what one request is answered and after how long; None: never."""
        fault = self.faulty.get(number)
        if fault == "hang":
            self.served["hung"] += 1
            return None
        if fault == "503":
            self.served["503"] += 1
            return b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", self.delay_s[number]
        etag = b'"%d-%d"' % (number, self.generation[number])
        lower = head.lower()
        if b"if-none-match: " + etag in lower:
            self.served["304"] += 1
            return b"HTTP/1.1 304 Not Modified\r\nETag: " + etag + b"\r\n\r\n", self.delay_s[number]
        body = self.bodies[number]
        packed = b"gzip" in lower
        if not packed:
            body = gzip.decompress(body)
        data = (
            b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml; charset=UTF-8\r\n"
            + (b"Content-Encoding: gzip\r\n" if packed else b"")
            + b"ETag: " + etag + b"\r\nContent-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body
        )  # fmt: skip
        self.served["200"] += 1
        self.served["bytes"] += len(data)
        return data, self.delay_s[number]

    def obey(self, order: dict[str, Any]) -> None:
        rng = random.Random(7)
        if order.get("reset"):
            self.served = dict.fromkeys(self.served, 0)
        if "changed" in order:
            for number in rng.sample(range(self.count), round(order["changed"] * self.count)):
                self.generation[number] += 1
                body = feeds.feed(self.origin(number), number, self.generation[number])
                self.bodies[number] = feeds.zipped([body])[0]
        if "latency" in order:
            self.delay_s = [
                min(rng.lognormvariate(math.log(_MEDIAN_S), _SIGMA), 1.0) if order["latency"] else 0.0
                for _ in range(self.count)
            ]
        if "faults" in order:
            chosen = rng.sample(range(self.count), round(order["faults"] * self.count))
            kinds = ("hang", "503") if order.get("mixed") else ("hang",)
            self.faulty = {number: kinds[place % len(kinds)] for place, number in enumerate(chosen)}


class _Visit(asyncio.Protocol):
    """One connection to one feed."""

    def __init__(self, farm: Farm, number: int) -> None:
        self._farm = farm
        self._number = number
        self._head = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._head += data
        while (end := self._head.find(b"\r\n\r\n")) >= 0:
            head, self._head = self._head[:end], self._head[end + 4 :]
            answer = self._farm.answer(self._number, head)
            if answer is None:
                continue
            data, delay_s = answer
            if delay_s:
                asyncio.get_running_loop().call_later(delay_s, self._say, data)
            else:
                self._say(data)

    def _say(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)


async def serve(count: int) -> None:
    """Serve until the input ends."""
    farm = Farm(count)
    await farm.open()
    print(json.dumps({"urls": farm.urls()}), flush=True)
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=1 << 20)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        order = json.loads(line)
        served = dict(farm.served)
        farm.obey(order)
        print(json.dumps(served), flush=True)


def main() -> None:
    """Read the number of feeds and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    count = parser.parse_args().count
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 4 * count + 256)), hard))
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(count))


if __name__ == "__main__":
    main()
