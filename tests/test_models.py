"""Every value is found under hubwatch.models, wherever its file is."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import hubwatch.models

FOLDER = Path(hubwatch.models.__file__).parent
PUBLIC = {
    name: path.stem
    for path in sorted(FOLDER.glob("[!_]*.py"))
    for node in ast.parse(path.read_text(encoding="utf-8")).body
    for name in (
        [node.name]
        if isinstance(node, ast.ClassDef)
        else [ast.unparse(node.target)]
        if isinstance(node, ast.AnnAssign)
        else [ast.unparse(target) for target in node.targets]
        if isinstance(node, ast.Assign)
        else []
    )
}


@pytest.mark.parametrize("name", PUBLIC)
def test_each_name_leads_to_its_file(name: str) -> None:
    value = getattr(hubwatch.models, name)
    assert name in dir(hubwatch.models)
    assert getattr(value, "__module__", None) in (f"hubwatch.models.{PUBLIC[name]}", "typing", None)


def test_the_type_checker_is_told_the_same_names() -> None:
    tree = ast.parse((FOLDER / "__init__.py").read_text(encoding="utf-8"))
    told = {
        alias.name: str(node.module).rpartition(".")[2]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("hubwatch.models.")
        for alias in node.names
    }
    assert told == PUBLIC
    assert set(hubwatch.models.__all__) == set(PUBLIC)


def test_an_unknown_name_is_an_import_error() -> None:
    with pytest.raises(ImportError, match="Itme"):
        from hubwatch.models import Itme  # type: ignore[attr-defined]  # noqa: F401
