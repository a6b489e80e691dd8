"""The programs that are measured: how each is set up for a list of feeds in a folder of its own, and run."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).parent
_READER = """
import sys
from reader import make_reader
reader = make_reader(sys.argv[1])
if len(sys.argv) > 2:
    for line in open(sys.argv[2]):
        reader.add_feed(line.strip())
else:
    reader.update_feeds(workers=20, scheduled=False)
"""


@dataclass(frozen=True, kw_only=True)
class Program:
    """One program in one folder: what to run once beforehand, what is timed, where its store lies."""

    name: str
    command: tuple[str, ...]
    before: tuple[str, ...] = ()
    store: Path | None = None
    env: tuple[tuple[str, str], ...] = ()


def hubwatch(folder: Path, urls: Sequence[str], *, timeout_s: float = 20, jobs: int = 64) -> Program:
    """hubwatch with these feeds and nothing else."""
    config, store = folder / "config.toml", folder / "hubwatch.db"
    lines = ["[hubwatch]", "catalog = []", f'database = "{store}"']
    lines += ["[fetch]", f"timeout = {timeout_s}", f"jobs = {jobs}"]
    for number, url in enumerate(urls):
        lines += [f"[sources.s{number:04d}]", f'name = "Site {number}"', f'url = "{url}"', 'kind = "feed"']
    config.write_text("\n".join(lines) + "\n")
    return Program(
        name="hubwatch",
        command=(sys.executable, "-m", "hubwatch", "--config", str(config), "-q", "sync", "--force"),
        store=store,
    )


def requests(folder: Path, urls: Sequence[str]) -> Program:
    """httpx, doing only the requests."""
    (folder / "urls.json").write_text(json.dumps(list(urls)))
    command = (
        sys.executable,
        f"{_HERE}/floors.py",
        "requests",
        f"{folder}/urls.json",
        f"{folder}/etags.json",
    )
    return Program(name="httpx only", command=command)


def pipeline(folder: Path, urls: Sequence[str]) -> Program:
    """httpx, ElementTree and SQLite."""
    (folder / "urls.json").write_text(json.dumps(list(urls)))
    store = folder / "floor.db"
    command = (sys.executable, f"{_HERE}/floors.py", "pipeline", f"{folder}/urls.json", str(store))
    return Program(name="bare pipeline", command=command, store=store)


def reader(folder: Path, urls: Sequence[str]) -> Program | None:
    """The Python library reader with 20 threads; its feeds are entered before the clock starts."""
    if importlib.util.find_spec("reader") is None:
        return None
    (folder / "urls.txt").write_text("\n".join(urls))
    store = folder / "reader.db"
    command = (sys.executable, "-c", _READER, str(store))
    return Program(name="reader", command=command, before=(*command, f"{folder}/urls.txt"), store=store)


def newsboat(folder: Path, urls: Sequence[str], *, timeout_s: float = 20) -> Program | None:
    """newsboat with 20 threads, without its screen."""
    found = shutil.which("newsboat")
    if found is None:
        return None
    (folder / "urls").write_text("\n".join(urls) + "\n")
    (folder / "config").write_text(
        f"reload-threads 20\ndownload-timeout {timeout_s:.0f}\ndownload-retries 1\n"
        "suppress-first-reload yes\n"
    )
    store = folder / "cache.db"
    command = (found, "-u", f"{folder}/urls", "-C", f"{folder}/config", "-c", str(store), "-x", "reload")
    return Program(name="newsboat", command=command, store=store, env=(("HOME", str(folder)),))


def sfeed(folder: Path, urls: Sequence[str]) -> Program | None:
    """sfeed's own update script with its 8 jobs."""
    found = shutil.which("sfeed_update")
    if found is None:
        return None
    (folder / "feeds").mkdir(exist_ok=True)
    lines = [f"sfeedpath={folder}/feeds", "maxjobs=8", "feeds() {"]
    lines += [f"\tfeed 'site {number}' '{url}'" for number, url in enumerate(urls)]
    (folder / "sfeedrc").write_text("\n".join(lines) + "\n}\n")
    return Program(name="sfeed", command=(found, f"{folder}/sfeedrc"), store=folder / "feeds")


def size_mb(store: Path | None) -> float:
    """Return how large a store is, its side files included."""
    if store is None:
        return 0.0
    if store.is_dir():
        return sum(path.stat().st_size for path in store.rglob("*")) / 1e6
    return sum(path.stat().st_size for path in store.parent.glob(store.name + "*")) / 1e6
