"""Every action that the code can write into the audit trail, found by following calls to `audit.services.record`."""

from __future__ import annotations

import ast
import importlib
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
Writer = tuple[str, str]
"""Module and function that hands one of its parameters on to the trail."""
RECORD: Final[Writer] = ("helpdesk.audit.services", "record")


@dataclass(frozen=True, slots=True)
class Given:
    """A parameter of a function, the words before it in the action, and the module that hands both to the trail."""

    parameter: str
    before: str = ""
    position: int = 0
    module: str = ""


class NotReadable(AssertionError):
    """An action that nobody can tell from the source: pass a word, a choice of words or a member of an enum."""


@dataclass(frozen=True)
class Place:
    """One function of one module."""

    module: str
    function: ast.FunctionDef

    @property
    def writer(self) -> Writer:
        """What others call it by."""
        return self.module, self.function.name

    @property
    def parameters(self) -> dict[str, str]:
        """Each with its annotation, in their order."""
        args = self.function.args
        every = (*args.posonlyargs, *args.args, *args.kwonlyargs)
        return {each.arg: ast.unparse(each.annotation) if each.annotation else "" for each in every}

    @property
    def names(self) -> dict[str, Any]:
        """What the module knows."""
        return vars(importlib.import_module(self.module))

    def calls(self, writers: dict[Writer, Given]) -> Iterator[tuple[Given, ast.expr]]:
        """Calls of a writer, with what is given to it."""
        for call in ast.walk(self.function):
            if isinstance(call, ast.Call):
                called = self._called(call.func)
                given = writers.get((getattr(called, "__module__", ""), getattr(called, "__name__", "")))
                if given is not None:
                    yield given, _argument(call, given)

    def _called(self, said: ast.expr) -> object:
        """The function of ours that is called, by its name or by that of its module."""
        match said:
            case ast.Name(id=name):
                return self.names.get(name)
            case ast.Attribute(value=ast.Name(id=module), attr=name) if isinstance(self.names.get(module), ModuleType):
                return getattr(self.names[module], name, None)
        return None

    def values(self, said: ast.expr) -> Iterator[str | Given]:
        """What an expression may be: words, or a parameter still to be given."""
        match said:
            case ast.IfExp():
                yield from self.values(said.body)
                yield from self.values(said.orelse)
            case ast.JoinedStr(values=[ast.Constant(value=str(before)), ast.FormattedValue(value=rest)]):
                yield from (_after(before, value) for value in self.values(rest))
            case ast.Attribute(value=rest, attr="value"):
                yield from self.values(rest)
            case ast.Name(id=name) if name in self.parameters:
                yield Given(name)
            case ast.Name(id=name) if name not in self.names:
                yield from self._assigned(name)
            case _:
                yield from self._known(said)

    def _assigned(self, name: str) -> Iterator[str | Given]:
        given = [node.value for node in ast.walk(self.function) if isinstance(node, ast.Assign) and _is(node, name)]
        if not given:
            self._unreadable(name)
        for value in given:
            yield from self.values(value)

    def _known(self, said: ast.expr) -> Iterator[str]:
        """A word or a member of an enum; of a column or a field, every member that it may hold."""
        match said:
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if owner in self.parameters:
                kind = _held(eval(self.parameters[owner], self.names), name)  # noqa: S307 - our own source
                if kind is None:
                    self._unreadable(ast.unparse(said))
                yield from (str(each.value) for each in kind)
            case ast.Call(func=ast.Name(id=name)) if _is_enum(self.names.get(name)):
                yield from (str(each.value) for each in self.names[name])
            case ast.Constant(value=str(word)):
                yield word
            case ast.Attribute() | ast.Name():
                try:
                    value = eval(ast.unparse(said), self.names)  # noqa: S307 - our own source
                except NameError:
                    self._unreadable(ast.unparse(said))
                yield str(value.value if isinstance(value, Enum) else value)
            case _:
                self._unreadable(ast.unparse(said))

    def _unreadable(self, said: str) -> typing.NoReturn:
        raise NotReadable(f"{self.module}.{self.function.name}: {said}")


def _after(before: str, value: str | Given) -> str | Given:
    return Given(value.parameter, before + value.before) if isinstance(value, Given) else before + value


def _is_enum(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def _is(node: ast.Assign, name: str) -> bool:
    return any(isinstance(to, ast.Name) and to.id == name for to in node.targets)


def _argument(call: ast.Call, given: Given) -> ast.expr:
    for keyword in call.keywords:
        if keyword.arg == given.parameter:
            return keyword.value
    return call.args[given.position]


def _held(owner: Any, name: str) -> type[Enum] | None:
    """The enum whose members a column or field may hold."""
    classes = [each for each in (*typing.get_args(owner), owner) if isinstance(each, type)]
    kinds: list[Any] = [typing.get_type_hints(each)[name] for each in classes if each is not type(None)]
    for kind in kinds:
        kinds += typing.get_args(kind)
    return next((kind for kind in kinds if _is_enum(kind)), None)


@cache
def _places() -> list[Place]:
    return [
        Place(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), node)
        for path in sorted((ROOT / "helpdesk").rglob("*.py"))
        for part in ast.parse(path.read_text(encoding="utf-8")).body
        for node in (part.body if isinstance(part, ast.ClassDef) else [part])
        if isinstance(node, ast.FunctionDef)
    ]


@cache
def actions_written() -> dict[str, str]:
    """Every action, with the module that hands it to the trail."""
    writers, found = {RECORD: Given("action", position=1)}, {}
    before = -1
    while before != len(writers):
        before = len(writers)
        for place in _places():
            for given, said in place.calls(dict(writers)):
                module = given.module or place.module
                for value in place.values(said):
                    if isinstance(value, Given):
                        position = list(place.parameters).index(value.parameter)
                        writers[place.writer] = Given(value.parameter, given.before + value.before, position, module)
                    else:
                        found[given.before + value] = module
    return found
