from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from hubwatch.models import Evidence, Filters, Item, Profile, Tag
from hubwatch.normalize import LONG_AGO
from hubwatch.profiles import age_factor, is_named, is_open, match, mentions, open_by, tag_reason

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
NOTHING = Filters()


def tag(topic: str, score: float, where: str = "summary") -> Tag:
    return Tag(topic=topic, score=score, evidence=(Evidence(words=topic, where=where, weight=score),))  # type: ignore[arg-type]


def item(**changes: object) -> Item:
    base = Item(
        id="i1", source="s", title="A title", first_seen=NOW, updated=NOW, effective=NOW, published=NOW
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def score(found: Item, profile: Profile | None = None, filters: Filters = NOTHING) -> float | None:
    result = match(found, profile, filters, now=NOW)
    return None if result is None else result.score


def test_profile_is_a_union() -> None:
    profile = Profile(
        name="p",
        topics=("additive",),
        hubs=("lift",),
        states=("OH",),
        keywords=("rivets",),
        organizations=("Boeing",),
    )
    assert score(item(tags=(tag("additive", 0.8),)), profile)
    assert score(item(hub="lift"), profile)
    assert score(item(state="OH"), profile)
    assert score(item(summary="about rivets"), profile)
    assert score(item(organizations=("The Boeing Company",)), profile)
    assert score(item(tags=(tag("textiles", 0.9),), hub="mxd", state="IL"), profile) is None


def test_kinds_and_exclude_narrow_a_profile() -> None:
    profile = Profile(name="p", topics=("additive",), kinds=("call",), exclude=("golf outing",))
    fits = item(tags=(tag("additive", 0.8),), kind="call")
    assert score(fits, profile)
    assert score(replace(fits, kind="event"), profile) is None
    assert score(replace(fits, title="Annual golf outing"), profile) is None


def test_a_weak_tag_is_no_match() -> None:
    assert score(item(tags=(tag("additive", 0.49),)), Profile(name="p", topics=("additive",))) is None


def test_a_weak_topic_match_from_a_followed_state_is_not_lost() -> None:
    profile = Profile(name="p", topics=("additive",), states=("OH",), min_score=0.7)
    topic, place = (
        score(item(state="OH", tags=(tag("additive", 0.5),)), profile),
        score(item(state="OH"), profile),
    )
    assert topic is not None
    assert place == 0.7 < topic


def test_a_watched_organization_is_shown_whatever_the_minimum() -> None:
    profile = Profile(name="p", topics=("additive",), organizations=("Boeing",), min_score=0.9)
    old = item(title="Boeing opens an office", effective=NOW - timedelta(days=400))
    found = score(old, profile)
    assert found is not None
    assert found >= 0.9
    assert score(old, profile, Filters(min_score=0.95)) is None


def test_a_minimum_of_the_filters_keeps_a_followed_state_below_topics() -> None:
    profile = Profile(name="p", topics=("additive",), states=("OH",), min_score=0.8)
    for minimum in (0.0, 0.3, 0.45, 0.5, 0.7):
        filters = Filters(min_score=minimum)
        place = score(item(state="OH"), profile, filters)
        topic = score(item(tags=(tag("additive", 0.75),)), profile, filters)
        assert place is not None
        assert topic is not None
        assert minimum <= place < topic


def test_a_minimum_changes_no_score_without_a_profile() -> None:
    found = item(tags=(tag("additive", 0.8),))
    assert score(found, filters=Filters(min_score=0.8)) == score(found) == 0.8


def test_a_minimum_with_many_digits_loses_no_followed_state() -> None:
    profile = Profile(name="p", states=("OH",), min_score=0.33333)
    assert score(item(state="OH"), profile) == 0.3333


@pytest.mark.parametrize("minimum", [0.0, 0.3, 0.4, 0.5], ids=str)
def test_state_alone_reaches_the_minimum_and_stays_below_any_topic_match(minimum: float) -> None:
    profile = Profile(name="p", topics=("additive",), states=("OH",), min_score=minimum)
    for days in (0, 7, 30, 400):
        when = NOW - timedelta(days=days)
        place = score(item(state="OH", kind="call", effective=when), profile)
        topic = score(item(tags=(tag("additive", 0.5),), effective=when), profile)
        assert place is not None
        assert place >= minimum
        assert topic is None or place < topic


def test_filters_narrow_a_profile_and_do_not_widen_it() -> None:
    profile = Profile(name="p", topics=("additive",))
    filters = Filters(topics=("textiles",))
    assert score(item(tags=(tag("textiles", 0.9),)), profile, filters) is None
    assert score(item(tags=(tag("additive", 0.9), tag("textiles", 0.9))), profile, filters)


def test_a_filter_shows_just_what_it_names_of_a_profile_with_a_high_minimum() -> None:
    profile = Profile(name="p", topics=("additive",), min_score=0.7)
    weak = item(title="Boeing prints rivets", tags=(tag("additive", 0.6), tag("textiles", 0.9)))
    strong = replace(weak, tags=(tag("additive", 0.9), tag("textiles", 0.5)))
    assert score(weak, profile) is None
    assert score(strong, profile)
    for filters in (
        Filters(topics=("textiles",)),
        Filters(keywords=("rivets",)),
        Filters(organizations=("Boeing",)),
    ):
        assert score(weak, profile, filters) is None
        found = score(strong, profile, filters)
        assert found is not None
        assert found >= 0.7


def test_without_filter_or_profile_every_item_counts() -> None:
    assert score(item()) == pytest.approx(0.4)
    assert score(item(tags=(tag("additive", 0.9),))) == pytest.approx(0.9)


def test_min_score_of_the_filters_overrides_the_profile() -> None:
    profile = Profile(name="p", topics=("additive",), min_score=0.9)
    weak = item(tags=(tag("additive", 0.6),))
    assert score(weak, profile) is None
    assert score(weak, profile, Filters(min_score=0.0))


def test_open_calls_titles_and_watched_organizations_lift_the_score() -> None:
    profile = Profile(name="p", topics=("additive",), organizations=("Boeing",))
    plain = item(tags=(tag("additive", 0.6),))
    call = replace(plain, kind="call", deadline=date(2026, 2, 1))
    titled = replace(plain, tags=(tag("additive", 0.6, "title"),))
    named = replace(plain, organizations=("Boeing",))
    base = score(plain, profile)
    assert base is not None
    for better in (call, titled, named):
        found = score(better, profile)
        assert found is not None
        assert found > base


def test_score_stays_within_bounds() -> None:
    profile = Profile(name="p", topics=("additive",), hubs=("lift",), organizations=("Boeing",))
    best = item(
        tags=(tag("additive", 1.0, "title"),), hub="lift", organizations=("Boeing",), kind="call",
        deadline=date(2026, 2, 1),
    )  # fmt: skip
    assert score(best, profile) == 1.0


def test_age_lowers_the_score_slowly() -> None:
    assert age_factor(NOW, now=NOW) == 1.0
    assert age_factor(NOW - timedelta(days=14), now=NOW) == pytest.approx(0.9)
    assert age_factor(datetime(1900, 1, 1, tzinfo=UTC), now=NOW) == pytest.approx(0.8)
    assert age_factor(NOW + timedelta(days=3), now=NOW) == 1.0


def test_reasons_are_words() -> None:
    profile = Profile(name="p", topics=("additive",), organizations=("Boeing",))
    found = match(
        item(
            tags=(tag("additive", 0.92),), organizations=("Boeing",), kind="call", deadline=date(2026, 1, 31)
        ),
        profile,
        NOTHING,
        now=NOW,
    )
    assert found is not None
    assert found.reasons == ("additive 0.92: additive", "names Boeing", "open until Jan 31")
    assert found.ground == "topic"
    assert found.open_by == "deadline"


def test_a_reason_says_no_words_twice() -> None:
    said = ("LIFT", "Aluminum Casting", "Aluminum … Casting", "aluminum-casting", "LIFT … casting", "LIFTed",
            "Casting … alloy", "casting", "AZ31B", "die")  # fmt: skip
    evidence = tuple(Evidence(words=words, where="title", weight=1.0) for words in said)
    reason = tag_reason(Tag(topic="lightweight", score=0.8, evidence=evidence))
    assert reason == "lightweight 0.80: LIFT, Aluminum Casting, LIFTed, Casting … alloy"


def test_a_keyword_in_the_summary_counts_less_than_one_in_the_title() -> None:
    profile = Profile(name="p", keywords=("rivets",))
    low, high = (score(item(**{where: "New rivets"}), profile) for where in ("summary", "title"))
    assert low is not None
    assert high is not None
    assert low < high


def test_a_filter_gives_the_ground_where_there_is_no_profile() -> None:
    found = match(item(tags=(tag("additive", 0.6),)), None, Filters(topics=("additive",)), now=NOW)
    assert found is not None
    assert found.ground == "topic"


def test_a_keyword_that_only_the_store_saw_counts() -> None:
    profile = Profile(name="p", keywords=("rivets",))
    assert match(item(), profile, NOTHING, now=NOW) is None
    found = match(item(), profile, NOTHING, now=NOW, in_text=("rivets",))
    assert found is not None
    assert found.ground == "keyword"
    assert found.reasons == ("“rivets” in the text",)
    assert match(item(), profile, NOTHING, now=NOW, in_text=("bolts",)) is None


@pytest.mark.parametrize(
    ("kind", "deadline", "days", "expected"),
    [
        ("call", date(2026, 1, 15), 300, "deadline"),
        ("call", date(2026, 1, 14), 1, None),
        ("call", None, 89, "recency"),
        ("call", None, 92, None),
        ("event", date(2026, 2, 1), 1, None),
    ],
    ids=["on its last day", "a day late", "undated, recent", "undated, old", "not a call"],
)
def test_what_counts_as_open(kind: str, deadline: date | None, days: int, expected: str | None) -> None:
    found = item(kind=kind, deadline=deadline, effective=NOW - timedelta(days=days))
    assert open_by(found, today=NOW.date()) == expected
    assert is_open(found, today=NOW.date()) is (expected is not None)


@pytest.mark.parametrize(
    ("what", "published", "seen", "expected"),
    [
        ("project-calls", None, 89, "recency"),
        ("project-calls", None, 92, None),
        ("project-calls", 92, 1, None),
        ("news", None, 1, None),
    ],
    ids=["listed lately", "listed long ago", "dated long ago", "no list of calls"],
)
def test_what_a_list_of_calls_shows_without_a_date_is_open_from_its_arrival(
    what: str, published: int | None, seen: int, expected: str | None
) -> None:
    dated = None if published is None else NOW - timedelta(days=published)
    found = item(
        kind="call", what=what, published=dated, first_seen=NOW - timedelta(days=seen),
        effective=dated or LONG_AGO,
    )  # fmt: skip
    assert open_by(found, today=NOW.date()) == expected


@pytest.mark.parametrize(
    ("text", "phrase", "expected"),
    [
        ("New Aluminum-Casting line", "aluminum casting", True),
        ("alloys for castings", "casting", True),
        ("forecasting demand", "casting", False),
        ("Beams of 3 m", "3M", False),
        ("3-D printing", "3D printing", True),
        ("Ti-6Al-4V powder", "ti 6al 4v", True),
        ("Ti-6Al-4V powder", "Ti6Al4V powder", True),
        ("an X-ray lab", "xray", True),
        ("diecasting", "die casting", True),
        ("die castings", "diecasting", True),
        ("Aluminium fibres", "aluminum fiber", True),
        ("a centred part", "centered", True),
        ("one foundry", "foundries", True),
        ("two foundries", "foundry", True),
        ("a hard process", "hard processes", True),
        ("São Paulo", "sao paulo", True),
        ("the company’s casting", "company", True),
        ("Ohio State University", "universal", False),
        ("New machine", "news", False),
        ("New machine", "machining", False),
        ("castings", "cast", False),
        ("casting aluminum", "aluminum casting", False),
        ("tying", "ties", False),
        ("nothing here", "", False),
        ("nothing here", "--", False),
        ("Registered apprenticeships open", "apprentice*", True),
        ("an Aluminium-clad wall", "aluminum cla*", True),
        ("prealuminum", "alumin*", False),
        ("the apprentice", "apprentices*", False),
    ],
)
def test_mentions(text: str, phrase: str, expected: bool) -> None:
    assert mentions(text, phrase) is expected


def test_organization_within_a_longer_name() -> None:
    assert is_named(("The Boeing Company",), "boeing")
    assert not is_named(("Boeingville Council",), "boeing")
