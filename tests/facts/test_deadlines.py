"""The last day to apply, and the dates that only look like it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from hubwatch import facts
from hubwatch.facts import deadlines
from hubwatch.models import Item, Vocabulary
from hubwatch.normalize import LONG_AGO

PUBLISHED = date(2025, 11, 20)
SEEN = datetime(2025, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Proposals are due by 5 p.m. ET on January 15.", date(2026, 1, 15), id="next-year"),
        pytest.param("Apply by Dec. 5.", date(2025, 12, 5), id="apply-by"),
        pytest.param("The call closes March 3, 2026.", date(2026, 3, 3), id="closes"),
        pytest.param("Deadline: 2026-02-14", date(2026, 2, 14), id="iso"),
        pytest.param("Deadline: 2/14/26", date(2026, 2, 14), id="slashes"),
        pytest.param("Entries are accepted through Jan. 31.", date(2026, 1, 31), id="through"),
        pytest.param("Submissions accepted until 30 January 2026", date(2026, 1, 30), id="day-first"),
        pytest.param("Nominate a peer by Friday, January 9th.", date(2026, 1, 9), id="weekday-and-ordinal"),
        pytest.param(
            "Letters of intent are due December 12 and full proposals February 27.",
            date(2025, 12, 12),
            id="first-gate",
        ),
        pytest.param(
            "Concept papers must be submitted no later than 11:59 p.m. Eastern on Dec. 19, 2025.",
            date(2025, 12, 19),
            id="no-later-than",
        ),
        pytest.param("Registration ends May 4 for the June 2 workshop.", date(2026, 5, 4), id="registration"),
        pytest.param("January 23 is the deadline for abstracts.", date(2026, 1, 23), id="deadline-after"),
        pytest.param("Due date extended to January 31, 2026.", date(2026, 1, 31), id="extended"),
        pytest.param("The submission date was moved to Jan. 31.", date(2026, 1, 31), id="moved"),
        pytest.param(
            "The deadline has been extended from January 15, 2026 to January 31, 2026.",
            date(2026, 1, 31),
            id="extended-from",
        ),
        pytest.param("The agreement was extended to January 31, 2026.", None, id="agreement-extended"),
        pytest.param("Comments on the draft rule are due January 15.", None, id="comment-period"),
        pytest.param("Suppliers have until December 31, 2026 to comply.", None, id="compliance"),
        pytest.param("The summit is on May 3 in Detroit.", None, id="event-date"),
        pytest.param("The plant is due on stream by June 1.", None, id="plant"),
        pytest.param("49 proposals came in by May 22.", None, id="over"),
        pytest.param("Apply by the end of the year.", None, id="no-day"),
    ],
)
def test_deadline_of_a_text(text: str, expected: date | None) -> None:
    assert deadlines.find("Notice", text, published=PUBLISHED) == expected


def test_a_day_without_a_year_needs_one_from_somewhere() -> None:
    assert deadlines.find("Project call", "Proposals are due June 20.") is None
    assert deadlines.find("2025 Project Call", "Proposals are due June 20.") == date(2025, 6, 20)


def test_days_of_one_call_share_their_year() -> None:
    text = "It opens January 11, 2027 and closes March 9."
    assert deadlines.find("Solicitation", text) == date(2027, 3, 9)


def test_a_gate_that_is_over_gives_way_to_the_next() -> None:
    text = "Letters were due October 1, 2025; full proposals are due January 8, 2026."
    assert deadlines.find("Call", text, published=PUBLISHED) == date(2026, 1, 8)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Entries are taken until June 13, 2022.", date(2022, 6, 13), id="until"),
        pytest.param("Full proposals by November 15, 2006.", date(2006, 11, 15), id="by"),
        pytest.param("The deadline was 2/14/25.", date(2025, 2, 14), id="slashes"),
        pytest.param("Proposals were due November 21, 2025.", date(2025, 11, 21), id="were-due"),
        pytest.param(
            "Letters due May 2, 2024, proposals due June 9, 2024.", date(2024, 5, 2), id="first-gate"
        ),
        pytest.param(
            "Letters due May 2, 2024, proposals due March 1.", date(2026, 3, 1), id="open-one-first"
        ),
    ],
)
def test_a_stated_year_stands_for_a_call_that_is_over(text: str, expected: date) -> None:
    assert deadlines.find("Call for entries", text, published=PUBLISHED, kind="call") == expected


def test_a_day_that_is_over_is_nothing_where_one_cannot_take_part() -> None:
    text = "Ten proposals were due by May 2, 2024."
    assert deadlines.find("Winners named", text, published=PUBLISHED, kind="award") is None


@pytest.mark.parametrize(
    "text",
    [
        "The transaction is expected to close on or before January 15, 2026.",
        "The office will close December 24, 2025.",
        "Hydro is to close its extrusion plant by March 31, 2026. 160 jobs end.",
        "The mill closes December 15, 2025.",
        "A bolt of 1/2 inch is due for a change, and 3/4 of all shops wait.",
    ],
)
@pytest.mark.parametrize("kind", ["facility", "other", None])
def test_what_closes_is_no_call_by_that(text: str, kind: str | None) -> None:
    assert deadlines.find("News of the week", text, published=PUBLISHED, kind=kind) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Proposals are due 2025/12/20.", date(2025, 12, 20)),
        ("Proposals are due by 20-Dec-2025.", date(2025, 12, 20)),
        ("Concept papers are due 12/7, full proposals 2/22/2026.", date(2025, 12, 7)),
        ("Nominate somebody by 1/15.", date(2026, 1, 15)),
        ("Shops that can make motors are asked to reply by 12/4/2025.", date(2025, 12, 4)),
        ("The call closes December 15, 2025.", date(2025, 12, 15)),
    ],
)
def test_more_forms_of_days(text: str, expected: date) -> None:
    assert deadlines.find("News", text, published=PUBLISHED) == expected


def test_the_end_of_a_span_is_the_deadline_of_a_call() -> None:
    text = "Applications are taken from March 9 to May 15, 2026."
    assert deadlines.find("SBIR", text, kind="call") == date(2026, 5, 15)


def test_a_body_is_read_where_the_summary_names_no_day() -> None:
    body = "Long text. Applications must be received by February 2, 2026. More."
    assert deadlines.find("Grants open", "Apply now.", body, published=PUBLISHED) == date(2026, 2, 2)


def test_what_was_due_says_nothing_where_nobody_is_called() -> None:
    text = "The report on the tariffs was due November 21, 2025."
    assert deadlines.find("A report is late", text, published=date(2025, 11, 24), kind="policy") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("deadline Jan 8", date(2026, 1, 8), id="soon"),
        pytest.param("due October 30", date(2025, 10, 30), id="lately"),
        pytest.param("due May 1", date(2026, 5, 1), id="next year"),
        pytest.param("due Jan 8. Posted in 2024", date(2024, 1, 8), id="the text says the year"),
        pytest.param("due February 29", None, id="no such day"),
    ],
)
def test_what_is_undated_has_its_year_by_when_it_was_seen(text: str, expected: date | None) -> None:
    assert deadlines.find("Request for proposals", text, seen=date(2025, 11, 22), kind="call") == expected
    years = "2024" in text
    assert (deadlines.find("Request for proposals", text, kind="call") is None) is not years


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        pytest.param({"effective": LONG_AGO}, None, id="old when it arrived"),
        pytest.param({}, date(2026, 1, 8), id="new in its list"),
        pytest.param(
            {"effective": LONG_AGO, "what": "project-calls"}, date(2026, 1, 8), id="a list of calls"
        ),
        pytest.param({"published": SEEN - timedelta(days=400)}, date(2025, 1, 8), id="dated"),
    ],
)
def test_the_arrival_counts_where_what_is_undated_was_current_then(how: Any, expected: date | None) -> None:
    usual = {"effective": SEEN, **how}
    call = Item(id="a", source="s", title="RFP: deadline Jan 8", first_seen=SEEN, updated=SEEN, **usual)
    assert facts.tag(call, facts.compile_rules(Vocabulary())).deadline == expected


@pytest.mark.parametrize("text", ["Due February 31, 2026", "Deadline: 13/45/2026", "due May 0"])
def test_days_that_do_not_exist_are_none(text: str) -> None:
    assert deadlines.find("Call for proposals", text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Questions are due March 20. Proposals are due April 30, 2025.", date(2025, 4, 30)),
        ("Entries were due December 20; winners come in May.", None),
        ("Hotel rooms at the group rate must be booked by April 20.", None),
        ("Apply by 15.4.2025.", date(2025, 4, 15)),
        ("Version 3.12.4 of the form is due by 2025-04-15.", date(2025, 4, 15)),
    ],
)
def test_of_the_days_of_a_call_the_one_to_apply_by_counts(text: str, expected: date | None) -> None:
    assert deadlines.find("Call", text, published=date(2025, 1, 2), kind="call") == expected
