"""httpx, loaded without its own command line. The network part takes it from here."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _without_command_line() -> Iterator[None]:
    """Keep httpx from loading click, rich and pygments, 60 to 110 ms, where they happen to be installed."""
    name = "httpx._main"
    if "httpx" in sys.modules or name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]  # httpx meets the ImportError with a fallback
    try:
        yield
    finally:
        del sys.modules[name]


with _without_command_line():
    import httpx

__all__ = ["httpx"]
