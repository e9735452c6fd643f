"""What the house defines, and what names it.

A definition of a module is named where its own file names it outside of itself, or a file that imports it. A method is
named wherever something is asked for by its name, of whatever it is asked. A text is a name only where it is meant as
one: in annotations, and in what gets attributes by name. What stands in a definition that nothing names, names nothing.
"""

import ast
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from importlib import import_module
from typing import Any, Final

GETTERS: Final = {"attrgetter", "getattr", "methodcaller"}
Code = Mapping[str, ast.Module]
"""Modules by name."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A function, class, constant or method, by its module and its name there."""

    module: str
    path: str

    def __str__(self) -> str:
        return f"{self.module}.{self.path}"

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2]

    @property
    def whole(self) -> "Definition | None":
        """The class that a method is of."""
        return Definition(self.module, self.path.rpartition(".")[0]) if "." in self.path else None


@dataclass(frozen=True, slots=True)
class Naming:
    """Where a name stands: in which module, and within which definitions."""

    module: str
    within: tuple[Definition, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """All that some code names: by a plain name, and by asking something for it."""

    plain: dict[tuple[str, str], list[Naming]] = field(default_factory=lambda: defaultdict(list))
    asked: dict[str, list[Naming]] = field(default_factory=lambda: defaultdict(list))


# ---------------------------------------------------------------- what is defined


def definitions(code: Code) -> Iterator[Definition]:
    """Everything that modules define, with the methods of their classes."""
    for module, whole in code.items():
        yield from (Definition(module, path) for node in whole.body for path in _paths(node))


def _paths(node: ast.AST, inside: str = "") -> Iterator[str]:
    match node:
        case ast.ClassDef(name=name, body=body):
            yield f"{inside}{name}"
            for each in body:
                if not isinstance(each, ast.Assign | ast.AnnAssign):
                    yield from _paths(each, f"{inside}{name}.")
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if not _is_special(name):
            yield f"{inside}{name}"
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)) if not _is_special(name):
            yield name


def _is_special(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


# ---------------------------------------------------------------- what is named


def names_in(code: Code) -> Names:
    """What modules name."""
    found = Names()
    for module, whole in code.items():
        sources = dict(_sources(whole))
        for node, within in _walked(whole, module):
            here = Naming(module, within)
            for name in _plain(node):
                found.plain[sources.get(name, (module, name))].append(here)
            for of, name in _asked(node):
                found.asked[name].append(here)
                found.plain[".".join(sources.get(of, ("", of))).strip("."), name].append(here)
    return found


def _sources(code: ast.Module) -> Iterator[tuple[str, tuple[str, str]]]:
    """What each imported name stands for: the module, and the name there."""
    for node in ast.walk(code):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from ((each.asname or each.name, (node.module, each.name)) for each in node.names)


def _walked(
    node: ast.AST, module: str, inside: str = "", within: tuple[Definition, ...] = ()
) -> Iterator[tuple[ast.AST, tuple[Definition, ...]]]:
    """Every piece of code below one, with the definitions that it stands in."""
    for each in ast.iter_child_nodes(node):
        paths = [] if within and not inside else list(_paths(each, inside))[:1]
        standing = (*within, *(Definition(module, path) for path in paths))
        yield each, standing
        yield from _walked(each, module, f"{paths[0]}." if isinstance(each, ast.ClassDef) and paths else "", standing)


def _plain(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Load()):
            yield name
        case (
            ast.arg(annotation=ast.AST() as said)
            | ast.AnnAssign(annotation=said)
            | ast.FunctionDef(returns=ast.AST() as said)
            | ast.AsyncFunctionDef(returns=ast.AST() as said)
        ):
            yield from _in_text(said)


def _in_text(annotation: ast.AST) -> Iterator[str]:
    """The names in the parts of an annotation that are text."""
    for text in ast.walk(annotation):
        if isinstance(text, ast.Constant) and isinstance(text.value, str) and text.value.isprintable():
            try:
                read = ast.parse(text.value, mode="eval")
            except SyntaxError:
                continue
            yield from (each.id for each in ast.walk(read) if isinstance(each, ast.Name))


def _asked(node: ast.AST) -> Iterator[tuple[str, str]]:
    """What is asked of what: the name that it is asked of, or nothing, and the name of what is asked for."""
    match node:
        case ast.Attribute(value=value, attr=name, ctx=ast.Load()):
            yield _dotted(value), name
        case ast.MatchClass(kwd_attrs=names):
            yield from (("", name) for name in names)
        case ast.Call(func=ast.Name(id=getter), args=args) if getter in GETTERS:
            yield from (("", part) for text in _texts(args) for part in text.split("."))


def _dotted(asked: ast.expr) -> str:
    """`a.b` of a name or of what is asked of one; nothing of anything else."""
    match asked:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            return f"{_dotted(value)}.{name}"
        case _:
            return ""


def _texts(args: Iterable[ast.expr]) -> Iterator[str]:
    for each in args:
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


# ---------------------------------------------------------------- what nothing names


def unnamed(code: Code, kept: Collection[str] = ()) -> list[str]:
    """The definitions of modules that nothing in them names, but those to be kept."""
    found, shown = names_in(code), passed_on(code)
    living, dead = {each for each in definitions(code) if str(each) not in kept}, set[Definition]()
    while new := {each for each in living if not is_named(each, found, shown, dead)}:
        living -= new
        dead |= new
    return sorted(str(each) for each in dead if each.whole not in dead)


def is_named(
    each: Definition, names: Names, shown: Mapping[Definition, list[str]], dead: Collection[Definition] = frozenset()
) -> bool:
    """Whether anything that lives names a definition."""
    if each.whole:
        found = names.asked[each.name]
    else:
        found = [here for source in (each.module, *shown.get(each, [])) for here in names.plain[source, each.name]]
    return any(each not in here.within and not any(around in dead for around in here.within) for here in found)


def passed_on(code: Code) -> Mapping[Definition, list[str]]:
    """Definitions that other modules pass on by importing them, and those modules."""
    found = defaultdict[Definition, list[str]](list)
    for module, whole in code.items():
        for name, (source, original) in _sources(whole):
            if name == original and source in code:
                found[Definition(source, name)].append(module)
    return found


def overriding(code: Code) -> Iterator[str]:
    """Methods that a class has in place of those of a library's class, which the library calls."""
    for each in definitions(code):
        if each.whole:
            found: Any = reduce(getattr, each.whole.path.split("."), import_module(each.module))
            if any(each.name in vars(base) for base in found.__mro__[1:] if base.__module__ not in code):
                yield str(each)


def registered(code: Code) -> Iterator[str]:
    """Functions that are handed to whoever calls them by what decorates them."""
    for module, whole in code.items():
        for node, within in _walked(whole, module):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and any(map(_registers, node.decorator_list)):
                yield str(within[-1])


def _registers(decorator: ast.expr) -> bool:
    match decorator:
        case ast.Call(func=ast.Name(id="model_validator")) | ast.Call(func=ast.Attribute(value=ast.Name(id="router"))):
            return True
        case _:
            return False
