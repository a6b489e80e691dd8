"""hubwatch sources: add, check, remove, enable, disable, import, export, against sites on loopback."""

from __future__ import annotations

import json
import tomllib
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

Hubwatch = Callable[..., Any]
FAST = "[hubwatch]\ncatalog = []\n\n[fetch]\ndelay = 0\n"
HTML = "text/html; charset=utf-8"


def page(numbers: range = range(1, 8), head: str = "") -> str:
    """Return a news page without a feed whose items are of the last days."""
    today = datetime.now(UTC)
    blocks = "".join(
        f"<article><h3><a href='/news/{n}'>The institute makes announcement number {n}</a></h3>"
        f"<time datetime='{today - timedelta(days=n):%Y-%m-%d}'>{n} days ago</time>"
        "<p>It said so.</p></article>"
        for n in numbers
    )
    return (
        f"<html><head><title>News | Made-Up Metals</title>{head}</head><body><nav><a href='/'>Home</a></nav>"
        f"<main><h1>News</h1>{blocks}</main></body></html>"
    )


def rss(title: str = "Made-Up Metals") -> str:
    day = f"{datetime.now(UTC) - timedelta(days=1):%a, %d %b %Y %H:%M:%S} GMT"
    item = (
        "<item><title>Project call for castings</title><link>https://example.org/1</link>"
        f"<pubDate>{day}</pubDate></item>"
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>{title}</title>{item}</channel></rss>"


@pytest.fixture
def configured(home: Any) -> Any:
    home.configure(FAST)
    return home


def written(home: Any) -> dict[str, Any]:
    return dict(tomllib.loads(home.config.read_text(encoding="utf-8")).get("sources", {}))


# --- add ----------------------------------------------------------------------------------------


def test_add_ends_with_the_source_in_the_config_and_its_items_in_the_next_digest(
    site: Any, hubwatch: Hubwatch, configured: Any
) -> None:
    url = site.answer("/", page(), content_type=HTML)
    said = hubwatch("sources", "add", url, "--id", "metals", "--hub", "LIFT")
    assert said.code == 0, said.err
    assert said.out == ""
    assert "news list: 7 blocks" in said.err
    assert "The institute makes announcement number 1" in said.err
    assert "hubwatch sync metals" in said.err
    (only,) = written(configured).items()
    assert only == ("metals", {"name": "Made-Up Metals", "url": url, "hub": "lift"})
    synced = hubwatch("sync", "metals")
    assert synced.code == 0, synced.err
    items = hubwatch("digest", "--json").json
    assert {item["title"] for item in items} == {
        f"The institute makes announcement number {n}" for n in range(1, 8)
    }
    assert {(item["source"], item["source_name"], item["hub"]) for item in items} == {
        ("metals", "Made-Up Metals", "lift")
    }


def test_a_feed_named_by_the_page_is_found_again_from_there(
    site: Any, hubwatch: Hubwatch, configured: Any
) -> None:
    site.answer("/feed.xml", rss(), content_type="application/rss+xml")
    head = "<link rel='alternate' type='application/rss+xml' href='/feed.xml'>"
    url = site.answer("/news/", page(head=head), content_type=HTML)
    said = hubwatch("sources", "add", url)
    assert said.code == 0, said.err
    assert f"read at: {site.url('/feed.xml')} (feed)" in said.err
    ((id_, table),) = written(configured).items()
    assert id_ == "127-0-0-1"
    assert table == {"name": "Made-Up Metals", "url": url}
    hubwatch("sync")
    assert [item["title"] for item in hubwatch("digest", "--json").json] == ["Project call for castings"]


def test_the_address_of_a_feed_is_written_as_one(site: Any, hubwatch: Hubwatch, configured: Any) -> None:
    url = site.answer("/feed.xml", rss(), content_type="application/rss+xml")
    assert hubwatch("sources", "add", url, "--state", "oh", "--what", "press", "--name", "Mine").code == 0
    assert written(configured) == {
        "127-0-0-1": {"name": "Mine", "url": url, "kind": "feed", "what": "press", "state": "OH"}
    }


def test_an_address_without_a_scheme_is_tried_both_ways(
    site: Any, hubwatch: Hubwatch, configured: Any
) -> None:
    url = site.answer("/news/", page(), content_type=HTML)
    assert hubwatch("sources", "add", url.removeprefix("http://"), "--id", "a").code == 0
    assert written(configured)["a"]["url"] == url


def test_a_site_is_not_added_twice(site: Any, hubwatch: Hubwatch, configured: Any) -> None:
    url = site.answer("/news/", page(), content_type=HTML)
    assert hubwatch("sources", "add", url, "--id", "metals").code == 0
    asked = len(site.log)
    said = hubwatch("sources", "add", url.rstrip("/"))
    assert said.code == 2
    assert "followed already, as metals" in said.err
    assert len(written(configured)) == 1
    assert len(site.log) == asked


def test_add_keeps_comments_and_order(site: Any, hubwatch: Hubwatch, home: Any) -> None:
    text = (
        FAST + "\n# my own\n[sources.zebra]  # first\nurl = 'https://example.org/z'\n"
        "\n[profiles.me]\ntopics = ['textiles']\n"
    )
    home.configure(text)
    assert hubwatch("sources", "add", site.answer("/news/", page(), content_type=HTML), "--id", "a").code == 0
    after = home.config.read_text(encoding="utf-8")
    kept = [line for line in after.splitlines() if line in text.splitlines()]
    assert [line for line in text.splitlines() if line] == [line for line in kept if line]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(
            ("{nothing}",), "nothing was added: no feed, WordPress, news list or sitemap", id="nothing"
        ),
        pytest.param(("{missing}",), "answered 404", id="404"),
        pytest.param(("ftp://example.org/",), "not an http or https address", id="ftp"),
        pytest.param(("file:///etc/passwd",), "not an http or https address", id="file"),
        pytest.param(("http://",), "not an http or https address", id="no host"),
        pytest.param(("{good}", "--hub", "lifft"), "did you mean", id="unknown hub"),
        pytest.param(("{good}", "--state", "Ohia"), "did you mean", id="unknown state"),
        pytest.param(("{good}", "--what", "newz"), "did you mean news", id="unknown what"),
        pytest.param(("{good}", "--id", "lift"), "lift", id="built-in id"),
        pytest.param(("{good}", "--id", "no good/id"), "write --id no-good-id", id="odd id"),
    ],
)
def test_what_cannot_be_added_is_said_in_one_line(
    arguments: tuple[str, ...], words: str, site: Any, hubwatch: Hubwatch, home: Any
) -> None:
    home.configure("[fetch]\ndelay = 0\n")
    places = {
        "nothing": site.answer("/", "<html><p>Welcome</p></html>", content_type=HTML),
        "missing": site.url("/gone"),
        "good": site.answer("/news/", page(), content_type=HTML),
    }
    said = hubwatch("sources", "add", *(each.format(**places) for each in arguments))
    assert said.code in (1, 2)
    assert words in said.err
    assert said.out == ""
    assert "Traceback" not in said.err
    errors = [line for line in said.err.splitlines() if not line.lstrip().startswith("hint:")]
    assert len(errors) == 1, said.err
    assert home.config.read_text(encoding="utf-8") == "[fetch]\ndelay = 0\n"


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        pytest.param({"status": 500}, "try again later", id="500"),
        pytest.param({"reset": True}, "try again later", id="no answer"),
        pytest.param({"status": 404}, "in a browser", id="404"),
        pytest.param({"status": 401}, "look for the site's feed", id="401"),
        pytest.param({"body": "<title>Log in</title><input type=password>"}, "the site's feed", id="login"),
        pytest.param({"body": "<p>Welcome</p>"}, "the address of the news list or feed", id="no news"),
    ],
)
def test_what_to_try_goes_by_what_happened(
    answer: dict[str, Any], hint: str, site: Any, hubwatch: Hubwatch, configured: Any
) -> None:
    said = hubwatch("sources", "add", site.answer("/news/", content_type=HTML, **answer))
    assert (said.code, said.out) == (1, "")
    assert hint in said.err.partition("hint: ")[2], said.err


