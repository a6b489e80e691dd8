"""Organizations listed on members pages of several makes."""

# ruff: noqa: E501 - markup is easier to read in one piece
from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hubwatch.fetchers.members import parse
from hubwatch.models import Document

NAMES = (
    "Boeing",
    "GE Aerospace",
    "Ohio State University",
    "Youngstown Business Incubator",
    "RTX Corporation",
    "Acme Metals, Inc.",
    "Zeta",
)
NAV = """<nav><a href="/">Home</a><a href="/about/">About Us</a><a href="/projects/">Research Projects</a>
<a href="/join/">Become a Member</a><a href="/news/">News and Events</a></nav>"""
FOOTER = """<footer><a href="https://x.com/hub">X</a><a href="https://www.linkedin.com/hub">LinkedIn</a>
<a href="https://www.manufacturing.example.gov/">Manufacturing Agency</a></footer>"""
STAFF = """<div class="staff"><h4>Executive Director</h4><h4>Membership Manager</h4><h4>Program Manager</h4></div>"""
SHAPES = {
    "logos with links": "<div class='logo-grid'>{}</div>|<a href='https://{n}.example.com/'><img src='{n}.png' alt='{name} logo'></a>",
    "logos without links": "<div class='members'>{}</div>|<figure><img src='{n}.png' alt='{name}'></figure>",
    "links to their sites": "<ul>{}</ul>|<li><a href='https://{n}.example.com/' target='_blank'>{name}</a></li>",
    "plain list": "<ul class='cols'>{}</ul>|<li>{name}</li>",
    "table": "<table><tr><th>Organization</th><th>State</th></tr>{}</table>|<tr><td>{name}</td><td>OH</td></tr>",
    "cards with own pages": "<div>{}</div>|<div class='member'><h3><a href='/members/{n}'>{name}</a></h3>"
    "<p>Makes things that are used in many places by many people.</p><a href='/members/{n}'>View profile</a></div>",
    "lines of a paragraph list": "<div>{}</div>|<p>{name}</p>",
}


def _document(html: str) -> Document:
    url = "https://hub.example.org/members/"
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return Document(url=url, requested_url=url, status=200, body=html.encode(), fetched_at=now)


def test_names_in_a_script_without_capitals_are_members_too() -> None:
    names = (*NAMES, "住友電気工業", "אלביט מערכות")
    lines = "".join(f"<li><a href='https://{n}.example.com/'>{name}</a></li>" for n, name in enumerate(names))
    assert (
        parse(_document(f"<html><body><main><h1>Members</h1><ul>{lines}</ul></main></body></html>")) == names
    )


@pytest.mark.parametrize("shape", SHAPES)
def test_members_are_found(shape: str) -> None:
    around, _, each = SHAPES[shape].partition("|")
    body = around.format("".join(each.format(name=name, n=number) for number, name in enumerate(NAMES)))
    html = f"<html><body>{NAV}<main><h1>Our Members</h1><p>We thank our members for all they do.</p>{body}</main>{STAFF}{FOOTER}"
    assert parse(_document(html)) == NAMES


def test_tiers_of_one_form_are_one_list() -> None:
    tier = "<h2>{t}</h2><ul class='tier-{t}'>{items}</ul>"
    body = "".join(
        tier.format(
            t=t,
            items="".join(f"<li><a href='https://{n}.example.com'>{n} Corporation</a></li>" for n in names),
        )
        for t, names in (("Gold", ("Alpha", "Beta", "Gamma")), ("Silver", ("Delta", "Epsilon", "Eta")))
    )
    found = parse(_document(f"<html><body>{NAV}<main>{body}</main>{FOOTER}"))
    assert [name.split()[0] for name in found] == ["Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Eta"]


def test_a_name_is_given_once_and_clean() -> None:
    body = "".join(
        f"<a href='https://{n}.example.com'><img alt='{alt}'></a>"
        for n, alt in enumerate(
            ("Acme Corp Logo", "ACME CORP", "Beta_Inc-logo.png", "Gamma &amp; Sons LLC", "\u202eDelta Group")
        )
    )
    found = parse(_document(f"<html><body><main>{body}</main>"))
    assert found[0] == "Acme Corp"
    assert "Gamma & Sons LLC" in found
    assert "Delta Group" in found
    assert len(found) == 4


@pytest.mark.parametrize(
    "html", ["<html></html>", f"<html><body>{NAV}<p>Members only. Please log in.</p>{FOOTER}"]
)
def test_a_page_without_members_gives_none(html: str) -> None:
    assert parse(_document(html)) == ()
