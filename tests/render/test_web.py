"""The HTML digest: nothing is loaded, nothing runs, and it can be used by keyboard, ear and print."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import html5lib
import pytest

from hubwatch.models import Digest
from hubwatch.render import web

SVG = "{http://www.w3.org/2000/svg}"


def parse(text: str) -> Any:
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


def contrast(one: str, other: str) -> float:
    def luminance(color: str) -> float:
        parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


PAIRS = [
    ("ink", "paper"), ("ink", "panel"), ("strong", "paper"), ("soft", "paper"), ("soft", "panel"),
    ("accent", "paper"), ("link", "paper"), ("warn", "paper"), ("call_ink", "call"), ("soon_ink", "soon"),
    ("strong", "mark"), ("paper", "strong"),
]  # fmt: skip


@pytest.mark.parametrize("palette", [web.LIGHT, web.DARK, web.PRINT], ids=["light", "dark", "print"])
@pytest.mark.parametrize(("text", "ground"), PAIRS, ids=lambda name: name)
def test_text_stands_out_enough(palette: dict[str, str], text: str, ground: str) -> None:
    assert contrast(palette[text], palette[ground]) >= 4.5


@pytest.mark.parametrize("palette", [web.LIGHT, web.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["bar", "accent", "link"])
def test_what_is_drawn_stands_out_enough(palette: dict[str, str], name: str) -> None:
    assert contrast(palette[name], palette["paper"]) >= 3


def test_the_policy_forbids_everything_but_its_own_styles(digest: Digest) -> None:
    policy = parse(web.render(digest)).find(".//meta[@http-equiv='Content-Security-Policy']").get("content")
    assert policy.split("; ")[:2] == ["default-src 'none'", "style-src 'unsafe-inline'"]


def test_nothing_is_loaded_or_run(digest: Digest) -> None:
    text = web.render(digest)
    names = {element.tag for element in parse(text).iter()}
    assert not names & {
        "script",
        "link",
        "img",
        "iframe",
        "object",
        "embed",
        "video",
        "audio",
        "form",
        "base",
    }
    assert "@import" not in text
    assert "url(" not in text
    assert not re.search(r"\son\w+=", text)


def test_landmarks_headings_and_labels(digest: Digest) -> None:
    tree = parse(web.render(digest))
    assert tree.get("lang") == "en"
    assert [len(tree.findall(f".//{name}")) for name in ("header", "main", "nav", "footer", "h1")] == [1] * 5
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for element in tree.iter():
        for wanted in (element.get("aria-labelledby"), (element.get("href") or "")[1:]):
            if wanted and (element.get("aria-labelledby") or (element.get("href") or "").startswith("#")):
                assert wanted in ids
    levels = [int(e.tag[1]) for e in tree.iter() if re.fullmatch(r"h\d", str(e.tag))]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_first_stop_of_the_keyboard_leads_to_the_items(digest: Digest) -> None:
    first = next(parse(web.render(digest)).iter("a"))
    assert (first.get("class"), first.get("href")) == ("skip", "#items")


def test_thousands_are_set_off(digest: Digest) -> None:
    trend = replace(digest.trends[0], counts=(*digest.trends[0].counts[:-1], 1200))
    section = replace(digest.sections[0], matches=digest.ranked[:1] * 1100)
    page = web.render(replace(digest, sections=(section, section), trends=(trend,)))
    assert "1,200 this month" in page
    assert page.count("1,100</span>") == 4
    assert "1100" not in page


def test_charts_say_their_numbers_in_words(digest: Digest) -> None:
    drawings = list(parse(web.render(digest)).iter(f"{SVG}svg"))
    assert len(drawings) == 2
    assert drawings[0].get("role") == "img"
    assert (
        drawings[0].get("aria-label").startswith("Lightweight metals, items by month: Apr 2025 3, May 2025 5")
    )
    heights = [float(bar.get("height")) for bar in drawings[0].iter(f"{SVG}rect")]
    assert heights.index(max(heights)) == 7
    assert heights[4] == 0


def test_without_trends_there_is_no_chart(digest: Digest) -> None:
    assert "<svg" not in web.render(replace(digest, trends=()))


def test_a_hit_is_marked(digest: Digest) -> None:
    match = replace(digest.ranked[0], context="cast \ue000AZ31B\ue001 <walls>")
    section = replace(digest.sections[0], matches=(match,))
    assert ">cast <mark>AZ31B</mark> &lt;walls&gt;" in web.render(replace(digest, sections=(section,)))


def test_in_a_mail_the_drawings_are_characters(digest: Digest) -> None:
    text = web.render(digest, mail=True)
    assert "<svg" not in text
    assert "▂▄▆▂ ▃▆█▅▄█▃" in text