def test_the_id_of_a_built_in_source_is_taken_where_its_group_is_not_followed(
    site: Any, hubwatch: Hubwatch, configured: Any
) -> None:
    said = hubwatch("sources", "add", site.answer("/news/", page(), content_type=HTML), "--id", "lift")
    assert (said.code, said.out) == (2, "")
    assert "there is a source 'lift' already" in said.err
    assert written(configured) == {}
    assert site.log == []


# --- check --------------------------------------------------------------------------------------


def test_check_leaves_a_host_alone_that_asked_for_it(site: Any, hubwatch: Hubwatch, configured: Any) -> None:
    url = site.answer("/feed.xml", "Not now", status=503, headers={"Retry-After": "7200"})
    configured.configure(f"{FAST}[sources.busy]\nurl = '{url}'\nkind = 'feed'\n")
    hubwatch("sync")
    asked = len(site.log)
    said = hubwatch("sources", "check", "busy")
    assert len(site.log) == asked
    assert said.code == 4
    assert "asked for no requests before" in said.out
    assert "suggestion" not in said.out


def test_check_explains_one_address(site: Any, hubwatch: Hubwatch, configured: Any) -> None:
    url = site.answer("/news/", page(), content_type=HTML)
    said = hubwatch("sources", "check", url)
    assert said.code == 0
    assert f"read at: {url} (page)" in said.out
    assert "recognized by: news list: 7 blocks <article>, 7 with a date" in said.out
    assert "items: 7, newest" in said.out
    assert site.url("/news/1") in said.out
    assert not configured.db.exists()
    assert written(configured) == {}


