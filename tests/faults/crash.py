"""Kill syncs at random moments, again and again; after one clean run the store is as if nothing had been.

`python tests/faults/crash.py --kills 200 --sources 60` prints one line and ends with 1 when the store differs
from one that was never disturbed: items, texts, tags, stories, organizations, validators, the search index.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import importlib.util
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ITEMS = 12  # of one source's newest list


def _hostile() -> Any:
    spec = importlib.util.spec_from_file_location("hostile", HERE / "hostile.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# --- sites whose lists grow and change --------------------------------------------------------


def feed(number: int, generation: int) -> str:
    """Write the list of one site: each generation adds two items and edits one."""
    items = "".join(
        f"<item><title>Site {number}: Boeing and partner {n} cast aluminum parts</title>"
        f"<link>https://example.org/{number}/{n}</link><guid>{number}-{n}</guid>"
        f"<pubDate>Tue, {n % 27 + 1:02} Oct 2026 10:00:00 GMT</pubDate><description>{_words(n)}"
        f"{' Edited.' if n == generation else ''}</description></item>"
        for n in range(ITEMS + 2 * generation)
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>Site</title>{items}</channel></rss>"


def _words(n: int) -> str:
    return f"Lightweight castings and graphene films are number {n} of the year. " * 8


async def _serve(sources: int) -> None:
    sites = _hostile()._sites()
    made = [sites.Site(host="127.0.0.1") for _ in range(sources)]
    for site in made:
        await site.open()

    def turn(to: int) -> None:
        for number, site in enumerate(made):
            tag = f'"{number}-{to}"'
            site.feed("/feed", feed(number, to if number % 3 else 0), etag=tag if number % 4 else None)

    turn(0)
    print(json.dumps([site.url("/feed") for site in made]), flush=True)
    while line := await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline):
        turn(int(line))
        print("turned", flush=True)
    os._exit(0)


# --- what a store holds -----------------------------------------------------------------------

CONTENTS = {
    "items": "SELECT id, source, title, url, guid, summary, published, effective, kind, money_usd, deadline,"
    " content_hash, story IS NOT NULL FROM items ORDER BY id",
    "texts": "SELECT i.id, t.content FROM texts AS t JOIN items AS i ON i.number = t.item ORDER BY i.id",
    "tags": "SELECT i.id, t.topic, t.score FROM item_topics AS t JOIN items AS i ON i.number = t.item"
    " ORDER BY 1, 2",
    "organizations": "SELECT i.id, o.name FROM item_organizations AS x JOIN items AS i ON i.number = x.item"
    " JOIN organizations AS o ON o.number = x.organization ORDER BY 1, 2",
    "keys": "SELECT k.key, i.id FROM item_keys AS k JOIN items AS i ON i.number = k.item ORDER BY 1, 2",
    "validators": "SELECT source, url, kind, etag, last_modified, body_hash, failures, item_count"
    " FROM source_states ORDER BY source",
    "counts": "SELECT id, items, newest FROM sources ORDER BY id",
    "index": "SELECT i.id FROM search JOIN items AS i ON i.number = search.rowid"
    " WHERE search MATCH 'graphene OR edited' ORDER BY i.id",
}


def contents(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return all that a store holds but times of arrival."""
    database = sqlite3.connect(path)
    try:
        return {name: database.execute(sql).fetchall() for name, sql in CONTENTS.items()}
    finally:
        database.close()


def faults(path: Path) -> list[str]:
    """Return what is wrong with a store in itself."""
    database = sqlite3.connect(path)
    try:
        found = [str(row[0]) for row in database.execute("PRAGMA integrity_check") if row[0] != "ok"]
        found += [f"foreign key: {row}" for row in database.execute("PRAGMA foreign_key_check")]
        halves = database.execute(
            "SELECT s.source FROM source_states AS s WHERE s.etag IS NOT NULL AND NOT EXISTS"
            " (SELECT 1 FROM items WHERE source = s.source)"
        )
        return found + [f"validators without items: {row[0]}" for row in halves]
    finally:
        database.close()


# --- the runs ---------------------------------------------------------------------------------


