"""Hostile text in every field of a digest, in every format: nothing steers, runs, or is added."""

from __future__ import annotations

import csv as csv_reader
import io
import json as json_reader
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from typing import Any
from xml.etree import ElementTree as ET

import html5lib
import icalendar
import pytest
from markdown_it import MarkdownIt
from rich.console import Console

from hubwatch.models import Carried, Digest, Evidence, Item, Match, Section, Tag, Trend
from hubwatch.render import atom, calendar, csv, json, mail, markdown, terminal, text, web

NOW = datetime(2026, 3, 16, 7, 0, tzinfo=UTC)
ATTACKS = {
    "clipboard": "a\x1b]52;c;aGVsbG8=\x07b",
    "screen": "\x1b[2J\x1b[31mred\x9b5m\x90q\x9c",
    "unterminated": "a\x1b]0;title",
    "controls": "".join(map(chr, range(32))) + "\x7f\x85\x9d",
    "bidi": "safe\u202egnp.exe\u2066x\u2069\u200b\u200f\ufeff",
    "rich": "[bold red]x[/] [link=file:///etc/passwd]y[/link] [/]",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)><svg/onload=alert(1)>",
    "attribute": "\" onmouseover=\"alert(1)\" x='",
    "style": "</style><style>body{background:url(//evil.test)}</style>",
    "template": "{{ 7*7 }}{% for x in y %}",
    "markdown": "](javascript:alert(1)) ![x](http://evil.test/p.png) <http://evil.test> `",
    "heading": "# x\n# y\n---\n=== \n- z\n1. n\n> q",
    "table": "| a | b |\n|---|---|",
    "reference": "[x]: javascript:alert(1)",
    "formula": "=HYPERLINK(\"http://evil.test\",\"x\")",
    "formulas": "@SUM(1+1)*cmd|' /C calc'!A0",
    "plus": " +1+cmd|' /C calc'!A0",
    "tab": "\t=1+1",
    "minus": "-2+3",
    "csv row": "x\"\r\n=evil(),\"",
    "ics": "x\r\nEND:VEVENT\r\nBEGIN:VALARM\r\nACTION:PROCEDURE\r\nATTACH:evil\r\nATTENDEE:x@evil",
    "header": "x\r\nBcc: x@evil.test\r\n\r\n<h1>body</h1>",
    "header end": "x\n\nbody",
    "encoded header": "=?utf-8?q?x=0ABcc=3A_evil=40evil.test?=",
    "script link": "javascript:alert(1)",
    "data link": "data:text/html,<script>alert(1)</script>",
    "entity": "&lt;script&gt;alert(1)&lt;/script&gt; &#60;b&#62; &amp;copy;",
    "cdata": "<![CDATA[x]]>]]><!ENTITY x SYSTEM \"file:///etc/passwd\">",
    "surrogate": "a\ud800b\udfffc",
    "not xml": "a\ufffe\uffffb\x00",
    "long": "x" * 5000 + " " + "é" * 5000,
    "separators": "a\u2028b\u2029c\x0bd\x0ce",
    "nothing": "",
}  # fmt: skip
URLS = (
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "data:text/html,<script>1</script>",
    "vbscript:x", "file:///etc/passwd", "https://x.test/\" onclick=\"alert(1)", "mailto:a@b.test?bcc=x",
    "https://x.test/a\r\nBcc: evil", "https://x.test/)](javascript:alert(1))", "//evil.test/x", "https://user:pw@evil.test\u202e/x",
)  # fmt: skip


def words(text: str) -> set[str]:
    return set(text.split())


def hostile(attack: str) -> Digest:
    """Put one attack into every field that comes from outside, and all addresses into the links."""
    matches = []
    for number, url in enumerate((*URLS, attack)):
        tag = Tag(topic=attack, score=0.9, evidence=(Evidence(words=attack, where="title", weight=0.5),))
        item = Item(
            title=attack, url=url, guid=attack, source=attack, source_name=attack, hub=attack,
            state=attack, summary=attack, content=attack, kind="call" if number % 2 else attack,  # type: ignore[arg-type]
            kind_reason=attack, organizations=(attack, attack), tags=(tag,),
            first_seen=NOW, updated=NOW, effective=NOW, published=NOW,
            deadline=date(2026, 4, 1), money_usd=float(number), id=f"{attack[:8]}{number}",
        )  # fmt: skip
        also = (Carried(source=attack, source_name=attack, url=url, item=attack),)
        context = None if number % 3 else f"{attack}\ue000{attack}\ue001{attack}"
        matches.append(Match(item=item, score=0.5, reasons=(attack,), also=also, context=context))
    trend = Trend(key=attack, name=attack, starts=(NOW.date(),), counts=(3,))
    return Digest(
        title=attack,
        created=NOW,
        sections=(Section(title=attack, matches=tuple(matches)),),
        ranked=tuple(matches),
        health=(attack,),
        profile=attack,
        trends=(trend,),
    )


@pytest.fixture(params=ATTACKS.values(), ids=ATTACKS.keys())
def digest(request: pytest.FixtureRequest) -> Digest:
    return hostile(request.param)


def on_terminal(digest: Digest, *, color: bool) -> str:
    out = io.StringIO()
    console = Console(
        file=out,
        width=80,
        force_terminal=color,
        color_system="truecolor" if color else None,
        legacy_windows=False,
    )
    terminal.print_digest(digest, console, env={"FORCE_HYPERLINK": "1"} if color else {})
    return out.getvalue()


