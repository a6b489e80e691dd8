"""Progress bars: on stderr, on a terminal only, never with --quiet."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hubwatch.cli.context import Shared

Advance = Callable[[int, int, str], None]


@contextmanager
def progress(common: Shared, what: str, *, enabled: bool = True) -> Iterator[Advance]:
    """Give a function that is told how many of how many are done, and which one was last."""
    if not enabled or common.quiet or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield _keep_quiet
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[last]}", markup=False),
        console=Console(stderr=True),
        transient=True,
    )
    task = bar.add_task(what, total=None, last="")

    def advance(done: int, total: int, name: str = "") -> None:
        if not bar.live.is_started:
            bar.start()
        bar.update(task, completed=done, total=total, last=name[:30])

    try:
        yield advance
    finally:
        if bar.live.is_started:
            bar.stop()


def _keep_quiet(done: int, total: int, name: str = "") -> None:
    """Tell nobody."""
