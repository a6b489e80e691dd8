"""Run commands in turn, each as a whole process, and keep their medians: wall, CPU and memory."""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Run:
    """What one process cost."""

    wall_s: float
    cpu_s: float  # user and system, of the process and its children that it waited for
    peak_mb: float
    code: int


@dataclass(kw_only=True)
class Figures:
    """What all runs of one command cost."""

    name: str
    runs: list[Run] = field(default_factory=list)

    def median(self, what: str) -> float:
        """Return the median of wall_s, cpu_s or peak_mb."""
        return statistics.median(getattr(run, what) for run in self.runs)

    @property
    def codes(self) -> set[int]:
        """The exit codes that came."""
        return {run.code for run in self.runs}


def once(
    command: Sequence[str],
    *,
    limit_s: float = 900,
    stdin: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> Run:
    """Run one command to its end, its output thrown away."""
    began = time.perf_counter()
    with open(stdin or os.devnull, "rb") as taken, open(os.devnull, "wb") as away:
        process = subprocess.Popen(
            command, stdin=taken, stdout=away, stderr=away, env={**os.environ, **(env or {})}
        )
        previous = signal.signal(signal.SIGALRM, lambda *_: process.kill())
        signal.setitimer(signal.ITIMER_REAL, limit_s)
        _, status, used = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - began
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu_s = used.ru_utime + used.ru_stime
    return Run(wall_s=wall_s, cpu_s=cpu_s, peak_mb=used.ru_maxrss / 1024, code=process.returncode)


def in_turn(
    commands: Mapping[str, Sequence[str]],
    *,
    times: int,
    before: Callable[[str], None] = lambda name: None,
    env: Mapping[str, str] | None = None,
) -> dict[str, Figures]:
    """Run the commands A B C A B C: a machine that slows down slows all of them."""
    found = {name: Figures(name=name) for name in commands}
    for _ in range(times):
        for name, command in commands.items():
            before(name)
            found[name].runs.append(once(command, env=env))
    return found


def ratio(one: Figures, other: Figures, what: str = "wall_s") -> float:
    """Return the median of the ratios, pair by pair."""
    pairs = zip(one.runs, other.runs, strict=True)
    return statistics.median(getattr(a, what) / getattr(b, what) for a, b in pairs)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Draw a table in Markdown whose columns are aligned."""
    widths = [max(len(row[n]) for row in (heads, *rows)) for n in range(len(heads))]
    lines = ["| " + " | ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) + " |" for row in rows]
    head = "| " + " | ".join(c.ljust(w) for c, w in zip(heads, widths, strict=True)) + " |"
    return "\n".join([head, "|" + "|".join("-" * (w + 2) for w in widths) + "|", *lines])
