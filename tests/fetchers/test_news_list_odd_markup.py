"""Lists in markup that is unusual or broken, and pages of links that are no list of news."""

# ruff: noqa: E501 - markup is easier to read in one piece

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hubwatch.errors import ParseError
from hubwatch.fetchers import news_list, outline
from hubwatch.models import Document, Source

URL = "https://hub.example.org/news/"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TITLES = (
    "Institute opens a call for casting projects",
    "Twelve new members join the consortium",
    "Workforce center trains its first welders",
    "New alloy passes the fatigue tests",
    "Board elects a chair for two years",
    "Pilot line for hybrid parts begins work",
)
DAYS = ("2026-02-20", "2026-01-16", "2025-12-04", "2025-11-13", "2025-10-02", "2025-09-18")
PROSE = "The partners have worked on this for several years, and what they found will be of use to smaller suppliers"


def _items(body: str, *, what: str = "news") -> list[tuple[str | None, str | None, str | None]]:
    html = f"<html lang='en'><body><nav><a href='/about/'>About the institute</a></nav>{body}</body></html>"
    document = Document(url=URL, requested_url=URL, status=200, body=html.encode(), fetched_at=NOW)
    page = news_list.parse(document, Source(id="hub", name="Hub", url=URL, what=what))  # type: ignore[arg-type]
    return [
        (item.title, (item.url or "").removeprefix("https://hub.example.org"), item.published)
        for item in page.items
    ]


def _expected(count: int = len(TITLES)) -> list[tuple[str, str, str]]:
    return [(title, f"/n/{at}", day) for at, (title, day) in enumerate(zip(TITLES, DAYS, strict=True))][
        :count
    ]


def _long(day: str) -> str:
    return f"{datetime.fromisoformat(day):%B %d, %Y}"


def _repeat(block: str) -> str:
    """Fill in a block for each story."""
    return "".join(
        block.format(at=at, title=title, day=_long(day), prose=PROSE)
        for at, (title, day) in enumerate(zip(TITLES, DAYS, strict=True))
    )


def test_lists_that_nobody_closed_are_one_list() -> None:
    """Each year's list then lies within the one before, and its items deeper."""
    lines = [
        f"<dl><dt>{_long(day)}</dt><dd><a href='/n/{at}'>{title}</a></dd></dl>"
        for at, (title, day) in enumerate(zip(TITLES, DAYS, strict=True))
    ]
    years = (lines[:1], lines[1:2], lines[2:])
    body = "<h1>News</h1>" + "".join(
        f"<h2>20{26 - at}</h2><div><ul>{''.join(held)}" for at, held in enumerate(years)
    )
    assert _items(f"<main>{body}</main>") == _expected()


def test_reports_that_come_each_quarter_are_no_less_a_list() -> None:
    """They share their titles; the part of the list without them is not the better list."""
    names = ["Reference data", "Reference data", *TITLES]
    years = [
        [
            (f"{name}{'' if name == 'Reference data' else f' in {year}'}", f"20{year}-{12 - at:02}-11")
            for at, name in enumerate(names)
        ]
        for year in (25, 24, 23, 22, 21)
    ]
    lists = "".join(
        f"<h2>20{25 - at}</h2><section><div><ul>{''.join(f'<li><p>{_long(day)}</p><a href=/n/{day}>{title}</a></li>' for title, day in held)}"
        for at, held in enumerate(years)
    )
    assert len(_items(f"<main><h1>News</h1>{lists}</main>")) == 40


@pytest.mark.parametrize("tag", ["header", "footer"])
def test_headers_and_footers_of_cards_are_not_the_pages(tag: str) -> None:
    card = f"<div class='card'><{tag}><div>{{day}}</div><div class='text'>{{title}}</div><a href='/n/{{at}}'>Read more</a></{tag}></div>"
    frame = "<footer><a href='/terms/'>Terms of use of this site</a></footer>"
    assert (
        _items(f"<header><a href='/'>Institute</a></header><div class='cards'>{_repeat(card)}</div>{frame}")
        == _expected()
    )


def test_what_holds_most_of_the_page_is_its_content_whatever_its_name() -> None:
    rows = _repeat(
        "<article><h2><a href='/n/{at}'>{title}</a></h2><p>Date: {day}</p><p>{prose}</p></article>"
    )
    years = "".join(f"<li><a href='?year={year}'>{year}</a></li>" for year in range(1990, 2026))
    assert (
        _items(f"<main><form><ul>{years}</ul></form><div class='related-content-display'>{rows}</div></main>")
        == _expected()
    )


