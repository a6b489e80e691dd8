"""Completion in bash, zsh and fish: commands, options, and names that only hubwatch knows."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Complete = Callable[..., list[str]]
HEAVY = (
    "httpx",
    "feedparser",
    "bs4",
    "lxml",
    "rich",
    "sqlite3",
    "sqlite_utils",
    "tomlkit",
    "jinja2",
    "hubwatch.facts",
)


@pytest.fixture
def env(home: Any, tmp_path: Path) -> dict[str, str]:
    """An environment with hubwatch on the search path and a profile in its configuration."""
    home.configure(
        '[profiles.alice]\ntopics = ["lightweight"]\n[sources.zinc]\nurl = "https://example.org/"\n'
    )
    program = tmp_path / "bin" / "hubwatch"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m hubwatch "$@"\n')
    program.chmod(0o755)
    return {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}", "HOME": str(tmp_path)}


@pytest.fixture
def complete(env: dict[str, str]) -> Complete:
    """Ask what follows these words, as bash's script does."""

    def ask(*words: str, flags: tuple[str, ...] = ()) -> list[str]:
        asked = {
            **env,
            "_HUBWATCH_COMPLETE": "complete_bash",
            "COMP_WORDS": " ".join(("hubwatch", *words)),
            "COMP_CWORD": str(len(words)),
        }
        command = [sys.executable, *flags, "-m", "hubwatch"]
        done = subprocess.run(command, env=asked, capture_output=True, text=True, check=False)
        return (done.stderr if flags else done.stdout).splitlines()

    return ask


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        pytest.param(("sch",), "schedule", id="command"),
        pytest.param(("sources", "che"), "check", id="command of a group"),
        pytest.param(("digest", "--form"), "--format", id="option"),
        pytest.param(("digest", "--topic", "light"), "lightweight", id="topic"),
        pytest.param(("digest", "--hub", "america"), "america-makes", id="hub"),
        pytest.param(("hubs", "lif"), "lift", id="hub as an argument"),
        pytest.param(("hubs", "--group", "inst"), "institutes", id="group"),
        pytest.param(("digest", "--profile", "al"), "alice", id="profile"),
        pytest.param(("sync", "zi"), "zinc", id="source"),
        pytest.param(("digest", "--state", "O"), "OH", id="state"),
        pytest.param(("calls", "--kind", "ca"), "call", id="kind"),
        pytest.param(("digest", "--format", "mark"), "markdown", id="format"),
        pytest.param(("digest", "--sort", "new"), "newest", id="sort"),
        pytest.param(("trends", "--by", "ki"), "kind", id="by"),
        pytest.param(("trends", "--bucket", "w"), "week", id="bucket"),
        pytest.param(("sources", "add", "x", "--what", "ev"), "events", id="what"),
        pytest.param(("schedule", "--for", "cr"), "cron", id="scheduler"),
        pytest.param(("help", "reci"), "recipes", id="page"),
    ],
)
def test_names_are_offered(words: tuple[str, ...], offered: str, complete: Complete) -> None:
    assert offered in complete(*words)


@pytest.mark.parametrize(
    "words", [("",), ("digest", "--topic", ""), ("digest", "--profile", ""), ("sync", "")], ids=" ".join
)
def test_completing_loads_nothing_heavy(words: tuple[str, ...], complete: Complete) -> None:
    loaded = {line.rpartition("|")[2].strip() for line in complete(*words, flags=("-X", "importtime"))}
    assert "hubwatch.cli.main" in loaded
    assert sorted(name for name in HEAVY if name in loaded) == []


def test_completing_commands_imports_none_of_them(complete: Complete) -> None:
    lines = complete("", flags=("-X", "importtime"))
    loaded = {line.rpartition("|")[2].strip() for line in lines}
    assert not {"hubwatch.cli.digest", "hubwatch.cli.sync", "hubwatch.cli.sources"} & loaded


def test_a_broken_configuration_offers_nothing_and_says_nothing(complete: Complete, home: Any) -> None:
    home.configure("[profiles")
    assert "".join(complete("digest", "--profile", "")) == ""


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed")
def test_bash_completes_by_the_script(env: dict[str, str]) -> None:
    script = (
        'eval "$(_HUBWATCH_COMPLETE=source_bash hubwatch)"; COMP_WORDS=(hubwatch digest --topic li);'
        ' COMP_CWORD=3; _hubwatch_completion hubwatch; echo "${COMPREPLY[@]}"'
    )
    done = subprocess.run(["bash", "-c", script], env=env, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["lightweight"], done.stderr


@pytest.mark.skipif(not shutil.which("fish"), reason="fish is not installed")
def test_fish_completes_by_the_script(env: dict[str, str]) -> None:
    script = '_HUBWATCH_COMPLETE=source_fish hubwatch | source; complete -C "hubwatch digest --topic li"'
    done = subprocess.run(["fish", "-c", script], env=env, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["lightweight"], done.stderr


@pytest.mark.skipif(not shutil.which("zsh"), reason="zsh is not installed")
def test_zsh_takes_the_script(env: dict[str, str]) -> None:
    script = (
        "autoload -Uz compinit && compinit -u -D; _HUBWATCH_COMPLETE=source_zsh hubwatch > $HOME/_hubwatch"
        " && source $HOME/_hubwatch && whence -w _hubwatch_completion && echo ${_comps[hubwatch]}"
    )
    done = subprocess.run(["zsh", "-f", "-c", script], env=env, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["_hubwatch_completion:", "function", "_hubwatch_completion"], done.stderr
    asked = {
        **env,
        "_HUBWATCH_COMPLETE": "complete_zsh",
        "_TYPER_COMPLETE_ARGS": "hubwatch digest --topic li",
    }
    done = subprocess.run(
        [sys.executable, "-m", "hubwatch"], env=asked, capture_output=True, text=True, check=False
    )
    assert "lightweight" in done.stdout


@pytest.mark.parametrize("option", ["--install-completion", "--show-completion"])
def test_the_options_are_in_the_help_of_the_whole_and_of_no_command(
    option: str, hubwatch: Callable[..., Any]
) -> None:
    assert option in hubwatch("--help").out
    assert option not in hubwatch("digest", "--help").out
