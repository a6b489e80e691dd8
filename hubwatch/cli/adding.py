"""What `hubwatch sources add, enable, disable, import` do: change the user's configuration, and say so."""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from hubwatch import config_edit, config_schema
from hubwatch.cli import checking, filters
from hubwatch.cli.context import Shared
from hubwatch.config_values import Names, WrongValue
from hubwatch.errors import HubwatchError, UnknownNameError, UsageError
from hubwatch.models import WHATS, Sight, Source, SourceKind
from hubwatch.text import urls
from hubwatch.text.nearest import nearest
from hubwatch.text.numbers import counted

if TYPE_CHECKING:
    from hubwatch.fetchers.opml import Outline

T = TypeVar("T")
_LOCAL = re.compile(r"(?:localhost|[\d.]+|\[[0-9a-f:.]+\])(?::\d+)?(?:/|$)", re.IGNORECASE)
_NO_ANSWER = frozenset({"connect", "tls", "timeout", "protocol", "robots-unavailable", "refused-address"})
# What to try after a source could not be added, by the code of the error.
_AGAIN = "check the address, or try again later"
_ADVICE = (
    (r"http-(?:401|403|407|429|451)|login-page|bot-wall", "programs are kept out: look for the site's feed"),
    (r"http-404|gone|soft-404|dns", "check the address in a browser"),
    (r"http-5..|connect|tls|timeout|protocol|proxy|short-body|robots-unavailable", _AGAIN),
    (r"robots", "a feed may be read all the same: give its own address"),
    (r"refused-address", "name the host in [fetch] allow_private if it is meant"),
)
_USUAL_ADVICE = "give the address of the news list or feed"


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
    if what not in WHATS:
        raise UnknownNameError("what", what, nearest(what, WHATS), hint=f"one of: {', '.join(WHATS)}")
    known = _taken(common)
    if id is not None:
        _checked(config_schema.source_id, id)
        if id in known:
            raise UsageError(
                f"there is a source '{id}' already",
                hint=f"see it: hubwatch sources show {id}; or choose another --id",
            )
    draft = Source(
        id=id or "",
        name=name or "",
        url=url,
        what=what,
        hub=filters.find_hub(hub).id if hub else None,
        state=_checked(lambda: config_schema.state(state, Names())) if state else None,
    )
    sight = _look(common, [replace(draft, url=each, id=id or _new_id(each, known)) for each in _spelled(url)])
    if sight.error is not None:
        raise HubwatchError(f"nothing was added: {sight.error}", hint=_advice(sight.error_code or ""))
    _show(common, sight)
    source = _as_found(sight)
    config_edit.add_source(common.config_path, source)
    common.say(f"added {source.id} to {common.config_path}; next: hubwatch sync {source.id}")


def _advice(code: str) -> str:
    """Say what to try, by the code of what happened."""
    return next((hint for codes, hint in _ADVICE if re.fullmatch(codes, code)), _USUAL_ADVICE)


def _taken(common: Shared) -> set[str]:
    """Return the ids that are taken; by the catalog too, also where a group is not followed."""
    from hubwatch import catalog

    return {*(source.id for source in common.config.sources), *catalog.source_ids()}


def _spelled(url: str) -> tuple[str, ...]:
    """Return the addresses that were meant: without a scheme first the likelier one."""
    if "://" in url or re.match(r"(?:mailto|javascript|data|file|ftp):", url, re.IGNORECASE):
        meant: tuple[str, ...] = (url,)
    else:
        schemes = ("http", "https") if _LOCAL.match(url) else ("https", "http")
        meant = tuple(f"{scheme}://{url}" for scheme in schemes)
    found = [address for each in meant if (address := urls.absolute(each, each)) is not None]
    if not found:
        raise UsageError(f"'{urls.mask(url)}' is not an http or https address")
    return tuple(found)