def test_a_box_of_related_stories_beside_an_article_is_no_list() -> None:
    rows = _repeat("<article><h2><a href='/n/{at}'>{title}</a></h2><p>{day}</p></article>")
    with pytest.raises(ParseError, match="no news list"):
        _items(f"<main><h1>A story</h1>{f'<p>{PROSE}.</p>' * 12}</main><div class='related'>{rows}</div>")


def test_links_amid_the_sentences_of_full_posts_are_no_items() -> None:
    links = "".join(
        f" and their joint work with <a href='https://p{number}.example.com/{{at}}'>partner {{at}}{number} of the program</a> goes on"
        for number in range(4)
    )
    post = (
        f"<article><h2><a href='/n/{{at}}'>{{title}}</a></h2><p>{{day}}</p><p>{{prose}}{links}.</p></article>"
    )
    assert _items(f"<main>{_repeat(post)}</main>") == _expected()


@pytest.mark.parametrize(
    "page",
    [
        "<h1>About us</h1>" + _repeat("<p>{prose} with the help of <a href='https://p.example.com/{at}'>the maker of part {at}</a> and others.</p>"),
        "<h1>What we do</h1>" + "".join(f"<div class='card'><h3><a href='/{name}'>{name} Services</a></h3><p>{PROSE}.</p></div>" for name in ("Design", "Testing", "Training", "Casting", "Forging")),
        "<p>Under construction.</p><p>" + " ".join(f"[ <a href='/{name}.htm'>{name}</a> ]" for name in ("Projects", "Competitions", "Programming", "History", "Sponsors", "Archives")) + "</p>",
        "<h1>The consortium</h1>" + "".join(f"<p><a href='https://{name}.example.com/'>{name} Research Group</a></p>" for name in ("Steel", "Alloy", "Music", "Polymer", "Laser", "Robot")),
    ],
    ids=["sentences", "services", "links at the foot", "partners"],
)  # fmt: skip
def test_pages_of_links_are_no_list(page: str) -> None:
    with pytest.raises(ParseError, match="no news list"):
        _items(f"<main>{page}</main>")


def test_links_in_lines_that_begin_with_a_date_are_items() -> None:
    line = "<li>{day}: our director spoke of the work of the institute in <a href='/n/{at}'>{title}</a></li>"
    assert [(url, day) for _, url, day in _items(f"<h1>In the news</h1><ul>{_repeat(line)}</ul>")] == [
        (url, day) for _, url, day in _expected()
    ]


def test_undated_documents_with_numbers_for_titles_stay_a_list() -> None:
    rows = "".join(
        f"<tr><td><a href='/n/{at}.pdf'>RFP-25-0{at}</a></td><td>{title} for {PROSE}.</td></tr>"
        for at, title in enumerate(TITLES)
    )
    assert len(_items(f"<main><h1>Solicitations</h1><table>{rows}</table></main>")) == len(TITLES)


def test_a_page_of_one_endless_sentence_is_read_in_time() -> None:
    line = "".join(
        f"and a word of the sentence that goes on <a href='/n/{at}'>Story number {at}</a> "
        for at in range(3000)
    )
    with pytest.raises(ParseError, match="no news list"):
        _items(f"<p>{line}</p>")


def test_a_list_that_just_counts_enough_is_read_however_many_items_it_has() -> None:
    """The mean of ten weights of 0.4 is a little less than 0.4."""
    rows = _repeat(
        "<tr><td>{day}</td><td><a href='/n/{at}'>{title}</a></td></tr>"
        + "<tr><td>{day}</td><td><a href='/m/{at}'>{title} again</a></td></tr>"
    )
    long = "".join(f"<p>{PROSE}, part {number}.</p>" for number in range(60))
    assert len(_items(f"<h1>Notices</h1>{long}<form><table>{rows}</table></form>")) == 2 * len(TITLES)


def test_a_title_begins_after_the_dash_that_parts_it_from_its_date() -> None:
    assert (
        _items(
            f"<main>{_repeat('<p><a href=/n/{at}><strong>{day}</strong> — {title}</a></p><p>{prose}.</p>')}</main>"
        )
        == _expected()
    )


