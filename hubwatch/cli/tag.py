"""hubwatch tag: a filter that adds the tag fields to items read as JSON Lines."""

import sys
from collections.abc import Iterator
from io import BufferedIOBase
from typing import cast

import typer

from hubwatch.cli.context import shared

app = typer.Typer(rich_markup_mode=None)


@app.command(
    epilog="Each line comes back with these keys added: topics (of these: topic, score, matches), kind, "
    "organizations, money_usd, deadline. Exit code 1: a line could not be read; the others are answered."
)
def tag(ctx: typer.Context) -> None:
    """Tag items read as JSON Lines (title, summary, content, url, source, hub, published) from stdin."""
    from hubwatch.workflows import rules, tag_lines

    common = shared(ctx)
    faults = 0
    stdin = cast(BufferedIOBase, sys.stdin.buffer)
    batches = _answered_at_once(tag_lines.as_they_come(stdin))
    for line, fault in tag_lines.run(batches, rules.load(common.config.topics), now=common.now):
        if fault is not None:
            faults += 1
            typer.echo(f"error: {fault}", err=True)
        if line is not None:
            sys.stdout.write(line)
    raise typer.Exit(1 if faults else 0)


def _answered_at_once(batches: Iterator[list[bytes]]) -> Iterator[list[bytes]]:
    """Pass batches on, and what was written of one before the next is waited for."""
    for batch in batches:
        yield batch
        sys.stdout.flush()
