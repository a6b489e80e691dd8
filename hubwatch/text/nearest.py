"""The nearest valid word to one that is not valid."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(name: str, valid: Iterable[str]) -> str | None:
    """Find the valid name that was most likely meant, or None when nothing is near."""
    import difflib  # 9 ms, and needed only to say what was wrong

    spelled: dict[str, str] = {}
    for option in valid:
        spelled.setdefault(_fold(option), option)
    wanted = _fold(name)
    if wanted in spelled:
        return spelled[wanted]
    close = difflib.get_close_matches(wanted, spelled, n=1, cutoff=0.6)
    if close:
        return spelled[close[0]]
    # A beginning counts too: "light" for "lightweight", "semi" for "semiconductors".
    longer = [option for option in spelled if len(wanted) >= 3 and option.startswith(wanted)]
    return spelled[min(longer, key=len)] if longer else None


def _fold(name: str) -> str:
    return " ".join(name.casefold().replace("_", " ").replace("-", " ").split())
