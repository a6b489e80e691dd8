"""The nearest valid word: typing errors, spelling, beginnings."""

from __future__ import annotations

import pytest

from hubwatch.text.nearest import nearest

TOPICS = ("lightweight", "additive", "power-electronics", "semiconductors", "OH")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("lightwieght", "lightweight"),
        ("Lightweight", "lightweight"),
        ("power_electronics", "power-electronics"),
        ("semi", "semiconductors"),
        ("oh", "OH"),
        ("zebra", None),
        ("", None),
    ],
)
def test_the_nearest_word_is_found(name: str, meant: str | None) -> None:
    assert nearest(name, TOPICS) == meant
