"""Kinds by their cues, with the reason in words."""

from __future__ import annotations

import pytest

from hubwatch.catalog import vocabulary
from hubwatch.facts import kind
from hubwatch.facts.kind import KindRules
from hubwatch.models import ITEM_KINDS, KindGroup


@pytest.fixture(scope="module")
def rules() -> KindRules:
    return KindRules(vocabulary.kinds(), vocabulary.load().kind_weights)


@pytest.mark.parametrize(
    ("expected", "title"),
    [
        ("call", "Request for proposals: joining of dissimilar metals"),
        ("call", "Agency announces funding opportunity for casting research"),
        ("call", "Nominations open for Manufacturer of the Year"),
        ("award", "Institute awards $4 million to six projects"),
        ("award", "Small firm wins Navy contract for printed valves"),
        ("people", "Institute appoints new executive director"),
        ("people", "Association founder dies at 88"),
        ("facility", "Extruder breaks ground on new plant in Ohio"),
        ("facility", "College opens welding lab with ribbon cutting"),
        ("event", "Webinar: register for the casting workshop"),
        ("event", "Annual conference to be held in Detroit in May"),
        ("workforce", "Apprenticeship program trains machinists"),
        ("workforce", "Summer camp teaches high school students to weld"),
        ("policy", "Senate passes bill on research tax credit"),
        ("policy", "Manufacturers urge Congress to end steel tariffs"),
        ("membership", "Foundry joins institute as member"),
        ("membership", "Two firms sign memorandum of understanding on recycling"),
        ("research", "Researchers develop stronger magnesium alloy"),
        ("other", "Interview: how the institute sees its next five years"),
    ],
)
def test_plain_titles_are_filed_right_without_a_summary(rules: KindRules, title: str, expected: str) -> None:
    found, reason = kind.decide(title, "", rules)
    assert found == expected
    assert reason is not None
    assert " in the title" in reason


def test_a_reason_quotes_the_words_as_written(rules: KindRules) -> None:
    _, reason = kind.decide("Firm Signs Agreement", "", rules)
    assert reason == "'Signs Agreement' in the title"


def test_without_a_vocabulary_everything_is_other() -> None:
    assert kind.decide("Call for proposals", "", KindRules((), {})) == ("other", None)


def test_equal_sums_are_settled_by_the_order_of_precedence() -> None:
    group = KindGroup(name="g", kind="call", cues=("open",))
    even = KindRules((group,), {"t~g": (1.0,) * len(kind.ORDER)})
    assert kind.decide("Open", "", even)[0] == kind.ORDER[0]


def test_every_kind_has_its_place_and_its_cues() -> None:
    assert sorted(kind.ORDER) == sorted(ITEM_KINDS)
    assert {group.kind for group in vocabulary.kinds()} == set(ITEM_KINDS)


def test_the_same_item_has_the_same_kind_each_time(rules: KindRules) -> None:
    again = KindRules(vocabulary.kinds(), vocabulary.load().kind_weights)
    text = "The consortium will fund nine projects, and a webinar follows."
    assert kind.decide("Projects chosen", text, rules) == kind.decide("Projects chosen", text, again)
