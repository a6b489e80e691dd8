"""Numbers on the command line, as far as typer does not check them."""

from __future__ import annotations

import math

import typer


def finite(value: float | None) -> float | None:
    """Refuse what is a number to a computer only: nan passes every bound, and infinity some."""
    if value is not None and not math.isfinite(value):
        raise typer.BadParameter(f"'{value}' is not a number")
    return value
