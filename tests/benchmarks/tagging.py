"""`hubwatch tag` as a whole process over many items, and its matcher against a loop over all phrases."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import measure

from hubwatch.catalog import vocabulary
from hubwatch.facts.tokens import split

_GOLD = Path(__file__).parent.parent / "data" / "gold"


def gold_like(count: int) -> list[dict[str, Any]]:
    """Return so many items, each with the title of one labeled announcement and the summary of another."""
    lines = [line for path in sorted(_GOLD.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    gold = [json.loads(line) for line in lines]
    n = len(gold)
    return [
        {
            "title": gold[number % n]["title"],
            "summary": gold[(number * 7 + number // n) % n]["summary"],
            "published": gold[number % n]["published"],
        }
        for number in range(count)
    ]


def whole_process(count: int, runs: int = 3) -> tuple[float, float]:
    """Return the least CPU seconds and the peak of megabytes of `hubwatch tag` over so many items."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "items.jsonl"
        path.write_text("".join(f"{json.dumps(item)}\n" for item in gold_like(count)), encoding="utf-8")
        command = [sys.executable, "-m", "hubwatch", "tag"]
        found = [measure.once(command, stdin=path) for _ in range(runs)]
    assert {run.code for run in found} == {0}
    return min(run.cpu_s for run in found), max(run.peak_mb for run in found)


def matcher_and_loop(count: int = 200) -> tuple[float, float, int]:
    """Return the ms an item that the matcher and a plain loop take, and how many phrases they look for."""
    topics = vocabulary.topics()
    terms = {term for topic in topics for term in (*topic.terms, *topic.names, *topic.weak, *topic.context)}
    phrases = [term.removeprefix("title:").strip("=*").lower() for term in terms]
    texts = [f"{item['title']}\n{item['summary']}" for item in gold_like(count)]
    book = vocabulary.rules().topics.book

    def least(work: Callable[[str], Any]) -> float:
        times = []
        for _ in range(5):
            began = time.process_time()
            for text in texts:
                work(text)
            times.append(time.process_time() - began)
        return min(times) * 1000 / count

    def loop(text: str) -> list[str]:
        lower = text.lower()
        return [phrase for phrase in phrases if phrase in lower]

    return least(lambda text: book.find(split(text))), least(loop), len(phrases)


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", "--items", type=int, default=20_000)
    most = parser.parse_args().items
    rows = []
    for count in (0, most // 10, most):
        cpu_s, peak_mb = whole_process(count)
        rows.append([f"{count:,}", f"{cpu_s:.2f}", f"{count / cpu_s:,.0f}", f"{peak_mb:.0f}"])
    print("\n## hubwatch tag, whole process, least of 3\n")
    print(measure.table(["items", "CPU s", "items a second", "peak MB"], rows))
    matcher, loop, count = matcher_and_loop()
    print(f"\n## {count:,} phrases in a title and summary\n")
    rows = [["the matcher", f"{matcher:.3f}"], ["`in`, phrase by phrase", f"{loop:.3f}"]]
    print(measure.table(["", "ms an item"], rows), flush=True)


if __name__ == "__main__":
    main()
