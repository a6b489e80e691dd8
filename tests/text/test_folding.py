"""Texts folded for comparing: what counts, and that the quick way gives the same as the thorough one."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubwatch.text import folding


def thorough(text: str) -> list[str]:
    """Fold the whole text by the Unicode tables, then look for words."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    folded = "".join(char for char in folded if not unicodedata.combining(char))
    return re.findall(r"[^\W_]+(?:\.\d+)*", re.sub(r"(?<=\d),(?=\d{3}\b)", "", folded))


PIECES = [
    "1",
    "2,000",
    "1.5",
    ".",
    ",",
    "b",
    "LIFT",
    "_",
    "-",
    " ",
    "’",
    "…",
    "é",
    "É",
    "İ",
    "ß",
    "Σ",
    "²",
    "½",
]
PIECES += ["ℌ", "™", "e\u0301", "漢", "３", "ﬁ", "\u200d", "\ud800", "v1.2beta", "U.S.", "\n"]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=60))
def test_words_are_those_of_the_whole_text_folded(text: str) -> None:
    assert folding.words(text) == thorough(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Über-Café “LIFT” wins $1,500,000", "uber cafe lift wins 1500000"),
        ("Version 1.2. Not .5, but 3.5b", "version 1.2 not 5 but 3.5 b"),
        ("snake_case and 製造業", "snake case and 製造業"),
        ("!!!", ""),
    ],
)
def test_words(text: str, expected: str) -> None:
    assert folding.words(text) == expected.split()
