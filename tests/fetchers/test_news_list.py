"""Small pages of many makes: the same five items must come out of each, whatever stands around them."""

# ruff: noqa: E501 - markup is easier to read in one piece
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pytest

from hubwatch.fetchers import news_list
from hubwatch.models import Document, Page, Source

BASE = "https://hub.example.org/news/"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAYS = (date(2025, 12, 17), date(2025, 11, 3), date(2025, 9, 9), date(2025, 2, 28), date(2024, 6, 1))
TITLES = (
    "Institute opens project call on lightweight casting",
    "Twelve new members join the consortium",
    "Additive workforce program reaches 1,000 students",
    "Nanomaterials roadmap published",
    "Welcome",
)
SLUGS = ("project-call-casting", "twelve-new-members", "workforce-1000", "roadmap", "welcome")
SUMMARY = (
    "The institute today announced something that takes a longer sentence to tell, with all its details."
)
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]

NAV = """<header class="site-header"><a class="logo" href="/">Hub</a><nav class="main-navigation"><ul>
<li><a href="/about/">About the institute</a></li><li><a href="/technology/">Technology focus areas</a></li>
<li><a href="/members/">Become a member today</a></li><li><a href="/workforce/">Education and workforce</a></li>
<li><a href="/news/">News</a></li><li><a href="/contact/">Contact our team</a></li></ul></nav></header>"""
SIDEBAR = """<aside class="sidebar"><section class="widget widget_recent_entries"><h2>Recent Posts</h2><ul>
<li><a href="/old-1/">Something older from the recent posts box</a> <span class="post-date">May 1, 2023</span></li>
<li><a href="/old-2/">Another older thing in the recent posts box</a> <span class="post-date">May 2, 2023</span></li>
<li><a href="/old-3/">Third older thing in the recent posts box</a> <span class="post-date">May 3, 2023</span></li>
<li><a href="/old-4/">Fourth older thing in the recent posts box</a> <span class="post-date">May 4, 2023</span></li>
<li><a href="/old-5/">Fifth older thing in the recent posts box</a> <span class="post-date">May 5, 2023</span></li>
<li><a href="/old-6/">Sixth older thing in the recent posts box</a> <span class="post-date">May 6, 2023</span></li>
</ul></section><section class="widget"><h2>Archives</h2><ul><li><a href="/2025/12/">December 2025</a></li>
<li><a href="/2025/11/">November 2025</a></li><li><a href="/2025/09/">September 2025</a></li></ul></section>
<section class="widget widget_tag_cloud"><div class="tagcloud"><a href="/tag/casting/">casting</a>
<a href="/tag/additive/">additive</a><a href="/tag/welding/">friction stir welding</a></div></section></aside>"""
EVENTS = """<section class="upcoming"><h3>Upcoming Events</h3><ul class="event-calendar">
<li><a href="/events/spring-meeting/">Spring members meeting in Detroit</a> <span>April 14, 2026</span></li>
<li><a href="/events/webinar-alloys/">Webinar on aluminum alloys for castings</a> <span>April 21, 2026</span></li>
<li><a href="/events/open-house/">Open house at the learning lab</a> <span>May 5, 2026</span></li></ul></section>"""
RELATED = """<section class="related-posts"><h3>Related stories</h3><div class="card"><h4><a href="/r/1/">A related
story about members</a></h4></div><div class="card"><h4><a href="/r/2/">A related story about alloys</a></h4></div>
<div class="card"><h4><a href="/r/3/">A related story about training</a></h4></div></section>"""
STAFF = """<div class="staff"><h3>Our team</h3><div class="person"><h4><a href="/team/1/">Director of Technology</a></h4>
<p>Leads the technology program</p></div><div class="person"><h4><a href="/team/2/">Director of Workforce</a></h4>
<p>Leads the workforce program</p></div></div>"""
PAGER = """<nav class="pagination"><span class="current">1</span> <a href="/news/page/2/">2</a>
<a href="/news/page/3/">3</a> <a class="next" href="/news/page/2/">Next</a></nav>"""
FOOTER = """<footer class="site-footer"><div class="share"><a href="https://x.com/hub">Follow on X</a>
<a href="https://www.linkedin.com/company/hub">Follow on LinkedIn</a></div><ul><li><a href="/privacy/">Privacy policy of
the institute</a></li><li><a href="/terms/">Terms and conditions of use</a></li><li><a href="/sitemap/">Site map and
accessibility</a></li></ul><p>© 2026 Hub</p></footer>"""


