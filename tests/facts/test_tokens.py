"""Words and phrases: every spelling of a term is the same term."""

from __future__ import annotations

import pytest

from hubwatch.facts.tokens import PhraseBook, fold, spans, split


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("light-weight", "A lightweight door", True),
        ("light-weight", "A light-weight door", True),
        ("light-weight", "A light weight door", True),
        ("light-weight", "A light. Weight matters", False),
        ("carbon fiber", "Carbon fibres", True),
        ("carbon fiber", "carbon-fiber", True),
        ("carbon fiber", "carbon, fiber", False),
        ("Ti-6Al-4V", "Ti6Al4V powder", True),
        ("Ti-6Al-4V", "Ti 6Al 4V powder", True),
        ("AZ31B", "AZ31B-H24 sheet", True),
        ("CNT", "CNTs in yarn", True),
        ("CNT", "a cnt", False),
        ("AM", "I am here", False),
        ("AM", "the AM facility", True),
        ("=SiC", "SiC wafers", True),
        ("=SiC", "SIC codes", False),
        ("recycl*", "Recyclability of parts", True),
        ("recycl*", "a cycle", False),
        ("anodiz*", "anodised parts", True),
        ("aluminum alloy", "Aluminium alloys", True),
        ("battery", "batteries", True),
        ("robot", "The robot’s arm", True),
    ],
)
def test_a_phrase_is_found_in_all_its_spellings(phrase: str, text: str, found: bool) -> None:
    book = PhraseBook()
    book.add(phrase, 7)
    assert [number for _, _, number in book.find(split(text))] == ([7] if found else [])


def test_places_point_at_the_words_in_the_text() -> None:
    text = "New AA6061 sheet"
    book = PhraseBook()
    book.add("AA6061", 0)
    ((first, end, _),) = book.find(split(text))
    places = spans(text, split(text))
    assert text[places[first][0] : places[end - 1][1]] == "AA6061"


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Alloys", "alloy"),
        ("foundries", "foundry"),
        ("glasses", "glass"),
        ("physics", "physics"),
        ("Optics", "optics"),
    ],
)
def test_plurals_and_capitals_fold(word: str, folded: str) -> None:
    assert fold(word) == folded


def test_one_text_may_hold_phrases_that_share_words() -> None:
    book = PhraseBook()
    for number, phrase in enumerate(["carbon", "carbon nanotube", "nanotube yarn"]):
        book.add(phrase, number)
    assert sorted(number for _, _, number in book.find(split("carbon nanotube yarn"))) == [0, 1, 2]
