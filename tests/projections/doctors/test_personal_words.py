"""No personal word stands in clear anywhere but in sealed fields: in no table, backup or log."""

import gzip
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from psycopg import sql
from pydantic import BaseModel, SecretStr

from deploy.settings import Settings
from domain.doctor.facts.fact import is_personal
from domain.doctor.facts.facts import BY_TYPE
from domain.doctor.facts.positions import NewPosition
from tests.claiming import claiming
from tests.projections.house import House, finds
from tests.scenario import BEIARN, Json, track
from workers.keeping.backups import backup

KEY: Final = SecretStr("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
HPR: Final = "9000001"
MARK: Final = "Kvrxz"
FILLED: Final = {*BY_TYPE.values(), NewPosition}


def word(of: str, field: str) -> str:
    """Unmistakable, and of letters alone, as a name is."""
    return f"{MARK}{re.sub('[^a-z]', '', of)}{re.sub('[^a-z]', '', field)}"


def facts() -> list[Json]:
    """A doctor with a word in every personal field of every type that has one."""
    doctor = (
        track("2024-10-01", "old")
        .position("p1")
        .agreement("a1")
        .add("track_converted", on="2024-11-01")
        .changed("p1", "2025-01-01", workplace=word("position_changed", "workplace"), title=word("x", "title"))
        .switched("p1", "2025-11-14", BEIARN)
        .hospital("s1", "2025-03-01", "2025-04-30")
        .leave("l1", "2025-05-01", "2025-05-31", "sick")
        .add("supervisor_assigned", supervisor="7654321", first_day="2025-01-01")
        .add("doctor_named")
        .add("notice_given", on="2025-07-01")
        .add("guidance_held", session="v1", municipality="1804", on="2025-06-03", hours=1, supervisor="7654321")
        .add("supervisor_replaced", supervisor="7654321", replaced_by="7654322", first_day="2025-06-01")
        .add("agency_affiliation_registered", affiliation="b1", first_day="2025-02-01", agency="x")
        .ended("p1b", "2026-03-31")
        .add("agreement_ended", agreement="a1", last_day="2026-03-31")
    )
    told = [dict(fact) for fact in doctor.facts]
    for fact in told:
        fact.update(words_for(BY_TYPE[fact["type"]], fact["type"]))
        if "new" in fact:
            fact["new"] = fact["new"] | words_for(NewPosition, "new")
    corrected = {"type": "fact_corrected", "corrects": told[1]["id"], "replacement": {"workplace": word("new", "repl")}}
    common = {"id": "c1", "hpr": HPR, "recorded_at": "2026-05-01T09:00:00Z", "recorded_by": "kommune:1804"}
    return [*told, {**common, **corrected, "reason": word("fact_corrected", "reason")}]


def words_for(kind: type[BaseModel], name: str) -> Json:
    texts = [field for field, info in kind.model_fields.items() if is_personal(info) and field != "kind"]
    return {field: word(name, field) for field in texts}


def in_clear(url: str) -> Iterator[str]:
    """Where the mark stands in a table, as text or in bytes."""
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind = 'r' AND n.nspname IN ('public', 'read')"
        ).fetchall()
        for table in tables:
            rows = connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(*table))).fetchall()
            yield from (f"{table}: {row}" for row in rows if is_marked(repr(row).encode()))


def is_marked(content: bytes) -> bool:
    low, mark = content.lower(), MARK.lower().encode()
    return mark in low or mark.hex().encode() in low


def tell(at: House) -> House:
    """Everything is registered, and the read models are level."""
    at.imports(facts())
    claim = claiming(at).opened()
    claim.do("attach_document", name=f"{word('document', 'name')}.pdf")
    claim.do("remove_line", hpr=HPR, reason=word("remove_line", "reason"))
    claim.do("withdraw", reason=word("withdraw", "reason"))
    at.levels()
    return at


def test_every_type_with_a_personal_field_is_told() -> None:
    personal = {name for name, kind in BY_TYPE.items() if words_for(kind, name)}
    assert personal == {fact["type"] for fact in facts() if words_for(BY_TYPE[fact["type"]], fact["type"])}
    assert is_marked(repr(facts()).encode())


def test_no_personal_word_stands_in_clear_in_any_table_or_backup_or_in_the_log(
    at: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = tell(at)
    assert list(in_clear(told.url)) == []
    file = tmp_path / "kopi.alis"
    settings = Settings(database_url=SecretStr(told.url), master_key=KEY, data_folder=tmp_path)
    backup(settings, str(file))
    assert [name for name, content in parts_of(file) if is_marked(content)] == []
    told.erases(HPR)
    told.levels()
    assert list(in_clear(told.url)) == []
    said = capsys.readouterr()
    assert not is_marked((said.out + said.err).encode())
    assert "outcome=stored" in said.out


def test_the_words_are_found_by_whoever_has_the_key_and_gone_with_the_doctors_own(at: House) -> None:
    told = tell(at)

    with told.reads() as connection:
        assert finds(connection, told.sought(MARK[:3])) == [HPR]
    told.erases(HPR)
    told.levels()
    with told.reads() as connection:
        assert finds(connection, told.sought(MARK[:3])) == []


def parts_of(file: Path) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(file) as archive:
        for member in archive:
            content: Any = archive.extractfile(member)
            found = content.read()
            yield member.name, gzip.decompress(found) if member.name.endswith(".gz") else found