class Bench:
    """Two stores over the same sites: one whose syncs are killed, one left in peace."""

    def __init__(self, folder: Path, sources: int, seed: int) -> None:
        self.folder = folder
        self.random = random.Random(seed)
        self.sites = subprocess.Popen(
            [sys.executable, __file__, "--serve", "--sources", str(sources)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        listed = [
            {"id": f"s{n:03}", "url": url, "kind": "feed"} for n, url in enumerate(json.loads(self._line()))
        ]
        hostile = _hostile()
        for name in ("killed", "quiet"):
            (folder / name).mkdir()
            hostile.config(listed, folder / name, "[fetch]\ndelay = 0.0\n")

    def _line(self) -> str:
        assert self.sites.stdout is not None
        return self.sites.stdout.readline()

    def turn(self, generation: int) -> None:
        assert self.sites.stdin is not None
        self.sites.stdin.write(f"{generation}\n")
        self.sites.stdin.flush()
        self._line()

    def start(self, name: str, *more: str) -> subprocess.Popen[bytes]:
        config = self.folder / name / "config.toml"
        return subprocess.Popen(
            [sys.executable, "-m", "hubwatch", "--config", str(config), "sync", "--force", *more],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=HERE.parent.parent,
        )  # fmt: skip

    def whole(self, name: str) -> float:
        """Run a sync to its end; return how long it took."""
        began = time.monotonic()
        process = self.start(name)
        _, err = process.communicate(timeout=300)
        if process.returncode != 0:
            raise SystemExit(f"a sync that nobody disturbed ended with {process.returncode}: {err.decode()}")
        return time.monotonic() - began

    def kill_one(self, usual_s: float) -> bool:
        """Start a sync and kill it somewhere on its way; tell whether it was still running."""
        log = self.folder / "killed" / "hubwatch.db-wal"
        process = self.start("killed")
        while process.poll() is None and not log.exists():
            time.sleep(0.005)  # before the store is open there is nothing to be broken
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(self.random.uniform(0, usual_s))
        was_running = process.poll() is None
        process.kill()
        process.communicate()
        return was_running

    def forget(self) -> None:
        """Begin with no store."""
        for path in (self.folder / "killed").glob("hubwatch.db*"):
            path.unlink()

    def close(self) -> None:
        assert self.sites.stdin is not None
        self.sites.stdin.close()
        self.sites.wait()


ROUND = 10  # kills of one store, each while there is something new to be stored


def run(kills: int, sources: int, folder: Path, seed: int) -> dict[str, Any]:
    """Kill so many syncs over lists that grow; compare each round's store with one that was left in peace."""
    bench = Bench(folder, sources, seed)
    killed_path, quiet_path = (folder / name / "hubwatch.db" for name in ("killed", "quiet"))
    broken: list[str] = []
    differing: dict[str, int] = {}
    hit = 0
    try:
        usual_s = bench.whole("quiet") / 2
        for generation in range(1, ROUND):
            bench.turn(generation)
            bench.whole("quiet")
        wanted = contents(quiet_path)
        for first in range(0, kills, ROUND):
            bench.forget()
            for generation in range(min(ROUND, kills - first)):
                bench.turn(generation)
                hit += bench.kill_one(usual_s)
                if killed_path.exists() and generation % 3 == 0:
                    broken += faults(killed_path)
            bench.turn(ROUND - 1)
            bench.whole("killed")
            broken += faults(killed_path)
            found = contents(killed_path)
            for name in CONTENTS:
                if found[name] != wanted[name]:
                    differing[name] = differing.get(name, 0) + len(set(found[name]) ^ set(wanted[name]))
    finally:
        bench.close()
    return {"hit": hit, "broken": broken, "differing": differing, "items": len(wanted["items"])}


def main() -> int:
    """Serve, or kill and print the figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--sources", type=int, default=60)
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--serve", action="store_true")
    given = parser.parse_args()
    if given.serve:
        asyncio.run(_serve(given.sources))
        return 0
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        found = run(given.kills, given.sources, Path(name), given.seed)
    for fault in found["broken"]:
        print(f"  {fault}")
    print(
        f"{given.kills} kills of syncs of {given.sources} sources ({found['hit']} on its way), a clean run"
        f" after each {ROUND}: {found['items']} items, differences: {found['differing'] or 'none'}, damage:"
        f" {len(found['broken']) or 'none'}, {time.monotonic() - began:.0f} s"
    )
    return 1 if found["broken"] or found["differing"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
