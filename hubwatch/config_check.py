"""Check the parsed tables of config.toml: every fault with its key and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hubwatch import catalog
from hubwatch import config_schema as schema
from hubwatch.config_values import Names, Reader, WrongValue, text
from hubwatch.models.dataclass import dataclass
from hubwatch.text.nearest import nearest

if TYPE_CHECKING:
    from hubwatch.config_lines import Path

Table = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: the key it is about, what is wrong, what to write."""

    path: Path
    message: str
    hint: str | None = None


def read_tables(data: Table) -> tuple[Table, tuple[Finding, ...]]:
    """Read all tables: clean values by table and key, and every fault found on the way."""
    reading = _Reading(data)
    return reading.read(), tuple(reading.findings)


def syntax_hint(line: str) -> str | None:
    """Guess from a line that is no TOML what was meant."""
    written = line.split("#")[0].strip()
    if re.match(r"\[[^\]]*$", written) and "=" not in written:
        return f"close the bracket: {written}]"
    pair = re.match(r"([\w.-]+)\s*(=|:)\s*(.*)$", written)
    if re.fullmatch(r"\[[^\[\]]+\]", written):
        return "close what is open above it: a bracket, or quotes"
    if not pair:
        return "a line is a [table], a key = value or a # comment"
    key, sign, value = pair.groups()
    if value.startswith("[") and "]" not in value:
        return f"close the bracket: {key} = {value}]"
    if value.lower() in ("true", "false", "yes", "no"):
        return f"write: {key} = {'true' if value.lower() in ('true', 'yes') else 'false'}"
    if re.match(r"[A-Za-z/~]", value):
        return f'put text in quotes: {key} = "{value}"'
    if sign == ":":
        return f"write: {key} = {value}"
    if "\\" in value:
        return "a backslash in double quotes starts an escape: use single quotes"
    if value[:1] in ("'", '"') and (len(value) == 1 or value[-1] != value[0]):
        return f"close the quotes: {key} = {value}{value[0]}"
    return f"give it a value: {key} = ..." if not value else None


class _Reading:
    def __init__(self, data: Table) -> None:
        self._data = data
        self.findings: list[Finding] = []
        own, built_in = data.get("topics"), catalog.topic_names()
        titles = {
            name: table["name"] if isinstance(table.get("name"), str) else built_in.get(name, name)
            for name, table in (own if isinstance(own, dict) else {}).items()
            if isinstance(table, dict)
        }
        self._names = Names(topics=titles)

    def read(self) -> Table:
        clean: Table = {}
        for name, value in self._data.items():
            if name in schema.TABLES:
                clean[name] = self._table((name,), value, schema.TABLES[name])
            elif name in schema.NAMED:
                clean[name] = self._named(name, value)
            else:
                self._unknown((name,), (*schema.TABLES, *schema.NAMED))
        return clean

    def _add(self, path: Path, message: str, hint: str | None = None) -> None:
        self.findings.append(Finding(path, message, hint))

    def _unknown(self, path: Path, valid: tuple[str, ...], extra: str | None = None) -> None:
        key = str(path[-1])
        homes = [table for table, keys in schema.TABLES.items() if key in keys and (table,) != path[:-1]]
        meant = nearest(key, valid)
        if extra:
            hint = extra
        elif meant:
            hint = f"did you mean {'.'.join(map(str, (*path[:-1], meant)))}?"
        elif homes:
            hint = f"it belongs in [{homes[0]}]"
        else:
            hint = f"known here: {', '.join(valid)}"
        self._add(path, f"unknown {'key' if len(path) > 1 else 'table or key'} '{key}'", hint)

    def _table(self, path: Path, value: Any, readers: Mapping[str, Reader]) -> Table:
        if not isinstance(value, dict):
            shown = ".".join(map(str, path))
            self._add(
                path, f"'{shown}' must be a table", f"write [{shown}] on a line of its own, its keys below it"
            )
            return {}
        clean: Table = {}
        for key, element in value.items():
            if key in readers:
                self._value((*path, key), element, readers[key], clean)
            elif path == ("email",) and re.search("pass", key, re.IGNORECASE):
                hint = "set HUBWATCH_SMTP_PASSWORD or use the keyring"
                self._unknown((*path, key), (), f"secrets do not belong in this file: {hint}")
            else:
                self._unknown((*path, key), tuple(readers))
        return clean

    def _value(self, path: Path, value: Any, reader: Reader, clean: Table) -> None:
        try:
            clean[str(path[-1])] = reader(value, self._names)
        except WrongValue as wrong:
            for each in (wrong, *wrong.others):
                place = path if each.at is None else (*path, each.at)
                self._add(place, f"{_dotted(path)}: {each.message}", each.hint)

    def _named(self, kind: str, value: Any) -> Table:
        if not isinstance(value, dict):
            self._add((kind,), f"'{kind}' must hold named tables", f"write [{kind}.NAME], with one bracket")
            return {}
        clean: Table = {}
        for name, table in value.items():
            path: Path = (kind, name)
            if not isinstance(table, dict):
                known = name in schema.NAMED[kind]
                hint = (
                    f"write [{kind}.NAME] above it" if known else f"write [{kind}.{name}], its keys below it"
                )
                self._add(path, f"'{kind}.{name}' must be a table", hint)
                continue
            try:
                schema.profile_name(name) if kind == "profiles" else schema.source_id(name)
            except WrongValue as wrong:
                self._add(path, wrong.message, (wrong.hint or "").replace("[sources.", f"[{kind}.") or None)
                continue
            clean[name] = getattr(self, f"_{kind}")(path, table)
        return clean

    def _profiles(self, path: Path, table: Table) -> Table:
        return self._table(path, table, schema.PROFILE)

    def _topics(self, path: Path, table: Table) -> Table:
        clean = self._table(path, table, schema.TOPIC)
        built_in = catalog.topic_names()
        if path[1] in built_in:
            return clean
        names = (*built_in, *self._names.topics)
        meant = next(name for name in names if name.lower() == str(path[1]).lower())
        if meant != path[1]:  # filters and profiles name areas in any capitals
            self._add(
                path, f"'{path[1]}' differs from topic '{meant}' in capitals only", f"write [topics.{meant}]"
            )
        elif not table.get("terms"):
            near = nearest(str(path[1]), built_in)
            hint = f'to extend a built-in one write [topics.{near}], else terms = ["..."]' if near else None
            self._add(path, f"topic '{path[1]}' has no terms", hint or 'write terms = ["..."]')
        return clean

    def _sources(self, path: Path, table: Table) -> Table:
        id_ = str(path[1])
        keys = {key: value for key, value in table.items() if key != "page"}
        clean = self._table(path, keys, {**schema.SOURCE, "page": text})
        if "page" in table:
            clean["page"] = self._table((*path, "page"), table["page"], schema.PAGE)
            if isinstance(table["page"], dict) and "item" not in table["page"]:
                hint = 'write item = "article.news": the selector of one item'
                self._add((*path, "page"), f"sources.{id_}.page: 'item' is missing", hint)
        built_in = self._built_in
        if id_.lower() in built_in:
            if id_ != built_in[id_.lower()]:
                meant = built_in[id_.lower()]
                self._add(
                    path,
                    f"'{id_}' differs from a built-in source in capitals only",
                    f"write [sources.{meant}]",
                )
        elif "url" not in table and clean.get("kind") != "grants-gov":
            near = nearest(id_, built_in.values())
            hint = (
                f"to change a built-in source write [sources.{near}]" if near else 'write url = "https://..."'
            )
            self._add(path, f"source '{id_}' has no url", hint)
        self._kind_fits(path, table, clean)
        return clean

    @cached_property
    def _built_in(self) -> Mapping[str, str]:
        """Map the ids of the built-in sources in small letters to the ids."""
        return {name.lower(): name for name in catalog.source_ids()}

    def _kind_fits(self, path: Path, table: Table, clean: Table) -> None:
        kind, id_ = clean.get("kind"), path[1]
        if "page" in table and kind not in (None, "auto", "page"):
            self._add((*path, "kind"), f"sources.{id_}.kind: selectors go with a page", 'write kind = "page"')
        is_search = kind == "grants-gov" or (kind is None and id_ == "grants-gov")
        if "query" in table and not is_search:
            hint = 'write kind = "grants-gov", or leave the query out'
            self._add((*path, "query"), f"sources.{id_}.query: only a grants-gov source has a query", hint)
        if kind == "grants-gov" and "query" not in table and id_ != "grants-gov":
            self._add(path, f"source '{id_}' has no query", 'write query = "manufacturing"')


def _dotted(path: Path) -> str:
    return ".".join(str(part) for part in path)
