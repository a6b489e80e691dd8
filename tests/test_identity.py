"""Which items of a fetch are known: a table of situations, and what must hold in all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubwatch import item_ids
from hubwatch.identity import KnownItem, resolve
from hubwatch.models import Item
from hubwatch.text import urls

FIRST = datetime(2025, 11, 10, 6, tzinfo=UTC)
NOW = datetime(2025, 11, 20, 6, tzinfo=UTC)


def make(
    title: str, path: str | None = None, guid: str | None = None, day: str | None = None, summary: str = ""
) -> Item:
    """An incoming item: path on the site, day as `11-03`."""
    url = None if path is None else path if "://" in path else f"https://hub.org{path}"
    published = None if day is None else datetime.fromisoformat(f"2025-{day}").replace(tzinfo=UTC)
    return Item(
        id=item_ids.item_id("s", guid, url, title, published),
        source="s",
        title=title,
        url=url,
        guid=guid,
        summary=summary,
        published=published,
        first_seen=NOW,
        updated=NOW,
        effective=published or NOW,
    )


def known(item: Item, *, revisions: int = 0) -> KnownItem:
    """The same item as stored ten days ago."""
    return KnownItem(
        id=item.id,
        guid=item.guid,
        url_key=urls.key(item.url) if item.url else None,
        title_key=item_ids.title_key(item.title),
        published=item.published,
        first_seen=FIRST,
        effective=min(item.published, FIRST) if item.published else FIRST,
        content_hash=item_ids.content_hash(item),
        title=item.title,
        revisions=revisions,
    )


def stored(items: list[Item]) -> list[KnownItem]:
    """What a first fetch of these items leaves in the store."""
    return [known(item) for item in resolve(items, [], is_page=False).new]


CALL = make("Project Call 23-01 Opens", "/call-23-01/", "g1", "11-03")
TITLES = [
    "LIFT opens a project call on castings",
    "America Makes names five winners",
    "PowerAmerica members meet in Raleigh",
    "New laboratory for composites in Knoxville",
    "Workforce grant for welders in Ohio",
    "Textile pilot line starts in Massachusetts",
]
OLD_SITE = [make(t, f"/old/{n}", f"old-{n}", f"10-{10 + n}") for n, t in enumerate(TITLES)]
OLD_PAGE = [make(t, f"/old/{n}") for n, t in enumerate(TITLES)]
WEEKLY = [make("Weekly bulletin", f"/bulletin/{n}", f"b{n}", f"10-{7 * n + 1:02}") for n in range(4)]


def moved(items: list[Item], *, days: int | None = 0, prefix: str = "new") -> list[Item]:
    """The same titles under other guids and links, dates shifted or (None) left out."""
    return [
        replace(
            make(item.title, f"https://www.hub-new.org/{prefix}/{n}", item.guid and f"{prefix}-{n}"),
            published=item.published + timedelta(days=days) if item.published and days is not None else None,
        )
        for n, item in enumerate(items)
    ]


EDIT = (False, 0, 1, 0)
SAME = (False, 0, 0, 1)
NEW = (False, 1, 0, 0)
SIX = (False, 0, 6, 0)
# name: known, incoming, is_page, new, changed, unchanged
TABLE: dict[str, tuple[list[Item], list[Item], bool, int, int, int]] = {
    "first fetch": ([], OLD_SITE, False, 6, 0, 0),
    "nothing new": (OLD_SITE, OLD_SITE, False, 0, 0, 6),
    "nothing came": (OLD_SITE, [], False, 0, 0, 0),
    "one more": (OLD_SITE[1:], OLD_SITE, False, 1, 0, 5),
    # the same guid
    "guid: title edited": ([CALL], [replace(CALL, title="Project Call 23-01 is Open")], *EDIT),
    "guid: summary edited": ([CALL], [replace(CALL, summary="Now with a webinar.")], *EDIT),
    "guid: deadline moved": ([CALL], [replace(CALL, deadline=date(2026, 1, 15))], *EDIT),
    "guid: link moved": ([CALL], [replace(CALL, url="https://hub.org/calls/23-01/")], *EDIT),
    "guid: scheme of the link": ([CALL], [replace(CALL, url="http://www.hub.org/call-23-01")], *SAME),
    "guid: title and link edited, same day": (
        [CALL],
        [make("Castings call opens", "/castings/", "g1", "11-03")],
        *EDIT,
    ),
    "guid: title slightly edited, new link, later": (
        [CALL],
        [make("Project Call 23-01 Opens Today", "/call-today/", "g1", "11-08")],
        *EDIT,
    ),
    "guid reused: new link, title and day": (
        [CALL],
        [make("Members meet in Detroit", "/meeting/", "g1", "11-09")],
        *NEW,
    ),
    "guid reused: next number of a series": (
        [CALL],
        [make("Project Call 23-02 Opens", "/call-23-02/", "g1", "11-09")],
        *NEW,
    ),
    "guid reused without dates": (
        [make("Project Call 23-01", "/1", "g1")],
        [make("Members meet in Detroit", "/2", "g1")],
        *NEW,
    ),
    "guid shared by the whole feed": (
        [make("A first", "/1", "x", "11-01"), make("B second", "/2", "x", "11-02")],
        [make("B second", "/2", "x", "11-02"), make("C third", "/3", "x", "11-03")],
        False, 1, 0, 1,
    ),
    "guid: re-dated": ([CALL], [replace(CALL, published=NOW)], *SAME),
    "guid: dated earlier": ([CALL], [replace(CALL, published=datetime(2025, 10, 1, tzinfo=UTC))], *EDIT),
    "guid: date lost": ([CALL], [replace(CALL, published=None)], *SAME),
    # the same link
    "link: guid changed": ([CALL], [replace(CALL, guid="other")], *EDIT),
    "link: guid and scheme changed": (
        [CALL],
        [make(CALL.title, "http://hub.org/call-23-01/", "http://hub.org/?p=1", "11-03")],
        *EDIT,
    ),
    "link: title edited, no guid": (
        [make("Call opens", "/call", None, "11-03")],
        [make("Call opens, with a webinar", "/call", None, "11-03")],
        *EDIT,
    ),
    "link: tracking added": ([CALL], [replace(CALL, url=f"{CALL.url}?utm_source=rss")], *SAME),
    "link: title and guid edited, same day": (
        [CALL],
        [make("Castings call", "/call-23-01/", "g2", "11-03")],
        *EDIT,
    ),
    "link: landing page, next item": (
        [make("Call 23-01 opens", "/news", "g1", "11-03")],
        [make("Members meet in Detroit", "/news", "g2", "11-09")],
        *NEW,
    ),
    "link shared by the whole feed": (
        [make("A first", "/", None, "11-01"), make("B second", "/", None, "11-02")],
        [make("B second", "/", None, "11-02"), make("C third", "/", None, "11-03")],
        False, 1, 0, 1,
    ),
    "page: title edited": ([make("Call opens", "/call")], [make("Apply now", "/call")], True, 0, 1, 0),
    "page: new address": (OLD_PAGE, [make("Members meet", "/meet"), *OLD_PAGE], True, 1, 0, 6),
    "page: date appeared": (
        [make("Call opens", "/c")],
        [make("Call opens", "/c", None, "11-03")],
        True, 0, 1, 0,
    ),
    "page: date appeared after it was seen": (
        [make("Call opens", "/c")],
        [make("Call opens", "/c", None, "11-19")],
        True, 0, 0, 1,
    ),
    # relaunches
    "relaunch: new guids and links": (OLD_SITE, moved(OLD_SITE), *SIX),
    "relaunch: and one new item": (
        OLD_SITE,
        [make("A new building opens", "/new/9", "n9", "11-18"), *moved(OLD_SITE)],
        False, 1, 6, 0,
    ),
    "relaunch: dates without their zone": (
        OLD_SITE,
        [replace(i, published=i.published and i.published + timedelta(hours=9)) for i in moved(OLD_SITE)],
        False, 0, 6, 0,
    ),
    "relaunch: undated list": (OLD_PAGE, moved(OLD_PAGE), True, 0, 6, 0),
    "relaunch: undated list and one new item": (
        OLD_PAGE,
        [make("A new building opens", "/new/9"), *moved(OLD_PAGE)],
        True, 1, 6, 0,
    ),
    "relaunch: dated list comes back undated": (OLD_SITE, moved(OLD_SITE, days=None), *SIX),
    "relaunch: all dated anew": (OLD_SITE, moved(OLD_SITE, days=25), *SIX),
    "relaunch: one item, same day": (OLD_SITE[:1], moved(OLD_SITE[:1]), *EDIT),
    "relaunch: two of a list without dates": (OLD_PAGE[:2], moved(OLD_PAGE[:2]), True, 0, 2, 0),
    "guids new each night": (OLD_SITE, [replace(i, guid=f"tonight-{i.guid}") for i in OLD_SITE], *SIX),
    "whole list re-dated": (OLD_SITE, [replace(i, published=NOW) for i in OLD_SITE], False, 0, 0, 6),
    # what only looks the same
    "series: next number": (OLD_SITE, [make("Project Call 23-02 Opens", "/2", "n", "11-18")], False, 1, 0, 0),
    "series: the same title a week later": (
        WEEKLY,
        [make("Weekly bulletin", "/bulletin/5", "b5", "11-05"), *WEEKLY[1:]],
        False, 1, 0, 3,
    ),
    "series: the same title, undated, new link": (
        [make("Newsletter", "/n/1"), *OLD_PAGE],
        [make("Newsletter", "/n/2"), *OLD_PAGE],
        True, 1, 0, 6,
    ),
    "series: one item on the page, undated": (
        [make("Newsletter", "/n/1")],
        [make("Newsletter", "/n/2")],
        True, 1, 0, 0,
    ),
    "same title a year later": (
        [make("MFG Day at the shop", "/a", "a", "11-03")],
        [replace(make("MFG Day at the shop", "/b", "b"), published=datetime(2026, 11, 3, tzinfo=UTC))],
        *NEW,
    ),
    "titles differ in a month": (
        [make("Newsletter October", "/n", "a", "10-01")],
        [make("Newsletter November", "/m", "b", "10-01")],
        *NEW,
    ),
    "same title while the old one is still there": (
        [make("Open house", "/1", "1", "11-03")],
        [make("Open house", "/1", "1", "11-03"), make("Open house", "/2", "2", "11-03")],
        False, 1, 0, 1,
    ),
    "neither guid nor link": ([make("Call", day="11-03")], [make("Call", day="11-03")], *SAME),
    "nothing but a title": ([make("Call")], [make("Call")], *SAME),
    # content that is never the same
    "text with the time of day": (
        [replace(CALL, summary="Printed at 10:31:07 PM. 1,204 views. 3 hours ago")],
        [replace(CALL, summary="Printed at 6:02:55 AM. 1,391 views. 2 days ago")],
        False, 0, 0, 1,
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "is_page", "new", "changed", "same"), TABLE.values(), ids=TABLE.keys()
)
def test_one_item_stays_one(
    before: list[Item], after: list[Item], is_page: bool, new: int, changed: int, same: int
) -> None:
    found = resolve(after, stored(before), is_page=is_page)
    assert (len(found.new), len(found.changed), len(found.unchanged)) == (new, changed, same)


@pytest.mark.parametrize(
    ("before", "after", "is_page", "new", "changed", "same"), TABLE.values(), ids=TABLE.keys()
)
def test_the_order_in_a_list_plays_no_part(
    before: list[Item], after: list[Item], is_page: bool, new: int, changed: int, same: int
) -> None:
    one = resolve(after, stored(before), is_page=is_page)
    other = resolve(after[::-1], stored(before[::-1]), is_page=is_page)
    assert {i.id for i in one.new} == {i.id for i in other.new}
    assert {i.id: i.title for i in one.changed} == {i.id: i.title for i in other.changed}
    assert set(one.unchanged) == set(other.unchanged)


def test_an_edit_keeps_id_first_sight_and_date() -> None:
    edited = replace(CALL, title="Project Call 23-01 is Open", published=CALL.published and NOW)
    (item,) = resolve([edited], [known(CALL)], is_page=False).changed
    assert (item.id, item.first_seen, item.published) == (CALL.id, FIRST, CALL.published)
    assert item.effective == CALL.published
    assert (item.title, item.updated) == (edited.title, NOW)


def test_an_earlier_date_is_a_correction() -> None:
    early = datetime(2025, 10, 1, tzinfo=UTC)
    (item,) = resolve([replace(CALL, published=early)], [known(CALL)], is_page=False).changed
    assert (item.published, item.effective) == (early, early)


def test_a_reused_guid_gives_a_new_id() -> None:
    following = make("Members meet in Detroit", "/meeting/", "g1", "11-09")
    (item,) = resolve([following], [known(CALL)], is_page=False).new
    assert item.id == item_ids.further_id(CALL.id, following.title)
    again = resolve([following], [known(CALL), known(item)], is_page=False)
    assert again.unchanged == (item.id,)


def test_a_relaunch_is_told_once() -> None:
    found = resolve(moved(OLD_SITE), stored(OLD_SITE), is_page=False)
    assert found.notices == ("6 known items came back under new ids or addresses and stay what they are",)
    settled = resolve(moved(OLD_SITE), [known(item) for item in found.changed], is_page=False)
    assert (settled.new, settled.changed, settled.notices) == ((), (), ())


def test_a_single_moved_item_is_no_relaunch() -> None:
    after = [replace(OLD_SITE[0], guid="other"), *OLD_SITE[1:]]
    assert resolve(after, stored(OLD_SITE), is_page=False).notices == ()


def test_text_that_changes_at_every_fetch_stops_being_a_revision() -> None:
    changed = replace(CALL, summary="Today is November 20, 2025.")
    assert resolve([changed], [known(CALL, revisions=4)], is_page=False).changed
    assert resolve([changed], [known(CALL, revisions=5)], is_page=False).unchanged == (CALL.id,)
    retitled = replace(changed, title="Project Call 23-01 Extended")
    assert resolve([retitled], [known(CALL, revisions=5)], is_page=False).changed
    assert resolve([retitled], [known(CALL, revisions=50)], is_page=False).unchanged == (CALL.id,)


@pytest.mark.parametrize("change", [{"url": "https://a.org/call-23-01/?visit=9"}, {"guid": "made anew"}])
def test_a_name_that_changes_at_every_fetch_stops_being_a_revision(change: dict[str, str]) -> None:
    changed = replace(CALL, **change)  # type: ignore[arg-type]
    assert resolve([changed], [known(CALL, revisions=49)], is_page=False).changed
    assert resolve([changed], [known(CALL, revisions=50)], is_page=False).unchanged == (CALL.id,)


def test_a_deadline_in_the_text_is_an_edit() -> None:
    before, after = (replace(CALL, summary=f"Proposals are due January {day}.") for day in (15, 30))
    assert resolve([after], [known(before)], is_page=False).changed


ITEMS = st.lists(
    st.builds(
        make,
        st.sampled_from(
            ["Call 1", "Call 2", "Weekly bulletin", "Members meet in Detroit", "Members meet in Akron"]
        ),
        st.sampled_from([None, "/", "/a", "/b", "/c"]),
        st.sampled_from([None, "g1", "g2", "g3"]),
        st.sampled_from([None, "10-01", "10-02", "11-08"]),
        st.sampled_from(["", "x"]),
    ),
    max_size=7,
    unique_by=lambda item: item.id,
)


@given(ITEMS, st.booleans())
def test_the_same_list_again_brings_nothing(items: list[Item], is_page: bool) -> None:
    found = resolve(items, [known(item) for item in items], is_page=is_page)
    assert (found.new, found.changed) == ((), ())
    assert sorted(found.unchanged) == sorted(item.id for item in items)


@settings(max_examples=200)
@given(ITEMS, ITEMS, st.booleans(), st.randoms(use_true_random=False))
def test_no_item_is_lost_merged_or_moved_by_order(
    before: list[Item], after: list[Item], is_page: bool, random: Random
) -> None:
    there = stored(before)
    found = resolve(after, there, is_page=is_page)
    ids = [*(i.id for i in found.new), *(i.id for i in found.changed), *found.unchanged]
    assert len(ids) == len(set(ids)) == len(after)
    assert not {i.id for i in found.new} & {k.id for k in there}
    shuffled, mixed = list(after), list(there)
    random.shuffle(shuffled)
    random.shuffle(mixed)
    again = resolve(shuffled, mixed, is_page=is_page)
    assert {(i.id, i.title, i.url) for i in found.new} == {(i.id, i.title, i.url) for i in again.new}
    assert {(i.id, i.title) for i in found.changed} == {(i.id, i.title) for i in again.changed}


@given(ITEMS, ITEMS, st.booleans())
def test_a_fetch_once_taken_in_is_known(before: list[Item], after: list[Item], is_page: bool) -> None:
    found = resolve(after, stored(before), is_page=is_page)
    written = {item.id: item for item in (*before, *found.changed, *found.new)}
    again = resolve(after, [known(item) for item in written.values()], is_page=is_page)
    assert again.new == ()


def test_titles_alone_under_other_dates_are_the_same_news_at_every_fetch() -> None:
    """Whether a list counts as rebuilt changes from fetch to fetch; nothing else knows them again."""
    series = [make("Weekly bulletin"), make("Weekly bulletin", day="10-01")]
    before = [make("Call 1", day="10-01"), make("Call 1", guid="g2"), make("Call 2", guid="g1"), *series]
    after = [make("Call 1", day="10-02"), make("Call 1", guid="g2"), make("Call 2")]
    found = resolve(after, stored(before), is_page=False)
    written = {item.id: item for item in (*before, *found.changed, *found.new)}
    assert resolve(after, [known(item) for item in written.values()], is_page=False).new == ()


def test_what_loses_its_only_date_stays_known() -> None:
    dated, undated = make("Weekly bulletin", day="10-01"), make("Weekly bulletin")
    assert resolve([undated], [known(dated)], is_page=False).new == ()


def test_a_hostile_list_costs_linear_time() -> None:
    items = [make("Same", f"/{n}", "one") for n in range(3000)]
    items = [replace(item, id=f"{n:016x}") for n, item in enumerate(items)]
    found = resolve(items, [known(item) for item in items], is_page=False)
    assert len(found.unchanged) == 3000
