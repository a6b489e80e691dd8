"""Ask a person in a terminal: a question with its choices, asked again until the answer can be taken."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

import typer

from hubwatch import config_schema
from hubwatch.cli import filters
from hubwatch.config_values import Names, WrongValue
from hubwatch.errors import UsageError

T = TypeVar("T")


def is_possible() -> bool:
    """Tell whether somebody sits there: both ends of the talk are a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def question(text: str, read: Callable[[str], T], *, explained: Iterable[str] = ()) -> T:
    """Ask one question on stderr; a wrong answer is told with the nearest right one, and asked again."""
    typer.echo("", err=True)
    for line in explained:
        typer.echo(_filled(line, _width()), err=True)
    set_out = _filled(text, _width() - 2)  # what is typed follows behind a colon
    while True:
        answer = typer.prompt(set_out, default="", show_default=False, err=True)
        try:
            return read(answer.strip())
        except WrongValue as wrong:
            told = wrong.message + (f"; {wrong.hint}" if wrong.hint else "")
            typer.echo(_filled(told, _width(), indent="  "), err=True)


def yes(text: str, *, default: bool = True) -> bool:
    """Ask for a yes or a no."""
    meant = {"": default, "y": True, "yes": True, "n": False, "no": False}

    def read(answer: str) -> bool:
        if answer.casefold() not in meant:
            raise WrongValue(f"'{answer}' is neither yes nor no", "answer y or n")
        return meant[answer.casefold()]

    return question(f"{text} [{'Y/n' if default else 'y/N'}]", read)


def listed(answer: str, choices: Sequence[str] = ()) -> list[str]:
    """Part an answer at its commas, numbers at blanks too; a number stands for the choice of that number."""
    words: list[str] = []
    for part in answer.replace(";", ",").split(","):
        are_numbers = choices and all(word.isdecimal() for word in part.split())
        words += part.split() if are_numbers else [part.strip()]  # "1 4 7"
    return [_chosen(word, choices) for word in words if word]


def numbered(choices: Mapping[str, str]) -> list[str]:
    """Write choices with their numbers, in as many columns as there is room for."""
    cells = [f"{number:>3} {name}" for number, name in enumerate(choices.values(), start=1)]
    size = max(map(len, cells)) + 2
    columns = max(_width() // size, 1)
    rows = -(-len(cells) // columns)
    return ["".join(cell.ljust(size) for cell in cells[row::rows]).rstrip() for row in range(rows)]


def profile_value(key: str, value: object, topics: Mapping[str, str]) -> object:
    """Read a value of a profile as the config does; `topics` are the user's own ones."""
    return config_schema.PROFILE[key](value, Names(topics=topics))


def from_options(values: Mapping[str, object], topics: Mapping[str, str]) -> dict[str, object]:
    """Read the values of a profile that were given as options; a wrong one is wrong usage."""
    found = {}
    for key, value in values.items():
        try:
            found[key] = profile_value(key, value, topics)
        except WrongValue as wrong:
            option = {"organizations": "org", "min_score": "min-score"}.get(key, key.removesuffix("s"))
            subject = f"--{option} " if wrong.message.startswith("must ") else ""
            typed = value[wrong.at] if isinstance(value, list) and wrong.at is not None else ""
            hint = filters.one_each(f"--{option}", typed) or wrong.hint
            raise UsageError(subject + wrong.message, hint=hint) from wrong
    return found


def _filled(text: str, columns: int, *, indent: str = "") -> str:
    return textwrap.fill(
        text, columns, initial_indent=indent, subsequent_indent=indent,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _width() -> int:
    return min(shutil.get_terminal_size((80, 24)).columns, 110)


def _chosen(word: str, choices: Sequence[str]) -> str:
    if not word.isdecimal() or not choices:
        return word
    if not 1 <= int(word) <= len(choices):
        raise WrongValue(f"there is no number {word}", f"from 1 to {len(choices)}")
    return choices[int(word) - 1]
