"""Topics: what is about an area is tagged with it, what only sounds so is not, and the words say why."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hubwatch.catalog import vocabulary
from hubwatch.facts.topic_rules import TopicRules
from hubwatch.facts.topics import score
from hubwatch.models import Tag, Topic

SENTENCES = tomllib.loads(
    (Path(__file__).parent.parent / "data" / "topic_sentences.toml").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def rules() -> TopicRules:
    return TopicRules(vocabulary.load().topics)


def given(tags: tuple[Tag, ...]) -> list[str]:
    return [tag.topic for tag in tags if tag.score >= 0.5]


def own(**areas: Topic) -> TopicRules:
    return TopicRules(areas.values())


ALLOYS = Topic(
    id="alloys",
    name="Alloys",
    terms=("alloy sheet", "weld* & aluminum", "AZ31B", "title:titanium"),
    names=("Acme Metals",),
    weak=("aluminum", "magnesium"),
    context=("vehicle", "press"),
    cancels=("aluminum foil", "anywhere:tariff*"),
)
MADE = pytest.mark.parametrize(
    "made",
    [
        lambda topic: TopicRules(vocabulary.load([topic]).topics),
        lambda topic: vocabulary.rules([topic]).topics,
    ],
    ids=["compiled", "loaded"],
)
PRINTING = Topic(id="printing", name="Printing", terms=("3d-print*", "metal powder"), yields_to=("alloys",))


@pytest.mark.parametrize("topic", SENTENCES)
def test_every_area_has_forty_sentences(topic: str) -> None:
    assert len(set(SENTENCES[topic]["about"])) >= 20
    assert len(set(SENTENCES[topic]["other"])) >= 20


def test_sentences_cover_the_built_in_areas(rules: TopicRules) -> None:
    assert set(SENTENCES) == set(rules.ids)


@pytest.mark.parametrize(
    ("topic", "sentence"),
    [(topic, sentence) for topic, both in SENTENCES.items() for sentence in both["about"]],
)
def test_a_sentence_about_the_area_is_tagged(rules: TopicRules, topic: str, sentence: str) -> None:
    assert topic in given(score("", sentence, "", rules))


@pytest.mark.parametrize(
    ("topic", "sentence"),
    [(topic, sentence) for topic, both in SENTENCES.items() for sentence in both["other"]],
)
def test_a_false_friend_is_not_tagged(rules: TopicRules, topic: str, sentence: str) -> None:
    assert topic not in given(score("", sentence, "", rules))


@pytest.mark.parametrize(
    ("title", "summary", "expected"),
    [
        ("New alloy sheet", "", ["alloys"]),
        ("News", "The AZ31B line runs.", ["alloys"]),
        ("News", "Titanium is expensive.", []),
        ("Titanium is expensive", "", ["alloys"]),
        ("News", "They weld parts. All are of aluminum.", ["alloys"]),
        ("News", "Aluminum is light.", []),
        ("News", "Aluminum and magnesium are light.", ["alloys"]),
        ("News", "The vehicle and the press are here.", []),
        ("Aluminum in a vehicle", "", ["alloys"]),
        ("News", "Aluminum foil and magnesium.", []),
        ("Acme Metals grows", "", ["alloys"]),
        ("News", "Acme Metals grows.", []),
        ("Alloy sheet and tariffs", "", []),
        ("LOOK AT THE ALLOY SHEET", "", ["alloys"]),
        ("AZ31B", "", ["alloys"]),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_terms_weigh_by_what_they_are_and_where_they_stand(
    title: str, summary: str, expected: list[str]
) -> None:
    assert given(score(title, summary, "", own(a=ALLOYS))) == expected


@pytest.mark.parametrize("kind", ["facility", "other", "policy", "workforce"])
def test_a_makers_name_alone_tells_no_field_in_news_of_any_company(kind: str) -> None:
    rules = own(a=ALLOYS)
    assert given(score("Acme Metals grows", "", "", rules, kind=kind)) == []
    assert given(score("Acme Metals grows", "It buys magnesium.", "", rules, kind=kind)) == ["alloys"]


def test_the_title_counts_more_than_the_summary_and_the_summary_more_than_the_body() -> None:
    rules = own(a=ALLOYS)
    title = score("alloy sheet", "magnesium", "", rules)[0].score
    summary = score("magnesium", "alloy sheet", "", rules)[0].score
    body = score("magnesium", "nothing", "alloy sheet", rules)[0].score
    nowhere = score("magnesium", "nothing", "", rules)[0].score
    assert title > summary > body > nowhere > 0


def test_a_body_settles_what_title_and_summary_leave_open() -> None:
    body = "Alloy sheet is welded of aluminum; AZ31B is tried."
    assert given(score("News", "On magnesium.", "", own(a=ALLOYS))) == []
    assert given(score("News", "On magnesium.", body, own(a=ALLOYS))) == ["alloys"]
    assert score("News", "On nothing.", body, own(a=ALLOYS)) == ()


def test_a_body_says_nothing_of_what_is_settled_without_it() -> None:
    rules = own(a=ALLOYS, p=PRINTING)
    body = "Alloy sheet, AZ31B, and a metal powder that is 3D-printed."
    with_body = score("Alloy sheet", "The metal powder is pressed for 3D-printing.", body, rules)
    assert with_body == score("Alloy sheet", "The metal powder is pressed for 3D-printing.", "", rules)


def test_the_first_lines_of_a_body_stand_for_a_missing_summary() -> None:
    rules = own(a=ALLOYS)
    assert given(score("News", "", "The alloy sheet is here.", rules)) == ["alloys"]


def test_a_word_only_in_the_body_is_not_enough() -> None:
    body = "word " * 100 + "alloy sheet, then AZ31B again and again AZ31B AZ31B."
    assert given(score("News", "Something else.", body, own(a=ALLOYS))) == []


def test_a_body_is_read_to_a_bound() -> None:
    body = "word " * 5000 + "alloy sheet"
    assert score("News", "Something else.", body, own(a=ALLOYS)) == ()


def test_the_hubs_field_lifts_a_match_but_gives_none() -> None:
    rules = own(a=ALLOYS)
    assert score("News", "Nothing here.", "", rules, hub_topics=("alloys",)) == ()
    plain = score("News", "Aluminum for a vehicle.", "", rules)[0]
    lifted = score("News", "Aluminum for a vehicle.", "", rules, hub_topics=("alloys",))[0]
    assert plain.score < lifted.score
    assert lifted.evidence[-1].where == "hub"
    assert lifted.matches == plain.matches


def test_an_area_that_yields_stands_only_if_it_weighs_more() -> None:
    rules = own(a=ALLOYS, p=PRINTING)
    text = "The alloy sheet comes beside a part from metal powder, 3D printing having grown."
    assert given(score("AZ31B wins", text, "", rules)) == ["alloys"]
    assert given(score("3D printing of metal powder", "AZ31B alloy sheet.", "", rules)) == [
        "printing",
        "alloys",
    ]


def test_a_person_is_not_the_field(rules: TopicRules) -> None:
    title, summary = "Ann Example leads the group", "She led the Aluminum Association, and AHSS programs."
    assert given(score(title, summary, "", rules, kind="people")) == []


@pytest.mark.parametrize(
    "title",
    [
        "MxD names a software veteran its next chief executive",
        "Lawyer becomes deputy director of the digital twin institute",
        "Digital twin consortium names new president",
    ],
)
def test_a_new_head_in_the_title_is_not_the_field(rules: TopicRules, title: str) -> None:
    assert given(score(title, "The board cited work on digital manufacturing.", "", rules)) == []


@pytest.mark.parametrize(
    "text",
    [
        "A workshop on lean.\nAbout LIFT\nLIFT works on lightweight metals and aluminum alloys.",
        "A workshop on lean. America Makes is the national additive manufacturing institute.",
    ],
    ids=["about", "is-the-national"],
)
def test_who_the_publisher_is_does_not_count(rules: TopicRules, text: str) -> None:
    assert given(score("Workshop in May", text, "", rules)) == []


def test_fields_listed_in_passing_do_not_count(rules: TopicRules) -> None:
    text = "Seats are open in classes on robotics, cybersecurity, composites, textiles and semiconductors."
    assert given(score("Fall classes", text, "", rules)) == []


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        ("The alloy sheet is cold. It snows.", ["alloys"]),
        ("It snows. The alloy sheet is cold.", []),
        ("It snows. The alloy sheet goes into a vehicle by a press.", ["alloys"]),
        ("It snows. The alloy sheet is of magnesium.", ["alloys"]),
        ("It snows. The alloy sheet is an AZ31B.", ["alloys"]),
        ("Gov. Cox saw the alloy sheet. It snows.", ["alloys"]),
        ("In St. Paul the alloy sheet is cold. It snows.", ["alloys"]),
    ],
)
def test_what_is_said_once_and_later_is_a_passing_mention(summary: str, expected: list[str]) -> None:
    assert given(score("News", summary, "", own(a=ALLOYS))) == expected


def test_an_area_that_cuts_across_others_may_be_named_later() -> None:
    area = Topic(id="alloys", name="Alloys", terms=("alloy sheet",), cross_cutting=True)
    assert given(score("News", "It snows. The alloy sheet is cold.", "", own(a=area))) == ["alloys"]


def test_a_users_term_is_enough_alone_wherever_it_stands() -> None:
    mine = Topic(id="mine", name="Mine", terms=("thread sealing", "carbon fiber"))
    more = Topic(id="coatings", name="", terms=("thread dipping",))
    rules = vocabulary.rules([mine, more]).topics
    assert given(score("News", "It snows. We do thread sealing.", "", rules)) == ["mine"]
    assert given(score("News", "It snows. We do lean, thread sealing, law and tax.", "", rules)) == ["mine"]
    assert given(score("News", "It snows. We do carbon fiber.", "", rules)) == ["mine"]
    assert given(score("News", "It snows. We do thread dipping.", "", rules)) == ["coatings"]


@pytest.mark.parametrize(
    "summary", ["Topics run from alloy sheet to law.", "Topics run from law and tax to alloy sheet."]
)
def test_the_ends_of_a_range_are_passing_mentions(summary: str) -> None:
    assert given(score("News", summary, "", own(a=ALLOYS))) == []


def test_beside_three_that_a_list_names_one_more_is_named_in_passing_too() -> None:
    rules = own(**{name: Topic(id=name, name=name, terms=(name,)) for name in ("yak", "ant", "elk", "ox")})
    assert given(score("News", "The yak is here, beside law, ants, elks, oxen and tax.", "", rules)) == [
        "yak"
    ]
    assert given(score("News", "The yak is here, beside law, ant, elk, ox and tax.", "", rules)) == []


@pytest.mark.parametrize(
    "title",
    [
        "3D Systems to cut workforce by 20%",
        "3D printing company lays off staff",
        "3D printing stock falls after forecast",
        "3D Systems receives delisting notice",
        "3D printing pioneer to go public through SPAC",
        "Carbon fiber maker declares dividend",
        "Shareholders of titanium maker vote",
        "Chip maker's volunteers pack meals for food bank",
        "Textile plant fire injures two",
        "Explosion at aluminum plant injures three",
        "Semiconductor plant named among best employers",
        "Nanotech complex hosts job fair",
        "Robot maker settles patent suit",
        "Coolest thing: a 3D printed brace",
    ],
)
def test_another_story_of_a_company_in_the_field_is_not_the_field(rules: TopicRules, title: str) -> None:
    assert given(score(title, "The news came on Monday.", "", rules)) == []


def test_words_that_say_the_area_is_not_meant_do_so_where_one_of_them_is_cancelled() -> None:
    brewing = Topic(
        id="brewing", name="", terms=("fermenter*",), cancels=("brewery", "anywhere:brewery & ferment*")
    )
    assert given(score("", "The brewery adds fermenters.", "", own(brewing=brewing))) == []
    assert given(score("", "The plant adds fermenters.", "", own(brewing=brewing))) == ["brewing"]


def test_words_apart_do_not_lift_one_of_them_that_a_list_names() -> None:
    area = Topic(id="alloys", name="Alloys", terms=("alloys", "college & alloys", "college & furnaces"))
    text = "The college teaches welding, alloys, painting and law."
    assert given(score("Fall classes", text, "", own(a=area))) == []
    assert given(score("Fall classes", f"{text} It has furnaces.", "", own(a=area))) == ["alloys"]


@pytest.mark.parametrize(
    ("title", "summary", "expected"),
    [
        ("News", "Aluminum and magnesium are light.", ["alloys"]),
        ("A 3D-printed bracket", "Aluminum and magnesium are light.", ["printing"]),
        ("A 3D-printed bracket at Acme Metals", "Magnesium is light.", ["printing"]),
        ("A bracket at Acme Metals", "It is 3D-printed of magnesium.", ["alloys"]),
        ("A 3D-printed bracket", "The alloy sheet is of magnesium.", ["alloys", "printing"]),
    ],
    ids=["alone", "weak", "name", "not-in-the-title", "strong"],
)
def test_beside_an_area_that_the_title_names_only_strong_terms_count(
    title: str, summary: str, expected: list[str]
) -> None:
    assert given(score(title, summary, "", own(a=ALLOYS, b=PRINTING))) == expected


def test_energy_that_another_field_saves_is_told_by_that_field(rules: TopicRules) -> None:
    title = "Recycling of bottles by enzymes is more energy efficient"
    assert given(score(title, "The plastic melts in a bath.", "", rules)) == ["circular"]
    assert given(score("Drying of paper is more energy efficient", "", "", rules)) == ["clean-process"]


def test_the_evidence_gives_the_words_as_they_stand(rules: TopicRules) -> None:
    tag = score("Ti6Al4V forgings", "A Light-Weight alloy for aircraft.", "", rules)[0]
    assert tag.topic == "lightweight"
    assert "Ti6Al4V" in tag.matches
    assert {piece.where for piece in tag.evidence} == {"title", "summary"}
    assert all(piece.weight > 0 for piece in tag.evidence)


def test_scores_are_between_0_and_1_best_first_and_always_the_same(rules: TopicRules) -> None:
    arguments = ("Graphene in 3D printing of composites", "CNT and CFRP. " * 50, "Robots. " * 900)
    tags = score(*arguments, rules)
    assert [tag.score for tag in tags] == sorted((tag.score for tag in tags), reverse=True)
    assert all(0 < tag.score <= 1 for tag in tags)
    assert tags == score(*arguments, TopicRules(vocabulary.load().topics))


@pytest.mark.parametrize("text", ["", " ", "\x00\ufffd", "🦾" * 50, "AM" * 10000, "a-" * 5000, "(" * 5000])
def test_odd_text_is_harmless(rules: TopicRules, text: str) -> None:
    assert isinstance(score(text, text, text, rules), tuple)


@pytest.mark.parametrize(
    "term", ["", "&", "*", "=", "title:", "anywhere:", "a & ", "C++", "  ", "5G", "Ti, Al"]
)
def test_odd_terms_are_harmless(term: str) -> None:
    rules = own(a=Topic(id="odd", name="Odd", terms=(term, "alloy"), weak=(term,), cancels=("zinc", term)))
    assert isinstance(score("Alloy of the day", "Nothing.", "", rules), tuple)


@MADE
def test_a_users_words_extend_a_built_in_area(made: Callable[[Topic], TopicRules]) -> None:
    extra = Topic(id="coatings", name="", terms=("thread sealing",), cancels=("zinc plating",))
    rules = made(extra)
    assert given(score("Thread sealing for small parts", "", "", rules)) == ["coatings"]
    assert given(score("Zinc plating for small parts", "", "", rules)) == []


@MADE
@pytest.mark.parametrize("term", ["sintered gear*", "Sintered gears", "title:sintered gear"])
def test_a_users_term_counts_where_a_built_in_phrase_of_the_same_words_cancels(
    made: Callable[[Topic], TopicRules], term: str
) -> None:
    within = Topic(id="additive", name="", terms=("gear",))
    assert score("Sintered gears for bikes", "", "", made(within)) == ()
    (tag,) = score("Sintered gears for bikes", "", "", made(replace(within, terms=("gear", term))))
    assert tag.matches == ("Sintered gears",)
    cancelled = replace(within, terms=(term,), cancels=("sintered gears for bikes",))
    assert score("Sintered gears for bikes", "", "", made(cancelled)) == ()


@MADE
def test_a_users_term_counts_where_it_would_say_that_the_area_is_not_meant(
    made: Callable[[Topic], TopicRules],
) -> None:
    (tag,) = score("An AM radio", "", "", made(Topic(id="additive", name="", terms=("AM radio",))))
    assert tag.is_given


def test_an_item_takes_less_than_a_third_of_a_millisecond(rules: TopicRules) -> None:
    texts = [
        (sentence, " ".join(SENTENCES[topic]["other"][:3]))
        for topic in SENTENCES
        for sentence in SENTENCES[topic]["about"]
    ]
    start = time.process_time()
    for title, summary in texts:
        score(title, summary, "", rules)
    each_ms = (time.process_time() - start) / len(texts) * 1000
    assert each_ms < 1.0  # 0.1 measured; the rest is for slow and busy machines


def test_an_ampersand_within_a_name_parts_no_words() -> None:
    rules = own(firms=Topic(id="firms", name="Firms", terms=("A&P Technology", "weld* & aluminum")))
    assert given(score("News of A&P Technology", "", "", rules)) == ["firms"]
    assert given(score("A plan of technology", "P. Technology is read.", "", rules)) == []
    assert given(score("Welders", "They join aluminum.", "", rules)) == ["firms"]
