"""Progress bars: on stderr, on a terminal only, never with --quiet."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from hubwatch.cli.context import Shared
from hubwatch.workflows.health import name_some

_ROOM = 35  # of 80 columns, beside the rest
Advance = Callable[[int, int, str], None]


@contextmanager
def progress(common: Shared, what: str, *, enabled: bool = True) -> Iterator[Advance]:
    """Give a function that is told how many of how many are done, and a word on what is under way."""
    if not enabled or common.quiet or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield _keep_quiet
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[now]}", markup=False),
        console=Console(stderr=True),
        transient=True,
    )
    task = bar.add_task(what, total=None, now="")

    def advance(done: int, total: int, now: str) -> None:
        if not bar.live.is_started:
            bar.start()
        bar.update(task, completed=done, total=total, now=now[:_ROOM])

    try:
        yield advance
    finally:
        if bar.live.is_started:
            bar.stop()


def by_waiting(advance: Advance) -> Callable[[Sequence[str], int], None]:
    """Give a function that is told what is still waited for, of how many, and shows it."""

    def tell(waiting: Sequence[str], total: int) -> None:
        now = f"waiting for {name_some(waiting, 1)}" if waiting else ""
        advance(total - len(waiting), total, now)

    return tell


def _keep_quiet(done: int, total: int, now: str) -> None:
    """Tell nobody."""
