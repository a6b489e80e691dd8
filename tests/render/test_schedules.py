"""Timers as text: each kind parsed by its own tool, awkward paths included."""

from __future__ import annotations

import plistlib
import shlex
import shutil
import subprocess
from datetime import date, time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from hubwatch.render import schedules
from hubwatch.render.schedules import Job, Moment

MONDAY = Moment(days=(0,), at=time(7, 0))
COMMANDS = [
    pytest.param(("/usr/bin/hubwatch", "--quiet", "sync"), id="plain"),
    pytest.param(("/opt/my tools/hub watch", "--db", "/data/a b.db", "sync"), id="spaces"),
    pytest.param(("/opt/100%/hubwatch", "--db", "/data/50%.db", "sync"), id="percent"),
    pytest.param(("/usr/bin/hubwatch", "--db", "/data/$HOME/${x}.db", "sync"), id="dollar"),
    pytest.param(("/usr/bin/hubwatch", "--db", "/data/\"quoted\" 'too'\\.db", "sync"), id="quotes"),
    pytest.param(
        ("/usr/bin/hubwatch", "--config", "/home/zoë/<conf>&.toml", "sync"), id="letters and markup"
    ),
    pytest.param(("/usr/bin/hubwatch", "digest", "--profile", "; rm -rf / #"), id="shell"),
]
NS = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def job(command: tuple[str, ...], when: int | Moment = 3600) -> Job:
    return Job(name="hubwatch-sync", description="read 100% of <it>", command=command, when=when)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_crontab_line_gives_the_shell_the_same_words(command: tuple[str, ...]) -> None:
    line = schedules.cron(job(command))
    assert line.count("\n") == 1
    times, shell = line.rstrip("\n").split(" ", 5)[:5], line.rstrip("\n").split(" ", 5)[5]
    assert times == ["17", "*", "*", "*", "*"]
    assert "%" not in shell.replace(r"\%", "")
    assert tuple(shlex.split(shell.replace(r"\%", "%"))) == command


@pytest.mark.parametrize("command", COMMANDS)
def test_a_property_list_holds_the_same_words(command: tuple[str, ...]) -> None:
    agent = plistlib.loads(schedules.launchd(job(command)).encode())
    assert tuple(agent["ProgramArguments"]) == command
    assert agent["StartInterval"] == 3600


@pytest.mark.parametrize("command", COMMANDS)
def test_a_windows_task_is_sound_xml(command: tuple[str, ...]) -> None:
    root = ElementTree.fromstring(schedules.windows(job(command), today=date(2026, 3, 2)))
    assert root.findtext(f".//{NS}Command") == command[0]
    assert root.findtext(f".//{NS}Arguments") == subprocess.list2cmdline(command[1:])
    assert root.findtext(f".//{NS}Interval") == "PT60M"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_unit_quotes_what_systemd_would_read_otherwise(command: tuple[str, ...]) -> None:
    service = schedules.systemd(job(command))["hubwatch-sync.service"]
    (line,) = [line for line in service.splitlines() if line.startswith("ExecStart=")]
    assert _as_systemd_reads(line.removeprefix("ExecStart=")) == command


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
@pytest.mark.parametrize("when", [3600, MONDAY, Moment(at=time(6, 5))], ids=["hourly", "mondays", "daily"])
def test_systemd_accepts_the_units(when: int | Moment, tmp_path: Path) -> None:
    program = shutil.which("true") or "/bin/true"
    units = schedules.systemd(job((program, "--db", '/data/a "b" 50%$x.db'), when))
    for name, text in units.items():
        (tmp_path / name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / name) for name in units)],
        capture_output=True,
        text=True,
        check=False,
    )
    told = [line for line in (done.stdout + done.stderr).splitlines() if "hubwatch-sync" in line]
    assert (done.returncode, told) == (0, [])


def test_a_moment_is_said_by_each_kind() -> None:
    weekly = job(("/usr/bin/hubwatch",), Moment(days=(0, 6), at=time(7, 30)))
    assert "OnCalendar=Mon,Sun *-*-* 07:30:00" in schedules.systemd(weekly)["hubwatch-sync.timer"]
    assert schedules.cron(weekly).startswith("30 7 * * 1,0 ")
    times = plistlib.loads(schedules.launchd(weekly).encode())["StartCalendarInterval"]
    assert times == [{"Weekday": 1, "Hour": 7, "Minute": 30}, {"Weekday": 0, "Hour": 7, "Minute": 30}]
    task = ElementTree.fromstring(schedules.windows(weekly, today=date(2026, 3, 2)))
    days = task.find(f".//{NS}DaysOfWeek")
    assert days is not None
    assert [day.tag.removeprefix(NS) for day in days] == ["Monday", "Sunday"]


@pytest.mark.parametrize(
    ("seconds", "times"),
    [
        (15 * 60, "*/15 * * * *"),
        (3600, "17 * * * *"),
        (6 * 3600, "17 */6 * * *"),
        (5 * 3600, "17 */6 * * *"),
        (86_400, "17 5 * * *"),
        (3 * 86_400, "17 5 * * 1"),
    ],
)
def test_a_crontab_is_never_asked_more_often_than_wanted(seconds: int, times: str) -> None:
    assert schedules.cron(job(("/x",), seconds)) == f"{times} /x\n"
    assert schedules.cron_every(seconds) >= seconds


def _as_systemd_reads(line: str) -> tuple[str, ...]:
    """Split as systemd does: quotes, C escapes, specifiers, variables."""
    words = shlex.split(line.replace("'", r"\'") if '"' not in line else line, posix=True)
    return tuple(word.replace("%%", "%").replace("$$", "$") for word in words)
