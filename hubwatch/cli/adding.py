"""What `hubwatch sources add, enable, disable, import` do: change the user's configuration, and say so."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import cast, get_args

import typer

from hubwatch import config, config_edit
from hubwatch.cli import checking, filters
from hubwatch.cli.context import Shared
from hubwatch.errors import HubwatchError, UnknownNameError, UsageError
from hubwatch.models import WHATS, Sight, Source, SourceKind
from hubwatch.text import urls
from hubwatch.text.nearest import nearest

_FINER_KINDS = {"structured": "page", "news-list": "page"}


def config_file(common: Shared) -> Path:
    """Return the configuration file that is changed; it need not be there yet."""
    return config.find_path(common.config_option, os.environ) or config.default_path()


def run(
    common: Shared,
    url: str,
    *,
    id: str | None,
    name: str | None,
    hub: str | None,
    state: str | None,
    what: str,
) -> None:
    """Look at the address, show what was found, and write it to the config as a source."""
    if "://" not in url:
        url = f"https://{url}"
    if urls.absolute(url, url) is None:
        raise UsageError(f"'{url}' is not an http or https address")
    if what not in WHATS:
        raise UnknownNameError("what", what, nearest(what, WHATS), hint=f"one of: {', '.join(WHATS)}")
    known = {source.id for source in common.config.sources}
    if id is not None and id in known:
        raise UsageError(f"there is a source '{id}' already", hint="choose another --id")
    draft = Source(
        id=id or _new_id(url, known),
        name=name or "",
        url=url,
        what=what,
        hub=filters.hub_id(hub) if hub else None,
        state=state.upper() if state else None,
    )
    sight = checking.sights(common, (draft,), show_progress=False)[0]
    if sight.error is not None:
        raise HubwatchError(
            f"nothing was added: {sight.error}", hint="give the address of the news list or feed"
        )
    _show(common, sight)
    source = _as_found(draft, sight)
    target = config_file(common)
    config_edit.add_source(target, source)
    common.say(f"added {source.id} to {target}; next: hubwatch sync {source.id}")


def switch(common: Shared, id: str, *, enabled: bool) -> None:
    """Follow a source, or no longer."""
    from hubwatch import catalog

    known = {*(source.id for source in common.config.sources), *catalog.source_ids()}
    if id not in known:
        raise UnknownNameError("source", id, nearest(id, known), hint="hubwatch sources lists them all")
    config_edit.set_enabled(config_file(common), id, enabled=enabled)
    common.say(f"{'enabled' if enabled else 'disabled'} {id}")


def import_opml(common: Shared, file: str) -> None:
    """Take the feeds of an OPML file into the config, and say what was left out and why."""
    from hubwatch.fetchers import opml

    try:
        body = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}") from error
    outlines = opml.parse(body, file)
    known = {source.id for source in common.config.sources}
    followed = {urls.key(source.url) for source in common.config.sources}
    target = config_file(common)
    added: list[Source] = []
    for outline in outlines:
        address = urls.absolute(outline.url, outline.url)
        if address is None:
            common.warn(f"left out {urls.mask(outline.url)[:200]}: not an http or https address")
        elif urls.key(address) not in followed:
            source = Source(
                id=_new_id(address, known, outline.title), name=outline.title, url=address, kind="feed"
            )
            added.append(source)
            known.add(source.id)
            followed.add(urls.key(address))
    if added:
        config_edit.add_sources(target, added)
    common.say(f"added {len(added)} of {len(outlines)} sources to {target}")


def _as_found(draft: Source, sight: Sight) -> Source:
    """Return what is written: the address and kind that were found, which are then asked directly."""
    kind = _FINER_KINDS.get(sight.kind or "auto", sight.kind or "auto")
    # A list on a page stays `auto`: should the site get a feed, or move its list, it is found again.
    kind = "auto" if kind == "page" or kind not in get_args(SourceKind) else kind
    name = draft.name or sight.title or urls.host(draft.url).rpartition(":")[0]
    return replace(draft, url=sight.url or draft.url, kind=cast(SourceKind, kind), name=name)


def _show(common: Shared, sight: Sight) -> None:
    from hubwatch.render import sights

    for line in sights.one(sight, now=common.now):
        typer.echo(line, err=True)


def _new_id(url: str, known: set[str], title: str = "") -> str:
    """Make an id from a title or an address, one that is not taken."""
    words = title or urls.host(url).rpartition(":")[0].removeprefix("www.")
    base = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:40] or "source"
    number = 1
    while (name := base if number == 1 else f"{base}-{number}") in known:
        number += 1
    return name
