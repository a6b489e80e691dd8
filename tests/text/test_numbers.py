"""Numbers with the noun they count."""

from __future__ import annotations

import pytest

from hubwatch.text.numbers import counted


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 items"), (1, "1 item"), (2, "2 items"), (1200, "1,200 items")]
)
def test_the_noun_goes_with_the_number(number: int, said: str) -> None:
    assert counted(number, "item") == said
