"""One sync of many sources, a quarter of them hostile: how long it takes, how much memory, what is lost.

`python tests/faults/hostile.py --sources 200 --timeout 20` prints one line of figures and ends with 1 when a
bound does not hold: three times the request limit and two seconds, 400 MB (150 MB with `--hostile 0`), every
good item stored. The sites live in a process of their own, as does the sync.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gzip
import importlib.util
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
ITEMS = 15  # of a good source
MEGABYTE = 1 << 20


def _sites() -> Any:
    spec = importlib.util.spec_from_file_location("loopback_sites", HERE.parent / "conftest.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["loopback_sites"] = module
    spec.loader.exec_module(module)
    return module


# --- what good sites say ----------------------------------------------------------------------


def rss(number: int, count: int = ITEMS, text: str = "Words about castings and their cost. " * 12) -> str:
    items = "".join(
        f"<item><title>Site {number} tells story {n} of its year</title><link>https://example.org/{number}/{n}"
        f"</link><guid>{number}-{n}</guid><pubDate>Tue, {n % 27 + 1:02} Oct 2026 10:00:00 GMT</pubDate>"
        f"<description>{text}</description></item>"
        for n in range(count)
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>Site</title>{items}</channel></rss>"


def page(number: int, count: int = ITEMS) -> str:
    blocks = "".join(
        f"<article class='post'><h3><a href='/news/{n}-story'>Site {number} tells story {n} of its year</a>"
        f"</h3><time datetime='2026-10-{n % 27 + 1:02}'>October {n % 27 + 1}, 2026</time>"
        "<p>Some words about it.</p></article>"
        for n in range(count)
    )
    return f"<!doctype html><html><head><title>News</title></head><body><main>{blocks}</main></body></html>"


def json_feed(number: int, count: int = ITEMS) -> str:
    items = [
        {
            "id": f"{number}-{n}",
            "url": f"https://example.org/{number}/{n}",
            "title": f"Site {number} tells story {n} of its year",
            "date_published": f"2026-10-{n % 27 + 1:02}T10:00:00Z",
            "content_text": "Words.",
        }
        for n in range(count)
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Site", "items": items})


def good(site: Any, number: int) -> tuple[str, str]:
    """Have a site be one of the good ones; returns its address and kind."""
    match number % 5:
        case 0:
            return site.answer("/news/", page(number), content_type="text/html"), "page"
        case 1:
            return site.answer("/feed.json", json_feed(number), content_type="application/feed+json"), "auto"
        case 2:
            body = gzip.compress(rss(number).encode(), mtime=0)
            headers = {"Content-Encoding": "gzip", "Content-Type": "text/xml", "ETag": '"1"'}
            return site.answer("/feed", body, headers=headers), "feed"
        case _:
            return site.feed("/feed", rss(number), etag=f'"{number}"'), "feed"


# --- what hostile ones do ---------------------------------------------------------------------

XML, HTML = "application/rss+xml", "text/html"
_LIE = {"Content-Length": "99999999999"}
BAD_XML = "<rss version='2.0'><channel><title>x</title><br>{}</channel></rss>"  # only the slow path takes it
_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMB_XML = (
    f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "lol">{_LAUGHS}]>'
    "<rss version='2.0'><channel><title>&l9;</title></channel></rss>"
)
WALL = (
    "<html><head><title>Just a moment...</title></head><body><div id='cf-challenge'>Checking your browser"
    " before accessing the site.</div></body></html>"
)


def _many(count: int) -> str:
    return "".join(
        f"<item><title>Entry {n} of very many</title><link>https://example.org/m/{n}</link></item>"
        for n in range(count)
    )


def _nested(depth: int) -> str:
    return "<html><body>" + "<div>" * depth + "x" + "</div>" * depth + "</body></html>"


def _blocks(count: int) -> str:
    return "<html><body><main>" + "".join(
        f"<div><a href='/n/{n}'>A headline of some length, number {n}</a> 2026-10-{n % 27 + 1:02}</div>"
        for n in range(count)
    )


HOSTILE: dict[str, Callable[[Any], tuple[str, str]]] = {
    "hang": lambda s: (s.answer("/f", hang=True), "feed"),
    "hang in the body": lambda s: (s.answer("/f", rss(0)[:400], hang_body=True), "feed"),
    "drip": lambda s: (s.answer("/f", rss(0), drip_s=0.2), "feed"),
    "drip of the head": lambda s: (s.answer("/f", rss(0), drip_head_s=0.2), "auto"),
    "endless body": lambda s: (s.answer("/f", b"<item>" + b"x" * 65536, endless=True), "feed"),
    "endless head": lambda s: (s.url("/endless-head"), "feed"),
    "gzip bomb": lambda s: (s.bomb("/f", 200 * MEGABYTE), "feed"),
    "stacked encodings": lambda s: (s.bomb("/f", 50 * MEGABYTE, layers=2), "feed"),
    "redirect loop": lambda s: (s.redirect("/f", s.url("/f"), 302), "feed"),
    "redirect to a private host": lambda s: (s.redirect("/f", "http://127.0.0.9:9/f", 301), "feed"),
    "redirect to a file": lambda s: (s.redirect("/f", "file:///etc/passwd", 301), "auto"),
    "billion laughs": lambda s: (s.answer("/f", BOMB_XML, content_type=XML), "feed"),
    "deep nesting of a page": lambda s: (s.answer("/f", _nested(200_000), content_type="text/html"), "page"),
    "deep nesting of a feed": lambda s: (s.answer("/f", BAD_XML.format("<a>" * 150_000)), "feed"),
    "50,000 items": lambda s: (s.answer("/f", rss(0, 50_000, ""), content_type=XML), "feed"),
    "20,000 items, not well formed": lambda s: (s.answer("/f", BAD_XML.format(_many(20_000))), "feed"),
    "50,000 blocks on a page": lambda s: (s.answer("/f", _blocks(50_000), content_type=HTML), "page"),
    "5 MB title": lambda s: (s.answer("/f", rss(0).replace("Site", "T" * 5_000_000, 1)), "feed"),
    "5 MB title of an item": lambda s: (s.answer("/f", _long_title()), "feed"),
    "garbage": lambda s: (s.answer("/f", bytes(range(256)) * 30_000, content_type=XML), "feed"),
    "garbage page": lambda s: (s.answer("/f", b"<\xff&#<!" * 500_000, content_type="text/html"), "auto"),
    "bot wall": lambda s: (s.answer("/f", WALL, content_type="text/html"), "feed"),
    "too short a body": lambda s: (s.answer("/f", rss(0), cut=True), "feed"),
    "a length that lies": lambda s: (s.answer("/f", rss(0), headers=_LIE), "feed"),
    "slow robots.txt": lambda s: (_slow_robots(s), "page"),
    "deep JSON": lambda s: (s.answer("/f", "[" * 400_000, content_type="application/json"), "wordpress"),
    "a sitemap of sitemaps": lambda s: (_sitemaps(s), "sitemap"),
    "a page of hanging details": lambda s: (_hanging_details(s), "page"),
    "HTTP that is none": lambda s: (s.answer("/f", raw=b"SSH-2.0-x\r\n" * 10), "feed"),
    "reset": lambda s: (s.answer("/f", reset=True), "feed"),
}  # fmt: skip


def _long_title() -> str:
    return rss(0, 1).replace("tells", "t &lt;b " * 600_000)


def _slow_robots(site: Any) -> str:
    site.answer("/robots.txt", "User-agent: *\nAllow: /\n" * 500, drip_s=0.2)
    return str(site.answer("/news/", page(0), content_type="text/html"))


def _sitemaps(site: Any) -> str:
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    again = "".join(f"<sitemap><loc>{site.url('/s')}</loc></sitemap>" for _ in range(40_000))
    return str(site.answer("/s", f"<sitemapindex {space}>{again}</sitemapindex>", content_type="text/xml"))


def _hanging_details(site: Any) -> str:
    text = page(0, 12)
    for n in range(12):
        site.answer(f"/news/{n}-story", hang=True)
        text = text.replace(f"<time datetime='2026-10-{n % 27 + 1:02}'>October {n % 27 + 1}, 2026</time>", "")
    return str(site.answer("/news/", text, content_type="text/html"))


async def _endless_head(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, asyncio.IncompleteReadError):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            writer.write(b"X-More: " + b"y" * 8000 + b"\r\n")
            await writer.drain()
    writer.transport.abort()


# --- the farm, in a process of its own --------------------------------------------------------


async def _serve(sources: int, hostile: int) -> None:
    sites = _sites()
    head = await asyncio.start_server(_endless_head, "127.0.0.1", 0)
    names = list(HOSTILE)
    listed = []
    for number in range(sources):
        site = sites.Site(host="127.0.0.1")
        await site.open()
        is_bad = number * hostile // sources != (number + 1) * hostile // sources
        if is_bad:
            name = names[(number * hostile // sources) % len(names)]
            url, kind = HOSTILE[name](site)
            if name == "endless head":
                url = f"http://127.0.0.1:{head.sockets[0].getsockname()[1]}/f"
        else:
            name = ""
            url, kind = good(site, number)
        listed.append({"id": f"s{number:03}", "url": url, "kind": kind, "hostile": name})
    print(json.dumps(listed), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    os._exit(0)


# --- the run ----------------------------------------------------------------------------------


def config(listed: list[dict[str, str]], folder: Path, fetch: str) -> Path:
    """Write the configuration for these sources."""
    parts = [f'[hubwatch]\ndatabase = "{(folder / "hubwatch.db").as_posix()}"\ncatalog = []\n{fetch}']
    parts += [f'[sources.{s["id"]}]\nurl = "{s["url"]}"\nkind = "{s["kind"]}"\n' for s in listed]
    path = folder / "config.toml"
    path.write_text("".join(parts), encoding="utf-8")
    return path


def _resident_kb(pid: int) -> int:
    """Sum what a process and its children hold now; shared pages count once for each."""
    total = 0
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                total += int(line.split()[1])
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                total += _resident_kb(int(child))
    return total


def measure(command: list[str], limit_s: float) -> dict[str, Any]:
    """Run a command; return its seconds, code, output and the most memory it and its children held."""
    most = 0
    done = threading.Event()
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT)

    def watch() -> None:
        nonlocal most
        while not done.wait(0.02):
            most = max(most, _resident_kb(process.pid))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        out, err = process.communicate(timeout=limit_s)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
    seconds = time.monotonic() - began
    done.set()
    watcher.join()
    return {
        "seconds": seconds,
        "code": process.returncode,
        "out": out.decode(),
        "err": err.decode(errors="replace"),
        "most_mb": most / 1024,
    }


def run(sources: int, hostile: int, timeout_s: float, folder: Path) -> dict[str, Any]:
    """Sync the farm once; return the figures."""
    farm = subprocess.Popen(
        [sys.executable, __file__, "--serve", "--sources", str(sources), "--hostile", str(hostile)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert farm.stdout is not None
    assert farm.stdin is not None
    try:
        listed = json.loads(farm.stdout.readline())
        path = config(listed, folder, f"[fetch]\ntimeout = {timeout_s}\n")
        command = [sys.executable, "-m", "hubwatch", "--config", str(path), "sync", "--json"]
        found = measure(command, limit_s=20 * timeout_s + 120)
    finally:
        farm.stdin.close()
        farm.wait()
    return {**found, **_judge(listed, found, folder)}


def _judge(listed: list[dict[str, str]], found: dict[str, Any], folder: Path) -> dict[str, Any]:
    if not found["out"]:
        raise SystemExit(f"the sync said nothing: {found['code']} {found['err']}")
    report = {each["source"]: each for each in json.loads(found["out"])["sources"]}
    database = sqlite3.connect(folder / "hubwatch.db")
    rows = dict(database.execute("SELECT source, count(*) FROM items GROUP BY source"))
    sound = database.execute("PRAGMA integrity_check").fetchone()[0]
    database.close()
    wanted = [each["id"] for each in listed if not each["hostile"]]
    lost = {name: [rows.get(name, 0), report[name]["error"]] for name in wanted if rows.get(name) != ITEMS}
    hostile = {
        each["hostile"]: {
            "status": report[each["id"]]["status"],
            "code": (report[each["id"]]["error"] or {}).get("code"),
            "seconds": report[each["id"]]["seconds"],
            "items": rows.get(each["id"], 0),
        }
        for each in listed
        if each["hostile"]
    }
    return {
        "lost": lost,
        "hostile": hostile,
        "sound": sound,
        "good": len(wanted),
        "stored": sum(rows.values()),
    }


def main() -> int:
    """Serve, or run and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=int, default=200)
    parser.add_argument("--hostile", type=int, default=None, help="a quarter of them unless told")
    parser.add_argument("--timeout", type=float, default=20)
    parser.add_argument("--slack", type=float, default=1, help="factor on the time for a busy machine")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--serve", action="store_true")
    given = parser.parse_args()
    hostile = given.sources // 4 if given.hostile is None else given.hostile
    if given.serve:
        asyncio.run(_serve(given.sources, hostile))
        return 0
    with tempfile.TemporaryDirectory() as name:
        found = run(given.sources, hostile, given.timeout, Path(name))
    limit_s = (3 * given.timeout + 2) * given.slack
    limit_mb = 400 if hostile else 150
    if given.verbose:
        for name, line in found["hostile"].items():
            print(f"  {name}: {line}")
    for name, why in found["lost"].items():
        print(f"  lost of {name}: {why[0]} of {ITEMS} stored; {why[1]}")
    print(
        f"{given.sources} sources, {hostile} hostile, timeout {given.timeout:g} s: {found['seconds']:.1f} s"
        f" (limit {limit_s:g}), {found['most_mb']:.0f} MB (limit {limit_mb}), exit code {found['code']},"
        f" {found['good'] - len(found['lost'])} of {found['good']} good sources whole,"
        f" {found['stored']} items, integrity {found['sound']}"
    )
    expected = 3 if hostile else 0
    fits = found["seconds"] <= limit_s and found["most_mb"] <= limit_mb and found["sound"] == "ok"
    return 0 if fits and not found["lost"] and found["code"] == expected else 1


if __name__ == "__main__":
    raise SystemExit(main())
