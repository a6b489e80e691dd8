"""Load the words that tagging goes by and compile them, once for a run."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hubwatch.catalog import vocabulary

if TYPE_CHECKING:
    from hubwatch.facts import Rules
    from hubwatch.models import Topic


def load(extra_topics: Sequence[Topic] = ()) -> Rules:
    """Return the rules of the built-in words and the user's own."""
    from hubwatch.facts import compile_rules

    # Two hundred thousand objects that stay to the end: looking through them for garbage, now and whenever
    # there are as many new ones, would take a fifth of the time that tagging takes.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        return compile_rules(vocabulary.load(extra_topics))
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()
