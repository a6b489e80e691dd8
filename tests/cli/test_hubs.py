"""hubwatch hubs: the directory, one hub, and what is near."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest


def test_the_directory_lists_every_institute_and_fits_80_columns(hubwatch: Callable[..., Any]) -> None:
    said = hubwatch("hubs")
    lines = said.out.splitlines()
    assert said.code == 0
    assert lines[0].split("  ")[0] == "name"
    for column in ("place", "sponsor", "technology", "last item"):
        assert column in lines[0]
    for name in ("America Makes", "LIFT", "PowerAmerica", "BioMADE"):
        assert any(line.startswith(name) for line in lines), name
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("columns", [40, 60, 72, 80, 120, 200])
def test_the_directory_fits_any_width(
    columns: int, hubwatch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for args in (("hubs", "--all"), ("hubs", "--near", "HI", "--all")):
        assert max(len(line) for line in hubwatch(*args).out.splitlines()) <= columns


def test_a_hub_that_is_over_says_so_however_narrow(
    hubwatch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    line = next(line for line in hubwatch("hubs").out.splitlines() if line.startswith("SMART USA"))
    assert "(ended)" in line


@pytest.mark.parametrize(
    ("place", "first"),
    [
        pytest.param("44503", "america-makes", id="zip"),
        pytest.param("Detroit, MI", "lift", id="city and state"),
        pytest.param("Knoxville, Tennessee", "iacmi", id="state in full"),
    ],
)
def test_near_lists_the_nearest_first(place: str, first: str, hubwatch: Callable[..., Any]) -> None:
    rows = hubwatch("hubs", "--near", place, "--json").json
    assert rows[0]["hub"] == first
    miles = [row["distance_miles"] for row in rows]
    assert miles == sorted(miles)
    assert miles[0] < 10


def test_near_says_miles_and_leaves_stdout_to_the_table(hubwatch: Callable[..., Any]) -> None:
    said = hubwatch("hubs", "--near", "44503", "--limit", "3")
    assert "Youngstown, OH" in said.err
    assert said.out.splitlines()[0].startswith("miles")
    assert len(said.out.splitlines()) == 4


@pytest.mark.parametrize("place", ["OH", "45402", "Dayton, OH"])
def test_near_names_the_association_and_the_mep_center_of_the_state(
    place: str, hubwatch: Callable[..., Any]
) -> None:
    said = hubwatch("hubs", "--near", place)
    last = said.err.splitlines()[-1]
    for name in ("Ohio Manufacturers' Association", "Ohio Manufacturing Extension Partnership"):
        assert name in last
        assert name not in said.out
    assert "Indiana" not in last
    assert "--all" in last


@pytest.mark.parametrize("more", [("--all",), ("--group", "mep"), ("--state", "OH"), ("--json",)])
def test_near_says_no_more_than_miles_to_who_chose(
    more: tuple[str, ...], hubwatch: Callable[..., Any]
) -> None:
    assert hubwatch("hubs", "--near", "Dayton, OH", *more).err == "distances in miles from Dayton, OH\n"


def test_near_with_associations_takes_in_the_mep_center(hubwatch: Callable[..., Any]) -> None:
    rows = hubwatch("hubs", "--near", "Columbus, OH", "--all", "--limit", "6", "--json").json
    assert "oh-mep" in {row["hub"] for row in rows}


def test_an_unknown_place_gets_the_nearest_name(hubwatch: Callable[..., Any]) -> None:
    said = hubwatch("hubs", "--near", "Yungstown, OH")
    assert said.code == 2
    assert "Youngstown, OH" in said.err
    assert said.out == ""


@pytest.mark.parametrize("name", ["lift", "LM3I", "ALMMII", "Lightweight Innovations For Tomorrow"])
def test_one_hub_is_found_by_every_name(name: str, hubwatch: Callable[..., Any]) -> None:
    said = hubwatch("hubs", name)
    assert said.code == 0
    assert said.out.startswith("LIFT\ninstitute in Detroit, MI")


def test_one_hub_shows_everything_known_of_it(
    hubwatch: Callable[..., Any], stored: Callable[..., None]
) -> None:
    stored(
        {"title": "Old news of castings"},
        {"title": "Call for proposals", "kind": "call", "deadline": date(2999, 1, 15)},
    )
    out = hubwatch("hubs", "lift").out
    for part in (
        "formerly",
        "note",
        "Facts",
        "2014-02-25",
        "Sources",
        "lift (news)",
        "https://lift.technology",
    ):
        assert part in out
    assert "Open calls\n  Call for proposals · due Jan 15, 2999 (in " in out
    assert "Old news of castings · Jan 5, 2020" in out
    (row,) = hubwatch("hubs", "lift", "--json").json
    assert [item["title"] for item in row["open_calls"]] == ["Call for proposals"]
    assert {fact["as_of"] for fact in row["facts"]} >= {"2014-02-25"}
    assert {source["source"] for source in row["sources"]} >= {"lift", "lift-members"}


def test_the_last_item_is_in_the_table(hubwatch: Callable[..., Any], stored: Callable[..., None]) -> None:
    stored({"title": "Old news of castings"})
    line = next(line for line in hubwatch("hubs").out.splitlines() if line.startswith("LIFT"))
    assert line.endswith("Jan 2020")
    rows = {row["hub"]: row for row in hubwatch("hubs", "--json").json}
    assert rows["lift"]["last_item"] == "2020-01-05T09:00:00Z"
    assert rows["lift"]["items"] == 1
    assert rows["mxd"]["last_item"] is None


def test_an_unknown_hub_gets_the_nearest_name(hubwatch: Callable[..., Any]) -> None:
    said = hubwatch("hubs", "amerca makes")
    assert said.code == 2
    assert "did you mean america-makes?" in said.err


def test_topic_and_group_narrow_the_list(hubwatch: Callable[..., Any]) -> None:
    additive = hubwatch("hubs", "--topic", "additive", "--group", "institutes", "--json").json
    assert {row["hub"] for row in additive} >= {"america-makes", "lift"}
    assert {row["kind"] for row in additive} == {"institute"}
    assert all("additive" in row["topics"] for row in additive)
    ohio = hubwatch("hubs", "--state", "oh", "--json").json
    assert {"oh-mep", "oh-oma", "america-makes"} <= {row["hub"] for row in ohio}
    assert hubwatch("hubs", "--group", "institute", "--json").json
    assert hubwatch("hubs", "--group", "centrs").code == 2


def test_no_hub_fits_is_an_empty_list(hubwatch: Callable[..., Any]) -> None:
    assert hubwatch("hubs", "--state", "WY", "--topic", "textiles", "--json").json == []


def test_help_names_every_key(hubwatch: Callable[..., Any]) -> None:
    text = " ".join(hubwatch("hubs", "--help").out.split())
    (row,) = hubwatch("hubs", "lift", "--json").json
    assert [key for key in row if key not in text] == []


def test_a_states_own_are_set_out_for_the_terminal(terminal: Callable[..., Any]) -> None:
    said = terminal("hubs", "--near", "MI", "--limit", "1").out
    assert (
        "\nin MI also: Michigan Manufacturers Association, Michigan Manufacturing\n  Technology Center"
        in said
    )
