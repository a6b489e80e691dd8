"""Turn the readable TOML of this folder into the JSON that is loaded at run time (much faster).

Run `python -m hubwatch.catalog.compile` after each change of a *.toml; a test holds both in step.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

FOLDER = Path(__file__).parent
COMPILED = FOLDER / "compiled"


def compile_text(path: Path) -> str:
    """Give the JSON text that stands for one TOML file."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=False) + "\n"


def compile_all() -> tuple[Path, ...]:
    """Write compiled/<name>.json for every *.toml of the folder."""
    COMPILED.mkdir(exist_ok=True)
    written = []
    for path in sorted(FOLDER.glob("*.toml")):
        target = COMPILED / f"{path.stem}.json"
        target.write_text(compile_text(path), encoding="utf-8")
        written.append(target)
    return tuple(written)


if __name__ == "__main__":
    for target in compile_all():
        print(target)