def test_the_date_in_a_badge_goes_before_one_that_the_summary_tells_of() -> None:
    body = "".join(
        f"<article><div><div>{_long(day)[:3]}</div><div>{day[8:]}</div><div>{day[:4]}</div></div><h2><a href='/n/{at}'>{title}</a></h2>"
        f"<p>{PROSE}{'; the partners meet again on the 24th of May 2026 in Toledo' if at % 2 else ''}.</p></article>"
        for at, (title, day) in enumerate(zip(TITLES, DAYS, strict=True))
    )
    assert _items(f"<main>{body}</main>") == _expected()


def test_events_under_one_day_share_it() -> None:
    days = [
        ("Tue 08 November, 2025", (0,)),
        ("Wed 09 November, 2025", (1, 2)),
        ("Thu 10 November, 2025", (3,)),
        ("Sun 13 November, 2025", (4, 5)),
    ]
    body = "".join(
        f"<div class='day'><a href='/d/{day[4:6]}'>{day}</a></div>"
        + "".join(
            f"<div class='event'><h2><a href='/n/{at}'>{TITLES[at]}</a></h2><p>Venue: main hall</p></div>"
            for at in held
        )
        for day, held in days
    )
    found = _items(f"<main><h1>Events</h1><div>{body}</div></main>", what="events")
    assert [day for _, _, day in found] == [f"2025-11-{day}" for day in ("08", "09", "09", "10", "13", "13")]


def test_an_item_without_a_date_takes_none_from_its_neighbor() -> None:
    body = "".join(
        f"<div class='item'><p>{'' if at == 2 else _long(day)}</p><h2><a href='/n/{at}'>{title}</a></h2><p>{PROSE}.</p></div>"
        for at, (title, day) in enumerate(zip(TITLES, DAYS, strict=True))
    )
    assert _items(f"<main>{body}</main>")[2][2] is None


def test_a_second_link_in_a_table_row_is_no_item_of_its_own() -> None:
    rows = [
        f"<tr><td>{_long(day)}</td><td><a href='/n/{at}'>{title}</a></td></tr>"
        for at, (title, day) in enumerate(zip(TITLES, DAYS, strict=True))
    ]
    rows[2] = rows[2].replace("</a>", "</a> and <a href='/m/2'>its report</a> of 2025")
    assert _items(f"<main><table>{''.join(rows)}</table></main>") == _expected()


def test_the_formats_of_one_document_are_one_item() -> None:
    row = "<tr><td>{day}</td><td>[<a href='/n/{at}'>PDF</a>] [<a href='/w/{at}'>DOCX</a>]</td><td>{title}</td></tr>"
    assert _items(f"<main><table>{_repeat(row)}</table></main>") == _expected()


def test_a_web_address_is_no_title() -> None:
    line = "<li><p>{day}</p><p>{title}</p><p><a href='/n/{at}'>www.partner{at}.example.com</a></p></li>"
    assert _items(f"<h1>In the press</h1><ul>{_repeat(line)}</ul>") == _expected()


def test_links_in_the_bodies_of_posts_are_not_what_their_titles_are_about() -> None:
    posts = _repeat(
        "<article><h2 class='entry-title'><a href='/n/{at}'>{title}</a></h2><p>{day}</p>"
        "<p>So <a href='https://a.example.com/{at}'>argues</a> a writer. {prose}.</p></article>"
    )
    html = f"<html><body><main><h1>News</h1>{posts}</main></body></html>"
    document = Document(url=URL, requested_url=URL, status=200, body=html.encode(), fetched_at=NOW)
    best, *others = news_list.rank(outline.read(document), now=NOW)
    in_bodies = [one for one in others if "a.example.com" in one.entries[0].block.link.url]
    assert in_bodies
    assert all(one.score * 3 < best.score for one in in_bodies)


def test_a_page_that_leads_to_the_news_is_not_the_news() -> None:
    """Its link to the news is followed where the page has no list of its own."""
    links = {
        "/press-releases/": "News releases of the institute",
        "/contacts/": "Contacts for the media and others",
        "/videos/": "Highlights of our last videos",
        "/guide/": "How to write the name of the institute",
        "/leaders/": "Leaders and trustees of the institute",
    }
    cards = "".join(
        f"<div class='unit'><h3><a href='{url}'>{text}</a></h3><p>{PROSE[:60]}.</p></div>"
        for url, text in links.items()
    )
    with pytest.raises(ParseError, match="no news list"):
        _items(f"<main><h1>Newsroom</h1>{f'<p>{PROSE}.</p>' * 6}{cards}</main>")


