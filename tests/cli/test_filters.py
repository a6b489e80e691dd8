"""The filters that many commands share: what is understood, and what is said of the rest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

Hubwatch = Callable[..., Any]
NOW = datetime.now(UTC)


@pytest.fixture
def filled(stored: Callable[..., None]) -> None:
    day = NOW - timedelta(days=1)
    stored(
        {"title": "From Michigan", "published": day},
        {"title": "From Ohio", "source": "america-makes", "published": day},
    )


@pytest.mark.parametrize("state", ["OH", "oh", "Ohio", "ohio", " Ohio "])
def test_a_state_by_its_letters_or_its_name(state: str, filled: None, hubwatch: Hubwatch) -> None:
    assert [item["title"] for item in hubwatch("digest", "--state", state, "--json").json] == ["From Ohio"]
    assert {hub["state"] for hub in hubwatch("hubs", "--state", state, "--json").json} == {"OH"}


@pytest.mark.parametrize(
    ("args", "meant"),
    [
        pytest.param(("digest", "--state", "Ohoi"), "did you mean Ohio?", id="a state's name"),
        pytest.param(("digest", "--state", "MIX"), "did you mean MI?", id="a letter too many"),
        pytest.param(("digest", "--state", "Cal"), "did you mean California?", id="a state's beginning"),
        pytest.param(("digest", "--state", "O"), "unknown state 'O'", id="a state's letters"),
        pytest.param(("digest", "--state", "OX"), "OH, OK, OR", id="a state's letters, none near"),
        pytest.param(("digest", "--source", "zz"), "hubwatch sources lists", id="a source, none near"),
        pytest.param(("sync", "america-maks"), "did you mean america-makes", id="a source not followed"),
        pytest.param(("digest", "--topic", "aluminum"), "did you mean lightweight?", id="a term of an area"),
        pytest.param(("topics", "aluminum"), "did you mean lightweight?", id="topics"),
        pytest.param(
            ("profiles", "add", "x", "--topic", "graphene"), 'did you mean "nanomaterials"?', id="profile"
        ),
    ],
)
def test_what_was_meant(args: tuple[str, ...], meant: str, hubwatch: Hubwatch) -> None:
    said = hubwatch(*args)
    assert (said.code, said.out) == (2, "")
    assert meant in said.err


@pytest.mark.parametrize(
    ("option", "names", "instead"),
    [
        ("--topic", "lightweight,additive", "--topic lightweight --topic additive"),
        ("--state", "MI, OH", "--state MI --state OH"),
        ("--hub", "lift,america makes", "--hub lift --hub 'america makes'"),
        ("--kind", "call,award", "--kind call --kind award"),
        ("--source", "lift,mxd", "--source lift --source mxd"),
    ],
)
def test_several_names_after_one_option_are_told_apart(
    option: str, names: str, instead: str, hubwatch: Hubwatch
) -> None:
    said = hubwatch("digest", option, names)
    assert (said.code, said.out) == (2, "")
    assert f"error: unknown {option[2:]} '{names}'" in said.err
    assert f"\nhint: one name each: {instead}\n" in said.err


@pytest.mark.parametrize(
    ("args", "instead"),
    [
        (("profiles", "add", "alice", "--topic", "coatings", "--topic", "lightweight,additive"),
         "--topic lightweight --topic additive"),
        (("profiles", "add", "alice", "--hub", "lift, america makes"), "--hub lift --hub 'america makes'"),
        (("profiles", "add", "alice", "--state", "OH,MI"), "--state OH --state MI"),
        (("hubs", "--group", "mep,states"), "--group mep --group states"),
    ],
    ids=str,
)  # fmt: skip
def test_several_names_are_told_apart_beyond_the_filters(
    args: tuple[str, ...], instead: str, hubwatch: Hubwatch
) -> None:
    said = hubwatch(*args)
    assert (said.code, said.out) == (2, "")
    assert said.err.endswith(f"\nhint: one name each: {instead}\n")


@pytest.mark.parametrize(
    "args",
    [("sync", "--wait"), ("sync", "--timeout"), ("digest", "--min-score"), ("retag", "--wait")],
    ids=" ".join,
)
@pytest.mark.parametrize("number", ["nan", "inf", "-inf"])
def test_what_is_no_finite_number_is_wrong_usage(
    args: tuple[str, ...], number: str, hubwatch: Hubwatch
) -> None:
    said = hubwatch(*args, number)
    assert (said.code, said.out) == (2, "")
    assert args[1] in said.err
    assert len(said.err.splitlines()) == 2


@pytest.mark.parametrize(
    "args",
    [
        *(
            ("digest", option, "")
            for option in (
                "--since",
                "--until",
                "--sort",
                "--keyword",
                "--exclude",
                "--org",
                "--topic",
                "--hub",
            )
        ),
        ("digest", "--keyword", "aluminum", "--keyword", " "),
        ("calls", "--sort", ""),
        ("trends", "--since", ""),
        ("hubs", "--near", ""),
        ("hubs", ""),
        ("orgs", ""),
    ],
    ids=" ".join,
)
def test_what_is_empty_is_wrong_usage(args: tuple[str, ...], hubwatch: Hubwatch) -> None:
    said = hubwatch(*args)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("error: ")


def test_a_time_that_ends_before_it_begins_is_wrong_usage(hubwatch: Hubwatch) -> None:
    said = hubwatch("digest", "--since", "2d", "--until", "2026-01-31")
    assert (said.code, said.out) == (2, "")
    assert "--since 2d is after --until 2026-01-31" in said.err


@pytest.mark.parametrize(
    ("command", "usual"),
    [
        ("digest", "the last 14 days, with --source everything kept; 50 items; every score"),
        ("search", "everything kept; 50 items; every score"),
        ("calls", "200 calls; every score"),
    ],
)
def test_the_help_says_what_holds_without_options(command: str, usual: str, hubwatch: Hubwatch) -> None:
    said = " ".join(hubwatch(command, "--help").out.split())
    assert f"Unless told: {usual}, with --profile its min_score." in said


@pytest.mark.parametrize("command", [("digest",), ("search", "x"), ("calls",), ("orgs",), ("trends",)])
def test_a_time_that_has_not_begun_is_warned_of(command: tuple[str, ...], hubwatch: Hubwatch) -> None:
    said = hubwatch(*command, "--since", f"{NOW + timedelta(days=3):%Y-%m-%d}")
    assert said.code == 0
    assert "is in the future" in said.err
    # Today and, for readers east of Greenwich, tomorrow by its calendar.
    for day in (f"{NOW + timedelta(hours=1):%Y-%m-%d}", "today"):
        said = hubwatch(*command, "--since", day)
        assert (said.code, "future" in said.err) == (0, False)


def test_an_end_alone_leaves_the_usual_time_before_it(
    hubwatch: Hubwatch, stored: Callable[..., None]
) -> None:
    stored(*({"title": f"{days} days", "published": NOW - timedelta(days=days)} for days in (1, 35, 60)))
    assert [item["title"] for item in hubwatch("digest", "--until", "30d", "--json").json] == ["35 days"]
    assert hubwatch("digest", "--until", "0001-01-02", "--json").json == []


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(("search", "unobtainium"), "Nothing has these words", id="search"),
        pytest.param(("digest", "--new"), "since the last time", id="new"),
        pytest.param(("calls",), "No open call matches", id="calls"),
        pytest.param(("digest", "--limit", "0"), "2 items match; --limit shows more", id="limit 0"),
    ],
)
def test_what_to_try_fits_what_was_asked(
    args: tuple[str, ...], said: str, filled: None, hubwatch: Hubwatch
) -> None:
    if "--new" in args:
        assert hubwatch(*args).code == 0
    out = hubwatch(*args).out
    assert said in out
    assert "--since" not in out


@pytest.mark.parametrize("name", ["Lightweight metals", "LIGHTWEIGHT METALS", "lightweight"])
def test_an_area_goes_by_its_id_and_by_the_name_that_headings_have(hubwatch: Hubwatch, name: str) -> None:
    assert hubwatch("digest", "--topic", name).out.startswith("Hub digest: Lightweight metals · ")
    assert hubwatch("topics", name).out.startswith("Lightweight metals")


@pytest.mark.parametrize(
    "command", [("digest",), ("digest", "--new", "--peek"), ("search", "from"), ("calls",)]
)
def test_any_limit_is_taken(command: tuple[str, ...], filled: None, hubwatch: Hubwatch) -> None:
    wanted = hubwatch(*command, "--json").json
    assert hubwatch(*command, "--json", "--limit", str(2**63 - 1)).json == wanted
