"""American and British spelling, in either direction; what is spelled alike stays."""

from __future__ import annotations

import pytest

from hubwatch.text import spellings


@pytest.mark.parametrize(
    ("american", "british"),
    [
        ("aluminum", "aluminium"),
        ("center", "centre"),
        ("fiberglass", "fibreglass"),
        ("fibers", "fibres"),
        ("centered", "centred"),
        ("metering", "metring"),
        ("moldings", "mouldings"),
        ("programs", "programmes"),
        ("colorant", "colourant"),
        ("analyzer", "analyser"),
        ("organized", "organised"),
        ("optimization", "optimisation"),
        ("modeling", "modelling"),
        ("sulfide", "sulphide"),
        ("defense", "defence"),
        ("gage", "gauge"),
    ],
)
def test_both_ways(american: str, british: str) -> None:
    assert spellings.british(american) == british
    assert spellings.american(british) == american
    assert spellings.british(british) == british
    assert spellings.american(american) == american


@pytest.mark.parametrize(
    "word", ["steel", "casting", "titanium", "size", "rise", "robot", "", "ñandú", "6061"]
)
def test_what_is_spelled_alike_stays(word: str) -> None:
    assert spellings.british(word) == spellings.american(word) == word
