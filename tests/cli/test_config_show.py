"""hubwatch config show: the values in effect as the file would have them, each with where it comes from."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import Any

import pytest

from hubwatch.cli import main
from hubwatch.config_show import written

VALUES = [
    pytest.param(None, "(none)", id="none"),
    pytest.param((), "[]", id="nothing in it"),
    pytest.param(("lift", 'a "b"'), '["lift", "a \\"b\\""]', id="a list"),
    pytest.param(True, "true", id="true"),
    pytest.param(10_000_000, "10_000_000", id="a large number"),
    pytest.param(2525, "2525", id="a port"),
    pytest.param(1.0, "1.0", id="a number"),
    pytest.param("C:\\data", '"C:\\\\data"', id="a path of Windows"),
    pytest.param("Zoë\x7f", '"Zoë\\u007f"', id="a letter that must be escaped"),
]


@pytest.mark.parametrize(("value", "expected"), VALUES)
def test_a_value_is_written_as_in_the_file(value: object, expected: str) -> None:
    assert written(value) == expected
    if value is not None:
        read = tomllib.loads(f"value = {expected}")["value"]
        assert (tuple(read) if isinstance(read, list) else read) == value


def origin(out: str, key: str) -> str:
    line = next(line for line in out.splitlines() if line.split()[0] == key)
    return line.rpartition("(")[2].rstrip(")")


def test_the_option_and_the_variable_are_told_apart(
    home: Any, hubwatch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    assert origin(hubwatch("config", "show").out, "hubwatch.database") == "--db"
    monkeypatch.setenv("HUBWATCH_DB", str(home.db))
    assert origin(hubwatch("config", "show").out, "hubwatch.database") == "--db"
    assert main.run(["config", "show"]) == 0
    shown = capsys.readouterr().out
    assert origin(shown, "hubwatch.database") == "HUBWATCH_DB"
    assert str(home.db) in shown


def test_nothing_of_python_is_printed(home: Any, hubwatch: Callable[..., Any]) -> None:
    home.configure('[profiles.alice]\ntopics = ["lightweight"]\n[sources.x]\nurl = "https://x.example/"\n')
    shown = hubwatch("config", "show").out
    assert not any(word in shown for word in ("None", "()", "('"))
    assert f"({home.config}:2)" in next(line for line in shown.splitlines() if "alice.topics" in line)


@pytest.mark.parametrize("columns", [40, 80])
def test_a_terminal_breaks_no_setting_in_a_word(
    columns: int, home: Any, hubwatch: Callable[..., Any], terminal: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    home.configure('[sources.example]\nurl = "https://www.example.org/news"\nname = "Example"\n')
    monkeypatch.setenv("COLUMNS", str(columns))
    piped = hubwatch("config", "show").out
    shown = terminal("config", "show").out
    assert shown.split() == piped.split()
    assert len(piped.splitlines()) < len(shown.splitlines())
    assert all(len(line) <= columns or line.startswith(("    (", '    "')) for line in shown.splitlines())
