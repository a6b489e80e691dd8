"""Measure hubwatch against the floors and its peers, on loopback: `run.py -h` and README.md say how."""

from __future__ import annotations

import argparse
import compileall
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import measure
import peers
from measure import Figures, Run, ratio
from peers import Program

import hubwatch

_HERE = Path(__file__).parent
Maker = Callable[[Path, Sequence[str]], "Program | None"]
_ALL: tuple[Maker, ...] = (
    peers.hubwatch, peers.requests, peers.pipeline, peers.reader, peers.newsboat, peers.sfeed
)  # fmt: skip
_FLOORS: tuple[Maker, ...] = (peers.hubwatch, peers.requests, peers.pipeline)


class Farm:
    """The farm under way, and how to tell it things."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.urls: list[str] = json.loads(self._line())["urls"]

    def tell(self, **order: Any) -> dict[str, int]:
        """Give an order; return what was served since the last reset."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        served: dict[str, int] = json.loads(self._line())
        return served

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


@contextmanager
def farm(count: int) -> Iterator[Farm]:
    """Serve so many feeds for a while."""
    process = subprocess.Popen(
        [sys.executable, f"{_HERE}/farm.py", str(count)], text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield Farm(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait()


def _programs(folder: Path, urls: Sequence[str], makers: Sequence[Maker]) -> list[Program]:
    found = []
    for maker in makers:
        own = folder / maker.__name__
        shutil.rmtree(own, ignore_errors=True)
        own.mkdir(parents=True)
        program = maker(own, urls)
        if program is not None:
            if program.before:
                measure.once(program.before)
            found.append(program)
    return found


def _run(program: Program, limit_s: float = 900) -> Run:
    return measure.once(program.command, env=dict(program.env), limit_s=limit_s)


def _sync(count: int, times: int, makers: Sequence[Maker], *, latency: bool = False) -> None:
    phases = ("cold", "warm", "5 % changed")
    figures: dict[str, dict[str, Figures]] = {phase: {} for phase in phases}
    notes: dict[str, str] = {}
    sizes: dict[str, float] = {}
    with farm(count) as site, tempfile.TemporaryDirectory(prefix="hubwatch-bench-") as folder:
        if latency:
            site.tell(latency=True)
        for _ in range(times):
            programs = _programs(Path(folder), site.urls, makers)
            for phase in phases:
                if phase == "5 % changed":
                    site.tell(changed=0.05)
                for program in programs:
                    site.tell(reset=True)
                    run = _run(program)
                    served = site.tell()
                    kept = figures[phase].setdefault(program.name, Figures(name=program.name))
                    kept.runs.append(run)
                    notes[f"{program.name} {phase}"] = f"{served['200']}/{served['304']}"
                    if phase == "cold":
                        sizes[program.name] = peers.size_mb(program.store)
                    print(f"  {program.name} {phase}: {run.wall_s:.2f} s", file=sys.stderr)
    title = f"## {count} feeds{', with latency' if latency else ''}, medians of {times}"
    print(f"\n{title}\n")
    _print_sync(figures, notes, sizes)


def _print_sync(
    figures: dict[str, dict[str, Figures]], notes: dict[str, str], sizes: dict[str, float]
) -> None:
    heads = [
        "",
        "phase",
        "wall s",
        "CPU s",
        "peak MB",
        "store MB",
        "200/304",
        "hubwatch is x of it (wall, CPU)",
    ]
    rows = []
    for phase, found in figures.items():
        ours = found["hubwatch"]
        for name, each in found.items():
            rows.append(
                [
                    name, phase, f"{each.median('wall_s'):.2f}", f"{each.median('cpu_s'):.2f}",
                    f"{each.median('peak_mb'):.0f}", f"{sizes[name]:.0f}" if phase == "cold" else "",
                    notes[f"{name} {phase}"],
                    "" if each is ours else f"{ratio(ours, each):.2f}, {ratio(ours, each, 'cpu_s'):.2f}",
                ]
            )  # fmt: skip
    print(measure.table(heads, rows), flush=True)


def _faults(count: int, times: int, limit_s: float) -> None:
    """5 % of the hosts hang: how long the run takes, and when the healthy ones are stored."""
    rows = []
    with farm(count) as site, tempfile.TemporaryDirectory(prefix="hubwatch-bench-") as folder:
        for _ in range(times):
            own = Path(folder) / "hubwatch"
            shutil.rmtree(own, ignore_errors=True)
            own.mkdir()
            program = peers.hubwatch(own, site.urls, timeout_s=limit_s)
            for phase in ("first", "again"):
                site.tell(faults=0.05)
                run = measure.once(program.command)
                rows.append([phase, f"{run.wall_s:.2f}", f"{_stored_after(program):.2f}", str(run.code)])
                site.tell(faults=0.0)
                measure.once(program.command)
    print(f"\n## {count} feeds, 5 % of the hosts hang, limit of one request {limit_s:g} s\n")
    print(measure.table(["sync", "wall s", "healthy ones stored after s", "exit code"], rows), flush=True)


def _stored_after(program: Program) -> float:
    """Return the time between the first question and the last success, by the store's own times."""
    import sqlite3
    from datetime import datetime

    assert program.store is not None
    db = sqlite3.connect(program.store)
    first, last = db.execute("SELECT min(last_asked), max(last_success) FROM source_states").fetchone()
    db.close()
    return (datetime.fromisoformat(last) - datetime.fromisoformat(first)).total_seconds()


def _start(times: int) -> None:
    """Start-up: the interpreter alone beside the commands that everybody types."""
    with tempfile.TemporaryDirectory(prefix="hubwatch-bench-") as folder:
        ours = (sys.executable, "-m", "hubwatch")
        store = ("--db", f"{folder}/none.db")
        commands = {
            "python -c pass": (sys.executable, "-c", "pass"),
            "import typer": (sys.executable, "-c", "import typer"),
            "--version": (*ours, "--version"),
            "--help": (*ours, "--help"),
            "digest --help": (*ours, "digest", "--help"),
            "digest --json (empty store)": (*ours, *store, "digest", "--json"),
            "topics --json": (*ours, *store, "topics", "--json"),
            "tag (no items)": (*ours, "tag"),
        }
        found = measure.in_turn(commands, times=times)
    print(f"\n## Start-up, medians of {times}\n")
    base = found["python -c pass"]
    rows = [
        [
            name, f"{each.median('wall_s') * 1000:.0f}", f"{each.median('cpu_s') * 1000:.0f}",
            f"{each.median('peak_mb'):.0f}", f"{ratio(each, base):.1f}",
        ]
        for name, each in found.items()
    ]  # fmt: skip
    print(measure.table(["", "wall ms", "CPU ms", "peak MB", "x of python -c pass"], rows), flush=True)


def _lists(folder: Path, sizes: Sequence[int], times: int) -> None:
    """Lists and searches out of stores of several sizes; the stores are made once and kept in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    questions = {
        "digest --json": ("digest", "--json"),
        "digest --topic lightweight": ("digest", "--json", "--topic", "lightweight"),
        "digest --profile": ("digest", "--json", "--profile", "bench"),
        "digest --source": ("digest", "--json", "--source", "s0003"),
        "search, a common word": ("search", "--json", "--limit", "50", "manufacturing"),
        "search, two words": ("search", "--json", "--limit", "50", "aluminum casting"),
        "search, newest first": ("search", "--json", "--limit", "50", "--sort", "newest", "titanium"),
        "calls": ("calls", "--json", "--limit", "50"),
        "orgs": ("orgs", "--json", "--limit", "50"),
    }
    config = folder / "config.toml"
    lines = ["[hubwatch]", "catalog = []", "[profiles.bench]", 'topics = ["lightweight"]']
    lines += ['keywords = ["aluminum casting"]', 'organizations = ["Boeing"]']
    for number in range(10):
        lines += [f"[sources.s{number:04d}]", f'url = "https://s{number}.example.org/feed/"']
    config.write_text("\n".join(lines) + "\n")
    for size in sizes:
        if not (folder / f"{size}.db").exists():
            made = measure.once(
                (sys.executable, f"{_HERE}/big_store.py", f"{folder}/{size}.db", str(size)), limit_s=7200
            )
            print(
                f"  {size} items: made in {made.wall_s:.0f} s, {peers.size_mb(folder / f'{size}.db'):.0f} MB",
                file=sys.stderr,
            )
    rows = []
    ours = (sys.executable, "-m", "hubwatch", "--config", str(config))
    for name, question in questions.items():
        commands = {
            str(size): (
                *ours, "--db", f"{folder}/{size}.db", *question
            )
            for size in sizes
        }  # fmt: skip
        found = measure.in_turn(commands, times=times)
        least = found[str(sizes[0])]
        rows.append(
            [
                name,
                *(f"{f.median('wall_s') * 1000:.0f}" for f in found.values()),
                f"{ratio(found[str(sizes[-1])], least):.2f}",
                *(f"{f.median('peak_mb'):.0f}" for f in (least, found[str(sizes[-1])])),
                " ".join(str(code) for f in found.values() for code in f.codes if code),
            ]
        )
        print(f"  {name}: {rows[-1]}", file=sys.stderr)
    print(f"\n## Lists and searches, whole process, ms, medians of {times}\n")
    heads = ["", *(f"{size:,} items" for size in sizes), "largest / smallest", "peak MB, smallest"]
    heads += ["largest", "exit codes but 0"]
    print(measure.table(heads, rows), flush=True)


def main() -> None:
    """Run what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "what", choices=["sync", "floors", "latency", "faults", "start", "lists", "parts", "all"]
    )
    parser.add_argument("-n", "--feeds", type=int, default=300)
    parser.add_argument("-t", "--times", type=int, default=3)
    parser.add_argument("--limit", type=float, default=10.0, help="faults: seconds of one request")
    parser.add_argument("--stores", type=Path, default=Path(tempfile.gettempdir()) / "hubwatch-bench-stores")
    parser.add_argument("--sizes", default="10000,100000,1000000", help="lists: items of the stores")
    given = parser.parse_args()
    # As an installed program has it: without its bytecode each run would compile what it loads.
    compileall.compile_dir(Path(hubwatch.__file__).parent, quiet=1)
    every = given.what == "all"
    if given.what == "sync" or every:
        _sync(given.feeds, given.times, _ALL)
    if given.what == "floors":
        _sync(given.feeds, given.times, _FLOORS)
    if given.what == "latency" or every:
        _sync(given.feeds, given.times, _ALL if every else _FLOORS, latency=True)
    if given.what == "faults" or every:
        _faults(given.feeds, given.times, given.limit)
    if given.what == "start" or every:
        _start(max(given.times, 7))
    if given.what == "parts" or every:
        subprocess.run([sys.executable, f"{_HERE}/parts.py"], check=True)
    if given.what == "lists" or every:
        _lists(given.stores, [int(size) for size in given.sizes.split(",")], max(given.times, 5))


if __name__ == "__main__":
    main()
