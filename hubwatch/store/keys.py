"""64-bit numbers that stand for words: what items are known again by, in an index that stays small."""

from __future__ import annotations

import functools
from hashlib import blake2b


@functools.lru_cache(maxsize=2048)  # of what comes each is asked twice: is it known, and to be saved
def to_key(*parts: str) -> int:
    """Return the number for these words together, the same on every machine."""
    text = "\x1f".join(parts).encode("utf-8", "replace")
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big", signed=True)
