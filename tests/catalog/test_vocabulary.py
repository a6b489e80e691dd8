"""The vocabulary: whole, in step with its readable source, and open to the user's words."""

from __future__ import annotations

from pathlib import Path

import pytest

from hubwatch.catalog import COMPILED, vocabulary
from hubwatch.catalog import compile as catalog_compile
from hubwatch.facts.tokens import PhraseBook, split
from hubwatch.models import Topic

AREAS = [
    "lightweight",
    "additive",
    "nanomaterials",
    "composites",
    "power-electronics",
    "photonics",
    "flexible-electronics",
    "textiles",
    "robotics",
    "biomanufacturing",
    "regenerative",
    "digital",
    "cybersecurity",
    "semiconductors",
    "clean-process",
    "circular",
    "coatings",
]


@pytest.mark.parametrize("path", sorted(catalog_compile.FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_compiled_data_is_in_step(path: Path) -> None:
    compiled = COMPILED / f"{path.stem}.json"
    assert compiled.read_text(encoding="utf-8") == catalog_compile.compile_text(path), (
        "run python -m hubwatch.catalog.compile"
    )


def test_the_tables_for_tagging_are_in_step() -> None:
    compiled = COMPILED / "tagging.json"
    assert compiled.read_text(encoding="utf-8") == catalog_compile.tagging_text(), (
        "run python -m hubwatch.catalog.compile"
    )


def test_all_areas_are_there_in_order() -> None:
    assert [topic.id for topic in vocabulary.topics()] == AREAS


@pytest.mark.parametrize("topic", vocabulary.topics(), ids=lambda topic: topic.id)
def test_every_area_is_named_described_and_rich_in_words(topic: Topic) -> None:
    assert topic.name
    assert topic.description.endswith(".")
    assert len(topic.terms) >= (300 if topic.id in AREAS[:3] else 60)
    assert topic.weak
    assert topic.cancels
    assert set(topic.yields_to) <= set(AREAS)


def test_every_term_finds_itself() -> None:
    """What is written as it would stand in a text (no `=`, no `*`) is found there, whatever its marks."""
    topics = vocabulary.topics()
    terms = [t for topic in topics for t in (*topic.terms, *topic.names, *topic.weak, *topic.cancels)]
    parts = {part for term in terms for part in _bare(term).split(" & ") if not set("=*") & set(part)}
    book = PhraseBook()
    numbers = {part: number for number, part in enumerate(sorted(parts))}
    for part, number in numbers.items():
        book.add(part, number)
    found = {part: {number for _, _, number in book.find(split(part))} for part in numbers}
    assert [part for part, number in numbers.items() if number not in found[part]] == []


def test_no_two_terms_ran_together() -> None:
    terms = [term for topic in vocabulary.topics() for term in (*topic.terms, *topic.cancels)]
    assert [term for term in terms if "anywhere:" in _bare(term) or "title:" in _bare(term)] == []


def _bare(term: str) -> str:
    return term.removeprefix("anywhere:").removeprefix("title:")


@pytest.mark.parametrize("topic", vocabulary.topics(), ids=lambda topic: topic.id)
def test_no_word_is_both_given_and_cancelled(topic: Topic) -> None:
    words = {*topic.terms, *topic.names, *topic.weak, *topic.context}
    assert sorted(words & set(topic.cancels)) == []


def test_own_topics_are_added_after_the_built_in_ones() -> None:
    own = Topic(id="small-parts", name="Small parts", terms=("thread coating",))
    merged = vocabulary.load([own]).topics
    assert merged[-1] == own
    assert len(merged) == len(AREAS) + 1


def test_own_terms_are_no_longer_among_what_cancels() -> None:
    own = Topic(id="additive", name="", terms=("Sintered gears", "AM radio"), cancels=("food additive",))
    (merged,) = (topic for topic in vocabulary.load([own]).topics if topic.id == "additive")
    (plain,) = (topic for topic in vocabulary.topics() if topic.id == "additive")
    assert set(plain.cancels) - set(merged.cancels) == {"sintered gear*", "AM radio", "anywhere:AM radio"}
    assert "food additive" in merged.cancels


def test_own_words_extend_a_built_in_area() -> None:
    own = Topic(id="coatings", name="", terms=("thread coating",), weak=("adhesion test",))
    merged = {topic.id: topic for topic in vocabulary.load([own]).topics}["coatings"]
    plain = {topic.id: topic for topic in vocabulary.topics()}["coatings"]
    assert merged.name == plain.name
    assert merged.terms == (*plain.terms, "thread coating")
    assert merged.weak == (*plain.weak, "adhesion test")
