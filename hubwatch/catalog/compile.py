"""Turn the readable TOML of this folder into the JSON that is loaded at run time (much faster).

Of each file its like, and of all that tagging goes by one with its phrases spelled out (`tagging.json`).

Run `python -m hubwatch.catalog.compile` after each change of a *.toml; a test holds both in step.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

from hubwatch import facts
from hubwatch.catalog import COMPILED, vocabulary

FOLDER = Path(__file__).parent


def compile_text(path: Path) -> str:
    """Give the JSON text that stands for one TOML file."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=False) + "\n"


def tagging_text() -> str:
    """Give the JSON text of what tagging goes by, made of the compiled files."""
    rules = facts.compile_rules(vocabulary.load())
    return json.dumps(facts.tables(rules), ensure_ascii=False, separators=(",", ":")) + "\n"


def compile_all() -> tuple[Path, ...]:
    """Write compiled/<name>.json for every *.toml of the folder, and then compiled/tagging.json."""
    COMPILED.mkdir(exist_ok=True)
    written = []
    for path in sorted(FOLDER.glob("*.toml")):
        target = COMPILED / f"{path.stem}.json"
        target.write_text(compile_text(path), encoding="utf-8")
        written.append(target)
    target = COMPILED / "tagging.json"
    target.write_text(tagging_text(), encoding="utf-8")
    written.append(target)
    return tuple(written)


if __name__ == "__main__":
    for target in compile_all():
        print(target)
