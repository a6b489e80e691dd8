"""The technology area that was meant by a word: by its id or name, what its terms say, else by spelling."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from hubwatch.models import Topic

# A term that is the word itself says more than many that contain it; weak ones count half.
_EXACT, _TERM, _WEAK = 20, 2, 1
_SHORTEST = 2  # a letter is in every term


def topic_named(word: str, names: Mapping[str, str]) -> str | None:
    """Return the id of the area (ids with their names) that goes by a word, whatever its capitals.

    Ids come first: a name may be that of another area, an own one's of a built-in one as well.
    """
    by_name = {called.casefold(): id_ for id_, called in names.items() if called}
    return {**by_name, **{id_.casefold(): id_ for id_ in names}}.get(word.casefold())


def topic_meant(word: str, valid: Iterable[str], extra_topics: Sequence[Topic] = ()) -> str | None:
    """Find the area whose terms the word stands in most (`aluminum`: lightweight), else the nearest name."""
    from hubwatch.catalog import vocabulary  # loads every term, and only to say what was wrong
    from hubwatch.text.nearest import nearest

    wanted = " ".join(word.casefold().split())
    known = vocabulary.merge(vocabulary.topics(), extra_topics)
    counts = {topic.id: _count(wanted, topic) for topic in known} if len(wanted) >= _SHORTEST else {}
    best = max(counts, key=lambda id_: counts[id_], default=None)
    return best if best and counts[best] else nearest(word, valid)


def _count(wanted: str, topic: Topic) -> int:
    begins = re.compile(rf"(?<!\w){re.escape(wanted)}")
    found = 0
    for terms, weight in ((topic.terms, _TERM), (topic.names, _TERM), (topic.weak, _WEAK)):
        for term in terms:
            plain = term.casefold().strip("*=")
            found += weight * _EXACT if plain == wanted else weight if begins.search(plain) else 0
    return found
