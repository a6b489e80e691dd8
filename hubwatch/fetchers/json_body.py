"""A JSON body to Python values, with every fault as a ParseError in plain words. Pure."""

from __future__ import annotations

import json
from typing import Any

from hubwatch.errors import ParseError
from hubwatch.fetchers import refusals
from hubwatch.models import Document
from hubwatch.text import bytes as text_bytes


def load(document: Document, wanted: str) -> Any:
    """Read the body as JSON; `wanted` names in words what was asked for."""
    text = text_bytes.decode(document.body, document.content_type).strip("\ufeff \t\r\n\x00")
    try:
        return json.loads(text, strict=False)  # templates print line breaks within strings
    except (ValueError, RecursionError) as error:
        hindrance = refusals.obstacle(document, wanted)
        if hindrance is None:
            hindrance = ParseError(
                "not-json", f"what came is not JSON, so it is not {wanted}", url=document.url
            )
        raise hindrance from error


def text_of(value: object) -> str:
    """Give a scalar as text, anything else as the empty string."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value) if abs(value) < 10**300 else ""


def dicts_of(value: object) -> list[dict[str, Any]]:
    """Give the objects of a list, leaving out what is none."""
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
