"""The settings in effect, each with where it comes from: what `hubwatch config show` prints."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from hubwatch.config import Config, database_path
from hubwatch.models.dataclass import dataclass
from hubwatch.text.ages import format_duration
from hubwatch.text.urls import mask

DEFAULT = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One key with its value in effect; origin: `default`, `FILE:LINE`, `HUBWATCH_DB` or `--db`."""

    key: str
    value: object
    origin: str


def settings(config: Config, env: Mapping[str, str], *, database: Path | None = None) -> tuple[Setting, ...]:
    """List all settings; `database` is what --db said, not what HUBWATCH_DB did."""
    return tuple(_masked(setting) for setting in _settings(config, env, database))


def _masked(setting: Setting) -> Setting:
    """Hide what is secret in an address."""
    return replace(setting, value=mask(setting.value)) if isinstance(setting.value, str) else setting


def written(value: object) -> str:
    """Write a value as it would stand in the file; `(none)` where there is none."""
    if value is None:
        return "(none)"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return f"{value:_}" if value >= 100_000 else str(value)  # a port is written in one piece
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, str | Path):
        # The escapes of JSON are TOML's, but for one character that TOML wants escaped too.
        return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value)


def _settings(config: Config, env: Mapping[str, str], database: Path | None) -> Iterator[Setting]:
    by_env = "HUBWATCH_DB" if env.get("HUBWATCH_DB") else None
    origin = "--db" if database else by_env or config.origins.get("hubwatch.database", DEFAULT)
    path = str(database_path(database, env, config))
    yield Setting(key="hubwatch.database", value=path, origin=origin)
    fetch, email = config.fetch, config.email
    plain: dict[str, object] = {
        "hubwatch.contact": config.contact,
        "hubwatch.catalog": config.catalog,
        "fetch.jobs": fetch.jobs,
        "fetch.per_host": fetch.per_host,
        "fetch.delay": fetch.delay_s,
        "fetch.timeout": fetch.timeout_s,
        "fetch.max_bytes": fetch.max_bytes,
        "fetch.max_items": fetch.max_items,
        "fetch.allow_private": fetch.allow_private,
        "email.host": email.host,
        "email.port": email.port,
        "email.from": email.sender,
        "email.user": email.user,
        "email.security": email.security,
    }
    for key, value in plain.items():
        yield Setting(key=key, value=value, origin=config.origins.get(key, DEFAULT))
    for key, value in _named(config):
        yield Setting(key=key, value=value, origin=config.origins.get(key, DEFAULT))


def _named(config: Config) -> Iterator[tuple[str, object]]:
    for id_, table in config.source_tables.items():
        for key, value in table.items():
            if key == "page":
                yield from ((f"sources.{id_}.page.{part}", css) for part, css in value.items())
            else:
                yield f"sources.{id_}.{key}", format_duration(value) if key == "every" else value
    for topic in config.topics:
        words = {"name": topic.name, "terms": topic.terms, "weak": topic.weak, "not": topic.cancels}
        yield from ((f"topics.{topic.id}.{key}", value) for key, value in words.items() if value)
    for name, profile in config.profiles.items():
        yield from ((f"profiles.{name}.{key}", value) for key, value in profile.lists.items() if value)
        yield f"profiles.{name}.min_score", profile.min_score
        if profile.email:
            yield f"profiles.{name}.email", profile.email