def _form(day: date, number: int) -> dict[str, object]:
    month = MONTHS[day.month - 1]
    return {
        "iso": day.isoformat(),
        "long": f"{month} {day.day}, {day.year}",
        "short": f"{month[:3]}. {day.day}, {day.year}",
        "british": f"{day.day} {month} {day.year}",
        "nth": f"{day.day}{'st' if day.day == 1 else 'nd' if day.day == 2 else 'rd' if day.day == 3 else 'th'} {month}, {day.year}",
        "us": f"{day.month:02}/{day.day:02}/{day.year}",
        "us2": f"{day.month}/{day.day}/{day.year % 100:02}",
        "dots": f"{day.day:02}.{day.month:02}.{day.year}",
        "dots2": f"{day.day:02}.{day.month:02}.{day.year % 100:02}",
        "eu": f"{day.day:02}/{day.month:02}/{day.year}",
        "path": f"{day.year}/{day.month:02}/{day.day:02}",
        "compact": f"{day.year}{day.month:02}{day.day:02}",
        "d": f"{day.day:02}",
        "mon": month[:3],
        "MON": month[:3].upper(),
        "month": month,
        "y": day.year,
        "yy": f"{day.year % 100:02}",
        "d2": f"{day.month:02}.{day.day:02}",
        "n": number,
        "odd": "odd" if number % 2 else "even",
    }


@dataclass(frozen=True)
class Shape:
    """How one make of page writes its list: what stands around the items, and each item."""

    item: str
    start: str = "<main><h1>News</h1>"
    end: str = "</main>"
    dated: bool = True
    url: str = "/news/{slug}/"
    title: str = "{title}"
    traps: tuple[str, ...] = field(default=(SIDEBAR, PAGER))
    head: str = ""

    def fields(self, number: int) -> dict[str, object]:
        """Return what the templates may name of one item."""
        values = _form(DAYS[number], number + 1) | {
            "title": TITLES[number],
            "slug": SLUGS[number],
            "summary": SUMMARY,
        }
        return values | {"url": self.url.format(**values)}

    def html(self) -> str:
        """Write the page."""
        items = "".join(self.item.format(**self.fields(number)) for number in range(5))
        return (
            f"<!DOCTYPE html><html lang='en'><head><title>News</title>{self.head}</head><body class='blog has-sidebar'>"
            f"{NAV}{self.start}{items}{self.end}{''.join(self.traps)}{FOOTER}</body></html>"
        )

    def expected(self) -> list[tuple[str, str, str | None]]:
        """Return title, address and day of each item."""
        found = []
        for number in range(5):
            values = self.fields(number)
            url = str(values["url"])
            found.append(
                (
                    self.title.format(**values),
                    url if url.startswith("http") else f"https://hub.example.org{url}",
                    DAYS[number].isoformat() if self.dated else None,
                )
            )
        return found


