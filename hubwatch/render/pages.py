"""A page of the docs (Markdown) for a terminal: lines as wide as it is, headings bold, code set off. Pure."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator, Sequence

_WIDEST = 100
_SHORT_CODE = 34
_CODE = "    "
_ITEM = re.compile(r"(\s*)(?:[-*]|\d+\.) ")
_BOLD, _DIM, _CYAN, _END = "\x1b[1m", "\x1b[2m", "\x1b[36m", "\x1b[0m"


def title(text: str) -> str:
    """Return a page's title: its first heading."""
    return next((line[2:].strip() for line in text.splitlines() if line.startswith("# ")), "")


def render(text: str, *, width: int, styled: bool) -> str:
    """Write a page for a terminal of this width; `styled` allows escape sequences."""
    style = _sequence if styled else _plain
    lines: list[str] = []
    for block in _blocks(text):
        if lines:
            lines.append("")
        lines += _block(block, min(width, _WIDEST), style)
    return "\n".join(lines) + "\n"


Style = Callable[[str, str], str]


def _sequence(text: str, codes: str) -> str:
    return f"{codes}{text}{_END}"


def _plain(text: str, codes: str) -> str:
    return text


def _blocks(text: str) -> Iterator[list[str]]:
    """Part a page at its blank lines; a fenced block is one, blank lines and all."""
    block: list[str] = []
    fenced = False
    for line in text.splitlines():
        if line.startswith("```"):
            fenced = not fenced
        if line.strip() or fenced:
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


def _block(block: list[str], width: int, style: Style) -> list[str]:
    first = block[0]
    if first.startswith("```"):
        return [_CODE + style(line, _CYAN) for line in block[1:-1]]
    if first.startswith(_CODE):
        return [_CODE + style(line[len(_CODE) :], _CYAN) for line in block]
    if first.startswith("#"):
        heading = first.lstrip("#").strip()
        lines = textwrap.wrap(heading.upper() if first.startswith("# ") else heading, width)
        return [style(line, _BOLD) for line in lines] + (
            ["", *_block(block[1:], width, style)] if block[1:] else []
        )
    if first.startswith("|"):
        return _table(block, width, style)
    return [line for item in _items(block) for line in _paragraph(item, width, style)]


def _items(block: list[str]) -> Iterator[str]:
    """Join the lines of a paragraph; each item of a list is one."""
    joined = ""
    for line in block:
        if _ITEM.match(line) and joined:
            yield joined
            joined = line
        else:
            joined = f"{joined} {line.strip()}" if joined else line
    yield joined


def _paragraph(text: str, width: int, style: Style) -> list[str]:
    found = _ITEM.match(text)
    indent = " " * found.end() if found else ""
    # Code is kept in one piece: a blank within it must not become the end of a line.
    kept = re.sub(r"`([^`]*)`", _in_one_piece, _links(text))
    lines = textwrap.wrap(
        kept, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    return [_inline(line.replace("\x03", " "), style) for line in lines]


def _in_one_piece(code: re.Match[str]) -> str:
    text = f"\x01{code[1]}\x02"
    return text.replace(" ", "\x03") if len(text) <= _SHORT_CODE else text.replace(" ", "\x02 \x01")


def _inline(line: str, style: Style) -> str:
    line = line.replace("\x02 \x01", " ")  # a long piece of code, broken where the line ends
    # Where nothing can be styled, the marks stay: "every" would be read as a word.
    mark = (lambda m: f"`{m[1]}`") if style is _plain else (lambda m: style(m[1], _CYAN))
    line = re.sub("\x01([^\x02]*)\x02", mark, line)
    return re.sub(r"\*\*(.+?)\*\*", lambda m: style(m[1], _BOLD), line)


def _links(text: str) -> str:
    text = re.sub(r"\[([^\]]+)\]\((https?://[^)]+)\)", r"\1 (\2)", text)
    return re.sub(r"<(https?://[^>]+)>", r"\1", text)


def _table(block: list[str], width: int, style: Style) -> list[str]:
    """Align a table that fits; set each row off as a paragraph otherwise."""
    rows = [_cells(line) for line in block if not re.fullmatch(r"[|\s:-]+", line)]
    sizes = [max(len(_bare(row[column])) for row in rows) for column in range(len(rows[0]))]
    rest = width - sum(sizes[:-1]) - 2 * (len(sizes) - 1)
    if rest < 30:
        return [line for row in rows[1:] for line in _row(row, width, style)]
    lines = []
    for number, row in enumerate(rows):
        last = textwrap.wrap(_bare(row[-1]), rest) or [""]
        start = "  ".join(_bare(cell).ljust(size) for cell, size in zip(row, sizes[:-1], strict=False))
        lines.append(style(f"{start}  {last[0]}".rstrip(), _DIM) if number == 0 else f"{start}  {last[0]}")
        lines += [" " * (len(start) + 2) + more for more in last[1:]]
    return lines


def _row(row: Sequence[str], width: int, style: Style) -> list[str]:
    first = [style(line, _BOLD) for line in textwrap.wrap(_bare(row[0]), width)]
    text = ": ".join(_bare(cell) for cell in row[1:] if cell)
    return [*first, *textwrap.wrap(text, width, initial_indent=_CODE, subsequent_indent=_CODE)]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def _bare(cell: str) -> str:
    return _links(cell).replace("`", "").replace(r"\|", "|")
