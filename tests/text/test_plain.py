"""Markup or anything to plain, safe text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubwatch.text import plain

SAME_EITHER_WAY = {
    "comparison": ("5 < 6", "5 < 6"),
    "two comparisons": ("a < b > c", "a < b > c"),
    "brackets": ("AM [2026] grant [/]", "AM [2026] grant [/]"),
    "rich markup": ("[red]x[/red]", "[red]x[/red]"),
    "unknown tags stay": ("Vec<T> and <stdin>", "Vec<T> and <stdin>"),
    "ampersand": ("AT&T and R&D", "AT&T and R&D"),
    "double escape": ("It&amp;#8217;s AT&amp;amp;T", "It’s AT&T"),
    "non-breaking space": ("a\xa0 b", "a b"),
    "white space": ("  a\r\n\tb\x0bc ", "a b c"),
    "script": ("<script>alert(1)</script>Hi", "Hi"),
    "escaped script": ("&lt;script&gt;alert(1)&lt;/script&gt;Hi", "Hi"),
    "nested script": ("<<b>script>alert(1)</script>Hi", "alert(1)Hi"),
    "clipboard sequence": ("a\x1b]52;c;ZXZpbA==\x07b", "ab"),
    "color sequence": ("\x1b[31mred\x1b[0m", "red"),
    "8-bit sequence": ("\x9b31mred", "red"),
    "unterminated sequence": ("a\x1b]0;title", "a0;title"),
    "bidi override": ("abc\u202etxt.exe", "abctxt.exe"),
    "zero width": ("l\u200biga\u00adment\ufeff", "ligament"),
    "lone surrogate": ("a\ud800b", "ab"),
    "private use": ("a\ue000b\U000f0000", "ab"),
    "nul": ("a\0b", "ab"),
    "emoji joiner": ("👩\u200d🔬 works", "👩\u200d🔬 works"),
    "joiner between letters": ("a\u200db", "ab"),
    "accents": ("Café Zürich", "Café Zürich"),
    "replacement character": ("caf\ufffd", "caf\ufffd"),
}


@pytest.mark.parametrize("is_html", [True, False], ids=["html", "text"])
@pytest.mark.parametrize(("value", "expected"), SAME_EITHER_WAY.values(), ids=SAME_EITHER_WAY.keys())
def test_a_line_is_plain_and_safe(value: str, expected: str, is_html: bool) -> None:
    assert plain.to_line(value, is_html=is_html) == expected


MARKUP = {
    "inline tags join": ("<b>AM</b>ERICA <i>Makes</i>", "AMERICA Makes"),
    "blocks part": ("<p>One</p><p>Two</p>", "One Two"),
    "line break parts": ("One<br/>Two<BR>Three", "One Two Three"),
    "attribute with greater-than": ("<img alt='a > b' src=x>t", "t"),
    "unclosed quote": ('<a href="x>t</a>u', "tu"),
    "comment": ("a<!-- hidden > -->b", "ab"),
    "unclosed comment keeps the text": ("a<!-- b", "a b"),
    "style": ("<style>p{}</style>Text", "Text"),
    "unclosed script": ("Text<script>evil()", "Text"),
    "frame": ("<iframe srcdoc='x'>y</iframe>Text", "Text"),
    "cdata": ("<![CDATA[Text]]>", "Text"),
    "entities": ("Fish &amp; Chips &ndash; &#8220;x&#x201d;", "Fish & Chips – “x”"),
    "windows entity": ("it&#146;s", "it’s"),
    "escaped comparison": ("5 &lt; 6", "5 < 6"),
    "named without semicolon stays": ("a&copy=2", "a&copy=2"),
    "one escaped tag is text": ("the &lt;b&gt; element", "the <b> element"),
    "surrogate entity": ("a&#xD800;b", "a\ufffdb"),
    "control entity": ("a&#27;[31mb&#7;", "a[31mb"),
    "nul inside a tag": ("<scr\0ipt>x</scr\0ipt>y", "y"),
}


@pytest.mark.parametrize(("value", "expected"), MARKUP.values(), ids=MARKUP.keys())
def test_markup_goes_and_its_text_stays(value: str, expected: str) -> None:
    assert plain.to_line(value) == expected


def test_text_that_says_so_keeps_what_only_looks_like_markup() -> None:
    assert plain.to_line("if a <b and c> d", is_html=False) == "if a <b and c> d"


def test_paragraphs_follow_the_blocks_not_the_source_lines() -> None:
    value = "<p>One\n two</p>\n\n<ul><li>Three</li><li>Four</li></ul>"
    assert plain.to_paragraphs(value) == "One two\nThree\nFour"


def test_paragraphs_of_plain_text_follow_its_lines() -> None:
    assert plain.to_paragraphs("One\n\n two \r\nThree", is_html=False) == "One\ntwo\nThree"


def test_blanks_of_every_width_and_number_are_one() -> None:
    assert plain.to_paragraphs("One\u3000 two \xa0\tthree    four", is_html=False) == "One two three four"
    assert plain.to_line("  One \n\n   two  ") == "One two"


@pytest.mark.parametrize("value", [None, "", "   ", "<p></p>", "\u200b"])
def test_nothing_is_an_empty_text(value: str | None) -> None:
    assert plain.to_line(value) == plain.to_paragraphs(value) == ""


@given(st.text(max_size=200), st.booleans())
def test_a_line_never_holds_what_steers_a_terminal(text: str, is_html: bool) -> None:
    line = plain.to_line(text, is_html=is_html, limit=100)
    assert line == " ".join(line.split())
    assert len(line) <= 100
    line.encode("utf-8")
    assert not any(ord(c) < 32 or 0x7F <= ord(c) <= 0x9F or 0x202A <= ord(c) <= 0x202E for c in line)


@given(
    st.lists(
        st.sampled_from(["<", ">", "script", "/", "b", " ", "&lt;", "&amp;", "<!--", "-->", "\0", '"', "x"]),
        max_size=30,
    )
)
def test_no_script_survives_any_nesting(parts: list[str]) -> None:
    assert "<script>" not in plain.to_line("".join(parts) + "</p>")


@pytest.mark.parametrize(
    "piece",
    ['<a "', "<a '\"", "<b ", "<script ", "<script>", "<!--", "<iframe>", "&amp;", "&#", "\x1b]", "<<b>"],
)
def test_hostile_repetition_costs_linear_time(piece: str) -> None:
    started = time.process_time()
    plain.to_paragraphs(piece * (300_000 // len(piece)))
    assert time.process_time() - started < 3
