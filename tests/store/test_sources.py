"""What is remembered of sources survives whole; their names reach the items; silence is noticed."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from hubwatch.models import Hub, Source, SourceState
from hubwatch.store import db, listing, sources
from hubwatch.store.query import ItemQuery

MOMENT = datetime(2026, 3, 1, 12, 30, 15, tzinfo=UTC)


def _filled(source: str) -> SourceState:
    """A state in which every field has a value of its own, whatever fields there will be."""
    given: dict[str, object] = {}
    for number, field in enumerate(fields(SourceState), start=2):
        kind = str(field.type)
        given[field.name] = (
            MOMENT + timedelta(hours=number)
            if kind.startswith("datetime")
            else True
            if kind == "bool"
            else number
            if kind.startswith("int")
            else f"{field.name} é {number}"
        )
    return SourceState(**{**given, "source": source})


def test_every_field_of_a_state_is_kept(store, path):
    state = _filled("lift")
    sources.save_states(store, [state, SourceState(source="am")])
    store.close()
    with db.open_for_reading(path) as again:
        assert sources.load_states(again) == {"lift": state, "am": SourceState(source="am")}


def test_a_state_is_replaced_whole(store):
    sources.save_states(store, [_filled("lift")])
    sources.save_states(store, [SourceState(source="lift", failures=2)])
    assert sources.load_states(store) == {"lift": SourceState(source="lift", failures=2)}


@pytest.mark.parametrize(
    "etag", ['"abc"', 'W/"a b"', "unquoted", '"caf\xe9\xff"', '"\x80"', "", '"' + "x" * 5000 + '"']
)
def test_validators_come_back_character_by_character(store, etag):
    sources.save_states(store, [SourceState(source="s", etag=etag, last_modified=etag)])
    state = sources.load_states(store)["s"]
    assert (state.etag, state.last_modified) == (etag, etag)


def test_blocked_hosts_are_kept_with_the_states(store):
    sources.save_states(store, [], hosts={"a.example:443": MOMENT})
    sources.save_states(
        store, [], hosts={"a.example:443": MOMENT + timedelta(days=1), "b.example:80": MOMENT}
    )
    assert sources.load_hosts(store) == {"a.example:443": MOMENT + timedelta(days=1), "b.example:80": MOMENT}


def test_one_save_is_one_transaction(store):
    statements: list[str] = []
    store.trace(statements.append)
    sources.save_states(store, [SourceState(source=f"s{n}") for n in range(300)], hosts={"h:80": MOMENT})
    store.trace(None)
    assert sum(s.startswith(("BEGIN", "COMMIT")) for s in statements) == 2


@pytest.mark.usefixtures("network")
def test_registering_the_same_again_writes_nothing(store):
    before = store.row("SELECT total_changes()")
    hub = Hub(id="lift", kind="institute", name="LIFT", state="MI")
    source = Source(id="lift", name="LIFT News", url="https://lift.example/feed/", hub="lift")
    sources.register(store, [source], [hub])
    assert store.row("SELECT total_changes()") == before
    sources.register(store, [replace(source, name="LIFT now")], [hub])
    assert store.row("SELECT name FROM sources WHERE id = 'lift'") == ("LIFT now",)


@pytest.mark.usefixtures("network")
def test_an_items_state_is_its_sources_own_before_its_hubs(store, save, make_item):
    own = Source(id="x", name="X", url="https://x.example/", hub="lift", state="OH")
    sources.register(store, [own], [Hub(id="lift", kind="institute", name="LIFT", state="MI")])
    save(make_item("A", source="x"), make_item("B", source="lift"))
    assert {item.title: item.state for item in listing.select(store, ItemQuery())} == {"A": "OH", "B": "MI"}


@pytest.mark.parametrize(
    ("ages", "silent"),
    [
        pytest.param([40, 47, 54, 61, 68, 75], 40, id="weekly-then-40-days"),
        pytest.param([20, 27, 34, 41, 48, 55], None, id="weekly-then-20-days"),
        pytest.param([100, 130, 160, 190, 220, 250], None, id="monthly-then-100-days"),
        pytest.param([130, 160, 190, 220, 250, 280], 130, id="monthly-then-130-days"),
        pytest.param([300, 400], None, id="too-few-to-tell"),
        pytest.param([], None, id="nothing"),
        pytest.param([40, 41, 42, 43, 44, 200], 40, id="one-long-pause-is-not-its-habit"),
    ],
)
def test_a_source_is_silent_far_beyond_its_habit(store, save, make_item, now, ages, silent):
    save(*(make_item(f"Item {age}", age=age) for age in ages), make_item("Undated", published=None))
    store.write("UPDATE items SET effective = '1900-01-01T00:00:00Z' WHERE title = 'Undated'")
    with store.transaction():
        sources.count_in(store, "lift", 0)
    count, newest, silent_for_s = sources.health(store, now=now)["lift"]
    assert count == len(ages) + 1
    assert newest == (now - timedelta(days=min(ages)) if ages else None)
    assert silent_for_s == (silent * 86_400 if silent else None)
