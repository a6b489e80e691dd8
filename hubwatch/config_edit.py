"""Change the user's config.toml: comments and order stay, a broken file is refused, writing is atomic."""

from __future__ import annotations

import os
import tempfile
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Table

from hubwatch import catalog, config
from hubwatch.config_lines import Block, locate
from hubwatch.errors import ConfigError, UnknownNameError, UsageError
from hubwatch.models import PageSelectors, Profile, Source
from hubwatch.text.ages import format_duration
from hubwatch.text.nearest import nearest

_TEMPLATE = Path(__file__).parent / "docs" / "config.example.toml"
_NEW_FILE = "# The configuration of hubwatch; its keys are explained by: hubwatch help config\n"
_PRIVATE = 0o600  # it may name private hosts and hold addresses with passwords


def init(path: Path) -> None:
    """Write a file that shows every key, all commented out; refuse where there is one already."""
    if path.exists():
        hint = "see what it says with: hubwatch config show"
        raise ConfigError("there is a file already; it is left as it is", path=str(path), hint=hint)
    lines = _TEMPLATE.read_text(encoding="utf-8").splitlines()
    _write(path, "\n".join(f"# {line}" if line and line[0] != "#" else line for line in lines) + "\n")


def add_source(path: Path, source: Source) -> None:
    """Add a source of the user's own; refuse an id that the file has already."""
    add_sources(path, (source,))


def add_sources(path: Path, sources: Sequence[Source]) -> None:
    """Add several sources in one go."""
    text, data = _read(path)
    expected: dict[str, Any] = data
    tables = {source.id: _source_table(source) for source in sources}
    for source in sources:
        if source.id in expected.get("sources", {}):
            hint = "take another id, or remove that one first"
            raise _fault(path, text, ("sources", source.id), f"there is a source '{source.id}' already", hint)
        expected = _merged(expected, "sources", source.id, tables[source.id])
    if tables:
        _commit(path, expected, *_with_tables(text, "sources", tables))


def remove_source(path: Path, id_: str) -> None:
    """Remove a source, its comment and its selectors from the file."""
    text, data = _read(path)
    known = data.get("sources", {})
    if id_ not in known:
        if id_ in catalog.source_ids():
            raise UsageError(f"'{id_}' is built in", hint=f"switch it off: hubwatch sources disable {id_}")
        hint = "hubwatch sources lists them all"
        raise UnknownNameError("source", id_, nearest(id_, known), hint=hint)
    expected = _merged(data, "sources", id_, None)
    _commit(path, expected, lambda: _without_lines(text, ("sources", id_)), lambda: _without_key(text, id_))


def set_enabled(path: Path, id_: str, *, enabled: bool) -> None:
    """Switch a source on or off; one that the file does not name gets a table of its own."""
    text, data = _read(path)
    table = data.get("sources", {}).get(id_)
    expected = _merged(data, "sources", id_, {**(table or {}), "enabled": enabled})
    if table is None:
        _commit(path, expected, *_with_tables(text, "sources", {id_: {"enabled": enabled}}))
    elif "enabled" in table:
        _commit(path, expected, lambda: _with_value(text, id_, "enabled", enabled))
    else:
        line = f"enabled = {str(enabled).lower()}"
        in_line = lambda: _with_line(text, ("sources", id_), line)  # noqa: E731
        _commit(path, expected, in_line, lambda: _with_value(text, id_, "enabled", enabled))


def add_profile(path: Path, profile: Profile) -> None:
    """Add a profile; refuse a name that the file has already."""
    text, data = _read(path)
    if profile.name in data.get("profiles", {}):
        message = f"there is a profile '{profile.name}' already"
        raise _fault(path, text, ("profiles", profile.name), message, "edit that table, or take another name")
    table = _profile_table(profile)
    expected = _merged(data, "profiles", profile.name, table)
    _commit(path, expected, *_with_tables(text, "profiles", {profile.name: table}))


# --- values to tables -----------------------------------------------------------------------------


