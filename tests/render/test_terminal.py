"""The terminal digest at the widths people have, with and without color."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from hubwatch.models import Digest
from hubwatch.render import terminal

STYLES = re.compile(r"\x1b\[[\d;]*m|\x1b\]8;[^\x1b]*\x1b\\")


def printed(digest: Digest, width: int = 80, *, linked: bool = False, **how: object) -> str:
    out = io.StringIO()
    options = {"force_terminal": True, "color_system": "standard", "legacy_windows": False, "_environ": {}}
    console = Console(file=out, width=width, **(options | how))  # type: ignore[arg-type]
    terminal.print_digest(digest, console, env={"FORCE_HYPERLINK": "1" if linked else "0"})
    return out.getvalue()


def bare(shown: str) -> str:
    """Take off styles and the spaces that fill the lines."""
    return "".join(f"{line.rstrip()}\n" for line in STYLES.sub("", shown).splitlines())


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_it_is_as_it_was_looked_at(
    width: int, digest: Digest, calls: Digest, golden: Callable[[str, str], None]
) -> None:
    golden(f"terminal-{width}.txt", bare(printed(digest, width)))
    golden(f"terminal-calls-{width}.txt", bare(printed(calls, width)))


def test_with_color_and_links(digest: Digest, golden: Callable[[str, str], None]) -> None:
    # rich numbers its links at random.
    golden("terminal-color.txt", re.sub(r"id=\d+", "id=1", printed(digest, linked=True)))


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
@pytest.mark.parametrize("which", ["digest", "calls", "empty"])
def test_no_line_is_wider_than_the_terminal(width: int, which: str, request: pytest.FixtureRequest) -> None:
    for line in STYLES.sub("", printed(request.getfixturevalue(which), width)).splitlines():
        assert cell_len(line) <= width or "://" in line


@pytest.mark.parametrize("which", ["digest", "calls"])
def test_an_address_stays_in_one_piece(which: str, request: pytest.FixtureRequest) -> None:
    shown = STYLES.sub("", printed(request.getfixturevalue(which), 40)).splitlines()
    for match in request.getfixturevalue(which).ranked:
        assert match.item.url is None or match.item.url in map(str.strip, shown)


@pytest.mark.parametrize("width", [40, 60])
def test_narrow_ones_lose_no_word(width: int, digest: Digest) -> None:
    shown = "".join(STYLES.sub("", printed(digest, width)).split())
    for match in digest.ranked:
        assert "".join(match.item.title.split()) in shown
        assert (match.item.url or "") in shown


@pytest.mark.parametrize(
    ("summary", "shown"),
    [
        (f"{'so ' * 72}at Davis, California, and {'more ' * 20}of it", "at Davis, California…"),
        (f"{'so ' * 72}grown beyond 225 members.", "grown beyond 225 members."),
    ],
    ids=["long", "hardly longer"],
)
def test_a_summary_ends_well(summary: str, shown: str, digest: Digest) -> None:
    match = digest.ranked[0]
    match = replace(match, item=replace(match.item, summary=summary))
    section = replace(digest.sections[0], matches=(match,))
    lines = bare(printed(replace(digest, sections=(section,)))).split()
    assert f" so {shown} " in " ".join(lines)


def test_a_pipe_gets_no_escape(digest: Digest) -> None:
    assert "\x1b" not in printed(digest, force_terminal=False, color_system="auto")


def test_a_dumb_terminal_gets_no_escape(digest: Digest) -> None:
    assert "\x1b" not in printed(
        digest, color_system="auto", force_terminal=None, _environ={"TERM": "dumb", "TTY_COMPATIBLE": "0"}
    )


def test_no_color_leaves_bold_at_most(digest: Digest) -> None:
    codes = {
        code
        for style in re.findall(r"\x1b\[([\d;]*)m", printed(digest, _environ={"NO_COLOR": "1"}))
        for code in style.split(";")
    }
    assert codes <= {"0", "1", "2", "3", "4"}


def test_no_text_is_blue(digest: Digest) -> None:
    # The blue of the sixteen colors cannot be read on a black background in most terminals.
    codes = {code for style in re.findall(r"\x1b\[([\d;]*)m", printed(digest)) for code in style.split(";")}
    assert not codes & {"34", "94"}


def test_links_are_addresses_of_the_item_only(digest: Digest) -> None:
    targets = set(re.findall(r"\x1b\]8;[^;]*;([^\x1b]+)\x1b", printed(digest, linked=True)))
    assert targets == {match.item.url for match in digest.ranked if match.item.url}


def test_hits_are_marked(digest: Digest) -> None:
    match = replace(digest.ranked[0], context="of \ue000AZ31B\ue001 sheet")
    section = replace(digest.sections[0], matches=(match,))
    shown = printed(replace(digest, sections=(section,)))
    assert "\nof \x1b[1;33mAZ31B\x1b[0m sheet" in re.sub(r"\n +", "\n", shown)
