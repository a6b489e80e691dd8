"""How many items of one document are read at most, and the notice of what is over. Pure."""

from __future__ import annotations

from dataclasses import replace

from hubwatch.models import Page
from hubwatch.text.numbers import counted

MAX_ITEMS = 5000  # where the caller does not say: the default of the config's max_items


def cut(page: Page, max_items: int) -> Page:
    """Leave out the items over the limit, with a notice."""
    left_out = len(page.items) - max_items
    if left_out <= 0:
        return page
    problems = (*page.problems, *notice(left_out, max_items))
    return replace(page, items=page.items[:max_items], problems=problems)


def notice(left_out: int, max_items: int) -> tuple[str, ...]:
    """Say how many items the limit kept out, if any."""
    return (f"{counted(left_out, 'item')} over the limit of {max_items:,} left out",) if left_out > 0 else ()
