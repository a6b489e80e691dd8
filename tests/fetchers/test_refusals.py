"""Pages that stand where something else should be."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from hubwatch.fetchers import refusals
from hubwatch.models import Document

REAL = sorted((Path(__file__).parents[2] / ".." / "shared" / "pages").glob("*/index.html"))
LONG = "<p>" + "The hub announces a project call for castings. " * 100 + "</p>"


def document(
    body: bytes | str, url: str = "https://hub.example/feed/", came_from: str | None = None, **headers: str
) -> Document:
    raw = body.encode() if isinstance(body, str) else body
    known = {name.replace("_", "-"): text for name, text in headers.items()}
    now = datetime(2026, 10, 6, tzinfo=UTC)
    return Document(
        url=url, requested_url=came_from or url, status=200, body=raw, headers=known, fetched_at=now
    )


def page(title: str = "", body: str = "") -> str:
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{body}</body></html>"


REJECTED = "The requested URL was rejected. Please consult with your administrator."
SGCAPTCHA = '<meta http-equiv=refresh content="0;/.well-known/sgcaptcha/">'
DATADOME = "<script src=//geo.captcha-delivery.com/c.js></script>"
INCAPSULA = '<iframe src="/_Incapsula_Resource?SWUDNSAI=9"></iframe>'
CHALLENGE = "<script>window._cf_chl_opt={}</script>"
PASSWORD = "<form><input name='u'><input class=x type='password'></form>"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param(page("Just a moment...", CHALLENGE), "bot-wall", id="Cloudflare"),
        pytest.param(page("Attention Required! | Cloudflare"), "bot-wall", id="Cloudflare block"),
        pytest.param(page("Access Denied", "<h1>Access Denied</h1>Reference #18.x"), "bot-wall", id="Akamai"),
        pytest.param(page("", INCAPSULA), "bot-wall", id="Incapsula"),
        pytest.param(page("Pardon Our Interruption"), "bot-wall", id="Distil"),
        pytest.param(page("", REJECTED), "bot-wall", id="F5"),
        pytest.param(page("hub.example", DATADOME), "bot-wall", id="DataDome"),
        pytest.param(page("Robot Challenge Screen", SGCAPTCHA), "bot-wall", id="SiteGround"),
        pytest.param(page("hub.example", "<div class='h-captcha'></div>"), "bot-wall", id="bare captcha"),
        pytest.param(page("403 Forbidden"), "bot-wall", id="403 as 200"),
        pytest.param(page("Log In ‹ Sample Hub — WordPress", PASSWORD), "login-page", id="WordPress login"),
        pytest.param(page("Sign in to your account", PASSWORD), "login-page", id="sign in"),
        pytest.param(page("Page not found - Sample Hub", LONG), "soft-404", id="page not found"),
        pytest.param(page("404 | Hub"), "soft-404", id="404"),
        pytest.param(page("Hub", "<h1>Oops! That page can&rsquo;t be found.</h1>"), "soft-404", id="heading"),
        pytest.param(page("hub.example", "This domain is for sale!"), "soft-404", id="parked"),
        pytest.param("", "empty", id="empty"),
        pytest.param("\ufeff \r\n", "empty", id="white space"),
    ],
)
def test_obstacles_are_told_apart(body: str, code: str) -> None:
    error = refusals.obstacle(document(body))
    assert error is not None
    assert error.code == code
    assert error.url == "https://hub.example/feed/"
    assert "\n" not in error.message


def test_a_challenge_header_is_enough() -> None:
    error = refusals.obstacle(document(page("Hub", LONG), cf_mitigated="challenge"))
    assert error is not None
    assert error.code == "bot-wall"


def test_a_redirect_to_a_login_is_a_login_page() -> None:
    found = document(
        page("Members", LONG + PASSWORD), "https://hub.example/login?next=/feed/", "https://hub.example/f"
    )
    error = refusals.obstacle(found)
    assert error is not None
    assert error.code == "login-page"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(page("News", LONG + PASSWORD), id="a login form in the corner"),
        pytest.param(
            page("News", LONG + "<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'>"), id="JSD"
        ),
        pytest.param(page("News", LONG + "<div class='g-recaptcha'></div>"), id="captcha of a contact form"),
        pytest.param(page("News", LONG[:500] + "<div class='g-recaptcha'></div>"), id="captcha, short page"),
        pytest.param(page("Security checklist for small shops", LONG[:500]), id="security checklist"),
        pytest.param(page("Access to capital for small manufacturers", LONG), id="access to capital"),
        pytest.param(page("Blocked supply chains", LONG), id="an article on blocking"),
        pytest.param(page("Hub wins 404 patents in 2025", LONG), id="404 in a sentence"),
        pytest.param(page("News", LONG + "<h2>Page not found</h2>"), id="a heading in a long page"),
        pytest.param(
            "<rss><channel><title>Just a moment...</title></channel></rss>", id="a feed of that title"
        ),
        pytest.param('{"title": "Access Denied"}', id="JSON"),
    ],
)
def test_ordinary_pages_are_none(body: str) -> None:
    assert refusals.obstacle(document(body)) is None


@pytest.mark.skipif(not REAL, reason="the pages of real sites are not beside this checkout")
def test_listings_of_real_sites_are_none() -> None:
    for path in REAL:
        assert refusals.obstacle(document(path.read_bytes())) is None, path


def test_html_where_a_feed_was_names_the_page() -> None:
    error = refusals.not_a_feed(document(page("Welcome &amp; more", "<p>Hi</p>")))
    assert (error.code, error.message) == (
        "not-a-feed",
        'an HTML page ("Welcome & more") came instead of a feed',
    )


def test_terminal_controls_do_not_reach_the_message() -> None:
    for body in ("\x1b]52;c;eA==\x07 hello", page("\x1b[2J\u202eevil")):
        message = refusals.not_a_feed(document(body)).message
        assert not set(message) & set("\x1b\x07\u202e\x9b")


SCRIPT = "<script src='/main.js'></script>"
SENTENCES = "<nav>" + "<a href='/about/'>About our institute and its partners</a>" * 30 + "</nav>"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(f"<div id='root'></div>{SCRIPT}", id="an empty root"),
        pytest.param(
            f"{SENTENCES}<div class='a' id='__next'> </div>{SCRIPT}", id="an empty root beside a menu"
        ),
        pytest.param(f"{SENTENCES}<h1>News</h1><p>Loading articles...</p>{SCRIPT}", id="loading"),
        pytest.param(f"<noscript><p>Please enable JavaScript.</p></noscript>{SCRIPT}", id="asks for scripts"),
    ],
)
def test_a_page_that_a_script_builds_is_told_from_one_without_a_list(body: str) -> None:
    error = refusals.by_script(document(page("News", body)))
    assert error is not None
    assert (error.code, "script" in error.message) == ("no-list", True)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(LONG + SCRIPT, id="a page with a script"),
        pytest.param("<p>Loading...</p>", id="no script at all"),
        pytest.param("<p>Loading docks are built here.</p>" + SCRIPT, id="a sentence"),
        pytest.param(
            f"{LONG}<noscript>Enable JavaScript for maps.</noscript>{SCRIPT}", id="scripts beside text"
        ),
    ],
)
def test_a_page_with_scripts_beside_its_text_is_not_built_by_them(body: str) -> None:
    assert refusals.by_script(document(page("News", body))) is None
