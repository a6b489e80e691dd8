"""Text in columns: how many it takes, cut and filled to a width; tables that fit the terminal."""

from __future__ import annotations

import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence

Cell = str | Callable[[int], str]  # a text, or what writes one into so many columns

GAP = 2
_WIDEST = 110  # longer lines are hard to read, however wide the window
_LEAST = 12  # columns that the column which gives way first keeps
_SHORTEST = 4  # columns that any column keeps
# What a line may end after: a word, or a wide letter (Chinese has no spaces) with the marks that close it.
_WIDE = "\u2e80-\u2fff\u3003-\u3007\u3012\u3013\u3020-\ua4cf\uf900-\ufaff\U00020000-\U0003fffd"
# A no-break space is none to end a line at.
_PIECES = re.compile(
    rf"[^\S\xa0]*(?:[{_WIDE}][\u3001\u3002\u300d\u300f\uff01\uff09\uff0c\uff1f]*|(?:\xa0|[^\s{_WIDE}])+)"
)


def width() -> int:
    """Return how many columns there are to set text out in (COLUMNS, the terminal, else 80)."""
    return max(shutil.get_terminal_size((80, 24)).columns, 40)


def room() -> int:
    """Return how many columns a table may take: in a file or a pipe as many as it wants, nothing is cut."""
    said = os.environ.get("COLUMNS", "")
    if sys.stdout.isatty() or (said.isdecimal() and int(said) > 0):
        return width()
    return sys.maxsize


def wrap(text: str, *, first: str = "", rest: str | None = None) -> list[str]:
    """Set text out for reading: at words, never in an address; in a file or a pipe it stays one line."""
    if room() == sys.maxsize:
        return [first + text]
    columns = min(width(), _WIDEST)
    rest = " " * len(first) if rest is None else rest
    lines, line, taken = [], first, size(first)
    for at, piece in enumerate(_PIECES.findall(text)):
        if at and taken + size(piece) > columns:
            lines.append(line)
            piece = piece.lstrip()
            line, taken = rest, size(rest)
        line += piece
        taken += size(piece)
    return [*lines, line.rstrip()]


def listed(entries: Sequence[str], *, indent: str = "") -> list[str]:
    """Set a list out for reading; in a file or a pipe each entry has a line of its own, to be looked for."""
    if room() == sys.maxsize:
        return [indent + entry for entry in entries]
    return wrap(", ".join(entries), first=indent)


def size(text: str) -> int:
    """Count the columns that a text takes: wide letters two, marks on a letter none."""
    if text.isascii():
        return len(text)
    return sum(_size(character) for character in text)


def fit(text: str, columns: int) -> str:
    """Fill a text up to this many columns, or cut it there."""
    taken = size(text)
    if taken <= columns:
        return text + " " * (columns - taken)
    kept, taken = "", 1  # the ellipsis
    for character in text:
        taken += _size(character)
        if taken > columns:
            break
        kept += character
    return fit(kept + "…", columns)  # half a wide letter is filled up


def some(names: Sequence[str], columns: int, *, most: int | None = None) -> str:
    """Write as many names as have room, at least one, and how many more there are."""
    for number in range(min(len(names), most or len(names)), 0, -1):
        rest = f" +{len(names) - number}" if len(names) > number else ""
        text = ", ".join(names[:number])
        if size(text + rest) <= columns:
            return text + rest
        if number == 1 and columns - len(rest) >= _SHORTEST:
            return fit(text, columns - len(rest)).rstrip() + rest
    return names[0] if names else ""


def table(
    rows: Sequence[Sequence[Cell]], headings: Sequence[str], *, stretch: int, spare: Sequence[int] = ()
) -> Iterator[str]:
    """Write rows in columns that fit the room.

    Where it does not suffice, the column `stretch` gives way, then those of `spare` (it may be among them)
    are left out one by one, then the widest ones are cut.
    """
    whole = [
        max(size(_written(cell, sys.maxsize)) for cell in column)
        for column in zip(headings, *rows, strict=True)
    ]
    shown = list(range(len(headings)))
    for dispensable in (*spare, None):
        widths = _shared_out({at: whole[at] for at in shown}, stretch)
        if dispensable is None or _over(widths) <= 0:
            break
        shown.remove(dispensable)
    while _over(widths) > 0 and max(widths.values()) > _SHORTEST:
        widest = max(widths, key=lambda at: (widths[at], -at))
        widths[widest] -= 1
    for row in (headings, *rows):
        yield (" " * GAP).join(fit(_written(row[at], widths[at]), widths[at]) for at in shown).rstrip()


def _written(cell: Cell, columns: int) -> str:
    return cell if isinstance(cell, str) else cell(columns)


def _shared_out(whole: dict[int, int], stretch: int) -> dict[int, int]:
    over = _over(whole)
    if over <= 0 or stretch not in whole:
        return whole
    return {**whole, stretch: max(whole[stretch] - over, min(whole[stretch], _LEAST))}


def _over(widths: dict[int, int]) -> int:
    return sum(widths.values()) + GAP * (len(widths) - 1) - room()


def _size(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
