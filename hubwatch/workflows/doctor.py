"""Look whether everything is in order: versions, configuration, files, store, clock. Changes nothing."""

from __future__ import annotations

import os
import platform
import shutil
import stat
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Literal

from hubwatch import config as configuration
from hubwatch.config import Config
from hubwatch.errors import HubwatchError
from hubwatch.models import SourceState
from hubwatch.models.dataclass import dataclass
from hubwatch.store import engine, maintenance, sources
from hubwatch.store.db import REPAIR, Store, open_for_reading
from hubwatch.text import urls
from hubwatch.text.numbers import counted
from hubwatch.workflows.health import name_some

Status = Literal["ok", "warning", "fault"]
_PACKAGES = ("httpx", "feedparser", "beautifulsoup4", "lxml", "sqlite-utils", "typer", "rich")
_SAFE_EXPAT = (2, 4, 1)  # from here on it stops the expansion of entities by itself
_OLD_SYNC = timedelta(days=7)
_CLOCK_SLACK = timedelta(hours=1)
_FIRST_YEAR = 2025
_LITTLE_ROOM = 200_000_000
_NAMED = 3
_MANY_FAILING = 3  # one in so many of the sources: no longer the few sites that are down on any day
_NETWORK = ("nfs", "cifs", "smb", "9p", "afs", "fuse.sshfs", "fuse.rclone", "drvfs", "glusterfs", "ceph")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at: what, how it is, and what to do."""

    check: str
    status: Status
    detail: str
    hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What is to be looked at."""

    config: Path  # where the configuration is, or would be
    database: Path | None  # None: as the configuration says
    env: Mapping[str, str]


def look(place: Place, *, now: datetime) -> Iterator[Finding]:
    """Yield one finding after the other; each stands by itself, whatever the others found."""
    yield from _versions()
    config, faults = _config(place)
    yield from faults
    database = place.database or config.database
    yield from _folder(database)
    yield from _store(database, config, now=now)
    yield from _secrets(place, config, database)
    yield from _settings(place, config)
    if not _FIRST_YEAR <= now.year < 2100:
        hint = "set the clock: what is new is told by it"
        yield _found("clock", "fault", f"it says {now:%Y-%m-%d}", hint)


def _found(check: str, status: Status, detail: str, hint: str | None = None) -> Finding:
    return Finding(check=check, status=status, detail=detail, hint=hint)


# --- versions -----------------------------------------------------------------------------------


def _versions() -> Iterator[Finding]:
    from pyexpat import EXPAT_VERSION

    where = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    yield _found("python", "ok", f"{where} ({sys.executable})")
    number = EXPAT_VERSION.removeprefix("expat_")
    safe = tuple(int(part) for part in number.split(".") if part.isdecimal()) >= _SAFE_EXPAT
    hint = None if safe else "a hostile feed could fill the memory: use a newer Python"
    yield _found("expat", "ok" if safe else "fault", number, hint)
    if engine.has_full_text():
        yield _found("sqlite", "ok", f"{engine.VERSION} with FTS5")
    else:
        yield _found("sqlite", "fault", f"{engine.VERSION} without FTS5", "use a Python whose SQLite has it")
    yield _packages()


def _packages() -> Finding:
    found, missing = [], []
    for name in _PACKAGES:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        return _found("packages", "fault", f"missing: {', '.join(missing)}", "install hubwatch anew")
    return _found("packages", "ok", ", ".join(found))


# --- configuration ------------------------------------------------------------------------------


def _config(place: Place) -> tuple[Config, tuple[Finding, ...]]:
    if not place.config.exists() and place.config == configuration.default_path():
        return Config(), (_found("config", "ok", "none; the defaults hold"),)
    faults = configuration.check(place.config)
    if faults:
        return Config(), tuple(_found("config", "fault", fault.message, fault.hint) for fault in faults)
    config = configuration.load(place.config, {})
    number = sum(source.enabled for source in config.sources)
    return config, (_found("config", "ok", f"{place.config}: {counted(number, 'source')} followed"),)


def _settings(place: Place, config: Config) -> Iterator[Finding]:
    if config.fetch.allow_private:
        hosts = ", ".join(config.fetch.allow_private)
        hint = "any source may lead there; take out what is not needed"
        yield _found("private hosts", "warning", f"allow_private: {hosts}", hint)
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        if place.env.get(name):
            yield _found("proxy", "ok", f"{name}: {urls.mask(place.env[name])}")
    mail = config.email
    wanted = [profile.name for profile in config.profiles.values() if profile.email]
    if mail.host and mail.sender:
        yield _mail(place, config)
    elif wanted:
        detail = f"{', '.join(wanted)} cannot be mailed: [email] needs host and from"
        yield _found("mail", "warning", detail, "hubwatch help email")


def _mail(place: Place, config: Config) -> Finding:
    from hubwatch.net import smtp

    security = config.email.security
    secured = "not encrypted" if security == "none" else f"encrypted by {security}"
    where = f"{config.email.host}:{config.email.port}, {secured}"
    if config.email.user and smtp.password(config.email, place.env) is None:
        hint = f"set {smtp.PASSWORD_VARIABLE}, or store it: keyring set hubwatch {config.email.user}"
        return _found("mail", "warning", f"{where}: no password for {config.email.user}", hint)
    return _found("mail", "ok", where)