def test_check_says_why_an_address_cannot_be_read(site: Any, hubwatch: Hubwatch, configured: Any) -> None:
    said = hubwatch("sources", "check", site.answer("/", "<html><p>Hi</p></html>", content_type=HTML))
    assert said.code == 4
    assert "not readable: no feed, WordPress, news list or sitemap was found there" in said.out


def test_check_of_many_ends_in_a_table(loopback: Any, hubwatch: Hubwatch, home: Any) -> None:
    text = FAST
    for n in range(12):
        place = loopback()
        url = place.answer("/news/", page(), content_type=HTML) if n % 3 else place.url("/gone")
        text += f"[sources.s{n}]\nurl = '{url}'\n"
    home.configure(text)
    said = hubwatch("sources", "check")
    assert said.code == 3
    lines = said.out.splitlines()
    assert lines[0].split() == ["source", "is", "items", "newest", "note"]
    assert [line.split()[1] for line in lines[1:5]] == ["failed"] * 4
    assert all("404" in line for line in lines[1:5])
    assert lines[-1] == "8 of 12 can be read"
    rows = hubwatch("sources", "check", "--json").json
    assert [row["source"] for row in rows] == [f"s{n}" for n in range(12)]
    assert [row["items"] for row in rows] == [0 if n % 3 == 0 else 7 for n in range(12)]
    assert rows[0]["error"]["code"] == "http-404"
    assert rows[1]["error"] is None
    assert rows[1]["first"][0]["title"] == "The institute makes announcement number 1"


