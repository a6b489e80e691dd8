"""Each format from one fixed digest, compared with a golden file and read by the format's own library."""

from __future__ import annotations

import csv as csv_reader
import io
import json as json_reader
import re
from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes, policy

import feedparser
import html5lib
import icalendar
import jsonschema
import pytest
from markdown_it import MarkdownIt

from hubwatch.models import Digest
from hubwatch.render import atom, calendar, csv, json, mail, markdown, schema, text, web

Golden = Callable[[str, str], None]
RENDERERS = {
    "digest.txt": text.render,
    "digest.md": markdown.render,
    "digest.html": web.render,
    "digest.json": json.render,
    "digest.ndjson": json.render_lines,
    "digest.csv": csv.render,
    "digest.atom": atom.render,
    "digest.ics": calendar.render,
}
TITLES = [
    "Project Call 26-02: Casting of AZ31B & “thin” Walls < 2 mm",
    "Open Call for LPBF Process Data",
    "[2026] *Aluminum* extrusions with _no_ dies: `6xxx` + 30 %",
    "日本の軽量金属 🚀 Lightweight steel with Tōhoku University",
    "Members’ meeting in Detroit",
]


@pytest.mark.parametrize("name", RENDERERS)
def test_the_format_is_as_it_was_looked_at(name: str, digest: Digest, golden: Golden) -> None:
    golden(name, RENDERERS[name](digest))


@pytest.mark.parametrize("name", ["digest.txt", "digest.ics"])
def test_a_list_of_calls_is_as_it_was_looked_at(name: str, calls: Digest, golden: Golden) -> None:
    golden(name.replace("digest", "calls"), RENDERERS[name](calls))


@pytest.mark.parametrize("name", RENDERERS)
def test_an_empty_digest_is_whole_too(name: str, empty: Digest, golden: Golden) -> None:
    golden(name.replace("digest", "empty"), RENDERERS[name](empty))


@pytest.mark.parametrize("name", ["digest.txt", "digest.md", "digest.html"])
@pytest.mark.parametrize("cut", ["", "…"])
def test_surroundings_of_a_hit_say_by_themselves_where_they_are_cut(
    cut: str, name: str, digest: Digest
) -> None:
    match = replace(digest.ranked[0], context=f"{cut}cast \ue000AZ31B\ue001 walls")
    shown = RENDERERS[name](
        replace(digest, sections=(replace(digest.sections[0], matches=(match,)),), trends=())
    )
    before = next(line for line in shown.splitlines() if "cast " in line).partition("cast ")[0]
    assert re.sub(r"<[^>]*>", "", before).strip() == cut


def test_the_mail_is_as_it_was_looked_at(digest: Digest, golden: Golden) -> None:
    message = mail.render(digest, sender="hubwatch@example.com", recipient="alice@example.com")
    message.set_boundary("boundary")
    golden("digest.eml", message.as_bytes().decode("ascii").replace("\r\n", "\n"))


def test_json_fits_its_schema(digest: Digest) -> None:
    found = json_reader.loads(json.render(digest))
    for item in found:
        jsonschema.validate(item, schema.schema(), cls=jsonschema.Draft202012Validator)
    assert [item["title"] for item in found] == TITLES
    assert found == [json_reader.loads(line) for line in json.render_lines(digest).splitlines()]


def test_csv_has_the_contracts_columns_and_whole_cells(digest: Digest) -> None:
    rows = list(csv_reader.DictReader(io.StringIO(csv.render(digest), newline="")))
    assert ",".join(rows[0]) == csv.HEADING
    assert [row["title"] for row in rows] == TITLES
    assert rows[0]["organizations"] == "Boeing; Eck Industries"
    assert rows[0]["money_usd"] == "2500000"
    assert rows[2]["summary"].startswith("'= not a formula")


def test_html_parses_without_a_fault(digest: Digest) -> None:
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree = parser.parse(web.render(digest))
    shown = ["".join(heading.itertext()) for heading in tree.iter("h3")]
    assert sorted(shown) == sorted(TITLES)


def test_markdown_shows_every_title_as_it_stands(digest: Digest) -> None:
    tokens = MarkdownIt("commonmark", {"html": False}).parse(markdown.render(digest))
    shown = [
        "".join(child.content for child in tokens[number + 1].children or ())
        for number, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag == "h3"
    ]
    assert sorted(shown) == sorted(TITLES)


def test_atom_reads_back(digest: Digest) -> None:
    found = feedparser.parse(io.BytesIO(atom.render(digest).encode()))
    assert not found.bozo
    assert found.version == "atom10"
    assert [entry.title for entry in found.entries] == TITLES
    assert found.entries[0].link == "https://lift.example/news/ca11/"
    assert len({entry.id for entry in found.entries}) == len(TITLES)


def test_the_calendar_reads_back(digest: Digest) -> None:
    found = icalendar.Calendar.from_ical(calendar.render(digest))
    events = list(found.walk("VEVENT"))
    assert [str(event["SUMMARY"]) for event in events] == [f"Due: {TITLES[0]}", f"Due: {TITLES[4]}"]
    assert not [fault for event in events for fault in event.errors]


def test_the_mail_reads_back(digest: Digest) -> None:
    sent = mail.render(digest, sender="hubwatch@example.com", recipient="alice@example.com").as_bytes()
    found = message_from_bytes(sent, policy=policy.default)
    assert [part.get_content_type() for part in found.iter_parts()] == ["text/plain", "text/html"]
    assert [part.defects for part in found.walk()] == [[], [], []]
    plain = found.get_body(("plain",))
    assert plain is not None
    assert all(title in plain.get_content() for title in TITLES)
