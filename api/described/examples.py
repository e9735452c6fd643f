"""The examples of the description, which are files: the service computes nothing to describe itself.

`answers/OPERATION.STATUS.json` is what the service answered. A test asks it again and compares; `tests/api/recorded.py`
says how an answer is recorded, the first time and when it has changed.

`bodies/SCHEMA.json` has the bodies that can be sent, by the name of their schema. Tests send each of them.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

Json = dict[str, Any]
_HERE: Final = Path(__file__).parent
ANSWERS: Final = _HERE / "answers"


@cache
def answers() -> Mapping[str, Any]:
    """The recorded answers, each by `operation.status`."""
    return _read(ANSWERS)


@cache
def bodies() -> Mapping[str, Mapping[str, Json]]:
    """The examples of each kind of body, each by its name: its summary and its value."""
    return _read(_HERE / "bodies")


def _read(folder: Path) -> Mapping[str, Any]:
    return {file.stem: json.loads(file.read_text("utf-8")) for file in folder.glob("*.json")}
