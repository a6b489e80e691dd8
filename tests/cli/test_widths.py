"""What people read fits their terminal; what goes into a file or a pipe is whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.cells import cell_len

from hubwatch.models import Source, SourceHealth, SourceState, Topic
from hubwatch.render import lists

NOW = datetime.now(UTC)
LONG = "The National Association for the Advancement of Very Long Names of Organizations, Incorporated"
TEXT = ("Members met in Detroit and spoke of castings. " * 12).strip()
SOURCES = """
[sources.a-source-whose-id-is-as-long-as-ids-may-be-in-practice]
url = "http://127.0.0.1:9/feed"
"""


@pytest.fixture
def filled(home: Any, stored: Callable[..., None]) -> None:
    home.configure(SOURCES)
    stored(
        {"title": "One " * 30, "published": NOW - timedelta(days=2), "content": f"{TEXT}\n{TEXT}",
         "organizations": (LONG, "Boeing", "住友電気工業")},
        {"title": "Two", "source": "america-makes", "published": NOW - timedelta(days=2),
         "organizations": (LONG,)},
    )  # fmt: skip


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
@pytest.mark.parametrize("command", ["sources", "orgs", "hubs", "topics"])
def test_no_row_is_wider_than_the_terminal(
    command: str, columns: int, filled: None, hubwatch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    out = hubwatch(command).out
    assert out
    assert max(map(cell_len, out.splitlines())) <= columns


@pytest.mark.parametrize("command", [("digest", "--format", "rich"), ("trends",), ("sources",), ("hubs",)])
def test_a_width_of_none_is_one_that_nobody_knows(
    command: tuple[str, ...], filled: None, hubwatch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    usual = hubwatch(*command).out
    monkeypatch.setenv("COLUMNS", "0")
    assert hubwatch(*command).out == usual != ""


@pytest.mark.parametrize("columns", [60, 80])
def test_several_sources_of_one_publisher_do_not_look_alike(
    columns: int, hubwatch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = hubwatch("sources").out.splitlines()
    at = lines[0].index("note")
    notes = {line.split()[0]: line[at:] for line in lines[1:]}
    assert notes["mxd"].startswith("MxD")
    assert notes["mxd-calls"].startswith("project cal")
    assert notes["mxd-events"].startswith("events: Mx")


@pytest.mark.parametrize("columns", [40, 50, 60])
def test_organizations_whose_names_begin_alike_do_not_look_alike(
    columns: int, stored: Callable[..., None], hubwatch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    hubs = ("lift", "america-makes", "mxd", "iacmi")
    both = ("U.S. Department of Energy", "U.S. Department of Defense")
    stored(*({"title": f"On {hub}", "source": hub, "published": NOW, "organizations": both} for hub in hubs))
    monkeypatch.setenv("COLUMNS", str(columns))
    names = [line.partition("  ")[0] for line in hubwatch("orgs").out.splitlines()[-2:]]
    assert len(set(names)) == 2


@pytest.mark.parametrize("columns", [60, 70, 80, 100])
def test_hubs_that_have_no_room_are_counted(
    columns: int, stored: Callable[..., None], hubwatch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    hubs = ("america-makes", "lift", "mxd", "iacmi")
    name = "U.S. Department of Energy"
    stored(
        *({"title": f"On {hub}", "source": hub, "published": NOW, "organizations": (name,)} for hub in hubs)
    )
    monkeypatch.setenv("COLUMNS", str(columns))
    shown, more = hubwatch("orgs").out.splitlines()[-1].rsplit("  ", 1)[1].rsplit(" +", 1)
    assert len(shown.split(", ")) + int(more) == len(hubs)


def test_a_file_gets_the_whole(
    filled: None, hubwatch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS")
    assert LONG in hubwatch("orgs").out
    assert "a-source-whose-id-is-as-long-as-ids-may-be-in-practice" in hubwatch("sources").out
    assert "…" not in hubwatch("hubs", "--all").out
    assert "…" not in hubwatch("trends", "--by", "hub").out


def test_an_age_is_whole(filled: None, hubwatch: Callable[..., Any]) -> None:
    assert "2 days ago" in hubwatch("hubs").out


def test_a_limit_says_how_many_are_left_out(filled: None, hubwatch: Callable[..., Any]) -> None:
    whole = hubwatch("hubs")
    assert "--limit" not in whole.err
    some = hubwatch("hubs", "--limit", "3")
    assert len(some.out.splitlines()) == 4
    assert some.err == f"{len(whole.out.splitlines()) - 4} more; --limit shows more\n"


def test_an_item_is_set_out_for_a_terminal(
    filled: None, home: Any, hubwatch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = hubwatch("search", "castings", "--json").json[0]["id"]
    monkeypatch.setenv("COLUMNS", "60")
    set_out = hubwatch("show", id_).out
    assert max(cell_len(line) for line in set_out.splitlines() if "://" not in line) <= 60
    monkeypatch.delenv("COLUMNS")
    whole = hubwatch("show", id_).out
    assert whole.splitlines().count(TEXT) == 2
    assert set_out.split() == whole.split()


def test_a_terminal_has_no_wider_row_either(filled: None, terminal: Callable[..., Any]) -> None:
    assert max(map(cell_len, terminal("orgs").out.splitlines())) <= 80


@pytest.mark.parametrize("columns", [40, 60])
def test_what_the_doctor_finds_fits(
    columns: int, hubwatch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = hubwatch("doctor").out.splitlines()
    assert max(map(cell_len, (line for line in lines if "/" not in line))) <= columns


@pytest.mark.parametrize("command", ["hubs lift", "topics flexible-electronics", "sources show lift"])
def test_one_of_a_list_fits_too(
    command: str, filled: None, hubwatch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    lines = hubwatch(*command.split()).out.splitlines()
    assert max(cell_len(line) for line in lines if "://" not in line) <= 40


@pytest.mark.parametrize(
    "lines",
    [
        lists.topics_table((Topic(id="a", name="A"),), {"a": 5000}),
        lists.topic_lines(Topic(id="a", name="A"), {"a": 5000}, {}),
        lists.sources_table(
            (SourceHealth(source=Source(id="a", name="A", url="http://127.0.0.1:9/"),
                          state=SourceState(source="a"), items=5000),), now=NOW),
    ],
    ids=["topics", "a topic", "sources"],
)  # fmt: skip
def test_thousands_are_set_off_everywhere(lines: Iterator[str]) -> None:
    assert "5,000" in "\n".join(lines)


@pytest.mark.parametrize("columns", [40, 50, 60, 80])
@pytest.mark.parametrize("command", ["digest", "sync", "sources add"])
def test_help_fits(
    command: str, columns: int, hubwatch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    said = hubwatch(*command.split(), "--help")
    assert said.code == 0
    assert max(map(cell_len, said.out.splitlines())) <= columns


@pytest.mark.parametrize("command", [(), ("--help",)], ids=["welcome", "help"])
def test_what_one_sees_first_fits_a_common_terminal(
    command: tuple[str, ...], hubwatch: Callable[..., Any]
) -> None:
    assert max(map(cell_len, hubwatch(*command).out.splitlines())) <= 80


def test_an_explanation_goes_on_at_the_margin(
    terminal: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    lines = terminal("profiles", "add", "ann", typed=("",) * 8).out.splitlines()
    assert " 10 Biomanufacturing" in lines
    at = lines.index("Every item of these hubs is wanted, whatever its area: LIFT,")
    assert lines[at + 1] == "America Makes."
