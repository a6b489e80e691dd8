"""Text made safe to print, and cut to a length."""

from __future__ import annotations

import pytest

from hubwatch.text import controls


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("short", 10, "short"),
        ("one two three", 9, "one two…"),
        ("one two, three", 10, "one two…"),
        ("abcdefghij", 5, "abcd…"),
        ("one two", 1, "…"),
    ],
)
def test_shorten_cuts_at_a_word(text: str, limit: int, expected: str) -> None:
    assert controls.shorten(text, limit) == expected


def test_line_ends_of_two_sorts_in_a_row_are_one() -> None:
    assert controls.strip_controls("a\r\x85b") == "a\nb"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a" + "\u0301" * 3000 + "b", "a" + "\u0301" * 8 + "b"),
        ("a" + "\u0301\u200b" * 30, "a" + "\u0301" * 8),
        ("e\u0302\u0301" * 20, "e\u0302\u0301" * 20),
        ("\u05d1\u05bc\u05b0\u0591", "\u05d1\u05bc\u05b0\u0591"),
    ],
    ids=["pile", "pile with what is invisible", "Vietnamese", "Hebrew"],
)
def test_accents_are_not_piled_up_over_other_lines(text: str, expected: str) -> None:
    assert controls.strip_controls(text) == expected
    assert controls.strip_controls(expected) == expected