def test_a_narrow_table_of_checks_says_what_happened_not_where(
    loopback: Any, hubwatch: Hubwatch, home: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = loopback()
    gone = site.url("/news-and-events/announcements/of-the-institute/")
    feed = site.answer("/feed.xml", rss(), content_type="application/rss+xml")
    home.configure(f'{FAST}[sources.gone]\nurl = "{gone}"\n[sources.there]\nurl = "{feed}"\n')
    monkeypatch.setenv("COLUMNS", "60")
    notes = {line.split()[0]: line for line in hubwatch("sources", "check").out.splitlines()}
    assert notes["gone"].endswith(" answered 404 Not Found")
    assert f"{gone} answered 404" in hubwatch("sources", "check", "gone").out


def test_check_corrects_no_address_from_which_the_news_are_found(
    loopback: Any, hubwatch: Hubwatch, home: Any
) -> None:
    one, two, three = loopback(), loopback(), loopback()
    one.answer("/feed.xml", rss(), content_type="application/rss+xml")
    head = "<link rel='alternate' type='application/rss+xml' href='/feed.xml'>"
    working = one.answer("/", page(head=head), content_type=HTML)
    two.answer("/new.xml", rss(), content_type="application/rss+xml")
    moved = two.redirect("/old.xml", two.url("/new.xml"), status=301)
    cut = rss().partition("</channel>")[0]
    over = three.answer("/feed.xml", cut, content_type="application/rss+xml")
    home.configure(
        f'{FAST}[sources.working]\nurl = "{working}"\n[sources.moved]\nurl = "{moved}"\nkind = "feed"\n'
        f'[sources.noticed]\nurl = "{over}"\nkind = "feed"\n'
    )
    rows = {row["source"]: row for row in hubwatch("sources", "check", "--json").json}
    assert rows["working"]["read_at"] == one.url("/feed.xml")
    assert rows["working"]["suggestion"] is None
    assert rows["moved"]["suggestion"] == f"use {two.url('/new.xml')} (feed)"
    notes = {line.split()[0]: line for line in hubwatch("sources", "check").out.splitlines()}
    (problem,) = rows["noticed"]["problems"]
    assert problem[:9] in notes["noticed"]
    assert notes["working"].rstrip().endswith("yesterday")


def test_check_looks_at_all_of_them_at_once_with_a_progress_bar(
    loopback: Any, terminal: Hubwatch, home: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = FAST
    for n in range(30):
        place = loopback()
        place.answer("/robots.txt", status=404)
        text += f"[sources.s{n}]\nurl = '{place.answer('/news/', page(), content_type=HTML, delay_s=0.04)}'\n"
    home.configure(text)
    said = terminal("sources", "check")
    assert said.code == 0, said.out
    assert "30 of 30 can be read" in said.out


def test_an_unknown_source_is_answered_with_the_nearest(hubwatch: Hubwatch, home: Any) -> None:
    for command in (("check",), ("enable",), ("disable",)):
        said = hubwatch("sources", *command, "lifft-news")
        assert said.code == 2, command
        assert "lifft-news" in said.err
        assert "did you mean" in said.err


# --- remove, enable, disable --------------------------------------------------------------------


def test_remove_takes_the_source_out_and_leaves_its_items(
    site: Any, hubwatch: Hubwatch, configured: Any
) -> None:
    hubwatch("sources", "add", site.answer("/news/", page(), content_type=HTML), "--id", "metals")
    hubwatch("sync")
    said = hubwatch("sources", "remove", "metals")
    assert (said.code, said.out) == (0, "")
    assert written(configured) == {}
    assert len(hubwatch("search", "announcement", "--json").json) == 7
    again = hubwatch("sources", "remove", "metals")
    assert again.code == 2
    assert again.err == "error: unknown source 'metals'\nhint: hubwatch sources lists them all\n"


def test_remove_says_how_to_be_rid_of_a_built_in_source(hubwatch: Hubwatch, home: Any) -> None:
    said = hubwatch("sources", "remove", "lift")
    assert (said.code, said.out) == (2, "")
    assert said.err == "error: 'lift' is built in\nhint: switch it off: hubwatch sources disable lift\n"


def test_a_disabled_source_is_not_asked_until_it_is_enabled(
    site: Any, hubwatch: Hubwatch, configured: Any
) -> None:
    hubwatch("sources", "add", site.answer("/news/", page(), content_type=HTML), "--id", "metals")
    site.log.clear()
    assert hubwatch("sources", "disable", "metals").code == 0
    assert "metals" not in hubwatch("sources").out
    assert "metals" in hubwatch("sources", "--all").out
    hubwatch("sync", "--force")
    assert site.log == []
    assert hubwatch("sources", "enable", "metals").code == 0
    hubwatch("sync", "--force")
    assert site.asked("/news/")


def test_a_built_in_source_is_switched_off_in_the_config(hubwatch: Hubwatch, home: Any) -> None:
    (first, *_) = hubwatch("sources", "--json").json
    assert first["builtin"]
    assert hubwatch("sources", "disable", first["source"]).code == 0
    assert written(home) == {first["source"]: {"enabled": False}}
    assert first["source"] not in [row["source"] for row in hubwatch("sources", "--json").json]
    removed = hubwatch("sources", "remove", first["source"] + "x")
    assert removed.code == 2


# --- OPML ---------------------------------------------------------------------------------------


OPML = """<?xml version="1.0"?>
<opml version="1.0"><body><outline text="Metals">
<outline type="rss" text="Light &amp; strong" xmlUrl="https://example.org/feed.xml" htmlUrl="https://example.org/"/>
<outline type="rss" title="Same again" xmlUrl="http://www.example.org/feed.xml"/>
<outline type="rss" text="Local" xmlUrl="file:///etc/passwd"/>
<outline type="rss" text="Script" xmlUrl="javascript:alert(1)"/>
<outline type="rss" text="Second" xmlUrl="https://example.com/rss"/></outline></body></opml>"""


def test_opml_is_taken_in_but_for_what_is_no_web_address(
    hubwatch: Hubwatch, configured: Any, tmp_path: Path
) -> None:
    file = tmp_path / "feeds.opml"
    file.write_text(OPML, encoding="utf-8")
    said = hubwatch("sources", "import", str(file))
    assert said.code == 0, said.err
    assert written(configured) == {
        "light-strong": {"name": "Light & strong", "url": "https://example.org/feed.xml", "kind": "feed"},
        "second": {"name": "Second", "url": "https://example.com/rss", "kind": "feed"},
    }
    assert "file:///etc/passwd" in said.err
    assert "added 2 of 5" in said.err
    again = hubwatch("sources", "import", str(file)).err
    assert again.endswith(f"added 0 of 5 sources to {configured.config}; 3 of them there already\n")


def test_what_is_exported_can_be_imported_elsewhere_as_it_was(
    hubwatch: Hubwatch, home: Any, tmp_path: Path
) -> None:
    own = (
        "[sources.b]\nname = 'Bee <& Co>'\nurl = 'https://example.org/news/?a=1&b=2'\n"
        "hub = 'lift'\nstate = 'OH'\n"
        "[sources.c]\nurl = 'https://example.org/page/'\nkind = 'page'\nwhat = 'events'\n"
        "[sources.d]\nname = 'Dee'\nurl = 'https://example.com/feed'\nkind = 'feed'\n"
        "[sources.e]\nurl = 'https://example.com/off'\nenabled = false\n"
        "[sources.f]\nkind = 'grants-gov'\nquery = 'magnesium & \"casting\"'\nwhat = 'project-calls'\n"
        "[sources.g]\nkind = 'grants-gov'\nquery = 'titanium'\nwhat = 'project-calls'\n"
    )
    home.configure("[hubwatch]\ncatalog = []\n" + own)
    file = tmp_path / "out.opml"
    assert hubwatch("sources", "export", "--output", str(file)).code == 0
    root = ElementTree.parse(file).getroot()
    assert root.tag == "opml"
    feeds = [each for each in root.iter("outline") if each.get("xmlUrl")]
    assert [each.get("xmlUrl") for each in feeds if each.get("type") == "rss"]
    before = written(home)
    home.configure("[hubwatch]\ncatalog = []\n")
    assert hubwatch("sources", "import", str(file)).code == 0
    after = written(home)
    del before["e"]
    search = {"url": "https://api.grants.gov/v1/api/search2"}  # written, though it goes without saying
    assert after == before | {id_: before[id_] | search for id_ in ("f", "g")}
    assert hubwatch("sources", "export").out == file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param(None, "cannot read", id="no file"),
        pytest.param(b"", "is not OPML", id="empty"),
        pytest.param(b"<rss/>", "is not OPML", id="a feed"),
        pytest.param(b"\x00\xff\x00", "is not OPML", id="garbage"),
    ],
)
def test_what_is_no_opml_is_refused_in_one_line(
    body: bytes | None, words: str, hubwatch: Hubwatch, configured: Any, tmp_path: Path
) -> None:
    file = tmp_path / "feeds.opml"
    if body is not None:
        file.write_bytes(body)
    said = hubwatch("sources", "import", str(file))
    assert said.code in (1, 2)
    assert words in said.err
    assert len([line for line in said.err.splitlines() if "hint:" not in line]) == 1
    assert written(configured) == {}


# --- list ---------------------------------------------------------------------------------------


def test_the_list_shows_health(loopback: Any, hubwatch: Hubwatch, home: Any) -> None:
    good, bad = loopback(), loopback()
    home.configure(
        FAST + f"[sources.good]\nurl = '{good.answer('/news/', page(), content_type=HTML)}'\n"
        f"[sources.bad]\nurl = '{bad.url('/gone')}'\n"
    )
    assert hubwatch("sync").code == 3
    rows = {row["source"]: row for row in json.loads(hubwatch("sources", "--json").out)}
    assert rows["good"]["items"] == 7
    assert rows["good"]["read_as"] == "page"
    assert rows["good"]["failures"] == 0
    assert rows["bad"]["failures"] == 1
    assert "404" in str(rows["bad"]["error"])
    text = hubwatch("sources").out
    assert "good" in text
    assert "404" in text
