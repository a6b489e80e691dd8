"""What `hubwatch sources check` does: look, and print what was seen."""

from __future__ import annotations

import re

import typer

from hubwatch.cli import syncing
from hubwatch.cli.context import Shared, tell_nothing_followed
from hubwatch.errors import UnknownNameError
from hubwatch.models import Sight, Source
from hubwatch.text.nearest import nearest
from hubwatch.workflows import look


def run(common: Shared, names: tuple[str, ...], *, as_json: bool) -> int:
    """Look at the sources of these ids, or at these addresses, or at all; return the exit code."""
    from hubwatch.render import sights as render

    seen = sights(common, _chosen(common, names), show_progress=not as_json)
    if as_json:
        typer.echo(render.as_json(seen), nl=False)
    elif len(seen) == 1:
        for line in render.one(seen[0], now=common.now):
            typer.echo(line)
    else:
        for line in render.table(seen, now=common.now):
            typer.echo(line)
    if not names:
        tell_nothing_followed(common)
    failed = [sight for sight in seen if sight.error is not None]
    return 0 if not failed else 4 if len(failed) == len(seen) else 3


def sights(common: Shared, sources: tuple[Source, ...], *, show_progress: bool) -> tuple[Sight, ...]:
    """Look at these sources with a progress bar."""
    from hubwatch.cli.progress import by_waiting, progress
    from hubwatch.net.clock import SystemClock
    from hubwatch.net.download import user_agent
    from hubwatch.store.sources import load_hosts

    with common.open_store(is_needed=False) as store:
        host_blocks = load_hosts(store)
    with progress(common, "looking", enabled=show_progress and len(sources) > 1) as advance:
        order = look.Look(
            settings=common.config.fetch,
            user_agent=user_agent(common.config.contact),
            host_blocks=host_blocks,
            on_progress=by_waiting(advance),
        )
        return look.at(sources, order, clock=SystemClock())


def _chosen(common: Shared, names: tuple[str, ...]) -> tuple[Source, ...]:
    if not names:
        return syncing.chosen(common, ())
    known = {source.id: source for source in common.config.sources}
    chosen = []
    for name in names:
        if re.match(r"https?://", name, re.IGNORECASE):
            chosen.append(Source(id=name, name=name, url=name))
        elif name in known:
            chosen.append(known[name])
        else:
            raise UnknownNameError("source", name, nearest(name, known), hint="an address may be given too")
    return tuple(chosen)
