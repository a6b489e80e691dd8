"""Texts folded so that they can be compared: case, accents and punctuation do not count."""

from __future__ import annotations

import functools
import re
import unicodedata

from hubwatch.text.controls import unusual

_WORDS = re.compile(r"[^\W_]+(?:\.\d+)*")  # `1.5` is one word
_THOUSANDS = re.compile(r",(?<=\d,)(?=\d{3}\b)")  # the comma first: that is what is quickly found
_IDLE_DOT = re.compile(r"\.(?!\d)|\.(?<![^\W_]\.)")
_DECIMALS_IN_WORD = re.compile(r"\.\d+(?=[^\W\d_])")  # `1.5b` is two words
# Nearly all text has few characters beyond ASCII, quotes and dashes; other languages are folded as a whole.
_FEW = 24
# As bytes, and all that is no word a blank, a text falls into its words several times faster.
_WORD_BYTES = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.")
_BLANKED = bytes(byte if byte in _WORD_BYTES else 0x20 for byte in range(256))


def fold(text: str) -> str:
    """Write a text in small letters without accents, its numbers without commas."""
    return _fold(text)[0]


def words(text: str) -> list[str]:
    """Return the words and numbers of a text, folded."""
    folded, is_ascii = _fold(text)
    if not is_ascii:
        return _WORDS.findall(folded)
    if "." in folded:
        folded = _DECIMALS_IN_WORD.sub(r"\g<0> ", _IDLE_DOT.sub(" ", folded))
    return folded.encode("utf-8", "replace").translate(_BLANKED).decode("ascii").split()


def _fold(text: str) -> tuple[str, bool]:
    """Return the folded text, and whether all its letters and digits are ASCII."""
    is_ascii = True
    if text.isascii():
        folded = text.lower()
    else:
        rest = set(unusual(text))
        changes = _changes("".join(sorted(rest))) if len(rest) <= _FEW else None
        if changes is None:
            folded, is_ascii = _without_marks(unicodedata.normalize("NFKD", text.casefold())), False
        else:
            folded = text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")
            for character, plain in changes:
                folded = folded.replace(character, plain)
    if "," in folded:
        folded = _THOUSANDS.sub("", folded)
    return folded, is_ascii


@functools.lru_cache(maxsize=1024)
def _changes(characters: str) -> tuple[tuple[str, str], ...] | None:
    """Return what these characters fold to where it is ASCII; None if letters beyond it stay."""
    folded = {c: _without_marks(unicodedata.normalize("NFKD", c.casefold())) for c in characters}
    changes = tuple((c, plain) for c, plain in folded.items() if c != plain)
    stay = "".join(c for c, plain in folded.items() if c == plain)
    if all(plain.isascii() for _, plain in changes) and not any(c.isalnum() for c in stay):
        return changes
    return None


def _without_marks(text: str) -> str:
    marks = [ord(char) for char in set(text) if unicodedata.combining(char)]
    return text.translate(dict.fromkeys(marks)) if marks else text
