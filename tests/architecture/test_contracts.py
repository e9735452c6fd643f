"""That every folder of folders has its floors, and that no new folder can be without one."""

import tomllib
from typing import Final

from tests.architecture.house import FILES, HOUSE, name

CONTRACTS: Final = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]


def folders_of_folders() -> set[str]:
    """The parts of the house, and the folders within the domain, that have folders."""
    packages = {name(file.parent) for file in FILES if file.name == "__init__.py"}
    return {each.rpartition("/")[0] for each in packages if each.count("/") <= (2 if each.startswith("domain/") else 1)}


def test_every_folder_of_folders_has_floors_and_gives_every_new_folder_one() -> None:
    exhaustive = {
        container.replace(".", "/")
        for contract in CONTRACTS
        if contract["type"] == "layers" and contract.get("exhaustive")
        for container in contract["containers"]
    }
    assert exhaustive >= folders_of_folders() - {""}


def test_circles_are_looked_for_in_every_part() -> None:
    [looked] = [contract["ancestors"] for contract in CONTRACTS if contract["type"] == "acyclic_siblings"]
    assert {*looked} == {name(file.parent) for file in FILES if file.parent.parent == HOUSE}
