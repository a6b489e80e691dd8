"""The door for feeds: every format to its items, and a plain reason for what is no feed."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hubwatch.errors import ParseError
from hubwatch.fetchers import feed
from hubwatch.models import Document, Page, RawItem, Source

FEEDS = Path(__file__).parent.parent / "data" / "feeds"
EXPECTED: dict[str, Any] = json.loads((FEEDS / "expected.json").read_text(encoding="utf-8"))
SOURCE = Source(id="hub", name="Hub", url="https://site.example/feed/")


def document(
    body: bytes | str, *, url: str = "https://site.example/feed/", content_type: str = ""
) -> Document:
    raw = body.encode() if isinstance(body, str) else body
    now = datetime(2026, 10, 6, tzinfo=UTC)
    return Document(
        url=url, requested_url=url, status=200, body=raw, content_type=content_type or None, fetched_at=now
    )


def rss(items: str, head: str = "") -> str:
    return f'<rss version="2.0"><channel><title>T</title>{head}{items}</channel></rss>'


def as_json(page: Page) -> dict[str, Any]:
    """What `expected.json` says of a page: what is empty or at its default is left out."""
    said = {"title": page.title, "ttl_s": page.ttl_s, "next_url": page.next_url, "how": page.how}
    return {key: value for key, value in said.items() if value} | {"items": [_item(i) for i in page.items]}


def _item(item: RawItem) -> dict[str, Any]:
    names = ["guid", "url", "title", "summary", "content", "published", "updated", "authors", "categories"]
    said = {name: getattr(item, name) for name in names if getattr(item, name)}
    said = {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}
    flags = {name: False for name in ("title_is_html", "body_is_html") if not getattr(item, name)}
    return said | flags


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_sample_gives_its_items(name: str) -> None:
    assert as_json(feed.parse(document((FEEDS / name).read_bytes()), SOURCE)) == EXPECTED[name]


def test_every_sample_is_expected() -> None:
    assert sorted(path.name for path in FEEDS.glob("*.xml")) == sorted(EXPECTED)


HTML = "<!DOCTYPE html><html><head><title>{}</title></head><body>{}</body></html>"


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        pytest.param("", "empty", "empty", id="nothing"),
        pytest.param(" \n\x00", "empty", "empty", id="white space"),
        pytest.param(HTML.format("Just a moment...", "wait"), "bot-wall", "Just a moment", id="bot wall"),
        pytest.param(HTML.format("Page not found", "x"), "soft-404", "not found", id="soft 404"),
        pytest.param(
            HTML.format("Log In ‹ Hub", '<form><input type="password"></form>'),
            "login-page",
            "login",
            id="login",
        ),
        pytest.param(HTML.format("Welcome", "<p>Hello</p>"), "not-a-feed", "HTML page", id="HTML"),
        pytest.param("Hello", "not-a-feed", "Hello", id="text"),
        pytest.param("\x89PNG\r\n\x1a\n\x00", "not-a-feed", "not a feed", id="a picture"),
        pytest.param(
            "<?xml version='1.0'?><note><to>x</to></note>", "not-a-feed", "not a feed", id="other XML"
        ),
        pytest.param('{"a": 1}', "not-a-feed", "JSON", id="other JSON"),
        pytest.param("{broken", "not-json", "JSON", id="broken JSON"),
        pytest.param("/etc/hostname", "not-a-feed", "not a feed", id="a path"),
    ],
)
def test_what_is_no_feed_is_named(body: str, code: str, said: str) -> None:
    with pytest.raises(ParseError) as caught:
        feed.parse(document(body), SOURCE)
    assert caught.value.code == code
    assert said in caught.value.message
    assert "\n" not in caught.value.message


def test_json_feed_is_read_at_the_same_door() -> None:
    body = (
        '{"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": [{"id": 7, "title": "One"}]}'
    )
    page = feed.parse(document(body), SOURCE)
    assert (page.how, page.items[0].guid) == ("JSON Feed 1.1", "7")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            rss("<item><title>Café \xff is one bad byte</title></item>").encode("latin-1"), id="no prolog"
        ),
        pytest.param(
            b'<?xml version="1.0" encoding="UTF-8"?>'
            + rss("<item><title>Caf\xc3\xa9 \xff caf\xc3\xa9s</title></item>").encode("latin-1"),
            id="declared UTF-8",
        ),
    ],
)
def test_one_bad_byte_does_not_change_the_encoding(body: bytes) -> None:
    title = feed.parse(document(body, content_type="application/xml"), SOURCE).items[0].title
    assert title.startswith("Café ")
    assert "Ã" not in title


@pytest.mark.parametrize("limit", [3, 5000])
@pytest.mark.parametrize("broken", [False, True], ids=["well-formed", "broken"])
def test_items_over_the_limit_are_left_out_and_counted(limit: int, broken: bool) -> None:
    items = "".join(
        f"<item><title>No {n}</title><link>https://x.example/{n}</link></item>" for n in range(10_000)
    )
    body = rss(("<oops>" if broken else "") + items)
    page = feed.parse(document(body), SOURCE, max_items=limit)
    assert [item.title for item in page.items] == [f"No {n}" for n in range(limit)]
    assert page.problems == (f"{10_000 - limit:,} items over the limit of {limit:,} left out",)
    assert page.complete


def test_short_items_over_the_limit_are_left_out_too() -> None:
    page = feed.parse(document(rss("<item/>" * 20)), SOURCE, max_items=5)
    assert len(page.items) == 5
    assert page.problems == ("15 items over the limit of 5 left out",)


@pytest.mark.parametrize("broken", [False, True], ids=["well-formed", "broken"])
def test_a_huge_field_is_cut(broken: bool) -> None:
    body = rss(f"<item><title>{'long ' * 1_000_000}</title></item>" + ("<oops>" if broken else ""))
    assert 100_000 < len(feed.parse(document(body), SOURCE).items[0].title) <= 200_000


@pytest.mark.parametrize(
    ("cut_after", "titles"),
    [
        pytest.param(
            "<title>Second</title><link>https://x.example/2</link>", ["First", "Second"], id="after link"
        ),
        pytest.param("<title>Second</title><link>https://x.exa", ["First"], id="in link"),
        pytest.param("<title>Seco", ["First"], id="in title"),
        pytest.param("<item><link>https://x.example/2</link>", ["First"], id="without title"),
        pytest.param("https://x.example/1</link></item>", ["First"], id="between items"),
    ],
)
def test_a_truncated_feed_gives_what_is_whole(cut_after: str, titles: list[str]) -> None:
    whole = rss(
        "<item><title>First</title><link>https://x.example/1</link></item>"
        + ("<item><link>https://x.example/2</link>" if "<item><link>" in cut_after else "<item>")
        + "<title>Second</title><link>https://x.example/2</link></item>"
    )
    page = feed.parse(document(whole[: whole.index(cut_after) + len(cut_after)]), SOURCE)
    assert [item.title for item in page.items] == titles
    assert not page.complete
    assert "breaks off" in page.problems[0]


@pytest.mark.parametrize("cut_after", ["<channel>", "<item>", "<title>Fi"])
def test_a_feed_that_breaks_off_before_anything_is_whole_is_a_failure(cut_after: str) -> None:
    whole = rss("<item><title>First</title><link>https://x.example/1</link></item>")
    with pytest.raises(ParseError, match="breaks off before its first item is whole"):
        feed.parse(document(whole[: whole.index(cut_after) + len(cut_after)]), SOURCE)


def test_a_feed_with_trailing_comments_is_complete() -> None:
    page = feed.parse(document(rss("<item><title>A & B</title></item>") + "<!-- cached -->\n"), SOURCE)
    assert page.complete
    assert page.problems == ()


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("<skipHours><hour>1</hour><hour> 23 </hour></skipHours>", {1: 7, 23: 7}),
        ("<skipHours><hour>24</hour></skipHours>", {0: 7}),
        ("<skipDays><day>Sunday</day></skipDays>", dict.fromkeys(range(24), 1)),
        (
            "<skipHours><hour>-1</hour><hour>soon</hour></skipHours><skipDays><day>Someday</day></skipDays>",
            {},
        ),
        (f"<skipHours>{''.join(f'<hour>{n}</hour>' for n in range(24))}</skipHours>", {}),
    ],
    ids=["hours", "midnight by another name", "a day", "garbage", "never, which no feed can mean"],
)
def test_hours_without_visits(head: str, expected: dict[int, int]) -> None:
    quiet = feed.parse(document(rss("", head)), SOURCE).quiet_hours
    broken = feed.parse(document(rss("", f"{head}<description>R&D</description>")), SOURCE)
    assert (broken.quiet_hours, "leniently" in broken.how) == (quiet, True)
    assert Counter(hour % 24 for hour in quiet) == expected


@pytest.mark.parametrize(
    ("ttl", "expected"),
    [("60", 3600), ("0", None), ("-5", None), ("soon", None), ("9" * 30, None), ("999999999", 31_536_000)],
)
def test_ttl_is_read_within_reason(ttl: str, expected: int | None) -> None:
    assert feed.parse(document(rss("", f"<ttl>{ttl}</ttl>")), SOURCE).ttl_s == expected
