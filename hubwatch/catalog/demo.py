"""The sites of `hubwatch demo`, as data."""

from __future__ import annotations

from typing import Literal

from hubwatch.catalog import read
from hubwatch.models.dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoItem:
    """One announcement of the demo, dated back from the day on which it runs."""

    title: str
    summary: str
    url: str
    days_ago: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSite:
    """One site of the demo and the way in which it publishes."""

    id: str
    name: str
    hub: str
    serves: Literal["rss", "atom", "wordpress", "page", "nothing"]
    items: tuple[DemoItem, ...] = ()


def sites() -> tuple[DemoSite, ...]:
    """Return the demo's sites."""
    found = []
    for record in read("demo")["site"]:
        items = tuple(DemoItem(**item) for item in record.pop("item", ()))
        found.append(DemoSite(**record, items=items))
    return tuple(found)
