"""hubwatch orgs: who is named with which hubs; one organization with its items and memberships."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
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
        "stories": 2,
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


def test_it_reads_well(filled: None, hubwatch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    said = hubwatch("orgs", "Boeing")
    lines = said.out.splitlines()
    assert lines[0] == "Boeing · 4 items of all time, 3 in the last year"
    assert lines[1] == "also as Boeing Research & Technology"
    assert re.split(" {2,}", lines[3]) == ["hub", "items", "first item", "latest", "listed member", "topics"]
    assert "* one" in lines


def test_a_member_that_no_news_names_is_known(filled: None, hubwatch: Callable[..., Any]) -> None:
    said = hubwatch("orgs", "quiet castings")
    assert said.code == 0
    assert "LIFT" in said.out


def test_a_word_that_several_have_lists_them(filled: None, hubwatch: Callable[..., Any]) -> None:
    said = hubwatch("orgs", "dayton", "--json")
    assert sorted(row["name"] for row in said.json) == ["Dayton Chamber", "University of Dayton"]
    assert "Dayton Chamber; University of Dayton" in " ".join(said.err.split())


def test_an_unknown_name_gets_the_nearest(filled: None, hubwatch: Callable[..., Any]) -> None:
    said = hubwatch("orgs", "Boing")
    assert said.code == 2
    assert "did you mean Boeing?" in said.err


def test_the_list_says_its_time(filled: None, hubwatch: Callable[..., Any]) -> None:
    first = hubwatch("orgs").out.splitlines()[0]
    assert re.fullmatch(r"In the news · \w+ \d+(, \d+)? to \w+ \d+ · 5 organizations", first)
    assert hubwatch("orgs", "--since", "1900-01-01", "--until", "100d", "--limit", "1").out.startswith(
        "In the news · until "
    )


def test_a_list_without_rows_says_how_many_there_are(filled: None, hubwatch: Callable[..., Any]) -> None:
    said = hubwatch("orgs", "--limit", "0")
    assert said.err == "5 organizations match; --limit shows more\n"
    assert "Boeing" not in said.out
    nothing = hubwatch("orgs", "--topic", "additive")
    assert nothing.out.splitlines()[0].endswith(" · nothing found")
    assert "--since 3y" in nothing.err


def test_one_without_its_items_says_how_many_there_are(filled: None, hubwatch: Callable[..., Any]) -> None:
    assert hubwatch("orgs", "Boeing", "--limit", "0").out.endswith("\n\n4 items match; --limit shows more\n")
    assert hubwatch("orgs", "Boeing", "--limit", "3").out.endswith(
        "\n\n1 more item matches; --limit shows more\n"
    )


@pytest.mark.parametrize(
    "narrowed",
    [("--since", "3h"), ("--topic", "additive"), ("--hub", "nextflex"), ("--org", "Rolls-Royce"),
     ("--min-score", "0.99"), ("--until", "3y")],
    ids=" ".join,
)  # fmt: skip
def test_filters_that_nothing_fulfils_are_named(
    narrowed: tuple[str, ...], filled: None, hubwatch: Callable[..., Any]
) -> None:
    said = hubwatch("orgs", "Boeing", *narrowed)
    assert said.code == 0
    assert "No item matches these filters (4 without them)." in said.out
    assert "other publishers" not in said.out
    assert hubwatch("orgs", "Boeing", "--json", *narrowed).json[0]["announcements"] == []


def test_one_that_no_hub_names_is_said_to_be_so(stored: Callable[..., None], hubwatch: Any) -> None:
    stored({"title": "wire", "published": NOW, "organizations": ("Acme",), "source": "wire"})
    assert "No hub's news or list of members has this name; other publishers' news do." in " ".join(
        hubwatch("orgs", "Acme").out.split()
    )
    assert "No hub's news" not in hubwatch("orgs", "Acme", "--since", "2d").out


def test_items_named_together_with_another(filled: None, hubwatch: Callable[..., Any]) -> None:
    (view,) = hubwatch("orgs", "Boeing", "--org", "Alcoa", "--json").json
    assert [item["title"] for item in view["announcements"]] == ["four"]


def test_an_item_says_when_it_is_due_and_its_id(
    stored: Callable[..., None], hubwatch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    title = "A Project Call on the Casting of Very Thin Walls of Magnesium for Frames of Seats"
    due = date(NOW.year + 1, 12, 7)
    stored({"title": title, "published": NOW, "organizations": ("Acme",), "kind": "call", "deadline": due,
            "money_usd": 1_200_000.0})  # fmt: skip
    for columns in (40, 60, 80):
        monkeypatch.setenv("COLUMNS", str(columns))
        lines = hubwatch("orgs", "Acme").out.splitlines()
        assert max(len(line) for line in lines if "://" not in line) <= columns
        item = lines[next(at for at, line in enumerate(lines) if line.startswith("* ")) :]
        assert all(line.startswith("  ") for line in item[1:])
        said = " ".join(" ".join(item).split())
        assert title in said
        assert f"due Dec 7, {due.year} (in " in said
        assert "$1.2M" in said
        shown = re.search(r"id (\w{8})", "\n".join(item))
        assert shown, "on one line"
        assert title in hubwatch("show", shown[1]).out.replace("\n", " ")


@pytest.fixture
def retold(stored: Callable[..., None]) -> None:
    first = {
        "title": "told",
        "published": NOW - timedelta(days=3),
        "organizations": ("Acme",),
        "id": "a" * 16,
    }
    stored(
        {**first, "story": "a" * 16},
        {**first, "id": "b" * 16, "story": "a" * 16, "source": "america-makes",
         "published": NOW - timedelta(days=1)},
        {**first, "id": "c" * 16, "title": "alone", "published": NOW - timedelta(days=2)},
    )  # fmt: skip


def test_a_story_of_two_sites_stands_there_once(retold: None, hubwatch: Callable[..., Any]) -> None:
    lines = hubwatch("orgs", "Acme").out.splitlines()
    assert lines[0] == "Acme · 2 items of all time"
    assert [line for line in lines if line.startswith("* ")] == ["* alone", "* told"]
    (also,) = [line for line in lines if line.startswith("  also ")]
    (view,) = hubwatch("orgs", "Acme", "--json").json
    assert (view["items"], view["stories"]) == (3, 2)
    told = view["announcements"][1]
    assert (told["source"], [carried["source"] for carried in told["also"]]) == ("lift", ["america-makes"])
    assert "America Makes" in also
    ties = {tie["hub"]: (tie["items"], tie["stories"]) for tie in view["memberships"]}
    assert ties == {"lift": (2, 2), "america-makes": (1, 1)}


def test_a_filter_hides_no_place_where_a_story_stands(retold: None, hubwatch: Callable[..., Any]) -> None:
    (view,) = hubwatch("orgs", "Acme", "--hub", "lift", "--json").json
    assert {a["title"]: a["also"] for a in view["announcements"]} == {
        item["title"]: item["also"] for item in hubwatch("search", "told OR alone", "--json").json
    }
    assert "also America Makes" in hubwatch("orgs", "Acme", "--hub", "lift").out


@pytest.mark.parametrize("more", [(), ("--min-score", "0.1")], ids=["by the store", "by the score"])
def test_what_is_undated_makes_no_date(
    more: tuple[str, ...], stored: Callable[..., None], hubwatch: Callable[..., Any]
) -> None:
    """Nobody worked with a hub since 1900."""
    undated = {
        "published": None, "effective": datetime(1900, 1, 1, tzinfo=UTC), "first_seen": NOW, "updated": NOW,
    }  # fmt: skip
    stored(
        {"title": "first", "organizations": ("Acme", "Zenith"), **undated},
        {"title": "then", "organizations": ("Acme",), "published": NOW - timedelta(days=40)},
    )
    rows = hubwatch("orgs", "--since", "1900-01-01", "--sort", "newest", "--json", *more).json
    assert [(row["name"], row["items"]) for row in rows] == [("Acme", 2), ("Zenith", 1)]
    assert rows[1]["latest"] is None
    assert "undated" in hubwatch("orgs", "--since", "1900-01-01", *more).out
    views = [hubwatch("orgs", name, "--json", *more).json[0] for name in ("Acme", "Zenith")]
    ties = [view["memberships"][0] for view in views]
    assert ties[0]["since"] == ties[0]["latest"] == views[0]["latest"] == rows[0]["latest"]
    assert (ties[1]["since"], ties[1]["latest"], views[1]["latest"]) == (None, None, None)
    assert f"{NOW - timedelta(days=40):%b %Y}" in hubwatch("orgs", "Acme", *more).out


@pytest.mark.parametrize("more", [(), ("--min-score", "0.1")], ids=["by the store", "by the score"])
def test_the_list_counts_a_story_of_two_sites_once(
    more: tuple[str, ...], retold: None, hubwatch: Callable[..., Any]
) -> None:
    (row,) = hubwatch("orgs", "--json", *more).json
    assert (row["items"], row["stories"], sorted(row["hubs"])) == (3, 2, ["america-makes", "lift"])
    assert hubwatch("orgs", *more).out.splitlines()[-1].split()[:2] == ["Acme", "2"]


def test_a_list_of_members_is_said_as_it_was_seen(
    filled: None, home: Any, hubwatch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    long_ago = NOW - timedelta(days=400)
    with open_for_writing(home.db) as store:
        organizations.save_members(store, "america-makes", ["Boeing"], now=long_ago)
        organizations.save_members(store, "nextflex", ["Boeing"], now=long_ago)
        organizations.save_members(store, "nextflex", ["Quiet Castings"], now=NOW)
    monkeypatch.setenv("COLUMNS", "60")
    rows = {line.split("  ")[0]: line for line in hubwatch("orgs", "Boeing").out.splitlines()}
    day = f"{long_ago:%b} {long_ago.day}, {long_ago.year}"
    assert f"yes (seen since {NOW:%b} {NOW.day})" in rows["LIFT"]
    assert f"yes (seen since {day})" in rows["America Makes"], "its list was not read since"
    assert f"no longer (until {day})" in rows["NextFlex"]
    ties = {tie["hub"]: tie for tie in hubwatch("orgs", "Boeing", "--json").json[0]["memberships"]}
    assert (ties["nextflex"]["listed_member"], ties["nextflex"]["listed_until"][:4]) == (
        True,
        f"{long_ago:%Y}",
    )


# --- a word that several have -----------------------------------------------------------------------


def test_the_table_and_the_choice_have_the_same_names(
    stored: Callable[..., None], home: Any, hubwatch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    long = "National Additive Manufacturing Innovation Institute"
    stored(
        {"title": "one", "published": NOW, "organizations": ("America Makes", "Manufacturing Institute")},
        {"title": "two", "published": NOW, "organizations": (long,)},
    )
    with open_for_writing(home.db) as store:
        organizations.save_members(store, "lift", ["Quiet Manufacturing"], now=NOW)
    monkeypatch.delenv("COLUMNS")
    said = hubwatch("orgs", "Manufacturing")
    assert said.out.splitlines()[0] == "“Manufacturing” · 3 organizations"
    rows = [re.split(" {2,}", line) for line in said.out.splitlines()[3:]]
    assert [row[:2] for row in rows] == [
        [f"America Makes ({long})", "2"],
        ["Manufacturing Institute", "1"],
        ["Quiet Manufacturing", "0"],
    ]
    assert said.err.endswith("name one: America Makes; Manufacturing Institute; Quiet Manufacturing\n")
    assert hubwatch("orgs", "America Makes", "--json").json[0]["items"] == 2
    old = hubwatch("orgs", "Manufacturing", "--until", "30d", "--json").json
    assert [(row["name"], row["items"], row["latest"]) for row in old] == [
        ("Manufacturing Institute", 0, None), (long, 0, None), ("Quiet Manufacturing", 0, None)
    ]  # fmt: skip


def test_a_long_choice_says_how_many_more_there_are(
    stored: Callable[..., None], hubwatch: Callable[..., Any]
) -> None:
    names = [f"Casting House {letter}" for letter in "ABCDEFGHIJK"]
    stored({"title": "one", "published": NOW, "organizations": names})
    said = hubwatch("orgs", "casting", "--limit", "4")
    err = " ".join(said.err.split())
    assert "11 organizations have" in err
    assert "Casting House H; and 3 more" in err
    assert "7 more; --limit shows more" in err
    assert max(map(len, said.err.splitlines())) <= 80
    assert len(said.out.splitlines()) == 3 + 4


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


@pytest.mark.parametrize(
    ("args", "found"),
    [
        pytest.param(("orgs", "Boeing", "--keyword", "nanocellulose"), 1, id="orgs NAME"),
        pytest.param(("orgs", "--keyword", "nanocellulose", "--min-score", "0.5"), 1, id="orgs"),
        pytest.param(
            ("trends", "--by", "kind", "--keyword", "nanocellulose", "--min-score", "0.5"), 1, id="trends"
        ),
        pytest.param(("orgs", "--keyword", "weldability", "--min-score", "0.3"), 0, id="a word of none"),
    ],
)
def test_a_keyword_is_found_in_the_full_text(
    stored: Callable[..., None], hubwatch: Callable[..., Any], args: tuple[str, ...], found: int
) -> None:
    stored(
        {
            "title": "Boeing visits the lab", "published": NOW - timedelta(days=1),
            "organizations": ("Boeing",), "content": "The tour ended at the nanocellulose line.",
        }
    )  # fmt: skip
    rows = hubwatch(*args, "--json").json
    assert sum(row.get("items", row.get("total")) for row in rows) == found
