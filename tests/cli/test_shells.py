"""The completion of the shell that was named, whatever shell hubwatch was started from."""

from __future__ import annotations

from pathlib import Path

import pytest

from hubwatch.cli import shells
from hubwatch.errors import UnknownNameError

SIGNS = {"bash": "complete -o default", "zsh": "#compdef hubwatch", "fish": "complete --command hubwatch"}


@pytest.mark.parametrize("shell", SIGNS)
@pytest.mark.parametrize(
    "form",
    [
        pytest.param(("--show-completion", "{}"), id="a word"),
        pytest.param(("--show-completion={}",), id="an equals sign"),
        pytest.param(("--db", "x.db", "-q", "--show-completion", "{}"), id="after other options"),
    ],
)
def test_the_script_of_the_shell_that_was_named(
    shell: str, form: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert shells.answer([word.format(shell) for word in form])
    script = capsys.readouterr().out
    assert [name for name, sign in SIGNS.items() if sign in script] == [shell]
    assert "_HUBWATCH_COMPLETE" in script


@pytest.mark.parametrize(
    "args",
    [
        pytest.param((), id="nothing"),
        pytest.param(("--show-completion",), id="no shell"),
        pytest.param(("--show-completion", "--help"), id="another option"),
        pytest.param(("search", "--show-completion", "zsh"), id="after a command"),
        pytest.param(("--db", "--show-completion", "zsh"), id="as a value"),
    ],
)
def test_what_is_left_to_typer(args: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert not shells.answer(args)
    assert capsys.readouterr().out == ""


def test_an_unknown_shell_names_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="unknown shell 'fsh'; did you mean fish"):
        shells.answer(["--show-completion", "fsh"])


@pytest.mark.parametrize("shell", SIGNS)
def test_it_is_installed_for_that_shell(
    shell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert shells.answer(["--install-completion", shell])
    written = [path for path in tmp_path.rglob("*") if path.is_file() and SIGNS[shell] in path.read_text()]
    assert len(written) == 1
    assert str(written[0]) in capsys.readouterr().err
