"""The manual page says what --help says."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from hubwatch.cli.main import COMMANDS


def test_every_command_and_option_is_in_it(hubwatch: Callable[..., Any]) -> None:
    page = hubwatch("help", "man").out.replace(r"\-", "-")
    assert page.startswith(".TH HUBWATCH 1")
    for command in COMMANDS:
        assert re.search(rf"^\.SS hubwatch {command}\b", page, re.MULTILINE), command
        options = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", hubwatch(command, "--help").out))
        assert {option for option in options if option not in page} == set()
    assert ".SS hubwatch sources check" in page


@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not installed")
def test_groff_has_nothing_to_say(hubwatch: Callable[..., Any]) -> None:
    page = hubwatch("help", "man").out
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", "-z"], input=page, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
