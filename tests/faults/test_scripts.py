"""The long trials, shortened: kills, hostile sites, mutated documents. Their full size is run by hand."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
POSIX = pytest.mark.skipif(os.name != "posix", reason="reads /proc, and kills")


def run(script: str, *args: str) -> None:
    ran = subprocess.run(
        [sys.executable, str(HERE / script), *args], capture_output=True, text=True, timeout=300, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


@POSIX
def test_kills_leave_the_store_as_if_nothing_had_been() -> None:
    run("crash.py", "--kills", "4", "--sources", "10")


@POSIX
def test_hostile_sites_cost_their_own_time_and_nothing_else() -> None:
    """Every sort of hostility once, next to as many good sites; the time has slack for a busy machine."""
    run("hostile.py", "--sources", "60", "--hostile", "30", "--timeout", "2", "--slack", "15")


def test_mutated_documents_end_in_items_or_in_a_plain_reason() -> None:
    run("fuzz.py", "--minutes", "0.15", "--inputs", "400")
