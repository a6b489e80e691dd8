"""Posts of the WordPress REST API (`/wp-json/wp/v2/posts`) to RawItems. Pure."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from hubwatch.errors import ParseError
from hubwatch.fetchers import feed_entry, json_body
from hubwatch.fetchers.feed_entry import Link, Text
from hubwatch.fetchers.limit import MAX_ITEMS, notice
from hubwatch.models import Document, Page, RawItem, Source
from hubwatch.text import plain


def parse(document: Document, source: Source, *, max_items: int = MAX_ITEMS) -> Page:
    """Read a page of posts; ParseError if WordPress answers with a fault or something else came."""
    answer = json_body.load(document, "a list of WordPress posts")
    if isinstance(answer, dict) and "code" in answer and "message" in answer:
        code = plain.to_line(json_body.text_of(answer["code"]), is_html=False, limit=60)
        said = plain.to_line(json_body.text_of(answer["message"]), limit=200).rstrip(".")
        raise ParseError("no-list", f'WordPress gives no posts here: "{said}" ({code})', url=document.url)
    posts = [answer] if isinstance(answer, dict) else json_body.dicts_of(answer)
    posts = [post for post in posts if "link" in post and "title" in post]
    if not isinstance(answer, list) and not posts:
        raise ParseError("no-list", "the JSON that came is no list of WordPress posts", url=document.url)
    if isinstance(answer, list) and answer and not posts:
        raise ParseError("no-list", "the list that came holds no WordPress posts", url=document.url)
    shown = [post for post in posts if post.get("status", "publish") == "publish"]
    return Page(
        items=tuple(_item(document.url, post) for post in shown[:max_items]),
        next_url=_next_url(document),
        problems=notice(len(shown) - max_items, max_items),
        how="WordPress posts",
    )


def _item(base: str, post: dict[str, Any]) -> RawItem:
    excerpt, content = post.get("excerpt"), post.get("content")
    embedded = post.get("_embedded")
    embedded = embedded if isinstance(embedded, dict) else {}
    terms = embedded.get("wp:term")
    return feed_entry.raw_item(
        base,
        guid=_rendered(post.get("guid")) or json_body.text_of(post.get("id")),
        guid_is_link=True,
        links=[Link(json_body.text_of(post.get("link")))],
        title=Text(_rendered(post.get("title")), "text/html"),
        summary=Text(_rendered(excerpt), "text/html"),
        contents=[Text(_rendered(content), "text/html")],
        published=_time(post, "date"),
        updated=_time(post, "modified"),
        authors=[
            json_body.text_of(author.get("name")) for author in json_body.dicts_of(embedded.get("author"))
        ],
        categories=[
            json_body.text_of(term.get("name"))
            for group in (terms if isinstance(terms, list) else ())
            for term in json_body.dicts_of(group)
        ],
    )


def _rendered(value: object) -> str:
    return json_body.text_of(value.get("rendered") if isinstance(value, dict) else value)


def _time(post: dict[str, Any], key: str) -> str:
    """The time in GMT, said so; the site's local time only where there is no other."""
    gmt = json_body.text_of(post.get(f"{key}_gmt"))
    if gmt and not gmt.startswith("0000"):
        return gmt if gmt.endswith("Z") or "+" in gmt else f"{gmt}Z"
    local = json_body.text_of(post.get(key))
    return "" if local.startswith("0000") else local


def _next_url(document: Document) -> str | None:
    pages = document.headers.get("x-wp-totalpages", "")
    parts = urlsplit(document.url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    page = next((value for name, value in query if name == "page"), "1")
    if (
        not (pages.isdecimal() and page.isdecimal())
        or len(pages) > 9
        or len(page) > 9
        or int(page) >= int(pages)
    ):
        return None
    query = [(name, value) for name, value in query if name != "page"]
    return parts._replace(query=urlencode([*query, ("page", str(int(page) + 1))])).geturl()
