"""Every value is found under hubwatch.models, wherever its file is."""

from __future__ import annotations

import ast
import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import hubwatch.models
from hubwatch.models import dataclass as quick

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


def made(decorator: Callable[..., Any], *, kw_only: bool) -> type[Any]:
    class Value:
        """A value with every sort of field."""

        name: str
        size: int = 3
        words: list[str] = dataclasses.field(default_factory=list)
        text: str = dataclasses.field(default="long", repr=False)

        @property
        def twice(self) -> int:
            return self.size * 2

    Value.__qualname__ = "Value"
    return decorator(frozen=True, slots=True, kw_only=kw_only)(Value)  # type: ignore[no-any-return]


@pytest.mark.parametrize("kw_only", [True, False])
def test_our_dataclass_makes_what_the_standard_one_makes(*, kw_only: bool) -> None:
    ours, theirs = made(quick.dataclass, kw_only=kw_only), made(dataclasses.dataclass, kw_only=kw_only)
    assert [*inspect.signature(ours).parameters] == [*inspect.signature(theirs).parameters]
    assert ours.__match_args__ == theirs.__match_args__
    assert ours.__slots__ == theirs.__slots__
    one, same, other = ours(name="a"), ours(name="a", size=3), ours(name="a", size=4)
    assert repr(one) == repr(theirs(name="a")) == "Value(name='a', size=3, words=[])"
    assert one == same != other
    assert one != theirs(name="a")
    assert one.words is not same.words
    assert (one.twice, dataclasses.replace(one, size=5).size, one.size) == (6, 5, 3)
    assert dataclasses.asdict(one) == dataclasses.asdict(theirs(name="a"))
    assert copy.copy(one) == copy.deepcopy(one) == one
    with pytest.raises(TypeError, match="unhashable"):
        hash(one)
    assert hash(ours(name="a", words=())) == hash(ours(name="a", words=())) != hash(ours(name="b", words=()))


@pytest.mark.parametrize("act", [lambda v: setattr(v, "id", "x"), lambda v: setattr(v, "new", 1)])
def test_our_values_cannot_be_changed(act: Callable[[Any], None]) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field"):
        act(hubwatch.models.Topic(id="a", name="A"))
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'id'"):
        del hubwatch.models.Topic(id="a", name="A").id  # type: ignore[misc]


def test_our_values_are_given_in_full_and_by_name() -> None:
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'name'"):
        hubwatch.models.Topic(id="a")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unexpected keyword argument 'nmae'"):
        hubwatch.models.Topic(id="a", name="A", nmae="B")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="positional"):
        hubwatch.models.Topic("a", "A")  # type: ignore[misc]


def test_our_values_travel_between_processes() -> None:
    topic = hubwatch.models.Topic(id="a", name="A", terms=("x", "y"))
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(topic, protocol)) == topic


def test_what_is_not_frozen_is_left_to_the_standard_dataclass() -> None:
    with pytest.raises(TypeError, match="standard library"):
        quick.dataclass(frozen=False, slots=True)