def _look(common: Shared, drafts: list[Source]) -> Sight:
    """Look at the first of these that answers; an address that is followed already is not asked."""
    followed = {urls.key(source.url): source.id for source in common.config.sources if source.enabled}
    for draft in drafts:
        if (other := followed.get(urls.key(draft.url))) is not None:
            raise UsageError(
                f"{urls.mask(draft.url)} is followed already, as {other}", hint=f"hubwatch sync {other}"
            )
    sight = checking.sights(common, (drafts[0],), show_progress=False)[0]
    for draft in drafts[1:]:
        if sight.error_code not in _NO_ANSWER:
            break
        second = checking.sights(common, (draft,), show_progress=False)[0]
        sight = second if second.error is None else sight
    return sight


def _checked(read: Callable[..., T], *arguments: object) -> T:
    try:
        return read(*arguments)
    except WrongValue as wrong:
        hint = re.sub(r"^write \[sources\.(.*)\]$", r"write --id \1", wrong.hint or "") or None
        raise UsageError(wrong.message, hint=hint) from wrong


def find(common: Shared, id: str) -> tuple[Source, bool]:
    """Return a source by its id, of the configuration or the catalog, and whether it is followed."""
    from hubwatch import catalog

    followed = {source.id: source for source in common.config.sources}
    known = {**{source.id: source for source in catalog.all_sources()}, **followed}
    if id not in known:
        raise UnknownNameError("source", id, nearest(id, known), hint="hubwatch sources lists them all")
    return known[id], id in followed and known[id].enabled


def switch(common: Shared, id: str, *, enabled: bool) -> None:
    """Follow a source, or no longer."""
    known = _taken(common)
    if id not in known:
        raise UnknownNameError("source", id, nearest(id, known), hint="hubwatch sources lists them all")
    config_edit.set_enabled(common.config_path, id, enabled=enabled)
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
    followed = {_asked(source) for source in common.config.sources}
    added: list[Source] = []
    there = 0
    for outline in outlines:
        address = urls.absolute(outline.url, outline.url)
        if address is None:
            common.warn(f"left out {urls.mask(outline.url)[:200]}: not an http or https address")
        elif _asked(source := _imported(outline, address, known)) in followed:
            there += 1
        else:
            added.append(source)
            known.add(source.id)
            followed.add(_asked(source))
    if added:
        config_edit.add_sources(common.config_path, added)
    already = f"; {there:,} of them there already" if there else ""
    common.say(f"added {len(added)} of {counted(len(outlines), 'source')} to {common.config_path}{already}")


def _asked(source: Source) -> tuple[str, str | None]:
    """Give what tells two sources apart: all searches of Grants.gov have one address."""
    return urls.key(source.url), source.query


def _imported(outline: Outline, address: str, known: set[str]) -> Source:
    """Make a source of an outline: a feed, or what hubwatch itself wrote when it exported it."""
    values: dict[str, Any] = {"kind": "feed"}
    for key in ("kind", "what", "hub", "state", "every", "query"):
        if key in outline.own:
            with contextlib.suppress(WrongValue):  # of a later version, or written by hand
                read = config_schema.SOURCE[key](outline.own[key], Names())
                values["every_s" if key == "every" else key] = read
    id_ = outline.own.get("id", "")
    with contextlib.suppress(WrongValue):
        config_schema.source_id(id_)
        if id_ not in known:
            return Source(id=id_, name=outline.title, url=address, **values)
    return Source(id=_new_id(address, known, outline.title), name=outline.title, url=address, **values)


def _as_found(sight: Sight) -> Source:
    """Return what is written: the address as given, from where what was found can be found again."""
    draft = sight.source
    is_itself = urls.key(sight.url or "") == urls.key(draft.url)
    # A list on a page stays `auto`: should the site get a feed, or move its list, it is found again.
    kind: SourceKind = "feed" if sight.kind == "feed" and is_itself else "auto"
    name = draft.name or sight.title or urls.host(draft.url).rpartition(":")[0]
    return replace(draft, kind=kind, name=name)


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
