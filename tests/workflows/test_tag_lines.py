"""Lines that cannot be tagged are named by their number, in a sentence of our own."""

from __future__ import annotations

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
        pytest.param(b'{"title": "\xff"}', "line 2: not UTF-8 text at byte 12", id="another encoding"),
        pytest.param(b"[1]", "line 2: not a JSON object; write one object a line", id="an array"),
        pytest.param(b'{"title": 3}', "line 2: 'title' is not a string", id="a number"),
        pytest.param(
            b"[" * 200_000, "line 2: not JSON that can be read: nested too deeply", id="nested too deeply"
        ),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_answered(line: bytes, fault: str) -> None:
    good = b'{"title": "A call"}'
    answers = list(tag_lines.run([good, line, good], compile_rules(Vocabulary()), now=NOW))
    assert [bool(answer) for answer, _ in answers] == [True, False, True]
    assert answers[1][1] == fault
