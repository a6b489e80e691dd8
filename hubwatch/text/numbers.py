"""Numbers as they are said: with the noun they count."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """Say how many: `1 item`, `12 items`, `1,200 items`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
