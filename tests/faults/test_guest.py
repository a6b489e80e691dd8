"""What a site sees of us over days of syncs: how often it is asked, with what, and when it is left alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from hubwatch.models import Candidate, FetchSettings
from hubwatch.store import sources

FAST = FetchSettings(delay_s=0.0, timeout_s=2.0)
MARKS = (("ETag", 'W/"v1"'), ("Last-Modified", "Sun, 1 Nov 2026 00:00:00 +0000"))
WALL = b"<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>"
LOGIN = b"<html><title>Sign in</title><body><form><input type=password></form></body></html>"


def paths(site: Any) -> list[str]:
    return [asked.path for asked in site.log]


# --- validators -------------------------------------------------------------------------------

_BAD = (("ETag", '"bad"'),)
_HTML = (("Content-Type", "text/html"),)
_CUT = b"<rss version='2.0'><channel><title>F</title><item><title>First</title><guid>First</guid></item><it"
_POPULAR = b"".join(
    b"<article><h3><a href='/p/%d'>A popular story, number %d</a></h3></article>" % (n, n) for n in range(9)
)
_NOT_FOUND = (
    b"<html><head><title>Page not found</title></head><body><main>" + _POPULAR + b"</main></body></html>"
)

SPOILED: dict[str, dict[str, Any]] = {
    "500": {"status": 500, "headers": _BAD},
    "404": {"status": 404, "headers": _BAD},
    "429": {"status": 429, "headers": _BAD},
    "a bot wall": {"body": WALL, "headers": _BAD + _HTML},
    "a login page": {"body": LOGIN, "headers": _BAD + _HTML},
    "nothing": {"body": b"", "headers": _BAD},
    "a body that breaks off": {"body": b"<rss version='2.0'><channel>", "cut": True, "headers": _BAD},
    "a feed that breaks off": {"body": _CUT, "headers": _BAD},
    "bytes": {"body": bytes(range(256)) * 20, "headers": _BAD},
    "an unasked encoding": {"body": b"x", "headers": (("Content-Encoding", "br"), ("ETag", '"bad"'))},
    "no word": {"reset": True},
}  # fmt: skip


@pytest.mark.parametrize("what", SPOILED)
def test_validators_are_not_changed_by(
    site: Any, watch: Any, source: Any, rss: Any, answer: Any, what: str
) -> None:
    good = answer(body=rss("First").encode(), headers=MARKS)
    url = site.answers("/feed", good, answer(**SPOILED[what]), answer(**SPOILED[what]), answer(status=304))
    watch.one(source(url))
    for _ in range(3):
        watch.later(days=8)
        last = watch.one(source(url))
    for asked in site.log[1:]:
        assert asked.headers["if-none-match"] == MARKS[0][1]
        assert asked.headers["if-modified-since"] == MARKS[1][1]
    assert last.status == "unchanged"
    assert watch.titles() == {"First"}
    assert sources.load_states(watch.store)["one"].failures == 0


@pytest.mark.parametrize(
    ("named", "etag", "modified"),
    [
        ((), MARKS[0][1], MARKS[1][1]),
        ((("ETag", '"v2"'),), '"v2"', MARKS[1][1]),
        ((("Last-Modified", "x"),), MARKS[0][1], "x"),
    ],
    ids=["none", "an ETag", "a date"],
)
def test_a_304_keeps_what_it_does_not_name(
    site: Any, watch: Any, source: Any, rss: Any, answer: Any, named: Any, etag: str, modified: str
) -> None:
    good = answer(body=rss("First").encode(), headers=MARKS)
    url = site.answers("/feed", good, answer(status=304, headers=named))
    for _ in range(3):
        watch.one(source(url))
    asked = site.log[2].headers
    assert (asked["if-none-match"], asked["if-modified-since"]) == (etag, modified)


def test_another_address_is_asked_without_the_validators_of_the_former(
    site: Any, watch: Any, source: Any, rss: Any
) -> None:
    old = site.feed("/old", rss("First"), etag='"v1"')
    new = site.feed("/new", rss("First"), etag='"v1"')
    watch.one(source(old))
    outcome = watch.one(source(new), force=False)  # due at once: the user changed it
    assert "if-none-match" not in site.asked("/new")[0].headers
    assert (outcome.status, outcome.new) == ("ok", 0)


# --- pace -------------------------------------------------------------------------------------


def test_a_timer_that_runs_every_minute_asks_at_most_hourly(
    site: Any, watch: Any, source: Any, rss: Any
) -> None:
    url = site.feed("/feed", rss("First"), etag='"v1"')
    for _ in range(130):
        watch.sync(source(url))
        watch.later(minutes=1)
    assert len(site.log) <= 3


@pytest.mark.parametrize(
    ("headers", "hours"),
    [
        ({"Cache-Control": "max-age=21600"}, 6), ({"Cache-Control": "max-age=999999999"}, 24),
        ({"Expires": "Sun, 22 Nov 2026 17:00:00 GMT"}, 5), ({"Cache-Control": "no-store"}, 1),
        ({"Cache-Control": "max-age=60"}, 1), ({"Cache-Control": "max-age=-1, x"}, 1),
    ],
    ids=lambda value: str(value),
)  # fmt: skip
def test_the_publishers_word_holds_for_bodies_and_for_304s(
    site: Any, watch: Any, source: Any, rss: Any, headers: dict[str, str], hours: int
) -> None:
    url = site.feed("/feed", rss("First"), etag='"v1"', headers=headers)
    chosen = source(url, every_s=900)  # whatever the user wishes
    watch.sync(chosen)
    watch.sync(chosen, force=True)
    if hours > 1:
        watch.later(hours=hours - 0.1)
        watch.sync(chosen)
        assert len(site.log) == 2
    watch.later(hours=1.5)
    watch.sync(chosen)
    assert len(site.log) == 3


def test_a_feeds_ttl_is_a_lower_bound_as_long_as_it_is_unchanged(
    site: Any, watch: Any, source: Any, rss: Any
) -> None:
    url = site.feed("/feed", rss("First", head="<ttl>600</ttl>"), etag='"v1"')
    watch.sync(source(url))
    for _ in range(2):
        watch.later(hours=9.9)
        watch.sync(source(url))
        watch.later(hours=0.2)
        watch.sync(source(url))
    assert len(site.log) == 3


@pytest.mark.parametrize("value", ["7200", "Sun, 22 Nov 2026 14:00:00 GMT"], ids=["seconds", "a date"])
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_holds_for_the_host_and_for_the_next_process(
    site: Any, loopback: Callable[..., Any], watch: Any, source: Any, rss: Any, value: str, status: int
) -> None:
    bad = site.answer("/a", status=status, headers={"Retry-After": value})
    good = site.feed("/b", rss("First"))
    elsewhere = loopback("127.0.0.2")
    other = elsewhere.feed("/c", rss("Second"))
    watch.sync(source(bad, "bad"))
    watch.later(minutes=90)
    chosen = (source(bad, "bad"), source(good, "good"), source(other, "other"))
    report = watch.sync(*chosen)
    by_id = {outcome.source: outcome for outcome in report.outcomes}
    assert (by_id["good"].status, by_id["other"].status) == ("skipped", "ok")
    assert paths(site) == ["/a"]
    watch.later(minutes=40)
    watch.sync(*chosen)
    assert paths(site).count("/b") == 1


def test_a_host_is_left_alone_for_a_week_at_most(site: Any, watch: Any, source: Any) -> None:
    url = site.answer("/a", status=503, headers={"Retry-After": "99999999999"})
    watch.sync(source(url))
    watch.later(days=6.9)
    watch.sync(source(url))
    assert len(site.log) == 1
    watch.later(days=0.2)
    watch.sync(source(url))
    assert len(site.log) == 2


@pytest.mark.parametrize(("status", "most"), [(500, 24), (403, 12), (404, 12), (429, 12)])
def test_a_failing_source_is_asked_less_and_less_by_an_hourly_timer(
    site: Any, watch: Any, source: Any, status: int, most: int
) -> None:
    url = site.answer("/feed", "no", status=status)
    for _ in range(24 * 7):
        watch.sync(source(url))
        watch.later(hours=1)
    assert 3 <= len(site.log) <= most
    assert sources.load_states(watch.store)["one"].failures == len(site.log)


def test_no_status_is_asked_again_within_one_run(site: Any, watch: Any, source: Any) -> None:
    for n, status in enumerate((400, 401, 403, 404, 408, 425, 429, 500, 502, 503, 504)):
        watch.one(source(site.answer(f"/{n}", status=status), f"s{n}"))
    assert len(site.log) == len(set(paths(site)))


# --- what is asked ----------------------------------------------------------------------------


def test_one_plain_get_a_check_and_nothing_else(site: Any, watch: Any, source: Any, rss: Any) -> None:
    url = site.feed("/feed?b=2&a=%7e1", rss("First", "Second"), headers={"Set-Cookie": "id=1"})
    for _ in range(3):
        watch.later(hours=30)
        watch.sync(source(url))
    assert paths(site) == ["/feed?b=2&a=%7e1"] * 3
    for asked in site.log:
        assert asked.method == "GET"
        assert not {"cookie", "referer", "authorization", "from"} & set(asked.headers)
        assert asked.headers["accept-encoding"] == "gzip"
        assert asked.headers["user-agent"] == "hubwatch/test"


def test_discovery_is_bounded_and_remembered(site: Any, watch: Any, source: Any, rss: Any) -> None:
    links = "".join(f"<a href='/news/{n}/feed'>RSS</a><a href='/press/{n}'>News</a>" for n in range(60))
    url = site.answer("/", f"<html><body>{links}</body></html>", content_type="text/html")
    watch.one(source(url, kind="auto"))
    assert len(site.log) <= 11  # ten, and robots.txt
    site.log.clear()
    watch.sync(source(url, kind="auto"))
    assert site.log == []  # not before its pause is over
    site.feed("/news/0/feed", rss("First"))
    watch.later(days=8)
    watch.sync(source(url, kind="auto"))
    site.log.clear()
    watch.one(source(url, kind="auto"))
    assert paths(site) == ["/news/0/feed"]


def test_robots_txt_holds_for_pages_and_not_for_feeds(
    site: Any, watch: Any, source: Any, rss: Any, listing_page: Any
) -> None:
    site.robots("User-agent: *\nDisallow: /")
    feed = site.feed("/feed", rss("First"))
    page = site.answer("/news/", listing_page("Second story", "Third story"), content_type="text/html")
    assert watch.one(source(feed, "feed")).status == "ok"
    assert watch.one(source(page, "page", kind="page")).fault.code == "robots"
    assert site.asked("/news/") == []


def test_a_robots_txt_that_fails_means_not_now(site: Any, watch: Any, source: Any, listing_page: Any) -> None:
    site.answer("/robots.txt", status=503)
    page = site.answer("/news/", listing_page("Second story", "Third story"), content_type="text/html")
    assert watch.one(source(page, kind="page")).fault.code == "robots-unavailable"
    assert site.asked("/news/") == []
    site.robots("User-agent: *\nDisallow:")
    watch.later(days=1)
    assert watch.one(source(page, kind="page"), force=False).new == 2


def test_robots_txt_is_asked_for_once_a_day(site: Any, watch: Any, source: Any, listing_page: Any) -> None:
    site.robots("User-agent: *\nDisallow: /private\nCrawl-delay: 0.01")
    page = source(
        site.answer("/news/", listing_page("Second story", "Third story"), content_type="text/html"),
        kind="page",
    )
    for _ in range(3):
        watch.one(page, force=False)
        watch.later(hours=7)
    asked = paths(site)
    assert asked.count("/robots.txt") == 1
    assert asked.count("/news/") == 3
    site.robots("User-agent: *\nDisallow: /")
    assert watch.one(page, force=False).status in ("ok", "unchanged")
    watch.later(hours=24)
    assert watch.one(page, force=False).fault.code == "robots"


def test_a_person_who_forces_a_sync_has_robots_txt_read_anew(
    site: Any, watch: Any, source: Any, listing_page: Any
) -> None:
    site.robots("User-agent: *\nDisallow: /")
    page = source(
        site.answer("/news/", listing_page("Second story", "Third story"), content_type="text/html"),
        kind="page",
    )
    assert watch.one(page).fault.code == "robots"
    site.robots("User-agent: *\nDisallow:")
    assert watch.one(page).new == 2


# --- moves and ends ---------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["a home page", "a login page", "another page with a feed's name"])
@pytest.mark.parametrize("status", [301, 308])
def test_a_permanent_move_to_something_else_is_not_remembered(
    site: Any, watch: Any, source: Any, rss: Any, what: str, status: int
) -> None:
    url = site.feed("/feed", rss("First"), etag='"v1"')
    watch.one(source(url))
    body = {"a login page": LOGIN}.get(what, b"<html><title>Welcome</title><body><p>Hi</p></body></html>")
    target = site.answer("/feed.xml" if "feed" in what else "/", body, content_type="text/html")
    site.redirect("/feed", target, status=status)
    assert watch.one(source(url)).status == "failed"
    site.feed("/feed", rss("First", "Second"), etag='"v2"')
    site.log.clear()
    assert watch.one(source(url)).new == 1
    assert paths(site) == ["/feed"]


def test_gone_is_said_once_and_its_items_stay(site: Any, watch: Any, source: Any, rss: Any) -> None:
    url = site.feed("/feed", rss("First"))
    watch.one(source(url))
    site.answer("/feed", status=410)
    assert len(watch.one(source(url)).notices) == 1
    for _ in range(5):
        watch.later(days=10)
        assert watch.one(source(url), force=False).notices == ()
    assert len(site.log) == 2
    assert watch.titles() == {"First"}


# --- lists that vanish, walls that go up ------------------------------------------------------

INSTEAD: dict[str, tuple[dict[str, Any], set[str]]] = {
    "no list": ({"body": b"<html><body><p>We have moved.</p></body></html>"}, {"list-gone", "no-list"}),
    "a bot wall": ({"body": WALL}, {"bot-wall"}),
    "a login page": ({"body": LOGIN}, {"login-page"}),
    "nothing": ({"body": b""}, {"empty"}),
    "a page not found that says 200, with a list": ({"body": _NOT_FOUND}, {"soft-404"}),
}  # fmt: skip


@pytest.mark.parametrize("kind", ["page", "feed"])
@pytest.mark.parametrize("what", INSTEAD)
def test_what_stands_there_instead_is_a_failure_until_it_is_back(
    site: Any, watch: Any, source: Any, rss: Any, listing_page: Any, answer: Any, what: str, kind: str
) -> None:
    stories = [f"Story {n} of the plant" for n in range(4)]
    good = listing_page(*stories) if kind == "page" else rss(*stories)
    how, codes = INSTEAD[what]
    bodies = (answer(body=good.encode() + pad, headers=_HTML) for pad in (b"", b" "))
    url = site.answers("/x", next(bodies), answer(**how, headers=_HTML), next(bodies))
    chosen = source(url, kind=kind)
    assert watch.one(chosen).new == 4
    failed = watch.one(chosen)
    assert failed.status == "failed"
    assert failed.fault.code in codes | ({"not-a-feed"} if kind == "feed" else set())
    assert len(watch.titles()) == 4
    back = watch.one(chosen)
    assert (back.status, back.new, back.updated) == ("ok", 0, 0)


def test_a_list_that_is_empty_for_once_is_told_from_one_that_is_gone(
    site: Any, watch: Any, source: Any, rss: Any
) -> None:
    url = site.feed("/feed", rss("First"))
    watch.one(source(url))
    site.feed("/feed", rss())
    assert watch.one(source(url)).status == "ok"  # a feed may be empty
    site.answer("/feed", "<html><body>soon</body></html>", content_type="text/html")
    assert watch.one(source(url)).fault.code == "not-a-feed"


def test_a_failing_source_is_named_after_some_failures_and_no_longer_when_it_is_back(
    site: Any, watch: Any, source: Any, rss: Any
) -> None:
    url = site.feed("/feed", rss("First"))
    watch.one(source(url))
    site.answer("/feed", status=500)
    watch.one(source(url))
    watch.one(source(url))
    assert watch.digest(peek=True).health == ()
    watch.one(source(url))
    assert "one" in watch.digest(peek=True).health[0]
    site.feed("/feed", rss("First"))
    watch.one(source(url))
    assert watch.digest(peek=True).health == ()


# --- one source's share -----------------------------------------------------------------------


def test_a_chain_of_hanging_addresses_has_the_share_of_one_source(site: Any, watch: Any, source: Any) -> None:
    chain = tuple(Candidate(url=site.answer(f"/{n}", hang=True), kind="feed") for n in range(12))
    built_in = source(chain[0].url, candidates=chain, builtin=True, homepage=site.answer("/", hang=True))
    settings = replace(FAST, timeout_s=0.3, allow_private=("127.0.0.1",))
    assert watch.one(built_in, settings=settings).status == "unreached"
    assert len(site.log) <= 4  # three times the limit of one


def test_a_chain_behind_hanging_robots_files_has_it_too(
    loopback: Callable[..., Any], watch: Any, source: Any
) -> None:
    places = [loopback(f"127.0.0.{n}") for n in range(20, 32)]
    for place in places:
        place.answer("/robots.txt", hang=True)
    chain = tuple(Candidate(url=place.url("/news/"), kind="page") for place in places)
    built_in = source(chain[0].url, candidates=chain, builtin=True, homepage=places[0].url("/"))
    settings = replace(FAST, timeout_s=0.3, allow_private=tuple(place.host for place in places))
    watch.one(built_in, settings=settings)
    assert sum(len(place.log) for place in places) <= 4


def test_items_whose_own_pages_hang_are_stored_all_the_same(
    site: Any, watch: Any, source: Any, listing_page: Any
) -> None:
    stories = [f"Story {n} of the plant" for n in range(8)]
    for title in stories:
        site.answer(f"/news/{'-'.join(title.lower().split())}", hang=True)
    url = site.answer("/news/", listing_page(*stories, dated=False), content_type="text/html")
    outcome = watch.one(source(url, kind="page"), settings=replace(FAST, timeout_s=0.3))
    assert outcome.new == 8
    assert len(site.log) <= 6


def test_a_source_that_trips_our_own_code_is_one_line(
    site: Any, watch: Any, source: Any, rss: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hubwatch import normalize

    whole = normalize.normalize_all

    def trip(page: Any, source: Any, **how: Any) -> Any:
        if source.id == "bad":
            raise IndexError("as a library might")
        return whole(page, source, **how)

    monkeypatch.setattr(normalize, "normalize_all", trip)
    bad, good = source(site.feed("/a", rss("A")), "bad"), source(site.feed("/b", rss("B")), "good")
    by_id = {outcome.source: outcome for outcome in watch.sync(bad, good).outcomes}
    assert by_id["bad"].fault.code == "internal"
    assert by_id["good"].new == 1


# --- history ----------------------------------------------------------------------------------


@pytest.mark.parametrize("loop", ["itself", "two pages in turn", "ever new addresses"])
def test_a_history_that_goes_round_in_circles_ends(
    site: Any, watch: Any, source: Any, rss: Any, answer: Any, loop: str
) -> None:
    atom = "<atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='next' href='{0}'/>"
    following = {"itself": lambda n: "/feed", "two pages in turn": lambda n: f"/p{(n + 1) % 2}",
                 "ever new addresses": lambda n: f"/p{n + 1}"}[loop]  # fmt: skip
    site.feed("/feed", rss("First", head=atom.format(site.url(following(-1)))))
    for n in range(40):
        site.feed(f"/p{n}", rss("First", "Second", head=atom.format(site.url(following(n)))))
    watch.one(source(site.url("/feed")), backfill=True)
    assert watch.titles() <= {"First", "Second"}
    assert len(site.log) <= 8
