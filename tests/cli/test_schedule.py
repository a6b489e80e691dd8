"""hubwatch schedule: what is printed runs; what is installed can be taken away."""

from __future__ import annotations

import os
import plistlib
import shlex
import subprocess
import sys
from collections.abc import Callable
from datetime import time
from pathlib import Path
from typing import Any

import pytest

from hubwatch.cli import scheduling
from hubwatch.errors import UsageError
from hubwatch.render.schedules import Moment

ALICE = (
    '[hubwatch]\ncatalog = []\n[email]\nhost = "127.0.0.1"\nfrom = "h@example.org"\n'
    '[profiles.alice]\ntopics = ["lightweight"]\nemail = "alice@example.com"\n[profiles.bob]\n'
)


@pytest.fixture
def systemctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in that writes down what it was told; `fail` beside it makes it fail."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "systemctl"
    program.write_text(
        f'#!/bin/sh\necho "$@" >> {folder}/log\nif [ -e {folder}/fail ]; then echo "no bus" >&2; exit 1; fi\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="there is no /bin/sh")
def test_the_crontab_line_runs_in_an_empty_environment(hubwatch: Callable[..., Any], home: Any) -> None:
    home.configure(ALICE)
    line = hubwatch("--config", str(home.config), "schedule", "--for", "cron").out
    command = line.split(" ", 5)[5].replace(r"\%", "%")
    done = subprocess.run(["/bin/sh", "-c", command], env={}, cwd="/", capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert home.db.exists()


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (("--digest", "alice", "--on", ""), 'write it like "Mon 07:00"'),
        (("--on", ""), 'hubwatch schedule --digest NAME --on "Mon 07:00"'),
        (("--every", ""), "write 1h, 6h or 1d"),
    ],
    ids=str,
)
def test_a_time_that_is_empty_is_wrong_usage(
    args: tuple[str, ...], hint: str, hubwatch: Callable[..., Any], home: Any
) -> None:
    home.configure(ALICE)
    said = hubwatch("schedule", "--for", "cron", *args)
    assert (said.code, said.out) == (2, "")
    assert f"hint: {hint}" in said.err


def test_every_path_in_it_is_absolute(
    hubwatch: Callable[..., Any], home: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.configure(ALICE)
    monkeypatch.chdir(home.config.parent)
    said = hubwatch("--config", "config.toml", "schedule", "--for", "launchd")
    words = plistlib.loads(said.out.encode())["ProgramArguments"]
    assert Path(words[0]).is_absolute()
    assert words[words.index("--config") + 1] == str(home.config)
    assert words[words.index("--db") + 1] == str(home.db)
    assert words[-2:] == ["--quiet", "sync"]


def test_a_digest_is_mailed_at_its_moment(hubwatch: Callable[..., Any], home: Any) -> None:
    home.configure(ALICE)
    said = hubwatch("schedule", "--for", "cron", "--digest", "alice", "--on", "Thu 06:30")
    assert said.out.startswith("30 6 * * 4 ")
    assert said.out.endswith("--quiet digest --profile alice --new --email\n")


@pytest.mark.parametrize(
    ("args", "says"),
    [
        pytest.param(("--digest", "alcie"), "alice", id="unknown profile"),
        pytest.param(("--digest", "bob"), "email", id="no address"),
        pytest.param(("--digest", "alice", "--on", "Mno 07:00"), "Mon", id="unknown day"),
        pytest.param(("--digest", "alice", "--on", "Mon 25:00"), "Mon 07:00", id="no time"),
        pytest.param(("--every", "soon"), "1h", id="no length of time"),
        pytest.param(("--every", "1min"), "15min", id="too often"),
        pytest.param(("--on", "Mon 07:00"), '--digest NAME --on "Mon 07:00"', id="a moment without a digest"),
        pytest.param(("--digest", "alice", "--every", "2h"), "--on", id="a pace for a digest"),
        pytest.param(("--for", "systmd"), "systemd", id="unknown kind"),
        pytest.param(("--for", "cron", "--install"), "crontab -e", id="not installed from here"),
        pytest.param(("--install", "--uninstall"), "together", id="both ways"),
    ],
)
def test_wrong_words_are_refused(
    args: tuple[str, ...], says: str, hubwatch: Callable[..., Any], home: Any
) -> None:
    home.configure(ALICE)
    said = hubwatch("schedule", *args)
    assert said.code == 2
    assert says in said.err
    assert said.out == ""


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Mon 07:00", (0,)),
        ("monday 7:00", (0,)),
        ("Mon,Thu 07:00", (0, 3)),
        ("Mon Thu 07:00", (0, 3)),
        ("Mon-Fri 07:00", (0, 1, 2, 3, 4)),
        ("Sat-Mon 07:00", (0, 5, 6)),
        ("weekdays 07:00", (0, 1, 2, 3, 4)),
        ("daily 07:00", ()),
        ("07:00", ()),
    ],
)
def test_a_moment_is_read_as_people_write_it(text: str, days: tuple[int, ...]) -> None:
    assert scheduling.moment(text) == Moment(days=days, at=time(7, 0))


