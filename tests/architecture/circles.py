"""Who imports whom, of files and of folders, and the circles in it."""

import ast
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from tests.architecture.house import FILES, module, tree

Arrows = Mapping[str, set[str]]
"""What each imports."""
MODULES: Final = {module(file): file for file in FILES}


def imports() -> Arrows:
    """Which modules of the house each of them imports, at its head or within a function."""
    return {here: set(imported(tree(file), MODULES.keys())) - {here} for here, file in MODULES.items()}


def imported(code: ast.Module, modules: Iterable[str]) -> Iterator[str]:
    """The modules that some code imports: `from a import b` is `a.b` where that is one."""
    known = set(modules)
    for node in ast.walk(code):
        match node:
            case ast.Import(names=names):
                yield from (each.name for each in names if each.name in known)
            case ast.ImportFrom(module=str(source), names=names, level=0):
                for each in names:
                    whole = f"{source}.{each.name}"
                    yield from (found for found in [whole if whole in known else source] if found in known)


def between_folders(arrows: Arrows, files: Mapping[str, Path]) -> Arrows:
    """The same between the folders in which the files themselves lie."""
    return lifted(arrows, lambda each: str(files[each].parent))


def between_siblings(arrows: Arrows, folder: str) -> Arrows:
    """The same between what lies side by side in a folder, files and folders with all that is in them."""
    depth = folder.count(".") + 1
    inside = {
        here: {each for each in there if each.startswith(f"{folder}.")}
        for here, there in arrows.items()
        if here.startswith(f"{folder}.")
    }
    return lifted(inside, lambda each: ".".join(each.split(".")[: depth + 1]))


def lifted(arrows: Arrows, to: Callable[[str], str]) -> Arrows:
    """The arrows between what the modules belong to."""
    found = defaultdict[str, set[str]](set)
    for here, there in arrows.items():
        found[to(here)] |= {to(each) for each in there} - {to(here)}
    return found


def circles(arrows: Arrows) -> list[list[str]]:
    """Those of whom each reaches every other, in groups."""
    reached = {here: _reached(here, arrows) for here in arrows}
    groups = {frozenset(each for each in reached[here] if here in reached[each]) for here in arrows}
    return sorted(sorted(group) for group in groups if group)


def _reached(start: str, arrows: Arrows) -> set[str]:
    found, waiting = set[str](), [start]
    while waiting:
        new = arrows.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found
