"""What `hubwatch schedule` does: make the job, show its files, put them in place and take them away."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import time
from pathlib import Path

import typer

from hubwatch.cli.context import Shared
from hubwatch.errors import HubwatchError, OutputError, UnknownNameError, UsageError
from hubwatch.render import schedules
from hubwatch.render.schedules import DAYS, MARK, Job, Moment
from hubwatch.text import ages
from hubwatch.text.nearest import nearest

KINDS = ("systemd", "cron", "launchd", "windows")
LEAST_S = 15 * 60
MOST_S = 7 * 86_400
_SYNC = "hubwatch-sync"
_DIGEST = "hubwatch-digest-"


def kind_of(name: str | None) -> str:
    """Return the kind of timer that was asked for, or the one of this machine."""
    if name is not None:
        if name.lower() not in KINDS:
            near = nearest(name, KINDS)
            raise UnknownNameError("kind of timer", name, near, hint=f"one of: {', '.join(KINDS)}")
        return name.lower()
    if sys.platform == "darwin":
        return "launchd"
    if sys.platform == "win32":
        return "windows"
    return "systemd" if shutil.which("systemctl") and Path("/run/systemd/system").exists() else "cron"


def job(common: Shared, kind: str, *, every: str, digest: str | None, on: str) -> Job:
    """Return the job: a sync every so often, or a profile's digest by mail at a moment of the week."""
    base = (*program(), *_options(common), "--quiet")
    if digest is not None:
        check_mail(common, digest)
        return Job(
            name=_digest_name(digest),
            description=f"hubwatch: mail the digest of {digest}",
            command=_checked((*base, "digest", "--profile", digest, "--new", "--email")),
            when=moment(on),
        )
    seconds = _every(every)
    if kind == "cron" and schedules.cron_every(seconds) != seconds:
        seconds = schedules.cron_every(seconds)
        common.say(f"a crontab cannot say {every} evenly: every {ages.format_duration(seconds)}")
    return Job(
        name=_SYNC,
        description="hubwatch: read the sources that are due",
        command=_checked((*base, "sync")),
        when=seconds,
    )


def program() -> tuple[str, ...]:
    """Return how this program is called without a search path: its script, else by its interpreter."""
    script = Path(sys.argv[0]).absolute()
    for file in (script, script.with_name(f"{script.name}.exe")):
        # Not resolved: pipx and uv put a lasting link before a folder that comes and goes.
        if file.stem == "hubwatch" and file.is_file() and os.access(file, os.X_OK):
            return (str(file),)
    return (sys.executable, "-m", "hubwatch")


def moment(text: str) -> Moment:
    """Read `Mon 07:00`, `Mon,Thu 7:00`, `Mon-Fri 07:00`, `daily 07:00`."""
    hint = 'write it like "Mon 07:00", "Mon,Thu 07:00" or "daily 07:00"'
    found = re.fullmatch(r"(?:(.*?)\s+)?(\d{1,2}):(\d{2})", text.strip())
    if not found or int(found[2]) > 23 or int(found[3]) > 59:
        raise UsageError(f"'{text}' is not a time of the week", hint=hint)
    days: list[int] = []
    for part in re.split(r"[,\s]+", found[1] or ""):
        days += _days(part, hint)
    return Moment(days=tuple(sorted(set(days))), at=time(int(found[2]), int(found[3])))


def check_mail(common: Shared, name: str) -> None:
    """Refuse a profile that is not there or has no address; say what is missing for a mail to go out."""
    from hubwatch.cli.digest import find_profile
    from hubwatch.config_schema import profile_header

    profile = find_profile(common, name)
    if profile is None or not profile.email:
        hint = f"set email under {profile_header(name)}"
        raise UsageError(f"the profile '{name}' has no address to mail to", hint=hint)
    settings = common.config.email
    if not settings.host or not settings.sender:
        common.warn("no mail can go out yet: [email] needs host and from (hubwatch help email)")


# --- showing ------------------------------------------------------------------------------------


