"""Answers of Grants.gov's search."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from hubwatch.errors import ParseError
from hubwatch.fetchers import grants_gov
from hubwatch.models import Document, RawItem, Source

URL = "https://api.grants.gov/v1/api/search2"
SOURCE = Source(id="grants", name="Grants.gov", url=URL, kind="grants-gov", query="manufacturing")
HIT = {
    "id": "358123",
    "number": "2026-NIST-MEP-01",
    "title": "Manufacturing Extension Partnership Centers & more",
    "agencyCode": "DOC-NIST",
    "agency": "National Institute of Standards and Technology",
    "openDate": "10/01/2026",
    "closeDate": "1/5/2027",
    "oppStatus": "posted",
    "docType": "synopsis",
    "cfdaList": ["11.611"],
}


def document(value: Any) -> Document:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    now = datetime(2026, 10, 6, tzinfo=UTC)
    return Document(url=SOURCE.url, requested_url=SOURCE.url, status=200, body=body, fetched_at=now)


def answer(*hits: Any, **data: Any) -> dict[str, Any]:
    return {
        "errorcode": 0,
        "msg": "Webservice Succeeds",
        "data": {"hitCount": len(hits), "oppHits": list(hits)} | data,
    }


@pytest.mark.parametrize("shape", ["search2", "older service"])
def test_an_opportunity_becomes_an_item(shape: str) -> None:
    said = answer(HIT) if shape == "search2" else answer(HIT)["data"]
    agency = "National Institute of Standards and Technology"
    assert grants_gov.parse(document(said), SOURCE).items == (
        RawItem(
            guid="358123",
            url="https://www.grants.gov/search-results-detail/358123",
            title="Manufacturing Extension Partnership Centers & more",
            summary=f"Funding opportunity 2026-NIST-MEP-01 of {agency}; status: posted; closes 2027-01-05.",
            body_is_html=False,
            published="2026-10-01",
            categories=("posted",),
            deadline="2027-01-05",
            organizations=(agency,),
        ),
    )


def test_a_forecast_without_dates() -> None:
    bare = {"id": 9, "title": "Forecast", "oppStatus": "forecasted", "openDate": "", "closeDate": None}
    read = grants_gov.parse(document(answer(bare)), SOURCE).items[0]
    assert (read.guid, read.published, read.deadline, read.organizations) == ("9", None, None, ())


def test_more_hits_than_rows_are_told() -> None:
    page = grants_gov.parse(document(answer(HIT, hitCount=240)), SOURCE)
    assert page.problems == ("1 of 240 opportunities were given; narrow the query",)


def test_hits_without_a_title_are_no_items() -> None:
    assert grants_gov.parse(document(answer({"id": "1"}, None, "x")), SOURCE).items == ()


@pytest.mark.parametrize(
    ("value", "code", "said"),
    [
        ({"errorcode": 1, "msg": "Invalid request"}, "no-list", "Invalid request"),
        ({"message": "Forbidden"}, "no-list", "Forbidden"),
        ([], "no-list", "no list"),
        (b"<html><title>Access Denied</title></html>", "bot-wall", "robots"),
        (b"oops", "not-json", "not JSON"),
    ],
)
def test_faults_are_told(value: Any, code: str, said: str) -> None:
    with pytest.raises(ParseError) as caught:
        grants_gov.parse(document(value), SOURCE)
    assert caught.value.code == code
    assert said in caught.value.message


def test_the_request_asks_for_open_and_announced_ones() -> None:
    assert json.loads(grants_gov.request_body('friction "stir" é')) == {
        "keyword": 'friction "stir" é',
        "oppStatuses": "forecasted|posted",
        "sortBy": "openDate|desc",
        "rows": 100,
    }
