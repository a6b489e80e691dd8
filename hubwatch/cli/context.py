"""What the commands share: the global options, the time, the configuration and the store, each read once."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hubwatch.errors import StoreError

if TYPE_CHECKING:
    from hubwatch.config import Config
    from hubwatch.store.db import Store

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@dataclass(kw_only=True)
class Shared:
    """The global options; what they lead to is loaded when first asked for."""

    config_option: Path | None
    db_option: Path | None
    verbose: int
    quiet: bool
    now: datetime
    _needs_store: bool = field(default=False, init=False)
    _holds_items: bool = field(default=False, init=False)

    @classmethod
    def start(cls, *, config: Path | None, db: Path | None, verbose: int, quiet: bool) -> Shared:
        """Take the global options and read the clock, once for the whole run.

        In local time: whether a call is still open is decided by the reader's calendar.
        """
        now = datetime.now(UTC).astimezone()
        return cls(config_option=config, db_option=db, verbose=verbose, quiet=quiet, now=now)

    @cached_property
    def config(self) -> Config:
        """The effective configuration."""
        from hubwatch import config

        return config.load(self.config_option, os.environ)

    @cached_property
    def config_path(self) -> Path:
        """Where the configuration is, or would be."""
        from hubwatch import config

        return config.find_path(self.config_option, os.environ) or config.default_path()

    @cached_property
    def db_path(self) -> Path:
        """Where the database lies: the option, the environment, the config, the platform's folder."""
        from hubwatch import config

        return config.database_path(self.db_option, os.environ, self.config)

    def open_store(self, *, is_needed: bool = True) -> Store:
        """Open the store for reading; `is_needed` where nothing can be shown without one."""
        from hubwatch.store import items
        from hubwatch.store.db import open_for_reading

        if self.db_path.is_dir():
            hint = "choose a file with --db FILE"
            raise StoreError(f"{self.db_path} is a folder", path=str(self.db_path), hint=hint)
        store = open_for_reading(self.db_path)
        if is_needed:
            self._needs_store = True
            self._holds_items |= not items.is_empty(store)
        return store

    def tell_empty_store(self) -> None:
        """Say so where there was no store to read, or nothing in it: that looks like a quiet week.

        To be called when the answer is out: whoever closed the pipe before is told nothing.
        """
        if not self._needs_store or self._holds_items:
            return
        if not self.db_path.exists():
            self.say(f"there is no database at {self.db_path} yet; hubwatch sync makes it")
        else:
            self.say(f"the database {self.db_path} holds no item yet; see hubwatch sources")

    def say(self, text: str) -> None:
        """Tell the person something on stderr, unless --quiet."""
        if not self.quiet:
            typer.echo(text, err=True)

    def warn(self, text: str) -> None:
        """Tell the person what went wrong, on stderr, --quiet or not."""
        typer.echo(f"warning: {text}", err=True)


def tell_changed_terms(common: Shared, store: Store) -> None:
    """Say so where items are tagged by other terms than those of now: an area may seem empty."""
    from hubwatch.catalog import vocabulary
    from hubwatch.store import retagging

    if not retagging.is_tagged_by(store, vocabulary.fingerprint(common.config.topics)):
        common.say(
            "the terms have changed since items were tagged; run hubwatch retag (sync does it by itself)"
        )


def tell_nothing_followed(common: Shared) -> None:
    """Say so where no source is followed, and what to do: nothing will ever come."""
    if not any(source.enabled for source in common.config.sources):
        common.say(
            'nothing is followed; add a source: hubwatch sources add URL, or groups: catalog = ["institutes"]'
        )


def shared(ctx: typer.Context) -> Shared:
    """Return what the global callback has put into the context."""
    found = ctx.find_object(Shared)
    assert found is not None
    return found


def is_terminal_out() -> bool:
    """Tell whether stdout is a terminal (or FORCE_COLOR says to treat it as one)."""
    return sys.stdout.isatty() or bool(os.environ.get("FORCE_COLOR"))
