"""config.toml to Config: found, read, checked, joined with the catalog; a fault names file, line and key."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from hubwatch import catalog
from hubwatch.errors import ConfigError
from hubwatch.models import EmailSettings, FetchSettings, Profile

if TYPE_CHECKING:
    import tomllib

    from hubwatch.config_check import Finding
    from hubwatch.models import Source, Topic
# tomllib and the checking modules load when there is a file to read: without one they would cost every
# command 20 ms of its start.

DEFAULT_GROUPS = ("institutes", "national")
GRANTS_GOV_URL = "https://api.grants.gov/v1/api/search2"
# The keys of the file whose names differ from the fields that they fill.
_FETCH_FIELDS = {"delay": "delay_s", "timeout": "timeout_s"}
_EMAIL_FIELDS = {"from": "sender"}


@dataclass(frozen=True, kw_only=True)
class Config:
    """What the user wants, in full: the file's values, else the defaults."""

    path: Path | None = None  # the file that was read; None: there is none
    contact: str | None = None
    catalog: tuple[str, ...] = DEFAULT_GROUPS
    fetch: FetchSettings = field(default_factory=FetchSettings)
    topics: tuple[Topic, ...] = ()  # the user's own, and what is added to built-in ones
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    email: EmailSettings = field(default_factory=EmailSettings)
    database_setting: Path | None = None
    source_tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # [sources.*], checked
    text: str = field(default="", repr=False)  # the file's

    @cached_property
    def origins(self) -> Mapping[str, str]:
        """Map each dotted key of the file to its `FILE:LINE`; what is not there has its default."""
        from hubwatch.config_lines import locate

        lines = locate(self.text).keys.items()
        named = {key: line for key, line in lines if all(isinstance(part, str) for part in key)}
        return {".".join(map(str, key)): f"{self.path}:{line}" for key, line in named.items()}

    @property
    def database(self) -> Path:
        """Tell where the store is: as set, else in the platform's data folder."""
        return self.database_setting or default_database()

    @property
    def own_sources(self) -> frozenset[str]:
        """Tell which sources the file gives an address: the user's own, and built-in ones moved elsewhere."""
        tables = self.source_tables.items()
        return frozenset(id_ for id_, table in tables if "url" in table or table.get("kind") == "grants-gov")

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """List what is followed: built-in groups, the profiles' states and the file's own sources."""
        states = {state for profile in self.profiles.values() for state in profile.states}
        builtin = catalog.sources(self.catalog, tuple(states)) if self.catalog else ()
        followed = {source.id: source for source in builtin}
        built_in = {source.id: source for source in catalog.all_sources()} if self.source_tables else {}
        for id_, table in self.source_tables.items():
            known = followed.get(id_) or built_in.get(id_)
            # Who names a built-in source follows it, whatever the groups, unless it is switched off.
            if known is None or id_ in followed or table.get("enabled", True):
                followed[id_] = _own_source(id_, table) if known is None else _overridden(known, table)
        return tuple(followed.values())


def load(path: Path | None, env: Mapping[str, str]) -> Config:
    """Load the configuration; raises the first fault as a ConfigError."""
    found = find_path(path, env)
    if found is None:
        return Config()
    config, faults = _read(found)
    if faults:
        raise _first(faults)
    return config


def check(path: Path) -> tuple[ConfigError, ...]:
    """Collect all faults of a file, in the order of its lines; the usual file need not be there."""
    if not path.exists() and path == default_path():
        return ()
    try:
        return _read(path, thorough=True)[1]
    except ConfigError as error:  # that it cannot be read is a fault like others
        return (error,)


def find_path(path: Path | None, env: Mapping[str, str]) -> Path | None:
    """Find the file: named by the option, by HUBWATCH_CONFIG, else the usual one, if it is there."""
    named = path or (Path(env["HUBWATCH_CONFIG"]) if env.get("HUBWATCH_CONFIG") else None)
    if named is not None:
        return _expanded(named)
    usual = default_path()
    return usual if usual.exists() else None


def default_path() -> Path:
    """Tell where the file is looked for when none is named."""
    return _folder("config") / "config.toml"


def default_database() -> Path:
    """Tell where the store is when none is named."""
    return _folder("data") / "hubwatch.db"


