"""A digest as one HTML file: no script, nothing loaded, readable on paper, phones and by screen readers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hubwatch.digest import SOON_DAYS
from hubwatch.models import Carried, Digest, Match, Trend
from hubwatch.models.dataclass import dataclass
from hubwatch.render import safe, words
from hubwatch.render.sparks import sparkline
from hubwatch.text.numbers import counted

if TYPE_CHECKING:
    from jinja2 import Environment

CHART_WIDTH, CHART_HEIGHT = 216.0, 40.0

# Every text color stands at 4.5:1 or more on the colors it is put on; a test computes it.
LIGHT = {
    "paper": "#fcfbf8", "panel": "#efede6", "ink": "#23292f", "strong": "#10161b", "soft": "#59626b",
    "accent": "#8a3b12", "link": "#0a5789", "rule": "#dcd8cd", "mark": "#ffe9a8", "bar": "#98855f",
    "call": "#dcefe2", "call_ink": "#14532d", "soon": "#fbe1dc", "soon_ink": "#8c1d10", "warn": "#7a4a00",
}  # fmt: skip
DARK = {
    "paper": "#14181c", "panel": "#242a30", "ink": "#d9dcda", "strong": "#f3f1ea", "soft": "#a2abb3",
    "accent": "#f0a878", "link": "#86c5ee", "rule": "#363d44", "mark": "#5c4a10", "bar": "#8a806e",
    "call": "#17402a", "call_ink": "#b8ebca", "soon": "#571d15", "soon_ink": "#ffcfc6", "warn": "#e9bd6a",
}  # fmt: skip
PRINT = LIGHT | {"paper": "#ffffff", "panel": "#ffffff", "call": "#ffffff", "soon": "#ffffff"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fact:
    words: str
    style: str | None = None


def render(digest: Digest, *, mail: bool = False) -> str:
    """Write a digest as HTML; `mail` leaves out what mail readers do not show, such as drawings."""
    clean = safe.digest(digest)
    title, *rest = words.heading(clean).removeprefix(clean.title).split(" · ")
    return (
        _environment()
        .get_template("digest.html.j2")
        .render(
            digest=clean,
            mail=mail,
            heading=words.heading(clean),
            span=" · ".join((title, *rest)).strip(" ·"),
            sections=[
                {
                    "title": section.title,
                    "count": f"{len(section.matches):,}",
                    "entries": [_entry(match, clean) for match in section.matches],
                }
                for section in clean.sections
            ],
            trends=[_trend(trend) for trend in clean.trends],
            charted=_charted(clean.trends),
            nothing=words.nothing(clean),
            left_out=words.left_out(clean),
            open_calls=words.open_calls(clean),
            made=f"{clean.created:%B} {clean.created.day}, {clean.created.year}",
            light=LIGHT,
            dark=DARK,
            print=PRINT,
        )
    )


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _entry(match: Match, digest: Digest) -> dict[str, Any]:
    item = match.item
    publisher, when, *facts = words.facts(match, now=digest.created)
    return {
        "title": item.title or item.url or "Untitled",
        "url": item.url,
        "publisher": publisher,
        "when": when,
        "datetime": f"{item.published:%Y-%m-%d}" if item.published else None,
        "facts": [_Fact(words=fact, style=_style(fact, match, digest.created.date())) for fact in facts],
        "context": safe.hits(match.context) if match.context else None,
        "paragraphs": [part for part in item.summary.split("\n") if part],
        "why": "; ".join(match.reasons),
        "also": [_other(carried) for carried in match.also],
    }


def _other(carried: Carried) -> dict[str, str | None]:
    return {"name": carried.source_name or carried.source, "url": carried.url}


def _style(fact: str, match: Match, today: date) -> str | None:
    if fact == match.item.kind:
        return "call" if fact == "call" else None
    deadline = match.item.deadline
    if deadline is not None and fact.startswith("due ") and (deadline - today).days <= SOON_DAYS:
        return "soon"
    return None


def _trend(trend: Trend) -> dict[str, Any]:
    latest = trend.counts[-1] if trend.counts else 0
    total = f"{counted(trend.total, 'item')} · {latest:,} this month"
    return {
        "name": trend.name,
        "total": total,
        "words": f"{trend.name}, items by month: "
        + ", ".join(_month(*pair) for pair in zip(trend.starts, trend.counts, strict=True)),
        "spark": sparkline(trend.counts),
        "bars": list(_bars(trend)),
    }


def _charted(trends: tuple[Trend, ...]) -> str:
    if not trends or not trends[0].starts:
        return ""
    first, last = trends[0].starts[0], trends[0].starts[-1]
    return f"Items by month, {first:%B %Y} to {last:%B %Y}, each topic on its own scale."


def _month(start: date, count: int) -> str:
    return f"{start:%b %Y} {count}"


def _bars(trend: Trend) -> Iterator[dict[str, str]]:
    top = max(trend.counts, default=0) or 1
    step = CHART_WIDTH / max(len(trend.counts), 1)
    for number, (start, count) in enumerate(zip(trend.starts, trend.counts, strict=True)):
        height = max(count / top * (CHART_HEIGHT - 2), 1.5 if count else 0.0)
        yield {
            "x": f"{number * step + step * 0.1:.1f}",
            "y": f"{CHART_HEIGHT - 1 - height:.1f}",
            "width": f"{step * 0.8:.1f}",
            "height": f"{height:.1f}",
            "words": _month(start, count),
        }