@pytest.mark.parametrize("text", ["", "Mon", "Mon 7", "x 07:00", "Mon 07:60", "M 07:00"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        scheduling.moment(text)


@pytest.mark.parametrize(
    ("args", "again"),
    [
        pytest.param(("--for", "systemd"), "--for systemd", id="sync"),
        pytest.param(("--for", "launchd", "--every", "2h"), "--every 2h --for launchd", id="its pace"),
        pytest.param(
            ("--for", "systemd", "--digest", "alice", "--on", "Thu 08:30"),
            "--digest alice --on 'Thu 08:30' --for systemd",
            id="digest",
        ),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="other quotes, and no /bin/sh")
def test_what_is_printed_is_put_in_place_by_the_same_command(
    args: tuple[str, ...], again: str, hubwatch: Callable[..., Any], home: Any
) -> None:
    home.configure(ALICE)
    said = hubwatch("schedule", *args).err
    assert f"put it in place with: hubwatch --db {home.db} schedule {again} --install\n" in said


@pytest.mark.skipif(sys.platform == "win32", reason="other quotes, and no /bin/sh")
def test_install_says_the_command_that_undoes_it(
    hubwatch: Callable[..., Any], home: Any, systemctl: Path
) -> None:
    home.configure(ALICE)
    said = hubwatch("schedule", "--for", "systemd", "--digest", "alice", "--on", "Thu 08:30", "--install").err
    undo = next(line for line in said.splitlines() if line.startswith("undo with: "))
    assert undo.endswith(" schedule --digest alice --for systemd --uninstall")
    assert hubwatch(*shlex.split(undo.removeprefix("undo with: hubwatch "))).code == 0
    assert list((home.config.parent.parent / "systemd" / "user").iterdir()) == []


def test_install_and_uninstall_leave_nothing(
    hubwatch: Callable[..., Any], home: Any, systemctl: Path
) -> None:
    home.configure(ALICE)
    units = home.config.parent.parent / "systemd" / "user"
    said = hubwatch("schedule", "--for", "systemd", "--install")
    assert said.code == 0, said.err
    assert "--uninstall" in said.err
    hubwatch("schedule", "--for", "systemd", "--digest", "alice", "--install")
    assert {file.name for file in units.iterdir()} == {
        "hubwatch-sync.service", "hubwatch-sync.timer",
        "hubwatch-digest-alice.service", "hubwatch-digest-alice.timer",
    }  # fmt: skip
    assert "--user enable --now hubwatch-sync.timer" in (systemctl / "log").read_text()
    hubwatch("schedule", "--for", "systemd", "--digest", "alice", "--uninstall")
    assert {file.name for file in units.iterdir()} == {"hubwatch-sync.service", "hubwatch-sync.timer"}
    assert hubwatch("schedule", "--for", "systemd", "--uninstall").code == 0
    assert list(units.iterdir()) == []
    assert "--user disable --now hubwatch-sync.timer" in (systemctl / "log").read_text()
    assert "nothing" in hubwatch("schedule", "--for", "systemd", "--uninstall").err


def test_a_failed_install_leaves_nothing(hubwatch: Callable[..., Any], home: Any, systemctl: Path) -> None:
    (systemctl / "fail").touch()
    said = hubwatch("schedule", "--for", "systemd", "--install")
    assert (said.code, "no bus" in said.err) == (1, True)
    assert "hint: a line of the crontab does as well" in said.err
    assert list((home.config.parent.parent / "systemd" / "user").iterdir()) == []


def test_a_file_of_somebody_else_is_left_alone(
    hubwatch: Callable[..., Any], home: Any, systemctl: Path
) -> None:
    units = home.config.parent.parent / "systemd" / "user"
    units.mkdir(parents=True)
    (units / "hubwatch-sync.timer").write_text("[Timer]\nOnCalendar=daily\n")
    said = hubwatch("schedule", "--for", "systemd", "--install")
    assert (said.code, "hint: move it away" in said.err) == (1, True)
    hubwatch("schedule", "--for", "systemd", "--uninstall")
    assert (units / "hubwatch-sync.timer").read_text() == "[Timer]\nOnCalendar=daily\n"


def test_output_where_nothing_can_be_written_says_what_to_do(
    hubwatch: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "units").write_text("a file")
    said = hubwatch("schedule", "--for", "systemd", "--output", str(tmp_path / "units"))
    assert (said.code, "--output FOLDER" in said.err) == (1, True)


def test_output_writes_the_files(hubwatch: Callable[..., Any], tmp_path: Path) -> None:
    assert hubwatch("schedule", "--for", "systemd", "--output", str(tmp_path / "units")).code == 0
    assert (tmp_path / "units" / "hubwatch-sync.timer").exists()
