"""Every exception that hubwatch raises.

HubwatchError                 exit code 1
├── UsageError                2: a wrong option or value
│   └── UnknownNameError      2: an unknown topic, hub, source, ..., with the nearest valid one
├── ConfigError               2: a fault in a configuration file
├── CatalogError              1: a fault in the built-in data
├── StoreError                1: the database cannot be read or written
│   ├── StoreTooNewError      1: written by a newer version
│   └── StoreHeldError        5: another sync holds the store, or another delivery the record
├── OutputError               1: an output file or a mail cannot be written or sent
└── SourceError               1: one source could not be read
    ├── FetchError            1: no usable answer came
    └── ParseError            1: what came is not what it should be
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any


class HubwatchError(Exception):
    """Base of all our errors: one line for a person, and what to try next."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[Any, ...]:
        # By what it holds, not by calling its class with the message alone: so it comes over from a process.
        return _restore, (type(self), self.args, vars(self))


def _restore(error: type[HubwatchError], args: tuple[Any, ...], fields: Mapping[str, Any]) -> HubwatchError:
    restored = error.__new__(error, *args)
    vars(restored).update(fields)
    return restored


class UsageError(HubwatchError):
    """A wrong option or value on the command line."""

    exit_code = 2


class UnknownNameError(UsageError):
    """An unknown topic, hub, source, state, kind, profile or item; names the nearest valid one."""

    def __init__(self, what: str, name: str, nearest: str | None = None, *, hint: str | None = None) -> None:
        meant = f"; did you mean {nearest}?" if nearest else ""
        super().__init__(f"unknown {what} '{name}'{meant}", hint=hint)
        self.what = what
        self.name = name
        self.nearest = nearest


class ConfigError(HubwatchError):
    """A fault in a configuration file: where it is, and what to write instead."""

    exit_code = 2

    def __init__(
        self,
        message: str,
        *,
        path: str,
        line: int | None = None,
        key: str | None = None,
        hint: str | None = None,
    ) -> None:
        where = f"{path}:{line}" if line else path
        super().__init__(f"{where}: {message}", hint=hint)
        self.path = path
        self.line = line
        self.key = key


class CatalogError(HubwatchError):
    """A fault in the built-in data."""


class StoreError(HubwatchError):
    """The database cannot be opened, read or written."""

    def __init__(self, message: str, *, path: str, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.path = path


class StoreTooNewError(StoreError):
    """The database was written by a newer version of hubwatch."""


class StoreHeldError(StoreError):
    """Another sync holds the database, or another delivery what a profile has been shown."""

    exit_code = 5


class OutputError(HubwatchError):
    """An output file cannot be written, or a mail cannot be sent."""


class SourceError(HubwatchError):
    """One source could not be read: `code` for programs, the message for people.

    The codes are stable words such as `timeout`, `http-503`, `bot-wall`, `not-a-feed`, `empty`.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        url: str | None = None,
        source: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.code = code
        self.url = url
        self.source = source


class FetchError(SourceError):
    """No usable answer came from an address.

    `status` is the HTTP status if one was received; `retry_at` is when the host asked to be left
    alone until (Retry-After); `size_bytes` is what was received; `elapsed_s` is what it took.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        url: str | None = None,
        source: str | None = None,
        status: int | None = None,
        retry_at: datetime | None = None,
        size_bytes: int = 0,
        elapsed_s: float = 0.0,
        hint: str | None = None,
    ) -> None:
        super().__init__(code, message, url=url, source=source, hint=hint)
        self.elapsed_s = elapsed_s
        self.status = status
        self.retry_at = retry_at
        self.size_bytes = size_bytes


class ParseError(SourceError):
    """What came is not what it should be: not a feed, a bot wall, an empty body, a list that is gone."""
