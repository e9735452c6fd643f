"""That whatever a page or a comment points to is there."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

HOUSE: Final = Path(__file__).parents[2]
_NOT_OURS: Final = {"var", "build", "dist", "node_modules"}
PAGES: Final = sorted(
    page
    for page in HOUSE.rglob("*.md")
    if not any(part.startswith(".") or part in _NOT_OURS for part in page.relative_to(HOUSE).parts)
)
CODE: Final = sorted(
    file
    for part in ("domain", "projections", "api", "workers", "deploy", "tests")
    for ending in ("*.py", "*.toml", "*.sql")
    for file in (HOUSE / part).rglob(ending)
)
_LINK: Final = re.compile(r"\[[^\]]*\]\(<?([^)>\s]+)>?\)")
_URL: Final = re.compile(r"[a-z]+:")
_HEADING: Final = re.compile(r"^#{1,6} (.+?)\s*$", re.MULTILINE)
_CITED: Final = re.compile(
    r"(?<![\w/.-])([\w-]+\.md)\b`?(?:\]\([^)]*\))?(?:,?\s+(?:# )?section)?(?:\s+(?:# )?(\d+(?:\.\d+)?)\b)?"
)
_PARTS: Final = "domain|projections|api|workers|deploy|tests"
_PATH: Final = re.compile(rf"(?<![\w/.-])(?:docs|{_PARTS})/[\w./-]*\w")
_NAME_IN_CODE: Final = re.compile(rf"`(?!\w+\.py`)((?:{_PARTS})(?:\.\w+)+)`")
_PLANNED: Final = re.compile(r"^.*all \*\[not built yet\]\*:\n\n(?:\|.*\n)+", re.MULTILINE)
_RECIPES: Final = HOUSE / "docs" / "how-to"
_NEW_FILE: Final = re.compile(
    r"(?<=/)(?:ask_about_line|test_leave|test_unpaid_months|unpaid_months|nasjonal-alis-2027|full-year-introductory-2027)\.(?:py|toml|json)"
)
"""What the recipes add."""
_PLANTED: Final = {Path(__file__), HOUSE / "tests" / "architecture" / "test_bounds.py"}
"""Tests that name what is not there."""


def name(page: Path) -> str:
    return str(page.relative_to(HOUSE))


def without_blocks(page: Path) -> str:
    """The text of a page without its blocks of code."""
    return re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    found: list[str] = []
    for heading in _HEADING.findall(without_blocks(page)):
        plain = _LINK.sub(lambda link: link[0][1:].partition("]")[0], heading).lower()
        anchor = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        found.append(f"{anchor}-{found.count(anchor)}" if anchor in found else anchor)
    return set(found)


def broken(page: Path) -> Iterator[str]:
    """The links of a page, those in code left out, that lead nowhere."""
    for target in _LINK.findall(re.sub(r"`[^`\n]*`", "", without_blocks(page))):
        path, _, anchor = target.partition("#")
        place = (page.parent / path).resolve() if path else page
        if not _URL.match(target) and not (place.exists() and (not anchor or anchor in anchors(place))):
            yield target


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_to_something_that_exists(page: Path) -> None:
    assert list(broken(page)) == []


def test_the_test_of_links_sees_what_is_broken(tmp_path: Path) -> None:
    page = HOUSE / "docs" / "spec" / "README.md"
    assert anchors(page) == {"the-specification"}
    assert "31-qualifying-position" in anchors(page.with_name("rules.md"))
    copy = tmp_path / "page.md"
    copy.write_text("# One\n[a](#one) [b](#two) [c](nowhere.md) [d](https://example.org) `[e](f.md)`\n", "utf-8")
    assert list(broken(copy)) == ["#two", "nowhere.md"]


# ---------------------------------------------------------------- citations

_BY_NAME: Final = {page.name: page for page in [*PAGES, *(HOUSE / "docs" / "spec").glob("*.md")]}


def sections(page: Path) -> set[str]:
    """The numbers of a page's headings: 3 and 3.1."""
    return {
        number.rstrip(".") for number in re.findall(r"^#+ (\d+(?:\.\d+)?)\.? ", page.read_text("utf-8"), re.MULTILINE)
    }


def written(file: Path) -> str:
    """The text of a file; of a recipe without the names of the files that it adds, but with their folders."""
    text = file.read_text("utf-8")
    return _NEW_FILE.sub("", text) if file.parent == _RECIPES else text


def cited(text: str) -> Iterator[tuple[str, str]]:
    """The pages that a text cites by name with the section, if any, also over the end of a line; paths and modules."""
    built = _PLANNED.sub("", text)
    yield from _CITED.findall(built)
    yield from ((path, "") for path in (*_PATH.findall(built), *_NAME_IN_CODE.findall(built)))


def is_there(page: str, section: str) -> bool:
    """Whether there is such a page with such a section, or a path that begins so: `docs/decisions/0006`."""
    if "/" in page:
        return any(HOUSE.glob(f"{page}*"))
    if not page.endswith(".md"):
        return any(is_named(page.split("."), beyond) for beyond in (0, 1, 2))
    return page in _BY_NAME and (not section or section in sections(_BY_NAME[page]))


def is_named(parts: list[str], beyond: int) -> bool:
    """Whether there is such a module or folder, and in the module the names that come after its own."""
    place = HOUSE.joinpath(*parts[: len(parts) - beyond])
    file, names = place.with_suffix(".py"), parts[len(parts) - beyond :]
    if not file.exists():
        return place.is_dir() and not names
    text = file.read_text("utf-8")
    return all(re.search(rf"\b{each}\b", text) for each in names)


def test_every_page_section_path_and_module_that_is_cited_exists() -> None:
    found = [(name(file), *each) for file in (*CODE, *PAGES) if file not in _PLANTED for each in cited(written(file))]
    assert len(found) > 250
    assert [(place, page, section) for place, page, section in found if not is_there(page, section)] == []


def test_the_test_of_citations_sees_what_is_not_there() -> None:
    text = (
        "(rules.md 3.4), `rules.md` section 9, contract.md\n# section 7; docs/decisions/0006, docs/nowhere, [a.md 2](b)"
    )
    assert [each for each in cited(text) if not is_there(*each)] == [
        ("rules.md", "9"), ("contract.md", "7"), ("a.md", "2"), ("docs/nowhere", ""),
    ]  # fmt: skip
    assert ("rules.md", "3.4") in cited(text)
    code = "`domain.rules`, `domain.rules.result.Result.as_json`, `domain.nothing`, `deploy.clock.sundial`; domain/no"
    assert [each for each, _ in cited(code) if not is_there(each, "")] == [
        "domain/no", "domain.nothing", "deploy.clock.sundial",
    ]  # fmt: skip


def test_every_decision_is_listed_by_its_title_once() -> None:
    folder = HOUSE / "docs" / "decisions"
    listed = re.findall(r"^- \[(.+)\]\((.+)\)$", (folder / "README.md").read_text("utf-8"), re.MULTILINE)
    pages = sorted(folder.glob("[0-9]*.md"))
    titles = [(page.read_text("utf-8").splitlines()[0].removeprefix("# "), page.name) for page in pages]
    assert sorted(listed, key=lambda each: each[1]) == titles


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_no_command_on_a_page_takes_the_day_of_the_machine_for_that_of_norway(page: Path) -> None:
    assert not re.search(r"\$\(date\b", page.read_text(encoding="utf-8"))
