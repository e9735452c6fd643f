"""A rule set given as a file: it may extend one of the release, and all that is wrong is told at once."""

import re
from pathlib import Path

import pytest

from domain.rulebook.release import choose_rule_set, make_rule_set, read_rule_set, shipped_rule_sets
from domain.rules.sets.rule_file import read_contents
from domain.rules.sets.rule_set import RuleSet, digest_of, with_options
from domain.values.refusals.refusal import Refused, Rejected
from tests.options import NEWER_TOML

SETS = Path(__file__).parents[4] / "domain" / "rulebook" / "sets"
TEXT = (SETS / "nasjonal-alis-2026-provisional.toml").read_text("utf-8")
EXTENDS = 'extends = "nasjonal-alis-2026-provisional"\nid = "mitt"\n'


def made(text: str) -> RuleSet:
    return make_rule_set(read_rule_set("mitt.toml", f"{text}{NEWER_TOML}"))


def flaws(text: str) -> dict[str, str]:
    """What is wrong with a rule set, by its key."""
    with pytest.raises(Refused) as refused:
        made(text)
    assert refused.value.code == "bad-rule-set"
    assert refused.value.details["file"] == "mitt.toml"
    found = refused.value.details["problems"]
    assert isinstance(found, list)
    assert all(f"{each['key']}: {each['reason']}" in str(refused.value) for each in found)
    return {each["key"]: each["reason"] for each in found}


def test_a_file_that_extends_names_only_what_differs() -> None:
    mine, published = made(f'{EXTENDS}[values.hourly_rate]\nvalue = "1400"\n'), choose_rule_set(None, "2026")
    assert mine.numbers == {**published.numbers, "hourly_rate": 1400}
    assert mine.content.values["hourly_rate"].unit == "kroner per time"
    assert (mine.id, mine.options, mine.content.elements) == ("mitt", published.options, published.content.elements)


def test_what_differs_does_not_rest_on_the_source_of_the_one_that_is_extended() -> None:
    mine = made(f'{EXTENDS}[values.hourly_rate]\nvalue = "1400"\n[options.months]\nvalue = "days"\n').content
    note = "Annerledes enn i nasjonal-alis-2026-provisional, uten egen begrunnelse."
    for each in (mine.values["hourly_rate"], mine.options["months"]):
        assert (each.basis, each.source, each.note) == ("assumed", "ingen kilde oppgitt", note)
    assert mine.values["productivity"].source == "regelverksendring-2025-06-01.txt, c)"


def test_what_differs_rests_on_what_the_file_names_for_it() -> None:
    own = 'value = "1375"\nbasis = "stated"\nsource = "Et rundskriv"\nnote = "Ny sats."'
    rate = made(f"{EXTENDS}[values.hourly_rate]\n{own}\n").content.values["hourly_rate"]
    assert (rate.basis, rate.source, rate.note) == ("stated", "Et rundskriv", "Ny sats.")
    named = made(f'{EXTENDS}[values.hourly_rate]\nvalue = "1375"\nsource = "Et rundskriv"\n').content
    assert (named.values["hourly_rate"].basis, named.values["hourly_rate"].source) == ("assumed", "Et rundskriv")


def test_what_is_written_again_as_it_was_keeps_its_source() -> None:
    rate = made(f'{EXTENDS}[values.hourly_rate]\nvalue = "1367"\n[[elements]]\nid = "productivity"\nname = "p"\n')
    assert rate.content.values["hourly_rate"] == choose_rule_set(None, "2026").content.values["hourly_rate"]
    assert [each.source for each in rate.content.elements] == [
        each.source for each in choose_rule_set(None, "2026").content.elements
    ]


@pytest.mark.parametrize("number", ["-5", "1e3", "13,75", " 1375", "", "١٢"])
def test_how_a_number_is_written_is_told(number: str) -> None:
    [reason] = flaws(f'{EXTENDS}[values.hourly_rate]\nvalue = "{number}"\n').values()
    assert reason == "må være et tall i sifre, uten fortegn, med punktum foran desimaler (som 57.5)"


def test_a_flaw_is_told_once() -> None:
    with pytest.raises(Refused) as refused:
        made(f'{EXTENDS}[round]\nid = "2099"\n')
    assert str(refused.value).count("overlapper") == 1


def test_a_file_that_extends_is_a_draft_and_has_no_dates_of_the_one_it_extends() -> None:
    mine = made(EXTENDS)
    assert (mine.status, mine.content.adopted_on, mine.content.published_on) == ("draft", None, None)
    assert mine.digest != choose_rule_set(None, "2026").digest


def test_an_element_is_extended_by_its_id_and_a_new_one_comes_last() -> None:
    element = '[[elements]]\nid = "centrality"\nname = "tillegg"\n[[elements]]\nid = "travel"\nname = "reise"\n'
    more = 'factors = ["travel"]\ncategories = ["gp"]\nbasis = "assumed"\nsource = "x"\nnote = "y."\n'
    mine = made(EXTENDS + element + more)
    assert [each.id for each in mine.content.elements][-2:] == ["centrality", "travel"]
    assert (mine.content.elements[-2].name, mine.content.elements[-2].centrality) == ("tillegg", True)


