"""Bytes to text by mark, declaration and content."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubwatch.text.bytes import decode

TEXT = "Café – “Zürich” ñ"
CASES = {
    "utf-8 undeclared": (TEXT.encode(), None, TEXT),
    "utf-8 by header": (TEXT.encode(), "text/xml; charset=UTF-8", TEXT),
    "the label utf8": (TEXT.encode() + b"\xff", "text/xml; charset=utf8", TEXT + "\ufffd"),
    "utf-8 declared latin": (TEXT.encode(), "text/html; charset=ISO-8859-1", TEXT),
    "utf-8 mark": (codecs.BOM_UTF8 + TEXT.encode(), None, TEXT),
    "utf-8 mark beats header": (codecs.BOM_UTF8 + TEXT.encode(), "text/xml; charset=utf-16", TEXT),
    "utf-16 little mark": (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), None, TEXT),
    "utf-16 big mark": (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), None, TEXT),
    "utf-32 mark": (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), None, TEXT),
    "utf-16 without mark": (TEXT.encode("utf-16-le"), None, TEXT),
    "utf-16 declared without mark": (TEXT.encode("utf-16-be"), "text/xml; charset=utf-16", TEXT),
    "ascii that says utf-16": (b"plain text", "text/xml; charset=utf-16", "plain text"),
    "windows undeclared": (TEXT.encode("cp1252"), None, TEXT),
    "windows said latin": (TEXT.encode("cp1252"), 'text/html; charset="iso-8859-1"', TEXT),
    "windows said utf-8": (TEXT.encode("cp1252"), "text/xml; charset=utf-8", TEXT),
    "one odd byte said utf-8": (b"caf\xe9", "text/xml; charset=utf-8", "caf\ufffd"),
    "cut characters said utf-8": (
        b"don\xe2\x80 won\xe2\x80",
        "text/xml; charset=utf-8",
        "don\ufffd won\ufffd",
    ),
    "bad bytes far behind": (b"a" * 300_000 + b"\xe9" + TEXT.encode(), None, "a" * 300_000 + "\ufffd" + TEXT),
    "header": ("Łódź".encode("iso-8859-2"), "text/xml; charset=iso-8859-2", "Łódź"),
    "japanese": ("製造".encode("iso-2022-jp"), "text/html; charset=iso-2022-jp", "製造"),
    "shift-jis": ("製造業".encode("cp932"), "text/html; charset=Shift_JIS", "製造業"),
    "unknown label": (TEXT.encode(), "text/xml; charset=x-nonsense", TEXT),
    "codec that is no text": (b"abc", "text/xml; charset=zip", "abc"),
    "utf-7 is refused": (b"+ADw-script+AD4-", "text/html; charset=utf-7", "+ADw-script+AD4-"),
    "empty": (b"", None, ""),
}


@pytest.mark.parametrize(("body", "content_type", "expected"), CASES.values(), ids=CASES.keys())
def test_text_is_read_by_what_fits(body: bytes, content_type: str | None, expected: str) -> None:
    assert decode(body, content_type) == expected


def test_one_bad_byte_costs_one_character() -> None:
    body = '<?xml version="1.0" encoding="UTF-8"?><t>America’s caf'.encode() + b"\xe9" + "é – ü</t>".encode()
    assert decode(body, "text/xml") == '<?xml version="1.0" encoding="UTF-8"?><t>America’s caf\ufffdé – ü</t>'


def test_the_prolog_is_read_where_the_header_says_only_the_default() -> None:
    body = '<?xml version="1.0" encoding="iso-8859-2"?><t>Łódź</t>'.encode("iso-8859-2")
    assert "Łódź" in decode(body, "text/xml; charset=us-ascii")


def test_the_meta_element_is_read() -> None:
    body = (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1250">Łódź'.encode(
            "cp1250"
        )
    )
    assert decode(body, "text/html").endswith("Łódź")


@given(
    st.binary(max_size=200), st.none() | st.text(max_size=40).map(lambda label: f"text/xml; charset={label}")
)
def test_nothing_raises(body: bytes, content_type: str | None) -> None:
    assert isinstance(decode(body, content_type), str)
