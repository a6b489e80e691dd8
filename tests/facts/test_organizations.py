"""Organizations as written in a text: known ones, and others by form and company."""

from __future__ import annotations

import time

import pytest

from hubwatch.catalog import vocabulary
from hubwatch.facts import organizations
from hubwatch.facts.names import fold_name, without_short_forms
from hubwatch.facts.organization_rules import OrganizationRules


@pytest.fixture(scope="module")
def rules() -> OrganizationRules:
    words = vocabulary.load()
    return OrganizationRules(words.organizations, words.organization_words, words.organization_weights)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "The work is led by Northfield Castings, Inc. in Ohio.", {"Northfield Castings, Inc."}, id="legal"
        ),
        pytest.param(
            "The webinar showed work of Caterpillar, Johnson Matthey and GE Appliances.",
            {"Caterpillar", "Johnson Matthey", "GE Appliances"},
            id="known-makers",
        ),
        pytest.param(
            "Boeing and Lockheed Martin support the project.", {"Boeing", "Lockheed Martin"}, id="pair"
        ),
        pytest.param(
            "A grant from the National Institute of Standards and Technology pays for it.",
            {"National Institute of Standards and Technology"},
            id="and-within-a-name",
        ),
        pytest.param(
            "It works with Purdue University, Alcoa and the U.S. Department of Energy.",
            {"Purdue University", "Alcoa", "U.S. Department of Energy"},
            id="list",
        ),
        pytest.param(
            "IACMI-led work at the University of Dayton", {"IACMI", "University of Dayton"}, id="led"
        ),
        pytest.param("General Motors' laboratory has a new alloy.", {"General Motors"}, id="possessive"),
        pytest.param("The plant in Akron, Ohio, opens in May.", set(), id="places-and-months"),
        pytest.param("Parts are joined by friction stir welding.", set(), id="no-capitals"),
        pytest.param(
            "Detroit, Michigan - Boeing Company wins.", {"Boeing Company"}, id="dateline with hyphen"
        ),
        pytest.param("YOUNGSTOWN, Ohio -- Three teams win.", set(), id="dateline with two"),
        pytest.param("Modules come from Marcy, New York.", set(), id="a town before its state"),
        pytest.param("A start-up from Palo Alto builds it.", set(), id="a town of two words"),
        pytest.param(
            "It goes to Rock Island Arsenal, Oak Ridge National Laboratory and two others.",
            {"Rock Island Arsenal", "Oak Ridge National Laboratory"},
            id="before a name that a town begins",
        ),
        pytest.param(
            "The Arizona Building and Construction Trades Council signed.",
            {"Arizona Building and Construction Trades Council"},
            id="and within a name that a state opens",
        ),
        pytest.param("Both Co. and LLC expand, and so does the Ltd.", set(), id="legal forms alone"),
    ],
)
def test_names_in_a_summary(rules: OrganizationRules, text: str, expected: set[str]) -> None:
    assert set(organizations.find("News", text, rules)) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        pytest.param(
            "LIFT Kicks Off Next Phases of Hypersonic Materials Work", {"LIFT"}, id="a field and its work"
        ),
        pytest.param("Notes on Titanium Castings for New Members", set(), id="a product"),
        pytest.param("PowerAmerica Funds Tests of GaN Devices", {"PowerAmerica"}, id="a product of jargon"),
        pytest.param(
            "LIFT Partners With Sinclair Community College for CNC Training",
            {"LIFT", "Sinclair Community College"},
            id="what a known one is there for",
        ),
        pytest.param(
            "Northfield Castings Opens Lab at Purdue University",
            {"Northfield Castings", "Purdue University"},
            id="an unknown one that acts",
        ),
        pytest.param("Every Co. raises $55 million", set(), id="a legal form alone"),
    ],
)
def test_names_where_all_words_have_capitals(
    rules: OrganizationRules, title: str, expected: set[str]
) -> None:
    assert set(organizations.find(title, "", rules)) == expected


def test_a_name_is_given_once_as_first_written(rules: OrganizationRules) -> None:
    found = organizations.find("Boeing opens lab", "The Boeing lab will print parts, says Boeing.", rules)
    assert found == ("Boeing",)


@pytest.mark.parametrize(
    ("title", "summary", "expected"),
    [
        ("DOE picks ten teams", "The U.S. Department of Energy pays.", ("U.S. Department of Energy",)),
        ("SkyWater grows", "SkyWater Technology adds a hall in Bloomington.", ("SkyWater Technology",)),
        ("Boeing joins LIFT", "Boeing and GE Aerospace print parts.", ("Boeing", "LIFT", "GE Aerospace")),
    ],
)
def test_an_organization_is_named_once_and_in_full(
    rules: OrganizationRules, title: str, summary: str, expected: tuple[str, ...]
) -> None:
    assert organizations.find(title, summary, rules) == expected


@pytest.mark.parametrize(
    ("short", "name", "is_short"),
    [
        ("NIST", "National Institute of Standards and Technology", True),
        ("DOD", "US Department of Defense", True),
        ("Navy", "U.S. Navy", True),
        ("Ohio State", "The Ohio State University", True),
        ("Novelis", "Novelis China", False),
        ("NAM", "National Association for Surface Finishing", False),
        ("MIT", "Massachusetts Institute of Technology", True),
        ("GE", "Ge Hitachi Nuclear", False),
    ],
)
def test_initials_and_shorter_forms_are_known(short: str, name: str, is_short: bool) -> None:
    kept = without_short_forms({fold_name(short): short, fold_name(name): name})
    assert kept == ((name,) if is_short else (short, name))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Ohio State University", "Ohio State University"),
        ("Ford Motor Co.", "Ford Motor"),
        ("Dow Chemical Company", "DOW CHEMICAL"),
        ("Smith & Nephew", "Smith and Nephew"),
    ],
)
def test_the_article_and_legal_endings_do_not_tell_names_apart(one: str, other: str) -> None:
    assert organizations.fold_name(one) == organizations.fold_name(other)


def test_at_most_twelve_are_named(rules: OrganizationRules) -> None:
    many = ", ".join(f"{letter}ortham Castings, Inc." for letter in "BCDFGHJKLMNPQRST")
    assert len(organizations.find("Members", f"New are {many}.", rules)) <= 12


def test_names_that_overlap_are_parted_in_no_time_however_many(rules: OrganizationRules) -> None:
    start = time.process_time()
    organizations.find("Members", "Hortham Castings, Inc., " * 6000, rules)
    assert time.process_time() - start < 1.2  # each compared with each takes 3 s


@pytest.mark.parametrize(
    "title",
    [
        "LIFT Announces Project Call on Aluminum Casting of Thin-Wall Structures",
        "LIFT Announces Project Call on High-Strength Low-Alloy Steel",
        "LIFT Takes Up Gold Plating",
        "LIFT Studies Solid State Welding and Alloy Powders",
        "LIFT Looks at Thin-Film Battery Cost",
        "High-Strength Aluminum Extrusions at LIFT: A Buyer's Guide",
    ],
)
def test_technical_words_with_capitals_of_a_headline_are_no_name(
    title: str, rules: OrganizationRules
) -> None:
    assert organizations.find(title, "", rules) == ("LIFT",)


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("Verdane Power Ships First Inverter to Honda", ("Verdane Power", "Honda")),
        ("Hollander Forge Orders Second Ring Mill", ("Hollander Forge",)),
        ("Mid-State Technical College Adds Weld Lab", ("Mid-State Technical College",)),
    ],
)
def test_names_that_end_as_technical_words_do_are_found_in_headlines(
    title: str, names: tuple[str, ...], rules: OrganizationRules
) -> None:
    assert organizations.find(title, "", rules) == names