ALL = (SIDEBAR, EVENTS, RELATED, STAFF, PAGER)
SHAPES = {
    "wordpress default theme": Shape(
        "<article id='post-{n}' class='post-{n} post type-post category-news tag-social tag-nav hentry'><header "
        "class='entry-header'><h2 class='entry-title'><a href='{url}' rel='bookmark'>{title}</a></h2><div class="
        "'entry-meta'><span class='posted-on'><a href='{url}'><time class='entry-date published' datetime='{iso}T10:00'>"
        "{long}</time><time class='updated' datetime='2026-01-05T09:00'>January 5, 2026</time></a></span> by <a href="
        "'/author/admin/'>admin</a></div></header><div class='entry-content'><p>{summary} <a href='{url}' class='more-link'>"
        "Continue reading {title}</a></p></div><footer><a href='/category/news/'>News</a></footer></article>",
        traps=ALL,
    ),
    "wordpress block query loop": Shape(
        "<li class='wp-block-post post-{n} post type-post'><figure class='wp-block-post-featured-image'><a href='{url}'>"
        "<img alt='' src='/i/{n}.jpg'></a></figure><h3 class='wp-block-post-title'><a href='{url}' target='_self'>{title}"
        "</a></h3><div class='wp-block-post-date'><time datetime='{iso}T08:00:00-05:00'>{long}</time></div></li>",
        start="<main class='wp-block-group'><h1>News</h1><div class='wp-block-query'><ul class='wp-block-post-template'>",
        end="</ul></div></main>",
    ),
    "full posts with many links in the body": Shape(
        "<article class='post'><h2><a href='{url}'>{title}</a></h2><p class='date'>{long}</p><div class='body'><p>{summary}"
        " See <a href='https://a.example.com/{n}'>the first partner's own announcement</a> and <a href='https://b.example"
        ".com/{n}'>the second partner's announcement</a>.</p><p>More on <a href='https://c.example.com/{n}'>the technical "
        "report of the project</a> and <a href='https://d.example.com/{n}'>the other technical report</a>.</p><h3>Details"
        "</h3><ul><li><a href='https://e.example.com/{n}'>Download the complete data set here</a></li><li><a href='https:"
        "//f.example.com/{n}'>Download the presentation slides</a></li></ul></div></article>",
    ),
    "full posts, heading not in an article": Shape(
        "<h2 class='title'><a href='{url}'>{title}</a></h2><div class='meta'>Posted {short} by staff</div><p>{summary}</p>"
        "<p>Also see <a href='https://a.example.com/{n}'>what the partner says about all this</a>.</p><p>And in <a href="
        "'https://b.example.com/{n}'>the newspaper of the region</a> as of May 4, 2021.</p>",
        start="<div id='content'><h1>News</h1>",
        end="</div>",
    ),
    "heading without link beside read more": Shape(
        "<div class='card'><img src='/i/{n}.png' alt=''><div class='card-body'><h5 class='card-title'>{title}</h5><p class="
        "'card-text'>{summary}</p><p><small class='text-muted'>{long}</small></p><a href='{url}' class='btn btn-primary'>"
        "Read More</a></div></div>",
        start="<main><h1>News</h1><div class='row'>",
        end="</div></main>",
    ),
    "elementor posts widget": Shape(
        "<article class='elementor-post elementor-grid-item post-{n} post'><a class='elementor-post__thumbnail__link' href="
        "'{url}'><div class='elementor-post__thumbnail'><img src='/i/{n}.jpg'></div></a><div class='elementor-post__text'>"
        "<h3 class='elementor-post__title'><a href='{url}'> {title} </a></h3><div class='elementor-post__meta-data'><span "
        "class='elementor-post-date'> {long} </span><span class='elementor-post-avatar'>No Comments</span></div><div class="
        "'elementor-post__excerpt'><p>{summary}</p></div><a class='elementor-post__read-more' href='{url}'>Read More »</a>"
        "</div></article>",
        start="<div class='elementor-widget elementor-widget-posts'><div class='elementor-widget-container'><div class="
        "'elementor-posts-container elementor-posts elementor-grid'>",
        end="</div></div></div>",
        traps=(RELATED, PAGER),
    ),
    "divi blog module": Shape(
        "<article id='post-{n}' class='et_pb_post clearfix et_pb_blog_item_0_{n} post-{n} category-social-media'><div class="
        "'et_pb_image_container'><a href='{url}' class='entry-featured-image-url'><img src='/{n}.jpg' alt='{title}'></a>"
        "</div><h2 class='entry-title'><a href='{url}'>{title}</a></h2><p class='post-meta'>by <a href='/author/x/'>x</a> |"
        " <span class='published'>{short}</span> | <a href='/category/news/'>News</a></p><div class='post-content'><p>"
        "{summary}</p></div></article>",
        start="<div id='main-content'><div class='et_pb_module et_pb_blog_0'><div class='et_pb_ajax_pagination_container'>",
        end="</div></div></div>",
    ),
    "beaver builder grid": Shape(
        "<div class='fl-post-column'><div class='fl-post-grid-post post-{n}' itemscope><meta itemprop='mainEntityOfPage' "
        "content='x'><div class='fl-post-grid-image'><a href='{url}'><img src='{n}.jpg'></a></div><div class='fl-post-grid-"
        "text'><h2 class='fl-post-grid-title'><a href='{url}' title='{title}'>{title}</a></h2><div class='fl-post-grid-meta'"
        "><span class='fl-post-grid-date'>{long}</span></div><div class='fl-post-grid-content'><p>{summary}</p></div></div>"
        "</div></div>",
        start="<div class='fl-module fl-module-post-grid'><div class='fl-post-grid'>",
        end="</div></div>",
    ),
    "avada portfolio with date badge": Shape(
        "<article class='fusion-post-medium post fusion-clearfix'><div class='fusion-date-and-formats'><div class='fusion-"
        "date-box'><span class='fusion-date'>{d}</span><span class='fusion-month-year'>{mon}, {y}</span></div></div><div "
        "class='fusion-post-content'><h2 class='entry-title fusion-post-title'><a href='{url}'>{title}</a></h2><p>{summary}"
        "</p></div><div class='fusion-meta-info'><a href='{url}' class='fusion-read-more'>Read More</a></div></article>",
    ),
    "drupal view": Shape(
        "<div class='views-row views-row-{n} views-row-{odd}'><div class='views-field views-field-created'><span class="
        "'field-content'>{us}</span></div><div class='views-field views-field-title'><span class='field-content'><a href="
        "'{url}' hreflang='en'>{title}</a></span></div><div class='views-field views-field-body'><div class='field-content'>"
        "{summary}</div></div></div>",
        start="<main><div class='view view-news'><div class='view-content'>",
        end="</div></div></main>",
        url="/node/{n}",
    ),
    "drupal table view": Shape(
        "<tr class='{odd}'><td class='views-field-title'><a href='{url}'>{title}</a></td><td class='views-field-created'>"
        "{long} - 10:24am</td></tr>",
        start="<main><table class='views-table'><thead><tr><th><a href='?order=title'>Title</a></th><th>Date</th></tr>"
        "</thead><tbody>",
        end="</tbody></table></main>",
    ),
    "webflow collection": Shape(
        "<div role='listitem' class='w-dyn-item'><a href='{url}' class='blog-card w-inline-block'><div class='text-block-7'>"
        "{title}</div><div class='text-block-9'>{short}</div><div class='paragraph-2'>{summary}</div></a></div>",
        start="<div class='section'><div class='w-dyn-list'><div role='list' class='w-dyn-items'>",
        end="</div></div></div>",
    ),
    "squarespace blog": Shape(
        "<article class='blog-basic-grid--container entry blog-item'><div class='blog-image-wrapper'><a href='{url}'><img "
        "alt=''></a></div><div class='blog-basic-grid--text'><div class='blog-meta-section'><span class='blog-meta-primary'>"
        "<span class='blog-categories'><a href='/news?category=x'>News</a></span></span><span class='blog-meta-secondary'>"
        "<time class='blog-date' pubdate data-animation-role='date'>{us2}</time></span></div><h1 class='blog-title'><a href="
        "'{url}'>{title}</a></h1><div class='blog-excerpt'><p>{summary}</p></div><a class='blog-more-link' href='{url}'>Read"
        " More</a></div></article>",
        start="<main><section><div class='blog-basic-grid'>",
        end="</div></section></main>",
    ),
    "wix cards": Shape(
        "<div class='gallery-item-container'><div><article><a href='{url}'><img alt=''></a><div><span title='{short}'>{short}"
        "</span><span>2 min read</span></div><a href='{url}'><div><h2><p>{title}</p></h2></div></a><div>{summary}</div>"
        "<button>0 comments</button></article></div></div>",
        start="<div id='SITE_PAGES'><section><div class='pro-gallery'>",
        end="</div></section></div>",
        url="https://hub.example.org/post/{slug}",
    ),
    "university news list": Shape(
        "<li class='news-item'><div class='news-item__date'>{month} {d}, {y}</div><a class='news-item__link' href='{url}'>"
        "{title}</a><p class='news-item__dek'>{summary}</p></li>",
        start="<main id='main-content'><h1>News &amp; Media</h1><ul class='news-list'>",
        end="</ul></main>",
        url="https://engineering.university.example.edu/stories/{slug}",
        traps=ALL,
    ),
    "jekyll minima": Shape(
        "<li><span class='post-meta'>{short}</span><h3><a class='post-link' href='{url}'> {title} </a></h3></li>",
        start="<main class='page-content'><div class='home'><h2 class='post-list-heading'>Posts</h2><ul class='post-list'>",
        end="</ul></div></main>",
    ),
    "hugo list with span": Shape(
        "<li><span><i><time datetime='{iso}'>{british}</time></i></span> <a href='{url}'>{title}</a></li>",
        start="<content><ul class='blog-posts'>",
        end="</ul></content>",
    ),
    "docusaurus blog": Shape(
        "<article class='margin-bottom--xl' itemprop='blogPost' itemscope><meta itemprop='description' content='x'><header>"
        "<h2 class='title_f1Hy' itemprop='headline'><a itemprop='url' href='{url}'>{title}</a></h2><div class='container_"
        "mt6G'><time datetime='{iso}T00:00:00.000Z' itemprop='datePublished'>{long}</time> · 3 min read</div></header><div>"
        "<p>{summary}</p></div><footer><a href='/news/tags/x'>x</a><a href='{url}'><b>Read More</b></a></footer></article>",
        start="<main class='col col--7' itemscope itemtype='https://schema.org/Blog'>",
    ),
    "hexo archive": Shape(
        "<article class='archive-article'><header><a href='{url}' class='archive-article-date'><time datetime='{iso}'>"
        "{mon} {d}</time></a><h1><a class='archive-article-title' href='{url}'>{title}</a></h1></header></article>",
    ),
    "pelican articles": Shape(
        "<li><article class='hentry'><header><h1><a href='{url}' rel='bookmark' title='Permalink to {title}'>{title}</a></h1>"
        "</header><div class='entry-content'><footer class='post-info'><abbr class='published' title='{iso}T00:00:00'>"
        "Published: {british}</abbr><p>In <a href='/category/misc.html'>misc</a>.</p></footer><p>{summary}</p><a class="
        "'readmore' href='{url}'>read more</a></div></article></li>",
        start="<section id='content'><h2>Other articles</h2><ol id='posts-list'>",
        end="</ol></section>",
    ),
    "definition list": Shape(
        "<dt>{long}</dt><dd><a href='{url}'>{title}</a></dd>",
        start="<div id='main'><h2>News</h2><dl>",
        end="</dl></div>",
    ),
    "paragraphs with the date at the end": Shape(
        "<p><a href='{url}'>{title}</a> ({long})</p>", start="<div id='content'><h1>News</h1>", end="</div>"
    ),
    "paragraphs with the date before": Shape(
        "<p>{us} - <a href='{url}'>{title}</a></p>", start="<td><h2>Press releases</h2>", end="</td>"
    ),
    "paragraphs, date at the end of a summary": Shape(
        "<p><strong><a href='{url}'>{title}</a></strong><br>{summary} {british}</p>",
        start="<div id='content'><h1>News</h1>",
        end="</div>",
    ),
    "line breaks in one paragraph": Shape(
        "<b>{long}:</b> <a href='{url}'>{title}</a><br><br>", start="<div><h2>News</h2><p>", end="</p></div>"
    ),
    "old table layout": Shape(
        "<tr><td valign='top' width='100'><font size='2'>{us2}</font></td><td><font size='2'><a href='{url}'>{title}</a>"
        "</font></td></tr>",
        start="<table width='700'><tr><td><h2>News</h2><table>",
        end="</table></td></tr></table>",
    ),
    "table with a file link": Shape(
        "<tr><td>{long}</td><td>{title}</td><td><a href='{url}'><i class='fa fa-file-pdf'></i></a></td></tr>",
        start="<main><table class='table'><tr><th>Date</th><th>Release</th><th>File</th></tr>",
        end="</table></main>",
        url="/files/{slug}.pdf",
    ),
    "items that all lead to other sites": Shape(
        "<div class='mention'><p class='source'>The Daily Paper</p><h3><a href='{url}' target='_blank' rel='noopener'>{title}"
        "</a></h3><p>{dots}</p></div>",
        url="https://paper{n}.example.com/business/{slug}.html",
        start="<main><h1>In the news</h1>",
    ),
    "badge of three elements": Shape(
        "<div class='news-block'><div class='date-badge'><span class='day'>{d}</span><span class='month'>{MON}</span><span "
        "class='year'>{y}</span></div><div class='text'><h4><a href='{url}'>{title}</a></h4><p>{summary}</p></div></div>",
    ),
    "badge with the month first": Shape(
        "<div class='entry'><div class='cal'><em>{mon}</em><strong>{d}</strong><b>{y}</b></div><a href='{url}'>{title}</a>"
        "</div>",
    ),
    "badge without a year, year in the address": Shape(
        "<div class='entry'><div class='cal'><span>{MON}</span><span>{d}</span></div><h3><a href='{url}'>{title}</a></h3>"
        "</div>",
        url="/{path}/{slug}/",
    ),
    "date only in the address": Shape(
        "<li><a href='{url}'>{title}</a></li>",
        url="/news/{path}/{slug}.html",
        start="<main><h1>News</h1><ul>",
        end="</ul></main>",
    ),
    "date in the name of a file": Shape(
        "<li><a href='{url}'>{title}</a></li>",
        url="/pdf/{compact}-{slug}.pdf",
        start="<main><h1>Press releases</h1><ul>",
        end="</ul></main>",
    ),
    "day first with dots, two-digit year": Shape(
        "<div class='teaser'><span class='teaser__date'>{dots2}</span><h3 class='teaser__title'><a href='{url}'>{title}</a>"
        "</h3></div>",
    ),
    "day first with slashes": Shape(
        "<div class='item'><a href='{url}'><div class='left'><p>{title}</p></div><div class='right'><p>{eu}</p></div></a>"
        "</div>",
    ),
    "ordinal day": Shape("<div class='n'><h3><a href='{url}'>{title}</a></h3><i>Posted on {nth}</i></div>"),
    "whole card is one link": Shape(
        "<a class='row-link' href='{url}'><div class='row'><div class='col-9'><h2>{title}</h2><p><i class='fa'></i>{iso}"
        "<i class='fa'></i> The Team</p><p>{summary}</p><span class='btn'>READ MORE</span></div></div></a>",
    ),
    "tailwind cards without headings": Shape(
        "<li class='flex flex-col rounded-lg shadow-md hover:shadow-xl'><a href='{url}' class='block p-4'><img src='{n}.jpg' "
        "class='w-full'><span class='text-xs uppercase text-gray-500'>Press release</span><p class='text-lg font-semibold'>"
        "{title}</p><p class='text-sm text-gray-600'>{short}</p></a></li>",
        start="<main class='max-w-7xl mx-auto'><ul class='grid grid-cols-3 gap-4'>",
        end="</ul></main>",
    ),
    "title twice, as picture and as text": Shape(
        "<div class='post-item'><a href='{url}' class='img'><img alt='{title}' src='{n}.jpg'></a><div class='t'><a href="
        "'{url}'>{title}</a></div><div class='info'><span class='cat'>Announcements and more</span> <span>{long}</span></div>"
        "</div>",
    ),
    "category label before the title": Shape(
        "<div class='story'><a class='category' href='/category/members/'>Member announcements</a><h3 class='headline'><a "
        "href='{url}'>{title}</a></h3><time>{long}</time></div>",
    ),
    "date in the link's text line": Shape(
        "<li>{long} – <a href='{url}'>{title}</a></li>", start="<div class='page'><ul>", end="</ul></div>"
    ),
    "rows of two cards": Shape(
        "<div class='col-md-6'><div class='newsbox'><h4><a href='{url}'>{title}</a></h4><span class='newsdate'>{long}</span>"
        "</div></div>",
        start="<main><div class='row'>",
        end="</div></main>",
    ),
    "no dates at all": Shape(
        "<article><h2><a href='{url}'>{title}</a></h2><p>{summary}</p></article>", dated=False
    ),
    "month and year only": Shape(
        "<article><h2><a href='{url}'>{title}</a></h2><p>{month} {y}</p><p>{summary}</p></article>", dated=False
    ),
    "updated date is not the published one": Shape(
        "<div class='post'><h3><a href='{url}'>{title}</a></h3><span class='updated'>Updated January 9, 2026</span> <span "
        "class='published'>Published {long}</span></div>",
    ),
    "dates in the summaries are not the items'": Shape(
        "<div class='post'><h3><a href='{url}'>{title}</a></h3><div class='date'>{short}</div><p>On March 3, 2019 the board "
        "met; on April 4, 2019 it met again. {summary}</p></div>",
    ),
    "hashed classes": Shape(
        "<div class='css-{n}ab{n}'><a class='css-9{n}' href='{url}'><div class='_title_x{n}y_1'>{title}</div><div class='_d_{n}'>"
        "{long}</div></a></div>",
        start="<div id='__next'><div class='css-1x2y3z'>",
        end="</div></div>",
    ),
    "heading without link, the date is the permalink": Shape(
        "<div class='post'><h2>{title}</h2><p class='date'><a href='{url}'>{long}</a></p><div><p>{summary} <a href="
        "'https://q.example.com/{n}'>partner site with news</a></p><p><a href='https://q.example.com/b{n}'>another partner's "
        "long page</a></p></div></div>",
    ),
    "date header above each post": Shape(
        "<div class='date-outer'><h2 class='date-header'><span>{long}</span></h2><div class='post'><h3 class='post-title'><a "
        "href='{url}'>{title}</a></h3><div class='post-body'>{summary}</div><div class='post-footer'>Posted by <a href="
        "'/p/x'>Someone of the staff</a></div></div></div>",
        start="<div class='blog-posts hfeed'>",
        end="</div>",
    ),
    "definition list, link first": Shape(
        "<dt><a href='{url}'>{title}</a></dt><dd>{long}</dd><dd>{summary}</dd>", start="<dl>", end="</dl>"
    ),
    "table with two rows an item": Shape(
        "<tr><td colspan='2'><a href='{url}'>{title}</a></td></tr><tr><td>{long}</td><td>{summary}</td></tr>",
        start="<main><table>",
        end="</table></main>",
    ),
    "flat paragraphs: date, link, summary": Shape(
        "<p><b>{long}</b></p><p><a href='{url}'>{title}</a></p><p>{summary}</p>",
        start="<div id='c'><h1>News</h1>",
        end="</div>",
    ),
    "flat: heading without link, date, summary with read more": Shape(
        "<h3>{title}</h3><p class='d'>{long}</p><p>{summary} <a href='{url}'>Read more</a></p>",
        start="<div class='c'><h1>News</h1>",
        end="</div>",
    ),
    "flat: date, heading without link, summary, read more": Shape(
        "<p>{long}</p><h3>{title}</h3><p>{summary}</p><p><a href='{url}'>Learn More</a></p>",
        start="<div class='c'><h1>News</h1>",
        end="</div>",
    ),
    "bold title, link named here": Shape(
        "<p><strong>{title}</strong><br>{summary} Click <a href='{url}'>here</a> for the full release. ({long})</p>",
    ),
    "date inside the heading": Shape(
        "<div class='row'><a href='{url}'><h3><small>{long}, 10:00 ET</small>{title}</h3><p>{summary}</p></a></div>",
    ),
    "date inside the link": Shape(
        "<li><a href='{url}'>{title} <span class='date'>({long})</span></a></li>",
        start="<main><ul>",
        end="</ul></main>",
    ),
    "table with two links a row": Shape(
        "<tr><td>{us2}</td><td><a href='{url}'>{title}</a></td><td><a href='{url}kit.pdf'>Download the press kit as PDF</a>"
        "</td></tr>",
        start="<table>",
        end="</table>",
    ),
    "link laid over the card": Shape(
        "<article class='card'><a class='overlay' href='{url}' aria-label='x'></a><div><span>{long}</span><h3>{title}</h3>"
        "</div></article>",
    ),
    "drupal teaser with read more about": Shape(
        "<div class='node node--teaser'><h2><a href='{url}'><span>{title}</span></a></h2><div class='submitted'>Submitted by "
        "<span>admin</span> on Mon, {us} - 10:24</div><p>{summary}</p><ul class='links inline'><li><a href='{url}'>Read more"
        "<span class='visually-hidden'> about {title}</span></a></li></ul></div>",
    ),
    "joomla blog": Shape(
        "<div class='items-row'><h2 itemprop='name'><a href='{url}' itemprop='url'> {title} </a></h2><dl class='article-info'>"
        "<dt>Details</dt><dd class='category-name'>Category: <a href='/news'>News items from the office</a></dd><dd class="
        "'published'><time datetime='{iso}T10:00:00+00:00'>Published: {british}</time></dd><dd class='hits'>Hits: 12</dd>"
        "</dl><p>{summary}</p><p class='readmore'><a href='{url}'>Read more: {title}</a></p></div>",
    ),
    "ghost cards": Shape(
        "<article class='post-card post tag-news featured'><a class='post-card-image-link' href='{url}'><img></a><div class="
        "'post-card-content'><a href='{url}'><header><span class='post-card-primary-tag'>Announcements of ours</span><h2 "
        "class='post-card-title'>{title}</h2></header><p>{summary}</p></a><footer><span><a href='/author/x/'>Somebody of the "
        "team</a></span><time datetime='{iso}'>{british}</time><span>• 4 min read</span></footer></div></article>",
    ),
    "timeline with buttons": Shape(
        "<div class='tl {odd}'><div class='when'><span>{mon}</span> <span>{d}</span> <span>{y}</span></div><div class='what'>"
        "<p class='ttl'>{title}</p><p>{summary}</p><a class='btn' href='{url}'>View Article</a></div></div>",
        start="<div class='timeline'><h1>News</h1>",
        end="</div>",
    ),
    "author, category and comments beside the date": Shape(
        "<article><h3><a href='{url}'>{title}</a></h3><ul class='meta'><li><a href='/author/{n}'>A person of the staff</a></li>"
        "<li>{long}</li><li><a href='/category/long-name'>Announcements from members and partners</a></li><li><a href="
        "'{url}#comments'>No comments</a></li></ul><p>{summary}</p></article>",
    ),
    "date in an attribute": Shape(
        "<div class='n'><meta itemprop='datePublished' content='{iso}'><h4><a href='{url}'>{title}</a></h4></div>"
    ),
    "date in a data attribute": Shape("<div class='n' data-date='{iso}'><a href='{url}'>{title}</a></div>"),
    "day, short month, two-digit year": Shape(
        "<tr><td>{d}-{mon}-{yy}</td><td><a href='{url}'>{title}</a></td></tr>", start="<table>", end="</table>"
    ),
    "year with an apostrophe": Shape(
        "<li><a href='{url}'>{title}</a>, {mon} {d} '{yy}</li>", start="<main><ul>", end="</ul></main>"
    ),
    "year first with dots": Shape(
        "<li><a href='{url}'><span>{y}.{d2}</span><p>{title}</p></a></li>", start="<main><ul>", end="</ul></main>"
    ),
    "single items in rows of a grid": Shape(
        "<div class='row'><div class='col'><div class='card'><a href='{url}'><img src='x'></a><p class='small'>{long}</p><a "
        "href='{url}'><h5>{title}</h5></a></div></div></div>",
    ),
    "posts with linked headings in their bodies": Shape(
        "<article><h2 class='entry-title'><a href='{url}'>{title}</a></h2><p class='byline'>{long}</p><div><h2><a href="
        "'https://e.example.com/{n}/1'>What the first partner has to say</a></h2><p>{summary}</p><h2><a href='https://e."
        "example.com/{n}/2'>What the second partner has to say</a></h2><p>{summary}</p></div></article>",
    ),
}  # fmt: skip


