"""Trends drawn in the terminal, by rich: a line of bars over time and a bar of all, for each key.

All bars over time are drawn on one scale, as are those of all, so that rows can be compared by eye.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from hubwatch.models import Trend
from hubwatch.models.dataclass import dataclass
from hubwatch.render import safe, tables, words
from hubwatch.render.screen import Screen
from hubwatch.render.sparks import ASCII_BARS, BARS, sparkline

_MAX_WIDTH = 110
_GAP = "  "
_LEAST_NAMES = 12
_LEAST_CHART = 20  # columns that the bars over time may take before there is a bar of all
_LEAST_BAR = 8  # columns below which the bar of all is left out
_LETTERS = range(3, 13)  # months that their first letters tell apart: of a year, and not so few as to puzzle
_EIGHTHS = "▏▎▍▌▋▊▉█"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the chart is of: said above it."""

    by: str
    bucket: str
    since: datetime
    until: datetime
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """How many columns each part of a row takes."""

    names: int
    figures: int
    stretches: int  # of time in one cell
    each: int  # columns of one cell
    chart: int  # columns of all cells
    bar: int  # 0: there is none
    after_names: int  # all that is left of the window


def print_trends(trends: Sequence[Trend], asked: Asked, *, console: Console | None = None) -> None:
    """Print what was asked for, then each trend over time and in sum."""
    # In a file or a pipe there is no width to keep to: the names stand in full.
    in_full = console is None and tables.room() == sys.maxsize
    longest = max((cell_len(t.name) for t in trends), default=0)
    console = console or (Screen(width=_MAX_WIDTH + longest) if in_full else Screen())
    width = min(console.width, _MAX_WIDTH + (longest if in_full else 0))
    ascii = not (console.encoding or "utf-8").lower().startswith("utf")
    trends = [safe.trend(trend) for trend in trends]
    if not trends:
        _print_heading(console, _heading(asked), width, ascii=ascii)
        nothing = "Nothing to draw. Try a longer time (--since 2y), or hubwatch sync first."
        console.print(Text(nothing, style="dim"), width=width)
        return
    layout = _layout(trends, longest, width, in_full=in_full)
    charts = [_rates(trend.counts, layout.stretches) for trend in trends]
    top = max(max(rates) for rates in charts)
    scale = _scale(top, layout.stretches, asked.bucket, ascii=ascii)
    _print_heading(console, [*_heading(asked, trends[0].starts[0]), scale], width, ascii=ascii)
    for line in _lines(trends, charts, top, layout, asked.bucket, ascii=ascii):
        console.print(line, no_wrap=True, overflow="ellipsis", crop=True)


def _heading(asked: Asked, first: date | None = None) -> list[str]:
    """Say what is drawn and of which time, as the heading of a digest does."""
    until = words.day(asked.until.date(), today=asked.today)
    title = f"Items by {asked.by}"
    if asked.since.year < words.LONG_AGO:
        return [title, f"until {until}"]
    parts = [title, f"{words.day(asked.since.date(), today=asked.today)} to {until}"]
    # An age begins within a day, and that the rest of this day had nothing is no news.
    if first is not None and first - asked.since.date() > timedelta(days=1):
        parts.append(f"none before {words.day(first, today=asked.today)}")
    return parts


