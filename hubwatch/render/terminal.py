"""A digest for the terminal, by rich: grouped, titles as links, readable from 40 to 200 columns.

Item text is only ever put into Text objects, never printed as markup (a title may hold `[/]`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from hubwatch.digest import SOON_DAYS
from hubwatch.models import Digest, Match
from hubwatch.profiles import tag_reason
from hubwatch.render import safe, words
from hubwatch.render.screen import Screen
from hubwatch.text.controls import shorten

if TYPE_CHECKING:
    from hubwatch.models import Section

_KIND_STYLE = {"call": "bold green", "event": "magenta", "award": "yellow"}
_MAX_WIDTH = 110  # longer lines are hard to read, however wide the window
_SUMMARY_CHARS = 240
_SPARED = 60  # so few more are shown, too: what a cut takes away should be a line at least
_GUTTER = 9  # columns of the time left in a list by deadline


def print_digest(
    digest: Digest, console: Console | None = None, env: Mapping[str, str] | None = None
) -> None:
    """Print a digest on this console (stdout's by default)."""
    console = console or Screen()
    width = min(console.width, _MAX_WIDTH)
    linked = links_work(env if env is not None else os.environ)
    console.print(_page(safe.digest(digest), linked=linked), width=width, soft_wrap=False, crop=False)


def links_work(env: Mapping[str, str]) -> bool:
    """Tell whether the terminal is known to open OSC 8 hyperlinks; where it is not, addresses are printed."""
    if env.get("FORCE_HYPERLINK"):
        return env["FORCE_HYPERLINK"] != "0"
    if env.get("TMUX") or env.get("TERM", "").startswith("screen"):
        return False
    vte = env.get("VTE_VERSION", "0")
    return (
        (vte.isdigit() and int(vte) >= 5000)
        or any(env.get(name) for name in ("KITTY_WINDOW_ID", "WT_SESSION", "KONSOLE_VERSION", "WEZTERM_PANE"))
        or env.get("TERM_PROGRAM") in ("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper")
    )


def _page(digest: Digest, *, linked: bool) -> RenderableType:
    parts: list[RenderableType] = [Text(words.heading(digest), style="bold"), Text()]
    for section in digest.sections:
        parts += _section(section, digest, linked=linked)
    nothing = words.nothing(digest)
    if nothing:
        parts.append(Text(nothing, style="dim"))
    parts += [Text(line, style="dim") for line in (words.left_out(digest), words.open_calls(digest)) if line]
    parts += [Text(line, style="yellow") for line in digest.health]
    return Group(*parts)


def _section(section: Section, digest: Digest, *, linked: bool) -> list[RenderableType]:
    title = Text(f"{section.title} ", style="bold cyan")
    parts: list[RenderableType] = [Rule(title, align="left", style="cyan"), Text()]
    for match in section.matches:
        if digest.sort == "deadline":
            indent, entry = _GUTTER + 2, _beside_time_left(match, digest, linked=linked)
        else:
            indent, entry = 2, Padding(_entry(match, digest, linked=linked), (0, 0, 0, 2))
        parts.append(entry)
        if match.item.url and not linked:
            # In one piece, however wide: a terminal opens and copies whole only what it broke itself.
            parts.append(Text(" " * indent + match.item.url, style="dim", no_wrap=True, overflow="ignore"))
        also = words.also(match)
        if also:
            told = Text.assemble(("also ", "dim italic"), (also, "dim"))
            parts.append(Padding(told, (0, 0, 0, indent)))
        parts.append(Text())
    return parts


def _beside_time_left(match: Match, digest: Digest, *, linked: bool) -> RenderableType:
    """Put how long a call is still open into a column of its own, so that a list reads down."""
    left = words.time_left(match, today=digest.created.date())
    row = Table.grid(padding=(0, 2, 0, 0), expand=True)
    row.add_column(width=_GUTTER, justify="right", no_wrap=True)
    row.add_column(ratio=1, overflow="fold")
    row.add_row(
        Text(left, style="green" if left == "open" else _urgency(match, digest)),
        _entry(match, digest, linked=linked),
    )
    return row


def _entry(match: Match, digest: Digest, *, linked: bool) -> RenderableType:
    item = match.item
    style = "bold"
    if linked and item.url:
        style += f" link {_quoted(item.url)}"
    rows: list[RenderableType] = [Text(item.title, style=style), _facts(match, digest)]
    about = _about(match)
    if about is not None:
        rows.append(about)
    rows.append(_why(match))
    return Group(*rows)


def _facts(match: Match, digest: Digest) -> Text:
    if digest.sort == "deadline":
        return Text(" · ".join(words.call_facts(match, now=digest.created)), style="cyan")
    who, when, *rest = words.facts(match, now=digest.created)
    line = Text.assemble((who, "cyan"), f" · {when}")
    for word in rest:
        line.append(" · ")
        line.append(word, style=_fact_style(word, match, digest))
    return line


def _fact_style(word: str, match: Match, digest: Digest) -> str:
    if not word.startswith("due "):
        return _KIND_STYLE.get(word, "green")
    return _urgency(match, digest)


def _urgency(match: Match, digest: Digest) -> str:
    left = (match.item.deadline - digest.created.date()).days if match.item.deadline else -1
    return "dim" if left < 0 else "bold red" if left <= SOON_DAYS else "bold"


def _about(match: Match) -> Text | None:
    if match.context:
        return _hits(match.context)
    summary = " ".join(match.item.summary.split())
    if not summary:
        return None
    is_little_over = len(summary) <= _SUMMARY_CHARS + _SPARED
    return Text(summary if is_little_over else shorten(summary, _SUMMARY_CHARS))


def _hits(context: str) -> Text:
    """Turn the store's hit marks into bold."""
    line = Text()
    for piece, is_hit in safe.hits(context):
        line.append(piece, style="bold yellow" if is_hit else "")
    return line


def _why(match: Match) -> Text:
    """The last line of an entry: score, id and the reasons; what one looks up, not what one reads first."""
    reasons = list(match.reasons)
    if not reasons:
        reasons = [tag_reason(tag) for tag in match.item.tags[:2] if tag.is_given]
    line = Text(f"{match.score:.2f} {match.item.id[:8]}", style="dim")
    if reasons:
        line.append(f"  why {'; '.join(reasons)}")
    return line


def _quoted(url: str) -> str:
    # A style is split at spaces; canonical addresses have none, but never rely on it.
    return url.replace(" ", "%20")
