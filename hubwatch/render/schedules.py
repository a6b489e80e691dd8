"""Timers as text: systemd units, a crontab line, a launchd property list, a Windows task. Pure."""

from __future__ import annotations

import plistlib
import re
import shlex
import subprocess
from datetime import date, time
from xml.sax.saxutils import escape

from hubwatch.models.dataclass import dataclass

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MARK = "Made by hubwatch schedule"  # in a file that may be replaced and removed again
_LONG_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HOUR, _DAY = 3600, 86_400
_MINUTE = 17  # past the hour: not when everybody else asks


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time of day on some days of the week (0 is Monday); no days: on all."""

    days: tuple[int, ...] = ()
    at: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is to be run, and when: every so often, or at a moment of the week."""

    name: str  # plain letters, digits, - and . only
    description: str
    command: tuple[str, ...]  # begins with an absolute path
    when: int | Moment  # seconds between two runs, or a moment


# --- systemd ------------------------------------------------------------------------------------


def systemd(job: Job) -> dict[str, str]:
    """Write the service and the timer, by file name."""
    program, *arguments = job.command
    # Specifiers count in both, variables in the arguments only.
    words = [_unit_word(program), *(_unit_word(word.replace("$", "$$")) for word in arguments)]
    service = (
        f"# {MARK}; remove with: systemctl --user disable --now {job.name}.timer\n"
        f"[Unit]\nDescription={_unit_text(job.description)}\n\n"
        "[Service]\nType=oneshot\n"
        f"ExecStart={' '.join(words)}\n"
        # 3: some sources failed, the rest is stored; 5: another sync is at work.
        "SuccessExitStatus=3 5\n"
        "# A place for HUBWATCH_SMTP_PASSWORD=...; keep it private (chmod 600).\n"
        "EnvironmentFile=-%E/hubwatch/environment\nNice=10\n"
    )
    timer = (
        f"# {MARK}\n[Unit]\nDescription={_unit_text(job.description)}\n\n"
        f"[Timer]\n{_unit_times(job.when)}\n\n[Install]\nWantedBy=timers.target\n"
    )
    return {f"{job.name}.service": service, f"{job.name}.timer": timer}


def _unit_times(when: int | Moment) -> str:
    if isinstance(when, int):
        return f"OnStartupSec=5min\nOnUnitActiveSec={when}s\nRandomizedDelaySec={min(when // 10, 600)}s"
    days = ",".join(DAYS[day] for day in when.days)
    return f"OnCalendar={f'{days} ' if days else ''}*-*-* {when.at:%H:%M}:00\nPersistent=true"


def _unit_word(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return escaped if re.fullmatch(r"[\w@%+=:,./-]+", escaped, re.ASCII) else f'"{escaped}"'


def _unit_text(text: str) -> str:
    return text.replace("%", "%%")


# --- cron ---------------------------------------------------------------------------------------


def cron(job: Job) -> str:
    """Write a line for `crontab -e`."""
    # In a crontab a percent sign ends the command, quoted or not, unless a backslash stands before it.
    command = shlex.join(job.command).replace("%", r"\%")
    return f"{_cron_times(job.when)} {command}\n"


def _cron_times(when: int | Moment) -> str:
    if isinstance(when, Moment):
        days = ",".join(str((day + 1) % 7) for day in when.days) or "*"
        return f"{when.at.minute} {when.at.hour} * * {days}"
    seconds = cron_every(when)
    if seconds < _HOUR:
        return f"*/{seconds // 60} * * * *"
    if seconds < _DAY:
        hours = seconds // _HOUR
        return f"{_MINUTE} {'*' if hours == 1 else f'*/{hours}'} * * *"
    return f"{_MINUTE} 5 * * {'*' if seconds == _DAY else '1'}"


def cron_every(seconds: int) -> int:
    """Return the next length of time, not shorter, that a crontab can say evenly; a week at most."""
    minutes = [60 * number for number in (15, 20, 30)]
    hours = [_HOUR * number for number in (1, 2, 3, 4, 6, 8, 12)]
    return next((size for size in (*minutes, *hours, _DAY) if size >= seconds), 7 * _DAY)


# --- launchd ------------------------------------------------------------------------------------


def launchd(job: Job) -> str:
    """Write the property list of a launchd agent."""
    agent: dict[str, object] = {
        "Label": job.name,
        "ProgramArguments": list(job.command),
        "ProcessType": "Background",
        "LowPriorityIO": True,
    }
    if isinstance(job.when, int):
        agent["StartInterval"] = job.when
    else:
        at = {"Hour": job.when.at.hour, "Minute": job.when.at.minute}
        each = [{"Weekday": (day + 1) % 7, **at} for day in job.when.days]
        agent["StartCalendarInterval"] = each or at
    text = plistlib.dumps(agent, sort_keys=False).decode()
    return text.replace("<plist ", f"<!-- {MARK} -->\n<plist ", 1)


# --- Windows ------------------------------------------------------------------------------------


def windows(job: Job, *, today: date) -> str:
    """Write the XML of a task for `schtasks /Create /XML`."""
    program, *arguments = job.command
    # Without an encoding in the heading: it is read as what the file is saved as.
    return (
        '<?xml version="1.0"?>\n'
        '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">\n'
        f"  <RegistrationInfo><Description>{escape(job.description)}</Description></RegistrationInfo>\n"
        f"  <Triggers>{_task_times(job.when, today)}</Triggers>\n"
        '  <Principals><Principal id="Author"><LogonType>InteractiveToken</LogonType>'
        "<RunLevel>LeastPrivilege</RunLevel></Principal></Principals>\n"
        "  <Settings>\n"
        "    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>\n"
        "    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>\n"
        "    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>\n"
        "    <StartWhenAvailable>true</StartWhenAvailable>\n"
        "    <ExecutionTimeLimit>PT2H</ExecutionTimeLimit>\n"
        "  </Settings>\n"
        f'  <Actions Context="Author"><Exec><Command>{escape(program)}</Command>'
        f"<Arguments>{escape(subprocess.list2cmdline(arguments))}</Arguments></Exec></Actions>\n"
        "</Task>\n"
    )


def _task_times(when: int | Moment, today: date) -> str:
    if isinstance(when, int):
        return (
            f"<TimeTrigger><Repetition><Interval>PT{when // 60}M</Interval></Repetition>"
            f"<StartBoundary>{today}T00:{_MINUTE}:00</StartBoundary></TimeTrigger>"
        )
    days = "".join(f"<{_LONG_DAYS[day]}/>" for day in when.days)
    by = (
        f"<ScheduleByWeek><DaysOfWeek>{days}</DaysOfWeek><WeeksInterval>1</WeeksInterval></ScheduleByWeek>"
        if days
        else "<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>"
    )
    start = f"<StartBoundary>{today}T{when.at:%H:%M}:00</StartBoundary>"
    return f"<CalendarTrigger>{start}{by}</CalendarTrigger>"
