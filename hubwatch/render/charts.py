"""Trends drawn in the terminal, by rich: a line of bars over time and a bar of all, for each key."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from hubwatch.models import Trend
from hubwatch.render import safe, tables
from hubwatch.render.sparks import sparkline

_MAX_WIDTH = 110
_GAP = "  "
_LEAST_BAR = 8  # columns below which the bar of all is left out
_EIGHTHS = "▏▎▍▌▋▊▉█"


def print_trends(trends: Sequence[Trend], *, bucket: str, console: Console | None = None) -> None:
    """Print trends, each on its own scale over time and all on one scale in sum."""
    # In a file or a pipe there is no width to keep to: the names stand in full.
    in_full = console is None and tables.room() == sys.maxsize
    longest = max((cell_len(t.name) for t in trends), default=0)
    console = console or (Console(width=_MAX_WIDTH + longest) if in_full else Console())
    width = min(console.width, _MAX_WIDTH)
    names = longest if in_full else min(longest, max(width * 2 // 5, 12))
    width += names if in_full else 0
    ascii = not (console.encoding or "utf-8").lower().startswith("utf")
    for line in _lines([safe.trend(t) for t in trends], bucket, width, names, ascii=ascii):
        console.print(line, no_wrap=True, overflow="ellipsis", crop=True)


def _lines(trends: Sequence[Trend], bucket: str, width: int, names: int, *, ascii: bool) -> list[Text]:
    if not trends:
        return [Text("Nothing to draw. Try a longer time (--since 2y), or hubwatch sync first.", style="dim")]
    starts = trends[0].starts
    figures = max(len(f"{t.total:,}") for t in trends)
    room = width - names - figures - 2 * len(_GAP)
    each = max(1, min(2, room // max(len(starts), 1)))
    cells = min(len(starts), max(room // each, 4))
    bar = room - cells * each - len(_GAP)
    lines = [Text(" " * names + _GAP) + Text(_axis(starts, bucket, cells, each), style="dim")]
    top = max(t.total for t in trends)
    for trend in trends:
        line = Text(_fit(trend.name, names), style="bold") + Text(_GAP)
        line.append(sparkline(_merged(trend.counts, cells), width=each, ascii=ascii), style="cyan")
        line.append(f"{_GAP}{trend.total:>{figures},}")
        if bar >= _LEAST_BAR:
            line.append(_GAP + _bar(trend.total, top, bar, ascii=ascii), style="magenta")
        lines.append(line)
    return lines


def _axis(starts: Sequence[date], bucket: str, cells: int, each: int) -> str:
    """Name the months by their first letters, else the first and the last stretch."""
    if bucket == "month" and cells == len(starts) <= 24:
        return "".join(f"{start:%b}"[0].ljust(each) for start in starts)
    form = "%b %Y" if bucket == "month" else "%b %d"
    first, last = starts[0].strftime(form), starts[-1].strftime(form)
    gap = cells * each - len(first) - len(last)
    return f"{first}{' ' * gap}{last}" if gap > 0 else first[: cells * each]


def _merged(counts: Sequence[int], cells: int) -> list[int]:
    """Add up neighbors where there are more stretches than columns."""
    if len(counts) <= cells:
        return list(counts)
    merged = [0] * cells
    for number, count in enumerate(counts):
        merged[number * cells // len(counts)] += count
    return merged


def _bar(total: int, top: int, width: int, *, ascii: bool) -> str:
    eighths = max(1, round(total / top * width * 8)) if top else 0
    if ascii:
        return "#" * max(1, eighths // 8)
    full, rest = divmod(eighths, 8)
    return "█" * full + (_EIGHTHS[rest - 1] if rest else "")


def _fit(name: str, width: int) -> str:
    text = Text(name)
    text.truncate(width, overflow="ellipsis", pad=True)
    return text.plain
