"""Words and phrases: every spelling of a term is the same term."""

from __future__ import annotations

import pytest

from hubwatch.facts.tokens import PhraseBook, Words, fold, is_findable, split


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
        ("U.S. Steel", "At U.S. Steel today", True),
        ("U.S. Steel", "US Steel", False),
        ("St. Louis Arch", "St. Louis Arch", True),
        ("St. Louis Arch", "The St Louis Arch", True),
        ("Nd:YAG laser", "Nd:YAG lasers", True),
        ("1,000 psi", "at 1,000 psi", True),
        ("Cr(VI)", "Cr(VI) plating", True),
        ("Acme, Inc. valve*", "Acme, Inc. valves", True),
        ("A. Schulman", "A. Schulman", True),
        ("A. Schulman", "This is a. Then", False),
        ("rust;free", "rust free", True),
        ("CO₂ capture", "CO₂ capture", True),
        ("CO2 capture", "CO₂ capture", True),
    ],
)
def test_a_phrase_is_found_in_all_its_spellings(phrase: str, text: str, found: bool) -> None:
    book = PhraseBook()
    book.add(phrase, 7)
    assert [number for _, _, number in book.find(split(text))] == ([7] if found else [])


@pytest.mark.parametrize(
    ("phrase", "findable"),
    [
        ("carbon fiber", True),
        ("light-weight", True),
        ("Ti-6Al-4V", True),
        ("recycl*", True),
        ("3D-print*", True),
        ("CNT", True),
        ("=SiC", True),
        ("Cr(VI)", True),
        ("R&D", True),
        ("St. Louis", True),
        ("rust;free", True),
        ("W/m²", True),
        ("μm", True),
        ("Привет", True),
        ("", False),
        ("!!", False),
        ("=SiC*", False),
        ("alumin*m", False),
        ("炭素繊維", False),
        ("3D 炭素", False),
    ],
)
def test_a_phrase_that_can_be_found_is_told_from_one_that_cannot(phrase: str, findable: bool) -> None:
    assert is_findable(phrase) is findable


def test_words_are_given_back_as_they_stand_in_the_text() -> None:
    text = Words("New AA6061-T6 sheet, “as sold”")
    book = PhraseBook()
    book.add("AA6061", 0)
    ((first, end, _),) = book.find(text.words)
    assert text.words == split("New AA6061-T6 sheet, “as sold”")
    assert text.said(first, end) == "AA6061"
    assert text.said(first, end + 2) == "AA6061-T6"
    assert text.place(first, end + 2) == (4, 13)


@pytest.mark.parametrize(
    ("phrase", "text", "said"),
    [
        ("Cr(VI)", "free of Cr(VI), at last", "Cr(VI)"),
        ("Cr(VI)", "(free of Cr(VI))", "Cr(VI)"),
        ("Cr(VI)", "free of Cr VI (and lead)", "Cr VI"),
        ("poly[lactide]", "of poly[lactide]", "poly[lactide]"),
        ("chrome plating", "(chrome plating) is over", "chrome plating"),
        ("chrome (hard) plating", "with chrome (hard) plating) on", "chrome (hard) plating"),
    ],
)
def test_a_bracket_within_a_phrase_is_given_back_whole(phrase: str, text: str, said: str) -> None:
    book = PhraseBook()
    book.add(phrase, 0)
    words = Words(text)
    ((first, end, _),) = book.find(words.words)
    assert words.said(first, end) == said


def test_a_book_of_some_phrases_finds_only_these() -> None:
    book = PhraseBook()
    for number, phrase in enumerate(["carbon", "carbon nanotube", "nano*"]):
        book.add(phrase, number)
    words = split("Carbon nanotubes")
    assert [number for _, _, number in book.only({1}.__contains__).find(words)] == [1]
    assert [number for _, _, number in book.find(words)] == [0, 1, 2]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("out of the box thinking", [(0, 2, 1), (0, 4, 0)]),
        ("All out of the box", [(1, 3, 1), (1, 5, 0)]),
        ("of the box", []),
        ("out, of the box", []),
        ("to the box and out of", [(4, 6, 1)]),
        ("out of the out of the boxes", [(0, 2, 1), (3, 5, 1), (3, 7, 0)]),
    ],
)
def test_phrases_may_begin_with_words_that_every_text_is_full_of(
    text: str, found: list[tuple[int, int, int]]
) -> None:
    book = PhraseBook()
    for number, phrase in enumerate(["out of the box", "out of"]):
        book.add(phrase, number)
    assert book.find(split(text)) == found
    assert PhraseBook(book.tables()).find(split(text)) == found


def test_phrases_entered_after_a_search_are_found_too() -> None:
    book = PhraseBook()
    book.add("carbon nanotube", 0)
    assert book.find(split("carbon fiber")) == []
    book.add("carbon fiber", 1)
    assert book.find(split("carbon fiber")) == [(0, 2, 1)]


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
    assert [number for _, _, number in book.find(split("carbon nanotube yarn"))] == [0, 1, 2]
