"""The sites of `hubwatch demo`, as data."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Literal

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
    text = files("hubwatch.catalog").joinpath("compiled/demo.json").read_text(encoding="utf-8")
    found = []
    for record in json.loads(text)["site"]:
        items = tuple(DemoItem(**item) for item in record.pop("item", ()))
        found.append(DemoSite(**record, items=items))
    return tuple(found)
