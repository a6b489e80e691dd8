"""hubwatch orgs: who is named with which hubs; one organization with its items and memberships."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hubwatch.models import Tag
from hubwatch.store import organizations
from hubwatch.store.db import open_for_writing

NOW = datetime.now(UTC)


@pytest.fixture
def filled(stored: Callable[..., None], home: Any) -> None:
    def given(title: str, days: float, *names: str, source: str = "lift") -> dict[str, object]:
        return {
            "title": title, "published": NOW - timedelta(days=days), "organizations": names, "source": source,
            "tags": (Tag(topic="lightweight", score=0.8),),
        }  # fmt: skip

    stored(
        given("one", 1, "Boeing", "University of Dayton"),
        given("two", 30, "Boeing Research & Technology", source="america-makes"),
        given("three", 40, "Boeing", source="america-makes"),
        given("four", 500, "Boeing", "Alcoa"),
        given("five", 2, "Dayton Chamber", "Old Boeing Club"),
    )
    with open_for_writing(home.db) as store:
        organizations.save_members(store, "lift", ["Boeing", "Quiet Castings"], now=NOW)


def test_the_list_is_of_the_last_year_by_how_often(filled: None, hubwatch: Callable[..., Any]) -> None:
    rows = hubwatch("orgs", "--json").json
    assert rows[0] == {
        "name": "Boeing",
        "items": 2,
        "hubs": ["america-makes", "lift"],
        "latest": rows[0]["latest"],
    }
    assert "Alcoa" not in [row["name"] for row in rows]


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        pytest.param(("--hub", "america-makes"), ["Boeing Research & Technology", "Boeing"], id="hub"),
        pytest.param(("--since", "2y", "--org", "Alcoa"), ["Alcoa", "Boeing"], id="named together"),
        pytest.param(("--limit", "1"), ["Boeing"], id="limit"),
        pytest.param(("--topic", "additive"), [], id="topic"),
        pytest.param(("--min-score", "0.99"), [], id="least score"),
        pytest.param(("--sort", "newest", "--limit", "2"), ["Boeing", "University of Dayton"], id="newest"),
    ],
)
def test_the_filters_narrow_it(
    args: tuple[str, ...], expected: list[str], filled: None, hubwatch: Callable[..., Any]
) -> None:
    assert [row["name"] for row in hubwatch("orgs", "--json", *args).json] == expected


def test_one_organization_with_what_goes_on_from_its_name(filled: None, hubwatch: Callable[..., Any]) -> None:
    (view,) = hubwatch("orgs", "boeing", "--json").json
    assert view["names"] == ["Boeing", "Boeing Research & Technology"]
    assert [item["title"] for item in view["announcements"]] == ["one", "two", "three", "four"]
    ties = {tie["hub"]: tie for tie in view["memberships"]}
    assert (ties["lift"]["items"], ties["lift"]["listed_member"]) == (2, True)
    assert (ties["america-makes"]["items"], ties["america-makes"]["listed_member"]) == (2, False)
    assert ties["lift"]["since"] < ties["america-makes"]["since"]
    assert ties["lift"]["topics"] == ["lightweight"]


def test_it_reads_well(filled: None, hubwatch: Callable[..., Any]) -> None:
    said = hubwatch("orgs", "Boeing")
    lines = said.out.splitlines()
    assert lines[0] == "Boeing"
    assert lines[3].split() == ["hub", "items", "since", "latest", "listed", "member", "topics"]
    assert any(line.startswith("LIFT") and "since" in line for line in lines)
    assert "* one" in lines


def test_a_member_that_no_news_names_is_known(filled: None, hubwatch: Callable[..., Any]) -> None:
    said = hubwatch("orgs", "quiet castings")
    assert said.code == 0
    assert "LIFT" in said.out


def test_a_word_that_several_have_lists_them(filled: None, hubwatch: Callable[..., Any]) -> None:
    said = hubwatch("orgs", "dayton", "--json")
    assert sorted(row["name"] for row in said.json) == ["Dayton Chamber", "University of Dayton"]
    assert "Dayton Chamber; University of Dayton" in said.err


def test_an_unknown_name_gets_the_nearest(filled: None, hubwatch: Callable[..., Any]) -> None:
    said = hubwatch("orgs", "Boing")
    assert said.code == 2
    assert "did you mean Boeing?" in said.err


# --- one organization under several names -----------------------------------------------------------

LONG = "National Institute of Standards and Technology"


@pytest.fixture
def renamed(stored: Callable[..., None], home: Any) -> None:
    def given(title: str, days: int, *names: str) -> dict[str, object]:
        return {"title": title, "published": NOW - timedelta(days=days), "organizations": names}

    stored(
        given("short", 1, "NIST"),
        given("long", 2, LONG, "Acme"),
        given("both", 3, "NIST", LONG),
        given("neither", 4, "Acme", "NIST MEP"),
    )
    with open_for_writing(home.db) as store:
        organizations.save_members(store, "lift", [LONG], now=NOW)


def test_one_organization_is_counted_once_whatever_it_is_called(
    renamed: None, hubwatch: Callable[..., Any]
) -> None:
    counts = {row["name"]: row["items"] for row in hubwatch("orgs", "--json").json}
    assert counts == {"NIST": 3, "Acme": 2, "NIST MEP": 1}
    scored = {row["name"]: row["items"] for row in hubwatch("orgs", "--json", "--min-score", "0.1").json}
    assert scored == counts


@pytest.mark.parametrize("name", [LONG, LONG.lower(), "National Institute of Standards & Technology"])
@pytest.mark.parametrize("command", ["digest", "trends", "search"])
def test_the_filter_finds_it_under_all_its_names(
    renamed: None, hubwatch: Callable[..., Any], name: str, command: str
) -> None:
    if command == "trends":
        (row,) = hubwatch("trends", "--by", "hub", "--org", name, "--json").json
        assert row["total"] == 3
        return
    words = ("short OR long OR both OR neither",) if command == "search" else ()
    found = hubwatch(command, *words, "--org", name, "--json").json
    assert {item["title"] for item in found} == {"short", "long", "both"}
    named = {item["title"]: item["organizations"] for item in found}
    assert named["long"] == [LONG, "Acme"], "as it stands in the text"


def test_a_profile_watches_it_under_all_its_names(
    renamed: None, home: Any, hubwatch: Callable[..., Any]
) -> None:
    home.configure(f'[profiles.a]\norganizations = ["{LONG}"]\n')
    found = hubwatch("digest", "--profile", "a", "--json").json
    assert {item["title"] for item in found} == {"short", "long", "both"}


@pytest.mark.parametrize("name", ["NIST", LONG, "nist"])
def test_it_is_shown_in_full_under_any_of_them(
    renamed: None, hubwatch: Callable[..., Any], name: str
) -> None:
    (view,) = hubwatch("orgs", name, "--json").json
    assert {"NIST", LONG} <= set(view["names"])
    assert {"short", "long", "both"} <= {item["title"] for item in view["announcements"]}
    assert view["memberships"][0]["listed_member"]


def test_a_single_name_stands_as_it_is_written(
    stored: Callable[..., None], hubwatch: Callable[..., Any]
) -> None:
    stored({"title": "long", "published": NOW, "organizations": (LONG,)})
    for more in ((), ("--min-score", "0.1")):
        assert [row["name"] for row in hubwatch("orgs", "--json", *more).json] == [LONG]
    assert hubwatch("orgs", "NIST", "--json").json[0]["names"] == [LONG]
