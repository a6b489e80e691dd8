"""The settings of fetching and of mail."""

from __future__ import annotations

from typing import Literal

from hubwatch.models.dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """How sources are asked: `[fetch]` of the config."""

    jobs: int = 64
    per_host: int = 2
    delay_s: float = 1.0
    timeout_s: float = 20.0
    max_bytes: int = 10_000_000
    max_items: int = 5000
    allow_private: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailSettings:
    """How mail is sent: `[email]` of the config. The password never stands here."""

    host: str | None = None
    port: int = 25
    sender: str | None = None  # `from`
    user: str | None = None
    security: Literal["none", "starttls", "tls"] = "none"
