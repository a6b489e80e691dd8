"""Lines that cannot be tagged are named by their number, in a sentence of our own."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import pytest

from hubwatch.facts import compile_rules
from hubwatch.models import Vocabulary
from hubwatch.workflows import tag_lines

NOW = datetime(2026, 3, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        pytest.param(b"nonsense", "line 2: not JSON: Expecting value at column 1", id="words"),
        pytest.param(b'{"title": }', "line 2: not JSON: Expecting value at column 11", id="a value missing"),
        pytest.param(
            b'{"title": "broken of',
            "line 2: not JSON: Unterminated string starting at column 11",
            id="broken off",
        ),
        pytest.param(b'{"title": "\xff"}', "line 2: not UTF-8 text at byte 12", id="another encoding"),
        pytest.param(
            b'{"title": "x", "n": [NaN]}',
            "line 2: not JSON: it holds NaN, or a number beyond all bounds",
            id="no number",
        ),
        pytest.param(
            b'{"title": "x", "n": 1e400}',
            "line 2: not JSON: it holds NaN, or a number beyond all bounds",
            id="a number too large",
        ),
        pytest.param(
            b'{"n": ' + b"9" * 5000 + b"}",
            "line 2: not JSON that can be read: a number has too many digits",
            id="a number too long",
        ),
        pytest.param(b"[1]", "line 2: not a JSON object; write one object a line", id="an array"),
        pytest.param(b'{"title": 3}', "line 2: 'title' is not a string", id="a number"),
        pytest.param(
            b"[" * 200_000, "line 2: not JSON that can be read: nested too deeply", id="nested too deeply"
        ),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_answered(line: bytes, fault: str) -> None:
    good = b'{"title": "A call"}'
    answers = list(tag_lines.run([[good], [line, good]], compile_rules(Vocabulary()), now=NOW))
    assert [bool(answer) for answer, _ in answers] == [True, False, True]
    assert answers[1][1] == fault


def test_what_a_terminal_might_obey_is_escaped_and_nothing_is_lost() -> None:
    line = rb'{"title": "\u009b31m \u001b[2J \u202e \ud800 caf\u00e9 \ud83d\ude00"}'
    ((answer, _),) = tag_lines.run([[line]], compile_rules(Vocabulary()), now=NOW)
    assert answer is not None
    assert answer.rstrip("\n").isprintable()
    assert "café 😀" in answer
    assert json.loads(answer)["title"] == json.loads(line)["title"]


class _Pipe(io.BytesIO):
    """Gives what was written to it piece by piece, as a pipe does."""

    def __init__(self, *pieces: bytes) -> None:
        super().__init__()
        self.pieces = list(pieces)

    def read1(self, size: int | None = -1, /) -> bytes:
        return self.pieces.pop(0) if self.pieces else b""


@pytest.mark.parametrize(
    ("pieces", "batches"),
    [
        pytest.param((b"a\nb\n", b"c\n"), [[b"a", b"b"], [b"c"], [b""]], id="whole lines"),
        pytest.param((b"a\nb", b"b", b"b\nc"), [[b"a"], [b"bbb"], [b"c"]], id="a line in three pieces"),
        pytest.param((b"a",), [[b"a"]], id="no end of line"),
        pytest.param((), [[b""]], id="nothing"),
    ],
)
def test_lines_come_as_soon_as_they_are_whole(pieces: tuple[bytes, ...], batches: list[list[bytes]]) -> None:
    assert list(tag_lines.as_they_come(_Pipe(*pieces))) == batches


def test_not_too_many_lines_are_tagged_at_once() -> None:
    batches = list(tag_lines.as_they_come(_Pipe(b"a\n" * 1000)))
    assert max(map(len, batches)) == 256
    assert sum(map(len, batches[:-1])) == 1000


def test_of_an_endless_text_only_the_beginning_is_looked_at() -> None:
    line = json.dumps({"title": "A table", "summary": "word " * 25_000 + "They give $5 million."}).encode()
    ((answer, _),) = tag_lines.run([[line]], compile_rules(Vocabulary()), now=NOW)
    assert answer is not None
    assert json.loads(answer)["money_usd"] is None
