"""Work in a process of its own: its results, its errors, and its end."""

from __future__ import annotations

import asyncio
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from hubwatch.errors import FetchError, ParseError
from hubwatch.text import plain
from hubwatch.workflows import one_document
from hubwatch.workflows.apart import Apart

T = TypeVar("T")


def with_process(use: Callable[[Apart], Awaitable[T]]) -> T:
    async def run() -> T:
        process = await Apart.start()
        try:
            return await use(process)
        finally:
            await process.end()

    return asyncio.run(run())


def test_pieces_come_back_in_their_order_and_from_elsewhere() -> None:
    async def use(process: Apart) -> list[object]:
        return await asyncio.gather(
            process.do(plain.to_line, "<p>one</p>"), process.do(os.getpid), process.do(len, "x" * 3_000_000)
        )

    line, pid, length = with_process(use)
    assert (line, length) == ("one", 3_000_000)
    assert pid != os.getpid()


def test_modules_come_from_where_they_do_here() -> None:
    assert with_process(lambda process: process.do(eval, "__import__('sys').path")) == sys.path


def test_what_is_no_name_of_a_place_is_not_handed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    places = sys.path[:]
    monkeypatch.setattr(sys, "path", [*places, Path("odd")])
    assert with_process(lambda process: process.do(eval, "__import__('sys').path")) == places


def test_python_that_heeds_no_environment_starts_one_like_it(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(1)")
    program = (
        f"import sys; sys.path[:] = {sys.path!r}\n"
        "import asyncio; from hubwatch.workflows.apart import Apart\n"
        "async def run():\n"
        "    process = await Apart.start()\n"
        "    print(await process.do(str, 5))\n"
        "    await process.end()\n"
        "asyncio.run(run())"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", program],
        env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True, check=False,
    )  # fmt: skip
    assert (done.stdout.strip(), done.stderr) == (b"5", b"")


def test_an_error_is_raised_here_and_the_next_piece_is_done() -> None:
    async def use(process: Apart) -> str:
        with pytest.raises(ZeroDivisionError):
            await process.do(divmod, 1, 0)
        return await process.do(str, 5)

    assert with_process(use) == "5"


def test_an_error_that_cannot_be_sent_says_its_name() -> None:
    async def use(process: Apart) -> None:
        await process.do(exec, "class Odd(Exception): pass\nraise Odd('so')")

    with pytest.raises(RuntimeError, match="Odd: so"):
        with_process(use)


def test_what_is_printed_there_stays_out_of_the_answers() -> None:
    async def use(process: Apart) -> str:
        await process.do(print, "loud")
        return await process.do(str, 1)

    assert with_process(use) == "1"


def test_what_nobody_can_end_any_more_ends_by_itself() -> None:
    resource = pytest.importorskip("resource")
    found = with_process(
        lambda process: process.do(one_document.bounded, resource.getrlimit, resource.RLIMIT_CPU)
    )
    assert 0 < found[0] <= 60


def test_a_system_that_bounds_no_memory_does_the_work_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    resource = pytest.importorskip("resource")

    def refuse(what: int, limits: tuple[int, int]) -> None:
        raise ValueError("current limit exceeds maximum limit")

    monkeypatch.setattr(resource, "setrlimit", refuse)
    assert one_document.bounded(str, 5) == "5"


@pytest.mark.parametrize("ends", ["on its own", "by us"])
def test_after_its_end_all_that_waits_is_told(ends: str) -> None:
    async def use(process: Apart) -> None:
        last = asyncio.create_task(
            process.do(os._exit, 3) if ends == "on its own" else process.do(time.sleep, 60)
        )
        await asyncio.sleep(0)
        waiting = asyncio.create_task(process.do(str, 1))
        await asyncio.sleep(0)
        if ends == "by us":
            await process.end()
        for task in (last, waiting):
            with pytest.raises(OSError, match="ended"):
                await task
        with pytest.raises(OSError, match="ended"):
            await process.do(str, 1)

    with_process(use)


def test_a_piece_that_cannot_be_sent_leaves_the_next_its_answer() -> None:
    async def use(process: Apart) -> str:
        with pytest.raises((AttributeError, TypeError, pickle.PicklingError)):
            await process.do(str, lambda: None)
        return await asyncio.wait_for(process.do(str, 5), 30)

    assert with_process(use) == "5"


def test_an_answer_that_cannot_be_read_is_the_end() -> None:
    made = "type('Odd', (), {'__reduce__': lambda self: (int, ('x',))})()"

    async def use(process: Apart) -> None:
        for work in (made, "1"):
            with pytest.raises(OSError, match="ended"):
                await asyncio.wait_for(process.do(eval, work), 30)

    with_process(use)


def test_who_is_canceled_while_ending_it_leaves_nobody_waiting() -> None:
    async def use(process: Apart) -> None:
        waiting = asyncio.create_task(process.do(time.sleep, 60))
        await asyncio.sleep(0)
        ending = asyncio.create_task(process.end())
        await asyncio.sleep(0)
        ending.cancel()
        with pytest.raises(OSError, match="ended"):
            await asyncio.wait_for(waiting, 30)

    with_process(use)


@pytest.mark.parametrize(
    "error",
    [
        ParseError("no-list", "no news list", url="https://example.org/", hint="try another"),
        FetchError("http-503", "not now", url="https://example.org/", status=503, size_bytes=7),
    ],
)
def test_our_errors_come_over_whole(error: Exception) -> None:
    restored = pickle.loads(pickle.dumps(error))
    assert (type(restored), str(restored), vars(restored)) == (type(error), str(error), vars(error))
