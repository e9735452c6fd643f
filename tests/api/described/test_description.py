import base64
import hashlib
import re
from html import escape
from typing import Any

import httpx
import pytest

from api.http.kinds import SENTENCES
from domain.doctor.facts.facts import BY_TYPE
from domain.values.fields import REPORTED_KINDS

Json = dict[str, Any]


@pytest.fixture
def description(client: httpx.Client) -> Json:
    found: Json = client.get("openapi.json").json()
    return found


def operations(description: Json) -> list[Json]:
    return [operation for path in description["paths"].values() for operation in path.values()]


def test_every_operation_is_summed_up_described_and_exemplified(description: Json) -> None:
    assert len(operations(description)) > 15
    for operation in operations(description):
        assert operation["summary"]
        assert operation["description"]
        good = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
        assert good
        contents = [content for answer in good for content in answer["content"].items()]
        assert contents
        for kind, content in contents:
            assert "example" in content if kind == "application/json" else content["schema"]["format"] == "binary"


def test_every_parameter_has_a_meaning_and_none_is_null(description: Json) -> None:
    for operation in operations(description):
        for parameter in operation["parameters"]:
            assert parameter["description"]
            assert "null" not in str(parameter["schema"])


def test_every_problem_is_described_with_its_codes(description: Json) -> None:
    for operation in operations(description):
        for status, answer in operation["responses"].items():
            if status[0] in "23":
                continue
            examples = answer["content"]["application/problem+json"]["examples"]
            assert examples
            for code, example in examples.items():
                assert code in SENTENCES
                assert example["value"]["status"] == int(status)


def test_every_type_of_fact_has_an_example_of_its_own(description: Json) -> None:
    register = description["paths"]["/api/v1/doctors/{hpr}/facts"]["post"]
    content = register["requestBody"]["content"]["application/json"]
    assert content["examples"].keys() == BY_TYPE.keys()
    schemas = description["components"]["schemas"]
    assert content["schema"] == {"$ref": "#/components/schemas/NewFact"}
    assert len(schemas["NewFact"]["oneOf"]) == len(schemas["Fact"]["oneOf"]) == len(BY_TYPE)


def test_what_only_an_import_states_or_a_destroyed_key_leaves_cannot_be_registered(description: Json) -> None:
    schemas = description["components"]["schemas"]
    for cls in BY_TYPE.values():
        body = schemas[f"{cls.__name__}Body"]
        assert not {"hpr", "recorded_at", "recorded_by"} & body["properties"].keys()
        assert "type" in body["required"]
        assert "id" not in body["required"]
        assert body["additionalProperties"] is False
    assert schemas["LeaveRegisteredBody"]["properties"]["kind"]["enum"] == [kind.value for kind in REPORTED_KINDS]


def test_bounds_are_said_in_the_words_of_json_schema(description: Json) -> None:
    percent = description["components"]["schemas"]["PositionStartedBody"]["properties"]["percent"]
    assert percent["anyOf"][0] == {"type": "number", "exclusiveMinimum": 0, "maximum": 100}
    assert "decimal_places" not in str(description)


def test_every_reference_leads_somewhere(description: Json) -> None:
    schemas = description["components"]["schemas"]
    found = set(re.findall(r"#/components/schemas/(\w+)", str(description)))
    assert found == found & schemas.keys()
    assert "HTTPValidationError" not in schemas


def test_the_page_has_no_scripts_and_lets_nothing_in_from_elsewhere(client: httpx.Client) -> None:
    page = client.get("docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<script" not in page.text
    assert not re.search(r'(src|href)="(?!openapi\.json")', page.text)
    style = re.search(r"<style>(.*)</style>", page.text, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in page.headers["content-security-policy"]


def test_the_page_shows_every_operation_and_type(client: httpx.Client, description: Json) -> None:
    text = client.get("docs").text
    for operation in operations(description):
        assert escape(operation["summary"]) in text
    for name in BY_TYPE:
        assert f"<code>{name}</code>" in text
    assert f"curl -s {client.base_url}doctors/9000001/facts" in text