def files(common: Shared, kind: str, job: Job) -> dict[str, str]:
    """Return the timer's files by name."""
    if kind == "systemd":
        return schedules.systemd(job)
    if kind == "launchd":
        return {f"{job.name}.plist": schedules.launchd(job)}
    if kind == "windows":
        today = common.now.astimezone().date()
        return {f"{job.name}.xml": schedules.windows(job, today=today)}
    return {f"{job.name}.cron": schedules.cron(job)}


def show(common: Shared, kind: str, job: Job, *, typed: Mapping[str, str | None]) -> None:
    """Print the files, and say what to do with them; `typed` are the options that led to them."""
    found = files(common, kind, job)
    for number, (name, text) in enumerate(found.items()):
        heading = f"# --- {name}\n" if len(found) > 1 else ""
        typer.echo(("\n" if number else "") + heading + text, nl=False)
    by_hand = {
        "cron": "add this line with: crontab -e",
        "windows": f"save it as {job.name}.xml; then: schtasks /Create /TN {job.name} /XML {job.name}.xml",
    }
    common.say(by_hand.get(kind, f"put it in place with: {_again(common, typed, '--install')}"))
    if job.name != _SYNC:
        common.say("the sources are read by a timer of their own: hubwatch schedule")


def _again(common: Shared, typed: Mapping[str, str | None], flag: str) -> str:
    """Write the command as it was typed, with one flag more."""
    given = {"--config": common.config_option, "--db": common.db_option, "schedule": "", **typed}
    words = [
        word for name, value in given.items() if value is not None for word in (name, str(value)) if word
    ]
    command = ["hubwatch", *words, flag]
    return subprocess.list2cmdline(command) if sys.platform == "win32" else shlex.join(command)


def write(common: Shared, kind: str, job: Job, folder: Path) -> None:
    """Write the files into a folder."""
    for name, text in files(common, kind, job).items():
        _put(folder / name, text)
        common.say(f"wrote {folder / name}")


# --- installing ---------------------------------------------------------------------------------


def install(common: Shared, kind: str, job: Job, *, typed: Mapping[str, str | None]) -> None:
    """Put the timer in place for this user, and say how to undo it."""
    folder = _folder(kind)
    if any(part in job.command[0] for part in ("/uv/archive", "/.cache/", "\\uv\\cache")):
        raise UsageError(
            f"{job.command[0]} lies in a cache that may be emptied",
            hint="install hubwatch first: uv tool install hubwatch, or pipx install hubwatch",
        )
    found = files(common, kind, job)
    for name in found:
        if (folder / name).exists() and not _is_ours(folder / name):
            raise OutputError(
                f"{folder / name} is not of hubwatch's making; it is left as it is",
                hint="move it away, or write the files elsewhere with --output FOLDER",
            )
    for name, text in found.items():
        _put(folder / name, text)
        common.say(f"wrote {folder / name}")
    try:
        _start(kind, job.name, folder)
    except HubwatchError:
        for name in found:
            (folder / name).unlink(missing_ok=True)
        common.say("taken away again: what was written")
        raise
    of = {name: value for name, value in typed.items() if name in ("--digest", "--for")}
    common.say(f"undo with: {_again(common, of, '--uninstall')}")
    if kind == "systemd":
        common.say("it runs while you are logged in; always, after: loginctl enable-linger")


def uninstall(common: Shared, kind: str, *, profile: str | None) -> None:
    """Take away the timer of one profile's digest, or every timer that --install has put in place."""
    folder = _folder(kind)
    ending = ".timer" if kind == "systemd" else ".plist"
    wanted = f"{_digest_name(profile)}{ending}" if profile is not None else f"hubwatch-*{ending}"
    found = [file for file in sorted(folder.glob(wanted)) if _is_ours(file)]
    for file in found:
        _stop(kind, file.stem, folder)
        for each in (file, file.with_suffix(".service")):
            if each.exists() and _is_ours(each):
                each.unlink()
                common.say(f"removed {each}")
    if found and kind == "systemd":
        _run(("systemctl", "--user", "daemon-reload"))
    if not found:
        common.say("nothing of hubwatch's is installed there")


