"""digest --new, twice at the same time: each item goes out exactly once, and nobody waits for long."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hubwatch.store import deliveries
from hubwatch.store.db import open_for_writing
from hubwatch.workflows import deliver

NOW = datetime.now(UTC)
PROFILES = '[profiles.alice]\nkeywords = ["aluminum"]\n[profiles.bob]\nkeywords = ["aluminum"]\n'


@pytest.fixture(autouse=True)
def filled(home: Any, stored: Callable[..., None]) -> None:
    home.configure(PROFILES)
    stored({"title": "Aluminum", "published": NOW - timedelta(days=1)})


def deliver_elsewhere(home: Any, *options: str, before: str = "") -> subprocess.Popen[str]:
    """Start a digest in a process of its own, which waits for nobody."""
    code = f"import sys; from hubwatch.workflows import deliver; deliver.WAIT_S = 0.0\n{before}\n"
    code += "from hubwatch.cli import main; sys.exit(main.run())"
    command = [sys.executable, "-c", code, "--db", str(home.db), "digest", *options]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


@pytest.mark.parametrize(
    ("others", "code"),
    [
        pytest.param(("--profile", "alice", "--new"), 5, id="the same"),
        pytest.param(("--profile", "bob", "--new"), 0, id="another profile"),
        pytest.param(("--new",), 0, id="nobody's"),
        pytest.param(("--profile", "alice", "--new", "--peek"), 0, id="a look"),
        pytest.param(("--profile", "alice"), 0, id="without --new"),
    ],
)
def test_only_the_same_delivery_must_wait(
    others: tuple[str, ...], code: int, home: Any, hubwatch: Callable[..., Any], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    said: list[str] = []
    codes: list[int] = []
    put_in_place = os.replace

    def come_between(*paths: Any) -> None:
        with deliver_elsewhere(home, *others, "--format", "text") as other:
            said.extend(other.communicate(timeout=60))
        codes.append(other.returncode)
        put_in_place(*paths)

    monkeypatch.setattr(os, "replace", come_between)
    assert hubwatch("digest", "--profile", "alice", "--new", "-o", str(tmp_path / "first.json")).code == 0
    assert codes == [code]
    assert ("Aluminum" in said[0]) == (code == 0)
    if code:
        assert said[1].startswith("error: another digest --new for alice is being delivered\nhint: ")
    assert hubwatch("digest", "--profile", "alice", "--new", "--json").json == []


def test_who_has_waited_shows_what_is_left(
    home: Any, hubwatch: Callable[..., Any], stored: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    stored({"title": "Titanium", "published": NOW - timedelta(days=2)})
    is_claimed, is_awaited = threading.Event(), threading.Event()

    def deliver_first() -> None:
        with deliver.claimed(home.db, ""):
            is_claimed.set()
            is_awaited.wait(60)
            with open_for_writing(home.db) as store:
                aluminum = store.rows("SELECT id FROM items WHERE title = 'Aluminum'")
                deliveries.mark(store, "", [row[0] for row in aluminum], now=NOW)

    first = threading.Thread(target=deliver_first)
    first.start()
    is_claimed.wait(60)
    monkeypatch.setattr("time.sleep", lambda _: is_awaited.set())
    left = hubwatch("digest", "--new", "--json").json
    first.join()
    assert [item["title"] for item in left] == ["Titanium"]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="signals")
def test_one_that_is_killed_holds_nobody_up_and_loses_nothing(
    home: Any, hubwatch: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "WAIT_S", 0.0)
    stop = "import os; os.replace = lambda *_: (print('writing', flush=True), sys.stdin.read())"
    with deliver_elsewhere(home, "--new", "-o", str(tmp_path / "first.json"), before=stop) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "writing\n"
        assert hubwatch("digest", "--new").code == 5
        first.kill()
    left = hubwatch("digest", "--new", "--json").json
    assert [item["title"] for item in left] == ["Aluminum"]


def test_where_no_store_is_nothing_is_locked(hubwatch: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert hubwatch("--db", str(tmp_path / "empty" / "x.db"), "digest", "--new").code == 0
    assert list((tmp_path / "empty").iterdir()) == []


@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
@pytest.mark.skipif(sys.platform == "win32", reason="pipes end otherwise there")
def test_what_a_reader_that_goes_away_has_not_read_stays_new(
    unbuffered: str, home: Any, hubwatch: Callable[..., Any], stored: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    more_than_a_pipe_holds = "Aluminum for castings. " * 4000
    stored({"title": "Long", "summary": more_than_a_pipe_holds, "published": NOW - timedelta(days=1)})
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    with deliver_elsewhere(home, "--new", "--json") as other:
        assert other.stdout is not None
        assert os.read(other.stdout.fileno(), 10)
        other.stdout.close()
        assert other.stderr is not None
        assert other.stderr.read() == ""
    assert other.returncode == 0
    assert len(hubwatch("digest", "--new", "--json").json) == 2
