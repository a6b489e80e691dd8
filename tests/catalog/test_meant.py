"""Which area is meant by a word that is the name of none."""

from __future__ import annotations

import pytest

from hubwatch import catalog
from hubwatch.catalog.meant import topic_meant, topic_named
from hubwatch.models import Topic

IDS = tuple(catalog.topic_names())


@pytest.mark.parametrize(
    ("word", "topic"),
    [
        ("aluminum", "lightweight"),
        ("Casting", "lightweight"),
        ("3D printing", "additive"),
        ("titan", "lightweight"),
        ("lasers", "photonics"),
        ("graphene", "nanomaterials"),
        ("carbon fiber", "composites"),
        ("gallium nitride", "power-electronics"),
        ("stem  cells", "regenerative"),
        ("chips", "semiconductors"),
        ("lightwieght", "lightweight"),
        ("addative", "additive"),
        ("cyber", "cybersecurity"),
        ("xyzzy", None),
        ("", None),
        ("*", None),
    ],
)
def test_the_area_whose_terms_have_the_word(word: str, topic: str | None) -> None:
    assert topic_meant(word, IDS) == topic


@pytest.mark.parametrize("topic", IDS)
def test_a_name_without_its_last_letter_is_that_area(topic: str) -> None:
    assert topic_meant(topic[:-1], IDS) == topic


def test_terms_of_the_users_own_count_too() -> None:
    own = Topic(id="small-parts", name="Small parts", terms=("thread coating", "xyzzy"))
    assert topic_meant("xyzzy", (*IDS, own.id), (own,)) == "small-parts"
    assert topic_meant("small-part", (*IDS, own.id), (own,)) == "small-parts"


@pytest.mark.parametrize(
    ("word", "topic"),
    [
        ("Composites", "composites"),  # the id, though an own area is called so
        ("MY-composites", "my-composites"),
        ("lightweight METALS", "lightweight"),
        ("Composite", None),
        ("", None),
    ],
)
def test_ids_come_before_names(word: str, topic: str | None) -> None:
    names = {**catalog.topic_names(), "my-composites": "Composites", "unnamed": ""}
    assert topic_named(word, names) == topic
