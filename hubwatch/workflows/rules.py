"""Load the words that tagging goes by, compiled, once for a run."""

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
    # Many objects that stay to the end: not to be looked through for garbage, now or later.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        return vocabulary.rules(extra_topics)
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()
