"""What a sync does, counted: requests, statements, rows, modules. Counts do not wobble as times do."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from hubwatch import cli, facts
from hubwatch.catalog import vocabulary
from hubwatch.models import FetchSettings, Source
from hubwatch.net.clock import SystemClock
from hubwatch.store.db import Store, open_for_writing
from hubwatch.workflows import sync

ITEMS = 5


def rss(site: int, first: int = 1) -> str:
    items = "".join(
        f"<item><title>Site {site} casts aluminum part {n}</title><link>https://s{site}.example/{n}</link>"
        f"<guid isPermaLink='false'>{site}-{n}</guid><pubDate>Tue, 0{n} Nov 2026 10:00:00 GMT</pubDate>"
        f"<description>An award of ${n} million for site {site}.</description></item>"
        for n in range(first, first + ITEMS)
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>Feed</title>{items}</channel></rss>"


def put(site: Any, numbers: Sequence[int], *, first: int = 1) -> None:
    for number in numbers:
        site.feed(f"/{number}", rss(number, first), etag=f'"{number}-{first}"')


@pytest.fixture(scope="module")
def rules() -> facts.Rules:
    return facts.compile_rules(vocabulary.load())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_for_writing(tmp_path / "hubwatch.db") as opened:
        yield opened


@pytest.fixture
def statements(store: Store, site: Any, rules: facts.Rules) -> Callable[[int], Counter[str]]:
    """Sync so many feeds of the site; returns how often each sort of statement was run."""

    def run(count: int) -> Counter[str]:
        seen: Counter[str] = Counter()
        store.trace(lambda sql: seen.update([" ".join(sql.split()[:3])]))
        settings = FetchSettings(delay_s=0.0, per_host=8, timeout_s=5)
        chosen = tuple(
            Source(id=f"s{n}", name=f"Site {n}", url=site.url(f"/{n}"), kind="feed") for n in range(count)
        )
        plan = sync.Plan(
            sources=chosen, hubs={}, settings=settings, user_agent="hubwatch/test", force=True,
            jitter=lambda: 0.0,
        )  # fmt: skip
        try:
            report = sync.run(store, plan, clock=SystemClock(), load_rules=lambda: rules)
        finally:
            store.trace(None)
        assert report.failed == 0
        return seen

    return run


def test_each_source_is_asked_once_a_run(site: Any, statements: Callable[[int], Counter[str]]) -> None:
    put(site, range(6))
    statements(6)
    assert len(site.log) == 6
    statements(6)
    assert len(site.log) == 12
    assert all("if-none-match" in asked.headers for asked in site.log[6:])


def test_a_sync_with_nothing_new_writes_the_states_in_one_transaction(
    site: Any, statements: Callable[[int], Counter[str]]
) -> None:
    put(site, range(8))
    statements(8)
    seen = statements(8)
    written = {sql: count for sql, count in seen.items() if sql.startswith(("INSERT", "UPDATE", "DELETE"))}
    assert written == {"INSERT INTO source_states": 8}
    assert seen["BEGIN IMMEDIATE"] == seen["COMMIT"] == 1


def test_the_statements_of_a_sync_with_nothing_new_do_not_grow_with_the_sources(
    site: Any, statements: Callable[[int], Counter[str]]
) -> None:
    put(site, range(12))
    statements(12)
    few, many = statements(3), statements(12)
    del few["INSERT INTO source_states"], many["INSERT INTO source_states"]
    assert few == many
    assert many.total() <= 8


def test_a_changed_feed_writes_what_is_new_and_nothing_else(
    site: Any, store: Store, statements: Callable[[int], Counter[str]]
) -> None:
    put(site, range(6))
    first = statements(6)
    assert first["INSERT INTO items"] == 6 * ITEMS
    put(site, [2], first=2)  # one item more, one less
    seen = statements(6)
    assert seen["INSERT INTO items"] == seen["INSERT INTO texts"] == 1
    assert seen["UPDATE items SET"] == 0
    assert store.rows("SELECT count(*) FROM items") == [(6 * ITEMS + 1,)]


def test_the_transactions_of_a_first_sync_are_one_a_source(
    site: Any, statements: Callable[[int], Counter[str]]
) -> None:
    put(site, range(6))
    seen = statements(6)
    assert seen["BEGIN IMMEDIATE"] <= 6 + 4  # and the names of the sources, the last states, the index


def test_a_sync_with_nothing_new_loads_no_parser_and_no_vocabulary(site: Any, tmp_path: Path) -> None:
    put(site, range(4))
    config = tmp_path / "config.toml"
    sources = "".join(f'[sources.s{n}]\nurl = "{site.url(f"/{n}")}"\nkind = "feed"\n' for n in range(4))
    config.write_text(f"[hubwatch]\ncatalog = []\n[fetch]\ndelay = 0\nper_host = 4\n{sources}")
    command = (
        "-m", "hubwatch", "--config", str(config), "--db", str(tmp_path / "counts.db"), "sync", "--force"
    )  # fmt: skip
    assert loaded(*command) >= {"hubwatch.fetchers.feed_fast", "hubwatch.facts.topics"}
    again = loaded(*command)
    assert "httpx" in again
    unwanted = ("feedparser", "bs4", "lxml", "rich", "sqlite_utils", "hubwatch.fetchers", "hubwatch.facts.")
    assert sorted(name for name in again if name.startswith(unwanted)) == []
    assert "hubwatch.normalize" not in again


def loaded(*command: str) -> set[str]:
    """Run Python on this; return the modules that it loaded."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("HUBWATCH_")}
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *command], capture_output=True, text=True, timeout=60, env=env,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if "import time:" in line}


@pytest.mark.parametrize("command", ["--version", "--help", "digest"])
def test_what_is_typed_often_loads_little(command: str, tmp_path: Path) -> None:
    """As many modules as the standard library and typer need, and few of our own."""
    store = tmp_path / "empty.db"
    open_for_writing(store).close()
    words = ("--db", str(store), "digest", "--json") if command == "digest" else (command,)
    ours = sorted(name for name in loaded("-m", "hubwatch", *words) if name.startswith("hubwatch"))
    most = {"--version": 1, "--help": 8, "digest": 45}[command]
    assert len(ours) <= most, ours
    unneeded = {"hubwatch.identity", "hubwatch.normalize", "hubwatch.stories", "hubwatch.text.wordings"}
    assert not unneeded & set(ours)


def test_a_short_command_looks_for_no_garbage(tmp_path: Path) -> None:
    """It took a tenth of the time; what a command needs to start is far below the threshold."""
    code = (
        "import gc, io, sys; from hubwatch.__main__ import main; before = gc.get_stats()[0]['collections'];"
        f" sys.argv = ['hubwatch', '--db', {str(tmp_path / 'none.db')!r}, 'digest', '--json']; main();"
        " print(gc.get_stats()[0]['collections'] - before, gc.get_count()[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    looked, left = map(int, done.stdout.split("\n")[-2].split())
    assert looked <= 1
    assert left < 100  # frozen: the interpreter's end goes through none of them


@pytest.mark.parametrize("path", sorted((Path(cli.__file__).parent).glob("*.py")), ids=lambda path: path.stem)
def test_no_annotation_of_an_option_has_to_be_compiled(path: Path) -> None:
    app = getattr(importlib.import_module(f"hubwatch.cli.{path.stem}"), "app", None)
    if app is None:
        return
    functions = [command.callback for command in app.registered_commands]
    functions += [app.registered_callback.callback] if app.registered_callback else []
    assert functions
    assert [f for f in functions if any(isinstance(a, str) for a in f.__annotations__.values())] == []
