"""Trends drawn in the terminal."""

from __future__ import annotations

import io
from datetime import date

import pytest
from rich.console import Console

from hubwatch.models import Trend
from hubwatch.render import charts
from hubwatch.render.sparks import sparkline

MONTHS = tuple(date(2025 + (3 + n) // 12, (3 + n) % 12 + 1, 1) for n in range(12))
TRENDS = (
    Trend(key="l", name="Lightweight metals", starts=MONTHS, counts=(3, 5, 8, 2, 0, 4, 9, 12, 7, 6, 11, 4)),
    Trend(key="n", name="日本の ナノ", starts=MONTHS, counts=(0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1000)),
)


def drawn(width: int, *, encoding: str = "utf-8", trends: tuple[Trend, ...] = TRENDS) -> list[str]:
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    charts.print_trends(trends, bucket="month", console=Console(file=out, width=width))
    out.seek(0)
    return out.read().splitlines()


def test_months_stand_over_their_bars_and_wide_characters_count_double() -> None:
    header, first, second = drawn(70)
    assert header.index("A M J") == first.index("▂▂") == 20
    assert first.index("71") + 2 == len(first.rstrip("▏▎▍▌▋▊▉█ "))
    assert "1,001" in second


@pytest.mark.parametrize("width", [30, 40, 60, 80, 200])
def test_it_fits(width: int) -> None:
    from rich.cells import cell_len

    assert max(cell_len(line) for line in drawn(width)) <= min(width, 110)


def test_many_stretches_are_joined() -> None:
    days = tuple(date.fromordinal(738000 + n) for n in range(400))
    trend = Trend(key="x", name="x", starts=days, counts=(1,) * 400)
    assert all(len(line) <= 60 for line in drawn(60, trends=(trend,)))


def test_an_encoding_without_blocks_gets_ascii() -> None:
    assert all(line.isascii() for line in drawn(70, encoding="ascii", trends=TRENDS[:1]))


def test_sparklines_show_nothing_for_nothing_and_something_for_little() -> None:
    assert sparkline([0, 1, 1000]) == " ▁█"
    assert sparkline([0, 0]) == "  "
    assert sparkline([]) == ""
    assert sparkline([1, 2], width=2) == "▄▄██"