def test_what_is_extended_must_exist() -> None:
    assert flaws('extends = "nasjonal-alis-2062"\nid = "mitt"\n').keys() == {"extends"}


def test_what_is_extended_is_named_as_a_text() -> None:
    assert flaws('extends = ["nasjonal-alis-2062"]\nid = "mitt"\n') == {"extends": "skal være tekst"}


def test_a_file_that_extends_must_have_an_id_of_its_own() -> None:
    assert flaws('extends = "nasjonal-alis-2026-provisional"\n') == {"id": "mangler"}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('colour = "blue"', "colour"),
        ('[values.hourly_rate]\nvalue = "1375"\ncolour = "blue"', "values.hourly_rate.colour"),
        ("[values.hourly_rate]\nvalue = 1375.5", "values.hourly_rate.value"),
        ("[values.hourly_rate]\nvalue = 1375", "values.hourly_rate.value"),
        ('[values.hourly_rate]\nvalue = "13,75"', "values.hourly_rate.value"),
        (f'[values.hourly_rate]\nvalue = "{"9" * 5000}"', "values.hourly_rate.value"),
        ('[values.hourly_rate]\nbasis = "guessed"', "values.hourly_rate.basis"),
        ('[values.hourly_rate]\nnote = ""', "values.hourly_rate.note"),
        ('[values.window_months]\nvalue = "24.5"', "values.window_months.value"),
        ('[values.months_per_year]\nvalue = "0"', "values.months_per_year.value"),
        ('[values.locum_months]\nvalue = "1201"', "values.locum_months.value"),
        (
            '[values.hourly_rat]\nvalue = "1"\nunit = "x"\nbasis = "stated"\nsource = "x"\nnote = "y."',
            "values.hourly_rat",
        ),
        ('[options.months]\nvalue = "weeks"', "options.months.value"),
        ("[options.months]\nvalue = true", "options.months.value"),
        ('[options.window_paused_by_leave]\nvalue = "true"', "options.window_paused_by_leave.value"),
        ('[options.weeks]\nvalue = "x"\nbasis = "stated"\nsource = "x"\nnote = "y."', "options.weeks"),
        ('[[elements]]\nid = "productivity"\ncategories = ["gp", "boss"]', "elements.productivity.categories.1"),
        ('[[elements]]\nid = "facilitation"\nof = ["travel"]', "elements.facilitation.of"),
        ("[round]\nlast_day = 2026-05-30", "round.last_day"),
        ("[round]\nfirst_day = 2025-06-02", "round.first_day"),
        ("[round]\nfirst_day = 2026-06-01", "round.last_day"),
        ('[round]\nfirst_day = "in June"', "round.first_day"),
        ('[round]\nid = "2099"\nfirst_day = 2098-06-01\nlast_day = 2100-06-30', "round.last_day"),
        ('[round]\nid = "2200"\nfirst_day = 2200-01-01\nlast_day = 2200-12-31', "round.last_day"),
        ('[round]\nid = "2099"', "round"),
        ("[round]\nfirst_day = 2025-05-01", "round"),
        ('supersedes = "nasjonal-alis-2062"', "supersedes"),
        ('supersedes = "nasjonal-alis-2025"', "supersedes"),
        (f'municipalities = "sha256:{0:064}"', "municipalities"),
    ],
)
def test_a_flaw_is_told_with_its_key(text: str, key: str) -> None:
    assert key in flaws(EXTENDS + text)


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("options.over_100", "options.over_100"),
        ("values.duration_months", "values.duration_months"),
        ("values.window_months", "values.window_months"),
        ("values.centrality_class", "values.centrality_class"),
        ("round", "round"),
    ],
)
def test_what_lacks_is_told(table: str, key: str) -> None:
    shorter = re.sub(rf"\[{re.escape(table)}\]\n(.+\n)+\n?", "", TEXT)
    assert flaws(shorter)[key] == "mangler"


def test_a_basis_that_lacks_is_told() -> None:
    assert flaws(TEXT.replace('value = "14000"\nunit = "kroner per år"\nbasis = "stated"\n', 'value = "14000"\n')) == {
        "values.learning_activities.unit": "mangler",
        "values.learning_activities.basis": "mangler",
    }


def test_an_element_told_twice_is_a_flaw() -> None:
    assert flaws(TEXT.replace('id = "supervision"', 'id = "learning_activities"'))["elements.learning_activities.id"]


def test_all_flaws_are_told_at_once() -> None:
    text = f'{EXTENDS}colour = "blue"\n[options.months]\nvalue = "weeks"\n[round]\nfirst_day = 2025-06-02\n'
    assert flaws(text).keys() >= {"colour", "options.months.value", "round.first_day", "round"}