def _source_table(source: Source) -> dict[str, Any]:
    """Give the keys that differ from what holds without them."""
    table: dict[str, Any] = {"name": source.name} if source.name not in ("", source.id) else {}
    table["url"] = source.url
    plain = {"kind": (source.kind, "auto"), "what": (source.what, "news"), "hub": (source.hub, None)}
    plain |= {"state": (source.state, None), "query": (source.query, None)}
    table |= {key: value for key, (value, default) in plain.items() if value != default}
    if source.every_s is not None:
        table["every"] = format_duration(source.every_s)
    if not source.enabled:
        table["enabled"] = False
    if source.page is not None:
        table["page"] = _page_table(source.page)
    return table


def _page_table(page: PageSelectors) -> dict[str, str]:
    written = {key: getattr(page, key) for key in ("item", "title", "link", "date", "summary")}
    return {key: value for key, value in written.items() if value is not None}


def _profile_table(profile: Profile) -> dict[str, Any]:
    table: dict[str, Any] = {key: list(value) for key, value in profile.lists.items() if value}
    if profile.min_score != Profile(name="").min_score:
        table["min_score"] = profile.min_score
    if profile.email:
        table["email"] = profile.email
    return table


# --- the file -------------------------------------------------------------------------------------


def _read(path: Path) -> tuple[str, dict[str, Any]]:
    """Read a file that is without fault, or that is not there yet."""
    if not path.exists():
        return _NEW_FILE, {}
    faults = config.check(path)
    if faults:
        faults[0].hint = "; ".join(filter(None, (faults[0].hint, "the file was left as it is")))
        raise faults[0]
    text = path.read_bytes().decode("utf-8-sig")
    return text, tomllib.loads(text.replace("\r\n", "\n"))


def _commit(path: Path, expected: Mapping[str, Any], *ways: Callable[[], str]) -> None:
    """Write the first new text that says what it should, no more and no less."""
    for way in ways:
        try:
            text = way()
            fits = _filled(tomllib.loads(text.replace("\r\n", "\n"))) == _filled(expected)
        except (tomllib.TOMLDecodeError, TOMLKitError, KeyError, TypeError):
            continue  # this way does not go with the file's layout
        if fits:
            _write(path, text, check=True)
            return
    hint = "edit it by hand: hubwatch config path tells where it is"
    raise ConfigError("its layout cannot be changed without loss", path=str(path), hint=hint)


