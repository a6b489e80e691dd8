"""RawItem to Item: text, dates, address, ids; several or one within a document."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubwatch import item_ids, normalize
from hubwatch.models import Item, Page, RawItem, Source

NOW = datetime(2025, 11, 20, 12, tzinfo=UTC)
SOURCE = Source(id="lift", name="LIFT", url="https://lift.org/news/")
RAW = RawItem(
    guid="g1",
    url="https://lift.org/call/?utm_source=rss#top",
    title="Project&nbsp;Call <b>23-01</b> &amp;#8211; Open",
    summary="<p>Up to $1M for castings.</p>",
    content="<p>First.</p><p>Second.</p>",
    published="Mon, 03 Nov 2025 10:00:00 EST",
    authors=("A. Writer", "", "A. Writer"),
    categories=("Castings &amp; Forgings",),
)


def one(raw: RawItem, *, first_reading: bool = False) -> Item:
    item = normalize.normalize(raw, SOURCE, now=NOW, first_reading=first_reading)
    assert item is not None
    return item


def many(*raws: RawItem, is_page: bool = False) -> tuple[Item, ...]:
    page = Page(items=raws, is_page=is_page)
    return normalize.normalize_all(page, SOURCE, now=NOW, first_reading=False)


def test_an_item_is_plain_dated_and_addressed() -> None:
    item = one(RAW)
    assert item.title == "Project Call 23-01 – Open"
    assert item.summary == "Up to $1M for castings."
    assert item.content == "First.\nSecond."
    assert item.url == "https://lift.org/call/"
    assert item.published == item.effective == datetime(2025, 11, 3, 15, tzinfo=UTC)
    assert item.first_seen == item.updated == NOW
    assert item.authors == ("A. Writer",)
    assert item.categories == ("Castings & Forgings",)
    assert item.id == item_ids.item_id("lift", "g1", None, "", None)
    assert item.content_hash == item_ids.content_hash(replace(item, content_hash=""))


TITLES = {
    "own": (RawItem(title="A title"), "A title"),
    "text that looks like markup": (RawItem(title="5 < 6 [2026]", title_is_html=False), "5 < 6 [2026]"),
    "from the first sentence": (
        RawItem(summary="<p>The institute opens its doors. Come and see.</p>"),
        "The institute opens its doors.",
    ),
    "from the content": (RawItem(content="<p>Doors open</p><p>Come.</p>"), "Doors open"),
    "from a long text": (RawItem(summary="word " * 40), "word " * 15 + "word…"),
    "from the address": (RawItem(url="https://lift.org/news/project-call-23-01.html"), "Project call 23 01"),
    "from the host": (RawItem(url="https://lift.org/"), "lift.org"),
    "cut at a word": (RawItem(title="word " * 200), "word " * 99 + "word…"),
}


@pytest.mark.parametrize(("raw", "title"), TITLES.values(), ids=TITLES.keys())
def test_every_item_has_a_title(raw: RawItem, title: str) -> None:
    assert one(raw).title == title


@pytest.mark.parametrize(
    "raw",
    [
        RawItem(),
        RawItem(guid="g"),
        RawItem(title="<p></p>", url="javascript:alert(1)"),
        RawItem(title="\u200b"),
    ],
    ids=["empty", "guid only", "unsafe", "invisible"],
)
def test_what_says_nothing_is_no_item(raw: RawItem) -> None:
    assert normalize.normalize(raw, SOURCE, now=NOW, first_reading=False) is None


@pytest.mark.parametrize(
    ("url", "guid", "expected"),
    [
        ("/call/", None, "https://lift.org/call/"),
        ("javascript:alert(1)", None, None),
        (None, "https://lift.org/?p=12", "https://lift.org/?p=12"),
        ("file:///etc/passwd", "https://lift.org/?p=12", "https://lift.org/?p=12"),
        (None, "http://lift.org/?p=12", "http://lift.org/?p=12"),
        (None, "tag:1", None),
        ("https://user:pw@lift.org/x", None, "https://lift.org/x"),
    ],
)
def test_links_are_safe_and_canonical(url: str | None, guid: str | None, expected: str | None) -> None:
    assert one(RawItem(title="T", url=url, guid=guid)).url == expected


SUMMARIES = {
    "own": ("Text.", "More.", "Text."),
    "falls back to the content": ("", "First.\nSecond.", "First. Second."),
    "not the title again": ("T", "T", ""),
    "title again, then content": ("T", "Something else.", "Something else."),
    "feed plugin's tail": ("Text. The post T appeared first on LIFT.", "", "Text."),
    "a tail behind a long text": (
        f"{'Text goes on. ' * 60}[…] Continue reading Title",
        "",
        f"{'Text goes on. ' * 60}".strip(),
    ),
    "read more": ("Text goes on […] Read more »", "", "Text goes on"),
    "continue reading": ("Text. Continue reading A title →", "", "Text."),
    "learn more": ("Text goes on. Learn more »", "", "Text goes on."),
    "a sentence that only starts so": ("Read more than ten reports.", "", "Read more than ten reports."),
    "cut mark": ("Text goes on [&hellip;]", "", "Text goes on…"),
}


@pytest.mark.parametrize(("summary", "content", "expected"), SUMMARIES.values(), ids=SUMMARIES.keys())
def test_the_summary_says_something(summary: str, content: str, expected: str) -> None:
    assert one(RawItem(title="T", summary=summary, content=content)).summary == expected


def test_fields_are_bounded() -> None:
    words = "word " * 50_000
    item = one(
        RawItem(
            title=words,
            summary=words,
            content=words,
            authors=(words,) * 99,
            guid="x" * 5000,
            url="/" + "a" * 4000,
        )
    )
    assert len(item.title) <= 500
    assert len(item.summary) <= 2000
    assert len(item.content) <= 100_000
    assert len(item.authors) == 1
    assert len(item.guid or "") == 16
    assert one(RawItem(title="T", guid="y" * 1000)).guid == "y" * 1000
    assert one(RawItem(title="T", guid=" y \n z ")).guid == "y z"
    assert len(one(RawItem(content=words)).summary) <= 500


@pytest.mark.parametrize(
    ("raw", "published"),
    [
        (RawItem(title="T", published="2025-11-03", updated="2025-11-05"), "2025-11-03"),
        (RawItem(title="T", updated="2025-11-05"), "2025-11-05"),
        (RawItem(title="T", published="soon", updated="2025-11-05"), "2025-11-05"),
        (RawItem(title="T", published="2031-01-01"), None),
        (RawItem(title="T"), None),
    ],
    ids=["published", "updated", "unreadable", "far future", "none"],
)
def test_the_date_is_the_publishers_or_unknown(raw: RawItem, published: str | None) -> None:
    expected = datetime.fromisoformat(published).replace(tzinfo=UTC) if published else None
    assert one(raw).published == expected


def test_an_undated_item_counts_from_its_arrival_unless_it_was_there_before() -> None:
    assert one(RawItem(title="T")).effective == NOW
    assert one(RawItem(title="T"), first_reading=True).effective == datetime(1900, 1, 1, tzinfo=UTC)
    assert one(RawItem(title="T", published="2025-11-03"), first_reading=True).effective.day == 3


def test_a_date_of_tomorrow_counts_as_now() -> None:
    item = one(RawItem(title="T", published="2025-11-21"))
    assert item.effective == NOW
    assert item.published == datetime(2025, 11, 21, tzinfo=UTC)


def test_fields_of_the_format_are_passed_on() -> None:
    item = one(RawItem(title="T", deadline="01/15/2026", organizations=("Department of <b>Energy</b>", "")))
    assert item.deadline == date(2026, 1, 15)
    assert item.organizations == ("Department of Energy",)


# --- several or one ---------------------------------------------------------------------------

A = RawItem(guid="a", url="/a", title="First call", published="2025-11-01")
B = RawItem(guid="b", url="/b", title="Second call", published="2025-11-02")
SEVERAL = {
    "different": ((A, B), 2),
    "the same twice": ((A, A), 1),
    "one guid, two titles": ((A, replace(B, guid="a")), 2),
    "one guid, three titles": ((A, replace(B, guid="a"), replace(B, guid="a", title="Third")), 3),
    "one guid, one title, other link": ((A, replace(A, url="/c")), 1),
    "one guid, one title, other link and day": ((A, replace(A, url="/c", published="2025-11-09")), 2),
    "one guid, one title, other day": ((A, replace(A, published="2025-11-09")), 1),
    "one guid, one title, three days and links": (
        (A, *(replace(A, published=f"2025-11-0{n}", url=f"/{n}") for n in (8, 9))),
        3,
    ),
    "one link, two titles": ((A, replace(B, url="/a")), 2),
    "one link, one title, two guids": ((A, replace(A, guid="b")), 1),
    "one link, one title, two guids and days": ((A, replace(A, guid="b", published="2025-11-09")), 2),
    "one link, one title, one without guid": ((A, replace(A, guid=None)), 1),
    "one link without guids, two titles": ((replace(A, guid=None), replace(B, guid=None, url="/a")), 2),
    "only the title, twice": ((RawItem(title="T"), RawItem(title="T")), 1),
    "only titles": ((RawItem(title="T 1"), RawItem(title="T 2")), 2),
    "only the title, two days": ((RawItem(title="T", published="2025-11-01"), RawItem(title="T")), 2),
    "titles that differ in form": ((A, replace(A, title="FIRST CALL!")), 1),
    "numbers": ((replace(A, title="Call 1"), replace(A, title="Call 2")), 2),
    "nothing": ((RawItem(), A), 1),
}


@pytest.mark.parametrize(("raws", "count"), SEVERAL.values(), ids=SEVERAL.keys())
def test_items_of_a_feed_are_several_or_one(raws: tuple[RawItem, ...], count: int) -> None:
    items = many(*raws)
    assert len(items) == count
    assert len({item.id for item in items}) == count


def test_the_oldest_of_several_keeps_the_plain_id() -> None:
    young, old = many(replace(B, guid="a"), A)
    assert old.id == item_ids.item_id("lift", "a", None, "", None)
    assert young.id == item_ids.further_id(old.id, "Second call")


def test_dated_items_get_their_ids_whatever_their_order() -> None:
    raws = (A, replace(B, guid="a"), replace(B, guid="a", title="Third", published="2025-11-03"))
    assert {item.id for item in many(*raws)} == {item.id for item in many(*raws[::-1])}


def test_without_dates_the_last_is_the_oldest() -> None:
    first, last = many(replace(B, guid="a", published=None), replace(A, published=None))
    assert last.id == item_ids.item_id("lift", "a", None, "", None)
    assert first.id != last.id


def test_of_two_copies_the_fuller_stays() -> None:
    (item,) = many(replace(A, published=None), replace(A, summary="Text."))
    assert (item.summary, item.published) == ("Text.", datetime(2025, 11, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("less", "more"),
    [
        (RawItem(published="2025-11-02"), RawItem(published="2025-11-01")),
        (RawItem(summary="Text."), RawItem(summary="Text.", content="And more of it.")),
        (RawItem(summary="Text."), RawItem(summary="A longer text.")),
        (RawItem(summary="A quite long text.", published=None), RawItem(published="2025-11-01")),
    ],
    ids=["earlier", "with content", "longer", "dated"],
)
def test_which_of_two_copies_is_the_fuller(less: RawItem, more: RawItem) -> None:
    named = [replace(raw, guid="a", url="/a", title="First call of the year") for raw in (less, more)]
    for order in (named, named[::-1]):
        (item,) = many(*order)
        assert (item.summary, item.content) == (more.summary or more.content, more.content)
        assert (item.published is None) == (more.published is None)
        if item.published:
            assert item.published.day == 1


def test_copies_under_different_guids_have_the_same_fate_in_any_order() -> None:
    pair = [RawItem(guid=guid, url="/a", title="First call of the year") for guid in ("a", "b")]
    assert many(*pair)[0].guid == many(*pair[::-1])[0].guid


def test_on_a_page_without_summaries_there_is_none() -> None:
    (item,) = many(RawItem(url="https://lift.org/a", title="First call"), is_page=True)
    assert item.summary == ""


def test_on_a_page_one_address_is_one_item() -> None:
    image = RawItem(url="https://lift.org/a")
    heading = RawItem(url="https://lift.org/a#x", title="First call")
    more = RawItem(
        url="https://www.lift.org/a/", title="Another word", published="2025-11-01", summary="Text."
    )
    first, other = many(image, heading, more, RawItem(title="No link"), is_page=True)
    assert (first.title, first.summary, other.title) == ("First call", "Text.", "No link")
    assert first.published == datetime(2025, 11, 1, tzinfo=UTC)


@given(
    st.lists(
        st.builds(
            RawItem,
            guid=st.sampled_from([None, "a", "b"]),
            url=st.sampled_from([None, "/a", "/b"]),
            title=st.sampled_from(["", "One", "Two"]),
            published=st.sampled_from([None, "2025-11-01", "2025-11-09"]),
        ),
        max_size=8,
    ),
    st.booleans(),
)
def test_ids_are_unique_and_the_same_at_every_reading(raws: list[RawItem], is_page: bool) -> None:
    items = many(*raws, is_page=is_page)
    assert len({item.id for item in items}) == len(items)
    assert many(*raws, is_page=is_page) == items