def _folder(kind: Literal["config", "data"]) -> Path:
    if sys.platform == "linux":
        # What platformdirs says there, without its 10 ms, but for relative paths, which it takes.
        return xdg_folder(kind) / "hubwatch"
    import platformdirs

    find = platformdirs.user_config_path if kind == "config" else platformdirs.user_data_path
    return find("hubwatch", appauthor=False)


def xdg_folder(kind: Literal["config", "data"]) -> Path:
    """Tell where the environment has such files; a relative path counts for none, as XDG's standard says."""
    named = os.environ.get(f"XDG_{kind.upper()}_HOME", "").strip()
    usual = {"config": "~/.config", "data": "~/.local/share"}[kind]
    return Path(named if os.path.isabs(named) else os.path.expanduser(usual))


def database_path(option: Path | None, env: Mapping[str, str], config: Config) -> Path:
    """Tell where the store is: option, then HUBWATCH_DB, then the file, then the platform's folder."""
    named = option or (Path(env["HUBWATCH_DB"]) if env.get("HUBWATCH_DB") else None)
    return _expanded(named) if named else config.database


# --- reading ------------------------------------------------------------------------------------


def _read(path: Path, *, thorough: bool = False) -> tuple[Config, tuple[ConfigError, ...]]:
    import tomllib

    from hubwatch.config_check import Finding, read_tables

    text = _text(path)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Config(path=path), (_syntax_error(path, text, error),)
    except RecursionError:
        return Config(path=path), (ConfigError("its values are nested too deeply", path=str(path)),)
    clean, findings = read_tables(data)
    database = clean.get("hubwatch", {}).get("database")
    if database is not None:
        try:
            clean["hubwatch"]["database"] = path.absolute().parent / _expanded(Path(database))
        except ConfigError as error:
            findings = (*findings, Finding(("hubwatch", "database"), error.message))
    if thorough:
        findings = (*findings, *_selector_findings(clean.get("sources", {})))
    if findings:
        return Config(path=path), _faults(path, text, findings)
    return _config(path, text, clean), ()


def _text(path: Path) -> str:
    try:
        body = path.read_bytes()
    except FileNotFoundError as error:
        hint = "write one with: hubwatch config init"
        raise ConfigError("there is no such file", path=str(path), hint=hint) from error
    except OSError as error:
        hint = f"name the file: {path / 'config.toml'}" if path.is_dir() else "see that you may read it"
        raise ConfigError(f"cannot be read: {error.strerror or error}", path=str(path), hint=hint) from error
    try:
        return body.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        hint = "save the file as UTF-8"
        raise ConfigError("this is not UTF-8 text", path=str(path), line=line, hint=hint) from error


def _syntax_error(path: Path, text: str, error: tomllib.TOMLDecodeError) -> ConfigError:
    from hubwatch.config_check import syntax_hint

    place = re.search(r"\(at line (\d+), column \d+\)", str(error))
    rows = text.split("\n")
    line = int(place[1]) if place else max(len(text.rstrip().split("\n")), 1)
    row = rows[line - 1].strip() if line <= len(rows) else ""
    reason = re.sub(r"\s*\(at [^()]*\)$", "", str(error))
    reason = re.sub(r"\('.*?'\s*,?\)", lambda m: "[" + ".".join(re.findall(r"'(.*?)'", m[0])) + "]", reason)
    key = re.match(r"[\w.-]+(?=\s*[=:])", row)
    hint = (
        "it stands in the file twice: make one of the two"
        if re.search("twice|overwrite|mutate|already", reason)
        else syntax_hint(row)
    )
    return ConfigError(
        f"not valid TOML: {reason}" + (f": {row[:80]}" if row else ""),
        path=str(path),
        line=line,
        key=key[0] if key else None,
        hint=hint,
    )


def _faults(path: Path, text: str, findings: Sequence[Finding]) -> tuple[ConfigError, ...]:
    """Put the findings into words with their lines, in the order of these."""
    from hubwatch.config_lines import locate

    lines = locate(text)
    faults = []
    for found in findings:
        key = ".".join(part for part in found.path if isinstance(part, str))
        line = lines.of(found.path)
        faults.append(ConfigError(found.message, path=str(path), line=line, key=key, hint=found.hint))
    return tuple(sorted(faults, key=lambda fault: fault.line or 0))