def test_a_round_of_two_years_and_a_hundred_years_of_months_are_the_most() -> None:
    longest = made(f'{EXTENDS}[round]\nid = "2099"\nfirst_day = 2098-06-01\nlast_day = 2100-05-31\n')
    assert len(longest.months) == 24
    assert made(f'{EXTENDS}[values.locum_months]\nvalue = "1200"\n').whole("locum_months") == 1200


def test_a_rule_set_does_not_supersede_itself() -> None:
    assert flaws(f'{EXTENDS}supersedes = "mitt"\n') == {"supersedes": "et regelsett kan ikke avløse seg selv"}


def test_rule_sets_that_supersede_each_other_lead_nowhere() -> None:
    lists = {shipped_rule_sets()[0].content.municipalities}
    one = TEXT.replace("adopted_on", 'supersedes = "b"\nadopted_on')
    other = TEXT.replace("adopted_on", 'supersedes = "nasjonal-alis-2026-provisional"\nadopted_on')
    other = other.replace('id = "nasjonal-alis-2026-provisional"', 'id = "b"')
    with pytest.raises(Rejected) as rejected:
        read_contents({"a.toml": one, "b.toml": other}, lists)
    assert [problem.refusal.details["file"] for problem in rejected.value.problems] == ["a.toml", "b.toml"]
    assert "avløser dette igjen" in str(rejected.value)


def test_a_file_that_supersedes_one_read_later_finds_it() -> None:
    lists = {shipped_rule_sets()[0].content.municipalities}
    first = TEXT.replace('id = "nasjonal-alis-2026-provisional"', 'id = "a"').replace(
        "adopted_on", 'supersedes = "nasjonal-alis-2026-provisional"\nadopted_on'
    )
    assert [each["id"] for each in read_contents({"a.toml": first, "b.toml": TEXT}, lists)] == [
        "a", "nasjonal-alis-2026-provisional",
    ]  # fmt: skip


def test_a_file_that_is_no_toml_is_told_with_the_place() -> None:
    assert flaws("id = nasjonal") == {"filen": "er ikke gyldig TOML (linje 1, kolonne 6)"}


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mitt.toml").write_bytes(b"\xff")
    with pytest.raises(Refused, match="UTF-8"):
        choose_rule_set(str(tmp_path / "mitt.toml"), "2026")


def in_file(folder: Path, text: str) -> str:
    """A rule set file of somebody's own."""
    path = folder / "mitt.toml"
    path.write_text(text, "utf-8")
    return str(path)


def test_a_copy_of_a_published_rule_set_is_that_rule_set(tmp_path: Path) -> None:
    found = choose_rule_set(in_file(tmp_path, TEXT), "2026")
    assert (found.status, found.digest) == ("published", choose_rule_set(None, "2026").digest)


def test_a_file_cannot_pass_for_a_published_rule_set_with_other_rates(tmp_path: Path) -> None:
    path = in_file(tmp_path, TEXT.replace('"1367"', '"1400"') + NEWER_TOML)
    with pytest.raises(Refused, match=r"«nasjonal-alis-2026-provisional» er kunngjort med et annet innhold") as refused:
        choose_rule_set(path, "2026")
    assert refused.value.details["file"] == path
    assert str(refused.value).count("sha256:") == 2


def test_a_file_of_ones_own_is_a_draft_whatever_it_says_of_itself(tmp_path: Path) -> None:
    path = in_file(tmp_path, TEXT.replace('id = "nasjonal-alis-2026-provisional"', 'id = "mitt"') + NEWER_TOML)
    assert choose_rule_set(path, "2026").status == "draft"


def test_all_files_of_a_release_are_told_of_at_once() -> None:
    lists = {shipped_rule_sets()[0].content.municipalities}
    with pytest.raises(Rejected) as rejected:
        read_contents({"a.toml": "id = a", "b.toml": 'id = "b"', "c.toml": TEXT}, lists)
    assert [problem.refusal.details["file"] for problem in rejected.value.problems] == ["a.toml", "b.toml"]


def test_the_files_of_the_release_are_named_by_their_ids() -> None:
    assert {each.id for each in shipped_rule_sets()} == {file.stem for file in SETS.glob("*.toml")}


def test_a_complete_rule_set_lacks_no_rate() -> None:
    for rules in shipped_rule_sets():
        known = [None not in paid.values() for paid in rules.rates.monthly.values()]
        assert all(known) == (rules.content.completeness == "complete"), rules.id


def test_the_same_rules_with_other_choices_are_a_draft_of_their_own() -> None:
    rules = choose_rule_set(None, "2026")
    other = with_options(rules, months="days")
    assert {**rules.options, "months": "days"} == other.options
    assert (other.status, other.digest == rules.digest, other.digest == digest_of({})) == ("draft", False, False)


def test_a_choice_that_does_not_exist_cannot_be_made() -> None:
    with pytest.raises(Refused, match="months = weeks"):
        with_options(choose_rule_set(None, "2026"), months="weeks")
