"""Trends drawn in the terminal."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from rich.console import Console

from hubwatch.models import Trend
from hubwatch.render import charts, words
from hubwatch.render.sparks import sparkline

MONTHS = tuple(date(2025 + (3 + n) // 12, (3 + n) % 12 + 1, 1) for n in range(12))
TRENDS = (
    Trend(key="l", name="Lightweight metals", starts=MONTHS, counts=(3, 5, 8, 2, 0, 4, 9, 12, 7, 6, 11, 4)),
    Trend(key="n", name="日本の ナノ", starts=MONTHS, counts=(0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1000)),
)


NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
BARS = " ▁▂▃▄▅▆▇█"
ROW = re.compile(
    r"(?P<name>.+?) {2}(?P<chart>[ ▁▂▃▄▅▆▇█]+?) {2} *(?P<total>[\d,]+)(?: {2}(?P<bar>[▏▎▍▌▋▊▉█]+))?"
)


def drawn(
    width: int,
    *,
    encoding: str = "utf-8",
    trends: tuple[Trend, ...] = TRENDS,
    bucket: str = "month",
    since: datetime | None = None,
) -> list[str]:
    first = trends[0].starts[0] if trends else date(2025, 4, 1)
    asked = charts.Asked(
        by="topic",
        bucket=bucket,
        since=since or datetime(first.year, first.month, first.day, tzinfo=UTC),
        until=NOW,
        today=NOW.date(),
    )
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    charts.print_trends(trends, asked, console=Console(file=out, width=width))
    out.seek(0)
    return out.read().splitlines()


def a_day_each(*counts: int, name: str = "Lightweight metals") -> Trend:
    starts = tuple(NOW.date() - timedelta(days=n) for n in reversed(range(len(counts))))
    return Trend(key="x", name=name, starts=starts, counts=counts)


def rows(lines: list[str]) -> list[dict[str, str]]:
    return [found.groupdict(default="") for line in lines if (found := ROW.fullmatch(line))]


def axis(lines: list[str]) -> str:
    """What stands above the first row, if it is not the heading."""
    return lines[-2].strip() if lines[-2].startswith(" ") else ""


def test_months_stand_over_their_bars_and_wide_characters_count_double() -> None:
    *_, header, first, second = drawn(70)
    chart = sparkline(TRENDS[0].counts, top=1000, width=2)
    assert header == " " * 20 + "A M J J A S O N D J F M"
    assert first[20 : 20 + len(chart)] == chart
    assert first.index("71") + 2 == len(first.rstrip("▏▎▍▌▋▊▉█ "))
    assert second.startswith("日本の ナノ         ")
    assert "1,001" in second


@pytest.mark.parametrize("width", [30, 40, 60, 80, 200])
def test_it_fits(width: int) -> None:
    from rich.cells import cell_len

    assert max(cell_len(line) for line in drawn(width)) <= min(width, 110)


def test_all_rows_are_drawn_on_one_scale_which_is_said() -> None:
    lines = drawn(60, bucket="day", trends=(a_day_each(7), a_day_each(1, name="Flexible materials")))
    large, small = rows(lines)
    assert (large["chart"], small["chart"]) == ("██", "▂▂")
    assert BARS.index(large["bar"][0]) == 8
    assert len(large["bar"]) > 5 * len(small["bar"])
    assert lines[0].endswith("█ is 7 a day")


def test_the_least_of_a_row_is_drawn_beside_the_largest() -> None:
    trends = (a_day_each(900, 5000), a_day_each(0, 1, name="Flexible materials"))
    large, small = rows(drawn(70, bucket="day", trends=trends))
    assert small["chart"] == "  ▁▁"
    assert small["bar"] == "▏"
    assert large["chart"] == "▂▂██"


@pytest.mark.parametrize("days", [5, 30, 61, 79, 80, 92, 400])
@pytest.mark.parametrize("width", [40, 60, 61, 62, 63, 80, 110])
def test_what_is_even_is_drawn_even(days: int, width: int) -> None:
    (row,) = rows(drawn(width, bucket="day", trends=(a_day_each(*[1] * days),)))
    assert set(row["chart"]) == {"█"}
    assert len(row["chart"]) >= min(days, 8)


@pytest.mark.parametrize("days", [79, 80, 81, 83])
def test_joined_stretches_keep_their_proportion_the_oldest_cell_too(days: int) -> None:
    lines = drawn(60, bucket="day", trends=(a_day_each(*[2] * (days - 40), *[4] * 40),))
    (row,) = rows(lines)
    assert re.fullmatch("▄+[▅-▇]?█+", row["chart"])
    number = re.search(r"█ is (\d+) in (\d) days", lines[0])
    assert number is not None
    assert int(number[1]) == 4 * int(number[2])


def test_one_item_in_the_oldest_days_does_not_outgrow_the_same_item_later() -> None:
    counts = [0] * 83
    counts[0] = counts[-1] = 1
    (row,) = rows(drawn(60, bucket="day", trends=(a_day_each(*counts),)))
    assert row["chart"][-1] == "█"
    assert 0 < BARS.index(row["chart"][0]) < 8


@pytest.mark.parametrize("stretches", [1, 2, 7, 12, 13, 26, 31, 40, 58, 79, 104, 400])
def test_a_wider_window_never_shows_less(stretches: int) -> None:
    name = "Flexible hybrid electronics"
    # Upward, so that each cell has a bar, and the last one is the tallest.
    trend = a_day_each(*range(1, stretches + 1), name=name)
    shown = []
    for width in range(34, 125):
        lines = drawn(width, bucket="day", trends=(trend,))
        (row,) = rows(lines)
        shown.append((len(row["name"].strip("… ")), len(row["chart"]), bool(row["bar"]), len(axis(lines))))
    for narrow, wide in pairwise(shown):
        assert all(less <= more for less, more in zip(narrow[:3], wide[:3], strict=True)), (narrow, wide)
        assert bool(narrow[3]) <= bool(wide[3])
    assert shown[-1][2]
    assert shown[-1][0] == len(name)


@pytest.mark.parametrize(
    ("trend", "bucket", "width", "expected"),
    [
        pytest.param(a_day_each(1), "day", 80, "Mar 20", id="one day"),
        pytest.param(a_day_each(1, 1), "day", 80, "Mar 19 to Mar 20", id="two days stand over more"),
        pytest.param(a_day_each(1, 1), "day", 30, "Mar 19", id="the first, where both do not fit"),
        pytest.param(a_day_each(1, name="A name that takes all"), "day", 18, "", id="none, not a part"),
        pytest.param(a_day_each(*[1] * 10), "day", 80, "Mar 11        Mar 20", id="both ends"),
        pytest.param(
            a_day_each(*[1] * 100), "day", 110, "Dec 11, 2025" + " " * 26 + "Mar 20, 2026", id="two years"
        ),
        pytest.param(
            Trend(key="x", name="x", starts=MONTHS[-2:], counts=(1, 1)), "month", 60,
            "Feb 2026 to Mar 2026", id="few months",
        ),
        pytest.param(
            Trend(key="x", name="x", starts=(date(2025, 2, 1), *(date(2025, 3, 1),), *MONTHS),
                  counts=(1,) * 14), "month", 60, "Feb 2025            Mar 2026", id="over a year of months",
        ),
    ],
)  # fmt: skip
def test_the_axis_has_whole_names_or_none(trend: Trend, bucket: str, width: int, expected: str) -> None:
    assert axis(drawn(width, bucket=bucket, trends=(trend,))) == expected


@pytest.mark.parametrize("days", [1, 2, 3, 9, 20, 70, 120])
def test_no_name_of_the_axis_is_cut_at_any_width(days: int) -> None:
    first, last = NOW.date() - timedelta(days=days - 1), NOW.date()
    whole = {words.day(first, today=last), words.day(last, today=first)}
    for width in range(14, 120):
        said = re.findall(
            r"[A-Z…][^A-Z\s]*(?: \d+)?(?:, \d+)?",
            axis(drawn(width, bucket="day", trends=(a_day_each(*[1] * days),))),
        )
        assert set(said) <= whole, width


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        pytest.param(datetime(2026, 3, 18, 9, tzinfo=UTC), "Mar 18 to Mar 20 · █", id="this year"),
        pytest.param(datetime(2026, 3, 17, 9, tzinfo=UTC), "Mar 17 to Mar 20 · █", id="within the day"),
        pytest.param(
            datetime(2025, 3, 17, tzinfo=UTC), "Mar 17, 2025 to Mar 20 · none before Mar 18 · █", id="longer"
        ),
        pytest.param(datetime(1900, 1, 1, tzinfo=UTC), "until Mar 20 · █", id="everything"),
    ],
)
def test_the_heading_says_what_and_which_time(since: datetime, expected: str) -> None:
    lines = drawn(110, bucket="day", trends=(a_day_each(1, 1, 1),), since=since)
    assert lines[0].startswith(f"Items by topic · {expected}")


def test_a_heading_that_does_not_fit_breaks_between_its_parts() -> None:
    since = datetime(2025, 3, 17, tzinfo=UTC)
    lines = drawn(45, bucket="day", trends=(a_day_each(1, 1, 1),), since=since)
    assert lines[:2] == ["Items by topic · Mar 17, 2025 to Mar 20", "none before Mar 18 · █ is 1 a day"]


def test_nothing_has_a_heading_too() -> None:
    heading, nothing = drawn(80, trends=())
    assert heading == "Items by topic · Apr 1, 2025 to Mar 20"
    assert "--since" in nothing


def test_an_encoding_without_blocks_gets_ascii() -> None:
    assert all(line.isascii() for line in drawn(70, encoding="ascii", trends=TRENDS[:1]))


def test_sparklines_show_nothing_for_nothing_and_something_for_little() -> None:
    assert sparkline([0, 1, 1000]) == " ▁█"
    assert sparkline([0, 0]) == "  "
    assert sparkline([]) == ""
    assert sparkline([1, 2], width=2) == "▄▄██"
    assert sparkline([0.5, 1.5, 4], top=4) == "▁▃█"
