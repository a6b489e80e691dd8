"""The ways to write one phrase, and whether a text has it in any of them, as a whole. Pure.

Engineers write one alloy or aircraft in several ways: Ti-6Al-4V and Ti6Al4V, C-130 and C130; and one trade:
die casting, die-casting, diecasting; aluminum, aluminium.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

from hubwatch.text import spellings

JOINERS = "-'’‐‑–"
_WORD = re.compile(r"[^\W_]+")
_BEFORE_DIGITS = re.compile(r"(?<=[^\W\d_])(?=\d)")
_AFTER_DIGITS = re.compile(r"(?<=\d)(?=[^\W\d_])")
_SHORTEST_PART = 3  # of a compound that is written as one word: die-casting
_SHORTEST_COMPOUND = 7
_LONGEST_COMPOUND = 40
_LONGEST_PHRASE = 6  # words; in a longer one none are joined
_NO_PARTS = frozenset(
    {"the", "and", "for", "not", "but", "are", "was", "has", "had", "her", "his"}
    | {"its", "you", "all", "any", "who", "our", "can", "may", "ing", "ion"}
)
_SHORTEST_SINGULAR = 4  # letters: "news" is no plural of "new"
_NO_PLURAL = ("ss", "us", "is", "ics")
_HISSING = ("sses", "xes", "zes", "ches", "shes")
_MARKS = re.compile(r"[\u0300-\u036f]")


def of_phrase(words: str) -> tuple[str, ...]:
    """Return all ways to write a phrase, in small letters with blanks between; none if it has no word."""
    tokens = _WORD.findall(words)
    found = _joined_and_split(words, tokens)
    if len(tokens) <= _LONGEST_PHRASE:
        # "lightweight metals" finds "light-weight metals" too.
        lower = [token.lower() for token in tokens]
        for at, word in enumerate(lower):
            found += [" ".join((*lower[:at], two, *lower[at + 1 :])) for two in _in_two(word)]
    return spelled(found)


def of_beginning(words: str) -> tuple[str, ...]:
    """Return the same for a phrase whose last word may go on, and so is not taken apart."""
    return spelled(_joined_and_split(words, _WORD.findall(words)))


def spelled(phrases: Iterable[str]) -> tuple[str, ...]:
    """Return these phrases in small letters, and in American and British spelling."""
    found = dict.fromkeys(phrases)
    for change in (spellings.british, spellings.american):
        found.update(dict.fromkeys(" ".join(map(change, phrase.split())) for phrase in tuple(found)))
    return tuple(found)


def join(words: str) -> str:
    """Write words as one: `ti6al4v`."""
    return "".join(_WORD.findall(words)).lower()


def may_join(one: str, other: str) -> bool:
    """Tell whether two words may also be written as one."""
    return one.isalpha() and other.isalpha() and min(len(one), len(other)) >= _SHORTEST_PART


def _joined_and_split(words: str, tokens: list[str]) -> list[str]:
    if not tokens:
        return []
    found = [" ".join(tokens)]
    # "Ti6Al4V powder" finds "Ti-6Al-4V powder", and "3D printing" "3-D printing", but "3M" no length of 3 m.
    borders = (_BEFORE_DIGITS, _AFTER_DIGITS) if len(tokens) > 1 else (_BEFORE_DIGITS,)
    found += [" ".join(_WORD.findall(border.sub(" ", words))) for border in borders]
    # Also within a longer phrase: "Ti-6Al-4V powder" finds "Ti6Al4V powder".
    found.append(" ".join(join(chunk) for chunk in words.split() if join(chunk)))
    if any(character.isdigit() for character in words):
        found.append(join(words))
    if len(tokens) <= _LONGEST_PHRASE:
        # "die casting parts" finds "diecasting parts" too.
        for at, (one, next_one) in enumerate(pairwise(tokens)):
            if may_join(one, next_one):
                found.append(" ".join((*tokens[:at], one + next_one, *tokens[at + 2 :])))
    return [phrase.lower() for phrase in found]


def _in_two(word: str) -> list[str]:
    """Return every way to read a long word as two: of `diecasting` only `die casting` is found anywhere."""
    if not (word.isascii() and word.isalpha() and _SHORTEST_COMPOUND <= len(word) <= _LONGEST_COMPOUND):
        return []
    pairs = [(word[:at], word[at:]) for at in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)]
    return [f"{one} {other}" for one, other in pairs if not {one, other} & _NO_PARTS]


# --- whether a text has a phrase -----------------------------------------------------------------


def has(text: str, phrase: str) -> bool:
    """Tell whether a text has a phrase as whole words, whatever its case, spelling, hyphens and plural.

    With a star at its end the last word may go on: `apprentice*`.
    """
    plain = _plain(text)
    patterns = _patterns(phrase)
    if any(pattern.search(plain) for pattern in patterns):
        return True
    in_one = plain  # X-ray as xray
    for joiner in JOINERS:
        in_one = in_one.replace(joiner, "")  # six of these take a sixth of the time of one translate()
    return len(in_one) < len(plain) and any(pattern.search(in_one) for pattern in patterns)


def _plain(text: str) -> str:
    """Write a text in small letters without accents."""
    text = text.lower()
    return text if text.isascii() else _MARKS.sub("", unicodedata.normalize("NFD", text))


@functools.lru_cache(maxsize=1024)
def _patterns(phrase: str) -> tuple[re.Pattern[str], ...]:
    """Return patterns that together find every wording, each fast by the letters it begins with."""
    groups: dict[str, dict[str, None]] = {}
    goes_on = phrase.endswith("*")
    ending = r"[^\W_]*" if goes_on else r"(?:['’]?s|es)?(?![^\W_])"
    for wording in (of_beginning if goes_on else of_phrase)(_plain(phrase)):
        for one in (wording, *(() if goes_on else _in_other_number(wording))):
            start = one.partition(" ")[0][:_SHORTEST_PART]
            groups.setdefault(start, {})[one[len(start) :].replace(" ", r"[\W_]+")] = None
    return tuple(
        re.compile(rf"{start}(?<![^\W_]{start})(?:{'|'.join(ends)}){ending}")
        for start, ends in groups.items()
    )


def _in_other_number(phrase: str) -> tuple[str, ...]:
    """Return a phrase with its last word in the singular, or in a plural that is more than an s."""
    last = phrase.rpartition(" ")[2]
    if last.endswith("y"):
        return (f"{phrase[:-1]}ies",)
    if not last.endswith("s") or last.endswith(_NO_PLURAL) or len(last) <= _SHORTEST_SINGULAR:
        return ()
    if last.endswith("ies"):
        return (f"{phrase[:-3]}y", phrase[:-1])
    return (phrase[: -2 if last.endswith(_HISSING) else -1],)
