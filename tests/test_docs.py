"""The docs are true: commands exist and are named, examples parse, those that need no network run."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer

import hubwatch
from hubwatch import config, identity, item_ids
from hubwatch.cli.main import COMMANDS, app
from hubwatch.models import Item, Source
from hubwatch.store import items, sources
from hubwatch.store.db import open_for_writing

ROOT = Path(hubwatch.__file__).parent.parent
DOCS = Path(hubwatch.__file__).parent / "docs"
README = ROOT / "README.md"
PAGES = (README, *sorted(DOCS.glob("*.md")))
_NETWORK = re.compile(
    r"hubwatch (?:sync|init|demo|sources (?:add|check))|--email|--install|curl|keyring|pip|uv tool"
)
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ALICE = '[hubwatch]\ncatalog = []\n[profiles.alice]\ntopics = ["lightweight"]\nemail = "alice@example.com"\n'


def _examples(language: str) -> Iterator[Any]:
    for page in PAGES:
        for found in _FENCE.finditer(page.read_text(encoding="utf-8")):
            if found[1] == language:
                yield pytest.param(found[2], id=f"{page.stem}: {found[2].splitlines()[0][:70]}")


def _lines() -> list[Any]:
    return [
        pytest.param(line, id=example.id)
        for example in _examples("sh")
        for line in str(example.values[0]).splitlines()
        if "hubwatch" in line
    ]


def _calls(line: str) -> Iterator[list[str]]:
    """Give the arguments of each call of hubwatch in a line of shell."""
    inner = re.compile(r"\$\(([^()]*)\)")
    for found in inner.findall(line):
        yield from _calls(found)
    lexer = shlex.shlex(inner.sub("x", line), posix=True, punctuation_chars=";&|<>")
    lexer.whitespace_split = True
    commands: list[list[str]] = [[]]
    for word in lexer:
        if set(word) <= set(";&|<>"):
            commands.append([])
        else:
            commands[-1].append(word)
    yield from (words[1:] for words in commands if words and words[0].rpartition("/")[2] == "hubwatch")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme(name: str) -> None:
    assert f"`hubwatch {name}`" in README.read_text(encoding="utf-8")


def test_the_readme_names_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    table = README.read_text(encoding="utf-8").partition("## What it is built on")[2]
    names = {re.split(r"[<>=\[]", one)[0] for one in project["dependencies"]}
    assert {name for name in names if not re.search(rf"^\| .*\b{name}\b.* \|", table, re.MULTILINE)} == set()


@pytest.mark.parametrize("line", _lines())
def test_every_example_parses(line: str) -> None:
    calls = list(_calls(line))
    if not calls:
        assert re.search(r"pip|uv |keyring", line), "an example that does not call hubwatch"
    for arguments in calls:
        _parse(arguments)


def _parse(arguments: list[str]) -> None:
    """Have the command read its options; a wrong one raises."""
    command: Any = typer.main.get_command(app)
    context: Any = command.make_context("hubwatch", [], resilient_parsing=True)
    rest = list(arguments)
    while rest and not rest[0].startswith("-") and hasattr(command, "get_command"):
        name = rest.pop(0)
        command = command.get_command(context, name)
        assert command is not None, f"No such command: {name}"
        context = command.make_context(name, [], parent=context, resilient_parsing=True)
    if rest == ["--install-completion"]:  # what it would do, it does while it is read
        assert "install_completion" in {option.name for option in command.params}
        return
    command.make_context("hubwatch", rest, parent=context.parent)


def test_a_wrong_example_would_be_found() -> None:
    for wrong in (["digest", "--sorted"], ["digst"], ["sources", "chek"], ["db", "prune", "--old", "2y"]):
        with pytest.raises(Exception, match=r"(?i)no such"):
            _parse(wrong)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a configuration, a store, another store, and hubwatch on the search path."""
    folder = tmp_path_factory.mktemp("docs")
    (folder / "config.toml").write_text(ALICE)
    now = datetime.now(UTC).replace(microsecond=0)
    for name in ("hubwatch.db", "other.db"):
        with open_for_writing(folder / name) as store:
            lift = Source(id="lift", name="LIFT", url="https://lift.example/", hub="lift", state="MI")
            sources.register(store, (lift,), ())
            title = "Aluminum casting with titanium"
            item = Item(
                id=item_ids.item_id("lift", None, "https://lift.example/1", title, now),
                source="lift", title=title, url="https://lift.example/1",
                published=now, first_seen=now, updated=now, effective=now,
            )  # fmt: skip
            items.save(store, "lift", identity.Resolution(new=(item,), changed=()), None, now=now)
    (folder / "bin").mkdir()
    program = folder / "bin" / "hubwatch"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m hubwatch "$@"\n')
    program.chmod(0o755)
    return folder


@pytest.mark.skipif(os.name != "posix", reason="the examples are for a POSIX shell")
@pytest.mark.parametrize("line", [each for each in _lines() if not _NETWORK.search(str(each.values[0]))])
def test_every_example_without_network_runs(line: str, place: Path, tmp_path: Path) -> None:
    path = f"{place / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    for other in ("jq", "datasette", "sqlite-utils"):
        if re.search(rf"(^|\| ){other} ", line) and not shutil.which(other, path=path):
            pytest.skip(f"{other} is not installed")
    for name in ("config.toml", "hubwatch.db", "other.db"):
        shutil.copy(place / name, tmp_path / name)
    env = {
        **os.environ, "PATH": path, "HOME": str(tmp_path), "PYTHONPATH": str(ROOT),
        "HUBWATCH_CONFIG": str(tmp_path / "config.toml"), "HUBWATCH_DB": str(tmp_path / "hubwatch.db"),
    }  # fmt: skip
    if "profiles add alice" in line:
        (tmp_path / "config.toml").write_text("")
    line = line.replace("datasette ", "datasette --get /-/versions.json ").replace(" --open", "")
    done = subprocess.run(
        ["/bin/sh", "-c", line], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "error:" not in done.stderr


@pytest.mark.parametrize("example", [*_examples("toml")])
def test_every_configuration_example_loads(example: str, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(example, encoding="utf-8")
    assert config.check(file) == ()


def test_every_option_of_the_example_configuration_loads() -> None:
    file = ROOT / "config.example.toml"
    assert config.check(file) == ()
    loaded = config.load(file, {})
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    named = {f"{table}.{key}" for table, values in tables.items() for key in values}
    assert {key for key in named if key not in loaded.origins} == set()
    assert file.read_bytes() == (DOCS / "config.example.toml").read_bytes()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_page_that_is_pointed_to_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    known = {each.stem for each in PAGES} | set(COMMANDS) | {"man", "scale"}
    assert set(re.findall(r"hubwatch help ([a-z]+)", text)) <= known
    for target in re.findall(r"\]\((?!https?://)([^)#]+)\)", text):
        assert (page.parent / target).exists(), target


def test_the_program_points_to_pages_that_are_there() -> None:
    known = {each.stem for each in PAGES} | set(COMMANDS) | {"man"}
    package = Path(hubwatch.__file__).parent
    named = {
        name
        for file in package.rglob("*.py")
        for name in re.findall(r"hubwatch help ([a-z]+)\b", file.read_text(encoding="utf-8"))
    }
    assert named <= known
