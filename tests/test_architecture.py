"""Hold the house's rules: imports go down only, each outside thing has one door, modules stay small."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "hubwatch"
MODULES = sorted(PACKAGE.rglob("*.py"))

# Lower first. A room may import from those above it in this list, and from itself.
FLOORS = (
    ("errors", "models", "__init__"),
    ("text",),
    ("fetchers", "facts", "item_ids", "normalize", "identity", "molds", "likeness", "stories", "politeness"),
    ("profiles",),
    ("digest",),
    ("catalog",),
    (
        "config",
        "config_check",
        "config_edit",
        "config_lines",
        "config_schema",
        "config_show",
        "config_values",
        "net",
        "store",
    ),
    ("workflows", "render"),
    ("cli", "__main__"),
)
FLOOR_OF = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
# Along one floor, in the order listed in the house's picture.
SIDEWAYS = {("workflows", "render"): False, ("render", "workflows"): False, ("net", "store"): False}

DOORS = {
    "httpx": ("net/",),
    "httpcore": ("net/",),
    "sqlite3": ("store/",),
    "sqlite_utils": ("store/",),
    "rich": ("render/screen.py", "render/terminal.py", "render/charts.py", "cli/progress.py"),
    "typer": ("cli/",),
    "click": (),
    "feedparser": ("fetchers/feed_lenient.py",),
    "bs4": ("fetchers/",),
    "smtplib": ("net/",),
    "socket": ("net/",),
    "tomllib": ("config.py", "config_edit.py", "catalog/"),
    "tomlkit": ("config_edit.py",),
}


def _room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _imports(path: Path) -> list[tuple[int, str]]:
    """All imported module names of a file, with their lines, wherever the import stands."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            found += [(node.lineno, name) for name in (names if node.module == "hubwatch" else [node.module])]
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_go_down_only(path: Path) -> None:
    here = _room(path)
    for line, name in _imports(path):
        if not name.startswith("hubwatch."):
            continue
        there = name.split(".")[1]
        if there == here or there == "__version__":
            continue
        assert FLOOR_OF[there] <= FLOOR_OF[here], f"{path}:{line}: {here} imports {there}, which is above it"
        assert SIDEWAYS.get((here, there), True), f"{path}:{line}: {here} imports {there} beside it"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_each_outside_thing_has_one_door(path: Path) -> None:
    place = path.relative_to(PACKAGE).as_posix()
    for line, name in _imports(path):
        doors = DOORS.get(name.split(".")[0])
        if doors is not None:
            assert place.startswith(doors) if doors else False, f"{path}:{line}: {name} belongs in {doors}"


def _docstring_lines(tree: ast.AST) -> int:
    count = 0
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                count += (first.end_lineno or 0) - first.lineno + 1
    return count


def _table_lines(tree: ast.Module) -> int:
    """Lines of module-level literals: tables of data."""
    return sum(
        (node.end_lineno or 0) - node.lineno + 1
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and (node.end_lineno or 0) - node.lineno > 3
    )


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_modules_and_functions_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    lines = (
        sum(bool(line.strip()) for line in text.splitlines()) - _docstring_lines(tree) - _table_lines(tree)
    )
    assert lines <= 400, f"{path} has {lines} lines"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = (node.end_lineno or 0) - node.body[0].lineno + 1
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                body -= (first.end_lineno or 0) - first.lineno + 1
            assert body <= 50, f"{path}:{node.lineno}: {node.name} has {body} lines"


def test_every_module_says_what_it_does() -> None:
    silent = [
        str(path)
        for path in MODULES
        if path.read_text(encoding="utf-8").strip()
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []
