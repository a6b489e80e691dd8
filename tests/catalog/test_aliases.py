"""Names that mean one organization are brought together; names that several share are not."""

from __future__ import annotations

import pytest

from hubwatch.catalog import aliases


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("NIST", "National Institute of Standards and Technology"),
        ("nist", "National Institute of Standards and Technology"),
        ("national institute of standards & technology", "NIST"),
        ("NAM", "National Association of Manufacturers"),
        ("DOE", "U.S. Department of Energy"),
        ("US Department of Energy", "DOE"),
        ("IACMI - The Composites Institute", "IACMI"),
        ("Lightweight Innovations for Tomorrow", "LIFT"),
        ("The Boeing Company", "Boeing"),
    ],
)
def test_a_name_leads_to_the_others(one: str, other: str) -> None:
    assert other in aliases.others(one)
    assert one not in aliases.others(one)


@pytest.mark.parametrize("name", ["OMA", "AIM", "Nobody in Particular", "", "Arms"])
def test_what_several_or_none_are_called_leads_nowhere(name: str) -> None:
    assert aliases.others(name) == ()


def test_all_names_are_counted_under_one() -> None:
    for name in ("NIST", "National Association of Manufacturers", "U.S. Department of Energy"):
        assert {aliases.printed(other) for other in (name, *aliases.others(name))} == {aliases.printed(name)}
    assert aliases.printed("Arm") == "Arm", "a maker of chips, by its case"
    assert aliases.printed("Some Castings Inc.") == "Some Castings Inc."


def test_spellings_are_counted_under_one_name() -> None:
    printed = aliases.printed
    assert printed("General Electric Aerospace") == printed("GE Aviation") == "GE Aerospace"
    assert printed("Department of Energy") == printed("U.S. Department of Energy")


def test_a_printed_name_is_its_own() -> None:
    for one in {aliases.printed(name) for name in ("NIST", "MEP", "ORNL", "Argonne", "MITRE", "PMA")}:
        assert aliases.printed(one) == one


def test_only_what_has_other_names_is_told() -> None:
    assert set(aliases.others_of(("NAM", "Nobody"))) == {"NAM"}