def test_a_widget_that_holds_most_of_the_page_is_its_content() -> None:
    """HubSpot calls each cell of its grid so, the one with the list of posts too."""
    cards = _repeat(
        "<div class='card'><h2><a href='/n/{at}'>{title}</a></h2><time>{day}</time><p>{prose}.</p></div>"
    )
    links = "".join(f"<li><a href='/page/{at}'>Page {at}</a></li>" for at in range(9))
    body = f"<main><div class='span12 widget-span'>{cards}</div></main><footer><ul>{links}</ul></footer>"
    assert _items(body) == _expected()


def test_dates_right_above_their_titles_stay_with_them() -> None:
    """What ends the list looks like one more item, but its link leads nowhere."""
    lines = _repeat("{day}<br><a href='/n/{at}'>{title}</a> (reported by the local paper)<br><br>")
    body = (
        f"<h1>Press</h1><p>{lines}August 3, 2025<br><a href='#'>Interview with the director</a> (radio)</p>"
    )
    assert _items(body) == _expected()


def test_a_heading_closed_as_another_holds_no_list() -> None:
    """A browser closes it there; the parser takes the whole list for its text."""
    lines = _repeat("<li><span>{day}</span><h3><a href='/n/{at}'>{title}</a></h3><p>{prose}.</p></li>")
    assert _items(f"<main><h2>News</h1><ul>{lines}</ul></main>") == _expected()


def test_widgets_that_hold_an_item_each_are_the_list() -> None:
    cards = _repeat(
        "<div class='widget widget-blog_post'><h2><a href='/n/{at}'>{title}</a></h2>"
        "<p>Posted {day}</p><p>{prose}.</p></div>"
    )
    links = "".join(f"<li><a href='/page/{at}'>Page {at}</a></li>" for at in range(9))
    assert _items(f"<div>{cards}</div><footer><ul>{links}</ul></footer>") == _expected()


def test_widgets_of_several_sorts_are_not_the_list_however_long() -> None:
    """A sidebar's: what the archive and the latest comments say may be longer than the list."""
    cards = _repeat("<article><h3><a href='/n/{at}'>{title}</a></h3><p>{day}</p></article>")
    older = "".join(
        f"<div class='widget widget_{sort}'><ul>"
        + "".join(
            f"<li><a href='/{sort}/{at}'>{PROSE}, {sort} {at}</a> May {at}, 2024</li>" for at in range(1, 9)
        )
        + "</ul></div>"
        for sort in ("archive", "comments", "posts", "events")
    )
    assert _items(f"<div><main>{cards}</main><div>{older}</div></div>") == _expected()


def test_a_category_in_a_heading_is_not_of_its_title() -> None:
    cards = _repeat(
        "<article><h2><span><a href='/category/events/'>Events</a><a href='/n/{at}#comments'>0</a></span>"
        "<span><a href='/n/{at}'>{title}</a></span></h2><p>{day}</p></article>"
    )
    assert _items(f"<main>{cards}</main>") == _expected()


def test_questions_are_no_news() -> None:
    asked = "".join(
        f"<div><h3><a href='/faq/{at}'>How does a small company {word}?</a></h3><p>{PROSE}.</p></div>"
        for at, word in enumerate(("join a project", "pay its dues", "use the labs", "train its staff"))
    )
    with pytest.raises(ParseError, match="no news list"):
        _items(f"<main>{asked}</main>")


@pytest.mark.parametrize("form", ["%d-%m-%Y", "%B %d, %Y"])
def test_a_day_in_a_heading_below_a_title_is_its_own(form: str) -> None:
    """Headings that repeat between links are their titles, unless they are dates."""
    lines = "".join(
        f"<a href='/n/{at}'>{title}</a><h6>{datetime.fromisoformat(day):{form}}</h6>{PROSE}.<br><br>"
        for at, (title, day) in enumerate(zip(TITLES, DAYS, strict=True))
    )
    assert _items(f"<div><h1>News</h1>{lines}</div>") == _expected()


