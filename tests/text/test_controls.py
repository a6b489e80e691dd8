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