def _print_heading(console: Console, parts: Sequence[str], width: int, *, ascii: bool) -> None:
    """Print the parts in as few lines as they fit in, none of them broken."""
    separator = " - " if ascii else " · "
    lines = [parts[0]]
    for part in parts[1:]:
        longer = lines[-1] + separator + part
        if cell_len(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(part)
    for line in lines:
        console.print(Text(line, style="bold"), width=width)


def _scale(top: float, stretches: int, bucket: str, *, ascii: bool) -> str:
    """Say how many items fill a bar: `█ is 12 a month`."""
    full = (ASCII_BARS if ascii else BARS)[-1]
    items = f"{top * stretches:,.1f}".removesuffix(".0")
    return f"{full} is {items} " + (f"a {bucket}" if stretches == 1 else f"in {stretches} {bucket}s")


def _layout(trends: Sequence[Trend], longest: int, width: int, *, in_full: bool) -> _Layout:
    """Share out the width so that more of it never shows less: each part only grows, or stays."""
    figures = max(len(f"{trend.total:,}") for trend in trends)
    number = len(trends[0].starts)
    beside = 2 * len(_GAP) + figures
    bar = len(_GAP) + _LEAST_BAR
    least = min(number, _LEAST_CHART)
    unneeded = width - beside - number - bar
    names = longest if in_full else min(longest, max(width * 2 // 5, _LEAST_NAMES, unneeded))
    room = max(width - names - beside, 1)
    # The room of the bar of all is kept free first: it may not vanish for more or for broader cells.
    columns = max(min(room, least), room - bar)
    stretches = -(-number // columns)
    cells = number // stretches
    each = 2 if stretches == 1 and cells * 2 <= columns else 1
    chart = cells * each
    return _Layout(
        names=names,
        figures=figures,
        stretches=stretches,
        each=each,
        chart=chart,
        bar=room - chart - len(_GAP) if room >= least + bar else 0,
        after_names=width - names - len(_GAP),
    )


def _rates(counts: Sequence[int], stretches: int) -> list[float]:
    """Average the counts of each cell, from the newest back; what is over belongs to the oldest cell.

    An average, for that one cell is of more time than the others; a cell of less time would jump about.
    """
    oldest = stretches + len(counts) % stretches
    edges = [0, *range(oldest, len(counts) + 1, stretches)]
    return [sum(counts[start:end]) / (end - start) for start, end in pairwise(edges)]


def _lines(
    trends: Sequence[Trend],
    charts: Sequence[Sequence[float]],
    top: float,
    layout: _Layout,
    bucket: str,
    *,
    ascii: bool,
) -> list[Text]:
    most = max(trend.total for trend in trends)
    lines = []
    axis = _axis(trends[0].starts, bucket, layout)
    if axis:
        lines.append(Text(" " * layout.names + _GAP) + Text(axis, style="dim"))
    for trend, rates in zip(trends, charts, strict=True):
        line = Text(_fit(trend.name, layout.names), style="bold") + Text(_GAP)
        line.append(sparkline(rates, top=top, width=layout.each, ascii=ascii), style="cyan")
        line.append(f"{_GAP}{trend.total:>{layout.figures},}")
        if layout.bar:
            line.append(_GAP + _bar(trend.total, most, layout.bar, ascii=ascii), style="magenta")
        lines.append(line)
    return lines


def _axis(starts: Sequence[date], bucket: str, layout: _Layout) -> str:
    """Name the months by their first letters, else the first and the last stretch: whole, or not at all."""
    if bucket == "month" and layout.stretches == 1 and len(starts) in _LETTERS:
        return "".join(f"{start:%b}"[0].ljust(layout.each) for start in starts).rstrip()
    first, last = (_name(starts[at], bucket, beside=starts[-1 - at]) for at in (0, -1))
    gap = layout.chart - len(first) - len(last)
    if gap > 0:
        return f"{first}{' ' * gap}{last}"
    # What does not fit over the two ends of the chart may stand over the figures too.
    return next((axis for axis in (_span(first, last), first) if len(axis) <= layout.after_names), "")


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first} to {last}"


def _name(start: date, bucket: str, *, beside: date) -> str:
    """Name a stretch; a day with its year where that beside it is of another."""
    return f"{start:%b %Y}" if bucket == "month" else words.day(start, today=beside)


def _bar(total: int, most: int, width: int, *, ascii: bool) -> str:
    eighths = max(1, round(total / most * width * 8))
    if ascii:
        return "#" * max(1, eighths // 8)
    full, rest = divmod(eighths, 8)
    return "█" * full + (_EIGHTHS[rest - 1] if rest else "")


def _fit(name: str, width: int) -> str:
    text = Text(name)
    text.truncate(width, overflow="ellipsis", pad=True)
    return text.plain
