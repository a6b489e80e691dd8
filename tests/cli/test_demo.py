"""hubwatch demo: what is said of a slip, and of an interruption."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest


@pytest.mark.parametrize("slip", [("--topic", "lightwieght"), ("--format", "pfd")], ids=" ".join)
def test_a_slip_is_told_before_anything_is_read(slip: tuple[str, str], hubwatch: Callable[..., Any]) -> None:
    said = hubwatch("demo", *slip)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("error: unknown")


@pytest.mark.skipif(os.name != "posix", reason="there is no such signal")
def test_an_interruption_promises_nothing(home: Any) -> None:
    command = [sys.executable, "-m", "hubwatch", "demo"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("Reading five demo sites")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert err.splitlines()[-1] == "interrupted"