def _parse(html: str, url: str = BASE, what: str = "news") -> Page:
    document = Document(
        url=url,
        requested_url=url,
        status=200,
        body=html.encode(),
        content_type="text/html; charset=utf-8",
        fetched_at=NOW,
    )
    return news_list.parse(document, Source(id="hub", name="Hub", url=url, what=what))  # type: ignore[arg-type]


def _found(page: Page) -> list[tuple[str, str | None, str | None]]:
    return [(item.title, item.url, item.published) for item in page.items]


@pytest.mark.parametrize("name", SHAPES)
def test_the_list_is_found_among_the_traps(name: str) -> None:
    assert _found(_parse(SHAPES[name].html())) == SHAPES[name].expected()


SOME_DAYS = ("October 30, 2025", "November 15, 2025", "December 1, 2025", "December 5, 2025")


def _calls(*lines: str) -> str:
    blocks = "".join(
        f"<div class='opp'><h3><a href='/opp/{n}'>Project call number {n} on casting of light metals</a></h3>{line}</div>"
        for n, line in enumerate(lines, 1)
    )
    return f"<html><body><main><h1>Funding</h1>{blocks}</main></body></html>"


@pytest.mark.parametrize(
    "line",
    [
        "<p>Proposals due {0}. Up to $1 million for each team.</p>",
        "<p>Letters of intent due by 5 p.m. ET on {0}; full proposals due later.</p>",
        "<p>Submissions close on {0} at noon, and winners hear in spring.</p>",
        "<p>Deadline: {0}</p>",
        "<p>Apply online by {0}</p>",
        "<p>Open until {0}</p>",
        "<p>No later than {0}</p>",
        "<dl><dt>Due date</dt><dd>{0}</dd></dl>",
        "<p><span>Closes</span></p><p><span>{0}</span></p>",
    ],
)
def test_the_day_by_which_something_is_due_is_no_day_of_publication(line: str) -> None:
    page = _parse(_calls(*(line.format(day) for day in SOME_DAYS)), what="project-calls")
    assert [item.published for item in page.items] == [None] * 4
    posted = _calls(
        *(f"<p>Posted October {n}, 2025</p>{line.format(day)}" for n, day in enumerate(SOME_DAYS, 1))
    )
    page = _parse(posted, what="project-calls")
    assert [item.published for item in page.items] == [f"2025-10-0{n}" for n in range(1, 5)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("<p>Proposals due: May {0}, 2026</p>", "Proposals due: May {0}, 2026"),
        ("<dl><dt>Due date:</dt><dd>May {0}, 2026</dd></dl>", "Due date: May {0}, 2026"),
        (f"<p>{SUMMARY}</p><p>Apply by May {{0}}, 2026</p>", f"{SUMMARY} Apply by May {{0}}, 2026"),
    ],
)
def test_calls_that_only_say_until_when_they_are_open_are_a_list_and_keep_that(line: str, said: str) -> None:
    page = _parse(_calls(*(line.format(day) for day in (4, 7))), what="project-calls")
    assert [(item.published, item.summary) for item in page.items] == [
        (None, said.format(day)) for day in (4, 7)
    ]


