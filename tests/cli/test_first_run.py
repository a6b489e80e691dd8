"""hubwatch init: from nothing to a profile and a first digest."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import Any

import pytest

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Feed</title><item>
<title>Aluminum casting and magnesium extrusion for lightweight vehicles</title>
<link>https://example.org/a</link></item></channel></rss>"""


def test_without_a_terminal_it_says_what_to_do_instead(hubwatch: Callable[..., Any], home: Any) -> None:
    said = hubwatch("init")
    assert said.code == 2
    assert "hubwatch profiles add me --topic" in said.err
    assert not home.config.exists()


def test_three_answers_write_a_config_and_a_profile(terminal: Callable[..., Any], home: Any) -> None:
    said = terminal("init", typed=("lightwieght", "lightweight, 2", "ohio", "me@example.org", "n"))
    assert said.code == 0, said.out
    assert 'did you mean "lightweight"?' in said.out
    text = home.config.read_text()
    assert "# [fetch]" in text
    assert tomllib.loads(text)["profiles"] == {
        "me": {"topics": ["lightweight", "additive"], "states": ["OH"], "email": "me@example.org"}
    }
    assert f"Wrote {home.config}: a commented configuration" in said.out
    assert "hubwatch digest --profile me" in said.out
    assert not home.db.exists()


def test_a_wrong_answer_is_told_what_fits_the_question(terminal: Callable[..., Any], home: Any) -> None:
    said = terminal(
        "init", typed=("1 2, OH", "xyzzy", "1 2, coatings 3", "1 2, 17", "ohio", "", "maybe", "n")
    )
    assert said.code == 0, said.out
    assert "'OH' is a state; states are asked for after this" in said.out
    assert "unknown topic 'xyzzy'; take a number or a name from the list above" in said.out
    assert "unknown topic 'coatings 3'" in said.out
    assert "'maybe' is neither yes nor no; answer y or n" in said.out
    written = tomllib.loads(home.config.read_text())["profiles"]["me"]
    assert written == {"topics": ["lightweight", "additive", "coatings"], "states": ["OH"]}


def test_a_config_that_is_there_is_kept(terminal: Callable[..., Any], home: Any) -> None:
    home.configure('# mine\n[hubwatch]\ncontact = "me@example.org"\n')
    said = terminal("init", "weekly", typed=("1", "", "", "n"))
    assert said.code == 0, said.out
    text = home.config.read_text()
    assert text.startswith("# mine\n")
    assert f"Added your profile 'weekly' to {home.config}" in said.out
    assert "commented" not in said.out
    assert tomllib.loads(text)["profiles"] == {"weekly": {"topics": ["lightweight"]}}


def test_a_yes_ends_in_a_digest(terminal: Callable[..., Any], home: Any, site: Any) -> None:
    url = site.feed("/feed", FEED)
    home.configure(
        f'[hubwatch]\ncatalog = []\n[sources.one]\nname = "The One"\nurl = "{url}"\nkind = "feed"\n'
    )
    said = terminal("init", typed=("lightweight", "", "", "y"))
    assert said.code == 0, said.out
    assert "Read 1 source now?" in said.out
    assert "Hub digest for me" in said.out
    assert home.db.exists()


def test_where_nothing_is_followed_nothing_is_read(terminal: Callable[..., Any], home: Any) -> None:
    home.configure("[hubwatch]\ncatalog = []\n")
    said = terminal("init", typed=("lightweight", "", ""))
    assert said.code == 0, said.out
    assert "nothing is followed; add a source: hubwatch sources add URL" in said.out
    assert "Read 0 sources" not in said.out


def test_a_second_init_refuses_before_asking(terminal: Callable[..., Any], home: Any) -> None:
    home.configure('[profiles.me]\ntopics = ["additive"]\n')
    said = terminal("init")
    assert said.code == 2
    assert "there is a profile 'me' already" in said.out
    assert "use it: hubwatch sync, then hubwatch digest --profile me;" in said.out


def test_a_name_with_a_blank_is_quoted_in_what_to_type_next(terminal: Callable[..., Any], home: Any) -> None:
    assert "hubwatch digest --profile 'jo doe'" in terminal("init", "jo doe", typed=("1", "", "", "n")).out
    assert "digest --profile 'jo roe'" in terminal("profiles", "add", "jo roe", "--topic", "additive").out


def test_questions_are_set_out_for_narrow_terminals(
    terminal: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    said = terminal("init", typed=("1, compsites", "1", "", "", "n")).out
    assert "\nTechnology areas (numbers or names,\nEnter for none): " in said
    assert "  unknown topic 'compsites'; did you\n  mean \"composites\"?\n" in said
