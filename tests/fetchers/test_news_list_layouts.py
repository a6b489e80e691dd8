"""Pages on which the list is not alone: years, lead stories, boxes that look alike, and no list at all."""

# ruff: noqa: E501 - markup is easier to read in one piece

from __future__ import annotations

import random
import time
from datetime import UTC, date, datetime, timedelta

import pytest

from hubwatch.errors import ParseError
from hubwatch.fetchers import news_list
from hubwatch.models import Document, Page, Source

URL = "https://hub.example.org/news/"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WORDS = "institute announces consortium members new alloy casting project award call program workforce additive center"
SUMMARY = "A sentence of summary text that is longer than the title and says more about it."
Story = tuple[str, str, date]


def _stories(count: int, *, seed: int = 1, start: date = date(2025, 12, 1), step: int = 23) -> list[Story]:
    """Make up stories, newest first."""
    draw = random.Random(seed)
    found = []
    for number in range(count):
        title = " ".join(draw.choice(WORDS.split()) for _ in range(draw.randint(4, 9))).capitalize()
        found.append((f"{title} {number}", f"/news/{seed}-{number}/", start - timedelta(days=step * number)))
    return found


def _long(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def _read(body: str, what: str = "news", url: str = URL) -> Page:
    html = f"<html lang='en'><body><nav><a href='/about/'>About the institute</a></nav>{body}<footer><a href='/x/'>Terms of use</a></footer></body></html>"
    document = Document(url=url, requested_url=url, status=200, body=html.encode(), fetched_at=NOW)
    return news_list.parse(document, Source(id="hub", name="Hub", url=url, what=what))  # type: ignore[arg-type]


def _check(body: str, stories: list[Story], *, dated: bool = True) -> None:
    found = [(item.title, item.url, item.published) for item in _read(body).items]
    assert found == [
        (title, f"https://hub.example.org{path}", day.isoformat() if dated else None)
        for title, path, day in stories
    ]


def _by_year(stories: list[Story]) -> dict[int, list[Story]]:
    years: dict[int, list[Story]] = {}
    for story in stories:
        years.setdefault(story[2].year, []).append(story)
    return years


YEARS = {
    "lists under headings": (
        "<h2>{y}</h2><ul>{items}</ul>",
        "<li><span>{d:%B} {d.day}</span> <a href='{u}'>{t}</a></li>",
    ),
    "accordion": (
        "<div class='acc'><button>{y}</button><div>{items}</div></div>",
        "<p>{d:%b} {d.day} <a href='{u}'>{t}</a></p>",
    ),
    "flat paragraphs": ("<h3>{y}</h3>{items}", "<p>{d:%B} {d.day}: <a href='{u}'>{t}</a></p>"),
    "only numbers": (
        "<h3>{y} Press Releases</h3><ul>{items}</ul>",
        "<li><b>{d.month}/{d.day}</b> <a href='{u}'>{t}</a></li>",
    ),
    "rows beside a rule": (
        "<h3>{y}</h3>{items}<hr>",
        "<div class='row'><div class='c1'>{d:%b %d}</div><div class='c2'><a href='{u}'>{t}</a></div></div>",
    ),
}


@pytest.mark.parametrize("name", YEARS)
def test_the_year_stands_in_a_heading(name: str) -> None:
    section, item = YEARS[name]
    stories = _stories(30)
    body = "".join(
        section.format(y=year, items="".join(item.format(t=t, u=u, d=d) for t, u, d in part))
        for year, part in _by_year(stories).items()
    )
    _check(f"<div id='content'><h1>News Archive</h1>{body}</div>", stories)


def test_a_choice_of_years_is_no_heading() -> None:
    stories = _stories(5)
    tabs = "<ul class='years'><li><b>2025</b></li><li><b>2024</b></li><li><b>2023</b></li></ul>"
    items = "".join(f"<li><span>{d:%B} {d.day}</span> <a href='{u}'>{t}</a></li>" for t, u, d in stories)
    _check(f"<main>{tabs}<ul>{items}</ul></main>", stories, dated=False)


def test_a_date_above_several_items_is_theirs() -> None:
    stories = _stories(12)
    days = [stories[number // 2 * 2][2] for number in range(12)]
    body = "".join(
        f"<h3>{_long(stories[at][2])}</h3><ul>"
        + "".join(f"<li><a href='{u}'>{t}</a></li>" for t, u, _ in stories[at : at + 2])
        + "</ul>"
        for at in range(0, 12, 2)
    )
    expected = [(t, u, day) for (t, u, _), day in zip(stories, days, strict=True)]
    _check(f"<div id='c'><h1>What's new</h1>{body}</div>", expected)


def test_months_alone_are_no_dates() -> None:
    stories = _stories(8)
    body = "".join(f"<h3>{d:%B} {d.year}</h3><ul><li><a href='{u}'>{t}</a></li></ul>" for t, u, d in stories)
    _check(f"<div id='c'><h1>News</h1>{body}</div>", stories, dated=False)


def _rows(stories: list[Story], name: str = "n") -> str:
    return "".join(
        f"<div class='{name}'><h3><a href='{u}'>{t}</a></h3><span>{_long(d)}</span></div>"
        for t, u, d in stories
    )


def test_featured_items_that_are_in_the_list_too_are_given_once() -> None:
    stories = _stories(10)
    featured = "".join(
        f"<div class='feature'><a href='{u}'><img src='x'><h3>{t}</h3></a></div>" for t, u, _ in stories[:3]
    )
    _check(
        f"<main><section><h2>Featured</h2>{featured}</section><section><h2>Latest news</h2>{_rows(stories)}</section></main>",
        stories,
    )


def test_a_newer_lead_story_belongs_to_the_list() -> None:
    stories = _stories(8)
    title, path, day = stories[0]
    lead = f"<section class='lead'><h1><a href='{path}'>{title}</a></h1><time>{_long(day)}</time><p>{SUMMARY}</p></section>"
    other = f"<section class='lead'><h1><a href='/more/'>A second lead story of the same make</a></h1><time>{_long(day)}</time></section>"
    found = _read(f"<div>{lead}{other}<div>{_rows(stories[1:])}</div></div>")
    assert [item.title for item in found.items][:3] == [
        title,
        "A second lead story of the same make",
        stories[1][0],
    ]


def test_items_written_differently_are_one_list() -> None:
    stories = _stories(12)
    forms = (
        "<li>{d} - <a href='{u}'>{t}</a></li>",
        "<li><strong>{d}</strong> - <a href='{u}'><em>{t}</em></a></li>",
        "<li><p>{d} - <span><a href='{u}'>{t}</a></span></p></li>",
    )
    items = "".join(forms[at % 3].format(t=t, u=u, d=_long(d)) for at, (t, u, d) in enumerate(stories))
    _check(f"<div class='entry'><h1>News</h1><ul>{items}</ul></div>", stories)


def test_a_widget_with_the_title_of_the_page_is_no_sidebar() -> None:
    """Site builders (Websites + Marketing) call every part of a page a widget."""
    stories = _stories(3)
    items = "".join(
        f"<p><span>{_long(d)}</span></p><p><span><a href='{u}'><strong>{t}</strong></a></span></p><p><br></p>"
        for t, u, d in stories
    )
    menu = "".join(f"<a href='/p/{n}'>Another page {n}</a>" for n in range(20))
    _check(
        f"<div class='widget widget-header'>{menu}</div>"
        f"<div class='widget widget-content'><h1>Press releases</h1><h4>Click on a title</h4><div>{items}</div></div>"
        f"<div class='widget widget-footer'>{menu}</div>",
        stories,
    )


def test_a_title_may_stand_on_two_lines() -> None:
    stories = _stories(8)
    rows = "".join(
        f"<tr><td>{_long(d)}</td><td><a href='{u}'>{' '.join(t.split()[:3])}:<br>{' '.join(t.split()[3:])}</a></td></tr>"
        for t, u, d in stories
    )
    found = _read(f"<main><h1>News</h1><table>{rows}</table></main>")
    assert [item.title for item in found.items] == [
        f"{' '.join(title.split()[:3])}: {' '.join(title.split()[3:])}" for title, _, _ in stories
    ]


def test_a_number_in_the_cell_beside_a_month_is_no_day() -> None:
    stories = _stories(12)
    rows = "".join(
        f"<tr><td>{d:%B} {d.year}</td><td>{30 - at}</td><td><a href='{u}'>{t}</a></td></tr>"
        for at, (t, u, d) in enumerate(stories)
    )
    _check(f"<main><h1>Letters</h1><table>{rows}</table></main>", stories, dated=False)


def test_paragraphs_are_one_list_whatever_an_editor_put_around_their_links() -> None:
    """Pasted text leaves span, strong and boxes around one title and not around the next."""
    stories = _stories(30)
    forms = (
        "<p>{d}<br><a href='{u}'>{t}</a></p>",
        "<p><span>{d}<br><a href='{u}'>{t}</a></span></p>",
        "<p>{d}<strong><br><a href='{u}'>{t}</a></strong></p>",
    )
    items = [forms[(at // 5) % 3].format(t=t, u=u, d=_long(d)) for at, (t, u, d) in enumerate(stories)]
    _check(f"<div class='entry'><h1>News archive</h1>{''.join(items)}</div>", stories)


def test_a_name_linked_in_a_summary_is_no_item() -> None:
    stories = _stories(14)
    items = "".join(
        f"<p><a href='{u}'>{t}</a><br>A talk about what was found together with the "
        f"<a href='https://lab{at}.example.com/'>Center for Research on Alloys {at}</a>.<br><strong>{_long(d)}</strong></p>"
        for at, (t, u, d) in enumerate(stories)
    )
    _check(f"<main><h1>In the media</h1>{items}</main>", stories)


def test_a_heading_without_a_link_lends_its_name_to_no_other_item() -> None:
    stories = _stories(9)
    items = "".join(
        f"<h3>{t}</h3><p>{_long(d)}. {SUMMARY}</p>"
        + (f"<p><a href='{u}'>Read the release</a></p>" if at % 3 else "")
        for at, (t, u, d) in enumerate(stories)
    )
    found = _read(f"<main><h1>Releases</h1>{items}</main>")
    assert [(item.url, item.title) for item in found.items] == [
        (f"https://hub.example.org{path}", title) for at, (title, path, _) in enumerate(stories) if at % 3
    ]


@pytest.mark.parametrize(
    "item",
    ["<h3><a href='{u}'>{t}</a></h3><h6>{d}</h6>", "<h6>{d}</h6><h3><a href='{u}'>{t}</a></h3>"],
    ids=["below", "above"],
)
def test_a_date_may_be_a_heading_of_its_own(item: str) -> None:
    stories = _stories(12)
    items = "".join(item.format(t=t, u=u, d=_long(d)) for t, u, d in stories)
    _check(f"<main><h1>News</h1>{items}<h2>Where to find us</h2><p>Some text.</p></main>", stories)


def test_dates_below_stay_below_when_the_last_is_missing() -> None:
    stories = _stories(10)
    item = "<p>The paper of town {n}</p><h3><a href='{u}'>{t}</a></h3><p>{d}</p>"
    items = "".join(item.format(n=at, t=t, u=u, d=_long(d)) for at, (t, u, d) in enumerate(stories))
    items = items.removesuffix(f"<p>{_long(stories[-1][2])}</p>")
    found = _read(f"<main><h1>In the press</h1><div>{items}</div></main>")
    assert [(item.title, item.published) for item in found.items] == [
        *((title, day.isoformat()) for title, _, day in stories[:-1]),
        (stories[-1][0], None),
    ]


def test_a_list_goes_on_in_another_form() -> None:
    """A page kept for years: list items first, plain headings further down."""
    stories = _stories(90, step=5)
    new = "<li><h4>Paper {n}</h4></li><li><h3><a href='{u}'>{t}</a></h3></li><li><h6>{d}</h6></li>"
    old = new.replace("<li>", "").replace("</li>", "")
    first, later = (
        "".join(form.format(n=at % 7, t=t, u=u, d=_long(d)) for at, (t, u, d) in enumerate(part))
        for form, part in ((new, stories[:46]), (old, stories[46:]))
    )
    _check(f"<main><h1>In the news</h1><div><ul>{first}</ul></div>{later}</main>", stories)


def test_a_list_goes_on_in_a_box_that_was_pasted() -> None:
    stories = _stories(30)
    items = [f"<p>{_long(d)} <a href='{u}'>{t}</a></p>" for t, u, d in stories]
    pasted = "".join(items[:12]) + "<div title='Page 2'><div class='column'>" + "".join(items[12:])
    _check(f"<div class='entry'><h1>News archive</h1>{pasted}</div></div></div>", stories)


def test_the_link_to_all_news_is_none_of_them() -> None:
    stories = _stories(9)
    items = "".join(f"<p>{_long(d)}<br><a href='{u}'>{t}</a></p>" for t, u, d in stories)
    for text in ("All News Releases", "More news", "News archive", "Older press releases >"):
        _check(f"<main><h1>News</h1><div>{items}<p><a href='/all/'>{text}</a></p></div></main>", stories)


def test_a_lead_article_in_the_same_list() -> None:
    stories = _stories(9)
    title, path, day = stories[0]
    lead = (
        f"<article class='post lead'><h2><a href='{path}'>{title}</a></h2><time>{_long(day)}</time></article>"
    )
    rest = "".join(
        f"<article class='post'><h3><a href='{u}'>{t}</a></h3><time>{_long(d)}</time></article>"
        for t, u, d in stories[1:]
    )
    _check(f"<main>{lead}{rest}</main>", stories)


TRAPS = {
    "more events than news": "<h2>Upcoming events</h2>" + _rows(_stories(15, seed=2, start=date(2026, 9, 1)), "ev"),
    "events of the same make": "<h2>Upcoming Events</h2>" + _rows(_stories(8, seed=2, start=date(2026, 9, 1))),
    "related of the same make": "<h2>Related</h2>" + _rows(_stories(4, seed=2)),
    "most read of the same make": "<h2>Most read</h2>" + _rows(_stories(4, seed=2)),
    "member grid": "<h2>Members</h2>" + "".join(f"<div><a href='https://m{n}.example.com'><h4>Member Company {n} Inc</h4></a></div>" for n in range(40)),
    "many links below": "<div>" + "".join(f"<p><a href='/x/{n}'>Another page of the site, number {n}</a></p>" for n in range(60)) + "</div>",
    "archive in a sidebar": "<div id='sidebar-right'><h3>Archive</h3><ul>" + "".join(f"<li><a href='{u}'>{t}</a> {_long(d)}</li>" for t, u, d in _stories(40, seed=2)) + "</ul></div>",
    "recent posts without a name": "<div class='c4'><h3>Recent Posts</h3><ul>" + "".join(f"<li><a href='{u}'>{t}</a> {_long(d)}</li>" for t, u, d in _stories(12, seed=2)) + "</ul></div>",
    "videos": "<h2>Videos</h2>" + "".join(f"<div class='v'><h4><a href='https://v.example.com/{n}'>A video of the institute {n}</a></h4></div>" for n in range(8)),
    "page numbers": "<div>" + "".join(f"<a href='/news/page/{n}/'>{n}</a> " for n in range(2, 40)) + "</div>",
    "share links": "".join(f"<div class='share'><a href='https://x.com/intent/tweet?u={n}'>Share this story on X</a></div>" for n in range(10)),
}  # fmt: skip


@pytest.mark.parametrize("name", TRAPS)
def test_what_is_not_the_news_stays_out(name: str) -> None:
    stories = _stories(5)
    _check(f"<div class='main'><h2>Latest news</h2>{_rows(stories)}</div>{TRAPS[name]}", stories)
    _check(f"{TRAPS[name]}<div class='main'><h2>Latest news</h2>{_rows(stories)}</div>", stories)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_short_lists(count: int) -> None:
    stories = _stories(count)
    body = "".join(
        f"<article class='post'><h2><a href='{u}'>{t}</a></h2><time>{_long(d)}</time><p>{SUMMARY}</p></article>"
        for t, u, d in stories
    )
    _check(f"<main><h1>News</h1>{body}</main>", stories)


def test_an_archive_of_hundreds() -> None:
    stories = _stories(600, step=5)
    items = "".join(f"<li><a href='{u}'>{t}</a> <small>{d.isoformat()}</small></li>" for t, u, d in stories)
    _check(f"<div id='main'><h1>Archive</h1><ul>{items}</ul></div>", stories)


def test_relative_dates_count_from_the_fetch() -> None:
    stories = _stories(4)
    items = "".join(
        f"<article><h2><a href='{u}'>{t}</a></h2><i>{n} days ago</i></article>"
        for n, (t, u, _) in enumerate(stories, 1)
    )
    found = _read(f"<main>{items}</main>")
    assert [item.published for item in found.items] == [
        "2026-02-28",
        "2026-02-27",
        "2026-02-26",
        "2026-02-25",
    ]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (("03/11/2025", "25/10/2025", "02/10/2025"), ("2025-11-03", "2025-10-25", "2025-10-02")),
        (("03/11/2025", "02/25/2025", "02/10/2025"), ("2025-03-11", "2025-02-25", "2025-02-10")),
        (("03.11.2025", "02.11.2025", "01.11.2025"), ("2025-11-03", "2025-11-02", "2025-11-01")),
        (
            ("05/12/2025", "04/12/2025", "12/11/2025", "11/10/2025"),
            ("2025-12-05", "2025-12-04", "2025-11-12", "2025-10-11"),
        ),
    ],
)
def test_the_whole_list_says_what_comes_first(dates: tuple[str, ...], expected: tuple[str, ...]) -> None:
    items = "".join(
        f"<li>{day} <a href='/n/{n}'>An announcement of the institute {n}</a></li>"
        for n, day in enumerate(dates)
    )
    assert tuple(item.published for item in _read(f"<main><ul>{items}</ul></main>").items) == expected


NO_LISTS = {
    "a text": f"<main><h1>About</h1><p>{SUMMARY}</p><p>{SUMMARY} <a href='/x'>A page of ours</a></p></main>",
    "staff": "<div class='staff'><h3>Our team</h3><h4><a href='/t/1'>Director of Technology</a></h4><h4><a href='/t/2'>Director of Workforce</a></h4></div>",
    "only a sidebar": "<main><h1>News</h1><p>Text.</p></main><aside class='sidebar'><h2>Recent Posts</h2>"
    + _rows(_stories(6))
    + "</aside>",
    "only a menu": "<ul class='menu'>"
    + "".join(f"<li><a href='/m/{n}'>A longer entry of the menu {n}</a></li>" for n in range(12))
    + "</ul>",
}


@pytest.mark.parametrize("name", NO_LISTS)
def test_a_page_without_a_list_is_a_failure(name: str) -> None:
    with pytest.raises(ParseError) as caught:
        _read(NO_LISTS[name])
    assert caught.value.code == "no-list"
    assert caught.value.url == URL


@pytest.mark.parametrize(
    "body",
    [
        "<div class='posts'><p>No posts found.</p></div>",
        "<p>There are currently no news items.</p>",
        "<ul class='news-list'></ul>",
    ],
)
def test_an_empty_list_is_no_failure(body: str) -> None:
    found = _read(f"<main><h1>News</h1>{body}</main>")
    assert found.items == ()
    assert found.problems != ()


NEXT = {
    "rel": ("<a rel='next' href='/news/page/2/'>x</a>", "/news/page/2/"),
    "older posts": ("<a href='/news/page/2/'>Older Posts</a>", "/news/page/2/"),
    "number": ("<b>1</b> <a href='?page=2'>2</a> <a href='?page=9'>9</a>", "/news/?page=2"),
    "counted from zero": ("<a href='?page=1' title='Go to next page'>Next ›</a>", "/news/?page=1"),
    "icon": ("<a class='pagination-next' href='page/2/'><svg></svg></a>", "/news/page/2/"),
    "next article of a manual": ("<link rel='next' href='/manual/install/'>", None),
    "previous page": ("<a rel='prev' href='/news/'>1</a>", None),
    "arrow": ("<a href='/index2.html'>\u27e9</a> <a href='/index3.html'>\u27eb</a>", "/index2.html"),
    "another site": ("<a rel='next' href='https://o.example.com/page/2/'>Next</a>", None),
}


@pytest.mark.parametrize("name", NEXT)
def test_the_next_page(name: str) -> None:
    html, expected = NEXT[name]
    found = _read(f"<main>{_rows(_stories(4))}</main><div>{html}</div>")
    assert found.next_url == (f"https://hub.example.org{expected}" if expected else None)


def test_old_pages_may_be_numbered_upward() -> None:
    pager = (
        "<a rel='prev' href='index.html'>Newer posts</a> <a rel='next' href='index-1.html'>Older posts</a>"
    )
    body = f"<main>{_rows(_stories(4))}</main><div>{pager}</div>"
    assert (
        _read(body, url="https://hub.example.org/index-2.html").next_url
        == "https://hub.example.org/index-1.html"
    )


HOSTILE = {
    "deep": "<div>" * 100_000 + "x",
    "deep lists": "<ul><li><a href='/x'>t" * 30_000,
    "many links": "".join(
        f"<p><a href='/n/{n}'>An announcement with the number {n}</a></p>" for n in range(50_000)
    ),
    "long titles": "".join(
        f"<article><h2><a href='/n/{n}'>{'word ' * 200_000}</a></h2></article>" for n in range(3)
    ),
    "numbers": "<p>" + "1/1/1/" * 200_000 + "</p><a href='/x'>" + "12 " * 300_000 + "</a>",
    "months": "<p>" + "may mar jan " * 100_000 + "</p>",
    "white space": "<p>" + " \n" * 500_000 + "</p>",
    "headings": "".join(f"<h3>{2000 + n % 25}</h3>" for n in range(20_000)),
    "links without an end": "<p><a href=k></p>l<p><a href=a></p><p><a href=/>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_end_soon(name: str) -> None:
    started = time.process_time()
    try:
        found = _read(HOSTILE[name])
    except ParseError:
        found = Page()
    assert time.process_time() - started < 10
    assert len(found.items) <= 5000
    assert all(len(item.title) <= 500 for item in found.items)


def test_events_are_for_sources_of_events() -> None:
    events = _stories(6, seed=2, start=date(2026, 9, 1))
    body = f"<main><h2>Upcoming Events</h2>{_rows(events)}</main>"
    assert [item.title for item in _read(body, what="events").items] == [title for title, _, _ in events]
