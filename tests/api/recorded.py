"""Compares what the service answers with the recorded answers of its description.

`RECORD_ANSWERS=1 .venv/bin/pytest tests/api` records instead: each answer that is another than the recorded one. Read
the difference before you commit it.
"""

import json
import os
import re
from typing import Any, Final

from api.described.examples import ANSWERS, bodies

RECORDING: Final = bool(os.environ.get("RECORD_ANSWERS"))
EXAMPLES: Final = tuple(each["value"] for each in bodies()["NewFact"].values())
"""One fact of every type, in an order in which they can be registered on one doctor."""
_PERSON: Final = re.compile(r"\bp-[a-z2-7]{20}\b")
_FACT: Final = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[57][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b")
"""The id of a fact that was given none: it is random, or follows from who registered it, whose own id is random."""
_OF_THE_RUN: Final = frozenset({"at", "since", "position", "streams", "lag_seconds"})


def check(operation: str, status: int, answer: Any) -> None:  # noqa: ANN401 - JSON
    """Compare the answer with the recorded one, or record it."""
    file, answer = ANSWERS / f"{operation}.{status}.json", with_invented_persons(answer)
    kept = json.loads(file.read_text("utf-8")) if file.exists() else None
    if RECORDING and without_moments(answer) != without_moments(kept):
        file.write_text(json.dumps(answer, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return
    assert without_moments(answer) == without_moments(kept), f"{file.name} is another answer: see tests/api/recorded.py"


def with_invented_persons(value: Any) -> Any:  # noqa: ANN401 - JSON
    """JSON with the random ids of persons replaced, in the order in which they stand in it."""
    ids: dict[str, str] = {}
    text = _PERSON.sub(lambda each: ids.setdefault(each[0], f"p-{'a' * 19}{chr(97 + len(ids))}"), json.dumps(value))
    return json.loads(text)


def without_moments(value: Any) -> Any:  # noqa: ANN401 - JSON
    """JSON without what the clock, chance or the log's place has put into it."""
    if isinstance(value, dict):
        kept = {name: each for name, each in value.items() if name not in _OF_THE_RUN and not name.endswith("_at")}
        return {name: without_moments(each) for name, each in kept.items()}
    if isinstance(value, str):
        return _FACT.sub("f-…", _PERSON.sub("p-…", value))
    return [without_moments(each) for each in value] if isinstance(value, list) else value
