"""What could not be beaten: httpx doing only the requests; httpx, ElementTree and SQLite and nothing else.

python floors.py requests URLS.json [STATE.json]      conditional where the state has validators
python floors.py pipeline URLS.json STORE.db          fetch, parse, upsert
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
from pathlib import Path
from xml.etree import ElementTree

import httpx

_AT_ONCE = 64
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


async def _fetch(urls: list[str], etags: dict[str, str], take: object = None) -> dict[str, str]:
    gate = asyncio.Semaphore(_AT_ONCE)
    found = dict(etags)
    limits = httpx.Limits(max_connections=_AT_ONCE, max_keepalive_connections=_AT_ONCE)
    async with httpx.AsyncClient(limits=limits, timeout=20) as client:

        async def one(url: str) -> None:
            headers = {"If-None-Match": etags[url]} if url in etags else {}
            async with gate:
                answer = await client.get(url, headers=headers)
            if answer.status_code == 200:
                found[url] = answer.headers["etag"]
                if callable(take):
                    take(url, answer.content)

        async with asyncio.TaskGroup() as group:
            for url in urls:
                group.create_task(one(url))
    return found


def requests(urls: list[str], state: Path | None) -> None:
    """Ask for everything, conditionally where validators are known."""
    etags = json.loads(state.read_text()) if state and state.exists() else {}
    found = asyncio.run(_fetch(urls, etags))
    if state:
        state.write_text(json.dumps(found))


def pipeline(urls: list[str], store: Path) -> None:
    """Fetch, parse with ElementTree, upsert into one table: the least that a feed reader can do."""
    db = sqlite3.connect(store)
    db.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        "CREATE TABLE IF NOT EXISTS feeds (url TEXT PRIMARY KEY, etag TEXT);"
        "CREATE TABLE IF NOT EXISTS items (feed TEXT, guid TEXT, title TEXT, link TEXT, published TEXT,"
        " summary TEXT, content TEXT, PRIMARY KEY (feed, guid));"
        "CREATE INDEX IF NOT EXISTS newest ON items (published)"
    )
    etags = dict(db.execute("SELECT url, etag FROM feeds"))

    def take(url: str, body: bytes) -> None:
        rows = [
            (
                url, item.findtext("guid"), item.findtext("title"), item.findtext("link"),
                item.findtext("pubDate"), item.findtext("description"), item.findtext(_CONTENT),
            )
            for item in ElementTree.fromstring(body).iter("item")
        ]  # fmt: skip
        db.executemany(
            "INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (feed, guid) DO UPDATE SET"
            " title = excluded.title, content = excluded.content WHERE title <> excluded.title"
            " OR content <> excluded.content",
            rows,
        )

    found = asyncio.run(_fetch(urls, etags, take))
    db.executemany("INSERT OR REPLACE INTO feeds VALUES (?, ?)", found.items())
    db.commit()
    db.close()


def main() -> None:
    """Run the floor that the command line names."""
    what, addresses, *rest = sys.argv[1:]
    urls = json.loads(Path(addresses).read_text())
    if what == "requests":
        requests(urls, Path(rest[0]) if rest else None)
    else:
        pipeline(urls, Path(rest[0]))


if __name__ == "__main__":
    main()