def test_a_column_may_be_of_deadlines() -> None:
    rows = "".join(
        f"<tr><td><a href='/opp/{n}'>Project call number {n} on casting</a></td><td>March {n}, 2025</td><td>May {n}, 2026</td></tr>"
        for n in range(1, 5)
    )
    head = "<tr><th>Call</th><th>Posted</th><th>Closing date</th></tr>"
    page = _parse(f"<main><h1>Funding</h1><table>{head}{rows}</table></main>", what="project-calls")
    assert [item.published for item in page.items] == [f"2025-03-0{n}" for n in range(1, 5)]
    assert [item.summary for item in page.items] == [f"Closing date: May {n}, 2026" for n in range(1, 5)]
    rows = rows.replace("2025</td>", "2025 (see the text)</td>")
    page = _parse(f"<main><h1>Funding</h1><table>{head}{rows}</table></main>", what="project-calls")
    assert "2026" not in "".join(item.published or "" for item in page.items)


@pytest.mark.parametrize(
    "line",
    [
        "<p>The call closes with 38 proposals. {0}</p>",
        "<p>Foundry to close its plant {0}</p>",
        "<p>{0} | Deadlines</p>",
    ],
)
def test_a_day_beside_what_closes_may_be_that_of_publication(line: str) -> None:
    page = _parse(_calls(*(line.format(day) for day in SOME_DAYS)))
    assert [item.published for item in page.items] == ["2025-10-30", "2025-11-15", "2025-12-01", "2025-12-05"]
