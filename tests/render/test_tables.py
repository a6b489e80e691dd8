"""Tables fit every terminal, and are whole where there is none."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from hubwatch.render import tables

ROWS = [
    ("a-source-with-a-long-id-of-its-own", "failing", "1,234", "12 days ago", "the site asked for a pause"),
    ("日本語の出典", "ok", "3", "today", "レーザー溶接の新しい施設"),
    ("café", "ok", "3", "today", "Zoë’s"),
]  # fmt: skip
HEADINGS = ("source", "health", "items", "newest", "note")


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)


def lines(**how: object) -> list[str]:
    return list(tables.table(ROWS, HEADINGS, stretch=4, **how))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["", "plain", "日本", "café", "ｆｕｌｌ", "e\u0301", "…“”", "한국어", "🏭 plant"]
)
def test_columns_are_counted_as_a_terminal_does(text: str) -> None:
    assert tables.size(text) == cell_len(text)


@pytest.mark.parametrize(
    ("text", "columns", "expected"),
    [
        pytest.param("ab", 4, "ab  ", id="filled"),
        pytest.param("abcdef", 4, "abc…", id="cut"),
        pytest.param("日本語", 6, "日本語", id="wide letters that fit"),
        pytest.param("日本語", 5, "日本…", id="wide letters cut"),
        pytest.param("日本語", 4, "日… ", id="half a wide letter is filled up"),
    ],
)
def test_a_cell_is_filled_or_cut(text: str, columns: int, expected: str) -> None:
    assert tables.fit(text, columns) == expected


@pytest.mark.parametrize(
    ("names", "columns", "expected"),
    [
        pytest.param(
            ("LIFT", "MxD", "NextFlex", "EWI"), 40, "LIFT, MxD, NextFlex +1", id="no more than most"
        ),
        pytest.param(("LIFT", "MxD", "NextFlex", "EWI"), 12, "LIFT, MxD +2", id="as many as have room"),
        pytest.param(("America Makes", "MxD"), 10, "Americ… +1", id="the first cut"),
        pytest.param(("日本語の出典", "MxD"), 10, "日本語… +1", id="wide letters cut"),
        pytest.param(("America Makes",), 10, "America M…", id="one alone cut"),
        pytest.param(("America Makes", "MxD"), 5, "America Makes", id="no room for a number"),
        pytest.param((), 10, "", id="none"),
    ],
)
def test_names_that_have_no_room_are_counted(names: tuple[str, ...], columns: int, expected: str) -> None:
    assert tables.some(names, columns, most=3) == expected


def test_a_line_does_not_end_at_a_no_break_space(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    written = tables.wrap("LIFT News\xa0| facility and some more\xa0| id\xa077200a3a")
    assert written == ["LIFT News\xa0| facility and some more\xa0|", "id\xa077200a3a"]


@pytest.mark.parametrize("columns", [40, 50, 60, 80, 100, 200])
@pytest.mark.parametrize("spare", [(), (3,), (3, 2)], ids=["none spare", "one spare", "two spare"])
def test_a_table_fits(columns: int, spare: tuple[int, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    written = lines(spare=spare)
    assert max(map(cell_len, written)) <= columns
    assert len(written) == len(ROWS) + 1


def test_the_column_that_gives_way_is_left_out_where_that_is_not_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [("yes (seen since Oct 18, 2025)", "lightweight, additive")]
    for columns, expected in ((60, rows[0]), (45, (rows[0][0], "lightweight, …")), (40, rows[0][:1])):
        monkeypatch.setenv("COLUMNS", str(columns))
        written = list(tables.table(rows, ("member", "topics"), stretch=1, spare=(1,)))
        assert written[1].split("  ") == list(expected)


def test_the_columns_stand_below_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    written = lines()
    assert {
        cell_len(line[: line.index(word)])
        for line, word in zip(written, ("health", "failing", "ok", "ok"), strict=True)
    } == {36}


def test_a_spare_column_goes_before_others_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "72")
    assert "newest" in lines()[0]
    assert "newest" not in lines(spare=(3,))[0]
    assert ROWS[0][0] in lines(spare=(3,))[1]


@pytest.mark.parametrize("said", [None, "", "0", "wide"])
def test_nothing_is_cut_where_there_is_no_terminal(said: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if said is not None:
        monkeypatch.setenv("COLUMNS", said)
    assert all(cell in line for row, line in zip(ROWS, lines(spare=(3,))[1:], strict=True) for cell in row)


def test_text_is_wrapped_for_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "one announcement after the other https://example.org/a/very/long/address/that/is/not/broken"
    assert tables.wrap(text, first="  ") == [f"  {text}"]
    monkeypatch.setenv("COLUMNS", "40")
    assert tables.wrap(text, first="  ") == [f"  {text[:32]}", f"  {text[33:]}"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "レーザー粉末床溶融結合の新しい施設を開設しました。積層造形の研究開発を進める。", id="no spaces"
        ),
        pytest.param("住友電気工業 と 三菱重工業 は 新しい 施設 を 開設 した と 発表 しました", id="spaces"),
        pytest.param("🚀 rocket " * 8, id="emoji"),
        pytest.param(
            "삼성전자는 새로운 적층 제조 연구소를 미국 오하이오주에 개설했다고 발표했다", id="Korean"
        ),
    ],
)
def test_wide_letters_fit_the_terminal_too(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    shown = tables.wrap(text, first="    ")
    assert all(cell_len(line) <= 40 for line in shown)
    assert "".join("".join(shown).split()) == "".join(text.split())
    assert not any(line.strip().startswith("。") for line in shown)
