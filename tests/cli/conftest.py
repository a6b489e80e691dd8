"""The command line as a person types it, over a configuration and a store in a temporary folder."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hubwatch import catalog, identity, item_ids
from hubwatch.cli import main
from hubwatch.models import Item, Source
from hubwatch.store import items, sources
from hubwatch.store.db import open_for_writing


@dataclass(frozen=True)
class Said:
    """What one run said, where, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The output as JSON."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Home:
    """Where the configuration and the store of a test are."""

    config: Path
    db: Path

    def configure(self, text: str) -> None:
        """Write the configuration."""
        self.config.write_text(text, encoding="utf-8")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    for name in ("FORCE_COLOR", "HUBWATCH_CONFIG", "HUBWATCH_DB"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    folder = tmp_path / "config" / "hubwatch"
    folder.mkdir(parents=True)
    return Home(config=folder / "config.toml", db=tmp_path / "hubwatch.db")


@pytest.fixture
def hubwatch(home: Home, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Run hubwatch with these arguments; no terminal is there."""

    def run(*args: str) -> Said:
        code = main.run(["--db", str(home.db), *args])
        out, err = capsys.readouterr()
        return Said(code=code, out=out, err=err)

    return run


@pytest.fixture
def terminal(home: Home) -> Callable[..., Said]:
    """Run hubwatch in a terminal, with somebody there who types these lines; all it says is `out`."""
    pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here")

    def run(*args: str, typed: tuple[str, ...] = ()) -> Said:
        ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "hubwatch", "--db", str(home.db), *args]
        env = {**os.environ, "TERM": "dumb"}
        with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=env) as process:
            os.close(theirs)
            os.write(ours, "".join(f"{line}\n" for line in typed).encode())
            said = b""
            with contextlib.suppress(OSError):  # how a terminal ends on Linux
                while more := os.read(ours, 65536):
                    said += more
            code = process.wait(timeout=60)
        os.close(ours)
        return Said(code=code, out=said.decode().replace("\r\n", "\n"), err="")

    return run


@pytest.fixture
def stored(home: Home) -> Callable[..., None]:
    """Put items into the store, given as title=..., source=..., published=..."""

    def put(*given: dict[str, Any]) -> None:
        with open_for_writing(home.db) as store:
            known = {source.id: source for source in catalog.all_sources()}
            named = {str(one.get("source", "lift")) for one in given}
            followed = [known.get(id_) or Source(id=id_, name=id_, url="https://x.example/") for id_ in named]
            sources.register(store, followed, catalog.hubs())
            for one in map(_item, given):
                resolution = identity.Resolution(new=(one,), changed=())
                items.save(store, one.source, resolution, None, now=one.first_seen)

    return put


def _item(given: dict[str, Any]) -> Item:
    published = given.get("published", datetime(2020, 1, 5, 9, 0, tzinfo=UTC))
    title, source = str(given["title"]), str(given.get("source", "lift"))
    url = f"https://example.org/{'-'.join(title.lower().split())}"
    usual = {
        "id": item_ids.item_id(source, None, url, title, published),
        "source": source,
        "url": url,
        "published": published,
        "first_seen": published,
        "updated": published,
        "effective": published,
    }
    return Item(**{**usual, **given})
