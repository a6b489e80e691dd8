"""hubwatch profiles: list, add by options or by answers, show."""

from __future__ import annotations

import shlex
import tomllib
from collections.abc import Callable
from typing import Any

import pytest

ALICE = '[profiles.alice]\ntopics = ["lightweight"]\nstates = ["OH"]\nemail = "alice@example.com"\n'


def test_profiles_are_listed(hubwatch: Callable[..., Any], home: Any) -> None:
    home.configure(ALICE)
    assert "alice" in hubwatch("profiles").out
    assert "lightweight, OH" in hubwatch("profiles").out
    (row,) = hubwatch("profiles", "--json").json
    assert row["profile"] == "alice"
    assert row["topics"] == ["lightweight"]
    assert row["min_score"] == 0.3


def test_the_list_says_what_narrows_a_profile(hubwatch: Callable[..., Any], home: Any) -> None:
    home.configure('[profiles.a]\nkinds = ["call"]\nexclude = ["golf outing", "gala"]\n')
    assert "everything; only call; without golf outing, gala" in hubwatch("profiles").out


def test_no_profiles_is_an_empty_list_and_says_how_to_add_one(hubwatch: Callable[..., Any]) -> None:
    said = hubwatch("profiles", "--json")
    assert said.json == []
    assert "profiles add" in said.err


def test_list_is_the_same(hubwatch: Callable[..., Any], home: Any) -> None:
    home.configure(ALICE)
    assert hubwatch("profiles", "list").out == hubwatch("profiles").out
    assert hubwatch("profiles", "list", "--json").json == hubwatch("profiles", "--json").json


def test_a_wrong_value_names_its_option(hubwatch: Callable[..., Any], home: Any) -> None:
    said = hubwatch("profiles", "add", "bob", "--keyword", " ")
    assert (said.code, said.out) == (2, "")
    assert "--keyword must not be empty" in said.err
    assert hubwatch("profiles", "add", "bob", "--min-score", "5").code == 2
    assert not home.config.exists()


@pytest.mark.parametrize(("name", "table"), [("alice", "alice"), ("the shop", '"the shop"')])
def test_a_name_that_is_taken_says_how_to_see_and_change_it(
    name: str, table: str, hubwatch: Callable[..., Any], home: Any
) -> None:
    home.configure(f'[profiles.{table}]\ntopics = ["coatings"]\n')
    said = hubwatch("profiles", "add", name, "--topic", "textiles")
    assert (said.code, said.out) == (2, "")
    assert f"edit [profiles.{table}] in {home.config}" in said.err
    command = said.err.partition("hubwatch ")[2].partition(";")[0]
    assert "coatings" in hubwatch(*shlex.split(command)).out


def test_show_prints_one(hubwatch: Callable[..., Any], home: Any) -> None:
    home.configure(ALICE)
    assert "alice@example.com" in hubwatch("profiles", "show", "alice").out
    assert hubwatch("profiles", "show", "alice", "--json").json["states"] == ["OH"]
    said = hubwatch("profiles", "show", "alise")
    assert (said.code, "did you mean alice?" in said.err) == (2, True)


def test_add_takes_options_and_keeps_the_rest_of_the_file(hubwatch: Callable[..., Any], home: Any) -> None:
    home.configure("# mine\n" + ALICE)
    said = hubwatch(
        "profiles", "add", "bob", "--topic", "Additive", "--topic", "coatings", "--hub", "LM3I",
        "--state", "Michigan", "--kind", "call", "--keyword", "cold spray", "--org", "Boeing",
        "--exclude", "golf", "--min-score", "0.5", "--email", "bob@example.com",
    )  # fmt: skip
    assert said.code == 0, said.err
    assert said.out == ""
    text = home.config.read_text()
    assert text.startswith("# mine\n" + ALICE.rstrip("\n"))
    assert tomllib.loads(text)["profiles"]["bob"] == {
        "topics": ["additive", "coatings"],
        "hubs": ["lift"],
        "states": ["MI"],
        "kinds": ["call"],
        "keywords": ["cold spray"],
        "organizations": ["Boeing"],
        "exclude": ["golf"],
        "min_score": 0.5,
        "email": "bob@example.com",
    }
    assert "hubwatch digest --profile bob" in said.err


@pytest.mark.parametrize(
    ("options", "says"),
    [
        pytest.param(("--topic", "lightwieght"), "lightweight", id="topic"),
        pytest.param(("--hub", "amerca makes"), "america-makes", id="hub"),
        pytest.param(("--state", "Ohoi"), "Ohio", id="state"),
        pytest.param(("--kind", "cal"), "call", id="kind"),
        pytest.param(("--email", "nobody"), "mail address", id="e-mail"),
        pytest.param(("--min-score", "7"), "1", id="score"),
    ],
)
def test_a_wrong_word_is_refused_with_the_nearest(
    options: tuple[str, ...], says: str, hubwatch: Callable[..., Any], home: Any
) -> None:
    said = hubwatch("profiles", "add", "bob", *options)
    assert said.code == 2
    assert says in said.err
    assert not home.config.exists()


def test_nothing_is_asked_without_a_terminal(hubwatch: Callable[..., Any], home: Any) -> None:
    said = hubwatch("profiles", "add", "bob")
    assert said.code == 2
    assert "--topic" in said.err
    assert not home.config.exists()


def test_a_taken_name_is_refused_before_anything_is_asked(hubwatch: Callable[..., Any], home: Any) -> None:
    home.configure(ALICE)
    assert hubwatch("profiles", "add", "alice").code == 2
    assert home.config.read_text() == ALICE


def test_names_that_differ_in_capitals_are_one(hubwatch: Callable[..., Any], home: Any) -> None:
    home.configure(ALICE)
    said = hubwatch("profiles", "add", "Alice", "--topic", "textiles")
    assert said.code == 2
    assert "there is a profile 'alice' already" in said.err
    assert home.config.read_text() == ALICE


def test_add_asks_and_asks_again_after_a_wrong_answer(terminal: Callable[..., Any], home: Any) -> None:
    said = terminal(
        "profiles", "add", "bob",
        typed=(
            "1, additve", "99", "1 2", "LIFT", "ohio", "", "cold spray, AZ31B", "", "", "bob(at)x", "b@x.org",
        ),
    )  # fmt: skip
    assert said.code == 0, said.out
    assert 'did you mean "additive"?' in said.out
    assert "there is no number 99" in said.out
    assert "'bob(at)x' is not a mail address" in said.out
    assert tomllib.loads(home.config.read_text())["profiles"]["bob"] == {
        "topics": ["lightweight", "additive"],
        "hubs": ["lift"],
        "states": ["OH"],
        "keywords": ["cold spray", "AZ31B"],
        "email": "b@x.org",
    }


def test_an_end_of_input_writes_nothing(terminal: Callable[..., Any], home: Any) -> None:
    said = terminal("profiles", "add", "bob", typed=("1", "\x04"))
    assert said.code == 130
    assert not home.config.exists()


def test_a_name_with_a_blank_is_quoted_in_hints(hubwatch: Callable[..., Any]) -> None:
    assert hubwatch("digest", "--profile", "jo doe").err.endswith("hubwatch profiles add 'jo doe'\n")
    assert "add 'jo doe' --topic" in hubwatch("profiles", "add", "jo doe").err
    assert "add 'jo doe' --topic" in hubwatch("init", "jo doe").err
