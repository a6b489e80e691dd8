"""Which addresses are built like those of known items: of a sitemap, the articles of one list. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from urllib.parse import urlsplit

from hubwatch.text import urls

_LEAST = 3  # known items, to tell how their addresses are built
_SHARE = 0.6  # of them that must be built so
_WORDS = 3  # in the last part of an address at the site's root, where "/about" lies too


def like(known: Iterable[str], others: Iterable[str]) -> tuple[str, ...] | None:
    """Return the others that are built as most of the known ones are, and not known; None if they differ."""
    seen = {urls.key(url): url for url in known}
    if len(seen) < _LEAST:
        return None
    built, count = Counter(_form(url) for url in seen.values()).most_common(1)[0]
    if built is None or count < _SHARE * len(seen):
        return None
    fresh = {urls.key(url): url for url in others}
    return tuple(url for key, url in fresh.items() if key not in seen and _form(url) == built)


def _form(url: str) -> tuple[str, ...] | None:
    """Write an address as what it shares with others of its list: folders, numbers as such, the ending."""
    *folders, last = [part for part in urlsplit(url).path.split("/") if part] or [""]
    words = re.findall(r"[^\W_]+", re.sub(r"\.\w{2,5}$", "", last))
    if not last or (not folders and len(words) < _WORDS):
        return None
    ending = re.search(r"\.\w{2,5}$", last)
    return (*(re.sub(r"\d+", "0", folder) for folder in folders), ending[0] if ending else "")
