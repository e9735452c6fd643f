"""The bounds of new input: one list, the same at every door; what is stored is read without them."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_json

from api.claims.steps import step_of as step_over_http
from api.doctors.bodies import fact_of
from api.http.problems import Problem as HttpProblem
from deploy.clock import now
from domain.claim.steps.registry import STEP
from domain.doctor.facts.facts import FACT
from domain.doctor.facts.stored import stored_fact
from domain.doctor.intake.intake import read_facts
from domain.doctor.intake.plain import normal
from domain.rulebook.release import read_rule_set, shipped_contents
from domain.values.fields import WORDS, Name, Text, Token
from domain.values.refusals.person import GivenName
from domain.values.refusals.refusal import Refused, Rejected
from tests.options import NEWER_TOML
from tests.scenario import BODO, Json, Told, full_time, lines_of, problems_with, result, track
from workers.claims.claim_steps import step_of as step_typed
from workers.keeping.backup_file import archive_of
from workers.shell.files import read_input

DOCTOR: Final = full_time()
UNSEEN: Final = {
    "U+0000": "\x00", "escape": "\x1b", "delete": "\x7f", "next line": "\x85", "soft hyphen": "\xad",
    "zero width space": "\u200b", "joiner": "\u200d", "right to left": "\u202e", "byte order mark": "\ufeff",
    "line separator": "\u2028", "variation selector": "\ufe0f", "grapheme joiner": "\u034f", "filler": "\u3164",
    "private": "\ue000", "unassigned": "\u0378", "noncharacter": "\uffff", "tag": "\U000e0041",
}  # fmt: skip


def named(text: str) -> Json:
    """A post with a text in its workplace."""
    return DOCTOR.position("p9", workplace=text).facts[-1]


def in_a_file(text: str) -> None:
    if found := problems_with(lines_of([*DOCTOR.facts, named(text)])):
        raise Rejected(found)


def over_http(text: str) -> None:
    given = {name: value for name, value in named(text).items() if name not in {"hpr", "recorded_at", "recorded_by"}}
    fact_of(given, "9000001", now(), "kommune:1804", "x")


def in_a_correction(text: str) -> None:
    if found := problems_with(lines_of(DOCTOR.corrected("2", workplace=text).facts)):
        raise Rejected(found)


DOORS: Final[dict[str, Callable[[str], object]]] = {
    "a file": in_a_file,
    "a registration": over_http,
    "a correction": in_a_correction,
    "a step over HTTP": lambda text: step_over_http({"type": "send_back", "reason": text}),
    "a step that is typed": lambda text: step_typed("submit", {"name": f"Kari{text}"}),
    "an id": TypeAdapter(Token).validate_python,
    "a name": TypeAdapter(Name).validate_python,
    "a text": TypeAdapter(Text).validate_python,
    "who it is": lambda text: TypeAdapter(GivenName).validate_python(f"kommune:{text}"),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("unseen", UNSEEN)
def test_a_character_that_nobody_sees_is_refused_at_every_door(door: str, unseen: str) -> None:
    with pytest.raises((Rejected, HttpProblem, ValidationError)):
        DOORS[door](f"a{UNSEEN[unseen]}b")


@pytest.mark.parametrize("door", DOORS)
def test_the_letters_of_norwegian_and_sami_names_are_taken_at_every_door(door: str) -> None:
    DOORS[door]("Áŋŋel Čuđi-Šarlohtá Ŧuođđar O’Brien Müller Ærøy")


@pytest.mark.parametrize("unseen", ["\x1b", "\u200b", "\u202e"])
def test_a_rule_set_with_a_character_that_nobody_sees_is_refused(unseen: str) -> None:
    base = next(str(each["id"]) for each in shipped_contents() if each["status"] == "published")
    text = f'extends = "{base}"\nid = "own"\ntitle = "Satser\\u{ord(unseen):04x}"\n{NEWER_TOML}'
    with pytest.raises(Refused) as refused:
        read_rule_set("own", text)
    assert "title" in str(refused.value)


def test_a_rate_with_four_noughts_too_many_is_refused() -> None:
    base: Any = next(each for each in shipped_contents() if each["status"] == "published")
    rates = {name: each for name, each in base["values"].items() if each["unit"].startswith("kr")}
    name, rate = max(rates.items(), key=lambda each: float(each[1]["value"]))
    own = f'extends = "{base["id"]}"\nid = "own"\n[values.{name}]\nvalue = '
    assert read_rule_set("own", f'{own}"{rate["value"]}"\n{NEWER_TOML}')["id"] == "own"
    for dear in (f"{rate['value']}0000", "9" * 20, "1.1234567"):
        with pytest.raises(Refused) as refused:
            read_rule_set("own", f'{own}"{dear}"\n{NEWER_TOML}')
        assert refused.value.code == "bad-rule-set"


@pytest.mark.parametrize(
    ("field", "most"), [("id", 64), ("position", 64), ("workplace", 200), ("title", 200), ("recorded_by", 100)]
)
def test_a_text_longer_than_its_field_is_refused(field: str, most: int) -> None:
    begins = "a:" if field == "recorded_by" else ""
    fits = DOCTOR.position("p9").facts[-1] | {field: f"{begins}{'å' * (most - len(begins))}"}
    assert not problems_with(lines_of([*DOCTOR.facts, fits]))
    [problem] = problems_with(lines_of([*DOCTOR.facts, fits | {field: f"{fits[field]}å"}]))
    assert problem.refusal.details["field"] == field


def test_a_reason_has_two_thousand_characters_on_several_lines_and_no_more() -> None:
    reason = "linje\r\n\tlinje" + "x" * 1_988
    ended = DOCTOR.ended("p1", "2026-01-31").facts[-1] | {"reason": reason}
    assert not problems_with(lines_of([*DOCTOR.facts, ended]))
    assert problems_with(lines_of([*DOCTOR.facts, ended | {"reason": f"{reason}x"}]))


@pytest.mark.parametrize("number", ["33.333333333333333333333", "1e-40", "0", "100.01", "1000000000"])
def test_a_number_is_refused_by_one_rule_as_a_number_and_as_a_text(number: str) -> None:
    leave = lines_of([DOCTOR.leave("l1", "2025-10-01", percent="N").facts[-1]]).decode()
    told = [
        problems_with(lines_of(DOCTOR.facts) + leave.replace('"N"', each).encode()) for each in (number, f'"{number}"')
    ]
    [[one], [other]] = told
    assert (one.fact, one.refusal.details["field"]) == ("4", "percent")
    assert (one.refusal.code, one.fact) == (other.refusal.code, other.fact)


@pytest.mark.parametrize("number", ["33.333", "33.333333333333336", "0.1234567890123"])
def test_a_leave_may_be_of_a_percent_with_many_decimals(number: str) -> None:
    leave = lines_of([DOCTOR.leave("l1", "2025-10-01", percent="N").facts[-1]]).decode()
    for each in (number, f'"{number}"'):
        assert not problems_with(lines_of(DOCTOR.facts) + leave.replace('"N"', each).encode())


def test_null_is_a_missing_field_everywhere() -> None:
    left_out = DOCTOR.leave("l1", "2025-10-01", "2025-10-31").switched("p1", "2026-01-31", "1839").facts
    leave, switch = left_out[-2], left_out[-1]
    told = [
        leave | {"percent": None},
        switch | {"reason": None, "new": switch["new"] | {"last_day": None, "title": None}},
    ]
    assert result(lines_of([*DOCTOR.facts, *told])).as_json() == result(lines_of(left_out)).as_json()
    assigned = {"supervisor": "8000001", "first_day": "2024-10-01"}
    with_null = track("2024-10-01").add("supervisor_assigned", **assigned).facts[-1] | {"approved": None, "name": None}
    assert not problems_with(lines_of([*track("2024-10-01").facts, with_null]))
    assert step_over_http({"type": "withdraw", "reason": None}) == STEP.validate_json(b'{"type": "withdraw"}')


def test_a_last_day_at_the_end_of_the_calendar_is_a_missing_last_day() -> None:
    assert normal({"last_day": "9999-12-31", "on": "9999-12-31"}) == {"on": "9999-12-31"}
    assert normal({"replacement": {"last_day": "9999-12-31"}}) == {"replacement": {"last_day": None}}


@pytest.mark.parametrize("day", ["1899-12-31", "2201-01-01", "9999-12-31"])
def test_a_day_before_1900_or_after_2200_is_refused(day: str) -> None:
    assert [each.refusal.code for each in problems_with(lines_of(track(day).facts))] == ["bad-day"]


@pytest.mark.parametrize(
    ("moment", "code"),
    [("2016-12-31T23:59:59Z", "recorded-too-early"), ("2025-01-01T00:00:00.1234567Z", "bad-moment")],
)
def test_a_moment_before_the_scheme_or_finer_than_a_millionth_is_refused(moment: str, code: str) -> None:
    facts = [DOCTOR.facts[0] | {"recorded_at": moment}]
    assert [each.refusal.code for each in problems_with(lines_of(facts))] == [code]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("on", "1899-12-31", "mellom 1900 og 2200"),
        ("recorded_at", "2025-01-01T00:00:00.1234567Z", "høyst seks desimaler"),
        ("recorded_by", "", "slag:navn"),
    ],
)
def test_a_bound_is_said_where_it_is_passed(field: str, value: str, says: str) -> None:
    [problem] = problems_with(lines_of([DOCTOR.facts[0] | {field: value}]))
    assert says in str(problem.refusal)


def test_every_pattern_of_facts_and_steps_is_said_in_words() -> None:
    schemas = json.dumps([FACT.json_schema(mode="validation"), STEP.json_schema(mode="validation")])
    asked: set[str] = set()
    json.loads(schemas, object_hook=lambda each: asked.add(str(each.get("pattern", ""))))
    as_people_write_them = {each for each in asked if "*[0-9])" in each}
    assert asked - as_people_write_them - {""} <= WORDS.keys()


@pytest.mark.parametrize("replacement", [{}, {"percent": 100}, {"percent": "100.00"}, {"last_day": None}])
def test_a_correction_that_changes_nothing_is_refused(replacement: Json) -> None:
    told = DOCTOR.corrected("2", **replacement).facts
    assert [each.refusal.code for each in problems_with(lines_of(told))] == ["correction-changes-nothing"]


def test_a_correction_told_twice_changes_nothing_the_second_time() -> None:
    told = DOCTOR.corrected("2", percent=50).corrected("2", percent=50)
    assert [(each.fact, each.refusal.code) for each in problems_with(lines_of(told.facts))] == [
        ("5", "correction-changes-nothing")
    ]


@pytest.mark.parametrize(
    "told",
    [
        DOCTOR.add("supervisor_assigned", supervisor="9000001", first_day="2025-01-01"),
        DOCTOR.add("supervisor_assigned", supervisor="8000001", first_day="2025-01-01").add(
            "supervisor_replaced", supervisor="8000001", replaced_by="9000001", first_day="2025-06-01"
        ),
        DOCTOR.add("supervisor_assigned", supervisor="8000001", first_day="2025-01-01").corrected(
            "4", supervisor="9000001"
        ),
    ],
)
def test_a_doctor_is_not_their_own_supervisor(told: Told) -> None:
    assert [each.refusal.code for each in problems_with(lines_of(told.facts))] == ["own-supervisor"]


def test_an_hpr_number_does_not_begin_with_0() -> None:
    facts = [fact | {"hpr": "09000001"} for fact in DOCTOR.facts]
    assert {each.refusal.details["field"] for each in problems_with(lines_of(facts))} == {"hpr"}


def test_one_id_is_one_id_however_its_letters_are_composed() -> None:
    told = track("2024-10-01").position("vikar-\u00e9n").ended("vikar-e\u0301n", "2026-01-31")
    assert not problems_with(lines_of(told.facts))


# ---------------------------------------------------------------- what is no file of facts

LINE: Final = lines_of(DOCTOR.facts[:1])
ZIP: Final = b"PK\x03\x04" + bytes(26)


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        (lines_of(DOCTOR.facts[:2]) + b"\xef\xbb\xbf" + lines_of(DOCTOR.facts[2:]), "mark-inside", "linje 3"),
        (json.dumps(DOCTOR.facts).encode() + b"\xef\xbb\xbf[]", "mark-inside", "linje 1"),
        (json.dumps(DOCTOR.facts).encode() * 2, "several-lists", "mer enn én"),
        (json.dumps(DOCTOR.facts[0], indent=2).encode(), "lines-broken", "linje 1"),
        (LINE + json.dumps(DOCTOR.facts[1], indent=2).encode(), "lines-broken", "linje 2"),
        (ZIP + b"[Content_Types].xml" + bytes(99) + b"xl/workbook.xml", "not-facts", "et regneark"),
        (ZIP + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "not-facts", "et regneark"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512) + "Workbook".encode("utf-16-le"), "not-facts", "et regneark"),
        (ZIP + b"noe.json", "not-facts", "arkiv"),
        (b"\xef\xbb\xbf%PDF-1.7\n", "not-facts", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "not-facts", "bilde"),
        (b"hpr;navn;prosent\n9000001;K\xe5re;50\n9000002;Kari;100\n", "not-facts", "CSV"),
        (b"hpr,navn\n9000001,Kari\n", "not-facts", "CSV"),
        (LINE.decode().encode("utf-16"), "not-facts", "UTF-16"),
        (LINE.decode().encode("utf-16-le"), "not-facts", "UTF-16"),
        (b"<!DOCTYPE html><html></html>", "not-facts", "nettside"),
        (bytes(5_000), "not-facts", "ingen tekstfil"),
        (b"", "empty-file", "ingen opplysninger"),
        (b"\xef\xbb\xbf \r\n", "empty-file", "ingen opplysninger"),
    ],
)
def test_a_file_that_is_something_else_is_told_what_it_is_once(content: bytes, code: str, says: str) -> None:
    [problem] = read_facts(content)[1]
    assert problem.refusal.code == code
    assert says in str(problem.refusal)


def test_the_first_hundred_errors_are_told_and_the_others_counted() -> None:
    placed, problems = read_facts(b"{}x\n" * 5_000)
    rejected = Rejected(problems)
    assert (placed, rejected.count, len(rejected.problems)) == ([], 5_000, 101)
    assert rejected.problems[-1].refusal.details["count"] == 4_900


def test_only_a_plain_file_of_some_size_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(1024 * 1024 + 1)
    for name in ("/dev/zero", str(tmp_path / "pipe"), str(tmp_path), str(tmp_path / "none"), "a\x00b"):
        with pytest.raises(Refused) as refused:
            read_input(name)
        assert refused.value.code == "unreadable-file"
        with pytest.raises(Refused), archive_of(name):
            pass
    with pytest.raises(Refused):
        read_input(str(large), 1024 * 1024)
    assert len(read_input(str(large), 1024 * 1024 + 1)) == 1024 * 1024 + 1


# ---------------------------------------------------------------- what is stored


@pytest.mark.parametrize(
    "odd",
    [
        {"hpr": "09000001"},
        {"id": "a\x00b"},
        {"workplace": "x" * 5_000},
        {"percent": "33.3333333333"},
        {"first_day": "0001-01-01"},
        {"position": "p" * 200},
        {"recorded_at": "2062-01-01T00:00:00Z"},
        {"recorded_by": "kommune:\u200b1804"},
    ],
)
def test_what_was_once_accepted_is_read_as_it_is(odd: Json) -> None:
    fact = stored_fact(to_json(DOCTOR.facts[1] | odd))
    [(name, value)] = odd.items()
    assert str(getattr(fact, name)).replace(" ", "T").replace("+00:00", "Z") == value


def test_two_posts_agreements_or_leaves_that_could_be_one_are_told_with_the_kroner() -> None:
    def found(told: Told) -> list[str]:
        [line] = result(lines_of(told.facts), BODO).as_json()["lines"]
        return [each["text"] for each in line["findings"] if each["code"] == "registered_twice"]

    half = track("2024-10-01").agreement("a1").position("p1", percent=50)
    [text] = found(half.position("HR-9", percent=50))
    assert "begge gir 189\u2009328 kroner mer enn bare én av dem" in text
    assert found(half.position("stilling-1", first="2025-01-01", percent=50))
    assert not found(half.position("p2", first="2025-01-01", percent=50))
    assert not found(half.position("HR-9", percent=50, category="introductory"))
    assert found(half.agreement("a2"))
    assert found(half.leave("l1", "2025-10-01", "2025-10-31").leave("l2", "2025-10-01", "2025-10-31"))
    assert not found(half.leave("l1", "2025-10-01", "2025-10-31").leave("l2", "2025-10-01", "2025-11-30"))
