"""The same announcement from several sources: measured on pairs, and what holds for all."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hubwatch import likeness, stories
from hubwatch.models import Item

PAIRS = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "story_pairs.jsonl").read_text("utf-8").splitlines()
]
SEEN = datetime(2026, 1, 1, tzinfo=UTC)


def item(raw: dict[str, Any], item_id: str) -> Item:
    published = datetime.fromisoformat(raw["published"]).replace(tzinfo=UTC) if raw["published"] else None
    return Item(
        id=item_id,
        source=raw["source"],
        title=raw["title"],
        url=raw["url"],
        summary=raw["summary"],
        content=raw.get("content", ""),
        published=published,
        first_seen=published or SEEN,
        updated=SEEN,
        effective=published or SEEN,
    )


def is_found(pair: dict[str, Any]) -> bool:
    """Whether keys and comparison together, as at the arrival of the second item, see one story."""
    a, b = item(pair["a"], "a"), item(pair["b"], "b")
    if a.published and not b.published:
        # What has no date is seen when it appears.
        b = replace(b, first_seen=a.published + timedelta(days=1))
    return all(
        assigned([later], [replace(first, story=first.id)])[later.id] == first.id
        for first, later in ((a, b), (b, a))
    )


def measure(pairs: list[dict[str, Any]]) -> tuple[float, float, list[str]]:
    hits = sum(is_found(pair) for pair in pairs if pair["same"])
    wrong = [f"{pair['id']} ({pair['how']})" for pair in pairs if is_found(pair) != pair["same"]]
    false = sum(is_found(pair) for pair in pairs if not pair["same"])
    return hits / max(hits + false, 1), hits / sum(pair["same"] for pair in pairs), wrong


def test_precision_and_recall_on_the_pairs(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print()
        for name, unseen in (("tuned on", False), ("set aside", True)):
            part = [pair for pair in PAIRS if pair["unseen"] is unseen]
            precision, recall, _ = measure(part)
            print(f"stories, {name:9}: {len(part):3} pairs, precision {precision:.3f}, recall {recall:.3f}")
    precision, recall, wrong = measure(PAIRS)
    assert len(PAIRS) >= 150
    assert precision >= 0.99, wrong
    assert recall >= 0.90, wrong


BODY = (
    "The institute asks its members for proposals on thin-wall aluminum castings for ground vehicles. "
    "Up to $1.2 million is available for two projects of 18 months each."
)


def make(
    title: str,
    item_id: str,
    source: str = "lift",
    day: int = 3,
    summary: str = BODY,
    story: str | None = None,
) -> Item:
    raw = {
        "source": source,
        "title": title,
        "url": None,
        "summary": summary,
        "published": f"2025-11-{day:02}",
    }
    made = item(raw, item_id)
    return made if story is None else replace(made, story=story)


def assigned(new: list[Item], stored: list[Item] | None = None) -> dict[str, str]:
    candidates: dict[str, list[Item]] = {}
    for old in stored or []:
        for key in stories.keys(old):
            candidates.setdefault(key, []).append(old)
    return stories.find(new, candidates, {i.id: stories.keys(i) for i in new})


def test_the_earliest_names_the_story() -> None:
    new = [make("Call on castings", "c", "wire", 5), make("Call on castings", "b", "lift", 3)]
    assert assigned(new) == assigned(new[::-1]) == {"b": "b", "c": "b"}


def test_an_item_alone_is_its_own_story() -> None:
    assert assigned([make("Call on castings", "a")]) == {"a": "a"}


def test_a_stored_story_is_joined_and_keeps_its_name() -> None:
    stored = make("Call on castings", "z", "lift", 4, story="y")
    assert assigned([make("Call on castings", "a", "wire", 3)], [stored]) == {"a": "y"}


def test_two_calls_never_meet_over_a_third() -> None:
    new = [
        make("Project call on castings opens", "a", "one"),
        make("Project call 23-01 on castings opens", "b", "two"),
        make("Project call 23-02 on castings opens", "c", "three"),
    ]
    found = assigned(new)
    assert found["b"] != found["c"]
    assert found == assigned(new[::-1])


@pytest.mark.parametrize("stored", [1, 2])
@pytest.mark.parametrize(
    ("between", "one", "other"),
    [
        pytest.param(
            "Project call on castings opens",
            "Project call 23-01 on castings opens",
            "Project call 23-02 on castings opens",
            id="numbers",
        ),
        pytest.param(
            "Castings: more time", "Project call on castings", "Extended: Project call on castings", id="turn"
        ),
    ],
)
def test_two_calls_never_meet_over_a_third_that_came_before(
    between: str, one: str, other: str, stored: int
) -> None:
    text = f"{BODY} The deadline has been extended."
    known = [
        make(between, "a", "one", summary=text, story="a"),
        make(one, "b", "two", story="a" if stored > 1 else None),
        make(other, "c", "three", summary=text),
    ]
    found = assigned(known[stored:], known[:stored])
    assert found["c"] != found.get("b", "a")


@pytest.mark.parametrize("source", ["two", "three"])
@pytest.mark.parametrize("order", ["abc", "acb", "bac", "bca", "cab", "cba"])
@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_two_texts_never_meet_over_a_title_without_one(source: str, order: str, at_once: int) -> None:
    title = "Manufacturing job fair for machinists and welders"
    text = "Meet employers who hire machinists and welders in {} at the Event Center. Bring your resume."
    items = {
        "a": make(title, "a", "one", summary=""),
        "b": make(title, "b", "two", summary=text.format("Kokomo on December 9")),
        "c": make(title, "c", source, summary=text.format("Muncie on December 16")),
    }
    told: dict[str, str] = {}
    for some in (order[at : at + at_once] for at in range(0, 3, at_once)):
        stored = [replace(items[name], story=story) for name, story in told.items()]
        told |= assigned([items[name] for name in some], stored)
    assert told["b"] != told["c"]
    assert told["a"] in (told["b"], told["c"])


def test_one_source_is_merged_only_when_practically_identical() -> None:
    again = make("Call on castings", "b", day=4)
    other = make(
        "Call on castings", "c", day=4, summary="The date of the meeting in Detroit has been moved by a week."
    )
    assert assigned([make("Call on castings", "a"), again])["b"] == "a"
    assert assigned([make("Call on castings", "a"), other])["c"] == "c"
    listed = [make("Open house", "a", summary=""), make("Open house", "b", summary="")]
    assert assigned(listed) == {"a": "a", "b": "b"}


def test_a_number_behind_a_title_is_no_name_of_a_site() -> None:
    title = "Call on castings for trucks"
    a, named, numbered = make(title, "a"), make(f"{title} | LIFT", "b"), make(f"{title} | Round 2", "c")
    assert assigned([a, named]) == {"a": "a", "b": "a"}
    assert assigned([a, numbered]) == {"a": "a", "c": "c"}


def test_a_line_that_a_site_sets_under_all_makes_no_two_titles_one() -> None:
    line = "Read the whole story on our site, and sign up there for news by mail."
    a = make("Foundry in Lima casts titanium", "a", "one", summary=line)
    b = make("Governor visits a maker of looms", "b", "two", summary=line)
    assert not likeness.is_same(a, b)


@pytest.mark.parametrize("source", ["one", "two"])
@pytest.mark.parametrize("label", ["", "Webinar: ", "Webinar with "])
def test_a_word_of_a_series_counts_in_whichever_title_it_stands(label: str, source: str) -> None:
    """Without a text nothing tells the session from the news that it is about."""
    title = "Engineers in Lima print aluminum rotors"
    a, b = make(title, "a", "one", summary=""), make(f"{label}{title}", "b", source, summary="")
    assert likeness.is_same(a, b) is likeness.is_same(b, a) is (not label)


LESSON = (
    "Join us for a one-day hands-on introduction to {0} with a live simulation. Participants learn to see the"
    " eight wastes, apply 5S and plan a kaizen. The workshop takes place in {1}, and lunch is included."
)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param(("lean work", "Toledo, Ohio"), ("lean work", "Dayton, Ohio"), False, id="place"),
        pytest.param(("castings", "Toledo, Ohio"), ("springs", "Toledo, Ohio"), False, id="thing"),
        pytest.param(
            ("lean work", "Toledo, Ohio"), ("lean work", "Toledo, Ohio. Come early"), True, id="more"
        ),
    ],
)
def test_one_source_uses_a_mold_for_several(
    first: tuple[str, str], second: tuple[str, str], expected: bool
) -> None:
    a, b = (
        make("Hands-on lesson for small foundries", name, "lift", summary=LESSON.format(*words))
        for name, words in (("a", first), ("b", second))
    )
    assert likeness.is_same(a, b) is likeness.is_same(b, a) is expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param(
            "Employers in Nebraska may apply for up to $50,000 to train workers until January 15, 2027.",
            "Employers in Kansas may apply for up to $50,000 to train workers until January 15, 2027.",
            False,
            id="state",
        ),
        pytest.param(
            "Join the governor for lunch in Des Moines on January 12. Register by January 5, 2027.",
            "Join the governor for lunch in Lincoln on January 12. Register by January 5, 2027.",
            False,
            id="city of two words",
        ),
        pytest.param(
            "DETROIT, Mich., Nov. 18 (PRN) — The teams of Boeing, Alcoa and LIFT will cast wheels in Ohio.",
            "The teams of Alcoa, Boeing and LIFT will cast wheels in Ohio.",
            True,
            id="dateline, other order",
        ),
        pytest.param(
            "The plant in Canton, Ohio will cast titanium knees. Production begins in the spring of 2027.",
            "The plant in Canton, Ohio will cast titanium knees. Work begins in the spring of 2027.",
            True,
            id="first word of a sentence",
        ),
        pytest.param(
            "The plant in Canton, Ohio will cast titanium knees and hips for the whole of the country.",
            "The plant in Canton will cast titanium knees and hips for the whole of the country.",
            True,
            id="state left out",
        ),
    ],
)
def test_equal_titles_over_other_names_are_several(first: str, second: str, expected: bool) -> None:
    title = "Governor announces training grants for foundries"
    a, b = make(title, "a", "one", summary=first), make(title, "b", "two", summary=second)
    assert likeness.is_same(a, b) is likeness.is_same(b, a) is expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("Festo opens its 5th valve plant in Mason", "Festo opens its fifth valve plant in Mason", True),
        ("Phase II of wing program starts at lab", "Phase 2 of wing program starts at lab", True),
        ("Robotics lab opens doors on Oct. 3rd", "Robotics lab opens doors on October 3", True),
        ("Robotics lab opens doors on Oct. 3rd", "Robotics lab opens doors on October 5", False),
        ("LIFT plans casting contest for June 2025", "LIFT plans casting contest for June 2026", False),
        ("Festo opens its 5th valve plant in Mason", "Festo opens its sixth valve plant in Mason", False),
    ],
)
def test_a_number_or_month_is_the_same_however_it_is_written(first: str, second: str, expected: bool) -> None:
    for summary in ("", BODY):
        a, b = make(first, "a", "one", summary=summary), make(second, "b", "two", summary=summary)
        assert likeness.is_same(a, b) is likeness.is_same(b, a) is expected


def test_the_text_explains_a_number_of_a_title_however_it_is_written() -> None:
    text = f"The institute holds its 5th summit of foundries, to which {{}} people come. {BODY}"
    a = make("Institute holds fifth summit on castings", "a", "one", summary=text.format("three hundred"))
    b = make("Institute draws 300 to summit on castings", "b", "two", summary=text.format("300"))
    assert likeness.is_same(a, b)
    assert likeness.is_same(b, a)


def test_the_style_of_a_date_in_the_text_makes_no_other_announcement() -> None:
    a = make("Call on castings", "a", "one", summary=f"{BODY} Proposals are due by Sept. 3rd.")
    b = make("Call on castings", "b", "two", summary=f"{BODY} Proposals are due by September 3.")
    c = make("Call on castings", "c", "two", summary=f"{BODY} Proposals are due by October 3.")
    assert likeness.is_same(a, b)
    assert not likeness.is_same(a, c)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param(
            "Manufacturing Job Fair in Kokomo", "Manufacturing Job Fair in Muncie", False, id="town"
        ),
        pytest.param(
            "Manufacturing Job Fair - Kokomo", "Manufacturing Job Fair - Muncie", False, id="behind a dash"
        ),
        pytest.param("MFG Day Tour of Plants: Acme", "MFG Day Tour of Plants: Zenith", False, id="company"),
        pytest.param(
            "Employers to hire machinists", "Employers to hire welders", True, id="both in the text"
        ),
        pytest.param(
            "Manufacturing Job Fair in Kokomo", "Indiana plants look for people", True, id="headline"
        ),
        pytest.param("Job Fair of Plants in Kokomo", "Job Fair of Plants at Kokomo", True, id="little words"),
        pytest.param(
            "Plants Seek People for Metal Jobs", "Plants Want People for Metal Jobs", True, id="verb"
        ),
        pytest.param("Plants look for more people", "Plants look for more workers", True, id="noun"),
        pytest.param(
            "GM to take on people in Indiana",
            "General Motors to take on people in Indiana",
            True,
            id="short name",
        ),
    ],
)
def test_titles_that_differ_by_what_the_text_does_not_say_are_several(
    first: str, second: str, expected: bool
) -> None:
    text = (
        "Meet local employers who hire machinists, welders and technicians. Bring your resume."
        " Doors open at ten, and parking is behind the building."
    )
    a, b = make(first, "a", "one", summary=text), make(second, "b", "two", summary=text)
    assert likeness.is_same(a, b) is likeness.is_same(b, a) is expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param("Call on castings", "Deadline Extended: Call on castings", False, id="extended"),
        pytest.param("Call on castings", "Call on castings: deadline extension", False, id="extension"),
        pytest.param("Call on castings", "Call on castings (canceled)", False, id="cancelled"),
        pytest.param("Call on castings", "Call on castings postponed", False, id="postponed"),
        pytest.param("Lessons on castings", "Lessons on castings, Part Two", False, id="part"),
        pytest.param("Topic A of call on castings", "Topic B of call on castings", False, id="letter"),
        pytest.param("Call on castings: winners", "Call on castings", False, id="winners"),
        pytest.param("Call on castings extended", "LIFT extends call on castings", True, id="both say so"),
        pytest.param("Manufacturing Extension Partnership", "Partnership for manufacturing", True, id="name"),
        pytest.param(
            "Award-winning lab asks for castings", "Lab asks for castings", True, id="award-winning"
        ),
    ],
)
def test_what_came_of_an_announcement_is_another_one(first: str, second: str, expected: bool) -> None:
    """It repeats the text of the first, and would never be shown as new."""
    a, b = make(first, "a", "one"), make(second, "b", "two")
    assert likeness.is_same(a, b) is likeness.is_same(b, a) is expected


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("LIFT grows its reach", "LIFT extends its reach"),
        ("Longer life for cutting tools with new coating", "New coating extends life of car parts"),
        ("Acme drops plans for foundry in Lima", "Acme cancels plans for foundry in Lima"),
        ("Navy delays order of castings", "Navy postpones order of castings"),
        ("Foundry group to hire forty people", "Grant awardee to hire forty people"),
        ("Institute brings training to veterans", "Institute extends training to veterans"),
    ],
)
def test_a_verb_of_another_headline_makes_no_news_of_one_text(first: str, second: str) -> None:
    a, b = make(first, "a", "one"), make(second, "b", "two")
    assert likeness.is_same(a, b)
    assert likeness.is_same(b, a)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("LIFT seeks ideas on castings", "Foundries get more time: LIFT extends call"),
        ("Apply for casting vouchers", "Casting voucher application period extended"),
        ("Nominations open for hall of fame", "Hall of fame nominations extended"),
        ("Summit of foundries in May", "Foundries' summit rescheduled for June"),
        ("Lunch and Learn on castings", "Canceled: Lunch and Learn on castings"),
        ("Open house at Lima foundry", "Open house at Lima foundry - POSTPONED"),
        ("Acme asks students to its Robot Jam", "POSTPONED: Robot Jam at Acme"),
        ("Acme asks students to its Robot Jam", "Robot Jam at Acme (Canceled)"),
        ("Casting contest opens to students", "Winners of casting contest"),
        ("How foundries save energy", "Part two: what energy costs foundries"),
    ],
)
def test_what_came_of_a_thing_with_a_date_is_news_under_the_old_text(first: str, second: str) -> None:
    for source in ("one", "two"):
        a, b = make(first, "a", "one"), make(second, "b", source)
        assert not likeness.is_same(a, b)
        assert not likeness.is_same(b, a)


@pytest.mark.parametrize("said", ["has extended its call", "will extend its call", "is extending its call"])
def test_another_headline_may_say_what_the_text_says_too(said: str) -> None:
    text = f"The institute {said} by two weeks. {BODY}"
    a = make("More time for ideas on castings", "a", "one", summary=text)
    b = make("Deadline extended: call on castings", "b", "two", summary=text)
    assert likeness.is_same(a, b)
    assert likeness.is_same(b, a)


@pytest.mark.parametrize("label", ["ICYMI: ", "CORRECTION: ", "Corrected - ", "CORRECTING and REPLACING "])
def test_a_correction_under_the_same_title_is_the_same(label: str) -> None:
    title = "Foundry near Dayton reopens its titanium line"
    a, b = make(title, "a", "one", summary=""), make(f"{label}{title}", "b", "two", summary="", story="b")
    assert assigned([a], [b]) == {"a": "b"}


def test_the_window_is_ten_days() -> None:
    first = make("Call on castings for ground vehicles", "a", "one", 1)
    assert likeness.is_same(first, make("Call on castings for ground vehicles", "b", "two", 11))
    assert not likeness.is_same(first, make("Call on castings for ground vehicles", "b", "two", 12))


def test_what_may_be_of_a_story_is_asked_for_by_the_time_of_all_that_share_its_key() -> None:
    early, late = make("Call on castings", "a", day=1), make("Call on castings", "b", day=9)
    undated = replace(make("Call on castings", "c"), published=None)
    keys = {"a": ("one", "both", "any"), "b": ("both",), "c": ("any",)}
    assert early.published
    assert late.published
    found = stories.reach([early, late, undated], keys)
    assert found == stories.reach([undated, late, early], keys)
    assert found == {
        "one": (early.published - likeness.WINDOW, early.published + likeness.WINDOW),
        "both": (early.published - likeness.WINDOW, late.published + likeness.WINDOW),
        "any": None,
    }


@pytest.mark.parametrize("title", ["", "!!!", "製造業", "A", "x" * 500])
def test_any_title_has_few_short_keys(title: str) -> None:
    found = stories.keys(make(title or "–", "a"))
    assert 1 <= len(found) <= 8
    assert all(len(key) <= 16 for key in found)


def test_keys_stay_what_stores_have() -> None:
    assert stories.keys(make("LIFT opens Project Call 23-01 on castings", "a")) == (
        "t96f71bf80f7976", "t6b5a83c72d0180", "t7f4558d68488d8", "tdb312aa6d81bfc",
        "b8e9f8a6571353e", "b3c529bd8b7445b", "b5423131faae1a9",
    )  # fmt: skip


def test_items_of_two_sources_and_of_the_store_meet_whatever_else_came() -> None:
    title = "Foundry near Dayton reopens its titanium casting line"
    others = [make(f"Notice {n} from plant {n}", f"o{n}", "lift", n, summary="") for n in range(1, 9)]
    again = make(title, "c", "lift", 3, summary="")
    pair = [make("Call on castings", "a", "lift", 3), make("Call on castings", "b", "wire", 4)]
    found = assigned([*others, again, *pair], [make(title, "z", "wire", 3, summary="", story="y")])
    assert found == {f"o{n}": f"o{n}" for n in range(1, 9)} | {"a": "a", "b": "a", "c": "y"}


def test_the_work_grows_with_the_items_not_with_their_square() -> None:
    """Items of one mold share keys: how many are compared is bounded."""
    new = [make(f"Open house at plant {n}", f"{n:04}", f"s{n}", 1 + n % 28) for n in range(600)]
    assert len(set(assigned(new).values())) == 600


def test_names_without_end_in_one_mold_hold_up_nothing() -> None:
    """Each text has, in small letters, the names that stand in the other's mold."""
    title = "Lightweight magnesium casting challenge unveiled nationwide"
    letters = "abcdefghijklmno"
    one, other = ([f"{first}{a}{b}" for a in letters for b in letters[:13]] for first in "QZ")

    def text(names: list[str], others: list[str]) -> str:
        return "Now " + " ".join(f"a b {name}" for name in names) + ". " + " ".join(others).lower()

    texts = {"a": text(one, other), "b": text(other, one)}
    new = [
        make(title, f"{source}{n}", source, 3, summary=texts[source]) for n in range(10) for source in texts
    ]
    began = time.process_time()
    assert set(assigned(new).values()) == {"a0"}
    assert time.process_time() - began < 2  # each name compared with each takes 10 s


def test_copies_without_end_unite_no_two_calls() -> None:
    title = "LIFT opens Project Call {}on magnesium castings"
    calls = [make(title.format("23-01 "), "a", day=3), make(title.format("23-02 "), "b", day=5)]
    copies = [make(title.format(""), f"c{n:03}", f"s{n // 10}", 3 + 2 * (n % 2)) for n in range(100)]
    found = assigned([*calls, *copies])
    assert found["a"] != found["b"]
