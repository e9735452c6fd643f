"""The map of the house in CONTRIBUTING is the house that the import contracts hold."""

import re
import tomllib
from pathlib import Path
from typing import Final

HOUSE: Final = Path(__file__).parents[2]
MAP: Final = dict(
    re.findall(r"^\| `([a-z/]+)/` \| .+ \| (.+) \|$", (HOUSE / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE)
)


def floors() -> dict[str, str]:
    """The floors of each folder as the contracts have them: `a, b > c`."""
    tools = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["tool"]
    return {
        container.replace(".", "/"): " > ".join(re.sub(r" [|:] ", ", ", layer) for layer in contract["layers"])
        for contract in tools["importlinter"]["contracts"]
        for container in contract.get("containers", ())
    }


def test_the_map_shows_every_floor_of_every_contract() -> None:
    assert len(MAP) > 5
    assert floors() == MAP
