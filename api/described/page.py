"""The OpenAPI description as one page of HTML, without scripts and without anything fetched from elsewhere.

A page that let another host's scripts in would let them read every doctor on this machine; and it works without a
network.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, Final
from urllib.parse import urlencode

Json = Mapping[str, Any]
STYLE: Final = """
body{font:1rem/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1b1f23;background:#fff}
h2{margin-top:3rem;border-bottom:1px solid #8c959f}h3{margin-top:2.5rem}
code,pre{font:.875rem/1.5 ui-monospace,monospace;background:#f3f4f6;border-radius:4px}
code{padding:.1rem .25rem}pre{padding:.75rem;overflow:auto;max-height:28rem}
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0}
tr{border-bottom:1px solid #d0d7de}summary{cursor:pointer;padding:.25rem 0}.method{font-weight:700}
"""
_SIMPLE: Final = "leave_registered"
"""A type of fact that builds on nothing, so that its example can be registered on any doctor."""
DIGEST: Final = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY: Final = f"default-src 'none'; style-src 'sha256-{DIGEST}'; base-uri 'none'; frame-ancestors 'none'"


def handbook(description: Json, base_url: str) -> tuple[str, str]:
    """The page, and the content security policy that it needs."""
    return "\n".join(_page(description, base_url.rstrip("/"))), POLICY


def _page(description: Json, base: str) -> Iterator[str]:
    info = description["info"]
    yield f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(info["title"])}</title>'
    yield '<meta name="viewport" content="width=device-width">'
    yield f"<style>{STYLE}</style></head><body><main>"
    yield f"<h1>{escape(info['title'])}: {escape(info['summary'])}</h1>{_prose(info['description'])}"
    yield '<p>The same for programs: <a href="openapi.json">openapi.json</a>.</p>'
    for tag in description["tags"]:
        yield f"<h2>{escape(tag['name'].capitalize())}</h2>{_prose(tag['description'])}"
        for path, operations in description["paths"].items():
            for method, operation in operations.items():
                if tag["name"] in operation["tags"]:
                    yield from _operation(base, path, method, operation)
    yield "<h2>Types of fact</h2>"
    yield from _facts(description["components"]["schemas"])
    yield "</main></body></html>"


def _operation(base: str, path: str, method: str, operation: Json) -> Iterator[str]:
    yield f"<section><h3>{escape(operation['summary'])}</h3>"
    yield f'<p><code><span class="method">{method.upper()}</span> {escape(path)}</code></p>'
    yield _prose(operation["description"])
    if operation["parameters"]:
        yield _table(("Parameter", "In", "Meaning"), (_parameter(each) for each in operation["parameters"]))
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("examples", {})
    yield _details("Try it", _curl(base, path, operation, body))
    for name, example in body.items():
        yield _details(f"Body: {name}", _json(example["value"]))
    for status, response in operation["responses"].items():
        yield from _response(status, response)
    yield "</section>"


def _response(status: str, response: Json) -> Iterator[str]:
    examples = [
        each
        for content in response.get("content", {}).values()
        for each in ([content["example"]] if "example" in content else [])
        + [named["value"] for named in content.get("examples", {}).values()]
    ]
    shown = "\n".join(_json(each) for each in examples) or "No content."
    yield _details(f"{status} {response['description']}", shown)


def _facts(schemas: Json) -> Iterator[str]:
    for name, reference in schemas["NewFact"]["discriminator"]["mapping"].items():
        schema = schemas[reference.rsplit("/", 1)[-1]]
        yield f"<h3><code>{name}</code></h3><p>{escape(schema['description'])}</p>"
        required = schema["required"]
        rows = (
            (field, "yes" if field in required else "", _kind(part, schemas))
            for field, part in schema["properties"].items()
        )
        yield _table(("Field", "Required", "Values"), rows)


def _kind(part: Json, schemas: Json) -> str:
    """The values of a field in words."""
    if "$ref" in part:
        return _kind(schemas[part["$ref"].rsplit("/", 1)[-1]], schemas)
    if "anyOf" in part:
        return " or ".join(dict.fromkeys(_kind(each, schemas) for each in part["anyOf"]))
    if "enum" in part or "const" in part:
        return ", ".join(part.get("enum", [part.get("const")]))
    if part.get("type") == "array":
        return f"list of {_kind(part['items'], schemas)}"
    if "properties" in part:
        return "an object with " + ", ".join(part["properties"])
    kind = str(part.get("format") or part.get("type") or "any value")
    return f"{kind} {part['pattern']}" if "pattern" in part else kind


def _parameter(parameter: Json) -> tuple[str, str, str]:
    required = " Required." if parameter.get("required") else ""
    example = next(iter(parameter["schema"].get("examples", ())), None)
    shown = f" Example: `{example}`." if example else ""
    return parameter["name"], parameter["in"], f"{parameter.get('description', '')}{required}{shown}"


def _curl(base: str, path: str, operation: Json, body: Json) -> str:
    """A command that works on this machine as it stands."""
    for each in operation["parameters"]:
        if each["in"] == "path":
            path = path.replace(f"{{{each['name']}}}", str(each["schema"]["examples"][0]))
    asked = {
        each["name"]: each["schema"]["examples"][0]
        for each in operation["parameters"]
        if each["in"] == "query" and each.get("required")
    }
    address = f"'{base}{path}?{urlencode(asked, safe=':')}'" if asked else f"{base}{path}"
    parts = [f"curl -s {address}"]
    if operation.get("security"):
        parts.append('-H "Authorization: Bearer $ALIS_TOKEN"')
    if body:
        shown = body.get(_SIMPLE) or next(iter(body.values()))
        fact = json.dumps(shown["value"], ensure_ascii=False)
        parts += ["-H 'Content-Type: application/json'", f"-d '{fact}'"]
    return " \\\n  ".join(parts)


def _prose(text: str) -> str:
    paragraphs = (escape(each).replace("\n", " ") for each in text.strip().split("\n\n"))
    return "".join(f"<p>{_marked(each)}</p>" for each in paragraphs)


def _marked(text: str) -> str:
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
    return re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", text)


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    titles = "".join(f"<th>{escape(each)}</th>" for each in head)
    lines = ("".join(f"<td>{_marked(escape(cell))}</td>" for cell in row) for row in rows)
    return f"<table><tr>{titles}</tr>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


def _details(summary: str, text: str) -> str:
    return f"<details><summary>{_marked(escape(summary))}</summary><pre>{escape(text)}</pre></details>"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
