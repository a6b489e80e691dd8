"""Answers of Grants.gov's public search (`search2`, a POST without a key) to RawItems. Pure.

Written from the public description of the service and its users' code; not tried live.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

from hubwatch.errors import ParseError
from hubwatch.fetchers import json_body
from hubwatch.fetchers.limit import MAX_ITEMS, notice
from hubwatch.models import Document, Page, RawItem, Source
from hubwatch.text import plain

_ROWS = 100  # of one answer
DETAIL_URL = "https://www.grants.gov/search-results-detail/"

_US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_US_STYLE_DATE_LENGTH = 40


def request_body(query: str) -> str:
    """Write the JSON to POST: open and announced opportunities for these words, newest first."""
    asked = {"keyword": query, "oppStatuses": "forecasted|posted", "sortBy": "openDate|desc", "rows": _ROWS}
    return json.dumps(asked, ensure_ascii=False)


def parse(document: Document, source: Source, *, max_items: int = MAX_ITEMS) -> Page:
    """Read the answer to a search; ParseError if it is a fault or no such answer."""
    answer = json_body.load(document, "an answer of Grants.gov")
    data = answer.get("data", answer) if isinstance(answer, dict) else None
    if not isinstance(data, dict) or not isinstance(data.get("oppHits"), list):
        said = (
            json_body.text_of(answer.get("msg") or answer.get("message")) if isinstance(answer, dict) else ""
        )
        reason = f': "{plain.to_line(said, limit=120)}"' if said else ""
        raise ParseError("no-list", f"Grants.gov gave no list of opportunities{reason}", url=document.url)
    hits = [hit for hit in json_body.dicts_of(data["oppHits"]) if json_body.text_of(hit.get("title"))]
    total = json_body.text_of(data.get("hitCount"))
    problems = notice(len(hits) - max_items, max_items)
    if total.isdecimal() and len(total) < 10 and int(total) > len(data["oppHits"]):
        problems += (
            f"{len(data['oppHits']):,} of {int(total):,} opportunities were given; narrow the query",
        )
    return Page(
        items=tuple(_item(hit) for hit in hits[:max_items]), problems=problems, how="Grants.gov opportunities"
    )


def _item(hit: dict[str, Any]) -> RawItem:
    get = json_body.text_of
    id_, number, status = get(hit.get("id")), get(hit.get("number")), get(hit.get("oppStatus"))
    agency = get(hit.get("agencyName")) or get(hit.get("agency")) or get(hit.get("agencyCode"))
    opened, closes = _iso(get(hit.get("openDate"))), _iso(get(hit.get("closeDate")))
    said = [
        f"Funding opportunity {number}".strip() + (f" of {agency}" if agency else ""),
        f"status: {status}" if status else "",
        f"closes {closes}" if closes else "",
    ]
    return RawItem(
        guid=id_ or number or None,
        url=DETAIL_URL + quote(id_, safe="") if id_ else None,
        title=get(hit.get("title"))[:2_000],
        summary="; ".join(part for part in said if part) + ".",
        body_is_html=False,
        published=opened or None,
        categories=(status,) if status else (),
        deadline=closes or None,
        organizations=(agency,) if agency else (),
    )


def _iso(text: str) -> str:
    """Turn the service's month/day/year around, so that nobody has to guess the order."""
    found = _US_DATE.match(text)
    if not found:
        return text[:_US_STYLE_DATE_LENGTH]
    return f"{found[3]}-{int(found[1]):02d}-{int(found[2]):02d}"
