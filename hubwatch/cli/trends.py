"""hubwatch trends: items per topic, hub, kind or state over time, drawn in the terminal or as numbers."""

from typing import TYPE_CHECKING, Annotated, cast

import typer

from hubwatch.cli import completion, filters
from hubwatch.cli.context import Shared, shared

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hubwatch.models import Filters, Trend
    from hubwatch.store.trends import Bucket, By

app = typer.Typer(rich_markup_mode=None)

_BY = ("topic", "hub", "kind", "state")
_BUCKETS = ("day", "week", "month")
_ROWS = 20
_EPILOG = (
    "Without --since the last twelve months. An item with two topics counts for both, one that several "
    "publishers carried for each. All rows are drawn on one scale; a filter such as --topic draws a small "
    "one larger. "
    "--json keys: key, name, by, bucket, total, counts (of these: start, items)."
)
By_ = Annotated[
    str, typer.Option("--by", help="topic, hub, kind or state.", autocompletion=completion.one_of(*_BY))
]
Bucket_ = Annotated[
    str | None,
    typer.Option(
        "--bucket",
        help="Count by day, week or month (else what fits the time).",
        autocompletion=completion.one_of(*_BUCKETS),
    ),
]

Limit = Annotated[int | None, typer.Option("--limit", "-n", min=0, help="At most this many rows.")]


@app.command(epilog=_EPILOG)
@filters.options(limit=Limit)
def trends(
    ctx: typer.Context,
    *,
    by: By_ = "topic",
    bucket: Bucket_ = None,
    asked: filters.Asked,
    as_json: Annotated[bool, typer.Option("--json", help="Print the numbers.")] = False,
) -> None:
    """Draw how many items there were over time, by topic, hub, kind or state."""
    from hubwatch.workflows import trends as workflow

    common = shared(ctx)
    by = filters.one_of("grouping", by, _BY)
    chosen = filters.build(common, asked)
    period = workflow.period(chosen, now=common.now)
    per = filters.one_of("bucket", bucket, _BUCKETS) if bucket else workflow.bucket_for(*period)
    found = _collect(common, chosen, cast("By", by), cast("Bucket", per))
    shown = found[: (None if as_json else _ROWS) if chosen.limit is None else chosen.limit]
    if as_json:
        from hubwatch.render import lists

        typer.echo(lists.trends_json(shown, by=by, bucket=per), nl=False)
    elif shown or not found:
        _draw(common, shown, by, per, period)
    if len(found) > len(shown):
        common.say(f"{len(found) - len(shown)} more; --limit shows more")


def _collect(common: Shared, chosen: "Filters", by: "By", bucket: "Bucket") -> "tuple[Trend, ...]":
    from hubwatch.workflows import trends as workflow

    with common.open_store() as store:
        found = workflow.collect(
            store, chosen, by=by, bucket=bucket, now=common.now, names=_names(common, by)
        )
    if chosen.sort == "newest":
        return tuple(sorted(found, key=lambda trend: trend.counts[::-1], reverse=True))
    return found


def _draw(
    common: Shared, shown: "Sequence[Trend]", by: str, bucket: str, period: "tuple[datetime, datetime]"
) -> None:
    from hubwatch.render import charts

    since, until = period
    asked = charts.Asked(by=by, bucket=bucket, since=since, until=until, today=common.now.date())
    charts.print_trends(shown, asked)


def _names(common: Shared, by: str) -> dict[str, str]:
    from hubwatch import catalog

    if by == "topic":
        return filters.topic_names(common)
    if by == "hub":
        return filters.hub_names()
    return dict(catalog.STATES) if by == "state" else {}
