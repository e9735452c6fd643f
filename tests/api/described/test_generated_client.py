"""A client can be generated from the description: every type and every operation, under names for people."""

import json
import re
import subprocess
import venv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from fastapi import FastAPI

from tests.api.asking import HPR, POST, STARTED, Json, register
from tests.issuer import token

GENERATOR: Final = "openapi-python-client==0.29.1"
VERBS: Final = (
    *("register", "read", "list", "preview", "take", "repeat", "attach", "download", "explain"),
    *("draft", "approve", "publish", "ask", "propose", "give"),
)
USE: Final = """
import json, sys
from alis_client import AuthenticatedClient, models
from alis_client.api.doctors import read_doctor_facts

found = read_doctor_facts.sync("{hpr}", client=AuthenticatedClient(sys.argv[1], token=sys.argv[2]))
assert isinstance(found, models.DoctorFacts), found
print(json.dumps([each.fact.type_ for each in found.facts]))
"""


def operations(app: FastAPI) -> Iterator[Json]:
    for path in app.openapi()["paths"].values():
        yield from path.values()


def test_no_two_schemas_share_a_title_and_each_has_its_own_name(app: FastAPI) -> None:
    schemas = app.openapi()["components"]["schemas"]
    assert {name: schema["title"] for name, schema in schemas.items()} == {name: name for name in schemas}
    assert not [name for name in schemas if "__" in name]


def test_each_operation_is_named_by_a_verb_and_what_it_is_about(app: FastAPI) -> None:
    names = Counter(each["operationId"] for each in operations(app))
    assert max(names.values()) == 1
    for name in names:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)+", name), name
        assert name.partition("_")[0] in VERBS, name


def test_each_operation_has_a_schema_of_what_it_answers(app: FastAPI) -> None:
    for each in operations(app):
        [*answers] = [response for status, response in each["responses"].items() if status.startswith("2")]
        assert answers
        for response in answers:
            assert all("schema" in content for content in response["content"].values()), each["operationId"]


@pytest.mark.long
def test_a_generator_makes_every_type_and_operation_and_its_client_can_ask(
    app: FastAPI, client: httpx.Client, tmp_path: Path
) -> None:
    register(client, POST, STARTED)
    python = _with_generator(tmp_path / "venv")
    (tmp_path / "openapi.json").write_text(json.dumps(app.openapi()), "utf-8")
    asked = ("generate", "--path", "openapi.json", "--meta", "none", "--output-path", "alis_client")
    path = f"{python.parent}:/usr/bin:/bin"  # the generator runs ruff, which it has installed beside itself
    said = _run(python.with_name("openapi-python-client"), *asked, cwd=tmp_path, env={"PATH": path})
    assert "will not be generated" not in said
    assert "Warning" not in said
    made = {file.stem for file in (tmp_path / "alis_client" / "api").rglob("*.py")} - {"__init__"}
    assert made == {each["operationId"] for each in operations(app)}
    models = (tmp_path / "alis_client" / "models" / "__init__.py").read_text("utf-8")
    objects = [name for name, each in app.openapi()["components"]["schemas"].items() if each.get("type") == "object"]
    assert not [name for name in objects if not re.search(rf"\b{name}\b", models)]
    (tmp_path / "use.py").write_text(USE.format(hpr=HPR), "utf-8")
    address = str(client.base_url).removesuffix("/api/v1/")
    assert json.loads(_run(python, "use.py", address, token("kommune:1804"), cwd=tmp_path)) == [
        POST["type"],
        STARTED["type"],
    ]


def _with_generator(folder: Path) -> Path:
    """A Python of its own, for what the generator needs is none of ours."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    _run(python, "-m", "pip", "install", "--quiet", GENERATOR, cwd=folder)
    return python


def _run(program: Path, *arguments: str, cwd: Path, **more: Any) -> str:  # noqa: ANN401 - options of a process
    done = subprocess.run(
        [program, *arguments], cwd=cwd, capture_output=True, text=True, check=False, timeout=300, **more
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return str(done.stdout)
