"""What an item says: topics, kind, money, deadline, organizations; all of them by `tag` and `tag_all`. Pure.

A sync that finds nothing new needs none of it, so `tag` and its patterns are loaded when first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hubwatch.facts.tagging import Rules, compile_rules, restore_rules, tables, tag, tag_all

# Counted up with each change of the code here that gives other facts, so that stores are tagged anew.
REVISION = 23

__all__ = ["REVISION", "Rules", "compile_rules", "restore_rules", "tables", "tag", "tag_all"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.tagging"), name)
    return value
