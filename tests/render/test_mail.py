"""The mail of a digest: who it is from and to, and its one id."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hubwatch.errors import UsageError
from hubwatch.models import Digest
from hubwatch.render import mail

FROM, TO = "hubwatch@example.com", "alice@example.com"


def id_of(digest: Digest, *, recipient: str = TO) -> str:
    return str(mail.render(digest, sender=FROM, recipient=recipient)["Message-ID"])


def test_a_digest_sent_again_after_a_failure_has_the_same_id(digest: Digest) -> None:
    assert id_of(digest) == id_of(replace(digest, created=digest.created + timedelta(hours=1)))


@pytest.mark.parametrize("change", ["day", "items", "profile", "recipient"])
def test_another_digest_has_another_id(change: str, digest: Digest) -> None:
    other = {
        "day": replace(digest, created=digest.created + timedelta(days=1)),
        "items": replace(digest, ranked=digest.ranked[1:]),
        "profile": replace(digest, profile="bob"),
        "recipient": digest,
    }[change]
    assert id_of(digest) != id_of(other, recipient="bob@example.com" if change == "recipient" else TO)


def test_it_says_that_it_is_automatic_and_offers_no_list_commands(digest: Digest) -> None:
    message = mail.render(digest, sender=FROM, recipient=TO)
    assert message["Auto-Submitted"] == "auto-generated"
    assert "List-Unsubscribe" not in message
    assert message["Subject"] == "Hub digest for alice · Mar 2 to Mar 16 · 5 items"


@pytest.mark.parametrize(
    ("written", "header"),
    [
        ("alice@example.com", "alice@example.com"),
        ("Alice Ångström <alice@example.com>", "Alice Ångström <alice@example.com>"),
        ("a@example.com, b@example.com", "a@example.com, b@example.com"),
    ],
    ids=["bare", "with a name", "several"],
)
def test_recipients(written: str, header: str, digest: Digest) -> None:
    assert mail.render(digest, sender=FROM, recipient=written)["To"] == header


@pytest.mark.parametrize(
    "written",
    ["", "alice", "a b@example.com", "a@example.com\nBcc: x@evil.test", "@example.com", "a@", "a@b\x00.com"],
)
def test_what_is_no_address_is_refused(written: str, digest: Digest) -> None:
    with pytest.raises(UsageError, match="no mail address"):
        mail.render(digest, sender=FROM, recipient=written)
    with pytest.raises(UsageError, match="no mail address"):
        mail.render(digest, sender=written, recipient=TO)


def test_a_name_that_decodes_to_a_header_stays_text(digest: Digest) -> None:
    message = mail.render(digest, sender=FROM, recipient="=?utf-8?q?x=0ABcc=3A_y?= <alice@example.com>")
    assert b"\nBcc" not in message.as_bytes()