# --- files --------------------------------------------------------------------------------------


def _folder(database: Path) -> Iterator[Finding]:
    folder = database.absolute().parent
    there = _there(folder)
    if not os.access(there, os.W_OK | os.X_OK):
        yield _found("folder", "fault", f"{folder} cannot be written", "choose another place: --db FILE")
        return
    free = shutil.disk_usage(there).free
    kind = file_system(there.resolve(), _mounts())
    if kind and kind.startswith(_NETWORK):
        hint = "SQLite's locks are not safe there: keep the store on a local disk"
        yield _found("folder", "warning", f"{folder} is on a network file system ({kind})", hint)
    elif free < _LITTLE_ROOM:
        yield _found("folder", "warning", f"{folder} has {free // 1_000_000} MB left", "free some space")
    else:
        yield _found("folder", "ok", f"{folder}, {free // 1_000_000_000} GB free")


def _there(folder: Path) -> Path:
    """Return the folder, or the nearest above it that is there already."""
    return next((each for each in (folder, *folder.parents) if each.exists()), Path("."))


def _mounts() -> str:
    try:
        return Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:  # not Linux
        return ""


def file_system(folder: Path, mounts: str) -> str | None:
    """Return the kind of file system of a folder; by the table of mounts, or a Windows share's name."""
    if str(folder).startswith("\\\\"):
        return "cifs"
    best: tuple[int, str] | None = None
    for line in mounts.splitlines():
        parts = line.split(" ")
        point = Path(parts[1].replace("\\040", " ")) if len(parts) > 2 else None
        if point and (point == folder or point in folder.parents) and len(str(point)) >= (best or (0, ""))[0]:
            best = len(str(point)), parts[2]
    return best[1] if best else None


def _secrets(place: Place, config: Config, database: Path) -> Iterator[Finding]:
    """Look at the files that hold secrets: only their owner should be able to read them."""
    holds = any(urls.mask(source.url) != source.url for source in config.sources)
    files = {place.config.parent / "environment": "it is for the mail password"}
    if holds:
        files |= dict.fromkeys((place.config, database), "an address in it has a password")
    there = [file for file in files if os.name == "posix" and file.exists()]
    loose = [file for file in there if stat.S_IMODE(file.stat().st_mode) & 0o077]
    for file in loose:
        yield _found("secrets", "fault", f"{file} can be read by others; {files[file]}", f"chmod 600 {file}")
    if there and not loose:
        yield _found("secrets", "ok", "only you can read the files that hold them")


# --- store --------------------------------------------------------------------------------------


def _store(database: Path, config: Config, *, now: datetime) -> Iterator[Finding]:
    if not database.exists():
        yield _found("database", "ok", f"{database}: not there yet; hubwatch sync makes it")
        return
    if database.is_dir():
        yield _found("database", "fault", f"{database} is a folder", "choose a file with --db FILE")
        return
    try:
        with open_for_reading(database) as store:
            faults = maintenance.check(store)
            states = sources.load_states(store)
            yield from _soundness(store, faults)
    except HubwatchError as error:
        yield _found("database", "fault", error.message, error.hint)
        return
    yield from _times(states, config, now=now)


def _soundness(store: Store, faults: tuple[str, ...]) -> Iterator[Finding]:
    for fault in faults:
        yield _found("database", "fault", fault, REPAIR)
    if not faults:
        size = store.path.stat().st_size / 1_000_000
        yield _found("database", "ok", f"{store.path}: sound, {size:.1f} MB")


def _times(states: Mapping[str, SourceState], config: Config, *, now: datetime) -> Iterator[Finding]:
    asked = [state.last_asked for state in states.values() if state.last_asked is not None]
    if not asked:
        yield _found("sync", "warning", "never", "hubwatch sync")
        return
    last = max(asked)
    # The store also remembers sources that are no longer followed, which `hubwatch sources` does not list.
    followed = [states[source.id] for source in config.sources if source.enabled and source.id in states]
    failing = [state.source for state in followed if state.failures and not state.ended]
    named = f": {name_some(failing, _NAMED)}" if failing else ""
    detail = (
        f"last {last:%Y-%m-%d %H:%M} UTC; {len(failing)} of {counted(len(followed), 'source')} failing{named}"
    )
    if last > now + _CLOCK_SLACK:
        hint = "the clock was set back, or was ahead then; set it"
        yield _found("clock", "warning", f"the last sync lies ahead, at {last:%Y-%m-%d %H:%M} UTC", hint)
    elif now - last > _OLD_SYNC:
        yield _found("sync", "warning", detail, "hubwatch sync, or a timer: hubwatch schedule")
    elif followed and len(failing) == len(followed):
        yield _found("sync", "warning", detail, "is there a network? hubwatch sources says why")
    elif failing and _MANY_FAILING * len(failing) >= len(followed):
        yield _found("sync", "warning", detail, "hubwatch sources says why")
    else:
        yield _found("sync", "ok", detail)
