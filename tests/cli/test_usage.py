"""Wrong usage in two lines: what is wrong, and what to type next."""

from __future__ import annotations

import pytest
import typer

from hubwatch.cli.main import app
from hubwatch.cli.usage import usage_lines

CASES = [
    pytest.param(
        "digest --db x", "put --db before the command", "hubwatch --db ... digest", id="global option"
    ),
    pytest.param("db check -v", "put -v before the command", "hubwatch -v db check", id="global flag"),
    pytest.param(
        "digest --tpoic x",
        "unknown option --tpoic; did you mean --topic?",
        "hubwatch digest --help",
        id="option",
    ),
    pytest.param("digest -x", "unknown option -x", "hubwatch digest --help", id="short option"),
    pytest.param("--bogus", "unknown option --bogus", "hubwatch --help", id="no command"),
    pytest.param("digest --topic", "--topic needs a value", "hubwatch digest --help", id="no value"),
    pytest.param("sync --force=3", "--force takes no value", "hubwatch sync --help", id="a value too many"),
    pytest.param("sync --jobs 0", "--jobs: 0 is not from 1 to 1000", "hubwatch sync --help", id="range"),
    pytest.param("sync --jobs x", "--jobs: 'x' is not a whole number", "hubwatch sync --help", id="number"),
    pytest.param("sync --wait -1", "--wait: -1 is less than 0", "hubwatch sync --help", id="least"),
    pytest.param(
        "digest --min-score 5", "--min-score: 5 is not from 0 to 1", "hubwatch digest --help", id="score"
    ),
    pytest.param("show", "ID is missing", "hubwatch show --help", id="argument"),
    pytest.param("db prune", "--older-than is missing", "hubwatch db prune --help", id="needed option"),
    pytest.param("open a b", "too much was typed: b", "hubwatch open --help", id="too many arguments"),
    pytest.param(
        "config chek",
        "unknown command 'chek' of hubwatch config; did you mean check?",
        "one of: path, init, check, show",
        id="subcommand",
    ),
    pytest.param(
        "config zzz",
        "unknown command 'zzz' of hubwatch config",
        "one of: path, init, check, show",
        id="subcommand like none",
    ),
]


def raised(line: str) -> Exception:
    with pytest.raises(Exception) as found:
        typer.main.get_command(app).main(args=line.split(), prog_name="hubwatch", standalone_mode=False)
    return found.value


@pytest.mark.parametrize(("line", "error", "hint"), CASES)
def test_wrong_usage(line: str, error: str, hint: str) -> None:
    assert usage_lines(raised(line), line.split()) == (error, hint)


def test_the_help_that_a_group_prints_by_itself_is_no_error() -> None:
    assert usage_lines(raised("config"), ["config"]) is None


def test_other_errors_are_not_usage() -> None:
    assert usage_lines(ValueError("x")) is None
