"""Doctors are found by their names, however these are written, by those who may see them, as long as they last."""

import gzip
import tarfile
import unicodedata
from base64 import b64encode
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from deploy.settings import Settings
from projections.doctors.doctors import Chosen, doctors, with_post_in
from projections.doctors.search import NAME, Search
from projections.engine.rebuilding import rebuild
from tests.desk import MASTER_KEY
from tests.projections.house import House, finds
from tests.scenario import BEIARN, BODO, Told, track
from workers.keeping.backups import backup

LETTERS = "aeirøåæäöáčđŋšŧžłß"
NAMES = {
    "9000001": "Čájet Đŋŧšž Aasen",
    "9000002": "Bjørn Weiß-Wałęsa",
    "9000003": "Björn Åsen",
    "9000004": "Kari B. O’Brien",
    "9000005": "Ελένη Παππά",
}


BY_TEXT: Final[tuple[tuple[str, list[str]], ...]] = (
    ("caj", ["9000001"]),
    ("ČÁ", ["9000001"]),
    ("dnts", ["9000001"]),
    ("c", []),
    ("åsen", ["9000001", "9000003"]),
    ("aas", ["9000001", "9000003"]),
    ("bjørn", ["9000002", "9000003"]),
    ("bjö", ["9000002", "9000003"]),
    ("bjo", []),
    ("weiss walesa", ["9000002"]),
    ("Bjørn Åsen", ["9000003"]),
    ("åsen bjørn bodø", ["9000003"]),
    ("kari b", ["9000004"]),
    ("o'brien", ["9000004"]),
    ("bri", ["9000004"]),
    ("ΠΑΠΠΆ", ["9000005"]),
    ("ari", []),
)


def someone(hpr: str, name: str | None, where: str = BODO) -> Told:
    told = track("2024-10-01", hpr=hpr).position("p1", where, None)
    return told if name is None else told.add("doctor_named", name=name)


def found(at: House, text: str, codes: set[str] | None = None) -> list[str]:
    with at.reads() as connection:
        return finds(connection, at.sought(text, codes=codes))


@pytest.fixture
def named(at: House) -> House:
    at.imports([fact for hpr, name in NAMES.items() for fact in someone(hpr, name).facts])
    at.levels()
    return at


def test_doctors_are_found_by_the_beginnings_of_their_names(named: House) -> None:
    for text, expected in BY_TEXT:
        assert found(named, text) == found(named, unicodedata.normalize("NFD", text)) == expected, text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(hpr=st.sampled_from(sorted(NAMES)), data=st.data(), form=st.sampled_from(["NFC", "NFD"]))
def test_every_beginning_of_every_word_of_a_name_finds_its_doctor(
    named: House, hpr: str, data: st.DataObject, form: str
) -> None:
    word = data.draw(st.sampled_from([each for each in NAMES[hpr].split() if len(each) > 1 and each.isalpha()]))
    length = data.draw(st.integers(2, len(word)))
    written = unicodedata.normalize(form, word[:length])  # type: ignore[arg-type]  # one of the two
    assert hpr in found(named, data.draw(st.sampled_from([written, written.upper()])))


def test_a_municipality_finds_by_name_among_its_own_doctors_only_and_pages_over_these(at: House) -> None:
    posts = {"9000001": BODO, "9000002": BEIARN, "9000003": BODO, "9000004": BEIARN}
    at.imports([fact for hpr, where in posts.items() for fact in someone(hpr, "Kari Vik", where).facts])
    at.imports(someone("9000005", "Kari Vik", BEIARN).switched("p1", "2025-12-31", BODO).facts)
    at.levels()
    assert found(at, "kari vik") == [*posts, "9000005"]
    assert found(at, "kari vik", {BODO}) == ["9000001", "9000003", "9000005"]
    assert found(at, "kari", {BEIARN}) == ["9000002", "9000004", "9000005"]
    assert found(at, "kari", {"0301"}) == found(at, "kari", set()) == []
    assert found(at, "beiarn", {BODO}) == ["9000002", "9000004", "9000005"]
    with at.reads() as connection:
        page = doctors(connection, Chosen(search=at.sought("kari", codes={BODO})), limit=2)
        assert ([each.hpr for each in page.items], page.after) == (["9000001", "9000003"], "9000003")
        assert with_post_in(connection, [*posts, "1234567"], {BODO}) == ["9000001", "9000003"]
        assert with_post_in(connection, list(posts), None) == list(posts)


def test_the_last_name_recorded_counts_and_a_withdrawn_one_gives_way_to_that_before(at: House) -> None:
    told = someone("9000001", "Kari Vik").add("doctor_named", name="Kari Nordmo").corrected("3", name="Karin Vik")
    at.imports(told.facts)
    at.levels()
    assert at.casework.names(["9000001", "9000002"]) == {"9000001": "Kari Nordmo"}
    assert (found(at, "nordmo"), found(at, "vik")) == (["9000001"], [])
    at.records(told.withdrawn("4").facts[-1] | {"id": "w1"})
    at.levels()
    assert at.casework.names(["9000001"]) == {"9000001": "Karin Vik"}
    assert (found(at, "nordmo"), found(at, "karin vik")) == ([], ["9000001"])
    at.records(told.withdrawn("3").facts[-1] | {"id": "w2"})
    at.levels()
    assert at.casework.names(["9000001"]) == {}
    assert found(at, "karin") == []
    assert at.differs_from_fresh(Search) == 0


def test_names_go_with_the_key_and_a_name_told_later_is_found(at: House) -> None:
    told = someone("9000001", "Kari Vik")
    at.imports([*told.facts, *someone("9000002", "Kari Vik").facts])
    at.levels()
    at.erases("9000001")
    at.levels()
    assert {hpr for hpr, kind, *_ in at.rows(Search) if kind == NAME} == {"9000002"}
    assert (found(at, "kari"), found(at, "slettet")) == (["9000002"], [])
    assert at.casework.names(["9000001", "9000002"]) == {"9000002": "Kari Vik"}
    assert rebuild(Search, at.store, at.url).differences == 0
    at.records(told.add("doctor_named", name="Kari Nordmo").facts[-1])
    at.levels()
    assert found(at, "nordmo") == ["9000001"]
    assert at.casework.names(["9000001"]) == {"9000001": "Kari Nordmo"}


def test_the_longest_name_is_found_by_each_of_its_words(at: House) -> None:
    name = " ".join(["Áilu", "Maximilian", *["Ødegård-Nordmo"] * 12])
    assert 190 <= len(name) <= 200
    at.imports(someone("9000001", name).facts)
    at.levels()
    assert found(at, "ailu maximilian odegard") == []
    assert found(at, "ailu maxi ødegaard nordmo") == ["9000001"]


def test_no_digest_of_a_name_stands_in_a_backup(named: House, tmp_path: Path) -> None:
    file = tmp_path / "kopi.alis"
    key = SecretStr(b64encode(MASTER_KEY).decode())
    backup(Settings(database_url=SecretStr(named.url), master_key=key, data_folder=tmp_path), str(file))
    digests = named.entries(NAME, "bjørn", "åsen")
    assert digests <= {word for _, _, word, _ in named.rows(Search)}
    with tarfile.open(file) as archive:
        parts = [(each.name, archive.extractfile(each)) for each in archive]
        contents = [gzip.decompress(p.read()) if name.endswith(".gz") else p.read() for name, p in parts if p]
    assert contents
    assert [digest for digest in digests for content in contents if digest.encode() in content] == []
