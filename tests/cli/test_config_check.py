"""config check: that the file cannot be read is told in the same way as what is wrong in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def unreadable(home: Any, tmp_path: Any, request: pytest.FixtureRequest) -> str:
    if request.param == "not there":
        return str(tmp_path / "none.toml")
    if request.param == "a folder":
        return str(tmp_path)
    home.config.write_bytes("[hubwatch]\ncontact = 'café'\n".encode("latin-1"))
    return str(home.config)


@pytest.mark.parametrize(
    ("unreadable", "line", "words"),
    [
        ("not there", None, "there is no such file"),
        ("not UTF-8", 2, "this is not UTF-8 text"),
        ("a folder", None, "cannot be read"),
    ],
    indirect=["unreadable"],
)
def test_a_file_that_cannot_be_read_is_a_fault(
    unreadable: str, line: int | None, words: str, hubwatch: Callable[..., Any]
) -> None:
    said = hubwatch("--config", unreadable, "config", "check", "--json")
    (fault,) = said.json
    assert (said.code, said.err) == (2, "")
    assert (fault["path"], fault["line"]) == (unreadable, line)
    assert words in fault["message"]
    assert fault["hint"]
    told = hubwatch("--config", unreadable, "config", "check")
    assert (told.code, told.out) == (2, f"{fault['message']}\n  hint: {fault['hint']}\n")
