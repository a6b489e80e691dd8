"""A digest as CSV that a spreadsheet opens rightly, with formulas made harmless."""

from __future__ import annotations

import csv
import io

from hubwatch.models import Digest, Match
from hubwatch.render import json, safe

HEADING = "id,url,title,summary,published,source,hub,state,topics,kind,organizations,money_usd,deadline,score"
COLUMNS = tuple(HEADING.split(","))
_JOIN = "; "
_FORMULA = ("=", "+", "-", "@", "|", "%", "＝", "＋", "－", "＠")


def render(digest: Digest) -> str:
    """Write a digest as CSV with a heading row; lists are joined by `; `."""
    out = io.StringIO()
    # Spreadsheets take either end of line; line by line tools would find a CR in the last column.
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(safe.match(match)) for match in digest.ranked)
    return out.getvalue()


def _row(match: Match) -> list[str]:
    item = json.match(match)
    item["topics"] = _JOIN.join(tag["topic"] for tag in item["topics"])
    item["organizations"] = _JOIN.join(item["organizations"])
    return [_cell(item[name]) for name in COLUMNS]


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = str(value)
    if isinstance(value, int | float):
        return text
    # A spreadsheet runs a cell that begins so; the apostrophe makes it text (OWASP: CSV injection).
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text
