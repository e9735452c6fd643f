"""Every golden case computed by code that cannot make a float: run as a program of its own.

The rules, and the histories under them, are compiled with a check around every operation and every call: none may give
a float, and none may be written in them. It prints how many lines it computed, and in how many places it looked.
"""

import ast
import builtins
import json
import sys
from collections.abc import Sequence
from datetime import datetime
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType
from typing import Any, Final

CHECK: Final = "_exactly"
CHECKED_MODULES: Final = (
    "domain.rules",
    "domain.values.days.periods",
    "domain.doctor.history",
    "domain.doctor.track",
    "domain.doctor.agreement",
)
LOOKED_AT: Final[set[str]] = set()


class FloatForbidden(TypeError):
    """A float came of something, or is written there."""


def exactly(value: Any, place: str) -> Any:  # noqa: ANN401 - whatever the code makes
    """The value, unless it is a float."""
    LOOKED_AT.add(place)
    if isinstance(value, float | complex):
        raise FloatForbidden(place)
    return value


class _Checks(ast.NodeTransformer):
    """Puts a check around every operation and call; types, patterns and decorators stay as they are."""

    def __init__(self, name: str) -> None:
        self._name = name

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, float | complex):
            raise FloatForbidden(self._place(node))
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        return self._checked(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        return self._checked(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        """What is added to, divided or multiplied in place is checked right after."""
        self.generic_visit(node)
        now: Any = ast.parse(ast.unparse(node.target), mode="eval").body
        return [node, ast.copy_location(ast.Expr(self._checked(ast.copy_location(now, node))), node)]  # type: ignore[return-value]

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.value = self.visit(node.value) if node.value else None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        body = [self.visit(each) for each in node.body]
        node.body = [one for each in body for one in (each if isinstance(each, list) else [each])]
        return node

    def visit_MatchValue(self, node: ast.MatchValue) -> ast.AST:
        return node

    def _checked(self, node: ast.expr) -> ast.Call:
        made = ast.Call(ast.Name(CHECK, ast.Load()), [node, ast.Constant(self._place(node))], [])
        return ast.copy_location(made, node)

    def _place(self, node: ast.expr | ast.stmt) -> str:
        return f"{self._name}:{node.lineno}"


def compiled(source: bytes | str, name: str) -> CodeType:
    """Code with its checks; raises `FloatForbidden` where a float is written in it."""
    return compile(ast.fix_missing_locations(_Checks(name).visit(ast.parse(source))), name, "exec")


class _Loader(SourceFileLoader):
    """Compiles a module with its checks, never from a cache."""

    def get_code(self, fullname: str) -> CodeType:
        return compiled(self.get_data(self.path), fullname)


class _Finder:
    """Finds the modules that are checked, before Python's own finders do."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None, target: Any = None) -> ModuleSpec | None:  # noqa: ANN401
        if not name.startswith(CHECKED_MODULES):
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


def main() -> None:
    """Compute every golden case with its trace, its findings and its assumptions."""
    builtins._exactly = exactly  # type: ignore[attr-defined]  # noqa: SLF001 - where the checked code finds it
    sys.meta_path.insert(0, _Finder())
    library, history = import_module("domain.rulebook.release"), import_module("domain.doctor.history")
    result, scenario = import_module("domain.rules.result"), import_module("tests.scenario")
    lines = 0
    for case in import_module("tests.golden_cases").CASES:
        at = datetime.fromisoformat(case.known_at) if case.known_at else None
        doctors = scenario.judged(scenario.lines_of(case.facts))
        known = [(hpr, history.as_known(facts, at)) for hpr, facts in doctors.items()]
        rules = library.choose_rule_set(case.rules, case.round)
        found = result.calculate(known, case.municipality, rules, at, traced=True)
        told = found.as_json(assumptions=True)
        if told["total"] != case.expected["total"] or not found.digest():
            raise SystemExit(case.name)
        lines += len(told["lines"])
    modules = {place.partition(":")[0] for place in LOOKED_AT}
    print(json.dumps({"lines": lines, "places": len(LOOKED_AT), "modules": sorted(modules)}))


if __name__ == "__main__":
    main()