def test_a_day_in_a_heading_may_be_in_another_language() -> None:
    months = ("janvier", "février", "mars", "avril", "mai", "juin")
    lines = "".join(
        f"<a href='/n/{at}'>{TITLES[at]}</a><h6>1{9 - at} {month} 2025</h6>{PROSE}.<br><br>"
        for at, month in enumerate(months)
    )
    assert _items(f"<div><h1>Actualités</h1>{lines}</div>") == [
        (title, f"/n/{at}", f"2025-0{at + 1}-1{9 - at}") for at, title in enumerate(TITLES)
    ]


def test_a_frame_colored_like_a_sidebar_is_none() -> None:
    """The Bridge theme names what holds the list and the sidebar by the color behind the latter."""
    cards = _repeat("<div><h4><a href='/n/{at}'>{title}</a></h4><p>{day}</p></div>")
    links = "".join(f"<li><a href='/page/{at}'>Page {at}</a></li>" for at in range(9))
    frame = f"<div class='two_columns background_color_sidebar'>{cards}</div>"
    assert _items(f"<div>{frame}</div><footer><ul>{links}</ul></footer>") == _expected()


def test_what_a_block_is_called_makes_no_date_of_its_summary() -> None:
    """WordPress calls each article "status-publish"; that names no line of it a date."""
    body = "".join(
        f"<article class='post type-post status-publish hentry category-news'><h2><a href='/n/{at}'>{title}</a></h2>"
        f"<section><p>{PROSE}{', as was shown at the conference in Dayton on 19 March 2024 to all' if at % 2 else ''}.</p></section></article>"
        for at, title in enumerate(TITLES)
    )
    assert _items(f"<main>{body}</main>") == [(title, f"/n/{at}", None) for at, title in enumerate(TITLES)]


def test_the_day_in_the_markup_goes_before_hours_that_have_passed() -> None:
    body = "".join(
        f"<article><h2><a href='/n/{at}'>{title}</a></h2><time datetime='{day}T04:25:00-06:00'>{at + 2} hours ago</time></article>"
        for at, (title, day) in enumerate(zip(TITLES, DAYS, strict=True))
    )
    assert _items(f"<main>{body}</main>") == _expected()


def test_the_year_of_a_heading_goes_before_that_of_an_address_of_another_month() -> None:
    rows = "".join(
        f"<tr><td>Mar {at + 1}</td><td><a href='/n/20130917{at}0/global_20130917_0{at}.html'>{title}</a></td></tr>"
        for at, title in enumerate(TITLES)
    )
    found = _items(f"<main><h2>Press releases</h2><h3>2014</h3><table>{rows}</table></main>")
    assert [day for _, _, day in found] == [f"2014-03-0{at + 1}" for at in range(len(TITLES))]


@pytest.mark.parametrize(
    "address",
    [
        "https://supplier-{at}.example.com/",
        "/our-services/service-{at}/",
        "/product-category/parts-{at}/index.html",
        "/team/person-{at}",
    ],
)
def test_undated_links_to_what_stands_for_good_are_no_news(address: str) -> None:
    cards = "".join(
        f"<div class='card'><h3><a href='{address.format(at=at)}'>{title}</a></h3><p>{PROSE}.</p></div>"
        for at, title in enumerate(TITLES)
    )
    with pytest.raises(ParseError):
        _items(f"<main><h2>What we offer</h2>{cards}</main>")


def test_dated_news_may_lead_to_the_first_page_of_a_site() -> None:
    cards = "".join(
        f"<div class='card'><h3><a href='https://supplier-{at}.example.com/'>{title}</a></h3><p>{_long(day)}</p></div>"
        for at, (title, day) in enumerate(zip(TITLES, DAYS, strict=True))
    )
    assert [day for _, _, day in _items(f"<main>{cards}</main>")] == list(DAYS)


@pytest.mark.parametrize(("classes", "is_list"), [("post type-post hentry", True), ("card", False)])
def test_what_wordpress_calls_a_post_is_one_however_short_its_title(classes: str, is_list: bool) -> None:
    body = "".join(
        f"<article class='{classes}'><h2><a href='/{name}/'>{name}</a></h2><p>{PROSE}.</p></article>"
        for name in ("Welding", "Robotics", "Forging", "Open Day")
    )
    page = f"<main><h1>Archive</h1>{body}</main>"
    if is_list:
        assert len(_items(page)) == 4
    else:
        with pytest.raises(ParseError):
            _items(page)