def _folder(kind: str) -> Path:
    if kind == "systemd":
        from hubwatch import config

        return config.xdg_folder("config") / "systemd" / "user"
    if kind == "launchd":
        return Path(os.path.expanduser("~/Library/LaunchAgents"))
    hint = {
        "cron": "add the printed line with crontab -e",
        "windows": "use schtasks /Create with the printed task",
    }
    raise UsageError(f"a timer for {kind} is not installed or removed from here", hint=hint[kind])


def _start(kind: str, name: str, folder: Path) -> None:
    if kind == "systemd":
        hint = "a line of the crontab does as well: hubwatch schedule --for cron"
        _run(("systemctl", "--user", "daemon-reload"), hint=hint)
        _run(("systemctl", "--user", "enable", "--now", f"{name}.timer"), hint=hint)
        return
    _stop(kind, name, folder)
    _run(("launchctl", "bootstrap", f"gui/{_user()}", str(folder / f"{name}.plist")))


def _stop(kind: str, name: str, folder: Path) -> None:
    if kind == "systemd":
        _run(("systemctl", "--user", "disable", "--now", f"{name}.timer"))
        return
    _run(("launchctl", "bootout", f"gui/{_user()}", str(folder / f"{name}.plist")), may_fail=True)


def _user() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0


def _run(command: Sequence[str], *, may_fail: bool = False, hint: str | None = None) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise HubwatchError(f"cannot run {command[0]}: {error.strerror}", hint=hint) from error
    if done.returncode and not may_fail:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise HubwatchError(f"{' '.join(command)} failed: {said[0] if said else done.returncode}", hint=hint)


def _put(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(
            f"cannot write {file}: {error.strerror}",
            hint="check the permissions there, or name another folder with --output FOLDER",
        ) from error


def _is_ours(file: Path) -> bool:
    return MARK in file.read_text(encoding="utf-8", errors="replace")


# --- the parts of a job ---------------------------------------------------------------------------


def _options(common: Shared, env: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Name the config and the store where they are not the usual ones: a timer has no environment."""
    from hubwatch import config

    options: list[str] = []
    named = config.find_path(common.config_option, env)
    if named is not None and (common.config_option or env.get("HUBWATCH_CONFIG") or "XDG_CONFIG_HOME" in env):
        options += ["--config", str(named.absolute())]
    if common.db_option or env.get("HUBWATCH_DB") or "XDG_DATA_HOME" in env:
        options += ["--db", str(common.db_path.absolute())]
    return tuple(options)


def _checked(command: tuple[str, ...]) -> tuple[str, ...]:
    for word in command:
        if re.search(r"[\x00-\x1f\x7f]", word):
            raise UsageError(
                f"a timer cannot name {word!r}: it has a control character",
                hint="give the file or the profile another name",
            )
    return command


def _every(text: str) -> int:
    try:
        seconds = ages.parse_duration(text)
    except ValueError as error:
        raise UsageError(f"--every {error}", hint="write 1h, 6h or 1d") from error
    if not LEAST_S <= seconds <= MOST_S:
        raise UsageError(
            f"--every {text}: from 15min to 1w", hint="sources are asked at their own pace anyway"
        )
    return seconds


def _days(part: str, hint: str) -> list[int]:
    words = {"": "", "daily": "", "weekdays": "mon-fri", "weekday": "mon-fri"}
    first, _, last = words.get(part.lower(), part).partition("-")
    if not first:
        return []
    start = _day(first, hint)
    end = _day(last, hint) if last else start
    return [day % 7 for day in range(start, end + 1 if end >= start else end + 8)]


def _day(word: str, hint: str) -> int:
    known = [day.lower() for day in DAYS]
    full = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    if not any(day.startswith(word.lower()) for day in full) or word[:3].lower() not in known:
        raise UnknownNameError("day", word, nearest(word, (*DAYS, *full)), hint=hint)
    return known.index(word[:3].lower())


def _digest_name(profile: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", profile).strip("-.")
    if plain != profile:
        # Two names that differ only in such letters are two timers.
        plain = f"{plain}-{hashlib.sha256(profile.encode()).hexdigest()[:6]}".lstrip("-")
    return _DIGEST + plain