def _first(faults: tuple[ConfigError, ...]) -> ConfigError:
    first, more = faults[0], len(faults) - 1
    if more:
        import shlex

        from hubwatch.text.numbers import counted

        named = "" if first.path == str(default_path()) else f"--config {shlex.quote(first.path)} "
        others = f"{counted(more, 'more fault')}: hubwatch {named}config check"
        first.hint = f"{first.hint} ({others})" if first.hint else others
    return first


def _selector_findings(tables: Mapping[str, Mapping[str, Any]]) -> list[Finding]:
    """Ask the library that will use the selectors: it knows all of CSS."""
    from hubwatch.config_check import Finding

    findings = []
    for id_, table in tables.items():
        for key, css in table.get("page", {}).items():
            import soupsieve  # 60 ms with what it loads

            try:
                soupsieve.compile(re.sub(r"@[\w-]*$", "", css) or "*")
            except (soupsieve.SelectorSyntaxError, NotImplementedError) as error:
                reason = str(error).split("\n")[0]
                findings.append(Finding(("sources", id_, "page", key), f"sources.{id_}.page.{key}: {reason}"))
    return findings


def _expanded(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise ConfigError("there is no home folder for '~'", path=str(path)) from error


# --- assembling ---------------------------------------------------------------------------------


def _config(path: Path, text: str, clean: Mapping[str, Any]) -> Config:
    general = clean.get("hubwatch", {})
    fetch = {_FETCH_FIELDS.get(key, key): value for key, value in clean.get("fetch", {}).items()}
    email = {_EMAIL_FIELDS.get(key, key): value for key, value in clean.get("email", {}).items()}
    names = catalog.topic_names() if clean.get("topics") else {}
    return Config(
        path=path,
        contact=general.get("contact"),
        catalog=general.get("catalog", DEFAULT_GROUPS),
        fetch=FetchSettings(**fetch),
        topics=tuple(_topic(id_, table, names) for id_, table in clean.get("topics", {}).items()),
        profiles={name: Profile(name=name, **table) for name, table in clean.get("profiles", {}).items()},
        email=EmailSettings(**email),
        database_setting=general.get("database"),
        source_tables=clean.get("sources", {}),
        text=text,
    )


def _topic(id_: str, table: Mapping[str, Any], built_in: Mapping[str, str]) -> Topic:
    from hubwatch.models import Topic

    return Topic(
        id=id_,
        name=table.get("name") or built_in.get(id_, id_),
        description=table.get("description", ""),
        terms=table.get("terms", ()),
        weak=table.get("weak", ()),
        cancels=table.get("not", ()),
    )


def _fields(table: Mapping[str, Any]) -> dict[str, Any]:
    """Name the values as the fields of a source."""
    fields = {"every_s" if key == "every" else key: value for key, value in table.items()}
    if "page" in table:
        from hubwatch.models import PageSelectors

        fields["page"] = PageSelectors(**table["page"])
        fields["kind"] = "page"  # who gives selectors wants them used
    return fields


def _own_source(id_: str, table: Mapping[str, Any]) -> Source:
    fields = {"name": id_, **_fields(table)}
    if fields.get("kind") == "grants-gov":
        fields = {"url": GRANTS_GOV_URL, "what": "project-calls", **fields}
    from hubwatch.models import Source

    return _with_state(Source(id=id_, **fields), table)


def _overridden(known: Source, table: Mapping[str, Any]) -> Source:
    fields = _fields(table)
    if "url" in fields:
        # The user's address is asked, and nothing else in its place.
        fields = {"kind": "auto", **fields, "candidates": (), "homepage": None, "builtin": False}
    elif "kind" in fields:
        same = tuple(c for c in known.candidates if c.kind == fields["kind"])
        chain = same or tuple(replace(c, kind=fields["kind"]) for c in known.candidates)
        fields = {**fields, "candidates": chain, "url": chain[0].url if chain else known.url}
    source = replace(known, **fields)
    return _with_state(replace(source, state=None), table) if "hub" in table else source


def _with_state(source: Source, table: Mapping[str, Any]) -> Source:
    """Give a source its own state, else its hub's."""
    hub = catalog.find_hub(source.hub) if source.hub and "state" not in table else None
    return replace(source, state=table.get("state") or (hub.state if hub else None))
