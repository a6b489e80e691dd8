"""Where each key of a TOML text stands: tomllib tells values, not lines. For texts that tomllib accepts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

Path = tuple[str | int, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"[ \t]*")
_FILLER = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")  # whitespace, line ends and comments
_STRINGS = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\n]*")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_SHORT = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}


@dataclass(slots=True)
class Block:
    """One `[table]` of the text: its path, the line of its header, the last line of its last value."""

    path: Path
    first: int
    last: int


@dataclass(slots=True)
class Lines:
    """The line of every key, and the tables in their order."""

    keys: dict[Path, int] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)

    def of(self, path: Path) -> int | None:
        """Find the line of a key, or of the nearest table around it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.keys:
                return self.keys[path[:length]]
        return None


def locate(text: str) -> Lines:
    """Find the line of each key, element and table in a valid TOML text."""
    return _Scanner(text.replace("\r\n", "\n")).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1
        self._counted = 0  # up to where lines were counted
        self._lines = Lines()
        self._counts: dict[Path, int] = {}  # of each array of tables, how many there are

    def scan(self) -> Lines:
        table: Path = ()
        self._skip(_FILLER)
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
                if self._lines.blocks:
                    self._lines.blocks[-1].last = self._here()
            self._skip(_FILLER)
        return self._lines

    def _header(self) -> Path:
        is_array = self._text.startswith("[[", self._at)
        line = self._here()
        self._at += 2 if is_array else 1
        parts = self._key()
        self._at += 2 if is_array else 1
        path: Path = ()
        for number, part in enumerate(parts):
            path = (*path, part)
            self._lines.keys.setdefault(path, line)
            if is_array and number == len(parts) - 1:
                self._counts[path] = self._counts.get(path, 0) + 1
            if path in self._counts:
                path = (*path, self._counts[path] - 1)
                self._lines.keys.setdefault(path, line)
        self._lines.keys[path] = line  # its own header tells more than a table below it
        self._lines.blocks.append(Block(path, line, line))
        return path

    def _pair(self, table: Path) -> None:
        path = table
        line = self._here()
        for part in self._key():
            path = (*path, part)
            self._lines.keys.setdefault(path, line)
        self._at += 1  # the equals sign
        self._skip(_BLANK)
        self._value(path)

    def _key(self) -> list[str]:
        parts: list[str] = []
        while True:
            self._skip(_BLANK)
            quoted = _STRINGS.match(self._text, self._at)
            found = quoted or _BARE.match(self._text, self._at)
            if found is None:
                self._at += 1  # never so in a valid text; go on rather than turn in a circle
                return parts
            parts.append(_unquote(found[0]) if quoted else found[0])
            self._at = found.end()
            self._skip(_BLANK)
            if not self._text.startswith(".", self._at):
                return parts
            self._at += 1

    def _value(self, path: Path) -> None:
        start = self._text[self._at : self._at + 1]
        if start == "[":
            self._elements(path)
        elif start == "{":
            self._inline_table(path)
        else:
            found = _STRINGS.match(self._text, self._at) or _SCALAR.match(self._text, self._at)
            self._at = found.end() if found else self._at + 1

    def _elements(self, path: Path) -> None:
        self._at += 1
        index = 0
        while self._more("]"):
            self._lines.keys[(*path, index)] = self._here()
            self._value((*path, index))
            index += 1

    def _inline_table(self, path: Path) -> None:
        self._at += 1
        while self._more("}"):
            self._pair(path)

    def _more(self, end: str) -> bool:
        """Go to the next element; past the end, if that is what comes."""
        self._skip(_FILLER)
        if self._text.startswith(",", self._at):
            self._at += 1
            self._skip(_FILLER)
        if self._at < len(self._text) and self._text[self._at] != end:
            return True
        self._at += 1
        return False

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self._text, self._at)
        self._at = found.end() if found else self._at

    def _here(self) -> int:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line


def _unquote(text: str) -> str:
    if text[0] == "'":
        return text[1:-1]
    return _ESCAPE.sub(
        lambda m: chr(int(m[1] or m[2], 16)) if m[1] or m[2] else _SHORT.get(m[3], m[3]), text[1:-1]
    )
