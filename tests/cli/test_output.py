"""--output: a file whole or not at all, through links, and into what is there that is no file."""

from __future__ import annotations

import errno
import io
import json
import os
import stat
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hubwatch.cli import output

NOW = datetime.now(UTC)
NEW = ("digest", "--new", "--json", "--output")

posix_only = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")


@pytest.fixture(autouse=True)
def filled(stored: Callable[..., None]) -> None:
    stored({"title": "Aluminum", "published": NOW - timedelta(days=1)})


@pytest.fixture
def is_new(hubwatch: Callable[..., Any]) -> Callable[[], bool]:
    """Tell whether the item has not been marked as shown."""
    return lambda: bool(hubwatch("digest", "--new", "--peek", "--json").json)


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    return path


@posix_only
def test_a_link_stays_and_what_it_leads_to_is_written(tmp_path: Path, hubwatch: Callable[..., Any]) -> None:
    (tmp_path / "real").mkdir()
    link, real = tmp_path / "link.json", tmp_path / "real" / "digest.json"
    link.symlink_to(real)
    for _ in range(2):  # where it leads to does not exist at first
        assert hubwatch("digest", "-o", str(link)).code == 0
        assert link.is_symlink()
        assert json.loads(real.read_text(encoding="utf-8"))
    assert [file.name for file in (tmp_path / "real").iterdir()] == ["digest.json"]


@posix_only
def test_a_file_keeps_its_permissions(tmp_path: Path, hubwatch: Callable[..., Any]) -> None:
    file = tmp_path / "digest.json"
    file.touch(mode=0o600)
    assert hubwatch("digest", "-o", str(file)).code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@posix_only
def test_a_named_pipe_is_written_into(
    pipe: Path, hubwatch: Callable[..., Any], is_new: Callable[[], bool]
) -> None:
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text(encoding="utf-8")))
    reader.start()
    said = hubwatch(*NEW, str(pipe))
    reader.join()
    assert (said.code, said.out) == (0, "")
    assert json.loads(read[0])[0]["title"] == "Aluminum"
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert not is_new()


@posix_only
def test_a_device_that_is_full_is_1_and_marks_nothing(
    pipe: Path, hubwatch: Callable[..., Any], is_new: Callable[[], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(io.StringIO):
        def close(self) -> None:
            if not self.closed:  # as of a real file, which is closed all the same
                super().close()
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(output, "open", lambda *_, **__: Full(), raising=False)
    said = hubwatch(*NEW, str(pipe))
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith(f"error: cannot write {pipe}: No space left")
    assert is_new()


@posix_only
def test_a_disk_that_is_full_leaves_the_file_as_it_was(
    tmp_path: Path, hubwatch: Callable[..., Any], is_new: Callable[[], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out").mkdir()
    file = tmp_path / "out" / "digest.json"
    file.write_text("as it was", encoding="utf-8")

    def fail(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "replace", fail)
    assert hubwatch(*NEW, str(file)).code == 1
    assert file.read_text(encoding="utf-8") == "as it was"
    assert list((tmp_path / "out").iterdir()) == [file]
    assert is_new()


@pytest.mark.parametrize("name", [".", "", "/", "no/such/folder.json"])
def test_where_no_file_can_be_is_1_and_says_so(
    name: str, hubwatch: Callable[..., Any], is_new: Callable[[], bool]
) -> None:
    said = hubwatch(*NEW, name)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("error: cannot write ")
    assert said.err.endswith("\nhint: name another --output\n")
    assert is_new()


@posix_only
def test_what_stdout_leads_to_is_written_as_stdout(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "all.txt"
    with file.open("a", encoding="utf-8") as stdout:
        stdout.write("before\n")
        monkeypatch.setattr("sys.stdout", stdout)
        output.write("answer\n", file)
        stdout.write("after\n")
    assert file.read_text(encoding="utf-8") == "before\nanswer\nafter\n"
