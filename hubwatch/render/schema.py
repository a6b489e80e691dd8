"""The JSON Schema of one item, as `hubwatch digest --schema` prints it."""

from __future__ import annotations

import json
from typing import Any

from hubwatch.models import ITEM_KINDS

_TEXT = {"type": "string"}
_TEXT_OR_NULL = {"type": ["string", "null"]}
_TIME = {"type": "string", "format": "date-time"}


def schema() -> dict[str, Any]:
    """Return the schema: the keys are always there; more may be added, none is taken away."""
    properties: dict[str, Any] = {
        "id": {**_TEXT, "description": "stable across runs and machines"},
        "url": {"type": ["string", "null"], "format": "uri", "description": "canonical link"},
        "title": _TEXT,
        "summary": {**_TEXT, "description": "plain text; empty where there is none"},
        "published": {"type": ["string", "null"], "format": "date-time"},
        "first_seen": _TIME,
        "updated": _TIME,
        "source": _TEXT_OR_NULL,
        "source_name": _TEXT_OR_NULL,
        "hub": _TEXT_OR_NULL,
        "state": _TEXT_OR_NULL,
        "topics": {"type": "array", "items": _topic()},
        "kind": {"enum": list(ITEM_KINDS)},
        "organizations": {"type": "array", "items": _TEXT},
        "money_usd": {"type": ["number", "null"], "minimum": 0},
        "deadline": {"type": ["string", "null"], "format": "date"},
        "also": {"type": "array", "items": _carried()},
        "score": {"type": "number", "minimum": 0, "maximum": 1},
        "reasons": {"type": "array", "items": _TEXT},
        "open": {"type": "boolean", "description": "a call that can still be answered"},
        "open_by": {"enum": ["deadline", "recency", None]},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "hubwatch item",
        "type": "object",
        "properties": properties,
        "required": list(properties),
    }


def text() -> str:
    """Return the schema as text."""
    return json.dumps(schema(), indent=2) + "\n"


def _topic() -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "topic": _TEXT,
            "score": {"type": "number", "minimum": 0.5, "maximum": 1},
            "matches": {"type": "array", "items": _TEXT},
        },
        "required": ["topic", "score", "matches"],
    }


def _carried() -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"source": _TEXT, "url": _TEXT_OR_NULL},
        "required": ["source", "url"],
    }