def _filled(data: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out tables with nothing in them: where the last source went, its heading may go or stay."""
    return {key: value for key, value in data.items() if value != {}}


def _write(path: Path, text: str, *, check: bool = False) -> None:
    target = path.resolve()  # a link to a file kept elsewhere stays a link
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        mode = target.stat().st_mode & 0o7777 if target.exists() else _PRIVATE
        with tempfile.NamedTemporaryFile(
            dir=target.parent, prefix=".config-", suffix=".toml", delete=False
        ) as new:
            draft = Path(new.name)
            new.write(text.encode())
            new.flush()
            os.fsync(new.fileno())
        try:
            os.chmod(draft, mode)
            if check:
                _refuse_faults(draft, path)
            os.replace(draft, target)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        hint = "check its permissions and its folder's, or choose another with --config FILE"
        raise ConfigError(
            f"cannot be written: {error.strerror or error}", path=str(path), hint=hint
        ) from error


def _refuse_faults(draft: Path, path: Path) -> None:
    for fault in config.check(draft):
        said = fault.message.removeprefix(f"{draft}:{fault.line}: ")
        raise ConfigError(f"not written: {said}", path=str(path), key=fault.key, hint=fault.hint)


def _fault(path: Path, text: str, key: tuple[str, ...], message: str, hint: str) -> ConfigError:
    return ConfigError(message, path=str(path), line=locate(text).of(key), key=".".join(key), hint=hint)


def _merged(data: Mapping[str, Any], kind: str, name: str, table: Mapping[str, Any] | None) -> dict[str, Any]:
    """Tell what the file has to say after the change."""
    named = {key: value for key, value in data.get(kind, {}).items() if key != name or table is not None}
    if table is not None:
        named[name] = dict(table)
    rest = {key: value for key, value in data.items() if key != kind}
    return {**rest, kind: named} if named or kind in data else rest


# --- the text -------------------------------------------------------------------------------------
# Tables are put in and taken out as lines: tomlkit counts the comment above a table to the one before
# it, so that it would go, or stay, with the wrong one. Values, and tables written in one line, are
# tomlkit's work.


def _with_tables(
    text: str, kind: str, tables: Mapping[str, Mapping[str, Any]]
) -> tuple[Callable[[], str], ...]:
    """Give the ways to add tables: as lines behind the last one of their kind, or as tomlkit does it."""
    return (lambda: _with_lines(text, kind, tables)), (lambda: _with_keys(text, kind, tables))


def _with_lines(text: str, kind: str, tables: Mapping[str, Mapping[str, Any]]) -> str:
    written = "\n".join(_rendered(kind, name, table) for name, table in tables.items())
    blocks = [block for block in locate(text).blocks if block.path[0] == kind]
    lines = text.replace("\r\n", "\n").split("\n")
    after = _end(lines, blocks[-1]) if blocks else len(lines)
    before, behind = "\n".join(lines[:after]).rstrip("\n"), "\n".join(lines[after:]).strip("\n")
    parts = [part for part in (before, written.strip("\n"), behind) if part]
    return ("\n\n".join(parts) + "\n").replace("\n", _line_end(text))


def _rendered(kind: str, name: str, table: Mapping[str, Any]) -> str:
    document = tomlkit.document()
    outer = tomlkit.table(is_super_table=True)
    outer.append(name, _item(table))
    document.append(kind, outer)
    return tomlkit.dumps(document)


def _item(table: Mapping[str, Any]) -> Table:
    inner = tomlkit.table()
    for key, value in table.items():
        inner.append(key, _item(value) if isinstance(value, Mapping) else value)
    return inner


def _with_keys(text: str, kind: str, tables: Mapping[str, Mapping[str, Any]]) -> str:
    document = tomlkit.parse(text)
    named: Any = document.setdefault(kind, {})
    for name, table in tables.items():
        named[name] = dict(table)
    return tomlkit.dumps(document)


def _without_lines(text: str, path: tuple[str, str]) -> str:
    """Take out a table with the tables below it and the comment above it."""
    lines = text.split("\n")
    for block in reversed([block for block in locate(text).blocks if block.path[:2] == path]):
        first, last = _beginning(lines, block), _end(lines, block)
        while last < len(lines) - 1 and not lines[last].strip():
            last += 1  # the blank lines behind it go with it
        del lines[first:last]
    return "\n".join(lines).rstrip("\r\n") + _line_end(text)


def _without_key(text: str, id_: str) -> str:
    document = tomlkit.parse(text)
    named: Any = document["sources"]
    del named[id_]
    return tomlkit.dumps(document)


def _with_line(text: str, path: tuple[str, str], line: str) -> str:
    """Put a line below the last one of a table."""
    block = next((block for block in locate(text).blocks if block.path == path), None)
    if block is None:
        raise KeyError(path)
    lines = text.split("\n")
    lines.insert(block.last, line + _line_end(text)[:-1])
    return "\n".join(lines)


def _with_value(text: str, id_: str, key: str, value: object) -> str:
    document = tomlkit.parse(text)
    named: Any = document["sources"]
    named[id_][key] = value
    return tomlkit.dumps(document)


def _beginning(lines: Sequence[str], block: Block) -> int:
    """Count the lines before a table: the comment right above its header is the table's."""
    first = block.first - 1
    while first > 0 and lines[first - 1].lstrip().startswith("#"):
        first -= 1
    return first if first > 0 else block.first - 1  # a comment at the very top is the file's


def _end(lines: Sequence[str], block: Block) -> int:
    """Count the lines up to the end of a table: a comment right below its last value is the table's."""
    last = block.last
    while last < len(lines) and lines[last].lstrip().startswith("#"):
        last += 1
    return last if last == len(lines) or not lines[last].strip() else block.last


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
