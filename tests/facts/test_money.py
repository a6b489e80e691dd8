"""Sums that an item is about, and sums that only stand in its text."""

from __future__ import annotations

import time

import pytest

from hubwatch.facts import money


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("The $11.75 million award", 11_750_000, id="million"),
        pytest.param("worth USD 6M to the lab", 6_000_000, id="usd-before"),
        pytest.param("gets $560K for tooling", 560_000, id="k"),
        pytest.param("up to $1.2M each", 1_200_000, id="up-to-each"),
        pytest.param("a $1.5-billion fab", 1_500_000_000, id="hyphen"),
        pytest.param("a prize of $2,500", 2_500, id="thousands-mark"),
        pytest.param("grants of $5 to $10 million", 10_000_000, id="range-shares-unit"),
        pytest.param("grants of $5-10 million", 10_000_000, id="range-shares-sign"),
        pytest.param("awards of $500-750K", 750_000, id="range-shares-sign-and-unit"),
        pytest.param("up to $3,2 million", 3_200_000, id="decimal-comma"),
        pytest.param("The model built on a $30 million grant pays.", None, id="founding-grant"),
        pytest.param("The steel market reaches $1.4 trillion by 2030.", None, id="market"),
        pytest.param("US$70 million from DOE", 70_000_000, id="us-dollar-sign"),
        pytest.param("the state gives 40 million dollars", 40_000_000, id="words"),
        pytest.param("gets $85 Mln from DOE", 85_000_000, id="mln"),
        pytest.param("a loan of $1.2 bln", 1_200_000_000, id="bln"),
        pytest.param("$20+ million for labs", 20_000_000, id="plus-sign"),
        pytest.param("a $20-plus million gift", 20_000_000, id="plus-word"),
        pytest.param("wins USD85m", 85_000_000, id="usd-without-space"),
        pytest.param("5 million USD for labs", 5_000_000, id="usd-after"),
        pytest.param("a 3.5-million-dollar grant", 3_500_000, id="compound"),
        pytest.param("a half-million-dollar contract", 500_000, id="half-million"),
        pytest.param("Two million dollars go to shops", 2_000_000, id="number-word"),
        pytest.param("a multi-million dollar grant", None, id="multi-million"),
        pytest.param("one-and-a-half million dollars", None, id="word-that-is-not-read"),
        pytest.param("part of the $3 billion statewide industry", None, id="statewide-industry"),
        pytest.param("Rust costs upward of $276 billion a year.", None, id="yearly-cost"),
        pytest.param("The audits save $80,000 a year.", None, id="yearly-saving"),
        pytest.param("$7bn for seven hubs", 7_000_000_000, id="bn"),
        pytest.param("$800,000 a year for ten years", 800_000, id="a-year-is-no-price"),
        pytest.param("A$4 million from Canberra", None, id="australian"),
        pytest.param("C$9 million from Ottawa", None, id="canadian"),
        pytest.param("€12 million and £3 million", None, id="other-signs"),
        pytest.param("$20 million Canadian", None, id="canadian-after"),
        pytest.param("Tickets are $55 to $145.", None, id="tickets"),
        pytest.param("Registration is $395 for members.", None, id="registration"),
        pytest.param("Titanium at $20 per pound", None, id="price-per-pound"),
        pytest.param("a price of $12/lb", None, id="price-slash"),
        pytest.param("It has $800 million in sales.", None, id="sales"),
        pytest.param("annual revenue of about $3 billion", None, id="revenue"),
        pytest.param("Welders start at $28 an hour.", None, id="wage"),
        pytest.param("the $9 billion industry", None, id="market"),
        pytest.param("So far it has put $90 million in over 60 projects.", None, id="earlier-rounds"),
        pytest.param("No sums here.", None, id="none"),
    ],
)
def test_sum_in_a_summary(text: str, expected: float | None) -> None:
    assert money.find("News of the week", text) == expected


def test_the_largest_of_several_counts() -> None:
    assert money.find("", "DoD gives $80 million and partners more than $173 million.") == 173_000_000


def test_a_title_names_the_sum_of_its_news() -> None:
    assert money.find("Lab wins $5 million", "One of 12 awards worth $300 million in all.") == 5_000_000


def test_matching_money_counts_beside_the_sum_of_the_title() -> None:
    assert money.find("Up to $35 million", "Matched for a total of up to $70 million.") == 70_000_000


def test_of_a_call_the_whole_pot_counts() -> None:
    text = "Up to $25,000 each out of $3 million from the state."
    assert money.find("New grants", text, kind="call") == 3_000_000


@pytest.mark.parametrize("kind", ["event", "people"])
def test_meetings_and_people_are_about_money_only_in_the_title(kind: str) -> None:
    assert money.find("Plant tour", "They saw the $25 million hall.", kind=kind) is None


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        ("Four teams share $4.8 million, with $5.2 million in industry cost share.", 4_800_000),
        ("The awards are matched by $6 million from industry.", 4_800_000),
        ("With a match from industry the total comes to $10 million.", 10_000_000),
        ("A total of $14 million with matching funds from industry.", 14_000_000),
    ],
)
def test_what_others_add_is_not_the_sum_that_the_title_names(summary: str, expected: float) -> None:
    assert money.find("LIFT awards $4.8 million", summary, kind="award") == expected


@pytest.mark.parametrize(
    ("title", "summary", "kind", "expected"),
    [
        ("Powder market to hit $50 billion by 2030", "Growth is near 20 percent.", "research", None),
        ("Powder sales", "The market will be worth $3.1 billion by 2030.", "research", None),
        ("Team funded", "It asked for $9 million and got $6 million.", "award", 6_000_000),
        ("Call", "Members may ask for up to $750K.", "call", 750_000),
        ("Loans", "Firms with revenue under $10 million may borrow up to $2 million.", "call", 2_000_000),
    ],
)
def test_a_sum_counts_by_what_stands_before_it(
    title: str, summary: str, kind: str, expected: float | None
) -> None:
    assert money.find(title, summary, kind=kind) == expected


def test_a_sentence_of_many_sums_is_looked_through_once() -> None:
    start = time.process_time()
    money.find("A table", "$1 " * 4000)
    assert time.process_time() - start < 0.7  # a search for each sum takes 2 s


@pytest.mark.parametrize("number", ["9" * 320, "1" + ",000" * 110])
def test_a_number_beyond_all_bounds_is_no_sum(number: str) -> None:
    assert money.find(f"LIFT awards ${number} for titanium", "", kind="award") is None
    assert money.find(f"LIFT awards ${number} billion, of it $5 million for titanium", "") == 5_000_000
