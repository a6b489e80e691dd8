"""Pages of the docs on a terminal: reflowed, code untouched, no escapes unless allowed."""

from __future__ import annotations

import re

import pytest

from hubwatch.render import pages

TEXT = """# The title

A paragraph with `short code` and **bold** words that is long enough to be put on several lines of a narrow
terminal, with a [link](https://example.org/a_b).

- one
- two, which is so long that it has to go on in the next line, indented as far
  as its beginning

```sh
hubwatch digest --json | jq '.[] | .title'

   kept  as it is
```

| key | holds |
| --- | --- |
| `id` | the id |
"""


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_text_is_as_wide_as_the_terminal(width: int) -> None:
    lines = pages.render(TEXT, width=width, styled=False).splitlines()
    assert max(len(line) for line in lines if not line.startswith("    ")) <= min(width, 100)


def test_code_is_kept_as_it_stands() -> None:
    out = pages.render(TEXT, width=40, styled=False)
    assert "    hubwatch digest --json | jq '.[] | .title'\n    \n       kept  as it is\n" in out
    assert "`short code`" in out


def test_marks_become_styles_where_these_are_allowed() -> None:
    styled = pages.render(TEXT, width=80, styled=True)
    assert "\x1b[1mbold\x1b[0m" in styled
    assert "`" not in styled.replace("'", "")
    assert "\x1b" not in pages.render(TEXT, width=80, styled=False)
    assert "link (https://example.org/a_b)" in re.sub(r"\s+", " ", styled)


def test_lists_and_tables_are_set_out() -> None:
    lines = pages.render(TEXT, width=60, styled=False).splitlines()
    assert "- one" in lines
    at = lines.index("- one")
    assert lines[at + 2].startswith("  ")
    assert "id   the id" in lines


def test_the_title_is_the_first_heading() -> None:
    assert pages.title(TEXT) == "The title"
    assert pages.title("nothing") == ""


def test_headings_and_rows_that_are_set_off_are_broken_at_words() -> None:
    long = "what an item that is looked for fits by, best first"
    page = f"# {long}\n\n| {long} | its fit |\n| --- | --- |\n| {long} | {long} |\n"
    lines = pages.render(page, width=40, styled=False).splitlines()
    assert max(map(len, lines)) <= 40
    assert " ".join(" ".join(lines).split()) == f"{long.upper()} {long} {long}"
