"""Counts as a line of small bars in characters, for places that draw nothing else."""

from __future__ import annotations

import math
from collections.abc import Sequence

BARS = "▁▂▃▄▅▆▇█"
ASCII_BARS = ".:-=+*#@"


def sparkline(
    counts: Sequence[float], *, top: float | None = None, width: int = 1, ascii: bool = False
) -> str:
    """Draw each count as one bar of `width` characters, none as a space; `top` is what fills a bar."""
    bars = ASCII_BARS if ascii else BARS
    top = max(counts, default=0) if top is None else top
    return "".join(_bar(count, top, bars) * width for count in counts)


def _bar(count: float, top: float, bars: str) -> str:
    if count <= 0 or top <= 0:
        return " "
    return bars[min(len(bars), math.ceil(count * len(bars) / top)) - 1]