RENDERERS = {
    "text": text.render,
    "markdown": markdown.render,
    "html": web.render,
    "json": json.render,
    "ndjson": json.render_lines,
    "csv": csv.render,
    "atom": atom.render,
    "ics": lambda digest: calendar.render(digest).replace("\r\n", "\n"),
    "terminal": lambda digest: on_terminal(digest, color=False),
    "by deadline": lambda digest: on_terminal(replace(digest, sort="deadline"), color=False),
    "text by deadline": lambda digest: text.render(replace(digest, sort="deadline")),
    "mail text": lambda digest: web.render(digest, mail=True),
}
UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff"
    "\ud800-\udfff\ue000-\uf8ff\ufffe\uffff]"
)


@pytest.mark.parametrize("render", RENDERERS.values(), ids=RENDERERS.keys())
def test_no_control_character_gets_through(render: Any, digest: Digest) -> None:
    written = render(digest)
    assert UNSEEN.search(written) is None, repr(UNSEEN.search(written))
    written.encode()


STYLES = re.compile(r"\x1b\[[\d;]*m|\x1b\]8;(?:id=\d+)?;(?:https?://[!-~]*|mailto:[\w.@-]*)?\x1b\\")


def test_a_terminal_gets_our_own_styles_and_links_only(digest: Digest) -> None:
    assert UNSEEN.search(STYLES.sub("", on_terminal(digest, color=True))) is None


def test_the_terminal_shows_markup_as_text() -> None:
    shown = " ".join(on_terminal(hostile("AM [2026] grant [/] [b]x"), color=False).split())
    assert "AM [2026] grant [/] [b]x" in shown


@pytest.mark.parametrize("mail_too", [False, True], ids=["file", "mail"])
def test_html_holds_no_element_or_link_of_theirs(digest: Digest, mail_too: bool) -> None:
    tree = html5lib.HTMLParser(namespaceHTMLElements=False).parse(web.render(digest, mail=mail_too))
    ours = words(
        """
        html head meta title style body a div header p h1 nav ul li span main section h2
        article h3 time mark footer small svg line rect
        """
    )
    for element in tree.iter():
        assert str(element.tag).removeprefix("{http://www.w3.org/2000/svg}") in ours
        assert not any(name.lower().startswith("on") for name in element.attrib)
        assert "style" not in element.attrib
        if element.tag == "a":
            assert re.match(r"https?://|mailto:|#[a-z]", element.get("href"))
    assert len(tree.findall(".//style")) == 1


def test_markdown_holds_no_html_and_no_other_link(digest: Digest) -> None:
    source = markdown.render(digest)
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(source)
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    names = {str(element.tag) for element in tree.iter()}
    assert names <= words("html head body h1 h2 h3 p a strong em hr br")
    for link in tree.iter("a"):
        assert re.match(r"https?://|mailto:", link.get("href"))
    assert len(tree.findall(".//h3")) == len(URLS) + 1
    assert len(tree.findall(".//h2")) <= 1


def test_csv_cells_are_text_and_rows_stay_rows(digest: Digest) -> None:
    rows = list(csv_reader.reader(io.StringIO(csv.render(digest), newline=""), strict=True))
    assert len(rows) == len(URLS) + 2
    for row in rows:
        assert len(row) == len(csv.COLUMNS)
        assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in row)


def test_json_parses_and_keeps_formulas(digest: Digest) -> None:
    found = json_reader.loads(json.render(digest))
    assert len(found) == len(json.render_lines(digest).splitlines()) == len(URLS) + 1
    assert all(item["url"] is None or re.match(r"https?://|mailto:", item["url"]) for item in found)
    assert json_reader.loads(json.render(hostile("=1+1")))[0]["title"] == "=1+1"


def test_atom_is_well_formed_and_holds_text_only(digest: Digest) -> None:
    feed = ET.fromstring(atom.render(digest))
    assert len(feed.findall(f"{{{atom.NAMESPACE}}}entry")) == len(URLS) + 1
    for element in feed.iter():
        assert str(element.tag).startswith(f"{{{atom.NAMESPACE}}}")
        assert element.get("type") is None
        assert element.get("href") is None or re.match(r"https?://|mailto:", element.get("href") or "")


def test_a_calendar_has_no_line_of_theirs(digest: Digest) -> None:
    written = calendar.render(digest)
    assert all(len(line.encode()) <= 75 for line in written.split("\r\n"))
    unfolded = written.replace("\r\n ", "")
    names = {re.split("[:;]", line)[0] for line in unfolded.split("\r\n") if line}
    assert names <= words(
        """
        BEGIN END VERSION PRODID CALSCALE METHOD NAME X-WR-CALNAME X-WR-CALDESC UID DTSTAMP
        LAST-MODIFIED DTSTART DTEND SUMMARY DESCRIPTION URL CATEGORIES CLASS STATUS TRANSP
        X-MICROSOFT-CDO-BUSYSTATUS ACTION TRIGGER
        """
    )
    found = icalendar.Calendar.from_ical(written)
    assert len(list(found.walk("VEVENT"))) == len(URLS) + 1
    assert {str(alarm["ACTION"]) for alarm in found.walk("VALARM")} == {"DISPLAY"}


def test_a_mail_has_our_headers_only_and_no_long_line(digest: Digest) -> None:
    sent = mail.render(digest, sender="hubwatch@example.com", recipient="alice@example.com").as_bytes()
    assert all(len(line) <= 998 for line in sent.split(b"\r\n"))
    found = message_from_bytes(sent, policy=policy.default)
    assert found.keys() == [
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
    ]  # fmt: skip
    assert found["To"] == "alice@example.com"
    assert UNSEEN.search(found["Subject"]) is None
    for part in found.iter_parts():
        assert UNSEEN.search(part.get_content().replace("\r\n", "\n")) is None
    sent.decode("ascii")
