"""Items are saved whole or not at all, recognized again, and read back as they were."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from hubwatch import identity
from hubwatch.errors import UnknownNameError, UsageError
from hubwatch.models import Evidence, SourceState, Tag
from hubwatch.store import items, listing, sources
from hubwatch.store.query import ItemQuery


@pytest.mark.usefixtures("network")
def test_an_item_reads_back_as_it_was_saved(store, save, make_item):
    item = make_item(
        "LIFT awards $2.5 million for AZ31B sheet",
        guid="https://lift.example/?p=1",
        summary="A short word.",
        content="First paragraph.\nSecond one.",
        authors=("A. Writer",),
        categories=("News", "Projects"),
        tags=(
            Tag(
                topic="lightweight", score=0.9, evidence=(Evidence(words="AZ31B", where="title", weight=3.0),)
            ),
            Tag(topic="additive", score=0.4),
        ),
        kind="award",
        kind_reason="awards",
        organizations=("The Boeing Company", "Acme"),
        money_usd=2.5e6,
        deadline=date(2026, 4, 1),
        story="s1",
    )
    save(item)
    expected = replace(item, source_name="LIFT News", hub="lift", state="MI", content_hash="")
    assert items.get(store, item.id) == expected
    # What an item only came close to is for who looks at this one item.
    assert listing.select(store, ItemQuery()) == (replace(expected, content="", tags=expected.tags[:1]),)


@pytest.mark.usefixtures("network")
def test_topics_that_an_item_is_far_from_are_not_kept(store, save, make_item):
    scores = {"lightweight": 0.5, "additive": 0.49, "composites": 0.3, "photonics": 0.29}
    item = make_item("News", tags=tuple(Tag(topic=topic, score=score) for topic, score in scores.items()))
    save(item)
    assert [tag.topic for tag in items.get(store, item.id).tags] == ["lightweight", "additive", "composites"]


def test_an_unregistered_source_is_entered_by_its_id(store, save, make_item):
    save(make_item("One", source="new-one"))
    assert listing.select(store, ItemQuery())[0].source_name == "new-one"


@pytest.mark.parametrize(
    ("by", "known"),
    [
        pytest.param({"guid": "g1", "url": "https://other.example/"}, True, id="same-guid"),
        pytest.param({"guid": "g9", "url": "http://www.example.org/first"}, True, id="same-link"),
        pytest.param(
            {"guid": "g9", "url": "https://other.example/", "title": "First!"}, True, id="same-title"
        ),
        pytest.param({"guid": "g9", "url": "https://other.example/"}, False, id="nothing-in-common"),
        pytest.param({"guid": "g1", "source": "am"}, False, id="another-source"),
    ],
)
def test_known_finds_by_guid_link_or_title_within_the_source(store, save, make_item, by, known):
    save(make_item("First", guid="g1"), make_item("Second", guid="g2"))
    asked = make_item(by.pop("title", "Another title"), **by)
    found = items.known(store, asked.source, [asked])
    assert [k.title for k in found] == (["First"] if known else [])


def test_known_carries_what_identity_compares(store, save, make_item):
    item = make_item("First", guid="g1", summary="text")
    save(item)
    save(changed=(replace(item, title="First, edited", updated=item.updated + timedelta(days=1)),))
    (known,) = items.known(store, "lift", [item])
    assert known == identity.KnownItem(
        id=item.id,
        guid="g1",
        url_key="example.org/first",
        title_key="first edited",
        published=item.published,
        first_seen=item.first_seen,
        effective=item.effective,
        content_hash=known.content_hash,
        title="First, edited",
        revisions=1,
    )


def test_the_same_items_again_resolve_to_unchanged(store, save, make_item):
    first = [make_item(f"Item {n}", guid=f"g{n}", summary="text " * n) for n in range(30)]
    save(*first)
    again = identity.resolve(first, items.known(store, "lift", first), is_page=False)
    assert (again.new, again.changed, len(again.unchanged)) == ((), (), 30)


def test_an_edit_keeps_the_former_words_and_their_time(store, save, make_item):
    item = make_item("Frist title", summary="old words")
    save(item)
    seen = item.updated + timedelta(hours=5)
    save(changed=(replace(item, title="First title", summary="new words", updated=seen),))
    (revision,) = items.revisions(store, item.id)
    assert (revision.title, revision.summary, revision.seen) == ("Frist title", "old words", seen)
    now = items.get(store, item.id)
    assert (now.title, now.summary, now.first_seen) == ("First title", "new words", item.first_seen)
    assert items.revisions(store, "unknown") == ()


def test_an_edit_replaces_tags_and_organizations(store, save, make_item):
    item = make_item("One", topics={"additive": 0.9}, organizations=("Acme", "Boeing"))
    save(item)
    tag = Tag(topic="digital", score=0.7)
    save(changed=(replace(item, tags=(tag,), organizations=("Boeing",)),))
    found = items.get(store, item.id)
    assert (found.tags, found.organizations) == ((tag,), ("Boeing",))


def test_items_and_validators_are_saved_together_or_not_at_all(store, make_item, now):
    class Broken(tuple):
        def __iter__(self):
            raise RuntimeError("stop")

    good, bad = make_item("Good"), make_item("Bad")
    resolution = identity.Resolution(new=(good, replace(bad, categories=Broken(("x",)))))
    with pytest.raises((RuntimeError, TypeError)):
        items.save(store, "lift", resolution, SourceState(source="lift", etag='"1"'), now=now)
    assert store.rows("SELECT id FROM items") == []
    assert sources.load_states(store) == {}
    items.save(
        store, "lift", identity.Resolution(new=(good,)), SourceState(source="lift", etag='"1"'), now=now
    )
    assert sources.load_states(store)["lift"].etag == '"1"'


def test_unchanged_items_are_not_written(store, save, make_item, now):
    save(make_item("One"))
    before = store.row("SELECT total_changes()")
    items.save(
        store, "lift", identity.Resolution(unchanged=("x",)), SourceState(source="lift", etag="2"), now=now
    )
    assert store.row("SELECT total_changes()")[0] - before[0] == 1  # the source's state


def test_a_known_id_given_as_new_is_passed_over(store, save, make_item):
    item = make_item("One")
    save(item)
    save(replace(item, title="Other"))
    assert [row[0] for row in store.rows("SELECT title FROM items")] == ["One"]


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param({"title": "lone \ud800 surrogate"}, id="surrogate-in-title"),
        pytest.param({"content": "x \udfff y \0 z"}, id="surrogate-and-nul-in-content"),
        pytest.param({"categories": ("\ud800",), "authors": ("\0",)}, id="in-lists"),
        pytest.param({"money_usd": 10**400}, id="money-beyond-floats"),
        pytest.param({"money_usd": float("inf")}, id="infinite-money"),
        pytest.param({"organizations": ("Ac\ud800me",)}, id="organization"),
        pytest.param({"guid": "\ud800", "kind_reason": "\ud800"}, id="guid"),
    ],
)
def test_what_sqlite_cannot_hold_is_made_fit(store, save, make_item, broken):
    title = broken.pop("title", "One")
    save(make_item(title, url="https://example.org/1", **broken))
    (item,) = listing.with_contents(store, listing.select(store, ItemQuery()))
    json.dumps(item.title + item.content).encode()
    assert item.money_usd is None


def test_huge_integers_of_a_state_are_cut(store):
    sources.save_states(store, [SourceState(source="lift", interval_s=10**30)])
    assert sources.load_states(store)["lift"].interval_s == 2**63 - 1


# --- by id ----------------------------------------------------------------------------------------


def test_get_takes_the_beginning_of_an_id(store, save, make_item):
    save(
        make_item("A", id="aa11"), make_item("B", id="aa22"), make_item("C", id="bb"), make_item("D", id="aa")
    )
    assert items.get(store, "aa1").title == "A"
    assert items.get(store, " BB ").title == "C"
    assert items.get(store, "aa").title == "D", "a whole id is meant even if others begin with it"


@pytest.mark.parametrize("prefix", ["zz", "", "%", "a_"])
def test_get_refuses_unknown_ids(store, save, make_item, prefix):
    save(make_item("A", id="aa11"), make_item("B", id="aa22"))
    with pytest.raises(UnknownNameError):
        items.get(store, prefix)


def test_get_refuses_ambiguous_ids(store, save, make_item):
    save(make_item("A", id="aa11"), make_item("B", id="aa22"))
    with pytest.raises(UsageError, match="'a' is ambiguous") as refused:
        items.get(store, "a")
    assert not isinstance(refused.value, UnknownNameError)


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        pytest.param("2cff24dd2af27ec0", "2cff24dd2af27ec1", id="the last letter"),
        pytest.param("2CFF24DD2AE", "2cff24dd2af27ec1", id="of a beginning"),
        pytest.param("2cff24dd2af27ec1f", "2cff24dd2af27ec1", id="one too many"),
        pytest.param("2cff24dd00000000", "2cff24dd2af27ec1", id="half"),
        pytest.param("2cff2400000000ff", None, id="too little of a long one"),
        pytest.param("2cffx", None, id="what two may share by chance"),
        pytest.param("ffffffffffffffff", None, id="nothing like it"),
    ],
)
def test_get_names_the_nearest_id(store, save, make_item, wrong, meant):
    save(make_item("A", id="2cff24dd2af27ec1"), make_item("B", id="01aa01aa01aa01aa"))
    with pytest.raises(UnknownNameError) as refused:
        items.get(store, wrong)
    assert refused.value.nearest == meant


# --- stories --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("network")
def test_carried_lists_who_tells_the_same_story(store, save, make_item):
    first = make_item("A", id="a1", story="a1")
    save(first, make_item("B", id="b1", source="am", story="a1"), make_item("C", id="c1", story="c1"))
    found = items.carried(store, ["a1", "c1", "none"])
    assert list(found) == ["a1"]
    assert [(c.source, c.source_name, c.item) for c in found["a1"]] == [
        ("lift", "LIFT News", "a1"),
        ("am", "America Makes", "b1"),
    ]


def test_followers_move_with_their_leader(store, save, make_item):
    save(
        make_item("A", id="a1", story="a1"),
        make_item("B", id="b1", story="b1"),
        make_item("C", id="c1", story="b1"),
    )
    items.set_stories(store, {"b1": "a1"})
    assert dict(store.rows("SELECT id, story FROM items")) == {"a1": "a1", "b1": "a1", "c1": "a1"}


def test_story_candidates_come_by_key_with_their_text(store, save, make_item):
    one, two = make_item("One", content="full text"), make_item("Two")
    save(one, two, story_keys={one.id: ("k1", "k2"), two.id: ("k2",)})
    found = items.story_candidates(store, dict.fromkeys(["k1", "k2", "k3"]))
    assert {key: {item.title for item in some} for key, some in found.items()} == {
        "k1": {"One"},
        "k2": {"One", "Two"},
    }
    assert found["k1"][0].content == "full text"


def test_a_key_that_very_many_share_gives_only_the_newest(store, save, make_item):
    many = [make_item(f"Item {n}") for n in range(100)]
    save(*many, story_keys={item.id: ("k",) for item in many})
    found = items.story_candidates(store, {"k": None})["k"]
    assert len(found) < 100
    assert found[0].title == "Item 99"


def test_story_candidates_come_from_the_time_in_reach_or_from_none(store, save, make_item, now):
    day = timedelta(days=1)
    for title, published in (
        ("Old", now - 9 * day),
        ("Near", now),
        ("Undated", None),
        ("Late", now + 9 * day),
    ):
        save(item := make_item(title, published=published), story_keys={item.id: ("k", "any")})
    found = items.story_candidates(store, {"k": (now - day, now + day), "any": None})
    assert {key: {item.title for item in some} for key, some in found.items()} == {
        "k": {"Near", "Undated"},
        "any": {"Old", "Near", "Undated", "Late"},
    }


def test_times_are_kept_to_the_second_in_utc(store, save, make_item):
    zone = datetime.fromisoformat("2026-03-01T22:15:00-05:00")
    save(make_item("One", published=zone, effective=zone))
    assert store.row("SELECT published FROM items") == ("2026-03-02T03:15:00Z",)
    assert listing.select(store, ItemQuery())[0].published == zone.astimezone(UTC)
