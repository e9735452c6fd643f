"""What the pages say of commands, addresses and codes is what the program has; that they work: test_walks.py."""

import argparse
import re
import tomllib
from typing import Any, Final

import pytest

from api.main import create_app
from tests.desk import desk
from tests.pages.reading import ADDRESS, HOUSE, PAGES, TOURS, blocks, commands, fits, text_of
from workers.cli import parser
from workers.shell.exits import DONE, EXITS
from workers.shell.parser import Parser

Json = dict[str, Any]
ALIS: Final = ".venv/bin/alis"
ROW: Final = re.compile(r"^\| (`alis .*?`) \|", re.MULTILINE)
NAME: Final = re.compile(r"`alis ([a-z]+(?: [a-z][a-z-]*)?)")
ENDPOINT: Final = re.compile(r"^\| `([A-Z]+)` \| `(/[^`]*)` \| (.+?) \|$", re.MULTILINE)


def made() -> Parser:
    return parser()


def subcommands(of: Parser) -> dict[str, Parser]:
    of.complete()
    for action in of._actions:  # noqa: SLF001 - argparse tells nobody what it was given
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            return dict(action.choices)
    return {}


@pytest.fixture
def description(database_url: str) -> Json:
    with desk(database_url) as at:
        return create_app(at.casework).openapi()


def test_what_is_shown_fits_what_is_said_line_by_line_but_for_what_is_left_out() -> None:
    assert fits("a\n…\nd … f\n", "a\nb\nc\nd e f\n")
    assert fits("a\n…\n", "a\n")
    assert not fits("a\n", "a\nb\n")
    assert not fits("a\nc\n", "a\nb\nc\n")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_commands_and_the_program_takes_each_of_them(page: str) -> None:
    assert blocks(page)
    for asked in commands(page, ALIS):
        try:
            made().parse_args(asked)
        except SystemExit as end:
            assert end.code == 0, asked  # noqa: PT017 - --help


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_commands_in_blocks_that_are_run_and_nowhere_else(page: str) -> None:
    assert set(re.findall(r"^```(\w*)$", text_of(page), re.MULTILINE)) <= {"", "sh", "text", "mermaid"}
    others = re.sub(r"^```sh\n.*?^```$", "", text_of(page), flags=re.MULTILINE | re.DOTALL)
    assert not re.search(r"^(\.venv/bin/|curl |make )", others, re.MULTILINE)


def test_every_target_of_make_that_a_page_names_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (HOUSE / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {target for page in PAGES for target in re.findall(r"\bmake ([a-z-]+)[`\n ]", text_of(page))}
    assert {"run", "test"} <= named <= targets


def test_the_readme_leads_to_every_tour() -> None:
    assert [page for page in PAGES[1:] if f"({page})" not in text_of("README.md")] == []
    assert sorted(TOURS) == sorted(str(file.relative_to(HOUSE)) for file in (HOUSE / "docs" / "tours").glob("*.md"))


def imports() -> dict[str, set[str]]:
    """Each part of the house, as the contracts of imports name them, with the parts that it names in an import."""
    contracts = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = [part for each in contracts[:2] for layer in each["layers"] for part in layer.split(" | ")]
    folders = {part: HOUSE / ("domain" if (HOUSE / "domain" / part).is_dir() else "") / part for part in layers}
    del folders["domain"]
    named = re.compile(r"^ *(?:from|import) (?:domain\.)?(\w+)", re.MULTILINE)
    return {
        part: {name for file in folder.rglob("*.py") for name in named.findall(file.read_text("utf-8"))}
        & folders.keys() - {part}
        for part, folder in folders.items()
    }


def test_the_picture_of_the_house_has_every_part_and_an_arrow_for_what_imports_what() -> None:
    [picture] = re.findall(r"^```mermaid\n(.*?)^```$", text_of("README.md"), re.MULTILINE | re.DOTALL)
    arrows = re.findall(r"^ *(\w+)(?:\[.*?\])? --> (\w+)", picture, re.MULTILINE)
    there = imports()
    assert {part for arrow in arrows for part in arrow} == there.keys()
    assert [(part, below) for part, below in arrows if below not in there[part]] == []
    reached = {part: {below for above, below in arrows if above == part} for part in there}
    for _ in there:  # as many steps as there are parts lead everywhere
        reached = {part: below.union(*(reached[each] for each in below)) for part, below in reached.items()}
    assert {part: sorted(below - reached[part]) for part, below in there.items() if below - reached[part]} == {}


def test_the_table_of_commands_has_each_command_and_no_other() -> None:
    told = [name for row in ROW.findall(text_of("docs/commands.md")) for name in NAME.findall(row)]
    known = subcommands(made())
    assert sorted({row.split()[0] for row in told}) == sorted(known)
    steps = subcommands(known["claim"])
    assert sorted(row.split()[1] for row in told if row.startswith("claim ")) == sorted(steps)
    assert sorted(row.split()[1] for row in told if row.startswith("rules ")) == sorted(subcommands(known["rules"]))


def test_the_table_of_addresses_is_the_one_of_the_description(description: Json) -> None:
    there = [
        (method.upper(), path, operation["summary"])
        for path, operations in description["paths"].items()
        for method, operation in operations.items()
    ]
    assert sorted(ENDPOINT.findall(text_of("docs/http.md"))) == sorted(there)


def test_every_address_on_a_page_is_one_that_the_service_has(description: Json) -> None:
    known = {"/", "/metrics", "/api/v1/docs", "/api/v1/openapi.json"} | description["paths"].keys()
    patterns = [re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(path)) for path in known]
    for page in PAGES:
        for found in re.findall(rf"{re.escape(ADDRESS)}([^?\s'>)`]*)", text_of(page)):
            assert any(re.fullmatch(pattern, found or "/") for pattern in patterns), f"{page}: {found}"


def test_the_table_of_exit_codes_has_each_code_and_no_other() -> None:
    told = re.findall(r"^\| (\d+) \|", text_of("docs/commands.md"), re.MULTILINE)
    assert [int(code) for code in told] == sorted({DONE, *EXITS.values()})
